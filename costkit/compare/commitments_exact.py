"""The best commitment in exact integers, by sorting all levels at which an hour's usage of a kind is covered whole.

The cost of a level is a sum of straight lines that bend only at those levels, so that one of them costs least.
With what saves most covered first, each further unit saves no more than the one before: the best level is then a
weighted quantile of the bends. Method and proof: docs/decisions/hourly_optimum.md.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm

from costkit.compare.commitments_stack import Demand, Stack, Taken


class ExactDemand:
    """A demand in integers of any length."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.hours = stack, stack.hours
        weights = stack.weights or ()
        self._weight_scale = lcm(*(weight.denominator for weight in weights)) if weights else 1
        self._weights = [int(weight * self._weight_scale) for weight in weights] or [1] * stack.length
        self._worth = lcm(*(step.denominator for step in stack.steps)) * self._weight_scale * stack.unit
        self._fill()
        self.total = Fraction(self._areas[-1], self._worth)

    def _fill(self) -> None:
        stack = self.stack
        scale = self._worth // (self._weight_scale * stack.unit)
        steps = [int(step * scale) for step in stack.steps]
        bends: dict[int, int] = {0: 0}
        self._tops: list[int] = []
        for hour, weight in enumerate(self._weights):
            height = 0
            for column, factor, step in zip(stack.columns, stack.factors, steps, strict=True):
                height += column.values[hour] * factor
                if step:
                    bends[height] = bends.get(height, 0) + step * weight
            self._tops.append(height)
        self._levels = sorted(bends)
        # _areas[i] is what level i saves; _slopes[i] what a further unit saves beyond it.
        slope, area, before = sum(bends.values()), 0, 0
        self._slopes: list[int] = []
        self._areas: list[int] = []
        for level in self._levels:
            area += slope * (level - before)
            slope -= bends[level]
            before = level
            self._areas.append(area)
            self._slopes.append(slope)

    def best(self, fee: Fraction, step: Fraction | None) -> Fraction:
        """The cheapest level: a quantile where the cost has one valley, else the cheapest of all bends."""
        unit = self.stack.unit
        if self.stack.convex:
            # Bends are passed as long as a further unit saves more than it costs.
            limit = fee * self.hours * self._worth / unit
            place = bisect_left(self._slopes, -limit, key=lambda slope: -Fraction(slope))
            bottom = Fraction(self._levels[place], unit)
            return bottom if step is None else cheapest(self, fee, around(bottom, step))
        return self._lowest(fee, step)

    def _lowest(self, fee: Fraction, step: Fraction | None) -> Fraction:
        """The cheapest of all bends, or of the multiples of a step beside them."""
        rate = fee * self.hours * self._worth / self.stack.unit
        costs = [
            rate.numerator * level - rate.denominator * area
            for level, area in zip(self._levels, self._areas, strict=True)
        ]
        lowest = Fraction(self._levels[costs.index(min(costs))], self.stack.unit)
        if step is None:
            return lowest
        near = cheapest(self, fee, around(lowest, step))
        # Between two bends nothing costs less than the cheaper of them: dearer ones need no look.
        least = (fee * self.hours * near - self.saved(near)) * self._worth * rate.denominator
        levels = (level for level, cost in zip(self._levels, costs, strict=True) if cost <= least)
        return cheapest(self, fee, {one for level in levels for one in around(Fraction(level, self.stack.unit), step)})

    def bends(self) -> list[Fraction]:
        """The levels at which the cost may turn, from none on."""
        return [Fraction(level, self.stack.unit) for level in self._levels]

    def saved(self, level: Fraction) -> Fraction:
        """What is no longer paid on demand over all hours, in USD."""
        height = level * self.stack.unit
        place = max(bisect_right(self._levels, height) - 1, 0)
        return (self._areas[place] + self._slopes[place] * (height - self._levels[place])) / self._worth

    def used(self, level: Fraction) -> Fraction:
        """The units of the commitment that are used over all hours."""
        height = level * self.stack.unit
        top, bottom = height.numerator, height.denominator
        used = sum(min(top, full * bottom) * weight for full, weight in zip(self._tops, self._weights, strict=True))
        return Fraction(used, bottom * self.stack.unit * self._weight_scale)

    def taken(self, level: Fraction) -> list[Taken]:
        """What is covered of each layer over all hours."""
        stack, height = self.stack, level * self.stack.unit
        factors = [factor * height.denominator for factor in stack.factors]
        lefts = [height.numerator] * stack.length
        found = []
        for layer, column, factor in zip(stack.layers, stack.columns, factors, strict=True):
            parts = [min(left, value * factor) for left, value in zip(lefts, column.values, strict=True)]
            lefts = [left - part for left, part in zip(lefts, parts, strict=True)]
            whole = sum(part * weight for part, weight in zip(parts, self._weights, strict=True))
            units = Fraction(whole, height.denominator * stack.unit * self._weight_scale)
            found.append(Taken(units / layer.rate, units))
        return found


class Shrunk:
    """A demand of which only a share is left in every hour: all levels and amounts shrink with it."""

    def __init__(self, whole: Demand, share: Fraction) -> None:
        self.whole, self.share = whole, share
        self.hours, self.total = whole.hours, whole.total * share

    def best(self, fee: Fraction, step: Fraction | None) -> Fraction:
        """The cheapest level of what is left."""
        return self.share * self.whole.best(fee, None if step is None else step / self.share)

    def saved(self, level: Fraction) -> Fraction:
        """What is no longer paid on demand over all hours, in USD."""
        return self.share * self.whole.saved(level / self.share)

    def used(self, level: Fraction) -> Fraction:
        """The units of the commitment that are used over all hours."""
        return self.share * self.whole.used(level / self.share)

    def taken(self, level: Fraction) -> list[Taken]:
        """What is covered of each layer over all hours."""
        found = self.whole.taken(level / self.share)
        return [Taken(one.quantity * self.share, one.units * self.share) for one in found]


def around(level: Fraction, step: Fraction) -> Iterator[Fraction]:
    """The multiples of a step next to a level."""
    below = level // step * step
    yield below
    if below != level:
        yield below + step


def cheapest(demand: Demand, fee: Fraction, levels: Iterable[Fraction]) -> Fraction:
    """The lowest of the levels that cost least."""
    return min(sorted(levels), key=lambda level: fee * demand.hours * level - demand.saved(level))
