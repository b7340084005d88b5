"""Pooled usage through graduated tiers, and each resource's exact share of what the pool costs.

AWS adds up an account's usage of a meter in a region before tiers apply:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/useconsolidatedbilling-effective.html
"""

from collections.abc import Sequence
from decimal import Decimal

from costkit.model.charge import NEEDS_USAGE, PRICED, UNPRICED, Charge
from costkit.model.exact import ONE, ZERO, apportion, plain, quotient
from costkit.model.price import Price
from costkit.rating.metering import Metered

MILLION = Decimal(10**6)
COUNTED = frozenset({"request", "message", "event", "transition", "read unit", "write unit", "connection-minute"})


def charges_of_pool(members: Sequence[Metered]) -> list[tuple[Metered, Charge]]:
    """The charges of everything that is metered on one meter in one region, in its order."""
    price = members[0].price
    charges: list[tuple[Metered, Charge]] = []
    rated: list[Metered] = []
    for member in members:
        if member.quantity is None:
            charges.append((member, _needs_usage(member)))
        elif price is None:
            charges.append((member, _unpriced(member, member.quantity)))
        elif len(price.tiers) == 1 or not price.pooled:
            charges += [(member, charge) for charge in _alone(member, member.quantity, price)]
        else:
            rated.append(member)
    if price is not None and rated:
        charges += _shared(rated, price)
    return charges


def _alone(member: Metered, quantity: Decimal, price: Price) -> list[Charge]:
    """A flat price, or tiers that count each copy of the resource by itself."""
    count = member.resource.copies
    each = member.reading.amount.number or ZERO
    first = price.tiers[0].price
    if first is not None and (len(price.tiers) == 1 or each <= price.tiers[1].start):
        return [_flat(member, quantity, price, first)]
    cost = price.cost(each) * count
    copies = "" if count == ONE else f" x {plain(count)} copies"
    text = f"({_tiers_text(price, each)})" if copies else _tiers_text(price, each)
    step = f"cost: {text}{copies} = {plain(cost)} USD"
    return _with_unproven(member, quantity, price.unproven(each) * count, price, cost, (step,))


def _flat(member: Metered, quantity: Decimal, price: Price, unit_price: Decimal) -> Charge:
    """A flat price. Where the quantity is a fraction, its parts are multiplied before they are divided."""
    amount = member.reading.amount
    top, bottom = quantity, ONE
    if amount.bottom != ONE and amount.top is not None and not member.covered:
        top, bottom = amount.top * member.resource.copies, amount.bottom
    cost = quotient(top * unit_price, bottom)
    if not member.explained:
        return _charge(member, quantity, price, unit_price, cost, ())
    divided = "" if bottom == ONE else f" / {plain(bottom)}"
    step = f"cost: {plain(top)} x {plain(unit_price)}{divided} = {plain(cost)} USD"
    return _charge(member, quantity, price, unit_price, cost, (step,))


def _shared(members: Sequence[Metered], price: Price) -> list[tuple[Metered, Charge]]:
    """A pool that spans tiers: its cost, shared in proportion to quantity so that the parts add up."""
    quantities = [member.quantity or ZERO for member in members]
    whole = sum(quantities, ZERO)
    first = price.tiers[0].price
    if first is not None and whole <= price.tiers[1].start:
        return [
            (member, _flat(member, quantity, price, first))
            for member, quantity in zip(members, quantities, strict=True)
        ]
    pool_cost, pool_unproven = price.cost(whole), price.unproven(whole)
    costs = apportion(pool_cost, quantities)
    unproven = apportion(pool_unproven, quantities) if pool_unproven else [ZERO] * len(members)
    pool_step = f"pool: {_tiers_text(price, whole)} = {plain(pool_cost)} USD for {plain(whole)} {price.unit}"
    charges: list[tuple[Metered, Charge]] = []
    last = max(index for index, quantity in enumerate(quantities) if quantity)
    for index, member in enumerate(members):
        steps: tuple[str, ...] = (pool_step, _share_step(pool_cost, costs, quantities, index, last, whole))
        if len(members) == 1:
            steps = (f"cost: {_tiers_text(price, whole)} = {plain(pool_cost)} USD",)
        for charge in _with_unproven(member, quantities[index], unproven[index], price, costs[index], steps):
            charges.append((member, charge))
    return charges


