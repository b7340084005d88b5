"""Budgets: limits on what a scope costs, and on how much that may grow."""

from collections.abc import Iterator
from decimal import Decimal

from costkit.gate.scopes import cost_of, missing_in, point_of, selected, selects
from costkit.model.charge import Estimate, ResourceCost
from costkit.model.exact import ZERO, quotient
from costkit.model.policy import Budget, Growth
from costkit.model.verdict import BUDGET, FAILED, GROWTH, INCOMPLETE, PASSED, SAME, WARNED, Difference, Mover, Result

PERCENT = Decimal(100)


def judge_budget(
    budget: Budget, estimate: Estimate, difference: Difference | None, allow_incomplete: bool
) -> Iterator[Result]:
    """The results of a budget: one for its limit, one for its growth, as far as it has them."""
    if budget.limit is not None:
        yield _limit(budget, budget.limit, estimate, difference, allow_incomplete)
    if budget.growth is not None and difference is not None:
        yield _growth(budget, budget.growth, difference, allow_incomplete)


def _limit(
    budget: Budget, limit: Decimal, estimate: Estimate, difference: Difference | None, allow_incomplete: bool
) -> Result:
    actual, missing = cost_of(budget.scope, estimate, budget.against), missing_in(budget.scope, estimate)
    if actual > limit:
        status = FAILED
    elif missing and not allow_incomplete:
        status = INCOMPLETE
    elif budget.warn_at is not None and actual >= limit * budget.warn_at:
        status = WARNED
    else:
        status = PASSED
    before = {} if difference is None else {cost.resource.name: cost for cost in difference.before.resources}
    movers = [
        Mover(
            name=cost.resource.name,
            where=cost.resource.where,
            cost=point_of(cost, budget.against),
            change=None if difference is None else _rise(before.get(cost.resource.name), cost, budget.against),
        )
        for cost in selected(budget.scope, estimate)
    ]
    if budget.scope.everything:
        movers += _account_movers(estimate, None if difference is None else difference.before)
    movers.sort(key=lambda mover: (-(mover.change or ZERO), -mover.cost))
    return Result(
        name=budget.name,
        kind=BUDGET,
        status=status,
        scope=budget.scope,
        against=budget.against,
        limit=limit,
        actual=actual,
        movers=tuple(mover for mover in movers if mover.cost or mover.change),
        where=budget.where,
        missing=missing,
    )


def _account_movers(after: Estimate, before: Estimate | None) -> list[Mover]:
    """What the account itself is charged: unused commitments decide a budget like resources do."""
    earlier = {charge.title: charge.cost or ZERO for charge in before.account} if before else {}
    now = {charge.title: charge.cost or ZERO for charge in after.account}
    return [
        Mover(
            title, "", now.get(title, ZERO), None if before is None else now.get(title, ZERO) - earlier.get(title, ZERO)
        )
        for title in {**now, **earlier}
    ]


def _rise(before: ResourceCost | None, after: ResourceCost, against: str) -> Decimal:
    """How much more a resource costs than before, at one end of its ranges."""
    return point_of(after, against) - (ZERO if before is None else point_of(before, against))


def _growth(budget: Budget, growth: Growth, difference: Difference, allow_incomplete: bool) -> Result:
    before = cost_of(budget.scope, difference.before, budget.against)
    after = cost_of(budget.scope, difference.after, budget.against)
    change = after - before
    percent = quotient(change * PERCENT, before) if before > ZERO else None
    missing_after = missing_in(budget.scope, difference.after)
    missing_before = missing_in(budget.scope, difference.before)
    missing = missing_after + missing_before
    exceeded = _exceeded(growth, change, before)
    # A base that was a lower bound makes the change an upper one: what passes then, passes all the more. What
    # is exceeded already although something is missing after the change, is exceeded for certain.
    certain = not missing or (not exceeded and not missing_after) or (exceeded and not missing_before)
    status = FAILED if exceeded else PASSED
    if not certain and not allow_incomplete:
        status = INCOMPLETE
    limits = [growth.amount, None if growth.percent is None else quotient(before * growth.percent, PERCENT)]
    return Result(
        name=budget.name,
        kind=GROWTH,
        status=status,
        scope=budget.scope,
        against=budget.against,
        limit=max(min(limit for limit in limits if limit is not None), growth.ignore_below),
        actual=change,
        movers=tuple(_movers(budget, difference)),
        where=budget.where,
        before=before,
        after=after,
        percent=percent,
        percent_limit=growth.percent,
        missing=missing,
    )


def _exceeded(growth: Growth, change: Decimal, before: Decimal) -> bool:
    """Whether a change is more than is allowed; any rise from nothing is more than any percentage."""
    if change <= ZERO or change < growth.ignore_below:
        return False
    by_percent = growth.percent is not None and change * PERCENT > before * growth.percent
    return by_percent or (growth.amount is not None and change > growth.amount)


def _movers(budget: Budget, difference: Difference) -> list[Mover]:
    """The resources that changed, the largest rise first; against low or high by that end of their ranges."""
    points = [
        {
            cost.resource.name: point_of(cost, budget.against)
            for cost in estimate.resources
            if selects(budget.scope, cost)
        }
        for estimate in (difference.before, difference.after)
    ]
    movers = []
    for changed in difference.resources:
        first, last = (side.get(changed.name) for side in points)
        if changed.status == SAME or (first is None and last is None):
            continue
        cost = ZERO if last is None else last
        movers.append(Mover(changed.name, changed.where, cost, cost - (first or ZERO), changed.status))
    if budget.scope.everything:
        movers += _account_movers(difference.after, difference.before)
    return sorted((mover for mover in movers if mover.change), key=lambda mover: -(mover.change or ZERO))
