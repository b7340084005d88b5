"""What a commitment comes to in money: a charge of each resource it covers, and one of the account for the rest."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from costkit.model.charge import PRICED, UNPRICED, Charge
from costkit.model.commitment import RESERVED_INSTANCES, SAVINGS_PLANS
from costkit.model.exact import ZERO, plain, quotient
from costkit.rating.commitment_offers import Offer
from costkit.rating.metering import Metered


class Cover(NamedTuple):
    """What an offer covers of a reading over the month: a quantity, and the units of the commitment it takes."""

    offer: int
    place: int
    quantity: Fraction
    units: Fraction


def cover_charges(
    offer: Offer, covers: Sequence[Cover], metered: Sequence[Metered], month_hours: Decimal
) -> tuple[list[Charge], Decimal]:
    """The charges of what an offer covers, in the order of ``covers``, and the part of its fee that is unused.

    Each gets the share of the fee that its units are of all the commitment's; they and the unused part add
    up to the fee exactly. A savings plan's units are money already.
    """
    fee = offer.fee or ZERO
    whole = Fraction(offer.capacity) * Fraction(month_hours)
    costs = [_exact(Fraction(fee) * cover.units / whole) if whole else ZERO for cover in covers]
    unused = fee - sum(costs, ZERO)
    if covers and sum((cover.units for cover in covers), Fraction(0)) == whole:
        # Used to the full: crumbs of fractions that had to be cut are not unused.
        costs[-1] += unused
        unused = ZERO
    return [
        _charge(offer, cover, cost, whole, metered[cover.place]) for cover, cost in zip(covers, costs, strict=True)
    ], unused


def _charge(offer: Offer, cover: Cover, cost: Decimal, whole: Fraction, member: Metered) -> Charge:
    price = offer.prices[cover.place]
    quantity = _exact(cover.quantity)
    plan = offer.commitment.kind in SAVINGS_PLANS
    unit_price = price.tiers[0].price if plan else None
    fee, units = plain(offer.fee or ZERO), plain(_exact(cover.units))
    if plan and unit_price is not None and quantity * unit_price == cost:
        step = f"cost: {plain(quantity)} x {plain(unit_price)} = {plain(cost)} USD"
    elif plan:
        step = f"cost: {plain(cost)} = {plain(cost)} USD, the rest of the plan"
    else:
        step = f"cost: {fee} x {units} / {plain(_exact(whole))} = {plain(cost)} USD"
    covered = f"quantity: {plain(quantity)} = {plain(quantity)} {member.reading.unit}, covered"
    return Charge(
        meter=_meter(offer, member),
        title=f"{member.title.partition(', on demand')[0]}, {offer.commitment.title}",
        quantity=quantity,
        unit=member.reading.unit,
        unit_price=unit_price,
        cost=cost,
        status=PRICED,
        price_date=price.effective,
        confirmed=price.confirmed,
        source=price.origin,
        steps=(covered, step),
        low=cost,
        high=cost,
        fee=True,
        doubt=offer.doubt,
        part=member.reading.part,
    )


def _meter(offer: Offer, member: Metered) -> str:
    commitment = offer.commitment
    kind = f".{member.reading.kind}" if member.reading.kind else ""
    if commitment.kind in SAVINGS_PLANS:
        inner = "" if member.reading.cover == "instance" else f".{member.reading.meter}"
        return f"{commitment.kind}.{commitment.terms}{inner}{kind}"
    if commitment.kind == RESERVED_INSTANCES:
        return f"{commitment.offer}_reserved.{commitment.terms}{kind}"
    return f"{'reserved' if member.reading.cover == 'node' else 'reservation'}.{commitment.terms}{kind}"


def account_charge(offer: Offer, unused: Decimal) -> Charge:
    """The account's charge for what of a commitment is unused; without a price where its fee has none."""
    commitment = offer.commitment
    family = "savings_plan" if commitment.kind in SAVINGS_PLANS else "reservation"
    meter, title = f"{family}.unused", f"{commitment.title}, unused"
    if offer.fee is None:
        return Charge(meter, title, None, "", None, None, UNPRICED, steps=("not applied: its price is not proven",))
    used = offer.fee - unused
    step = f"cost: {plain(offer.fee)} - {plain(used)} = {plain(unused)} USD, paid and not used"
    price = offer.sources[0] if offer.sources else None
    said = (price.effective, price.confirmed, price.origin) if price else ("", "", "")
    about = (meter, title, None, "", None, unused, PRICED)
    return Charge(*about, *said, steps=(step,), low=unused, high=unused, upfront=offer.upfront, fee=True)


def _exact(fraction: Fraction) -> Decimal:
    """A fraction as a decimal, in full if it ends, else cut off."""
    return quotient(Decimal(fraction.numerator), Decimal(fraction.denominator))
