"""Usage by the hour to choose commitments for, with the prices of the engine."""

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from fnmatch import fnmatchcase
from fractions import Fraction

from costkit.compare.commitments_candidates import Candidates, Wanted, offers_for
from costkit.compare.commitments_exact import Shrunk
from costkit.compare.commitments_fast import demand_of, is_large, numpy_is_there
from costkit.compare.commitments_scene import WHOLE, decimal
from costkit.compare.commitments_stack import Column, Demand, Layer, Stack
from costkit.compare.hourly_usage import HourlyUsage, Use
from costkit.inputs.binding import nearest
from costkit.model.charge import Charge, Estimate, ResourceCost
from costkit.model.exact import EXACT, ZERO
from costkit.model.figure import figure
from costkit.model.problem import CostkitError, Problem
from costkit.model.reading import Reading
from costkit.model.resource import Resource
from costkit.pricebook.book import CURRENCY, PriceBook
from costkit.rating.commitment_charges import Cover, account_charge, cover_charges
from costkit.rating.commitment_offers import Offer, unproven
from costkit.rating.gaps import gap_problems
from costkit.rating.metering import Metered
from costkit.rating.pools import charges_of_pool

# Which meters which commitments cover, as the services say of their own readings.
COVERS = (
    ("ec2_instance", "on_demand", "instance"),
    ("ec2_instance", "on_demand.*", "instance"),
    ("fargate_task", "vcpu.*", "compute"),
    ("fargate_task", "memory.*", "compute"),
    ("lambda_function", "duration.*", "compute"),
    ("lambda_function", "provisioned_*.*", "compute"),
    ("redshift_cluster", "node", "node"),
    ("redshift_serverless", "rpu", "rpu"),
)
NOTES = (
    "the usage is taken to be what is left after free allowances and existing commitments",
    "the hours of the file stand for every month; hours without a row have no usage",
)


