"""Commitments as CSV: a commitment a row at its best level, plain decimals, shares from 0 to 1."""

from collections.abc import Iterator

from costkit.model.comparison import Comparison, Option
from costkit.model.exact import plain
from costkit.reports.as_csv import cell, lines
from costkit.reports.compare.commitments_words import fact, proven

FACTS = (
    "commitment",
    "what",
    "region",
    "term",
    "payment",
    "level",
    "level_unit",
    "optimum",
    "optimum_cost",
    "saving",
    "saving_percent",
    "coverage",
    "utilisation",
    "break_even_month",
    "regret_10",
    "regret_30",
    "regret_50",
)
COLUMNS = ("name", *FACTS, "monthly_cost", "low", "high", "upfront_cost", "currency", "status", "rank", "own_prices")


def render(comparison: Comparison) -> Iterator[str]:
    """The lines. A commitment without all its rates has no rank."""
    return lines([COLUMNS, *(_cells(option, place) for place, option in enumerate(comparison.options, start=1))])


def _cells(option: Option, place: int) -> list[str]:
    found = option.estimate
    amounts = [plain(number) for number in (found.cost, found.low, found.high, found.upfront)]
    status = "complete" if found.complete else "incomplete"
    facts = [cell(fact(option, name)) for name in FACTS]
    rank = str(place) if proven(option) else ""
    own_prices = cell("; ".join(found.overlays))
    return [cell(option.name), *facts, *amounts, found.currency, status, rank, own_prices]
