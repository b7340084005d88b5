"""EC2-23: reserved instances that end soon, after which the same costs more.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-concepts-buying.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, FINDING, LOW, MEASURED, OPTIMIZATION, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight

SOON = 30


def look(place: Place) -> Iterator[Sight]:
    """A warning for each that has no more than 30 days."""
    for item in place.of("ec2_reserved_instance"):
        if text(item, "State") != "active":
            continue
        left = days_between(place.found.snapshot.collected, text(item, "End"))
        if left is None or left > SOON:
            yield Sight(CLEAN, item.id)
            continue
        count = number(item, "InstanceCount") or ZERO
        evidence = (Evidence(text(item, "InstanceType"), count, "instances", "DescribeReservedInstances"),)
        yield Sight(FINDING, item.id, f"it ends in {max(left, 0)} days; its instances then run on demand", evidence)


CHECK = AccountCheck(
    code="EC2-23",
    title="Reserved instances end soon",
    kinds=("ec2_reserved_instance",),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-concepts-buying.html",
    look=look,
)
