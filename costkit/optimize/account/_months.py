"""What Cost Explorer says of an account's whole months: the cost and quantity of each service and usage type."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from costkit.model.exact import ZERO
from costkit.model.snapshot import Item

ASKED = "GetCostAndUsage"
FIRST_DAY = "-01"


class Spent(NamedTuple):
    """What a usage type cost in a month in USD, and how much of it was used."""

    cost: Decimal = ZERO
    quantity: Decimal = ZERO
    unit: str = ""


def whole_months(items: Sequence[Item]) -> list[str]:
    """The months, 2026-10, that Cost Explorer gave from their first day to their last, in order."""
    spans = {
        (str(period.get("Start")), str(period.get("End")))
        for item in items
        for entry in item.attributes.get("ResultsByTime") or ()
        if isinstance(period := entry.get("TimePeriod"), Mapping)
    }
    return sorted(start[:7] for start, end in spans if start.endswith(FIRST_DAY) and end.endswith(FIRST_DAY))


def spent(item: Item, month: str) -> Spent:
    """What an item says of a month; nothing where AWS lists none of it."""
    for entry in item.attributes.get("ResultsByTime") or ():
        if str((entry.get("TimePeriod") or {}).get("Start")).startswith(month):
            cost, used = entry.get("UnblendedCost") or {}, entry.get("UsageQuantity") or {}
            return Spent(_number(cost.get("Amount")), _number(used.get("Amount")), str(used.get("Unit") or ""))
    return Spent()


def _number(amount: Any) -> Decimal:
    """Amounts are texts, as AWS gives them."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return ZERO
    return value if value.is_finite() else ZERO
