"""Where one way to run a warehouse becomes cheaper than another: the engine is run, the crossing solved exactly."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from typing import Any

from costkit.compare.redshift_options import AS_IT_IS, LOADED, ON_DEMAND, PAUSED, RESERVED, Recipe
from costkit.compare.redshift_profile import CLUSTER, HOURS_PER_DAY, SERVERLESS, Profile
from costkit.model.charge import Estimate
from costkit.model.comparison import BreakEven
from costkit.model.exact import EXACT, ONE, ZERO, quotient

Price = Callable[[Recipe, Profile], Estimate]
Curve = Callable[[Decimal], Decimal]
HOURS_A_DAY, RPU_HOURS, TB_SCANNED = "active hours a day", "RPU-hours a month", "TB scanned a month"
# Costs that differ by less are the same to any cent.
SAME = Decimal("1e-9")
MOST_STEPS = 200
MOST = Decimal(10**9)
POINT_FIELDS = ("active", "rpu_hours", "node_hours", "storage", "scanned", "queries", "external")


def break_evens(price: Price, profile: Profile, priced: Mapping[Recipe, Estimate]) -> Iterator[BreakEven]:
    """Where serverless and the best clusters cost the same, pausing and reserving, scanning and loading."""
    flat = expected(profile)
    whole = {recipe: found for recipe, found in priced.items() if found.complete and recipe.access == AS_IT_IS}
    running, paused, reserved = (_best(whole, kinds) for kinds in ((ON_DEMAND,), (PAUSED,), RESERVED))
    unit, most = (HOURS_A_DAY, HOURS_PER_DAY) if profile.active is not None else (RPU_HOURS, MOST)
    if profile.active is not None or profile.rpu_hours is not None:
        rivals = [recipe for recipe in whole if recipe.kind == SERVERLESS and recipe.purchase == ON_DEMAND]
        for cluster in (running, reserved):
            for serverless in _comparable(cluster, rivals, profile):
                # The first one is what the points are about: a cluster, unless one base capacity is meant.
                about = cluster if cluster is running and len(rivals) > 1 and not profile.rpus_per_node else serverless
                against = serverless if about is cluster else cluster
                yield from _met(about, against, unit, price, flat, most)
        if paused is not None and profile.active is not None:
            yield from _met(paused, reserved, unit, price, flat, most)
    for recipe in priced:
        if recipe.access == LOADED:
            yield from _met(recipe._replace(access=AS_IT_IS), recipe, TB_SCANNED, price, flat, MOST)


def expected(profile: Profile) -> Profile:
    """A profile without its ranges."""
    flat: dict[str, Any] = {}
    for name in POINT_FIELDS:
        points = getattr(profile, name)
        flat[name] = None if points is None else (points[0],) * len(points)
    return profile._replace(**flat)


def at_amount(profile: Profile, unit: str, amount: Decimal) -> Profile:
    """A profile that uses so much a day or month."""
    if unit == HOURS_A_DAY:
        return profile._replace(active=(profile.monthly(amount),) * 3)
    if unit == RPU_HOURS:
        return profile._replace(rpu_hours=(amount,) * 3)
    # As billed: without the rounding of each query, which would make steps of the line.
    return profile._replace(scanned=(amount,) * 3, queries=None)


def crossing(left: Curve, right: Curve, least: Decimal, most: Decimal) -> Decimal | None:
    """Where two rising costs are the same, or None if one is the cheaper one all the way.

    Straight lines meet in one step; lines with corners are closed in on from both sides.
    """
    with localcontext(EXACT):
        low, high = left(least) - right(least), left(most) - right(most)
        if (low < ZERO) == (high < ZERO) or not low or not high:
            return None
        for step in range(MOST_STEPS):
            part = (most - least) / 2 if step % 2 else quotient((most - least) * low, low - high)
            middle = least + part
            gap = left(middle) - right(middle)
            if abs(gap) < SAME:
                return middle
            if (gap < ZERO) == (low < ZERO):
                least, low = middle, gap
            else:
                most, high = middle, gap
    return None


def amount_of(profile: Profile, unit: str) -> Decimal | None:
    """How much is used now, in the unit of a break-even: the inverse of ``at_amount``."""
    with localcontext(EXACT):
        if unit == HOURS_A_DAY and profile.active is not None:
            return quotient(profile.active[0], profile.monthly(ONE))
        points = profile.rpu_hours if unit == RPU_HOURS else profile.scanned
        return None if points is None else points[0]


def _met(
    one: Recipe | None, other: Recipe | None, unit: str, price: Price, flat: Profile, most: Decimal
) -> Iterator[BreakEven]:
    if one is None or other is None:
        return

    def curve(recipe: Recipe) -> Curve:
        return lambda amount: price(recipe, at_amount(flat, unit, amount)).cost

    amount = crossing(curve(one), curve(other), ZERO, most)
    if amount is not None:
        first = curve(one)(ZERO) < curve(other)(ZERO)
        below, above = (one.name, other.name) if first else (other.name, one.name)
        yield BreakEven(one.name, other.name, unit, amount, below, above)


def _best(whole: Mapping[Recipe, Estimate], purchases: Iterable[str]) -> Recipe | None:
    clusters = [recipe for recipe in whole if recipe.kind == CLUSTER and recipe.purchase in purchases]
    return min(clusters, key=lambda recipe: (whole[recipe].cost, recipe.name), default=None)


def _comparable(cluster: Recipe | None, rivals: list[Recipe], profile: Profile) -> list[Recipe]:
    """The base capacities to hold against a cluster: the equivalent one if an equivalence is given, else all."""
    if cluster is None or profile.rpus_per_node is None or profile.rpu_hours is not None:
        return rivals
    wanted = (cluster.size or ZERO) * profile.rpus_per_node
    return (
        [min(enough, key=lambda r: r.size or ZERO)]
        if (enough := [recipe for recipe in rivals if recipe.size is not None and recipe.size >= wanted])
        else []
    )
