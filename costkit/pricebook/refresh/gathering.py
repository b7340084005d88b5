"""What the price lists read say of our meters, and what of them is not understood."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from sys import intern
from typing import NamedTuple

from costkit.model.exact import ZERO
from costkit.model.price import Tier
from costkit.pricebook.refresh.offer import ON_DEMAND, Offer, Product, Publication, Term
from costkit.pricebook.refresh.rules import BEHIND_COLON, OfferRules, Rule, usage_type_of
from costkit.pricebook.refresh.stating import Doubtful, Statement, statement
from costkit.pricebook.refresh.tier_parts import TierParts

REGION_NAMES = ("regioncode", "fromregioncode", "discountedregioncode")
OF_A_REGION = "AWS Region"
MOST_UNKNOWN = 5000
# A region with less than a tenth of the rows of another one is not what a file is about.
STRAYS = 10
Key = tuple[str, str, str, str]  # table, meter, type, region


class Stated(NamedTuple):
    """A price that AWS states: since when, in which publication, under which SKU."""

    tiers: tuple[Tier, ...]
    effective: str
    publication: Publication
    sku: str
    tolerance: Decimal = ZERO
    note: str = ""


class Unknown(NamedTuple):
    """Rows of a price list that were not taken, alike in all that counts; ``sku`` is one of them."""

    offer: str
    family: str
    usage_type: str
    reason: str
    sku: str
    rows: int = 1


NO_RULE = "no rule knows it"


class Gathered:
    """The prices stated by all lists read in one run.

    ``covered`` holds table, meter and region of everything that the lists should state: a price of the
    tables there which no list states has ended. ``typed`` are the meters whose rows have types; of what is ``doubted``
    a row was there but could not be taken, so it has not ended.
    """

    def __init__(self) -> None:
        self.stated: dict[Key, Stated] = {}
        self.covered: set[tuple[str, str, str]] = set()
        self.offer_of: dict[tuple[str, str], str] = {}
        self.typed: set[tuple[str, str]] = set()
        self.doubted: set[Key] = set()
        self.conflicting: set[Key] = set()
        self.publications: dict[str, Publication] = {}
        self.ignored: dict[str, int] = {}
        self._unknown: dict[tuple[str, ...], Unknown] = {}
        self.unlisted = 0

    @property
    def unknown(self) -> list[Unknown]:
        """What was not taken, the most frequent first; at most a few thousand kinds."""
        return sorted(self._unknown.values(), key=lambda one: (-one.rows, one[:4]))

    def ignore(self, because: str) -> None:
        """Count a row that is known to feed nothing."""
        self.ignored[because] = self.ignored.get(because, 0) + 1

    def doubt(self, offer: str, product: Product, reason: str) -> None:
        """Keep a row that was not taken for the list of those."""
        usage = usage_type_of(product)
        # Usage types of one kind differ by the type behind the colon: BoxUsage:m7g.large.
        key = (offer, product.family, usage.partition(":")[0], reason)
        found = self._unknown.get(key)
        if found is not None:
            self._unknown[key] = found._replace(rows=found.rows + 1)
        elif len(self._unknown) < MOST_UNKNOWN:
            self._unknown[key] = Unknown(offer, product.family, usage, reason, product.sku)
        else:
            self.unlisted += 1

    def state(self, key: Key, stated: Stated, product: Product) -> None:
        """Take a price; two lists or products that state different ones make it doubtful, and none is taken."""
        before = self.stated.get(key)
        if key in self.conflicting or (before is not None and before.tiers != stated.tiers):
            self.doubt(stated.publication.offer, product, f"several rows state different prices for {key[1]}")
            self.stated.pop(key, None)
            self.conflicting.add(key)
            self.doubted.add(key)
        elif before is None:
            self.stated[key] = stated


class Regions(NamedTuple):
    """The regions that prices are kept for, and those that this run is about."""

    known: frozenset[str]
    wanted: frozenset[str]


def gather(
    offer: Offer,
    known: OfferRules,
    regions: Regions,
    kinds: Mapping[str, Iterable[str]],
    into: Gathered,
    asked: str = "",
) -> None:
    """Read one list: ``kinds`` are the types each table describes, ``asked`` the region it was fetched for."""
    publication = offer.publication
    wanted: dict[str, tuple[Product, str, list[Rule]]] = {}
    rows: dict[str, int] = {}
    by_family: dict[str, list[Rule]] = {}
    for product in offer.products():
        if product.family not in by_family:
            by_family[product.family] = [r for r in known.rules if not _other_family(r, product.family)]
        fitting = [rule for rule in by_family[product.family] if rule.pattern.fits(product)]
        region, elsewhere = _region_of(product, regions.known)
        if region in regions.wanted:
            rows[region] = rows.get(region, 0) + 1
        if elsewhere:
            into.ignore(elsewhere)
        elif region not in regions.wanted:
            into.ignore("in a region that was not asked for")
        elif fitting:
            wanted[product.sku] = (product, region, fitting)
        else:
            _leave(product, known, into)
    # Read to its end before it counts: a torn list must not look as if prices had ended.
    terms = _latest(offer, wanted, publication.published)
    # What is sold once for all regions stands in the files of some: one without it says nothing of it.
    everywhere = {rule.table for _, _, rules in wanted.values() for rule in rules if rule.region}
    _cover(known, publication.offer, {asked} & regions.wanted if asked else _at_home(rows), everywhere, into)
    into.publications[publication.source] = publication
    parts = _take(terms, wanted, publication, kinds, into)
    _join(parts, known.rules, publication, into)


def _at_home(rows: Mapping[str, int]) -> set[str]:
    """The regions a file is about: that of one region also has a few rows of others, such as transfer from there."""
    most = max(rows.values(), default=0)
    return {region for region, number in rows.items() if number * STRAYS >= most}


def _other_family(rule: Rule, family: str) -> bool:
    return rule.pattern.family is not None and not rule.pattern.family.fullmatch(family)


def _region_of(product: Product, known: frozenset[str]) -> tuple[str, str]:
    """A product's region, or why it has none that prices are kept for."""
    given = product.attributes
    region = next((given[name] for name in REGION_NAMES if given.get(name)), "")
    kind = given.get("locationtype") or given.get("fromlocationtype") or OF_A_REGION
    # A savings plan's own location is any region; that of the discounted usage counts.
    if "discountedregioncode" not in given and kind != OF_A_REGION:
        return region, f"not in a region: {kind}"
    if not region:
        return region, "for no region: free tiers and global rows"
    return (region, "") if region in known else (region, "in a zone or partition without tables")


