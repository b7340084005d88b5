"""What Redshift has: clusters, reservations, limits, schedules, snapshots, sizes, storage and advice."""

from collections.abc import Iterator

from costkit.collect.call import MARKER, Call
from costkit.collect.keeping import kept
from costkit.collect.place import Found, Place
from costkit.model.snapshot_kinds import kinds

HUNDRED = {"MaxRecords": 100}
CLUSTERS = Call("redshift", "DescribeClusters", "Clusters", MARKER, HUNDRED)
RESERVED = Call("redshift", "DescribeReservedNodes", "ReservedNodes", MARKER, HUNDRED)
OFFERINGS = Call("redshift", "DescribeReservedNodeOfferings", "ReservedNodeOfferings", MARKER, HUNDRED)
LIMITS = Call("redshift", "DescribeUsageLimits", "UsageLimits", MARKER, HUNDRED)
SCHEDULES = Call("redshift", "DescribeScheduledActions", "ScheduledActions", MARKER, HUNDRED)
SNAPSHOTS = Call("redshift", "DescribeClusterSnapshots", "Snapshots", MARKER, HUNDRED)
SIZES = Call(
    "redshift",
    "DescribeNodeConfigurationOptions",
    "NodeConfigurationOptionList",
    MARKER,
    {"ActionType": "resize-cluster", **HUNDRED},
)
STORAGE = Call("redshift", "DescribeStorage", "TotalBackupSizeInMegaBytes")
ADVICE = Call("redshift", "ListRecommendations", "Recommendations", MARKER, HUNDRED)
CALLS = (CLUSTERS, RESERVED, OFFERINGS, LIMITS, SCHEDULES, SNAPSHOTS, SIZES, STORAGE, ADVICE)
CLUSTER, SIZE = "redshift_cluster", "redshift_node_configuration"


def collect(place: Place) -> None:
    """Find everything of Redshift in a place."""
    place.list(
        CLUSTER,
        CLUSTERS,
        "ClusterIdentifier",
        lambda one: place.arn("redshift", f"cluster:{one.get('ClusterIdentifier', '')}"),
    )
    place.list("redshift_reserved_node", RESERVED, "ReservedNodeId")
    place.list("redshift_reserved_node_offering", OFFERINGS, "ReservedNodeOfferingId")
    place.list("redshift_usage_limit", LIMITS, "UsageLimitId")
    place.list("redshift_scheduled_action", SCHEDULES, "ScheduledActionName")
    place.list("redshift_snapshot", SNAPSHOTS, "SnapshotIdentifier", lambda one: str(one.get("SnapshotArn", "")))
    # AWS answers for a cluster that is paused, or being changed, with an error.
    running = [one for one in place.of(CLUSTER) if one.attributes.get("ClusterStatus") == "available"]
    place.collect(SIZE, lambda: place.for_each(SIZE, running, lambda one: _sizes(place, one)), CLUSTER)
    place.collect("redshift_storage", lambda: _storage(place))
    place.list("redshift_recommendation", ADVICE, "Id")


def _sizes(place: Place, cluster: Found) -> Iterator[Found]:
    form = kinds()[SIZE].form
    for entry in place.each(SIZES, ClusterIdentifier=cluster.id):
        parts = (cluster.id, entry.get("NodeType"), entry.get("NumberOfNodes"), entry.get("Mode"))
        own_id = "/".join(str(part) for part in parts if part is not None)
        yield Found(own_id, "", {**kept(form, entry), "ClusterIdentifier": cluster.id}, {})


def _storage(place: Place) -> Iterator[Found]:
    yield Found("storage", "", kept(kinds()["redshift_storage"].form, place.ask(STORAGE)), {})
