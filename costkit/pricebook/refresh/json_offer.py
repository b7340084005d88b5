"""Offer files in JSON, streamed: one product or term at a time, whatever the size of the file and the order in it."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.refresh.file import OfferText
from costkit.pricebook.refresh.offer import (
    COMPUTE_PLANS,
    ON_DEMAND,
    PLAN_FAMILIES,
    RESERVED,
    SAVINGS_PLAN,
    Product,
    Publication,
    Term,
    day_of,
    dimension,
    plain_name,
    snake,
    unreadable,
    years,
)

BUFFER = 1 << 18
HEADS = ("offerCode", "version", "publicationDate", "regionCode")
# What must be known before the rest is read, by how the file's products begin: savings plans are a list.
NEEDED = {"": set[str](), "start_map": set(HEADS[:3]), "start_array": set(HEADS[1:])}
# The key of each kind of terms in a file, and our word for it.
SECTIONS = {"OnDemand": ON_DEMAND, "Reserved": RESERVED}


class JsonOffer:
    """A service's offer file."""

    def __init__(self, text: OfferText, publication: Publication) -> None:
        self.text, self.publication = text, publication

    def products(self) -> Iterator[Product]:
        for sku, product in _pairs(self.text, "products"):
            yield product_of(sku, product, self.text.place)

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        for section, kind in SECTIONS.items():
            for sku, terms in _pairs(self.text, f"terms.{section}"):
                if sku in wanted:
                    yield from terms_of(sku, kind, terms, self.text.place)


class SavingsPlanOffer:
    """A region's offer file of a kind of savings plan: each rate is a product here, under its rate code.

    A rate code is the plan's SKU, a dot, and the discounted SKU.
    """

    def __init__(self, text: OfferText, publication: Publication, region: str) -> None:
        self.text, self.publication, self.region = text, publication, region
        self.known: dict[str, Product] = {}

    def products(self) -> Iterator[Product]:
        plans = self._plans()
        for code, rate in self._rates():
            plan = plans.get(code.partition(".")[0])
            if plan is not None:
                given = {plain_name(name): str(value) for name, value in rate.items() if isinstance(value, str)}
                given.setdefault("discountedregioncode", self.region)
                yield Product(code, plan.family, {**plan.attributes, **given})

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        plans, since = self._plans(), self._effective()
        for code, rate in self._rates():
            if code in wanted:
                sku = code.partition(".")[0]
                about = plans[sku].attributes
                money = rate.get("discountedRate") or {}
                price = money.get("price") if money.get("currency") == "USD" else None
                only = dimension(rate.get("unit"), "0", "Inf", price, self.text.place)
                length, payment = years(about.get("purchaseterm", "")), snake(about.get("purchaseoption", ""))
                yield Term(code, SAVINGS_PLAN, since.get(sku, ""), (only,), "", length, payment)

    def _plans(self) -> dict[str, Product]:
        if not self.known:
            found = (_mapping(one, self.text.place) for one in _items(self.text, "products.item"))
            products = (product_of(str(one.get("sku", "")), one, self.text.place) for one in found)
            self.known = {product.sku: product for product in products if product.family in PLAN_FAMILIES}
        if not self.known:
            raise unreadable(self.text.place, "savings plans, but not those for compute")
        return self.known

    def _rates(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for found in _items(self.text, "terms.savingsPlan.item.rates.item"):
            rate = _mapping(found, self.text.place)
            yield str(rate.get("rateCode", "")), rate

    def _effective(self) -> dict[str, str]:
        """Since when each plan's rates hold. A plan's thousands of rates stand in the same object and are passed by."""
        skus = list(_items(self.text, "terms.savingsPlan.item.sku"))
        days = list(_items(self.text, "terms.savingsPlan.item.effectiveDate"))
        return {str(sku): day_of(day) for sku, day in zip(skus, days, strict=False)} if len(skus) == len(days) else {}


def read_json(text: OfferText, region: str = "") -> JsonOffer | SavingsPlanOffer:
    """The offer file in a text; ``region`` is what its address says. Raises CostkitError if it is none."""
    heads: dict[str, str] = {}
    shape = ""
    with _parsing(text) as (ijson, file):
        for prefix, event, value in ijson.parse(file, buf_size=BUFFER):
            if prefix in HEADS and event == "string":
                heads[prefix] = value
            elif prefix == "products" and event in ("start_map", "start_array"):
                shape = event
            # What comes first in every file AWS publishes is enough; another order is read to its end.
            if len(heads.keys() & NEEDED[shape]) == len(NEEDED[shape]) > 0:
                break
    published = day_of(heads.get("publicationDate"))
    if not shape or not published:
        raise unreadable(text.place, "no offer file: it has no products or no publication date")
    place, version = text.place, heads.get("version", "")
    if shape == "start_array":
        about = Publication(COMPUTE_PLANS, version, published, place, SAVINGS_PLAN)
        return SavingsPlanOffer(text, about, heads.get("regionCode", region))
    return JsonOffer(text, Publication(heads.get("offerCode", ""), version, published, place))


def product_of(sku: str, product: Any, place: str) -> Product:
    """A product as a file or the Query API writes it."""
    whole = _mapping(product, place)
    attributes = _mapping(whole.get("attributes") or {}, place)
    given = {plain_name(name): str(value) for name, value in attributes.items() if isinstance(value, str)}
    return Product(sku, str(whole.get("productFamily") or ""), given)


def terms_of(sku: str, kind: str, terms: Any, place: str) -> Iterator[Term]:
    """A product's terms as a file or the Query API writes them: a mapping of codes to terms."""
    for term in _mapping(terms, place).values():
        whole = _mapping(term, place)
        about = _mapping(whole.get("termAttributes") or {}, place)
        found = []
        for one in _mapping(whole.get("priceDimensions") or {}, place).values():
            row = _mapping(one, place)
            price = _mapping(row.get("pricePerUnit") or {}, place).get("USD")
            found.append(dimension(row.get("unit"), row.get("beginRange"), row.get("endRange"), price, place))
        length, payment = years(str(about.get("LeaseContractLength", ""))), snake(str(about.get("PurchaseOption", "")))
        offering = str(about.get("OfferingClass", "")).lower()
        yield Term(sku, kind, day_of(whole.get("effectiveDate")), tuple(found), offering, length, payment)


def _mapping(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise unreadable(place, "no offer file: a mapping is missing where the format has one")
    return value


def _pairs(text: OfferText, prefix: str) -> Iterator[tuple[str, Any]]:
    with _parsing(text) as (ijson, file):
        yield from ijson.kvitems(file, prefix, buf_size=BUFFER)


def _items(text: OfferText, prefix: str) -> Iterator[Any]:
    with _parsing(text) as (ijson, file):
        yield from ijson.items(file, prefix, buf_size=BUFFER)


@contextmanager
def _parsing(text: OfferText) -> Iterator[tuple[Any, Any]]:
    try:
        # Imported here: only a refresh needs it.
        import ijson
    except ImportError:
        problem = Problem("CK211", "", "reading offer files needs ijson", "pip install 'costkit[refresh]'")
        raise CostkitError([problem]) from None
    try:
        with text.opened() as file:
            yield ijson, file
    except (ijson.JSONError, UnicodeDecodeError) as error:
        message = str(error).strip().splitlines()[0][:80]
        raise unreadable(text.place, f"no whole JSON: {message}", "fetch it again") from None
