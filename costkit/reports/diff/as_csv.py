"""A change's cost as CSV: a meter of a resource a row, those that stay the same too, so that all sums tie."""

from collections.abc import Iterator, Sequence

from costkit.model.verdict import Difference
from costkit.reports.as_csv import cell, lines, number

COLUMNS = (
    "name",
    "resource",
    "type",
    "region",
    "status",
    "meter",
    "description",
    "unit",
    "quantity_before",
    "quantity_after",
    "before",
    "after",
    "change",
    "currency",
    "own_prices",
)


def render(difference: Difference) -> Iterator[str]:
    """The lines; ``before``, ``after`` and ``change`` add up to the totals."""
    return lines(_rows(difference))


def _rows(difference: Difference) -> Iterator[Sequence[str]]:
    yield COLUMNS
    sources = _own_sources(difference)
    for resource in difference.resources:
        own = [cell(difference.after.name), cell(resource.name), resource.type, resource.region, resource.status]
        for charge in resource.charges:
            amounts = (charge.quantity_before, charge.quantity_after, charge.before, charge.after, charge.change)
            row = [*own, cell(charge.meter), cell(charge.title), charge.unit, *map(number, amounts)]
            own_prices = sources.get((resource.name, charge.meter), ())
            yield [*row, difference.after.currency, cell("; ".join(own_prices))]


def _own_sources(difference: Difference) -> dict[tuple[str, str], list[str]]:
    """The rows of a team's own tables by which each meter of a resource is priced, before and after."""
    found: dict[tuple[str, str], list[str]] = {}
    for estimate in (difference.before, difference.after):
        costs = ((cost.resource.name, cost.charges) for cost in estimate.resources)
        for name, charges in (*costs, ("", estimate.account)):
            for charge in charges:
                sources = found.setdefault((name, charge.meter), [])
                if charge.overlaid and charge.source not in sources:
                    sources.append(charge.source)
    return found
