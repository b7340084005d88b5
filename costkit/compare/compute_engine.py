"""Prices a way of running a workload: the estimate's own engine, on the resources that the way is made of."""

from collections.abc import Sequence
from decimal import Decimal

from costkit.compare.compute_assumptions import assumptions_of
from costkit.compare.compute_fleet import Machine
from costkit.compare.compute_options import Way, Ways
from costkit.compare.workload import Load, Workload
from costkit.estimating import STALE_AFTER_DAYS, estimate
from costkit.model.charge import PRICED, Charge, Estimate
from costkit.model.commitment import Commitment
from costkit.model.comparison import Option
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook

# More USD an hour than anything here uses.
AMPLE = Decimal(10**9)


class Engine:
    """Prices ways of one workload, each as an account of its own: they must not share free allowances."""

    def __init__(self, workload: Workload, book: PriceBook, on: str, max_age: int = STALE_AFTER_DAYS) -> None:
        self.workload, self.book, self.on, self.max_age = workload, book, on, max_age
        self.ways = Ways(workload, book, on)
        self._fleets: dict[str, tuple[Sequence[int | None], Estimate]] = {}

    def units(self, way: Way, load: Load) -> int | None:
        """How many instances, tasks or environments a way needs, or None where that is no question."""
        growth = way.growth(load, self.workload)
        return None if growth is None else growth.at(load.requests)

    def price(self, way: Way, loads: Sequence[Load], units: Sequence[int | None]) -> Estimate:
        """The cost of a way at one load, or at expected, low and high."""
        if not self.ways.only_a_fleet(way):
            return self._priced(way, loads, units)
        # As many instances cost as much whatever they serve: growing volumes ask again and again.
        known = self._fleets.get(way.name)
        if known is None or known[0] != units:
            known = self._fleets[way.name] = (units, self._priced(way, loads, units))
        return known[1]

    def _priced(self, way: Way, loads: Sequence[Load], units: Sequence[int | None]) -> Estimate:
        points = [self.ways.resources(way, *pair) for pair in zip(loads, units, strict=True)]
        spec = self.workload.spec._replace(
            resources=points[0],
            low=points[1 % len(points)],
            high=points[-1],
            name=way.name,
            # Fleets are sized for the whole month's requests, and run all month; what exists runs as it is stated.
            hours_per_week=self.workload.spec.hours_per_week if way.present else None,
            commitments=(),
            problems=(),
            not_priced=(),
            free={},
        )
        if way.plan is not None:
            spec = spec._replace(commitments=(self._whole(way.plan, spec),))
        result = estimate(spec, self.book, self.on, self.max_age)
        return _with_operations(result, self.workload.needs.ops_cost) if way.kind == "ec2" else result

    def _whole(self, plan: Commitment, spec: Spec) -> Commitment:
        """A plan of just the size that covers the expected usage: what of an ample one would be used."""
        alone = spec._replace(low=spec.resources, high=spec.resources, commitments=(plan._replace(size=AMPLE),))
        [unused] = estimate(alone, self.book, self.on, self.max_age).account
        return plan._replace(size=AMPLE - quotient(unused.cost or ZERO, spec.month_hours))

    def sells(self, machine: Machine, purchase: str) -> bool:
        """Whether an instance type has a proven price in the region, bought like that."""
        return self.book.price("ec2_instance", purchase, machine.name, self.workload.region, self.on) is not None

    def expected(self, way: Way) -> Estimate:
        """The cost of a way at the expected load."""
        load = self.workload.loads[0]
        return self.price(way, [load], [self.units(way, load)])

    def option(self, way: Way) -> Option:
        """A way with its cost over the whole range."""
        loads = self.workload.loads if self.workload.ranged else self.workload.loads[:1]
        units = [self.units(way, load) for load in loads]
        count = None if units[0] is None else Decimal(units[0])
        priced = self.price(way, loads, units)
        return Option(way.name, way.kind, way.purchase, priced, count, assumptions_of(way, self.workload, units))


def _with_operations(result: Estimate, cost: Decimal) -> Estimate:
    """An estimate with what operating the instances costs, as it was stated, as a charge of its own."""
    if cost == ZERO:
        return result
    step = f"cost: 1 month x {plain(cost)} = {plain(cost)} {result.currency}"
    charge = Charge(
        meter="operations",
        title="Operations, as stated",
        quantity=ONE,
        unit="month",
        unit_price=cost,
        cost=cost,
        status=PRICED,
        steps=(step,),
        low=cost,
        high=cost,
    )
    return result._replace(
        account=(*result.account, charge),
        cost=result.cost + cost,
        low=result.low + cost,
        high=result.high + cost,
    )