def _leave(product: Product, known: OfferRules, into: Gathered) -> None:
    for one in known.ignored:
        if one.pattern.fits(product):
            into.ignore(one.because)
            return
    into.doubt(known.offer, product, NO_RULE)


def _cover(known: OfferRules, offer: str, seen: set[str], everywhere: set[str], into: Gathered) -> None:
    for rule in known.rules:
        if rule.region and rule.table not in everywhere:
            continue
        for meter in rule.meters():
            into.offer_of[(rule.table, meter)] = offer
            into.covered.update((rule.table, meter, rule.region or region) for region in seen)
            if rule.type:
                into.typed.add((rule.table, meter))


def _latest(offer: Offer, wanted: Mapping[str, object], published: str) -> dict[tuple[str, ...], Term]:
    """Of several terms of one kind the one in force on the day of publication."""
    found: dict[tuple[str, ...], Term] = {}
    for term in offer.terms(wanted):
        key = (term.sku, term.kind, term.offering, term.length, term.payment)
        before = found.get(key)
        if before is None or before.effective < term.effective <= published or before.effective > published:
            found[key] = term
    return found


def _take(
    terms: Mapping[tuple[str, ...], Term],
    wanted: Mapping[str, tuple[Product, str, list[Rule]]],
    publication: Publication,
    kinds: Mapping[str, Iterable[str]],
    into: Gathered,
) -> TierParts:
    """State what the terms say; returns the prices that stand in several products, tier by tier."""
    priced, parts = set(), TierParts()
    for term in terms.values():
        product, region, rules = wanted[term.sku]
        if term.kind == ON_DEMAND or term.kind == publication.kind:
            priced.add(term.sku)
        for rule in rules:
            if not rule.feeds(term):
                continue
            priced.add(term.sku)
            kind = _type_of(rule, product)
            # Regions have thousands of keys made of the same few words.
            key = (rule.table, intern(rule.meter_of(term)), intern(kind), intern(rule.region or region))
            try:
                _check(rule, kind, term, publication, kinds)
                said: Statement | None = statement(rule, term)
            except Doubtful as doubtful:
                into.doubt(publication.offer, product, str(doubtful))
                into.doubted.add(key)
                continue
            since = intern(term.effective or publication.published)
            if said is not None and rule.begins is not None:
                parts.add(key, rule.begins, said.tiers, since, product)
            elif said is not None:
                into.state(key, Stated(said.tiers, since, publication, term.sku, rule.tolerance, said.note), product)
    for sku, (product, _, _) in wanted.items():
        if sku not in priced:
            into.doubt(publication.offer, product, "a product without a price")
    return parts


def _join(parts: TierParts, rules: Iterable[Rule], publication: Publication, into: Gathered) -> None:
    """State the prices whose tiers are products of their own, if all of them are there."""
    for key, whole in parts.wholes(rules):
        if whole.reason or key in into.doubted:
            into.doubt(publication.offer, whole.product, whole.reason or f"a tier of {key[1]} could not be taken")
            into.doubted.add(key)
        else:
            stated = Stated(whole.tiers, whole.since, publication, whole.product.sku)
            into.state(key, stated, whole.product)


def _type_of(rule: Rule, product: Product) -> str:
    """The type of a row: an attribute, or what stands behind the colon of the usage type."""
    if rule.type == BEHIND_COLON:
        return usage_type_of(product).partition(":")[2]
    return product.attributes.get(rule.type, "") if rule.type else ""


def _check(rule: Rule, kind: str, term: Term, publication: Publication, kinds: Mapping[str, Iterable[str]]) -> None:
    if rule.type and not kind:
        raise Doubtful("no type where the rule needs one")
    if rule.specs and kind not in kinds[rule.table]:
        raise Doubtful("a type that the table does not describe yet")
    if term.effective > publication.published:
        raise Doubtful(f"it takes effect later, on {term.effective}")
