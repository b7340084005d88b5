"""A bill at other prices as CSV: ``cost_before`` adds up to the bill, ``cost_after`` to the answer."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.rerate import Rerate
from costkit.reports.as_csv import cell

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
    """The rows, each ending as RFC 4180 wants it; ``status`` is rerated or kept."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    own_prices = cell("; ".join(result.overlays))
    for row in result.rows:
        names = [result.month, *map(cell, (row.service, row.usage_type, row.region, row.to_region, row.meter))]
        amounts = [_number(row.quantity), row.unit, *map(plain, (row.before, row.cost, row.cost - row.before))]
        status = "kept" if row.after is None else "rerated"
        writer.writerow([*names, *amounts, cell(row.currency), status, cell(row.reason), row.lines, own_prices])
    yield buffer.getvalue()


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
