"""What someone wants priced: resources, the month, and what is agreed with AWS."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from costkit.model.commitment import Commitment
from costkit.model.price import Prices
from costkit.model.problem import Problem
from costkit.model.resource import NotPriced, Resource

HOURS_PER_MONTH = Decimal(730)


class Discount(NamedTuple):
    """A negotiated discount: ``percent`` off the usage of resources whose type matches a pattern."""

    percent: Decimal
    types: tuple[str, ...] = ("*",)
    reason: str = ""


class Suppression(NamedTuple):
    """A finding that somebody decided to live with until a day; ``code`` and ``resource`` may be patterns."""

    code: str
    resource: str
    owner: str
    reason: str
    until: str | None = None
    where: str = ""


class Spec(NamedTuple):
    """A set of resources in one month of one account.

    ``low`` and ``high`` hold the same resources as ``resources`` with the ends of every range; they
    are the same tuple where nothing is a range. ``problems`` are warnings found while reading.
    ``not_priced`` and ``free`` (types with their number) come from plans and templates, which also
    hold what costkit has no price for and what AWS charges nothing for. ``prices`` are directories of a
    team's own tables, ``seen`` prices that were seen in the account of a snapshot.
    """

    resources: tuple[Resource, ...]
    low: tuple[Resource, ...]
    high: tuple[Resource, ...]
    name: str = ""
    month_hours: Decimal = HOURS_PER_MONTH
    hours_per_week: Decimal | None = None
    free_tier: bool = True
    discounts: tuple[Discount, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    problems: tuple[Problem, ...] = ()
    not_priced: tuple[NotPriced, ...] = ()
    free: Mapping[str, int] = {}
    suppressions: tuple[Suppression, ...] = ()
    prices: tuple[str, ...] = ()
    seen: Prices = {}

    @property
    def ranged(self) -> bool:
        """Whether any number is a range."""
        return self.low is not self.resources or self.high is not self.resources


class Overrides(NamedTuple):
    """What flags say about a spec: they come before what its file says."""

    region: str | None = None
    month_hours: Decimal | None = None
    free_tier: bool | None = None
