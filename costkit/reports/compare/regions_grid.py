"""Regions as rows of texts: few of them as columns over the resources, many as a line each."""

from collections.abc import Sequence
from typing import NamedTuple

from costkit.model.charge import NEEDS_USAGE, Estimate, ResourceCost
from costkit.model.comparison import Comparison, Option
from costkit.reports.compare.regions_words import change, missing, without_any
from costkit.reports.wording import (
    days_of,
    harmless,
    money,
    overlay_notes,
    overlays_of,
    percentage,
    signed,
    total_label,
)

MOST_COLUMNS = 6
NOT_KNOWN = "n/a"


class Grid(NamedTuple):
    """A table: ``left`` are the columns of text, all others are numbers."""

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]
    left: frozenset[int]


def by_resource(comparison: Comparison) -> Grid:
    """A column a region, a row a resource, and the totals."""
    today = comparison.in_use
    shown = comparison.shown
    headers = ("", *(f"{option.name} (today)" if option is today else option.name for option in shown))
    names = [cost.resource.name for cost in shown[0].estimate.resources]
    rows = [
        (harmless(name), *(_cell(option.estimate.resources[place]) for option in shown))
        for place, name in enumerate(names)
    ]
    rows.append(("Total a month", *(_total(option.estimate) for option in shown)))
    if shown[0].estimate.ranged:
        rows.append(("  from", *(money(option.estimate.low) for option in shown)))
        rows.append(("  to", *(_high(option.estimate) for option in shown)))
    rows.append(("Difference", *(_difference(comparison, option)[0] for option in shown)))
    rows.append(("Percent", *(_difference(comparison, option)[1] for option in shown)))
    return Grid(headers, rows, frozenset({0}))


def by_region(comparison: Comparison) -> Grid:
    """A row a region; those of which nothing is known are left to a footnote."""
    today = comparison.in_use
    nothing = {option.name for option in without_any(comparison)}
    ranged = any(option.estimate.ranged for option in comparison.options)
    rows = []
    for option in comparison.shown:
        if option.name in nothing and option is not today:
            continue
        name = f"{option.name} (today)" if option is today else option.name
        ends = (money(option.estimate.low), _high(option.estimate)) if ranged else ()
        row = (name, _place(option), _total(option.estimate), *ends, *_difference(comparison, option))
        rows.append((*row, harmless(missing(option.estimate))))
    ends = ("Low", "High") if ranged else ()
    headers = ("Region", "Place", "Monthly cost", *ends, "Difference", "Percent", "Missing")
    return Grid(headers, rows, frozenset({0, 1, len(headers) - 1}))


def notes(comparison: Comparison, listed: bool) -> list[str]:
    """What stands below: what is not shown, and what an n/a means."""
    found = []
    names = [option.name for option in without_any(comparison)]
    if listed and names:
        found.append(f"Nothing has a proven price in {', '.join(names)}.")
    if any(not option.estimate.complete for option in comparison.options):
        found.append(
            f"{NOT_KNOWN} and AT LEAST: something has no proven price or no usage; such regions are not ranked."
        )
    estimates = [option.estimate for option in comparison.shown]
    if estimates:
        days = [day for estimate in estimates for day in estimate.price_dates or ()]
        dated = f"Prices of {days_of(days)}, for" if days else "Prices for"
        found.append(f"{dated} {estimates[0].on}; {estimates[0].month_hours:f} hours a month.")
    return [*found, *overlay_notes(overlays_of(option.estimate for option in comparison.options))]


def few(comparison: Comparison) -> bool:
    """Whether the regions may be columns."""
    return len(comparison.shown) <= MOST_COLUMNS


def _cell(cost: ResourceCost) -> str:
    if any(charge.cost is None and charge.status != NEEDS_USAGE for charge in cost.charges):
        return NOT_KNOWN
    return "needs usage" if any(charge.cost is None for charge in cost.charges) else money(cost.cost)


def _total(found: Estimate) -> str:
    return total_label(found).removesuffix(f" {found.currency}")


def _high(found: Estimate) -> str:
    return money(found.high) if found.complete else NOT_KNOWN


def _difference(comparison: Comparison, option: Option) -> tuple[str, str]:
    found = change(comparison, option)
    if found is None:
        return NOT_KNOWN, NOT_KNOWN
    percent = NOT_KNOWN if found.percent is None else signed(found.percent, percentage)
    return signed(found.amount), percent


def _place(option: Option) -> str:
    return dict(option.facts).get("place", "")


def widths(grid: Grid) -> Sequence[int]:
    """The columns that each column takes."""
    return [max(len(row[place]) for row in (grid.headers, *grid.rows)) for place in range(len(grid.headers))]
