"""Negotiated discounts: the last step, on usage and its allowances, not on what a commitment costs."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase

from costkit.model.charge import PRICED, Charge
from costkit.model.exact import ZERO, plain
from costkit.model.spec import Discount

HUNDRED = Decimal(100)


def discount_charges(kind: str, charges: Sequence[Charge], discounts: Iterable[Discount]) -> list[Charge]:
    """The negative charges of the discounts that match a resource's type; each applies to what is left."""
    left = sum((charge.cost for charge in charges if charge.cost is not None and not charge.fee), ZERO)
    lowered = []
    for index, discount in enumerate(discounts, start=1):
        if not left or not any(fnmatchcase(kind, pattern) for pattern in discount.types):
            continue
        cost = -left * discount.percent / HUNDRED
        step = f"cost: 0 - {plain(left)} x {plain(discount.percent)} / 100 = {plain(cost)} USD"
        title = f"Discount of {plain(discount.percent)} %" + (f", {discount.reason}" if discount.reason else "")
        lowered.append(
            Charge(f"discount.{index}", title, None, "", None, cost, PRICED, steps=(step,), low=cost, high=cost)
        )
        left = left + cost
    return lowered
