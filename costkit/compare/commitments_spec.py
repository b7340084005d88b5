"""A spec to choose commitments for; what it has committed to already stays and, in AWS's order, comes first."""

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fnmatch import fnmatchcase
from fractions import Fraction

from costkit.compare.commitments_candidates import Candidates, Wanted, offers_for
from costkit.compare.commitments_exact import ExactDemand, around
from costkit.compare.commitments_month import Stretch, stack_of, stretches
from costkit.compare.commitments_scene import WHOLE, decimal, fee_of, step_of
from costkit.estimating import STALE_AFTER_DAYS, estimate
from costkit.model.charge import Estimate
from costkit.model.commitment import SAVINGS_PLANS
from costkit.model.exact import EXACT, ZERO
from costkit.model.price import Allowance
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook
from costkit.rating.commitment_offers import Offer, offer_of
from costkit.rating.commitments import ORDER
from costkit.rating.metering import Metered, meter

HUNDRED = Fraction(100)
MOST_TRIED = 60
NOTES = (
    "schedules overlap as much as they can; what has no hours is spread evenly over the month",
    "what the spec has committed to already is kept",
)
RANGED = "the levels are chosen for the expected usage"


class SpecScene:
    """A spec with its prices."""

    def __init__(self, spec: Spec, wanted: Wanted, book: PriceBook, on: str, max_age: int = STALE_AFTER_DAYS) -> None:
        self.spec, self.book, self.on, self.max_age = spec, book, on, max_age
        self._metered: dict[Fraction, list[Metered]] = {}
        self._months: dict[tuple[Fraction, int], list[Stretch]] = {}
        self._demands: dict[tuple[object, ...], ExactDemand] = {}
        self.base = estimate(spec, book, on, max_age)
        with localcontext(EXACT):
            self.candidates: Candidates = offers_for(self._usage(WHOLE), wanted, book, on, spec.month_hours)
        self.subject: tuple[tuple[str, str], ...] = (("spec", spec.name),)
        self.notes: tuple[str, ...] = (*NOTES, RANGED) if spec.ranged else NOTES

    def demand(self, offer: Offer, share: Fraction = WHOLE) -> ExactDemand:
        """What an offer may cover, if only a share of all usage is left."""
        key = (share, ORDER.index(offer.commitment.kind), tuple(offer.rates.items()))
        if key not in self._demands:
            self._demands[key] = ExactDemand(stack_of(self._month(offer, share), offer, self._prices(share)))
        return self._demands[key]

    def priced(self, offer: Offer, size: Decimal) -> Estimate:
        """The estimate with ``size`` of the offer on top of what is committed already."""
        added = offer.commitment._replace(size=size)
        return estimate(
            self.spec._replace(commitments=(*self.spec.commitments, added)), self.book, self.on, self.max_age
        )

    def tried(self, offer: Offer, step: Fraction | None) -> Iterable[Fraction]:
        """Levels to be tried in whole estimates: where plans come after it, or prices change with quantity."""
        if not (self._comes_before_another(offer) or self._has_tiers(offer) or self._shares_an_allowance(offer)):
            return []
        demand = self.demand(offer)
        levels = set(demand.bends())
        size = step_of(offer)
        if offer.commitment.kind not in SAVINGS_PLANS and max(levels) / size <= MOST_TRIED:
            levels |= {count * size for count in range(int(max(levels) / size) + 2)}
        if step is not None:
            levels = {near for level in levels for near in around(level, step)}
        ordered = sorted(levels)
        if len(ordered) > MOST_TRIED:
            best = demand.best(fee_of(offer, self.spec.month_hours), step)
            ordered = sorted(ordered, key=lambda level: abs(level - best))[:MOST_TRIED]
        return ordered

    def _usage(self, share: Fraction) -> list[Metered]:
        if share not in self._metered:
            spec = self.spec
            found = meter(spec.resources, self.book, self.on, spec.month_hours, spec.hours_per_week)
            for member in found:
                member.quantity = None if member.quantity is None else member.quantity * decimal(share)
            self._metered[share] = found
        return self._metered[share]

    def _allowances(self, metered: list[Metered]) -> list[tuple[str, Allowance]]:
        tables = dict.fromkeys(member.table for member in metered) if self.spec.free_tier else ()
        return [(table, allowance) for table in tables for allowance in self.book.allowances(table, self.on)]

    def _month(self, offer: Offer, share: Fraction) -> list[Stretch]:
        order = ORDER.index(offer.commitment.kind)
        if (share, order) not in self._months:
            metered = self._usage(share)
            before = [offer for place, offer in self._existing(share) if place <= order]
            allowances = self._allowances(metered)
            self._months[share, order] = stretches(metered, before, allowances, self.spec.month_hours)
        return self._months[share, order]

    def _existing(self, share: Fraction) -> list[tuple[int, Offer]]:
        """What the spec has committed to, in the order in which AWS applies it."""
        metered = self._usage(share)
        found = [
            (ORDER.index(one.kind), offer_of(one, metered, self.book, self.on, self.spec.month_hours))
            for one in self.spec.commitments
        ]
        return sorted(found, key=lambda entry: entry[0])

    def _prices(self, share: Fraction) -> dict[int, Fraction]:
        """What a unit costs on demand by place, less negotiated discounts."""
        found = {}
        for member in self._usage(share):
            price = member.price.tiers[0].price if member.price else None
            left = Fraction(price or ZERO)
            for discount in self.spec.discounts:
                if any(fnmatchcase(member.resource.type, pattern) for pattern in discount.types):
                    left -= left * Fraction(discount.percent) / HUNDRED
            found[member.place] = left
        return found

    def _comes_before_another(self, offer: Offer) -> bool:
        order = ORDER.index(offer.commitment.kind)
        return any(place > order and set(later.rates) & set(offer.rates) for place, later in self._existing(WHOLE))

    def _has_tiers(self, offer: Offer) -> bool:
        """Whether any of it reaches a tier: what is not covered is then the cheapest part of it or the dearest."""
        pools: dict[tuple[str, ...], Decimal] = {}
        metered = self._usage(WHOLE)
        for member in metered:
            pools[member.pool] = pools.get(member.pool, ZERO) + (member.quantity or ZERO)
        prices = ((metered[place].price, pools[metered[place].pool]) for place in offer.rates)
        return any(price is not None and len(price.tiers) > 1 and used > price.tiers[1].start for price, used in prices)

    def _shares_an_allowance(self, offer: Offer) -> bool:
        """Whether a free allowance is shared with other meters: what is covered moves it to them."""
        metered = self._usage(WHOLE)
        covered = [metered[place] for place in offer.rates]
        for table, allowance in self._allowances(metered):
            if any(member.table == table and member.reading.meter in allowance.meters for member in covered):
                sharing = (m for m in metered if m.table == table and m.reading.meter in allowance.meters)
                if len({member.pool for member in sharing if member.quantity}) > 1:
                    return True
        return False
