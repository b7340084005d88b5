"""Prices of a team's own are marked wherever they are shown: every command, every format."""

import json
from pathlib import Path
from typing import Any

import pytest
from focus_bill import line, write_bill

TABLE = """table: {table}
currency: USD
meters:
  {meter}:
    unit: {unit}
    title: {title}
    rows:
      - {{{kind}region: us-east-1, effective: 2026-06-01, confirmed: 2026-11-01, price: {price}, source: CONTRACT}}
"""
OWN = {
    "nat_gateway": ("hour", "hour", "NAT gateway", "", "0.03"),
    "public_ipv4": ("hour", "address-hour", "Public IPv4 address", "", "0.004"),
    "ec2_instance": ("on_demand", "instance-hour", "Linux instance", "type: m7g.large, ", "0.07"),
    "redshift_serverless": ("rpu", "RPU-hour", "RPU", "", "0.3"),
    "lambda_function": ("requests", "request", "Requests", "", "0.0000001"),
}
SPEC = """version: 1
region: us-east-1
prices: ours
resources:
  nat: {type: nat_gateway, processed: 100 GB}
  box: {type: ec2_instance, instance_type: m7g.large}
  api: {type: lambda_function, requests: 10M, duration: 100 ms, memory: 512 MB}
  house: {type: redshift_serverless, rpu_hours: 640}
"""
ON = ("--on", "2026-11-21")
MARK = "ours/"
DOCUMENTS = ("table", "json", "csv", "markdown")
PLATFORMS = (*DOCUMENTS, "junit", "sarif", "github", "gitlab", "gitlab-metrics", "dotenv")
WITH_ESTIMATE = ("report", "bill.csv", "--estimate", "costkit.yaml", *ON)
COMMANDS = {
    ("estimate", *ON): (*DOCUMENTS, "explain"),
    ("explain", *ON): ("explain",),
    ("nat", "--region", "us-east-1", "--prices", "ours", *ON): (*DOCUMENTS, "explain"),
    ("check", "--max-monthly", "9999", *ON): PLATFORMS,
    ("diff", "before.yaml", "costkit.yaml", *ON): PLATFORMS,
    ("diff", "costkit.yaml", "before.yaml", *ON): PLATFORMS,
    ("compare", "compute", "costkit.yaml", "api", *ON): (*DOCUMENTS, "svg"),
    ("compare", "redshift", "costkit.yaml", "house", *ON): DOCUMENTS,
    ("compare", "regions", "costkit.yaml", "--regions", "us-east-1,eu-west-1", *ON): DOCUMENTS,
    ("compare", "commitments", "costkit.yaml", *ON): DOCUMENTS,
    ("optimize", "costkit.yaml", *ON): DOCUMENTS,
    ("report", "bill.csv", "--rerate", "--prices", "ours", *ON): DOCUMENTS,
    WITH_ESTIMATE: DOCUMENTS,
    ("prices", "show", "nat_gateway", "--prices", "ours"): DOCUMENTS,
}


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A spec that names tables of its own, one that does not, and a bill."""
    (tmp_path / "ours").mkdir()
    for table, (meter, unit, title, kind, price) in OWN.items():
        about = {"table": table, "meter": meter, "unit": unit, "title": title, "kind": kind, "price": price}
        (tmp_path / "ours" / f"{table}.yaml").write_text(TABLE.format(**about), encoding="utf-8")
    (tmp_path / "costkit.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "before.yaml").write_text(SPEC.replace("prices: ours\n", ""), encoding="utf-8")
    hours = {"usage_type": "NatGateway-Hours", "product_code": "AmazonEC2", "usage_amount": "730"}
    write_bill(tmp_path / "bill.csv", [line("Usage", "32.85", **hours)])
    return tmp_path


@pytest.mark.parametrize(
    ("command", "form"), [(command, form) for command, forms in COMMANDS.items() for form in forms]
)
def test_every_output_names_the_tables(ask: Any, team: Path, command: tuple[str, ...], form: str) -> None:
    answer = ask(*command, "-f", form)
    assert answer.code in (0, 4), answer.err
    out = answer.out.replace("\\", "")
    assert MARK in out
    if form == "json":
        tables = answer.tree["prices"].get("overlays", []) if command[0] != "prices" else ["shown in each row"]
        assert tables == sorted(set(tables)) != []


@pytest.mark.parametrize("form", DOCUMENTS)
@pytest.mark.parametrize(
    "command",
    [("list", "nat_gateway"), ("list", "--region", "us-east-1"), ("diff", "2026-05-31", "2026-11-21")],
)
def test_coverage_and_differences_of_prices_have_a_column_for_them(
    ask: Any, team: Path, command: tuple[str, ...], form: str
) -> None:
    answer = ask("prices", *command, "--prices", "ours", "-f", form)
    if form == "json":
        rows = [row for row in answer.tree["rows"] if row["table"] == "nat_gateway"]
        assert [row["own"] for row in rows] in (["1", ""], ["1"], ["new"])
    else:
        assert "own" in answer.out.splitlines()[0]
    assert "own" not in ask("prices", *command, "-f", form).out.splitlines()[0]


@pytest.mark.parametrize("form", PLATFORMS)
@pytest.mark.parametrize("command", [("check", "before.yaml", "--max-monthly", "9999"), ("diff", *["before.yaml"] * 2)])
def test_where_there_are_none_nothing_is_marked(ask: Any, team: Path, command: tuple[str, ...], form: str) -> None:
    out = ask(*command, *ON, "-f", form).out
    # The CSV has the column all the same, so that columns are where a reader expects them.
    assert "own" not in out.lower().replace("own_prices", "").replace("unknown", "")


def test_an_estimate_beside_a_bill_uses_the_tables_that_the_spec_names(ask: Any, team: Path) -> None:
    tree = ask(*WITH_ESTIMATE, "-f", "json").tree
    [row] = [row for row in tree["rows"] if row["what"] == "nat_gateway hour"]
    # 730 h x 0.03.
    assert row["estimated"] == "21.9"


def test_an_estimate_reported_as_a_bill_says_where_its_prices_come_from(ask: Any, team: Path) -> None:
    answer = ask("report", "--estimate", "costkit.yaml", *ON, "-f", "csv")
    assert "(own) priced by tables of your own, not AWS's list: " in answer.err
    assert "Prices of 2024-07-01 to 2026-09-01, for 2026-11-21." in answer.err


def test_a_bill_at_other_prices_says_how_old_they_are(ask: Any, team: Path) -> None:
    command = ("report", "bill.csv", "--rerate", "--prices", "ours", *ON)
    assert "Prices of 2026-06-01, for 2026-11-21." in ask(*command).out
    assert json.loads(ask(*command, "-f", "json").out)["prices"] == {
        "oldest": "2026-06-01",
        "newest": "2026-06-01",
        "overlays": ["ours/nat_gateway.yaml"],
    }


ROW = "region: us-east-1, effective: 2026-06-01, confirmed: 2026-11-01, source: CONTRACT"
HOUR = "table: nat_gateway\ncurrency: USD\nmeters:\n  hour:\n    unit: hour\n    title: NAT\n    rows:\n"
BOX = (
    HOUR.replace("nat_gateway", "ec2_instance").replace("  hour:", "  on_demand:").replace(": hour", ": instance-hour")
)
WRONG = {
    "another unit": ("nat_gateway", HOUR.replace(": hour", ": GB") + f"      - {{{ROW}, price: 1}}", 5),
    "no such unit": ("nat_gateway", HOUR.replace(": hour", ": fortnight") + f"      - {{{ROW}, price: 1}}", 5),
    "no such meter": ("nat_gateway", HOUR.replace("  hour:", "  hours:") + f"      - {{{ROW}, price: 1}}", 4),
    "no such table": ("nat", HOUR.replace("nat_gateway", "nat") + f"      - {{{ROW}, price: 1}}", 0),
    "another table": ("nat_gateway", HOUR.replace("nat_gateway", "public_ipv4") + f"      - {{{ROW}, price: 1}}", 1),
    "no such type": ("ec2_instance", BOX + f"      - {{type: m7g.lage, {ROW}, price: 1}}", 8),
    "a type where there is none": ("nat_gateway", HOUR + f"      - {{type: big, {ROW}, price: 1}}", 8),
    "no such region": ("nat_gateway", HOUR + f"      - {{{ROW.replace('-1,', '-9,')}, price: 1}}", 8),
    "two rows a day": ("nat_gateway", HOUR + f"      - {{{ROW}, price: 1}}\n" * 2, 9),
    "a negative price": ("nat_gateway", HOUR + f"      - {{{ROW}, price: -1}}", 8),
    "no price": ("nat_gateway", HOUR + f"      - {{{ROW}}}", 8),
    "no such day": ("nat_gateway", HOUR + f"      - {{{ROW.replace('06-01', '06-31')}, price: 1}}", 8),
    "no such fact": (
        "nat_gateway",
        "table: nat_gateway\ncurrency: USD\nfacts:\n  step: {unit: h, about: none, rows: [{effective: 2026-06-01, "
        "confirmed: 2026-11-01, value: 1, source: A}]}\n",
        4,
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("command", [("estimate", *ON), ("prices", "check", "ours")])
def test_a_table_that_could_never_price_anything_is_told_with_its_line(
    ask: Any, tmp_path: Path, command: tuple[str, ...], wrong: str
) -> None:
    name, text, line_number = WRONG[wrong]
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "costkit.yaml").write_text(SPEC, encoding="utf-8")
    answer = ask(*command)
    assert answer.code == 2
    where = f"ours/{name}.yaml" + (f":{line_number}" if line_number else "")
    assert ("CK206", where) in [(told.code, told.where) for told in answer.told]


def test_a_directory_without_a_table_is_told(ask: Any, team: Path) -> None:
    (team / "empty").mkdir()
    (team / "empty" / "costkit.yaml").write_text(SPEC, encoding="utf-8")
    for command in (
        ("estimate", "before.yaml", "--prices", "empty"),
        ("prices", "check", "empty"),
        ("prices", "diff", "empty", "2026-11-21"),
        ("prices", "show", "nat_gateway", "--prices", "empty"),
    ):
        answer = ask(*command)
        assert (answer.code, [(told.code, told.where) for told in answer.told]) == (2, [("CK101", "empty")])


def test_a_table_that_cannot_be_read_is_told(ask: Any, team: Path) -> None:
    (team / "ours" / "nat_gateway.yaml").unlink()
    (team / "ours" / "nat_gateway.yaml").mkdir()
    answer = ask("estimate", *ON)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK101"])
    (team / "ours" / "nat_gateway.yaml").rmdir()
    (team / "ours" / "nat_gateway.yaml").write_bytes(b"table: \xff\n")
    answer = ask("estimate", *ON)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK206"])


def test_tables_may_lie_beside_the_spec(ask: Any, team: Path) -> None:
    (team / "ours" / "costkit.yaml").write_text(SPEC.replace("prices: ours", "prices: ."), encoding="utf-8")
    assert ask("estimate", "ours/costkit.yaml", *ON, "-f", "json").tree["prices"]["overlays"]
    assert ask("prices", "check", "ours").out == "5 tables, 5 rows: no problem found\n"
    assert ask("prices", "list", "--prices", "ours").code == 0


def test_a_meter_that_is_new_in_a_family_that_is_known_may_be_priced(ask: Any, team: Path) -> None:
    text = TABLE.format(
        table="lambda_function",
        meter="compute_savings_plan.1y.partial_upfront.duration.x86_64",
        unit="GB-second",
        title="Plan",
        kind="",
        price="0.00001",
    )
    (team / "ours" / "lambda_function.yaml").write_text(text, encoding="utf-8")
    assert ask("prices", "check", "ours").code == 0
