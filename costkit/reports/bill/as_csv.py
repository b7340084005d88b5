"""The finance report as CSV: a group a row; each cost column adds up to the bill's total."""

import csv
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.bill import BillRow, FinanceReport
from costkit.model.exact import plain
from costkit.reports.as_csv import Passing, cell
from costkit.reports.bill.changes import change

COSTS = ("billed_cost", "effective_cost", "list_cost", "contracted_cost")
CHANGES = ("previous_cost", "change", "change_percent")
AMOUNTS = (*COSTS, *CHANGES)


def header(report: FinanceReport) -> tuple[str, ...]:
    """The names of the columns."""
    return ("month", *report.groups, *AMOUNTS, "currency", "status")


def values(row: BillRow, report: FinanceReport) -> tuple[str | Decimal | None, ...]:
    """The values of a row in the order of the columns; None is unknown."""
    return (row.month, *row.keys, *row.costs, *change(row, report.metric), row.currency, row.status)


def render(report: FinanceReport) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it; what the bill does not tell is an empty cell."""
    line = csv.writer(Passing(), lineterminator="\r\n").writerow
    yield line([*map(cell, header(report))])
    for row in report.rows:
        # Line by line: a report of a million resources is not held once more as a text.
        yield line([_written(value) for value in values(row, report)])


def _written(value: str | Decimal | None) -> str:
    return cell(value) if isinstance(value, str) else "" if value is None else plain(value)
