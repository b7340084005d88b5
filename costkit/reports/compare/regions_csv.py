"""Regions as CSV: a meter of a resource in a region a row, today's first where that is none of them."""

from collections.abc import Iterator, Sequence

from costkit.model.charge import Charge
from costkit.model.comparison import Comparison
from costkit.reports.as_csv import cell, lines, number

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
    """The lines; those of one region add up to its total."""
    return lines(_rows(comparison))


def _rows(comparison: Comparison) -> Iterator[Sequence[str]]:
    yield COLUMNS
    for option in comparison.shown:
        present = "yes" if option is comparison.today or option.name == comparison.present else "no"
        for own in option.estimate.resources:
            # A resource that AWS charges in no region stays where it is, in every region's total.
            names = [option.name, cell(own.resource.name), cell(own.resource.type)]
            for charge in own.charges:
                yield [*names, *_cells(charge, option.estimate.currency), present]


def _cells(charge: Charge, currency: str) -> list[str]:
    numbers = (charge.unit_price, charge.cost, charge.low, charge.high)
    words = [cell(charge.meter), cell(charge.title), number(charge.quantity), charge.unit]
    return [*words, *map(number, numbers), currency, charge.status, charge.price_date, cell(charge.source)]
