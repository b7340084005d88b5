"""From how many requests on Lambda costs more than its rivals, and how the costs run until there."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from costkit.compare.break_even import Crossing, Found, Growth, crossings, decimal
from costkit.compare.compute_engine import Engine
from costkit.compare.compute_options import Way
from costkit.model.charge import ALLOWANCE, Estimate
from costkit.model.comparison import BreakEven, Curve, Option

VARIED = "requests a month"
MOST_RIVALS = 12
SAMPLES = 48
# How far beyond today's volume a chart goes to show a crossing.
FARTHEST = 20
# Two volumes between which nothing is in steps: the quantities of a way are read off from them.
PROBES = (Decimal(10**6), Decimal(2 * 10**6))


class Side:
    """A way as a cost over the volume, at the expected duration."""

    def __init__(self, engine: Engine, way: Way) -> None:
        self.engine, self.way, self.load = engine, way, engine.workload.loads[0]
        self.growth = way.growth(self.load, engine.workload)

    def estimate(self, volume: Decimal, number: int | None = None) -> Estimate:
        """The way priced at a volume, with its own number of instances unless one is given; of none without a fleet."""
        load = self.load._replace(requests=volume)
        if self.growth is None:
            number = None
        elif number is None:
            number = self.growth.at(volume)
        return self.engine.price(self.way, [load], [number])

    def cost(self, volume: Decimal, number: int | None = None) -> Decimal:
        """What it costs a month at a volume."""
        return self.estimate(volume, number).cost

    def bends(self) -> tuple[list[Fraction], Fraction | None]:
        """The volumes at which a tier or an allowance changes the slope, and where the proven tiers end."""
        book, on = self.engine.book, self.engine.on
        number = None if self.growth is None else self.growth.least
        # A plan takes usage out of its meter, but what is free is free before and after.
        bare = Side(self.engine, self.way._replace(plan=None))
        low, high = (_quantities(bare.estimate(volume, number)) for volume in PROBES)
        lines = {key: _line(low.get(key, Decimal(0)), quantity) for key, quantity in high.items()}
        found, ends = [], []
        for (table, meter), line in lines.items():
            price = book.price(table, meter, "", self.engine.workload.region, on)
            for tier in price.tiers if price else ():
                found += _reached(tier.start, [line])
                ends += _reached(tier.start, [line]) if tier.price is None else []
        if self.engine.workload.spec.free_tier:
            for table in {table for table, _ in lines}:
                for free in book.allowances(table, on):
                    sharing = [line for (name, meter), line in lines.items() if name == table and meter in free.meters]
                    found += _reached(free.quantity, sharing)
        return found, min(ends, default=None)


class Met(NamedTuple):
    """The break-even points of Lambda, the rivals without any, and those with more than can be told apart."""

    points: tuple[BreakEven, ...] = ()
    apart: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


def break_evens(engine: Engine, options: Sequence[Option], ways: Mapping[str, Way]) -> Met:
    """Where the cheapest Lambda on demand meets the cheapest rival of each kind and way to buy."""
    whole = [option for option in options if option.estimate.complete]
    ours = next((option for option in whole if ways[option.name].is_plain_lambda), None)
    if ours is None:
        return Met()
    lambda_side = Side(engine, ways[ours.name])
    rivals: dict[tuple[str, str], Option] = {}
    for option in whole:
        way = ways[option.name]
        if not way.is_plain_lambda and not way.present:
            rivals.setdefault((option.kind, way.family), option)
    points: list[BreakEven] = []
    apart, again = [], []
    for rival in list(rivals.values())[:MOST_RIVALS]:
        found = meetings(lambda_side, Side(engine, ways[rival.name]))
        points += [_named(crossing, ours.name, rival.name) for crossing in found.crossings]
        if not found.crossings:
            apart.append(rival.name)
        if found.unknown:
            again.append(rival.name)
    return Met(tuple(points), tuple(apart), tuple(again))


def meetings(ours: Side, rival: Side) -> Found:
    """Every volume at which a way without steps and a rival change places as the cheaper one."""
    (bends, end), (more, other_end) = ours.bends(), rival.bends()
    known: dict[Decimal, Decimal] = {}

    def difference(volume: Decimal, number: int) -> Decimal:
        if volume not in known:
            known[volume] = ours.cost(volume)
        return known[volume] - rival.cost(volume, number)

    most = ours.engine.workload.most_requests(ours.load)
    ends = [one for one in (end, other_end, most) if one is not None]
    return crossings(difference, [*bends, *more], rival.growth or Growth(), min(ends, default=None))


def curves_of(
    engine: Engine, options: Sequence[Option], ways: Mapping[str, Way], met: Iterable[BreakEven]
) -> tuple[Curve, ...]:
    """The cost over the volume of Lambda on demand and the cheapest rival of other kinds, to beyond today's volume."""
    drawn: dict[str, Option] = {}
    for option in options:
        if option.estimate.complete and (option.kind != "lambda" or ways[option.name].is_plain_lambda):
            drawn.setdefault(option.kind, option)
    today = max(load.requests for load in engine.workload.loads)
    names = {option.name for option in drawn.values()}
    near = [one.amount for one in met if {one.option, one.against} <= names and one.amount <= today * FARTHEST]
    top = max([today * 2, *(amount * 3 / 2 for amount in near)])
    most = engine.workload.most_requests(engine.workload.loads[0])
    if most is not None:
        top = min(top, max(today, decimal(most)))
    return tuple(Curve(name, _sampled(Side(engine, ways[name]), top)) for name in sorted(names))


def _sampled(side: Side, top: Decimal) -> tuple[tuple[Decimal, Decimal], ...]:
    """Points of a curve: even ones, and both ends of each step where these are not too many."""
    places = {decimal(Fraction(top) * step / SAMPLES) for step in range(SAMPLES + 1)}
    growth = side.growth
    if growth is not None and growth.rate and growth.at(top) - growth.least <= SAMPLES:
        for number in range(growth.least, growth.at(top)):
            last = decimal(growth.last(number))
            places |= {last, last + 1}
    else:
        places |= {decimal(bend) for bend in side.bends()[0] if 0 < bend < Fraction(top)}
    return tuple((volume, side.cost(volume)) for volume in sorted(places) if volume <= top)


def _named(crossing: Crossing, ours: str, rival: str) -> BreakEven:
    below, above = (ours, rival) if crossing.first else (rival, ours)
    return BreakEven(ours, rival, VARIED, crossing.volume, below, above, crossing.exact)


def _quantities(result: Estimate) -> dict[tuple[str, str], Decimal]:
    """How much of each table's meters is used, tiers without a proven price included."""
    found: dict[tuple[str, str], Decimal] = {}
    for cost in result.resources:
        for charge in cost.charges:
            if charge.status != ALLOWANCE and charge.quantity is not None:
                key = (cost.resource.type, charge.meter)
                found[key] = found.get(key, Decimal(0)) + charge.quantity
    return found


def _line(low: Decimal, high: Decimal) -> tuple[Fraction, Fraction]:
    """The quantity without requests, and that of each request."""
    slope = (Fraction(high) - Fraction(low)) / Fraction(PROBES[1] - PROBES[0])
    return Fraction(low) - slope * Fraction(PROBES[0]), slope


def _reached(quantity: Decimal, lines: Sequence[tuple[Fraction, Fraction]]) -> list[Fraction]:
    """The volume at which quantities together reach an amount, if they ever do."""
    fixed, slope = sum((line[0] for line in lines), Fraction(0)), sum((line[1] for line in lines), Fraction(0))
    return [(Fraction(quantity) - fixed) / slope] if slope > 0 and quantity else []
