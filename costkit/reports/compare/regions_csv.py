"""Regions as CSV: a meter of a resource in a region a row, today's first where that is none of them."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.charge import Charge
from costkit.model.comparison import Comparison
from costkit.model.exact import plain
from costkit.reports.as_csv import cell

COLUMNS = (
    "region",
    "resource",
    "type",
    "meter",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "monthly_cost",
    "low",
    "high",
    "currency",
    "status",
    "price_date",
    "source",
    "present",
)


def render(comparison: Comparison) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it; those of one region add up to its total."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for option in comparison.shown:
        present = "yes" if option is comparison.today or option.name == comparison.present else "no"
        for own in option.estimate.resources:
            # A resource that AWS charges in no region stays where it is, in every region's total.
            names = [option.name, cell(own.resource.name), cell(own.resource.type)]
            for charge in own.charges:
                writer.writerow([*names, *_cells(charge, option.estimate.currency), present])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cells(charge: Charge, currency: str) -> list[str]:
    numbers = (charge.unit_price, charge.cost, charge.low, charge.high)
    words = [cell(charge.meter), cell(charge.title), _number(charge.quantity), charge.unit]
    return [*words, *map(_number, numbers), currency, charge.status, charge.price_date, cell(charge.source)]


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
