"""What the resources of a spec share: their readings by pool, so that one change need not rate all of them again.

Everything in a pool that a change does not touch counts by its sum alone. So it is rated as one stand-in for each
kind of usage, beside the resources that the change is about; the totals are those of the whole.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ONE, ZERO
from costkit.model.figure import UNKNOWN, Figure
from costkit.model.resource import Resource
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook
from costkit.rating.metering import Metered, meter

Points = tuple[Resource, Resource, Resource]
Bond = tuple[str, ...]
POINTS = 3
COMMITTED: Bond = ("commitments",)


class Alike(NamedTuple):
    """What readings have in common that count by their sum: the pool, the type, and how commitments see them."""

    pool: Bond
    type: str
    cover: str
    running: tuple[Decimal | None, Decimal] | None
    known: bool


class Share:
    """The readings of a spec that are alike: their sums at three points, and where they stand."""

    __slots__ = ("first", "indexes", "sums")

    def __init__(self, first: Metered) -> None:
        self.first = first
        self.indexes: list[int] = []
        self.sums = [ZERO] * POINTS


class Pools:
    """The readings of a spec's resources, by what they share."""

    def __init__(self, spec: Spec, book: PriceBook, on: str, resources: Sequence[Points]) -> None:
        self.spec, self.book, self.on = spec, book, on
        self.own = [self.metered(points) for points in resources]
        self.shares: dict[Alike, Share] = {}
        self.by_bond: dict[Bond, dict[Alike, None]] = {}
        self.own_bonds = [self.bonds_of(points) for points in self.own]
        self._reached: dict[frozenset[Bond], tuple[Alike, ...]] = {}
        for index, points in enumerate(self.own):
            self._add(index, points)

    def metered(self, points: Points) -> tuple[list[Metered], ...]:
        """The readings of a resource at its three points; the same list where nothing is a range."""
        spec = self.spec
        distinct = points[:1] if points[0] is points[1] is points[2] else points
        found = [meter((one,), self.book, self.on, spec.month_hours, spec.hours_per_week) for one in distinct]
        return (found[0], found[0], found[0]) if len(found) == 1 else tuple(found)

    def _add(self, index: int, points: tuple[list[Metered], ...]) -> None:
        for place, metered in enumerate(points):
            for member in metered:
                bonds = self.bonds(member)
                if not bonds:
                    continue
                alike = _alike(member)
                share = self.shares.get(alike)
                if share is None:
                    share = self.shares[alike] = Share(member)
                    for bond in bonds:
                        self.by_bond.setdefault(bond, {})[alike] = None
                if not share.indexes or share.indexes[-1] != index:
                    share.indexes.append(index)
                share.sums[place] += member.quantity or ZERO

    def bonds(self, member: Metered) -> list[Bond]:
        """What a reading shares with others: a graduated pool, allowances, commitments."""
        found: list[Bond] = []
        price = member.price
        if price is not None and price.pooled and len(price.tiers) > 1:
            found.append(member.pool)
        if self.spec.free_tier:
            for allowance in self.book.allowances(member.table, self.on):
                if member.reading.meter in allowance.meters:
                    found.append((member.table, allowance.name))
        if self.spec.commitments and member.reading.cover:
            found.append(COMMITTED)
        return found

    def bonds_of(self, points: Sequence[Sequence[Metered]]) -> frozenset[Bond]:
        """What the readings of a resource share with others, at any of its points."""
        distinct = points[:1] if all(metered is points[0] for metered in points) else points
        return frozenset(bond for metered in distinct for member in metered for bond in self.bonds(member))

    def reached(self, bonds: frozenset[Bond]) -> tuple[Alike, ...]:
        """The kinds of usage that may cost something else when what shares this changes."""
        if bonds not in self._reached:
            alike = dict.fromkeys(alike for bond in sorted(bonds) for alike in self.by_bond.get(bond, ()))
            self._reached[bonds] = next((one for one in self._reached.values() if set(one) == set(alike)), tuple(alike))
        return self._reached[bonds]

    def ranged(self, alike: Alike) -> bool:
        """Whether there is more or less of a kind of usage where ranges are low or high."""
        first, *others = self.shares[alike].sums
        return any(other != first for other in others)

    def at(
        self, place: int, chosen: Mapping[int, tuple[list[Metered], ...]], reached: Iterable[Alike]
    ) -> tuple[list[Metered], list[Resource], dict[int, int]]:
        """What to rate at one point: readings, the resources they belong to, and the places of the chosen ones.

        ``chosen`` are the readings of the resources that a change is about; all others of the kinds that are
        ``reached`` come as stand-ins. Everything stands in the order in which the whole spec has it.
        """
        taken: dict[Alike, Decimal] = {}
        for index in (index for index in chosen if index < len(self.own)):
            for member in self.own[index][place]:
                key = _alike(member)
                taken[key] = taken.get(key, ZERO) + (member.quantity or ZERO)
        parts: list[tuple[int, bool, list[Metered]]] = [
            (index, True, points[place]) for index, points in chosen.items() if points[place]
        ]
        for alike in reached:
            share = self.shares[alike]
            first = _first(share.indexes, chosen)
            if first is not None:
                left = share.sums[place] - taken.get(alike, ZERO)
                parts.append((first, False, [_stand_in(share.first, alike, left)]))
        parts.sort(key=lambda part: part[0])
        members = [(owner, member) for owner, part in enumerate(parts) for member in part[2]]
        metered = [_placed(member, place, owner) for place, (owner, member) in enumerate(members)]
        own = {index: owner for owner, (index, is_own, _) in enumerate(parts) if is_own}
        return metered, [part[2][0].resource for part in parts], own


def _alike(member: Metered) -> Alike:
    running = member.reading.running
    hours = None if running is None else (running.top, running.bottom)
    return Alike(member.pool, member.resource.type, member.reading.cover, hours, member.quantity is not None)


def _first(indexes: Sequence[int], chosen: Collection[int]) -> int | None:
    return next((index for index in indexes if index not in chosen), None)


def _stand_in(first: Metered, alike: Alike, quantity: Decimal) -> Metered:
    """One reading for all others that are alike."""
    amount = Figure(quantity, "all others") if alike.known else UNKNOWN
    reading = first.reading._replace(amount=amount)
    resource = first.resource._replace(copies=ONE)
    number = quantity if alike.known else None
    return Metered(0, 0, resource, reading, first.table, number, first.price, first.title)


def _placed(member: Metered, place: int, owner: int) -> Metered:
    """A reading at its place; rating takes what commitments cover off it, so that each run has its own."""
    # Of a what-if only the sums are kept, so that nobody reads how they came about.
    about = (member.resource, member.reading, member.table, member.quantity, member.price, member.title)
    return Metered(place, owner, *about, explained=False)
