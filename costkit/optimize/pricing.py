"""What a change saves: the engine run before and after it, on everything that the change can move."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from costkit.estimating import estimate
from costkit.model.charge import NEEDS_USAGE, Estimate
from costkit.model.exact import EXACT
from costkit.model.finding import Saving
from costkit.model.resource import Resource
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook
from costkit.rating.metering import meter

Points = tuple[Resource, Resource, Resource]
Bond = tuple[str, ...]
POINTS = 3


class Priced(NamedTuple):
    """A set of resources at expected, low and high: their totals, the expected estimate, and what has no cost."""

    totals: tuple[Decimal, Decimal, Decimal]
    estimate: Estimate
    missing: str


class Pricer:
    """Prices a spec with some of its resources replaced.

    Only what shares a tier or an allowance with a replaced resource is priced: nothing else can move,
    so the difference is that of the whole spec's totals. What commitments cover depends on everything.
    """

    def __init__(self, spec: Spec, book: PriceBook, on: str) -> None:
        self.spec, self.book, self.on = spec, book, on
        self.points = [as_points(*points) for points in zip(spec.resources, spec.low, spec.high, strict=True)]
        self.bonds = [self._bonds(points) for points in self.points]
        self.members: dict[Bond, list[int]] = {}
        for index, bonds in enumerate(self.bonds):
            for bond in bonds:
                self.members.setdefault(bond, []).append(index)
        self._known: dict[tuple[int, ...], Priced] = {}

    def whole(self, replaced: Mapping[int, Points]) -> Estimate:
        """The estimate of the whole spec with resources replaced."""
        chosen = [replaced.get(index, points) for index, points in enumerate(self.points)]
        expected, low, high = (tuple(points[place] for points in chosen) for place in range(POINTS))
        if all(points[0] is points[1] is points[2] for points in chosen):
            low = high = expected
        return estimate(self.spec._replace(resources=expected, low=low, high=high), self.book, self.on)

    def difference(self, before: Mapping[int, Points], after: Mapping[int, Points]) -> tuple[Priced, Priced]:
        """Everything that differs between two states of the spec, priced in both."""
        before, after = (
            {index: points for index, points in state.items() if points is not self.points[index]}
            for state in (before, after)
        )
        touched = {index for index in {*before, *after} if before.get(index) != after.get(index)}
        reached = set(touched)
        for index in touched:
            for points in (self.points[index], before.get(index), after.get(index)):
                for bond in () if points is None else self._bonds(points):
                    reached.update(self.members.get(bond, ()))
        # What is replaced in both states may share with what differs only since it was replaced.
        reached.update({*before, *after})
        if self.spec.commitments:
            reached = set(range(len(self.points)))
        indexes = sorted(reached)
        return self._priced(indexes, before), self._priced(indexes, after)

    def _priced(self, indexes: Sequence[int], replaced: Mapping[int, Points]) -> Priced:
        key = tuple(indexes)
        if not replaced and key in self._known:
            return self._known[key]
        chosen = [replaced.get(index, self.points[index]) for index in indexes]
        ranged = any(points[0] is not points[1] or points[0] is not points[2] for points in chosen)
        # Point by point, for what the account itself pays has no points of its own in an estimate of three.
        results = [self._at([points[place] for points in chosen]) for place in range(POINTS if ranged else 1)]
        costs = [result.cost for result in results] if ranged else [results[0].cost] * POINTS
        problems = [problem for result in results for problem in result.problems]
        missing = next((problem.message for problem in problems if problem.hides_cost), "")
        priced = Priced((costs[0], costs[1], costs[2]), results[0], missing)
        if not replaced:
            self._known[key] = priced
        return priced

    def _at(self, resources: Sequence[Resource]) -> Estimate:
        """Resources priced at one point of their ranges."""
        same = tuple(resources)
        spec = self.spec._replace(resources=same, low=same, high=same, problems=(), not_priced=(), free={})
        return estimate(spec, self.book, self.on)

    def _bonds(self, points: Points) -> frozenset[Bond]:
        """What a resource shares with others at any of its points: graduated pools and allowances."""
        spec = self.spec
        found: set[Bond] = set()
        distinct = points[:1] if points[0] is points[1] is points[2] else points
        for metered in meter(distinct, self.book, self.on, spec.month_hours, spec.hours_per_week):
            price = metered.price
            if price is not None and price.pooled and len(price.tiers) > 1:
                found.add(metered.pool)
            if spec.free_tier:
                for allowance in self.book.allowances(metered.table, self.on):
                    if metered.reading.meter in allowance.meters:
                        found.add((metered.table, allowance.name))
        return frozenset(found)


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


def depends_on_usage(priced: Priced, name: str) -> bool:
    """Whether a resource has a charge that depends on usage nobody has stated."""
    return any(
        charge.status == NEEDS_USAGE
        for cost in priced.estimate.resources
        if cost.resource.name == name
        for charge in cost.charges
    )
