"""A bill at other prices as CSV: ``cost_before`` adds up to the bill, ``cost_after`` to the answer."""

from collections.abc import Iterator, Sequence

from costkit.model.exact import plain
from costkit.model.rerate import Rerate
from costkit.reports.as_csv import cell, lines, number

COLUMNS = (
    "month",
    "service",
    "usage_type",
    "region",
    "to_region",
    "meter",
    "quantity",
    "unit",
    "cost_before",
    "cost_after",
    "change",
    "currency",
    "status",
    "reason",
    "lines",
    "own_prices",
)


def render(result: Rerate) -> Iterator[str]:
    """The lines; ``status`` is rerated or kept."""
    return lines(_rows(result))


def _rows(result: Rerate) -> Iterator[Sequence[object]]:
    yield COLUMNS
    own_prices = cell("; ".join(result.overlays))
    for row in result.rows:
        names = [result.month, *map(cell, (row.service, row.usage_type, row.region, row.to_region, row.meter))]
        amounts = [number(row.quantity), row.unit, *map(plain, (row.before, row.cost, row.cost - row.before))]
        status = "kept" if row.after is None else "rerated"
        yield [*names, *amounts, cell(row.currency), status, cell(row.reason), row.lines, own_prices]
