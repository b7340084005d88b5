"""What every chart needs: round numbers for the axes, short texts for them, and which lines are drawn."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from costkit.model.comparison import BreakEven, Comparison, Curve
from costkit.model.exact import plain

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
PREFIXES = ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k"))
MOST_POINTS = 8
COST_TITLE = "USD a month"


class Bounds(NamedTuple):
    """How far the axes reach: from nothing to ``volume`` and ``cost``."""

    volume: Decimal
    cost: Decimal


def bounds(curves: Sequence[Curve]) -> Bounds:
    """Axes that hold all curves, ending on a round number upwards."""
    volume = max(point[0] for curve in curves for point in curve.points)
    cost = max(point[1] for curve in curves for point in curve.points)
    top = ticks(cost or Decimal(1))[-1]
    # Once more, until the last of the round numbers is the end of the axis.
    return Bounds(volume or Decimal(1), ticks(top)[-1])


def ticks(top: Decimal, about: int = 6) -> list[Decimal]:
    """Round numbers from zero up to at least ``top``, ``about`` so many."""
    raw = top / about
    power = Decimal(1).scaleb(raw.adjusted())
    step = next(step * power for step in STEPS if step * power >= raw)
    count = int(top / step) + (1 if top % step else 0)
    return [step * place for place in range(count + 1)]


def within(top: Decimal) -> list[Decimal]:
    """Round numbers from zero that do not exceed ``top``."""
    return [tick for tick in ticks(top) if tick <= top]


def short(number: Decimal) -> str:
    """A number for an axis: ``30M``, ``2.5k``, ``0.2``."""
    for size, letter in PREFIXES:
        if number >= size:
            return f"{_three(number / size)}{letter}"
    return _three(number)


def _three(number: Decimal) -> str:
    """Three digits that matter."""
    if not number:
        return "0"
    return plain(Decimal(f"{number:.3g}"))


def drawn_points(comparison: Comparison, limits: Bounds) -> list[tuple[BreakEven, Decimal]]:
    """The break-even points of two drawn lines, with the cost at each, in rising order."""
    lines = {curve.option: curve for curve in comparison.curves}
    found = [
        (one, cost_at(lines[one.option], one.amount))
        for one in comparison.break_even
        if one.option in lines and one.against in lines and one.amount <= limits.volume
    ]
    return sorted(found, key=lambda point: point[0].amount)


def cost_at(curve: Curve, volume: Decimal) -> Decimal:
    """The cost of a curve at a volume between two of its points."""
    for (x0, y0), (x1, y1) in pairwise(curve.points):
        if x0 <= volume <= x1:
            return y0 + (y1 - y0) * (volume - x0) / (x1 - x0)
    return curve.points[-1][1]
