"""Each resource's readings, multiplied by its count and put beside their prices."""

from collections.abc import Iterable
from decimal import Decimal
from types import ModuleType

from costkit.model.exact import ZERO, plain, quotient
from costkit.model.price import Price
from costkit.model.reading import Reading
from costkit.model.resource import Resource, Setting
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.services import service


class Metered:
    """A reading of a resource; ``place`` is where it stands among all readings, ``owner`` where its resource does.

    ``price`` None is unproven, ``quantity`` None depends on usage. ``covered`` is what commitments cover;
    it is no longer part of ``quantity``. ``explained`` says whether its charges tell how they came about.
    """

    __slots__ = (
        "covered",
        "explained",
        "owner",
        "place",
        "price",
        "quantity",
        "reading",
        "resource",
        "table",
        "title",
    )

    def __init__(
        self,
        place: int,
        owner: int,
        resource: Resource,
        reading: Reading,
        table: str,
        quantity: Decimal | None,
        price: Price | None,
        title: str,
        explained: bool = True,
    ) -> None:
        self.place = place
        self.owner = owner
        self.resource = resource
        self.reading = reading
        self.table = table
        self.quantity = quantity
        self.price = price
        self.title = title
        self.covered = ZERO
        self.explained = explained

    @property
    def pool(self) -> tuple[str, str, str, str]:
        """What is counted together before tiers apply: a meter of a region."""
        return self.table, self.reading.meter, self.reading.kind, self.resource.region

    @property
    def name(self) -> str:
        """How the meter is called in an estimate: with its type, and its table where that is another's."""
        meter = f"{self.reading.meter}.{self.reading.kind}" if self.reading.kind else self.reading.meter
        return meter if self.table == self.resource.type else f"{self.table}.{meter}"

    def quantity_step(self) -> str:
        """The arithmetic of the quantity."""
        amount, count = self.reading.amount, self.resource.copies
        text = amount.text if count == 1 else f"{amount.factor()} x {plain(count)} copies"
        if self.covered:
            text = f"{text} - {plain(self.covered)} covered by commitments"
        return f"quantity: {text} = {plain(self.quantity or ZERO)} {self.reading.unit}"


def meter(
    resources: Iterable[Resource], book: PriceBook, on: str, month_hours: Decimal, hours_per_week: Decimal | None
) -> list[Metered]:
    """Meter resources on an ISO day. Raises ValueError if a service reads another unit than is priced."""
    settings: dict[tuple[str, str], tuple[ModuleType, Setting]] = {}
    metered: list[Metered] = []
    for owner, resource in enumerate(resources):
        key = (resource.type, resource.region)
        if key not in settings:
            at = setting(book, resource.type, resource.region, on, month_hours, hours_per_week)
            settings[key] = (service(resource.type), at)
        rules, at = settings[key]
        for reading in rules.meter(resource.usage, at):
            table = reading.table or resource.type
            price = book.price(table, reading.priced_by or reading.meter, reading.kind, resource.region, on)
            if price is not None and price.unit != reading.unit:
                raise ValueError(f"{table} {reading.meter} is read in {reading.unit} and priced in {price.unit}")
            amount = reading.amount
            quantity = None if amount.top is None else quotient(amount.top * resource.copies, amount.bottom)
            title = reading.title or (price.title if price else _title(book, table, reading, resource.region))
            metered.append(Metered(len(metered), owner, resource, reading, table, quantity, price, title))
    return metered


def _title(book: PriceBook, table: str, reading: Reading, region: str) -> str:
    """What to call a meter that has no price: its table's words if it has any."""
    words = book.unit_and_title(table, reading.priced_by or reading.meter, region)[1] or reading.meter
    return f"{words}, {reading.kind}" if reading.kind else words
