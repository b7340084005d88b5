"""A comparison as CSV: an option a row, plain decimals, text that no spreadsheet will run."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.comparison import Comparison
from costkit.model.exact import plain
from costkit.reports.as_csv import cell

COLUMNS = (
    "name",
    "kind",
    "purchase",
    "instances",
    "monthly_cost",
    "low",
    "high",
    "upfront_cost",
    "currency",
    "status",
    "rank",
    "present",
    "assumptions",
    "own_prices",
)


def render(comparison: Comparison) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it. What is not known whole has no rank."""
    facts = list(dict.fromkeys(name for option in comparison.options for name, _ in option.facts))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(cell(name) for name in facts)])
    for place, option in enumerate(comparison.options, 1):
        found = option.estimate
        row = [cell(option.name), option.kind, option.purchase, _number(option.instances)]
        row += [plain(found.cost), plain(found.low), plain(found.high), plain(found.upfront), found.currency]
        row += ["complete", str(place)] if found.complete else ["incomplete", ""]
        row += ["yes" if option.name == comparison.present else "", cell("; ".join(option.assumptions))]
        row.append(cell("; ".join(found.overlays)))
        writer.writerow([*row, *(cell(dict(option.facts).get(name, "")) for name in facts)])
    yield buffer.getvalue()


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
