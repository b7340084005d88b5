"""The finance report as CSV: a group a row; each cost column adds up to the bill's total."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.bill import FinanceReport
from costkit.model.exact import plain
from costkit.reports.as_csv import cell
from costkit.reports.bill.changes import change

COSTS = ("billed_cost", "effective_cost", "list_cost", "contracted_cost")


def render(report: FinanceReport) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it; what the bill does not tell is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    groups = [cell(group) for group in report.groups]
    writer.writerow(["month", *groups, *COSTS, "previous_cost", "change", "change_percent", "currency", "status"])
    for row in report.rows:
        amounts = [*row.costs, *change(row, report.metric)]
        keys = [cell(key) for key in row.keys]
        writer.writerow([row.month, *keys, *map(_number, amounts), row.currency, row.status])
    yield buffer.getvalue()


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
