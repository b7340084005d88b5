"""Who is to bear which cost: rules, and what they come to."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.policy import Scope

EVEN, WEIGHTED, USAGE = "even", "weighted", "usage"


class Split(NamedTuple):
    """How a shared cost is divided: evenly, by weights, or in proportion to what the owners' own usage costs.

    ``among`` are owners with their weights (1 each unless weighted); none means all owners of the month.
    """

    how: str
    among: tuple[tuple[str, Decimal], ...] = ()


class AllocationRule(NamedTuple):
    """Charges of a scope, and of kinds of charges if any are named, go to one owner, a tag's value, or are split.

    ``where`` is the rule's place in its file.
    """

    name: str
    scope: Scope
    charges: tuple[str, ...] = ()
    to: str = ""
    to_tag: str = ""
    split: Split | None = None
    where: str = ""


class RuleCost(NamedTuple):
    """What a rule took in the months of a report, in one currency; ``lines`` counts charges. None is unknown."""

    name: str
    currency: str
    lines: int
    cost: Decimal | None


class Guess(NamedTuple):
    """Who probably owns a resource: so many of its siblings are ``alike`` this owner's. ``by`` says which siblings."""

    owner: str
    alike: int
    siblings: int
    by: str


class Orphan(NamedTuple):
    """A resource that no rule gives to anybody, with its cost in the months of a report; None is unknown."""

    resource: str
    account: str
    service: str
    currency: str
    cost: Decimal | None
    guess: Guess | None


class Allocation(NamedTuple):
    """What the rules came to. ``orphans`` are the dearest ones; ``more`` counts those that are not listed."""

    rules: tuple[RuleCost, ...]
    orphans: tuple[Orphan, ...]
    more: int
