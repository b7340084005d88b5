"""ACC-06: what tools pay for asking CloudWatch and Cost Explorer.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ONE, ZERO
from costkit.model.finding import CLEAN, FINDING, LOW, MEASURED, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.account._months import ASKED, spent, whole_months
from costkit.optimize.check import AccountCheck, Place, Sight

# Usage types end so, behind a region's prefix: EU-CW:GMD-Metrics, USE1-APIRequest.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html
ASKING = {"AmazonCloudWatch": ("CW:GMD-Metrics", "CW:Requests"), "AWS Cost Explorer": ("APIRequest",)}
# Less than this in a month is nobody's work.
LEAST = ONE


def look(place: Place) -> Iterator[Sight]:
    """A warning where the last whole month has more than a dollar of it."""
    items = place.of("cost")
    months = whole_months(items)
    if not items:
        return
    if not months:
        yield Sight(NOT_ENOUGH_DATA, place.account, "Cost Explorer gave no whole month")
        return
    month = months[-1]
    paid = sorted(((spent(item, month).cost, item.id) for item in items if _asks(item)), reverse=True)
    if sum((cost for cost, _ in paid), ZERO) < LEAST:
        yield Sight(CLEAN, place.account)
        return
    own = Evidence("this collection of costkit itself", place.found.snapshot.api.cost, "USD", "pricing/aws_api.yaml")
    evidence = (*(Evidence(name, cost, "USD", f"{ASKED}, {month}") for cost, name in paid if cost), own)
    why = f"tools that ask CloudWatch and Cost Explorer were paid for in {month}: ask less often, and for fewer metrics"
    yield Sight(FINDING, place.account, why, evidence)


def _asks(item: Item) -> bool:
    return text(item, "UsageType").endswith(ASKING.get(text(item, "Service"), ("no such end",)))


CHECK = AccountCheck(
    code="ACC-06",
    title="Asking AWS costs something",
    kinds=("cost",),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html",
    look=look,
)
