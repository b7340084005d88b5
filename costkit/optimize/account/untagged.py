"""ACC-01: resources that nobody answers for, because they have no tags.

https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html
"""

from collections.abc import Iterator
from decimal import Decimal

from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import A_MONTH, CLEAN, FINDING, LOW, MEASURED, OPTIMIZATION, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight

MOST, SHOWN, HUNDRED = Decimal("0.05"), 5, Decimal(100)


def look(place: Place) -> Iterator[Sight]:
    """A warning where more than a twentieth of the cost of what can have tags has none."""
    here = [
        (name, item)
        for name, item in place.items.items()
        if (item.account, item.region) == (place.account, place.region)
    ]
    known = [(name, item) for name, item in here if item.tags is not None]
    whole = sum((place.costs.get(name, ZERO) for name, _ in known), ZERO)
    bare = sorted((-place.costs.get(name, ZERO), name) for name, item in known if not item.tags)
    amount = -sum((cost for cost, _ in bare), ZERO)
    if not known:
        return
    about = f"{place.account} {place.region}"
    if amount <= MOST * whole:
        yield Sight(CLEAN, about)
        return
    percent = plain(quotient(amount * HUNDRED, whole).to_integral_value())
    evidence = tuple(Evidence(name, -cost, A_MONTH) for cost, name in bare[:SHOWN])
    yield Sight(FINDING, about, f"{len(bare)} resources without any tag are {percent} % of the cost", evidence)


CHECK = AccountCheck(
    code="ACC-01",
    title="Tag what costs something",
    kinds=(),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    look=look,
)
