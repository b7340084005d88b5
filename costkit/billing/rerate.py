"""Prices a bill's usage with another day's, region's or overlay's prices: by pools and tiers, as an estimate is priced.

Only usage on demand is priced anew. What a commitment covers, spot, taxes, credits, fees and what no meter is known
for stay at their billed cost, and say why.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

from costkit.billing.usage import BilledUsage
from costkit.billing.usage_types import Meter, meter_of_usage
from costkit.model.charge import Charge
from costkit.model.exact import EXACT, ZERO
from costkit.model.figure import figure
from costkit.model.problem import Problem
from costkit.model.reading import Reading
from costkit.model.rerate import Rerate, RerateRow
from costkit.model.resource import Resource
from costkit.pricebook.book import CURRENCY, PriceBook
from costkit.rating.allowances import allowance_charges
from costkit.rating.metering import Metered
from costkit.rating.pools import charges_of_pool

UNPRICED = "no proven price"


def rerate(
    usage: Iterable[BilledUsage], book: PriceBook, month: str, on: str, region: str = "", free_tier: bool = True
) -> Rerate:
    """The month with its usage at the prices of an ISO day, in ``region`` if it names one.

    The sum of all rows before is the bill's billed cost; always-free allowances lower the cost after it
    as they do in an estimate.
    """
    with localcontext(EXACT):
        listed = _merged(usage)
        metered: dict[int, Metered] = {}
        reasons: dict[int, str] = {}
        for place, one in enumerate(listed):
            found = _meter(one)
            if isinstance(found, str):
                reasons[place] = found
                continue
            priced = _metered(place, one, found, book, on, region or one.region)
            if priced.price is None:
                reasons[place] = UNPRICED
            else:
                metered[place] = priced
        charges = _charges(list(metered.values()), book, on, free_tier)
        rows = [_row(place, one, region, metered, reasons, charges) for place, one in enumerate(listed)]
        dates = [charge.price_date for found in charges.values() for charge in found if charge.price_date]
        span = (min(dates), max(dates)) if dates else None
        return Rerate(month, on, region, tuple(rows), span, tuple(_problems(rows)))


def _merged(usage: Iterable[BilledUsage]) -> list[BilledUsage]:
    """Usage of one usage type whose operations mean the same meter, as one."""
    merged: dict[tuple[object, ...], BilledUsage] = {}
    for one in usage:
        meter = meter_of_usage(one.service, one.usage_type, one.operation)
        key = (one.charge, one.service, one.usage_type, one.region, one.currency, one.covered, meter)
        other = merged.get(key)
        if other is not None:
            known = other.quantity is not None and one.quantity is not None
            quantity = (other.quantity or ZERO) + (one.quantity or ZERO) if known else None
            cost = (other.cost or ZERO) + (one.cost or ZERO)
            one = other._replace(quantity=quantity, cost=cost, lines=other.lines + one.lines)
        merged[key] = one
    return list(merged.values())


def _meter(one: BilledUsage) -> Meter | str:
    """The meter of billed usage, or why it keeps its billed cost."""
    if one.charge != "Usage":
        return f"no usage: {one.charge}"
    if one.covered:
        return "covered by a commitment"
    if one.currency != CURRENCY:
        return f"billed in {one.currency or 'no currency'}, prices are in {CURRENCY}"
    if one.quantity is None:
        return "the bill says no quantity"
    return meter_of_usage(one.service, one.usage_type, one.operation) or "no meter is known for it"


def _metered(place: int, one: BilledUsage, meter: Meter, book: PriceBook, on: str, region: str) -> Metered:
    price = book.price(meter.table, meter.name, meter.kind, region, on)
    unit, title = book.unit_and_title(meter.table, meter.name, region)
    amount = figure(one.quantity)
    reading = Reading(meter.name, amount, unit, meter.kind)
    resource = Resource(one.usage_type, meter.table, region, None)
    return Metered(place, place, resource, reading, meter.table, one.quantity, price, title)


def _charges(metered: Sequence[Metered], book: PriceBook, on: str, free_tier: bool) -> dict[int, list[Charge]]:
    """The charges of each, tiers and allowances counted over all of the bill."""
    pools: dict[tuple[str, ...], list[Metered]] = {}
    for member in metered:
        pools.setdefault(member.pool, []).append(member)
    charges: dict[int, list[Charge]] = {member.place: [] for member in metered}
    for pool in pools.values():
        # Nothing used, or more given back than used: nothing to count in tiers.
        negative = any((member.quantity or ZERO) < 0 for member in pool)
        empty = not any(member.quantity for member in pool)
        parts = [[member] for member in pool] if negative or empty else [pool]
        for part in parts:
            for member, charge in charges_of_pool(part):
                charges[member.place].append(charge)
    for table in dict.fromkeys(member.table for member in metered) if free_tier else ():
        for allowance in book.allowances(table, on):
            sharing = [
                member
                for member in metered
                if member.table == table and member.reading.meter in allowance.meters and (member.quantity or ZERO) > 0
            ]
            for member, charge in allowance_charges(allowance, sharing):
                charges[member.place].append(charge)
    return charges


def _row(
    place: int,
    one: BilledUsage,
    region: str,
    metered: dict[int, Metered],
    reasons: dict[int, str],
    charges: dict[int, list[Charge]],
) -> RerateRow:
    own = charges.get(place, [])
    after: Decimal | None = None
    reason = reasons.get(place, "")
    if any(charge.cost is None for charge in own):
        reason = f"{UNPRICED} for all of it"
    elif not reason:
        after = sum((charge.cost or ZERO for charge in own), ZERO)
    member = metered.get(place)
    return RerateRow(
        service=one.service,
        usage_type=one.usage_type or one.charge,
        region=one.region,
        to_region=(region or one.region) if after is not None else one.region,
        currency=one.currency,
        meter=str(Meter(member.table, member.reading.meter, member.reading.kind)) if member else "",
        quantity=one.quantity,
        unit=member.reading.unit if member else "",
        before=one.cost or ZERO,
        after=after,
        reason=reason,
        lines=one.lines,
    )


def _problems(rows: Iterable[RerateRow]) -> Iterable[Problem]:
    for row in rows:
        if row.reason.startswith(UNPRICED):
            message = f"{row.reason}: {row.usage_type} in {row.region or 'no region'}; kept at its billed cost"
            yield Problem("CK643", "", message, "bring the price with --prices", "warning", hides_cost=True)
