"""ACC-03: what AWS Cost Anomaly Detection found.

https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.finding import CLEAN, DERIVED, FINDING, LOW, OPTIMIZATION, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import AccountCheck, Place, Sight

# What the account itself has said about an anomaly: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Anomaly.html
NOTHING_WRONG = ("NO", "PLANNED_ACTIVITY")
ASKED = "GetAnomalies"
AMOUNTS = {"TotalImpact": "more than AWS expected", "TotalActualSpend": "spent", "TotalExpectedSpend": "expected"}


def look(place: Place) -> Iterator[Sight]:
    """A warning for each that nobody has called a false alarm or planned; the amounts are AWS's own."""
    for item in place.of("cost_anomaly"):
        if text(item, "Feedback") in NOTHING_WRONG:
            yield Sight(CLEAN, item.id)
        else:
            yield Sight(FINDING, item.id, _why(item), tuple(_evidence(item)))


def _why(item: Item) -> str:
    start, end = text(item, "AnomalyStartDate")[:10], text(item, "AnomalyEndDate")[:10]
    days = f"from {start} to {end}" if end else f"since {start}"
    what = text(item, "DimensionValue")
    return f"AWS saw an anomaly{f' of {what}' if what else ''} {days}"


def _evidence(item: Item) -> Iterator[Evidence]:
    for name, words in AMOUNTS.items():
        amount = number(item, "Impact", name)
        if amount is not None:
            yield Evidence(words, amount, "USD", ASKED)
    for cause in item.attributes.get("RootCauses") or ():
        parts = (cause.get(name) for name in ("Service", "LinkedAccount", "Region", "UsageType"))
        yield Evidence("root cause", ", ".join(str(part) for part in parts if part) or "not stated", "", ASKED)


CHECK = AccountCheck(
    code="ACC-03",
    title="An anomaly of cost",
    kinds=("cost_anomaly",),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html",
    look=look,
)
