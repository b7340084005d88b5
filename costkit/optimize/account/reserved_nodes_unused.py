"""RSP-07: reserved nodes that no cluster uses.

https://docs.aws.amazon.com/redshift/latest/mgmt/purchase-reserved-node-instance.html
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO, plain
from costkit.model.finding import CLEAN, FINDING, LOW, MEASURED, OPTIMIZATION, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight

STOPPED = ("paused", "pausing", "deleting")


def look(place: Place) -> Iterator[Sight]:
    """A warning for each node type of which more are reserved than run; what they cost is spent in any case."""
    reserved: Counter[str] = Counter()
    running: dict[str, Decimal] = {}
    for item in place.of("redshift_reserved_node"):
        if text(item, "State") == "active":
            reserved[text(item, "NodeType")] += int(number(item, "NodeCount") or ZERO)
    for item in place.of("redshift_cluster"):
        if text(item, "ClusterStatus") not in STOPPED:
            kind = text(item, "NodeType")
            running[kind] = running.get(kind, ZERO) + (number(item, "NumberOfNodes") or ZERO)
    for kind, count in sorted(reserved.items()):
        about = f"{kind} in {place.region} of {place.account}"
        spare = count - running.get(kind, ZERO)
        if spare <= 0:
            yield Sight(CLEAN, about)
            continue
        why = f"{plain(spare)} of {count} reserved nodes are not used; run clusters on them, or exchange them"
        yield Sight(FINDING, about, why, (Evidence("not used", spare, "nodes", "DescribeReservedNodes"),))


CHECK = AccountCheck(
    code="RSP-07",
    title="Use the nodes that are reserved",
    kinds=("redshift_reserved_node", "redshift_cluster"),
    category=OPTIMIZATION,
    confidence=MEASURED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/purchase-reserved-node-instance.html",
    look=look,
)
