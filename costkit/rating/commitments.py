"""Commitments of the account: which usage they cover, hour by hour, and what of them is unused.

AWS applies reserved instances first, then EC2 Instance Savings Plans, then Compute Savings Plans, and a
plan first to the usage with the highest discount, ties to the lower rate:
https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html. What an hour does not use is lost.

A spec says for how many hours of the month something runs, not for which. Schedules are taken to overlap as
much as they can, so that a month is a few stretches of hours that are all alike; usage without hours
(function calls, RPU-hours) is spread evenly over the month. Free allowances come before savings plans.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from costkit.model.charge import Charge
from costkit.model.commitment import RESERVATIONS, Commitment
from costkit.model.exact import ZERO
from costkit.model.price import Allowance
from costkit.model.problem import Problem
from costkit.pricebook.book import PriceBook
from costkit.rating.commitment_charges import Cover, account_charge, cover_charges
from costkit.rating.commitment_offers import Offer, offer_of, unproven
from costkit.rating.metering import Metered

ORDER = (*RESERVATIONS, "ec2_savings_plan", "compute_savings_plan")
NOTHING = Fraction(0)


class Applied(NamedTuple):
    """What commitments come to: charges of resources by the place of their reading, charges of the account."""

    covered: dict[int, list[Charge]]
    account: list[Charge]
    problems: list[Problem]


def apply_commitments(
    metered: Sequence[Metered],
    commitments: Iterable[Commitment],
    allowances: Iterable[tuple[str, Allowance]],
    book: PriceBook,
    on: str,
    month_hours: Decimal,
) -> Applied:
    """Cover usage by commitments; what is covered is taken off each reading's quantity.

    ``allowances`` are those that come first, with their tables. Usage whose rate under a commitment is
    not proven stays on demand, and a problem says so.
    """
    offers = [offer_of(commitment, metered, book, on, month_hours) for commitment in commitments]
    offers.sort(key=lambda offer: ORDER.index(offer.commitment.kind))
    free = _free_shares(metered, allowances)
    covers = _covered(metered, offers, free, month_hours)
    result = Applied({}, [], [problem for offer in offers for problem in offer.problems])
    for place, offer in enumerate(offers):
        own = [cover for cover in covers if cover.offer == place]
        if offer.fee is None:
            result.account.append(account_charge(offer, ZERO))
            continue
        charges, unused = cover_charges(offer, own, metered, month_hours)
        for cover, charge in zip(own, charges, strict=True):
            result.covered.setdefault(cover.place, []).append(charge)
            _take_off(metered[cover.place], charge.quantity or ZERO)
        result.account.append(account_charge(offer, unused))
    for offer in offers:
        result.problems.extend(unproven(offer, metered))
    return result


def _take_off(member: Metered, covered: Decimal) -> None:
    member.covered = member.covered + covered
    member.quantity = (member.quantity or ZERO) - covered


def _free_shares(metered: Sequence[Metered], allowances: Iterable[tuple[str, Allowance]]) -> dict[int, Fraction]:
    """The part of each reading that a free allowance will take, which no savings plan has to cover."""
    shares: dict[int, Fraction] = {}
    for table, allowance in allowances:
        sharing = [m for m in metered if m.table == table and m.reading.meter in allowance.meters and m.quantity]
        used = sum((Fraction(member.quantity or ZERO) for member in sharing), NOTHING)
        part = min(Fraction(allowance.quantity), used) / used if used else NOTHING
        for member in sharing:
            shares[member.place] = Fraction(member.quantity or ZERO) * part
    return shares


def _covered(
    metered: Sequence[Metered], offers: Sequence[Offer], free: dict[int, Fraction], month_hours: Decimal
) -> list[Cover]:
    """What each offer covers of each reading over the month, in exact fractions.

    A commitment counts by the clock hour: four instances that run a quarter of an hour each use a
    reserved hour up together. So the month is cut where something stops, at whole hours.
    """
    places = {place for offer in offers for place in offer.rates}
    hours = {place: _hours(metered[place], month_hours) for place in places}
    hourly = {
        place: (Fraction(metered[place].quantity or ZERO) - free.get(place, NOTHING)) / hours[place]
        for place in places
        if hours[place]
    }
    month = Fraction(month_hours)
    ends = {min(Fraction(whole), month) for stop in hours.values() for whole in (floor(stop), ceil(stop))}
    sums: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
    start = NOTHING
    for end in sorted({*ends, Fraction(floor(month)), month} - {NOTHING}):
        left = {
            place: rate * (min(end, hours[place]) - start) for place, rate in hourly.items() if hours[place] > start
        }
        for number, offer in enumerate(offers):
            for place, amount, units in _one_stretch(offer, left, Fraction(offer.capacity) * (end - start)):
                before = sums.get((number, place), (NOTHING, NOTHING))
                sums[number, place] = (before[0] + amount, before[1] + units)
        start = end
    return [Cover(offer, place, *both) for (offer, place), both in sorted(sums.items())]


def _one_stretch(
    offer: Offer, left: dict[int, Fraction], capacity: Fraction
) -> Iterable[tuple[int, Fraction, Fraction]]:
    """What an offer covers in hours that are all alike: the place, the quantity and the units it takes."""
    for place, rate in offer.rates.items():
        amount = left.get(place, NOTHING)
        if not capacity or not amount:
            continue
        units = min(capacity, amount * rate)
        covered = amount if units == amount * rate else units / rate
        capacity -= units
        left[place] = amount - covered
        yield place, covered, units


def _hours(member: Metered, month_hours: Decimal) -> Fraction:
    """The hours of the month in which a reading happens; all of them where it does not say."""
    running = member.reading.running
    if running is None or running.top is None:
        return Fraction(month_hours)
    return min(Fraction(running.top) / Fraction(running.bottom), Fraction(month_hours))
