"""What an estimate consists of: charges that carry their own explanation."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ZERO
from costkit.model.price import OVERLAY
from costkit.model.problem import Problem
from costkit.model.resource import Resource

PRICED = "priced"
UNPRICED = "unpriced"
NEEDS_USAGE = "needs_usage"
ALLOWANCE = "allowance"


class Charge(NamedTuple):
    """A resource's monthly cost on one meter.

    ``cost``, ``low`` and ``high`` are None where nobody can say: no proven price, or no usage given.
    ``unit_price`` is None where several tiers applied; the tiers then stand in ``steps``, which are
    lines of ``name: arithmetic = value unit`` whose last one ends with the cost. ``doubt`` says what
    is uncertain about the price, if anything; ``part`` which part of the resource this is, if it has
    several of a kind.
    """

    meter: str
    title: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    cost: Decimal | None
    status: str
    price_date: str = ""
    confirmed: str = ""
    source: str = ""
    steps: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    upfront: Decimal = ZERO
    fee: bool = False
    doubt: str = ""
    part: str = ""

    @property
    def overlaid(self) -> bool:
        """Whether its price stands in a table of a team's own."""
        return self.source.startswith(OVERLAY)


class ResourceCost(NamedTuple):
    """A resource and its charges; the sums leave out what has no cost.

    ``low`` and ``high`` are the least and the greatest of ``points``: the sums where all ranges are at
    their expected, low and high ends, one sum where nothing is a range.
    """

    resource: Resource
    charges: tuple[Charge, ...]
    cost: Decimal
    low: Decimal
    high: Decimal
    points: tuple[Decimal, ...] = ()


class Estimate(NamedTuple):
    """What a set of resources costs in a month. ``cost`` is the exact sum of all charges with a cost.

    ``upfront`` is what is paid once and already contained, amortised, in ``cost``. ``complete`` is
    False as soon as anything lacks a price or usage; the sums are then a lower bound. ``free`` counts,
    by type, the resources of a plan or template that AWS charges nothing for.
    """

    name: str
    currency: str
    on: str
    month_hours: Decimal
    resources: tuple[ResourceCost, ...]
    account: tuple[Charge, ...]
    problems: tuple[Problem, ...]
    cost: Decimal
    low: Decimal
    high: Decimal
    upfront: Decimal
    ranged: bool = False
    free: Mapping[str, int] = {}

    @property
    def complete(self) -> bool:
        """Whether every charge has a cost, so that the total is a total."""
        return not any(problem.hides_cost for problem in self.problems)

    @property
    def overlays(self) -> tuple[str, ...]:
        """The tables of a team's own that some of the prices come from."""
        charges = (*(charge for cost in self.resources for charge in cost.charges), *self.account)
        rows = (charge.source.partition(" ")[0] for charge in charges if charge.overlaid)
        return tuple(sorted({row.removeprefix(OVERLAY).rpartition(":")[0] for row in rows}))

    @property
    def price_dates(self) -> tuple[str, str] | None:
        """The oldest and the newest effective date of the prices used, or None if none was."""
        charges = (charge for cost in self.resources for charge in cost.charges)
        dates = {charge.price_date for charge in charges if charge.price_date and charge.status != ALLOWANCE}
        return (min(dates), max(dates)) if dates else None
