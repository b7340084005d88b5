"""The same bill in every form that a report reads: for tests that hold engines against each other."""

from decimal import Decimal
from pathlib import Path

import duckdb
from asking import Answer
from conftest import ROOT
from console import NOVEMBER_21
from test_report import COLUMNS, EVERY_TYPE, PLAN, line, write_csv

SIX = Decimal("0.000001")
MONEY = [
    column
    for column in COLUMNS
    if column.endswith(("_cost", "_fee", "_period", "_date", "_commitment", "_amount"))
    and column != "bill_billing_period_start_date"
]
NET = [
    line("Usage", "10", net_unblended_cost="9", usage_type="Box"),
    line("EdpDiscount", "-1", net_unblended_cost="0"),
    line("SavingsPlanCoveredUsage", "7", net_unblended_cost="7", plan_a_r_n=PLAN,
         plan_savings_plan_effective_cost="5", plan_net_savings_plan_effective_cost="4.5"),
    line("SavingsPlanNegation", "-7", net_unblended_cost="-7", plan_a_r_n=PLAN),
    line("SavingsPlanRecurringFee", "6", net_unblended_cost="5.4", plan_a_r_n=PLAN, total_commitment_to_date="6",
         used_commitment="5", plan_recurring_commitment_for_billing_period="6",
         plan_net_recurring_commitment_for_billing_period="5.4"),
    line("Usage", "1.2E-3", resource_tags='{"user_team": "it\'s \\\\ \\"web\\""}'),
]  # fmt: skip
EXTRAS = {"allocation", "budgets", "forecasts", "anomalies"}
# The last month of the example bill is open on this day.
THEN = {"SOURCE_DATE_EPOCH": NOVEMBER_21}
# All that a report of the example bill can have beside its rows.
WHOLE = (
    *("--allocate", str(ROOT / "examples" / "allocation.yaml"), "--by", "owner,service", "--previous"),
    *("--budget", str(ROOT / "examples" / "budget.yaml"), "--forecast", "--anomalies", "-f", "json"),
)
SEPTEMBER = {"bill_billing_period_start_date": "2026-09-01T00:00:00.000Z"}


def csv_of_two(folder: Path) -> list[str]:
    """Two CSV files with other columns each: September without net columns and plain, October compressed."""
    folder.mkdir()
    earlier = [row | SEPTEMBER for row in EVERY_TYPE]
    for row in earlier:
        row.pop("line_item_net_unblended_cost")
    return [write_csv(folder / "september.csv", earlier), write_csv(folder / "october.csv.gz", NET)]


def typed_sql(source: str) -> str:
    """A query of a CSV file with the types that AWS writes in Parquet."""
    numbers = ", ".join(f"TRY_CAST({column} AS DOUBLE) AS {column}" for column in MONEY)
    tags = "CAST(CAST(resource_tags AS JSON) AS MAP(VARCHAR, VARCHAR)) AS resource_tags"
    period = "CAST(bill_billing_period_start_date AS TIMESTAMP) AS bill_billing_period_start_date"
    return f"SELECT * REPLACE ({numbers}, {tags}, {period}) FROM read_csv('{source}', all_varchar = true)"


def parquet(folder: Path, rows: list[dict[str, str]]) -> str:
    """A folder of a Parquet file with maps, doubles and timestamps."""
    folder.mkdir()
    source = write_csv(folder / "source.txt", rows)
    duckdb.sql(f"COPY ({typed_sql(source)}) TO '{folder / 'bill.parquet'}' (FORMAT parquet)")
    return str(folder)


def at_six_decimals(answer: Answer) -> object:
    """Everything that a report in JSON says, its amounts rounded to six decimals."""
    tree = answer.tree
    names = ("totals", "rows", "control", "movements", "sentence", "status", *(EXTRAS & set(tree)))
    return _rounded({name: tree[name] for name in names})


def _rounded(tree: object) -> object:
    if isinstance(tree, dict):
        return {name: value if name in ("keys", "account") else _rounded(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_rounded(value) for value in tree]
    try:
        return Decimal(str(tree)).quantize(SIX) + 0 if isinstance(tree, str) else tree
    except ArithmeticError:
        return tree