class UsageScene:
    """Usage by the hour with its prices, as a month of its average."""

    def __init__(self, usage: HourlyUsage, wanted: Wanted, book: PriceBook, on: str, month_hours: Decimal) -> None:
        self.usage, self.book, self.on, self.month_hours = usage, book, on, month_hours
        self.month = Fraction(month_hours) / (usage.hours + usage.idle)
        _refuse_unknown(usage, book)
        with localcontext(EXACT):
            self.metered = [self._metered(place, *kind) for place, kind in enumerate(usage.kinds.items())]
            self._costs = [self._alone(member) for member in self.metered]
            self.problems = list(self._problems())
            self.base = self._estimate({}, (), ())
            self.candidates: Candidates = offers_for(self.metered, wanted, book, on, month_hours)
        self._demands: dict[tuple[object, ...], Demand] = {}
        hours = f"{usage.hours + usage.idle} hours from {usage.first} to {usage.last}"
        self.subject: tuple[tuple[str, str], ...] = (
            ("usage", usage.name),
            ("hours", hours),
            ("kinds", str(len(usage.kinds))),
        )
        self.notes: tuple[str, ...] = NOTES

    def demand(self, offer: Offer, share: Fraction = WHOLE) -> Demand:
        """What an offer may cover, if only a share of all usage is left."""
        rates = {place: rate for place, rate in offer.rates.items() if rate and self.metered[place].price}
        key = tuple(rates.items())
        if key not in self._demands:
            columns = list(self.usage.kinds.values())
            layers = [Layer(rate, self._price(place)) for place, rate in rates.items()]
            stack = Stack(layers, [columns[place] for place in rates], self.usage.idle)
            self._demands[key] = demand_of(stack)
        whole = self._demands[key]
        return whole if share == WHOLE else Shrunk(whole, share)

    def tried(self, offer: Offer, step: Fraction | None) -> Iterable[Fraction]:
        """None: nothing else takes part."""
        return []

    def priced(self, offer: Offer, size: Decimal) -> Estimate:
        """The estimate with ``size`` of the offer: charges of what it covers, the rest on demand."""
        bought = offer._replace(
            commitment=offer.commitment._replace(size=size),
            capacity=offer.capacity * size,
            fee=None if offer.fee is None else offer.fee * size,
            upfront=offer.upfront * size,
        )
        places = [place for place, rate in offer.rates.items() if rate and self.metered[place].price]
        taken = self.demand(offer).taken(Fraction(bought.capacity))
        covers = [
            Cover(0, place, one.quantity * self.month, one.units * self.month)
            for place, one in zip(places, taken, strict=True)
            if one.quantity
        ]
        charges, unused = cover_charges(bought, covers, self.metered, self.month_hours)
        covered = {cover.place: charge for cover, charge in zip(covers, charges, strict=True)}
        return self._estimate(covered, (account_charge(bought, unused),), unproven(offer, self.metered))

    def _price(self, place: int) -> Fraction:
        price = self.metered[place].price
        return Fraction((price.tiers[0].price if price else None) or ZERO)

    def _metered(self, place: int, use: Use, column: Column) -> Metered:
        quantity = decimal(Fraction(sum(column.values), column.scale) * self.month)
        price = self.book.price(use.table, use.meter, use.type, use.region, self.on)
        unit, title = self.book.unit_and_title(use.table, use.meter, use.region)
        title = price.title if price else f"{title}, {use.type}" if use.type else title
        amount = figure(quantity, price.unit if price else unit)
        cover = next((c for table, meters, c in COVERS if table == use.table and fnmatchcase(use.meter, meters)), "")
        reading = Reading(use.meter, amount, price.unit if price else unit, use.type, cover=cover)
        name = " ".join(part for part in (use.table, use.meter, use.type, use.region) if part)
        resource = Resource(name, use.table, use.region, None, where=self.usage.name)
        return Metered(place, place, resource, reading, use.table, quantity, price, title)

    def _alone(self, member: Metered) -> ResourceCost:
        charges = tuple(charge for _, charge in charges_of_pool([member]))
        return _cost(member.resource, charges)

    def _estimate(
        self, covered: dict[int, Charge], account: tuple[Charge, ...], problems: Iterable[Problem]
    ) -> Estimate:
        costs = list(self._costs)
        for place, charge in covered.items():
            rest = self._rest(self.metered[place], charge.quantity or ZERO)
            costs[place] = _cost(rest.resource, (charge, *self._alone(rest).charges) if rest.quantity else (charge,))
        total = sum((cost.cost for cost in costs), ZERO) + sum((charge.cost or ZERO for charge in account), ZERO)
        upfront = sum((charge.upfront for charge in account), ZERO)
        about = ("", CURRENCY, self.on, self.month_hours, tuple(costs), account)
        return Estimate(*about, (*self.problems, *problems), total, total, total, upfront)

    def _rest(self, member: Metered, covered: Decimal) -> Metered:
        """A reading without what is covered of it."""
        quantity = (member.quantity or ZERO) - covered
        about = (member.place, member.owner, member.resource, member.reading, member.table)
        rest = Metered(*about, quantity, member.price, member.title)
        rest.covered = covered
        return rest

    def _problems(self) -> Iterator[Problem]:
        """What has no proven price, reaches cheaper tiers, or takes long."""
        gaps = [
            (member, charge) for member, cost in zip(self.metered, self._costs, strict=True) for charge in cost.charges
        ]
        yield from gap_problems([gap for gap in gaps if gap[1].cost is None], self.book, self.on)
        tiered = [
            m.resource.name
            for m in self.metered
            if m.price and len(m.price.tiers) > 1 and m.reading.cover and (m.quantity or ZERO) > m.price.tiers[1].start
        ]
        if tiered:
            message = f"{', '.join(tiered)}: reaches a further tier; levels are chosen at the price of the first"
            yield Problem("CK532", self.usage.name, message, "the costs shown are right for the level shown", "warning")
        columns = list(self.usage.kinds.values())
        stack = Stack([Layer(WHOLE, WHOLE)] * len(columns), columns)
        if is_large(stack) and not numpy_is_there():
            message = f"{stack.length} hours of {len(columns)} kinds take a while without numpy"
            yield Problem("CK533", self.usage.name, message, "pip install 'costkit[fast]'", "warning")


def _cost(resource: Resource, charges: tuple[Charge, ...]) -> ResourceCost:
    total = sum((charge.cost for charge in charges if charge.cost is not None), ZERO)
    return ResourceCost(resource, charges, total, total, total, (total,))


def _refuse_unknown(usage: HourlyUsage, book: PriceBook) -> None:
    """Tables, meters and regions that are none; raises CostkitError with all of them."""
    tables, regions = book.table_names(), book.regions()
    problems = []
    for use in usage.kinds:
        if use.table not in tables:
            problems.append(Problem("CK107", usage.name, f"no price table {use.table}", nearest(use.table, tables)))
        elif use.region not in regions:
            problems.append(
                Problem("CK108", usage.name, f"AWS has no region {use.region}", nearest(use.region, regions))
            )
        elif not book.unit_and_title(use.table, use.meter, use.region)[0]:
            hint = f"costkit prices list {use.table} shows its meters"
            problems.append(Problem("CK102", usage.name, f"{use.table} has no meter {use.meter}", hint))
    if problems:
        raise CostkitError(dict.fromkeys(problems))
