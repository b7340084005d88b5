"""Offer files of services in CSV: a line a price, with the product's attributes in each."""

from collections.abc import Container, Iterator

from costkit.pricebook.refresh.csv_lines import columns_of, heads_of, rows_of
from costkit.pricebook.refresh.csv_plans import CsvPlans, is_of_plans
from costkit.pricebook.refresh.file import OfferText
from costkit.pricebook.refresh.offer import (
    COMPUTE_PLANS,
    ON_DEMAND,
    RESERVED,
    SAVINGS_PLAN,
    Dimension,
    Product,
    Publication,
    Term,
    day_of,
    dimension,
    snake,
    unreadable,
    years,
)

KINDS = {"OnDemand": ON_DEMAND, "Reserved": RESERVED}
NEEDED = {"sku", "offertermcode", "termtype", "unit", "priceperunit", "currency", "productfamily"}


class CsvOffer:
    """A service's offer file; the file is read once for its products and once for their prices."""

    def __init__(self, text: OfferText, publication: Publication) -> None:
        self.text, self.publication = text, publication

    def products(self) -> Iterator[Product]:
        seen = set()
        for row in rows_of(self.text, NEEDED):
            if row["sku"] not in seen:
                seen.add(row["sku"])
                given = {name: value for name, value in row.items() if value}
                yield Product(row["sku"], row["productfamily"], given)

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        found: dict[tuple[str, str], tuple[dict[str, str], list[Dimension]]] = {}
        for row in rows_of(self.text, NEEDED):
            if row["sku"] in wanted and row["termtype"] in KINDS:
                price = row["priceperunit"] if row["currency"] == "USD" else None
                begin, end = row.get("startingrange"), row.get("endingrange")
                one = dimension(row["unit"], begin, end, price, self.text.place)
                found.setdefault((row["sku"], row["offertermcode"]), (row, []))[1].append(one)
        for (sku, _), (row, dimensions) in found.items():
            about = (row.get("offeringclass", "").lower(), years(row.get("leasecontractlength", "")))
            payment = snake(row.get("purchaseoption", ""))
            effective = day_of(row.get("effectivedate"))
            yield Term(sku, KINDS[row["termtype"]], effective, tuple(dimensions), *about, payment)


def read_csv(text: OfferText) -> CsvOffer | CsvPlans:
    """The offer file in a text. Raises CostkitError if it is none."""
    heads = heads_of(text)
    published, version = day_of(heads.get("publicationdate")), heads.get("version", "")
    if not published or not heads.get("offercode"):
        raise unreadable(text.place, "no offer file in CSV: its first lines give no publication date and offer code")
    if is_of_plans(columns_of(text)):
        return CsvPlans(text, Publication(COMPUTE_PLANS, version, published, text.place, SAVINGS_PLAN))
    return CsvOffer(text, Publication(heads["offercode"], version, published, text.place))


def read_offer_lines(text: OfferText) -> bool:
    """Whether a file starts as offer files in CSV do."""
    with text.opened() as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf").startswith((b'"FormatVersion"', b"FormatVersion"))
