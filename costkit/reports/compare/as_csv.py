"""A comparison as CSV: an option a row, plain decimals, text that no spreadsheet will run."""

from collections.abc import Iterator

from costkit.model.comparison import Comparison
from costkit.model.exact import plain
from costkit.reports.as_csv import cell, lines, number

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
    """The lines. What is not known whole has no rank."""
    return lines(_rows(comparison))


def _rows(comparison: Comparison) -> Iterator[list[str]]:
    facts = list(dict.fromkeys(name for option in comparison.options for name, _ in option.facts))
    yield [*COLUMNS, *(cell(name) for name in facts)]
    for place, option in enumerate(comparison.options, 1):
        found = option.estimate
        row = [cell(option.name), option.kind, option.purchase, number(option.instances)]
        row += [plain(found.cost), plain(found.low), plain(found.high), plain(found.upfront), found.currency]
        row += ["complete", str(place)] if found.complete else ["incomplete", ""]
        row += ["yes" if option.name == comparison.present else "", cell("; ".join(option.assumptions))]
        row.append(cell("; ".join(found.overlays)))
        yield [*row, *(cell(dict(option.facts).get(name, "")) for name in facts)]
