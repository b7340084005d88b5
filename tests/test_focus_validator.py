"""The FinOps Foundation's focus-validator judges what costkit writes, in an environment of its own.

focus-validator 1.0.0 is of 2024: it needs an old pandas, multimethod and pyarrow, which is why `make` builds a place
of its own for it (tests/focus/validator_constraints.txt). It ends with 0 whatever it finds, so its JUnit file is read.
Its rules of version 1.0 ask for five columns under their names of version 0.5: they are put beside the right ones.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from asking import Answer
from focus_bill import EVERY_TYPE, line, write_bill
from test_focus_estimate import DAY, SPEC

Ask = Callable[..., Answer]
ALIASES = {
    "InvoiceIssuer": "InvoiceIssuerName",
    "Provider": "ProviderName",
    "Publisher": "PublisherName",
    "ResourceID": "ResourceId",
    "ChargeType": "ChargeCategory",
}
WITH_ALIASES = (
    "import sys; from pyarrow import parquet; table = parquet.read_table(sys.argv[1])\n"
    f"for alias, name in {ALIASES}.items(): table = table.append_column(alias, table[name])\n"
    "parquet.write_table(table, sys.argv[1])"
)
# FOCUS 1.0 lets SkuPriceId be null where ChargeClass is Correction; the validator knows no ChargeClass in this rule.
OF_CORRECTIONS = {"SkuPriceId_Nullable :: SQLQueryCheck"}
CHECKS = 133


@pytest.fixture(scope="session")
def validator() -> Path:
    """The environment of the validator, which `make` builds; FOCUS_VALIDATOR names another one."""
    place = Path(os.environ.get("FOCUS_VALIDATOR") or Path(sys.prefix) / "focus-validator")
    if not (place / "bin" / "focus-validator").exists():
        pytest.fail(f"focus-validator is not in {place}: run make test, or name its environment in FOCUS_VALIDATOR")
    return place


def judged(validator: Path, dataset: Path, tmp_path: Path) -> tuple[int, set[str]]:
    """How many checks the validator made of a dataset, and those that failed."""
    plain = tmp_path / "plain.parquet"
    columns = duckdb.sql(f"DESCRIBE SELECT * FROM '{dataset}'").fetchall()
    # The validator takes amounts as binary floating point, and knows no decimals.
    cast = [f'CAST("{name}" AS DOUBLE) AS "{name}"' for name, kind, *_ in columns if kind.startswith("DECIMAL")]
    duckdb.sql(f"COPY (SELECT * REPLACE ({', '.join(cast)}) FROM '{dataset}') TO '{plain}' (FORMAT parquet)")
    python = str(validator / "bin" / "python")
    subprocess.run([python, "-c", WITH_ALIASES, str(plain)], check=True, timeout=120)
    # It opens a file of its own relative to the current directory.
    [packages] = (validator / "lib").glob("python3*/site-packages")
    out = tmp_path / "verdict.xml"
    told = subprocess.run(
        [str(validator / "bin" / "focus-validator"), "--data-file", str(plain), "--validate-version", "1.0",
         "--output-type", "unittest", "--output-destination", str(out)],
        cwd=packages, check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert out.exists(), told.stdout + told.stderr
    suites = ElementTree.parse(out).getroot()
    failed = {case.attrib["name"] for case in suites.iter("testcase") if case.find("failure") is not None}
    return int(suites.attrib["tests"]), {name.removesuffix(" failure") for name in failed}


def written(ask: Ask, bill: str, tmp_path: Path) -> Path:
    answer = ask("report", bill, "--columns", "focus", "--focus-version", "1.0", "--strict", "-o", "focus.parquet")
    assert answer.code == 0, answer.err
    return tmp_path / "focus.parquet"


def test_a_bill_without_corrections_has_no_fault(ask: Ask, validator: Path, tmp_path: Path) -> None:
    rows = [row for row in EVERY_TYPE if row["line_item_line_item_type"] != "Refund"]
    dataset = written(ask, write_bill(tmp_path / "bill.csv", rows), tmp_path)
    assert judged(validator, dataset, tmp_path) == (CHECKS, set())


def test_a_correction_is_only_what_the_validator_does_not_know(ask: Ask, validator: Path, tmp_path: Path) -> None:
    dataset = written(ask, write_bill(tmp_path / "bill.csv", EVERY_TYPE), tmp_path)
    assert judged(validator, dataset, tmp_path) == (CHECKS, OF_CORRECTIONS)


def test_the_validator_sees_a_fault_that_is_there(ask: Ask, validator: Path, tmp_path: Path) -> None:
    dataset = written(ask, write_bill(tmp_path / "bill.csv", [line("Tax", "2")]), tmp_path)
    broken = tmp_path / "broken.parquet"
    faults = "'Nonsense' AS ServiceCategory, 'dollars' AS BillingCurrency"
    duckdb.sql(f"COPY (SELECT * REPLACE ({faults}) FROM '{dataset}') TO '{broken}' (FORMAT parquet)")
    checks, failed = judged(validator, broken, tmp_path)
    assert checks == CHECKS
    assert {name.partition("_")[0] for name in failed} == {"ServiceCategory", "BillingCurrency"}


def test_an_estimate_has_no_fault(ask: Ask, validator: Path, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    wanted = ("--columns", "focus", "--focus-version", "1.0", "-o", "focus.parquet")
    assert ask("report", "--estimate", "spec.yaml", "--on", DAY, *wanted).code == 0
    assert judged(validator, tmp_path / "focus.parquet", tmp_path) == (CHECKS, set())
