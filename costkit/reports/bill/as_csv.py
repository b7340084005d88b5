"""The finance report as CSV: a group a row; each cost column adds up to the bill's total."""

from collections.abc import Iterator
from decimal import Decimal

from costkit.model.bill import BillRow, FinanceReport
from costkit.reports.as_csv import cell, lines, number
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
    """The lines; what the bill does not tell is an empty cell."""
    return lines(_rows(report))


def _rows(report: FinanceReport) -> Iterator[list[str]]:
    yield [*map(cell, header(report))]
    for row in report.rows:
        yield [_written(value) for value in values(row, report)]


def _written(value: str | Decimal | None) -> str:
    return cell(value) if isinstance(value, str) else number(value)
