"""What a change saves: the engine run before and after it, on everything that the change can move."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from costkit.estimating import Run, estimate, rated
from costkit.model.charge import NEEDS_USAGE, Estimate
from costkit.model.exact import EXACT, ZERO
from costkit.model.finding import Saving
from costkit.model.resource import Resource
from costkit.model.spec import Spec
from costkit.optimize.pools import POINTS, Alike, Bond, Points, Pools
from costkit.pricebook.book import PriceBook
from costkit.rating.gaps import gap_problems
from costkit.rating.metering import Metered

Readings = tuple[list[Metered], ...]
# The resources that a change is about, and what else it may reach.
Reach = tuple[tuple[int, ...], int]
NO_READINGS: Readings = ([],) * POINTS


class Priced(NamedTuple):
    """A set of resources at expected, low and high.

    ``totals`` are those of everything that was priced, ``costs`` the expected cost of each resource that a change
    is about, by its index; ``unstated`` are those whose cost depends on usage nobody has stated. ``missing``
    says what of all this has no cost.
    """

    totals: tuple[Decimal, Decimal, Decimal]
    costs: Mapping[int, Decimal]
    unstated: frozenset[int]
    missing: str


class Pricer:
    """Prices a spec with some of its resources replaced, and with further ones behind its last index.

    Only what shares a tier, an allowance or a commitment with a replaced resource is priced: nothing else can
    move, so the difference is that of the whole spec's totals.
    """

    def __init__(self, spec: Spec, book: PriceBook, on: str) -> None:
        self.spec, self.book, self.on = spec, book, on
        self.points = [as_points(*points) for points in zip(spec.resources, spec.low, spec.high, strict=True)]
        self.pools = Pools(spec, book, on, self.points)
        # Resources as they are, priced with what a change may reach: one check after the other asks for that.
        self._as_it_is: dict[Reach, Priced] = {}
        self._last: tuple[Reach, Mapping[int, Points], Priced] | None = None

    def whole(self, replaced: Mapping[int, Points]) -> Estimate:
        """The estimate of the whole spec with resources replaced, and those behind the last one added."""
        chosen = [replaced.get(index, points) for index, points in enumerate(self.points)]
        chosen += [points for index, points in replaced.items() if index >= len(self.points)]
        expected, low, high = (tuple(points[place] for points in chosen) for place in range(POINTS))
        if all(points[0] is points[1] is points[2] for points in chosen):
            low = high = expected
        return estimate(self.spec._replace(resources=expected, low=low, high=high), self.book, self.on)

    def difference(self, before: Mapping[int, Points], after: Mapping[int, Points]) -> tuple[Priced, Priced]:
        """Everything that differs between two states of the spec, priced in both."""
        with localcontext(EXACT):
            states = [self._readings(state, {**before, **after}) for state in (before, after)]
            bonds = frozenset().union(
                *(self._bonds(index, points) for state in states for index, points in state.items())
            )
            reached = self.pools.reached(bonds)
            return self._before(before, states[0], reached), self._priced(states[1], reached)

    def _bonds(self, index: int, readings: Readings) -> frozenset[Bond]:
        """What a resource shares with others as it is, and with these readings."""
        if index >= len(self.points):
            return self.pools.bonds_of(readings)
        own = self.pools.own_bonds[index]
        return own if readings is self.pools.own[index] else own | self.pools.bonds_of(readings)

    def _before(
        self, before: Mapping[int, Points], readings: Mapping[int, Readings], reached: tuple[Alike, ...]
    ) -> Priced:
        """The state before a change, priced once as it is, and once for all options of a check that starts from it."""
        # What is reached is one and the same tuple as long as it is the same.
        key = (tuple(readings), id(reached))
        if not all(index < len(self.points) and self.pools.own[index] is one for index, one in readings.items()):
            if self._last is None or self._last[:2] != (key, before):
                self._last = (key, before, self._priced(readings, reached))
            return self._last[2]
        if key not in self._as_it_is:
            self._as_it_is[key] = self._priced(readings, reached)
        return self._as_it_is[key]

    def _readings(self, state: Mapping[int, Points], indexes: Iterable[int]) -> dict[int, Readings]:
        """The readings of the resources that a change is about, in one state."""
        return {index: self._readings_of(index, state.get(index)) for index in sorted(indexes)}

    def _readings_of(self, index: int, points: Points | None) -> Readings:
        """Those of one resource: as it is, replaced, or not there yet."""
        if index >= len(self.points):
            return NO_READINGS if points is None else self.pools.metered(points)
        if points is None or points is self.points[index]:
            return self.pools.own[index]
        return self.pools.metered(points)

    def _priced(self, chosen: Mapping[int, Readings], reached: Sequence[Alike]) -> Priced:
        # What is the same at all three points, and shares nothing with what is not, is priced at one.
        moves = any(points[0] is not points[-1] for points in chosen.values())
        ranged = moves or any(self.pools.ranged(alike) for alike in reached)
        totals: list[Decimal] = []
        costs: dict[int, Decimal] = {}
        unstated: set[int] = set()
        missing = ""
        # Point by point, for what the account itself pays has no points of its own in an estimate of three.
        for place in range(POINTS if ranged else 1):
            metered, resources, own = self.pools.at(place, chosen, reached)
            run = rated(metered, self.spec, resources, self.book, self.on)
            each = [
                sum((charge.cost for charge in charges if charge.cost is not None), ZERO) for charges in run.charges
            ]
            account = sum((charge.cost for charge in run.account if charge.cost is not None), ZERO)
            totals.append(sum(each, account))
            missing = missing or self._missing(run)
            if place == 0:
                costs = {index: each[owner] for index, owner in own.items()}
                unstated = {i for i, o in own.items() if any(charge.status == NEEDS_USAGE for charge in run.charges[o])}
        points = totals if ranged else totals * POINTS
        return Priced((points[0], points[1], points[2]), costs, frozenset(unstated), missing)

    def _missing(self, run: Run) -> str:
        """What has no cost, of everything in a run."""
        problems = (*gap_problems(run.gaps, self.book, self.on), *run.problems)
        return next((problem.message for problem in problems if problem.hides_cost), "")


def as_points(expected: Resource, low: Resource, high: Resource) -> Points:
    """A resource at its three points: one and the same where nothing is a range."""
    return (expected, expected, expected) if expected == low == high else (expected, low, high)


def saving_of(differences: Sequence[tuple[Priced, Priced]]) -> Saving:
    """The saving of a change, whose expected way comes first; the others widen its range."""
    amounts = [
        EXACT.subtract(first, last)
        for before, after in differences
        for first, last in zip(before.totals, after.totals, strict=True)
    ]
    return Saving(min(amounts), amounts[0], max(amounts))
