"""Bills that are larger than memory, and what is seen of them on a terminal while they are read."""

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import tracemalloc
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT

from costkit.billing.duckdb_engine import DuckEngine
from costkit.billing.files import find
from costkit.billing.report import BillReader
from costkit.reports.bill import as_csv

LINES, MEMORY, FEW = 600_000, 120, 100_000
# A line a resource, whose id is as long as ARNs are; every tenth has the tag, and a cost of 0.01, 0.02, ... 0.10.
BILL = f"""
SELECT '2026-10-01T00:00:00.000Z' AS bill_billing_period_start_date, '111122223333' AS line_item_usage_account_id,
  'AmazonEC2' AS line_item_product_code, 'us-east-1' AS product_region_code, 'Usage' AS line_item_line_item_type,
  'arn:aws:ec2:us-east-1:111122223333:instance/i-' || sha256(CAST(n AS VARCHAR)) AS line_item_resource_id,
  'USD' AS line_item_currency_code, CAST((n // 10 % 10 + 1) / 100 AS DECIMAL(12, 2)) AS line_item_unblended_cost,
  CAST(1 AS DECIMAL(12, 2)) AS pricing_public_on_demand_cost,
  CASE n % 10 WHEN 0 THEN MAP {{'user_team': 'web'}} ELSE MAP {{}} END AS resource_tags
FROM range({LINES}) AS lines(n)
"""
WATCHED = """
import sys
from costkit.billing.duckdb_engine import DuckEngine
from costkit.cli.report_progress import watching
engine = DuckEngine(sys.argv[1])
with watching(engine, "quiet" in sys.argv, patience=0):
    for name, many in (("lines", 10**7), ("sums", int(sys.argv[2]))):
        engine.keep(name, f"SELECT SUM(hash(n)) FROM range({many}) AS t(n)", "")
"""


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("bill") / "bill.parquet"
    duckdb.sql(f"COPY ({BILL}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 20000)")
    return str(path)


def test_a_bill_that_does_not_fit_into_memory_is_spilled_and_added_up_right(bill: str, tmp_path: Path) -> None:
    engine = DuckEngine(str(tmp_path), MEMORY)
    engine.connection.execute("SET threads = 2")
    # As for rules by resource: sums of each resource are kept, and added up once more by what is asked for.
    reader = BillReader(engine, find([bill]), ("tag:team",), details=("resource",))
    found = reader.report("2026-10", "effective", previous=False, on="2026-11-21")
    [(kept,)] = reader.held.rows("SELECT COUNT(*) FROM sums", "")
    costs = {row.keys: row.costs.effective for row in found.rows}
    reader.close()
    # 600,000 of 0.055 on average; each tenth line has the tag.
    assert costs == {("web",): Decimal(3300), ("(untagged)",): 29700}
    assert kept == LINES
    assert all(control.holds for control in found.controls)


def test_rows_of_many_resources_are_not_held_in_memory(bill: str, tmp_path: Path) -> None:
    engine = DuckEngine(str(tmp_path))
    few = engine.scan(find([bill]))
    engine.export(f"SELECT * FROM {few} LIMIT {FEW}", str(tmp_path / "few.parquet"), "")
    reader = BillReader(engine, find([str(tmp_path / "few.parquet")]), ("resource",))
    tracemalloc.start()
    found = reader.report("2026-10", "effective", previous=False, on="2026-11-21")
    written = sum(1 for _ in as_csv.render(found))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    reader.close()
    assert (written, len(found.rows)) == (FEW + 1, FEW)
    # An id alone takes 170 bytes.
    assert peak < FEW * 170


def test_without_a_place_to_spill_to_it_would_not_have_fitted(bill: str) -> None:
    with duckdb.connect(config={"memory_limit": f"{MEMORY}MB", "temp_directory": "", "threads": 2}) as connection:
        sums = f"SELECT line_item_resource_id, SUM(line_item_unblended_cost) FROM '{bill}' GROUP BY 1"
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(f"CREATE TABLE sums AS {sums}")


def watched(tmp_path: Path, *arguments: str, until: str = "") -> tuple[str, int]:
    """What a terminal shows of an engine at work, and how that ends; at ``until`` somebody types Ctrl-C."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED, str(tmp_path), *arguments], stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = ""
    # Linux says with an error when the last writer has gone.
    with contextlib.suppress(OSError):
        while part := os.read(ours, 4096):
            shown += part.decode(errors="replace")
            if until and until in shown:
                process.send_signal(signal.SIGINT)
                until = ""
    os.close(ours)
    return shown, process.wait()


def test_a_terminal_sees_how_far_a_long_report_is(tmp_path: Path) -> None:
    shown, code = watched(tmp_path, "300000000")
    percents = [int(number) for number in re.findall(r"adding it up .*?(\d+)%", shown)]
    assert percents == sorted(percents)
    assert percents[-1:] == [100]
    assert code == 0


def test_ctrl_c_ends_a_query_that_runs(tmp_path: Path) -> None:
    shown, code = watched(tmp_path, str(10**13), until="adding it up")
    assert code == -signal.SIGINT
    assert "KeyboardInterrupt" in shown
    assert "RuntimeError" not in shown


def test_a_quiet_terminal_sees_nothing(tmp_path: Path) -> None:
    assert watched(tmp_path, "10000000", "quiet") == ("", 0)
