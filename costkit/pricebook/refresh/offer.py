"""What a price list says, in one shape for all its doors: offer files in JSON and CSV, savings plans, the Query API.

The formats: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
and https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-savings-plans.html
"""

from collections.abc import Container, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Protocol

from costkit.model.exact import ZERO
from costkit.model.problem import CostkitError, Problem

ON_DEMAND = "on_demand"
RESERVED = "reserved"
SAVINGS_PLAN = "savings_plan"
# The offer of the savings plans for compute, which its files in JSON do not name and those in CSV call otherwise.
COMPUTE_PLANS = "AWSComputeSavingsPlan"
# What it holds; other savings plans have files of the same shape.
PLAN_FAMILIES = frozenset(("ComputeSavingsPlans", "EC2InstanceSavingsPlans"))
ENDLESS = ("Inf", "")
UNREADABLE = "CK212"


class Publication(NamedTuple):
    """Which issue of a price list this is. ``published`` is an ISO day, ``place`` an address or file."""

    offer: str
    version: str
    published: str
    place: str
    kind: str = ON_DEMAND

    @property
    def source(self) -> str:
        """The key under which tables name this publication."""
        return f"AWS-{self.offer}-{self.published.replace('-', '')}"


class Product(NamedTuple):
    """A thing with a price: its attributes by their names in small letters and digits only."""

    sku: str
    family: str
    attributes: Mapping[str, str]


class Dimension(NamedTuple):
    """A price per unit from ``begin`` to ``end`` (None: without end); ``price`` is None where it is not in USD."""

    unit: str
    begin: Decimal
    end: Decimal | None
    price: Decimal | None


class Term(NamedTuple):
    """The prices of a product under one kind of purchase; ``effective`` is an ISO day or empty."""

    sku: str
    kind: str
    effective: str
    dimensions: tuple[Dimension, ...]
    offering: str = ""
    length: str = ""
    payment: str = ""


class Offer(Protocol):
    """One issue of a price list, read in two goes so that only the terms of wanted products are kept."""

    publication: Publication

    def products(self) -> Iterator[Product]:
        """Every product, in the order of the list."""

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        """The terms of the products whose SKU is wanted."""


def plain_name(name: str) -> str:
    """An attribute's name as all doors share it: ``Instance Type`` and ``instanceType`` are ``instancetype``."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def snake(words: str) -> str:
    """``No Upfront`` as the tables write it: ``no_upfront``. Old lists write ``NoUpfront``."""
    return (
        words.strip().lower().replace(" ", "_").replace("noupfront", "no_upfront").replace("allupfront", "all_upfront")
    )


def years(length: str) -> str:
    """``1yr`` as the tables write it: ``1y``."""
    return f"{length.strip()[:1]}y" if length.strip() else ""


def day_of(moment: object) -> str:
    """The day of a moment such as ``2026-11-01T00:00:00Z``; empty if it is none."""
    text = str(moment or "")[:10]
    whole = len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
    return text if whole else ""


def dimension(unit: object, begin: object, end: object, price: object, place: str) -> Dimension:
    """A price as the list's texts give it. Raises CostkitError for a number that is none."""
    last = None if str(end if end is not None else "") in ENDLESS else number(end, place)
    first = ZERO if begin in (None, "") else number(begin, place)
    return Dimension(str(unit or ""), first, last, None if price in (None, "") else number(price, place))


def number(text: object, place: str) -> Decimal:
    """An amount of a price list, exact."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or abs(value.adjusted()) > 30:
        raise unreadable(place, f"not an amount: {str(text)[:40]!r}")
    return value


def unreadable(place: str, message: str, hint: str = "") -> CostkitError:
    """What is raised for a list that cannot be used."""
    return CostkitError([Problem(UNREADABLE, place, message, hint)])
