"""ACC-02: an account without any budget.

https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
"""

from collections.abc import Iterator

from costkit.model.finding import CLEAN, FINDING, LOW, MEASURED, OPTIMIZATION
from costkit.optimize.check import AccountCheck, Place, Sight


def look(place: Place) -> Iterator[Sight]:
    """A warning where AWS Budgets would tell nobody of anything."""
    if place.of("budget"):
        yield Sight(CLEAN, place.account)
    else:
        yield Sight(FINDING, place.account, "no budget of AWS Budgets would tell anybody of a rising bill")


CHECK = AccountCheck(
    code="ACC-02",
    title="Set a budget",
    kinds=("budget",),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
    look=look,
)
