"""Which resources a scope selects, and what they cost together."""

from decimal import Decimal

from costkit.model.charge import Estimate, ResourceCost
from costkit.model.exact import ZERO
from costkit.model.pattern import fits
from costkit.model.policy import Scope

POINTS = {"expected": 0, "low": 1, "high": 2}


def selects(scope: Scope, cost: ResourceCost) -> bool:
    """Whether a scope is about a resource: every part that it states must fit."""
    resource = cost.resource
    return (
        not scope.accounts
        and not scope.services
        and (not scope.types or fits(resource.type, scope.types))
        and (not scope.regions or fits(resource.region, scope.regions))
        and (not scope.resources or fits(resource.name, scope.resources))
        and all(key in resource.tags and fits(resource.tags[key], (value,)) for key, value in scope.tags)
    )


def selected(scope: Scope, estimate: Estimate) -> list[ResourceCost]:
    """The resources of an estimate that a scope is about."""
    return [cost for cost in estimate.resources if selects(scope, cost)]


def cost_of(scope: Scope, estimate: Estimate, against: str) -> Decimal:
    """What a scope costs in USD a month: as expected, or the least or greatest of the three runs of its ranges."""
    if scope.everything:
        return {"expected": estimate.cost, "low": estimate.low, "high": estimate.high}[against]
    points = [cost.points or (cost.cost, cost.low, cost.high) for cost in selected(scope, estimate)]
    runs = [sum((point[place % len(point)] for point in points), ZERO) for place in range(len(POINTS))]
    return {"expected": runs[0], "low": min(runs), "high": max(runs)}[against]


def point_of(cost: ResourceCost, against: str) -> Decimal:
    """What one resource costs against low, expected or high."""
    return {"expected": cost.cost, "low": cost.low, "high": cost.high}[against]


def missing_in(scope: Scope, estimate: Estimate) -> int:
    """How many charges of a scope have no cost."""
    charges = [charge for cost in selected(scope, estimate) for charge in cost.charges]
    if scope.everything:
        charges += estimate.account
    missing = sum(charge.cost is None for charge in charges)
    # What hides cost without being a charge (commitments that cannot be applied) touches every scope.
    return missing or (0 if estimate.complete or charges_tell(estimate) else 1)


def charges_tell(estimate: Estimate) -> bool:
    """Whether every gap of an estimate shows in its charges."""
    return any(charge.cost is None for cost in estimate.resources for charge in cost.charges)
