"""What a team allows: budgets, rules and waivers."""

from decimal import Decimal
from typing import NamedTuple


class Scope(NamedTuple):
    """Which resources a budget or rule is about; what is left out selects everything.

    ``types``, ``regions`` and ``resources`` are names or patterns such as ``eu-*``; ``tags`` are keys
    with the values (or patterns) wanted, all of which must fit. ``accounts`` and ``services`` are those of a
    bill: nothing of an estimate fits them, as nothing of a bill has a type.
    """

    tags: tuple[tuple[str, str], ...] = ()
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether the scope selects all there is, the account's own charges included."""
        return self == EVERYTHING


EVERYTHING = Scope()


class Growth(NamedTuple):
    """How much a cost may rise: not beyond ``percent`` nor ``amount``, unless by less than ``ignore_below``."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    ignore_below: Decimal = Decimal(0)


class Budget(NamedTuple):
    """A limit in USD a month, or on growth, for a scope; ``against`` is low, expected or high.

    ``warn_at`` is the share of the limit from which on a warning is due; ``where`` its place in the file.
    """

    name: str
    scope: Scope
    against: str
    limit: Decimal | None = None
    warn_at: Decimal | None = None
    growth: Growth | None = None
    where: str = ""


class Rule(NamedTuple):
    """What resources of a scope must be like, whatever they cost."""

    name: str
    scope: Scope
    allow_regions: tuple[str, ...] = ()
    forbid_types: tuple[str, ...] = ()
    require_tags: tuple[str, ...] = ()
    max_per_resource: Decimal | None = None
    against: str = "expected"
    where: str = ""


class Waiver(NamedTuple):
    """Somebody answers for a failure until the end of an ISO day; ``kind`` is budget or rule."""

    kind: str
    name: str
    until: str
    owner: str
    reason: str
    where: str = ""


class Policy(NamedTuple):
    """A budget file."""

    budgets: tuple[Budget, ...] = ()
    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def needs_baseline(self) -> bool:
        """Whether any budget is about growth."""
        return any(budget.growth is not None for budget in self.budgets)
