"""EC2-21: metrics of a minute for instances that are not production.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
"""

from collections.abc import Iterator
from decimal import Decimal

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.finding import (
    CLEAN,
    LOW,
    MEASURED,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    UNPRICED,
    Evidence,
)
from costkit.model.snapshot import TAGS, Item
from costkit.optimize.check import AccountCheck, Place, Sight
from costkit.optimize.environments import tagged_not_production
from costkit.optimize.evidence import lacking

# Each is billed as a metric of its own: https://aws.amazon.com/cloudwatch/pricing/
METRICS = Decimal(7)
GONE = ("terminated", "shutting-down")


def look(place: Place) -> Iterator[Sight]:
    """Instances with it; costkit has no proven price of these metrics, so nothing is claimed."""
    for item in place.of("ec2_instance"):
        if text(item, "State", "Name") not in GONE:
            yield _sight(place, item)


def _sight(place: Place, item: Item) -> Sight:
    state = text(item, "Monitoring", "State")
    if not state:
        return Sight(NOT_ENOUGH_DATA, item.id, "AWS does not say whether it has detailed monitoring")
    if state != "enabled":
        return Sight(CLEAN, item.id)
    if item.tags is None:
        gap = place.found.without(item.kind, item.account, item.region, TAGS)
        skip = lacking(gap) if gap else None
        return Sight(skip.verdict if skip else NOT_ENOUGH_DATA, item.id, skip.why if skip else "its tags are not known")
    tag = tagged_not_production(item.tags)
    if not tag:
        return Sight(NOT_APPLICABLE, item.id)
    why = f"it is tagged {tag} and has detailed monitoring; costkit has no proven price of it, metrics of five minutes"
    return Sight(UNPRICED, item.id, f"{why} are free", (Evidence("detailed monitoring", METRICS, "metrics"),))


CHECK = AccountCheck(
    code="EC2-21",
    title="Turn detailed monitoring off",
    kinds=("ec2_instance",),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
    look=look,
)
