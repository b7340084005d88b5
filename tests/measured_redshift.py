"""Fleets for the checks of Redshift's regions, zones, capacity and snapshots: where each must speak or stay silent.

Prices of us-east-1 on 2026-11-21, from pricing/redshift_*.yaml; a month has 730 hours.
"""

from collections.abc import Callable
from typing import Any

from fleets import ACCOUNT, REGION, Fleet, always, at_hour, in_working_hours, on_day, since

Build = Callable[[Fleet], Any]
DEV = {"env": "dev"}
RESERVATION = "redshift_serverless_reservation"
WORKGROUP = f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:workgroup/wg"


def copied(days: int | None, **more: Any) -> dict[str, Any]:
    status = {"DestinationRegion": "eu-west-1", "ManualSnapshotRetentionPeriod": -1, **more}
    return {"ClusterSnapshotCopyStatus": status if days is None else {**status, "RetentionPeriod": days}}


def based(fleet: Fleet, base: int, most: Any, queued: Any = always(0), **more: Any) -> Fleet:
    """A workgroup of 2 RPU-hours an hour with a base capacity and the most it used."""
    metrics = {"ComputeCapacity Maximum hour": most, "QueriesQueued Maximum day": queued}
    attributes = {"baseCapacity": base, **more}
    return fleet.workgroup("wg", always(7200), metrics=metrics, attributes=attributes)


def limit(fleet: Fleet, action: str, **more: Any) -> Fleet:
    fields = {"resourceArn": WORKGROUP, "usageType": "serverless-compute", "amount": 100, "breachAction": action}
    return fleet.add("redshift_serverless_usage_limit", "l-1", {**fields, "period": "daily", **more})


def kept(fleet: Fleet, *snapshots: tuple[str, int, int], **more: Any) -> Fleet:
    """A namespace with snapshots: when, GB that each added, GB that each holds."""
    fleet.add(
        "redshift_serverless_namespace", "lake", {"namespaceName": "lake"}, {"DataStorage Maximum day": always(0)}
    )
    for number, (day, added, whole) in enumerate(snapshots):
        fields = {
            "snapshotName": f"s-{number}",
            "namespaceName": "lake",
            "snapshotCreateTime": f"{day}T00:00:00Z",
            "actualIncrementalBackupSizeInMegaBytes": added * 1024,
            "totalBackupSizeInMegaBytes": whole * 1024,
            **more,
        }
        fleet.add("redshift_serverless_snapshot", f"s-{number}", fields)
    return fleet


def manual(fleet: Fleet, name: str, day: str, **more: Any) -> Fleet:
    """A manual snapshot of a cluster, of 1,000 GB and without an end."""
    fields = {"ClusterIdentifier": "dwh", "SnapshotType": "manual", "ManualSnapshotRetentionPeriod": -1}
    size = {"SnapshotCreateTime": f"{day}T00:00:00Z", "TotalBackupSizeInMegaBytes": 1000 * 1024}
    return fleet.add("redshift_snapshot", name, {**fields, **size, **more})


def target(level: int, status: str = "ENABLED") -> dict[str, Any]:
    return {"pricePerformanceTarget": {"level": level, "status": status}}


SPEAKS: list[tuple[str, Build, tuple[str, str, str] | None]] = [
    ("RSP-13", lambda f: f.cluster("dwh", tags=DEV, attributes=copied(35)), None),
    # The four nodes of the second zone: 4 x 0.7602 x 730
    ("RSP-14", lambda f: f.cluster("dwh", tags=DEV, attributes={"MultiAZ": "Enabled"}), ("2219.78",) * 3),
    # 1,460 RPU-hours x 0.375 = 547.50 with half of the capacity: as long as now would be 273.75, half of that expected
    ("RSS-03", lambda f: based(f, 32, always(32)), ("0.00", "136.88", "273.75")),
    ("RSS-04", lambda f: f.workgroup("wg", always(3600)), None),
    # Two of three are old: they added 100 + 50 GB and hold 500 + 600. 150 x 0.023, and 1,100 x 0.023 at the most
    (
        "RSS-07",
        lambda f: kept(f, ("2026-01-01", 100, 500), ("2026-05-01", 50, 600), ("2026-11-01", 20, 700)),
        ("0.00", "3.45", "25.30"),
    ),
    # 16 RPU in every hour: 16 x 730 x (0.375 - 0.293)
    ("RSS-05", lambda f: f.workgroup("wg", always(57_600)), ("957.76",) * 3),
    # 32 RPU all month: 32 x 730 x 0.375 = 8,760. Their 512 GB are 16 nodes of rg.xlarge at 0.7602, two thirds of it 11,
    # half of it 8: 8,760 - 11 x 730 x 0.7602, and with 16 and 8. Of rg.large AWS sells 16, half of what it would take.
    (
        "RSS-06",
        lambda f: f.workgroup("wg", always(115_200), attributes={"baseCapacity": 32}),
        ("-119.14", "2655.59", "4320.43"),
    ),
    ("RSS-08", lambda f: f.workgroup("wg", always(3600), tags=DEV, attributes=target(75)), None),
]

