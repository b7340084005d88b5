"""The best commitment of a year of hours and a thousand kinds in well under a second, and still exact; needs numpy.

The stack of every hour is kept twice: as floats, which tell about where a level stands, and as integers modulo
2**64, which tell exactly where it stands to its neighbours. Together they are exact as long as the floats err by
less than 2**62. Method and proof: docs/decisions/hourly_optimum.md.
"""

from array import array
from fractions import Fraction
from importlib import import_module
from math import lcm
from typing import Any, NamedTuple

from costkit.compare.commitments_exact import ExactDemand, around, cheapest
from costkit.compare.commitments_stack import Demand, Stack, Taken

WRAP = 1 << 64
FAR = float(1 << 62)
# One rounding a kind while adding up, and three of each product; twice that to be safe.
ERROR = 2.0**-51
LARGE = 200_000


def demand_of(stack: Stack) -> Demand:
    """The demand of a stack: by numpy where it is large and numpy is there, else in plain integers."""
    packed = all(isinstance(column.values, array) for column in stack.columns)
    if packed and is_large(stack) and stack.convex and stack.weights is None and numpy_is_there():
        fast = FastDemand(stack)
        if fast.exact:
            return fast
    return ExactDemand(stack)


def is_large(stack: Stack) -> bool:
    """Whether plain integers would take seconds."""
    return stack.length * len(stack.layers) > LARGE


def numpy_is_there() -> bool:
    """Whether numpy can be imported."""
    try:
        import_module("numpy")
    except ImportError:
        return False
    return True


class Cut(NamedTuple):
    """A level put into every hour's stack.

    ``whole`` is what is covered whole, by layer in values of its column; ``number`` in how many hours the
    level ends within a layer, ``room`` the sum of what it reaches into it; ``over`` is what is beyond all layers.
    """

    whole: list[int]
    number: list[int]
    room: list[Fraction]
    over: Fraction


