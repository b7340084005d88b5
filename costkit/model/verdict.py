"""What comparing and judging estimates results in."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.charge import Estimate
from costkit.model.exact import EXACT
from costkit.model.policy import Scope, Waiver
from costkit.model.problem import Problem

ADDED, REMOVED, CHANGED, MOVED, SAME = "added", "removed", "changed", "moved", "same"
PASSED, WARNED, FAILED, WAIVED, INCOMPLETE = "passed", "warned", "failed", "waived", "incomplete"
BUDGET, GROWTH, RULE = "budget", "growth", "rule"


class ChargeChange(NamedTuple):
    """A meter of a resource on both sides; costs in USD a month, None where nobody can say.

    ``status`` is that of the charge after the change, else before it; ``status_before`` that of the side before.
    """

    meter: str
    title: str
    unit: str
    status: str
    quantity_before: Decimal | None
    quantity_after: Decimal | None
    before: Decimal | None
    after: Decimal | None
    change: Decimal
    status_before: str = ""


class ResourceChange(NamedTuple):
    """A resource on both sides. ``moved`` ones are untouched themselves: their share of a tier or allowance changed.

    ``where`` is the file and line it stands on after the change, or stood on before it was removed.
    ``complete`` is False where a charge of either side has no cost.
    """

    name: str
    type: str
    region: str
    status: str
    before: Decimal
    after: Decimal
    change: Decimal
    where: str
    complete: bool
    charges: tuple[ChargeChange, ...]


class Difference(NamedTuple):
    """What a change does to the cost: all resources of both sides, those that stay the same too."""

    before: Estimate
    after: Estimate
    change: Decimal
    resources: tuple[ResourceChange, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Whether both sides are."""
        return self.before.complete and self.after.complete

    @property
    def overlays(self) -> tuple[str, ...]:
        """The tables of a team's own that prices of either side come from."""
        return tuple(sorted({*self.before.overlays, *self.after.overlays}))

    @property
    def touched(self) -> tuple[ResourceChange, ...]:
        """The resources that differ."""
        return tuple(resource for resource in self.resources if resource.status != SAME)


class Mover(NamedTuple):
    """A resource that decides a result: what it costs, how that changed, and what is wrong with it, if anything."""

    name: str
    where: str
    cost: Decimal
    change: Decimal | None = None
    reason: str = ""


class Result(NamedTuple):
    """One budget, growth limit or rule, judged.

    ``limit`` and ``actual`` are USD a month: of a budget the cost, of growth the change, of a rule the
    dearest resource where it limits that. ``percent`` is the change of a growth in percent, None from nothing.
    ``missing`` counts charges of the scope without a cost. ``where`` is the result's own place in the budget file.
    """

    name: str
    kind: str
    status: str
    scope: Scope
    against: str
    limit: Decimal | None
    actual: Decimal | None
    movers: tuple[Mover, ...]
    where: str
    before: Decimal | None = None
    after: Decimal | None = None
    percent: Decimal | None = None
    percent_limit: Decimal | None = None
    missing: int = 0
    waiver: Waiver | None = None

    @property
    def headroom(self) -> Decimal | None:
        """What is left of the limit; negative where it is exceeded."""
        return None if self.limit is None or self.actual is None else EXACT.subtract(self.limit, self.actual)


class Check(NamedTuple):
    """A gate's whole answer. ``verdict`` is passed, failed or incomplete; each result keeps its own status."""

    verdict: str
    results: tuple[Result, ...]
    estimate: Estimate
    difference: Difference | None
    problems: tuple[Problem, ...]

    @property
    def before(self) -> Estimate | None:
        """The baseline, if there is one."""
        return None if self.difference is None else self.difference.before

    @property
    def overlays(self) -> tuple[str, ...]:
        """The tables of a team's own that prices of either side come from."""
        return self.estimate.overlays if self.difference is None else self.difference.overlays