SILENT: list[tuple[str, str, Build]] = [
    # A new snapshot of its own, and an old one of a cluster of the same name elsewhere.
    (
        "RSP-12",
        "clean",
        lambda f: manual(
            manual(f.cluster("dwh", attributes={"NodeType": "ra3.xlplus"}), "new", "2026-11-01"),
            "old",
            "2026-01-01",
            SourceRegion="eu-west-1",
        ),
    ),
    ("RSP-13", "clean", lambda f: f.cluster("dwh", tags=DEV, attributes=copied(7))),
    ("RSP-13", "clean", lambda f: f.cluster("dwh", tags=DEV)),
    ("RSP-13", "not_applicable", lambda f: f.cluster("dwh", attributes=copied(35))),
    ("RSP-13", "not_enough_data", lambda f: f.cluster("dwh", tags=DEV, attributes=copied(None))),
    ("RSP-14", "clean", lambda f: f.cluster("dwh", tags=DEV)),
    ("RSP-14", "not_applicable", lambda f: f.cluster("dwh", attributes={"MultiAZ": "Enabled"})),
    # One hour above the base, one query that waited, or the smallest step already.
    ("RSS-03", "clean", lambda f: based(f, 32, at_hour(3, 40, 32))),
    ("RSS-03", "clean", lambda f: based(f, 32, always(32), on_day(9, 1))),
    ("RSS-03", "clean", lambda f: based(f, 8, always(8))),
    ("RSS-03", "clean", lambda f: based(f, 32, always(16))),
    ("RSS-03", "not_applicable", lambda f: based(f, 32, always(32), **target(50))),
    ("RSS-03", "not_enough_data", lambda f: f.workgroup("wg", always(7200), attributes={"baseCapacity": 32})),
    ("RSS-03", "not_enough_data", lambda f: based(f, 32, always(32), creationDate="2026-11-15T00:00:00Z")),
    (
        "RSS-03",
        "not_enough_data",
        lambda f: f.workgroup(
            "wg",
            always(7200),
            attributes={"baseCapacity": 32},
            metrics={"ComputeCapacity Maximum hour": always(32)},
        ),
    ),
    (
        "RSS-04",
        "clean",
        lambda f: limit(f.workgroup("wg", always(1), attributes={"maxCapacity": 32}, arn=WORKGROUP), "log"),
    ),
    # Busy for less than 78 % of the hours: a reserved RPU would stand idle in the others.
    ("RSS-05", "clean", lambda f: f.workgroup("wg", in_working_hours(57_600, 0))),
    ("RSS-05", "not_applicable", lambda f: f.workgroup("wg", always(0))),
    (
        "RSS-05",
        "not_applicable",
        lambda f: f.workgroup("wg", always(57_600)).add(
            RESERVATION, "r-1", {"reservationId": "r-1", "status": "active", "capacity": 8}
        ),
    ),
    (
        "RSS-05",
        "not_enough_data",
        lambda f: f.workgroup("wg", always(57_600), attributes={"creationDate": "2026-11-01T00:00:00Z"}),
    ),
    ("RSS-05", "no_permission", lambda f: f.workgroup("wg", always(57_600)).deny(RESERVATION, "redshift:List")),
    ("RSS-06", "clean", lambda f: f.workgroup("wg", in_working_hours(115_200, 0))),
    # 64 RPU in working hours and 16 in others: a cluster has to have room for 64 at all times.
    ("RSS-06", "clean", lambda f: f.workgroup("wg", in_working_hours(230_400, 57_600))),
    # Steady, but a week of nothing in four.
    ("RSS-06", "clean", lambda f: f.workgroup("wg", since(21, 115_200, 0))),
    ("RSS-06", "not_applicable", lambda f: f.workgroup("wg", always(0))),
    (
        "RSS-06",
        "not_enough_data",
        lambda f: f.workgroup("wg", always(115_200), attributes={"creationDate": "2026-11-01T00:00:00Z"}),
    ),
    ("RSS-07", "clean", lambda f: kept(f, ("2026-11-01", 20, 700))),
    # Somebody said when they end.
    ("RSS-07", "clean", lambda f: kept(f, ("2026-01-01", 100, 500), snapshotRetentionPeriod=400)),
    ("RSS-07", "not_applicable", lambda f: f.workgroup("wg", always(3600))),
    ("RSS-07", "not_enough_data", lambda f: kept(f, ("", 100, 500))),
    ("RSS-08", "clean", lambda f: f.workgroup("wg", always(3600), tags=DEV, attributes=target(50))),
    ("RSS-08", "clean", lambda f: f.workgroup("wg", always(3600), tags=DEV, attributes=target(100, "DISABLED"))),
    ("RSS-08", "not_applicable", lambda f: f.workgroup("wg", always(3600), attributes=target(100))),
]