def _share_step(
    pool_cost: Decimal, costs: list[Decimal], quantities: list[Decimal], index: int, last: int, whole: Decimal
) -> str:
    cost = plain(costs[index])
    if index != last:
        return f"cost: {plain(pool_cost)} x {plain(quantities[index])} / {plain(whole)} = {cost} USD"
    others = plain(pool_cost - costs[index])
    return f"cost: {plain(pool_cost)} - {others} = {cost} USD, the rest of the pool"


def _tiers_text(price: Price, quantity: Decimal) -> str:
    parts = [f"{plain(part)} x {plain(unit)}" for part, unit in price.split(quantity) if unit is not None and part]
    return " + ".join(parts) or "0"


def _with_unproven(
    member: Metered, quantity: Decimal, unproven: Decimal, price: Price, cost: Decimal, steps: tuple[str, ...]
) -> list[Charge]:
    """The charge, and one of its own for what lies beyond the last proven tier."""
    if not unproven:
        return [_charge(member, quantity, price, None, cost, steps)]
    beyond = plain(price.tiers[-1].start)
    title = f"{member.title}, beyond {beyond} {price.unit} (no proven price)"
    note = f"quantity: {plain(unproven)} = {plain(unproven)} {price.unit}"
    rest = _unpriced(member, unproven)._replace(title=title, steps=(note,))
    if unproven == quantity:
        return [rest]
    return [_charge(member, quantity - unproven, price, None, cost, steps), rest]


def _charge(
    member: Metered, quantity: Decimal, price: Price, unit_price: Decimal | None, cost: Decimal, steps: tuple[str, ...]
) -> Charge:
    reading = member.reading
    upfront, doubt = ZERO, price.note or "undated source" if price.confidence == "C" else ""
    if reading.once is not None and reading.once.number is None:
        doubt = "only its effective hourly rate is proven, not how much of it is paid upfront"
    elif reading.once is not None and reading.once.number is not None and unit_price is not None:
        upfront = reading.once.number * member.resource.copies * unit_price
    told = (member.quantity_step(), *steps) if member.explained else ()
    said = (price.effective, price.confirmed, price.origin, told)
    about = (member.name, member.title, quantity, price.unit, unit_price)
    return Charge(*about, cost, PRICED, *said, cost, cost, upfront, reading.fee, doubt, reading.part)


def _unpriced(member: Metered, quantity: Decimal) -> Charge:
    steps, unit = (member.quantity_step(),), member.reading.unit
    part = member.reading.part
    return Charge(member.name, member.title, quantity, unit, None, None, UNPRICED, steps=steps, part=part)


def _needs_usage(member: Metered) -> Charge:
    price, unit, part = member.price, member.reading.unit, member.reading.part
    if price is None:
        step = "depends on usage, and no price is proven"
        return Charge(member.name, member.title, None, unit, None, None, UNPRICED, steps=(step,), part=part)
    first = price.tiers[0].price or ZERO
    step = f"depends on usage: {per_unit(first, price.unit)}"
    unit_price = first if len(price.tiers) == 1 else None
    source = (price.effective, price.confirmed, price.origin)
    about = (member.name, member.title, None, unit, unit_price, None, NEEDS_USAGE)
    return Charge(*about, *source, steps=(step,), part=part)


def per_unit(price: Decimal, unit: str) -> str:
    """A unit price as people say it: ``0.20 per 1M requests``, ``0.0000166667 per GB-second``."""
    scaled = price * MILLION if unit in COUNTED else price
    text = plain(scaled)
    cents = len(text.partition(".")[2])
    text = text if cents >= 2 else f"{text}{'' if cents else '.'}{'0' * (2 - cents)}"
    return f"{text} per 1M {unit}s" if unit in COUNTED else f"{text} per {unit}"
