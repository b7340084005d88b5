"""An estimate beside what was billed as CSV: the parts of a row add up to its change, the rows to the totals."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.against_estimate import AgainstEstimate, Parts
from costkit.model.exact import plain
from costkit.reports.as_csv import cell

BEFORE = ("month", "group", "region", "what", "unit", "estimated_quantity", "billed_quantity")
COSTS = ("estimated_cost", "billed_cost", "change")


def render(result: AgainstEstimate) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it; the cost of the bill is the one asked for."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*BEFORE, *COSTS, *(f"by_{name}" for name in Parts._fields), "currency", "status", "own_prices"])
    own_prices = cell("; ".join(result.overlays))
    for line in result.lines:
        names = [result.month, *map(cell, (line.group, line.region, line.what)), line.unit]
        quantities = [_number(line.estimated_quantity), _number(line.billed_quantity)]
        costs = [line.estimated, line.billed, line.parts.total, *line.parts]
        writer.writerow([*names, *quantities, *map(plain, costs), result.currency, line.status, own_prices])
    yield buffer.getvalue()


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
