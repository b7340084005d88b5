"""Where two costs meet as a volume grows: one runs in straight pieces, the other may also climb in steps.

Nothing here knows what is compared: a difference is asked for at volumes, and its sign is followed. Between
two neighbouring volumes it is a straight line by construction, so that a crossing is solved, not approached.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from costkit.model.exact import EXACT, quotient

# Beyond this nobody has a volume, and a crossing there says no more than that there is none.
MOST = Fraction(10**12)
# Steps looked at from either end of a range in which the costs can meet. Only two that grow alike have more.
MOST_STEPS = 40
Difference = Callable[[Decimal, int], Decimal]


class Growth(NamedTuple):
    """How a fleet grows with the volume: ``least`` at first, then ``rate`` for each unit of volume, rounded up."""

    least: int = 1
    rate: Fraction = Fraction(0)

    def at(self, volume: Decimal | Fraction) -> int:
        """How many there are at a volume."""
        return max(self.least, ceil(self.rate * Fraction(volume)))

    def last(self, number: int) -> Fraction:
        """The last whole volume that so many are enough for."""
        return Fraction(floor(number / self.rate)) if self.rate else MOST


class Crossing(NamedTuple):
    """A volume up to which one side is cheaper, and beyond which the other one is.

    ``first`` says that the first side is the cheaper one up to ``volume``. ``exact`` crossings are volumes
    at which both cost the same; at others the fleet grows from this whole volume to the next.
    """

    volume: Decimal
    first: bool
    exact: bool


class Found(NamedTuple):
    """The crossings in rising order, and the ranges in which there are so many that they are not told apart."""

    crossings: list[Crossing]
    unknown: list[tuple[Decimal, Decimal]]


def crossings(difference: Difference, bends: Sequence[Fraction], growth: Growth, end: Fraction | None = None) -> Found:
    """Every volume at which ``difference(volume, number)`` changes its sign, in rising order.

    ``difference`` is the cost of the first side less that of the second, whose fleet has ``number``
    pieces; ``bends`` are the volumes at which either side changes its slope; ``end`` is where the cost
    of one is no longer known.
    """
    with localcontext(EXACT):
        return _followed(difference, _places(difference, bends, growth, end))


def decimal(volume: Fraction) -> Decimal:
    """A volume as a decimal, cut at twenty places where it does not end."""
    return quotient(Decimal(volume.numerator), Decimal(volume.denominator))


Place = tuple[Fraction, int] | None


def _places(difference: Difference, bends: Sequence[Fraction], growth: Growth, end: Fraction | None) -> Iterator[Place]:
    """The volumes to look at, with the number of pieces: in between, everything is straight.

    None stands for a range with too many crossings to tell them apart.
    """
    limit = MOST if end is None else min(end, MOST)
    inner = sorted({bend for bend in bends if 0 < bend < limit})
    for start, stop in zip([Fraction(0), *inner], [*inner, limit], strict=True):
        turn = growth.last(growth.least)
        if start <= turn:
            yield start, growth.least
            yield min(stop, turn), growth.least
        if stop > turn:
            yield from _steps(difference, max(start, turn + 1), stop, growth)


def _steps(difference: Difference, start: Fraction, stop: Fraction, growth: Growth) -> Iterator[Place]:
    """The volumes before and after each step that matters in a straight piece."""
    first, last = growth.at(start), growth.at(stop)
    low, high = _band(difference, start, stop, growth)
    low, high = max(first, low), min(last, high)
    hidden = range(low + MOST_STEPS, high - MOST_STEPS + 1)
    shown = range(low, high + 1) if not hidden else [*range(low, hidden[0]), *range(hidden[-1] + 1, high + 1)]
    for number in sorted({first, last, *shown}):
        if hidden and number == hidden[-1] + 1:
            yield None
        begin, finish = max(start, growth.last(number - 1) + 1), min(stop, growth.last(number))
        if begin <= finish:
            yield begin, number
            yield finish, number


def _band(difference: Difference, start: Fraction, stop: Fraction, growth: Growth) -> tuple[int, int]:
    """The least and the greatest number of pieces with which the costs can meet between two volumes.

    The difference is ``h(v) - piece * number``, with h straight and ``rate * v <= number < rate * v + 1``.
    It can only be zero where ``h(v) - piece * rate * v`` lies between 0 and the cost of one piece.
    """
    number = growth.at(start)
    at_start = Fraction(difference(decimal(start), number))
    piece = at_start - Fraction(difference(decimal(start), number + 1))
    begins = at_start + piece * number - piece * growth.rate * start
    ends = Fraction(difference(decimal(stop), number)) + piece * number - piece * growth.rate * stop
    slope = (ends - begins) / (stop - start) if stop > start else Fraction(0)
    if slope:
        sides = sorted((start - begins / slope, start + (piece - begins) / slope))
        low, high = max(start, sides[0]), min(stop, sides[1])
    elif 0 <= begins <= piece:
        low, high = start, stop
    else:
        return 1, 0
    if low > high:
        return 1, 0
    return growth.at(low) - 1, growth.at(high) + 1


def _followed(difference: Difference, places: Iterator[Place]) -> Found:
    """The changes of sign from place to place."""
    found: list[Crossing] = []
    unknown: list[tuple[Decimal, Decimal]] = []
    hidden = False
    before: tuple[Fraction, int, Fraction] | None = None
    same: Fraction | None = None
    for place in places:
        if place is None:
            hidden = True
            continue
        volume, number = place
        value = Fraction(difference(decimal(volume), number))
        if not value:
            same = volume if same is None else same
            continue
        if hidden and before is not None:
            unknown.append((decimal(before[0]), decimal(volume)))
        elif before is not None and (value > 0) != (before[2] > 0):
            found.append(_crossing(before, (volume, number, value), same))
        before, same, hidden = (volume, number, value), None, False
    return Found(found, unknown)


def _crossing(
    before: tuple[Fraction, int, Fraction], after: tuple[Fraction, int, Fraction], same: Fraction | None
) -> Crossing:
    first = before[2] < 0
    if same is not None:
        return Crossing(decimal(same), first, exact=True)
    if before[1] != after[1]:
        return Crossing(decimal(before[0]), first, exact=False)
    volume = before[0] + (after[0] - before[0]) * before[2] / (before[2] - after[2])
    return Crossing(decimal(volume), first, exact=True)
