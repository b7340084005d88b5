"""ACC-04: what made one month dearer than the one before.

https://docs.aws.amazon.com/cost-management/latest/userguide/ce-what-is.html
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, FINDING, LOW, MEASURED, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.account._months import ASKED, Spent, spent, whole_months
from costkit.optimize.check import AccountCheck, Place, Sight

# A usage type that adds a twentieth to the whole month is worth a look; the five that add most are shown.
LEAST, SHOWN, HUNDRED = Decimal("0.05"), 5, Decimal(100)


def look(place: Place) -> Iterator[Sight]:
    """A warning for each usage type that rose by a twentieth of all that the month before it cost."""
    items = place.of("cost")
    months = whole_months(items)
    if not items:
        return
    if len(months) < 2:
        yield Sight(NOT_ENOUGH_DATA, place.account, "Cost Explorer gave fewer than two whole months")
        return
    yield from _drivers(place.account, items, months[-2], months[-1])


def _drivers(account: str, items: Sequence[Item], before: str, after: str) -> Iterator[Sight]:
    pairs = [(item, spent(item, before), spent(item, after)) for item in items]
    whole = sum((then.cost for _, then, _ in pairs), ZERO)
    risen = sorted(pairs, key=lambda pair: (pair[1].cost - pair[2].cost, pair[0].id))
    found = [pair for pair in risen if pair[2].cost - pair[1].cost > max(LEAST * whole, ZERO)][:SHOWN]
    if not found:
        yield Sight(CLEAN, account)
    for item, then, now in found:
        yield Sight(FINDING, item.id, _why(then, now, whole, before, after), _evidence(then, now, before, after))


def _why(then: Spent, now: Spent, whole: Decimal, before: str, after: str) -> str:
    rise = now.cost - then.cost
    by = "it was new" if then.cost <= 0 else f"it rose by {_percent(rise, then.cost)} %"
    share = f", {_percent(rise, whole)} % of all of {before}" if whole > 0 else ""
    more = "more of it was used" if now.quantity > then.quantity else "no more of it was used: its price changed"
    return f"{by} in {after}{share}; {more}"


def _evidence(then: Spent, now: Spent, before: str, after: str) -> tuple[Evidence, ...]:
    unit = "" if now.unit == "N/A" else now.unit
    months = ((before, then), (after, now))
    costs = (Evidence(month, one.cost, "USD", ASKED) for month, one in months)
    return (*costs, *(Evidence(f"used in {month}", one.quantity, unit, ASKED) for month, one in months))


def _percent(part: Decimal, whole: Decimal) -> str:
    return plain(quotient(part * HUNDRED, whole).to_integral_value())


CHECK = AccountCheck(
    code="ACC-04",
    title="It costs more than in the month before",
    kinds=("cost",),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/cost-management/latest/userguide/ce-what-is.html",
    look=look,
)
