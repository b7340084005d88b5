"""RSP-08: Redshift reservations that end soon, after which the same costs more.

https://docs.aws.amazon.com/redshift/latest/mgmt/purchase-reserved-node-instance.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, FINDING, LOW, MEASURED, OPTIMIZATION, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import AccountCheck, Place, Sight

SOON, SECONDS_PER_DAY = 60, 86400


def look(place: Place) -> Iterator[Sight]:
    """A warning for each reservation that has no more than 60 days."""
    today = place.found.snapshot.collected
    for item in place.of("redshift_reserved_node"):
        if text(item, "State") == "active":
            yield _sight(item, _left(item, today))


def _left(item: Item, today: str) -> int | None:
    run = days_between(text(item, "StartTime"), today)
    length = number(item, "Duration") or ZERO
    return None if run is None or not length else int(length) // SECONDS_PER_DAY - run


def _sight(item: Item, left: int | None) -> Sight:
    if left is None or left > SOON:
        return Sight(CLEAN, item.id)
    why = f"it ends in {max(left, 0)} days; its nodes are then billed on demand"
    nodes = number(item, "NodeCount") or ZERO
    return Sight(FINDING, item.id, why, (Evidence(text(item, "NodeType"), nodes, "nodes", "DescribeReservedNodes"),))


CHECK = AccountCheck(
    code="RSP-08",
    title="A reservation ends soon",
    kinds=("redshift_reserved_node",),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/purchase-reserved-node-instance.html",
    look=look,
)
