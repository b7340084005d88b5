"""A region's rates of savings plans in CSV: a line a rate, with the plan's attributes in each.

The format: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-savings-plans.html
"""

from collections.abc import Container, Iterator

from costkit.pricebook.refresh.csv_lines import rows_of
from costkit.pricebook.refresh.file import OfferText
from costkit.pricebook.refresh.offer import (
    PLAN_FAMILIES,
    SAVINGS_PLAN,
    Product,
    Publication,
    Term,
    day_of,
    dimension,
    snake,
    unreadable,
)

# What no offer file of a service has.
MARK = "discountedrate"
NEEDED = {MARK, "ratecode", "unit", "currency", "productfamily", "purchaseoption", "leasecontractlength"}
NEEDED |= {"leasecontractlengthunit", "discountedusagetype", "discountedregioncode"}
YEAR = "year"


def is_of_plans(columns: Container[str]) -> bool:
    """Whether the columns are those of rates."""
    return MARK in columns


class CsvPlans:
    """The file; each rate is a product here, under its rate code, as in JSON."""

    def __init__(self, text: OfferText, publication: Publication) -> None:
        self.text, self.publication = text, publication

    def products(self) -> Iterator[Product]:
        known = False
        for row in rows_of(self.text, NEEDED):
            if row["productfamily"] in PLAN_FAMILIES:
                known = True
                given = {name: value for name, value in row.items() if value}
                yield Product(row["ratecode"], row["productfamily"], given)
        if not known:
            raise unreadable(self.text.place, "savings plans, but not those for compute")

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        for row in rows_of(self.text, NEEDED):
            if row["ratecode"] in wanted:
                price = row[MARK] if row["currency"] == "USD" else None
                only = dimension(row["unit"], "0", "Inf", price, self.text.place)
                length = f"{row['leasecontractlength']}y" if row["leasecontractlengthunit"].lower() == YEAR else ""
                since, payment = day_of(row.get("effectivedate")), snake(row["purchaseoption"])
                yield Term(row["ratecode"], SAVINGS_PLAN, since, (only,), "", length, payment)
