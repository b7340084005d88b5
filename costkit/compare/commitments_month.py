"""The month of a spec as stretches of hours that are all alike, as its estimate takes it, less what is committed."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil, floor, lcm
from typing import NamedTuple

from costkit.compare.commitments_stack import Column, Layer, Stack
from costkit.model.exact import ZERO
from costkit.model.price import Allowance
from costkit.rating.commitment_offers import Offer
from costkit.rating.commitments import NOTHING, _free_shares, _hours, _one_stretch
from costkit.rating.metering import Metered


class Stretch(NamedTuple):
    """Hours that are all alike: how many, and what runs in all of them together by the place of its reading."""

    hours: Fraction
    left: dict[int, Fraction]


def stretches(
    metered: Sequence[Metered],
    before: Sequence[Offer],
    allowances: Iterable[tuple[str, Allowance]],
    month_hours: Decimal,
) -> list[Stretch]:
    """The month, cut where something stops at whole hours, less what is free and what ``before`` covers.

    The rule is that of costkit/rating/commitments.py, so that a level found here is one of the estimate.
    """
    free = _free_shares(metered, allowances)
    hours = {m.place: _hours(m, month_hours) for m in metered if m.reading.cover and m.quantity}
    hourly = {
        place: (Fraction(metered[place].quantity or ZERO) - free.get(place, NOTHING)) / own
        for place, own in hours.items()
        if own
    }
    month = Fraction(month_hours)
    ends = {min(Fraction(whole), month) for stop in hours.values() for whole in (floor(stop), ceil(stop))}
    found, start = [], NOTHING
    for end in sorted({*ends, Fraction(floor(month)), month} - {NOTHING}):
        left = {
            place: rate * (min(end, hours[place]) - start) for place, rate in hourly.items() if hours[place] > start
        }
        for offer in before:
            for _ in _one_stretch(offer, left, Fraction(offer.capacity) * (end - start)):
                pass
        found.append(Stretch(end - start, left))
        start = end
    return found


def stack_of(month: Sequence[Stretch], offer: Offer, prices: dict[int, Fraction]) -> Stack:
    """The usage that an offer may cover, by the hour, in its order; ``prices`` are USD on demand by place."""
    layers, columns = [], []
    kinds = ((rate, prices.get(place, NOTHING), place) for place, rate in offer.rates.items() if rate)
    for (rate, price), group in groupby(kinds, key=lambda kind: kind[:2]):
        places = [place for _, _, place in group]
        amounts = [sum((s.left.get(place, NOTHING) for place in places), NOTHING) / s.hours for s in month]
        scale = lcm(*(amount.denominator for amount in amounts))
        layers.append(Layer(rate, price))
        columns.append(Column([int(amount * scale) for amount in amounts], scale))
    return Stack(layers, columns, weights=[stretch.hours for stretch in month])
