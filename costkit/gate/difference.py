"""Two estimates compared: resource by resource, meter by meter."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

from costkit.model.charge import ALLOWANCE, Charge, Estimate, ResourceCost
from costkit.model.exact import EXACT, ZERO, plain
from costkit.model.problem import Problem
from costkit.model.resource import Resource
from costkit.model.verdict import ADDED, CHANGED, MOVED, REMOVED, SAME, ChargeChange, Difference, ResourceChange

ACCOUNT = "account"
NO_BASELINE = "CK407"


def difference(before: Estimate, after: Estimate) -> Difference:
    """What changed from one estimate to another, exactly; the changes of all resources add up to the total's."""
    with localcontext(EXACT):
        base = {cost.resource.name: cost for cost in _with_account(before)}
        head = {cost.resource.name: cost for cost in _with_account(after)}
        names = [*head, *(name for name in base if name not in head)]
        return Difference(
            before=before,
            after=after,
            change=after.cost - before.cost,
            resources=tuple(_resource(base.get(name), head.get(name)) for name in names),
            problems=(*_circumstances(before, after), *after.problems, *_only_before(before, after)),
        )


def _with_account(estimate: Estimate) -> list[ResourceCost]:
    """The resources, and the account's own charges as if they were one."""
    if not estimate.account:
        return list(estimate.resources)
    total = sum((charge.cost for charge in estimate.account if charge.cost is not None), ZERO)
    account = ResourceCost(Resource("", ACCOUNT, "", None), estimate.account, total, total, total)
    return [*estimate.resources, account]


def _resource(before: ResourceCost | None, after: ResourceCost | None) -> ResourceChange:
    shown = after or before
    assert shown is not None
    first, last = (ZERO if cost is None else cost.cost for cost in (before, after))
    charges = tuple(_charges(before.charges if before else (), after.charges if after else ()))
    return ResourceChange(
        name=shown.resource.name,
        type=shown.resource.type,
        region=shown.resource.region,
        status=_status(before, after),
        before=first,
        after=last,
        change=last - first,
        where=shown.resource.where,
        complete=all(charge.cost is not None for cost in (before, after) if cost for charge in cost.charges),
        charges=charges,
    )


def _status(before: ResourceCost | None, after: ResourceCost | None) -> str:
    if before is None or after is None:
        return ADDED if before is None else REMOVED
    if _usage(before) != _usage(after) or _own_prices(before) != _own_prices(after):
        return CHANGED
    return SAME if before.cost == after.cost and _costs(before) == _costs(after) else MOVED


def _usage(cost: ResourceCost) -> list[tuple[str, ...]]:
    """What a resource uses, whatever it is charged: its share of a pool may move while this stays."""
    used: list[tuple[str, ...]] = [(cost.resource.type, cost.resource.region)]
    for charge in cost.charges:
        if charge.status != ALLOWANCE and charge.quantity is not None:
            used.append((charge.meter, charge.unit, plain(charge.quantity)))
        elif charge.quantity is None:
            used.append((charge.meter, charge.status, charge.unit))
    return sorted(used)


def _own_prices(cost: ResourceCost) -> list[tuple[str, str, Decimal | None]]:
    """What its charges cost by tables of a team's own, which may differ from one state of a repository to the other."""
    return [(charge.meter, charge.price_date, charge.unit_price) for charge in cost.charges if charge.overlaid]


def _costs(cost: ResourceCost) -> list[tuple[str, Decimal | None]]:
    return [(charge.meter, charge.cost) for charge in cost.charges]


def _charges(before: Sequence[Charge], after: Sequence[Charge]) -> Iterable[ChargeChange]:
    """The charges of both sides side by side, those of one meter and part together."""
    base, head = _by_meter(before), _by_meter(after)
    for key in [*head, *(key for key in base if key not in head)]:
        ours, theirs = head.get(key, []), base.get(key, [])
        shown = (ours or theirs)[0]
        first, last = _sum(charge.cost for charge in theirs), _sum(charge.cost for charge in ours)
        unknown = any(charge.cost is None for charge in (*ours, *theirs))
        yield ChargeChange(
            meter=shown.meter,
            title=shown.title,
            unit=shown.unit,
            status=_status_of(ours or theirs),
            status_before=_status_of(theirs),
            quantity_before=_quantity(theirs),
            quantity_after=_quantity(ours),
            before=None if unknown and all(charge.cost is None for charge in theirs) and theirs else first,
            after=None if unknown and all(charge.cost is None for charge in ours) and ours else last,
            change=last - first,
        )


def _status_of(charges: Sequence[Charge]) -> str:
    """The status of charges: what keeps one of them from having a cost comes first."""
    return next((charge.status for charge in charges if charge.cost is None), charges[0].status if charges else "")


def _by_meter(charges: Iterable[Charge]) -> dict[tuple[str, str], list[Charge]]:
    grouped: dict[tuple[str, str], list[Charge]] = {}
    for charge in charges:
        grouped.setdefault((charge.meter, charge.part), []).append(charge)
    return grouped


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _quantity(charges: Sequence[Charge]) -> Decimal | None:
    known = [charge.quantity for charge in charges if charge.quantity is not None]
    return sum(known, ZERO) if known else None


def _circumstances(before: Estimate, after: Estimate) -> list[Problem]:
    """Whatever makes part of a change no change of the resources."""
    found = []
    if before.on != after.on:
        found.append(f"prices of {before.on} before, of {after.on} after")
    if before.month_hours != after.month_hours:
        found.append(f"{plain(before.month_hours)} hours a month before, {plain(after.month_hours)} after")
    hint = "estimate both sides anew for a change that is only the resources'"
    return [Problem("CK404", "", f"not compared like with like: {what}", hint, "warning") for what in found]


def _only_before(before: Estimate, after: Estimate) -> list[Problem]:
    """What was already missing before: a total that was a lower bound makes the change an upper one."""
    told = {(problem.code, problem.message) for problem in after.problems}
    return [
        problem._replace(message=f"before: {problem.message}")
        for problem in before.problems
        if (problem.hides_cost or problem.code == NO_BASELINE) and (problem.code, problem.message) not in told
    ]
