"""The walk: meter every resource, rate the pools, apply allowances and discounts, add up."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

from costkit.model.charge import PRICED, UNPRICED, Charge, Estimate, ResourceCost
from costkit.model.exact import EXACT, ZERO
from costkit.model.problem import Problem
from costkit.model.resource import NotPriced, Resource
from costkit.model.spec import Spec
from costkit.pricebook.book import CURRENCY, PriceBook
from costkit.rating.allowances import allowance_charges
from costkit.rating.gaps import doubt_problems, gap_problems, not_priced_problems, stale_problems
from costkit.rating.metering import Metered, meter
from costkit.rating.pools import charges_of_pool

if TYPE_CHECKING:
    from costkit.rating.commitments import Applied

STALE_AFTER_DAYS = 90
Gap = tuple[Metered, Charge]


class Run(NamedTuple):
    """One pricing of a set of resources: the charges of each and of the account, and what has no cost."""

    charges: list[list[Charge]]
    account: list[Charge]
    gaps: list[Gap]
    problems: list[Problem]


def estimate(spec: Spec, book: PriceBook, on: str, max_age: int = STALE_AFTER_DAYS) -> Estimate:
    """Price a spec with the prices of an ISO day, in exact decimals.

    Prices last confirmed more than ``max_age`` days before ``on`` are reported as stale. A range is
    priced three times over, since a pool's tiers and allowances move with all that shares them.
    """
    with localcontext(EXACT):
        return _estimate(spec, book, on, max_age)


def _estimate(spec: Spec, book: PriceBook, on: str, max_age: int) -> Estimate:
    runs = [_run(spec, spec.resources, book, on)]
    if spec.ranged:
        runs += [_run(spec, spec.low, book, on), _run(spec, spec.high, book, on)]
    costs = tuple(
        _cost(resource, [run.charges[index] for run in runs]) for index, resource in enumerate(spec.resources)
    )
    totals = [_sum(charge for charges in (*run.charges, run.account) for charge in charges) for run in runs]
    account = runs[0].account if len(runs) == 1 else _merged([run.account for run in runs])
    named = [(cost.resource.name, charge) for cost in costs for charge in cost.charges]
    problems = list(spec.problems)
    problems += gap_problems([gap for run in runs for gap in run.gaps], book, on)
    problems += not_priced_problems(spec.not_priced)
    problems += dict.fromkeys(problem for run in runs for problem in run.problems)
    problems += doubt_problems(named) + stale_problems(named, on, max_age)
    return Estimate(
        name=spec.name,
        currency=CURRENCY,
        on=on,
        month_hours=spec.month_hours,
        resources=(*costs, *map(_without_price, spec.not_priced)),
        account=tuple(account),
        problems=tuple(problems),
        cost=totals[0],
        low=min(totals),
        high=max(totals),
        upfront=sum((charge.upfront for charge in (*(charge for _, charge in named), *account)), ZERO),
        ranged=spec.ranged,
        free=spec.free,
    )


def _run(spec: Spec, resources: Sequence[Resource], book: PriceBook, on: str) -> Run:
    return rated(meter(resources, book, on, spec.month_hours, spec.hours_per_week), spec, resources, book, on)


def rated(metered: Sequence[Metered], spec: Spec, resources: Sequence[Resource], book: PriceBook, on: str) -> Run:
    """Rate readings, in the exact context: ``place`` and ``owner`` of each are places in the two sequences."""
    applied = _committed(metered, spec, book, on) if spec.commitments else None
    pools: dict[tuple[str, ...], list[Metered]] = {}
    for member in metered:
        if member.quantity or not member.covered:
            pools.setdefault(member.pool, []).append(member)
    by_reading: list[list[Charge]] = [[] for _ in metered]
    gaps: list[Gap] = []
    for pool in pools.values():
        for member, charge in charges_of_pool(pool):
            by_reading[member.place].append(charge)
            if charge.cost is None:
                gaps.append((member, charge))
    gaps.sort(key=lambda gap: gap[0].place)
    charges: list[list[Charge]] = [[] for _ in resources]
    for member in metered:
        charges[member.owner] += applied.covered.get(member.place, ()) if applied else ()
        charges[member.owner] += by_reading[member.place]
    if spec.free_tier:
        for member, charge in _allowances(metered, book, on):
            charges[member.owner].append(charge)
    if spec.discounts:
        from costkit.rating.discounts import discount_charges

        for resource, own in zip(resources, charges, strict=True):
            own += discount_charges(resource.type, own, spec.discounts)
    return Run(charges, applied.account if applied else [], gaps, applied.problems if applied else [])


def _committed(metered: Sequence[Metered], spec: Spec, book: PriceBook, on: str) -> "Applied":
    """What the account's commitments cover of the readings."""
    # Imported here: few specs have any.
    from costkit.rating.commitments import apply_commitments

    tables = dict.fromkeys(member.table for member in metered) if spec.free_tier else ()
    free = [(table, allowance) for table in tables for allowance in book.allowances(table, on)]
    return apply_commitments(metered, spec.commitments, free, book, on, spec.month_hours)


def _allowances(metered: Sequence[Metered], book: PriceBook, on: str) -> Iterator[Gap]:
    for table in dict.fromkeys(member.table for member in metered):
        for allowance in book.allowances(table, on):
            sharing = [m for m in metered if m.table == table and m.reading.meter in allowance.meters]
            yield from allowance_charges(allowance, sharing)


def _sum(charges: Iterable[Charge]) -> Decimal:
    total = ZERO
    for charge in charges:
        if charge.cost is not None:
            total = total + charge.cost
    return total


def _cost(resource: Resource, runs: list[list[Charge]]) -> ResourceCost:
    totals = [_sum(charges) for charges in runs]
    charges = runs[0] if len(runs) == 1 else _merged(runs)
    return ResourceCost(resource, tuple(charges), totals[0], min(totals), max(totals), tuple(totals))


def _without_price(listed: NotPriced) -> ResourceCost:
    """A resource that costkit has no price for, as one charge without a cost."""
    resource = Resource(listed.name, listed.type, listed.region, None, tags=listed.tags, where=listed.where)
    charge = Charge("unknown", listed.reason, None, "", None, None, UNPRICED, steps=(f"not priced: {listed.reason}",))
    return ResourceCost(resource, (charge,), ZERO, ZERO, ZERO, (ZERO,))


def _merged(runs: list[list[Charge]]) -> list[Charge]:
    """The expected charges with the least and the greatest cost of the three runs beside them."""
    keyed = [_numbered(charges) for charges in runs]
    names = dict.fromkeys(name for charges in keyed for name in charges)
    merged = []
    for name in names:
        found = [charges.get(name) for charges in keyed]
        known = [charge for charge in found if charge is not None]
        shown = found[0] or known[0]._replace(quantity=ZERO, cost=None if known[0].cost is None else ZERO, steps=())
        costs = [ZERO if charge is None else charge.cost for charge in found]
        if any(cost is None for cost in costs):
            merged.append(shown._replace(low=None, high=None))
        else:
            amounts = [cost for cost in costs if cost is not None]
            merged.append(shown._replace(low=min(amounts), high=max(amounts)))
    return merged


def _numbered(charges: Sequence[Charge]) -> dict[tuple[str, str, bool, int], Charge]:
    """Charges by meter, part of the resource, whether they are priced, and which of several they are."""
    numbered: dict[tuple[str, str, bool, int], Charge] = {}
    for charge in charges:
        place = 0
        while (key := (charge.meter, charge.part, charge.status == PRICED, place)) in numbered:
            place += 1
        numbered[key] = charge
    return numbered