class FastDemand:
    """A demand in arrays; ``exact`` says whether its numbers are small enough for that."""

    def __init__(self, stack: Stack) -> None:
        self.numpy: Any = import_module("numpy")
        self.stack, self.hours = stack, stack.hours
        self._worth = lcm(*(value.denominator for value in stack.values))
        self._values = [int(value * self._worth) for value in stack.values]
        self._cut: tuple[Fraction, Cut] | None = None
        self.exact = self._fill()
        self.total = sum((layer.price * self._quantity(place) for place, layer in enumerate(stack.layers)), Fraction(0))

    def _fill(self) -> bool:
        np, stack = self.numpy, self.stack
        shape = (len(stack.layers), stack.length)
        self._rows = [np.frombuffer(column.values, dtype=np.int64) for column in stack.columns]
        self._near, self._wrapped = np.empty(shape), np.empty(shape, dtype=np.uint64)
        for place, (row, factor) in enumerate(zip(self._rows, stack.factors, strict=True)):
            np.multiply(row, float(factor), out=self._near[place])
            np.multiply(row.view(np.uint64), np.uint64(factor % WRAP), out=self._wrapped[place])
            if place:
                self._near[place] += self._near[place - 1]
                self._wrapped[place] += self._wrapped[place - 1]
        self._top = float(self._near[-1].max())
        small = all(float(row.max()) * stack.length < FAR for row in self._rows)
        return small and self._top * (shape[0] + 4) * ERROR < FAR

    def _quantity(self, place: int) -> Fraction:
        return Fraction(int(self._rows[place].sum()), self.stack.columns[place].scale)

    def best(self, fee: Fraction, step: Fraction | None) -> Fraction:
        """The cheapest level: halving what is left until no bend lies between, each decision exact."""
        np, limit = self.numpy, fee * self.hours
        low, high = -1, int(self._top * (1 + (len(self.stack.layers) + 4) * ERROR)) + 1
        under = np.zeros(self.stack.length, dtype=np.int64)
        above = np.full(self.stack.length, len(self.stack.layers), dtype=np.int64)
        while high - low > 1:
            middle = (low + high) // 2
            found = self._beyond(middle, under, above)
            if self._saves_more(found, limit):
                low, under = middle, found
            else:
                high, above = middle, found
        bottom = Fraction(high, self.stack.unit)
        return bottom if step is None else cheapest(self, fee, around(bottom, step))

    def _beyond(self, height: int, under: Any, above: Any) -> Any:
        """For each hour the number of layers that a height covers whole, known to lie between two numbers."""
        np, hours = self.numpy, self.stack.length
        near, wrapped = self._near.ravel(), self._wrapped.ravel()
        low, high, every = under.copy(), above.copy(), np.arange(hours)
        mark, exact = float(height), np.uint64(height % WRAP)
        while True:
            open_ = np.flatnonzero(low < high)
            if not open_.size:
                return low
            middle = (low[open_] + high[open_]) >> 1
            index = middle * hours + every[open_]
            # Near each other the wrapped difference is the true one; far from each other floats cannot err.
            rough = near[index] - mark
            close = (wrapped[index] - exact).view(np.int64)
            covered = np.where(np.abs(rough) > FAR, rough <= 0, close <= 0)
            low[open_] = np.where(covered, middle + 1, low[open_])
            high[open_] = np.where(covered, high[open_], middle)

    def _saves_more(self, found: Any, limit: Fraction) -> bool:
        """Whether a further unit in all hours saves more than ``limit`` USD."""
        counts: list[int] = self.numpy.bincount(found, minlength=len(self._values) + 1).tolist()[:-1]
        saved = sum(count * value for count, value in zip(counts, self._values, strict=True) if count)
        return saved * limit.denominator > limit.numerator * self._worth

    def _at(self, level: Fraction) -> Cut:
        if self._cut is None or self._cut[0] != level:
            self._cut = (level, self._cut_at(level * self.stack.unit))
        return self._cut[1]

    def _cut_at(self, height: Fraction) -> Cut:
        np, kinds, hours = self.numpy, len(self.stack.layers), self.stack.length
        edge = np.zeros(hours, dtype=np.int64)
        found = self._beyond(height.numerator // height.denominator, edge, edge + kinds)
        whole = [int(row[found > place].sum()) for place, row in enumerate(self._rows)]
        number = np.bincount(found, minlength=kinds + 1).tolist()
        index = np.maximum(found - 1, 0) * hours + np.arange(hours)
        near, wrapped = self._near.ravel()[index], self._wrapped.ravel()[index]
        turns = np.rint((near - wrapped.astype(np.float64)) / float(WRAP)).astype(np.int64)
        below = [0] * (kinds + 1)
        for place, part, turn in zip(found.tolist(), wrapped.tolist(), turns.tolist(), strict=True):
            if place:
                below[place] += part + turn * WRAP
        room = [count * height - part for count, part in zip(number, below, strict=True)]
        return Cut(whole, number[:-1], room[:-1], room[-1])

    def saved(self, level: Fraction) -> Fraction:
        """What is no longer paid on demand over all hours, in USD."""
        cut, stack = self._at(level), self.stack
        whole = sum(
            layer.price * Fraction(values, column.scale)
            for values, layer, column in zip(cut.whole, stack.layers, stack.columns, strict=True)
        )
        part = sum(value * room for value, room in zip(self._values, cut.room, strict=True) if room)
        return Fraction(whole + Fraction(part) / self._worth / stack.unit)

    def used(self, level: Fraction) -> Fraction:
        """The units of the commitment that are used over all hours."""
        return (level * self.stack.length) - self._at(level).over / self.stack.unit

    def taken(self, level: Fraction) -> list[Taken]:
        """What is covered of each layer over all hours."""
        cut, stack = self._at(level), self.stack
        found = []
        for values, room, layer, column in zip(cut.whole, cut.room, stack.layers, stack.columns, strict=True):
            units = Fraction(values, column.scale) * layer.rate + room / stack.unit
            found.append(Taken(units / layer.rate, units))
        return found
