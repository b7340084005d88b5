"""What collecting costs: calls by IAM action, metrics asked for, USD at list price, and a limit."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from costkit.collect.call import Call
from costkit.collect.gap import Gap
from costkit.model.exact import ZERO, plain
from costkit.model.snapshot import COST_LIMIT, ApiUse
from costkit.pricebook.book import PriceBook

TABLE = "aws_api"
# The only region whose prices of the API are proven; it stands for all others.
PRICED_REGION = "us-east-1"
METERS = ("metrics_requested", "cost_explorer_requests")


def api_prices(book: PriceBook, on: str) -> Mapping[str, Decimal]:
    """USD for one unit of each meter of AWS's API on a day; the first known price for a day before it."""
    found = {}
    for meter in METERS:
        day = max(on, book.earliest(TABLE, meter, "", PRICED_REGION))
        price = book.price(TABLE, meter, "", PRICED_REGION, day)
        if price is not None and price.tiers[0].price is not None:
            found[meter] = price.tiers[0].price
    return found


class Expense:
    """Counts calls as they are made, and refuses one that would cost more than the limit allows."""

    def __init__(self, prices: Mapping[str, Decimal], limit: Decimal | None = None) -> None:
        self.prices, self.limit = prices, limit
        self.calls: Counter[str] = Counter()
        self.unsent = 0
        self.units: Counter[tuple[str, str]] = Counter()

    @property
    def cost(self) -> Decimal:
        """USD at list price for everything counted so far."""
        return sum((self.prices[meter] * number for (_, meter), number in self.units.items()), ZERO)

    @property
    def metrics(self) -> int:
        """How many metrics were asked for."""
        return sum(number for (_, meter), number in self.units.items() if meter == METERS[0])

    def permit(self, call: Call, units: int) -> None:
        """Raises Gap if the call would exceed the limit."""
        if self.limit is None or not call.meter:
            return
        if self.cost + self.prices[call.meter] * units > self.limit:
            told = f"{call.iam} would cost more than {plain(self.limit)} USD in all (--max-api-cost)"
            raise Gap(COST_LIMIT, call.iam, told)

    def count(self, call: Call, units: int) -> None:
        """Remember a call that is being made, or planned."""
        self.calls[call.iam] += 1
        if call.meter:
            self.units[call.iam, call.meter] += units

    @property
    def sent(self) -> int:
        """How many calls were made, and not only planned."""
        return sum(self.calls.values()) - self.unsent

    def use(self) -> ApiUse:
        """What was counted, as a snapshot keeps it."""
        return ApiUse(dict(sorted(self.calls.items())), self.metrics, self.cost)
