"""Free allowances of an account: shared once by all usage of their pool, and worth what they spare it.

The free quantity is spread over regions, architectures and resources in proportion to quantity; its
worth is the rated usage minus the rated usage less the free quantity (https://aws.amazon.com/free/).
"""

from collections.abc import Sequence
from decimal import Decimal

from costkit.model.charge import ALLOWANCE, Charge
from costkit.model.exact import ZERO, apportion, plain, quotient
from costkit.model.price import Allowance, Price
from costkit.rating.metering import Metered


def allowance_charges(allowance: Allowance, members: Sequence[Metered]) -> list[tuple[Metered, Charge]]:
    """The negative charges by which an allowance lowers the cost of everything that shares it."""
    pools: dict[tuple[str, ...], list[Metered]] = {}
    for member in members:
        if member.quantity:
            pools.setdefault(member.pool, []).append(member)
    used = sum((member.quantity or ZERO for pool in pools.values() for member in pool), ZERO)
    if not used:
        return []
    free = min(allowance.quantity, used)
    sizes = [sum((member.quantity or ZERO for member in pool), ZERO) for pool in pools.values()]
    charges: list[tuple[Metered, Charge]] = []
    for pool, size, share in zip(pools.values(), sizes, apportion(free, sizes), strict=True):
        if pool[0].price is not None:
            charges += _spread(allowance, pool, pool[0].price, size, share, used)
    return charges


def _spread(
    allowance: Allowance, pool: Sequence[Metered], price: Price, size: Decimal, free: Decimal, used: Decimal
) -> list[tuple[Metered, Charge]]:
    quantities = [member.quantity or ZERO for member in pool]
    first = price.tiers[0].price
    flat = first is not None and (len(price.tiers) == 1 or size <= price.tiers[1].start)
    shares = apportion(free, quantities)
    worth, pool_step = ZERO, ""
    if flat and first is not None:
        amounts = [-share * first for share in shares]
    else:
        before, after = price.cost(size), price.cost(size - free)
        worth = after - before
        amounts = apportion(worth, quantities)
        pool_step = (
            f"pool: {plain(after)} - {plain(before)} = {plain(worth)} USD without {plain(free)} {allowance.unit}"
        )
    limit = min(allowance.quantity, used)
    charges: list[tuple[Metered, Charge]] = []
    for member, quantity, share, amount in zip(pool, quantities, shares, amounts, strict=True):
        steps: list[str] = []
        if member.explained:
            steps.append(f"free: {_share_text(limit, quantity, used, share)} = {plain(share)} {allowance.unit}")
            steps += _worth_steps(amount, share, first or ZERO, pool_step, worth)
        charges.append((member, _charge(allowance, member, share, amount, tuple(steps))))
    return charges


def _worth_steps(amount: Decimal, share: Decimal, first: Decimal, pool_step: str, worth: Decimal) -> list[str]:
    """What an allowance spares a member: its share at the first price, or its part of what it spares the pool."""
    if not pool_step:
        return [f"cost: 0 - {plain(share)} x {plain(first)} = {plain(amount)} USD"]
    others = plain(worth - amount)
    return [pool_step, f"cost: {plain(worth)} - ({others}) = {plain(amount)} USD, its share of the pool"]


def _share_text(limit: Decimal, quantity: Decimal, used: Decimal, share: Decimal) -> str:
    """A share by quantity; the last one is what the others leave."""
    if quotient(limit * quantity, used) == share:
        return f"{plain(limit)} x {plain(quantity)} / {plain(used)}"
    return f"{plain(limit)} - {plain(limit - share)}"


def _charge(allowance: Allowance, member: Metered, share: Decimal, amount: Decimal, steps: tuple[str, ...]) -> Charge:
    return Charge(
        meter=allowance.name if member.table == member.resource.type else f"{member.table}.{allowance.name}",
        title=allowance.title,
        quantity=share,
        unit=allowance.unit,
        unit_price=None,
        cost=amount,
        status=ALLOWANCE,
        price_date=allowance.effective,
        confirmed=allowance.confirmed,
        source=f"{allowance.row} {allowance.source}",
        steps=steps,
        low=amount,
        high=amount,
    )
