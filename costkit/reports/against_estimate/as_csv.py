"""An estimate beside what was billed as CSV: the parts of a row add up to its change, the rows to the totals."""

from collections.abc import Iterator

from costkit.model.against_estimate import AgainstEstimate, Parts
from costkit.model.exact import plain
from costkit.reports.as_csv import cell, lines, number

BEFORE = ("month", "group", "region", "what", "unit", "estimated_quantity", "billed_quantity")
COSTS = ("estimated_cost", "billed_cost", "change")


def render(result: AgainstEstimate) -> Iterator[str]:
    """The lines; the cost of the bill is the one asked for."""
    return lines(_rows(result))


def _rows(result: AgainstEstimate) -> Iterator[list[str]]:
    yield [*BEFORE, *COSTS, *(f"by_{name}" for name in Parts._fields), "currency", "status", "own_prices"]
    own_prices = cell("; ".join(result.overlays))
    for line in result.lines:
        names = [result.month, *map(cell, (line.group, line.region, line.what)), line.unit]
        quantities = [number(line.estimated_quantity), number(line.billed_quantity)]
        costs = [line.estimated, line.billed, line.parts.total, *line.parts]
        yield [*names, *quantities, *map(plain, costs), result.currency, line.status, own_prices]
