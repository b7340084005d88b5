"""Redshift clusters and workgroups of a snapshot with the hours, RPU-hours and storage that were measured."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit.inputs.snapshot_resources_measuring import DAY, Measured, level, monthly, origin, running, spread
from costkit.inputs.snapshot_resources_translated import EntryBuilder, Translated, free, not_priced, number, text
from costkit.model.exact import ZERO, quotient
from costkit.model.snapshot import Item
from costkit.model.snapshot_index import SnapshotIndex

HOUR, MB_PER_GB, SECONDS_PER_HOUR, HUNDRED = 3600, Decimal(1024), Decimal(3600), Decimal(100)
SNAPSHOT, SERVERLESS_SNAPSHOT = "redshift_snapshot", "redshift_serverless_snapshot"
NAMESPACE, WORKGROUP = "redshift_serverless_namespace", "redshift_serverless_workgroup"


def redshift_cluster(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A cluster with the hours it ran, its managed storage, scaling by the day, and snapshots."""
    entry = EntryBuilder("redshift_cluster")
    entry.put("node_type", text(item, "NodeType"))
    entry.put("nodes", number(item, "NumberOfNodes"))
    paused = text(item, "ClusterStatus") in ("paused", "pausing")
    ran = running(item.series("CPUUtilization", "Average", HOUR), not paused)
    if not ran.known:
        yield not_priced(item, "it is paused, and without its metrics nobody knows how long it ran")
        return
    entry.fields.update(ran.fields)
    entry.origins.update({(name,): ran.origin for name in ran.fields})
    if text(item, "MultiAZ").lower() == "enabled":
        entry.put("multi_az", True)
    included = text(item, "NodeType").startswith(("dc2.", "ds2."))
    if not included:
        entry.measure("managed_storage", _managed_storage(item))
    _scaling(entry, item)
    _snapshots(entry, item, index, included)
    yield entry.of(item)


def _managed_storage(item: Item) -> Measured | None:
    """GB in use: AWS gives the capacity, and the part of it that is used.

    https://docs.aws.amazon.com/redshift/latest/mgmt/metrics-listing.html
    """
    used = item.series("PercentageDiskSpaceUsed", "Maximum", DAY)
    capacity = item.series("RedshiftManagedStorageTotalCapacity", "Maximum", DAY)
    if used is None or capacity is None:
        return None
    pairs = zip(used.known, capacity.known, strict=False)
    days = [part * whole for part, whole in pairs if part is not None and whole is not None]
    if not days:
        return None
    return Measured(spread(days, bottom=HUNDRED * MB_PER_GB), origin(capacity, used.metric))


def _scaling(entry: EntryBuilder, item: Item) -> None:
    """Seconds of concurrency scaling day by day, as the credits are earned and used."""
    series = item.series("ConcurrencyScalingSeconds", "Sum", DAY)
    days = [] if series is None else [value for value in series.known if value is not None]
    if series is not None and any(days):
        entry.put("concurrency_scaling", {"seconds_per_day": days})
        entry.origins["concurrency_scaling", "seconds_per_day"] = origin(series)


def _snapshots(entry: EntryBuilder, item: Item, index: SnapshotIndex, included: bool) -> None:
    """Manual snapshots, whole or by their unique blocks; of nodes with storage of their own all snapshots."""
    kept = [one for one in index.beside(item, SNAPSHOT, "ClusterIdentifier") if not _is_copy(one)]
    if not included:
        kept = [one for one in kept if text(one, "SnapshotType") == "manual"]
    total = _sum(kept, "TotalBackupSizeInMegaBytes")
    if total is None or not total:
        return
    unique = text(item, "NodeType").startswith("rg.")
    entry.put("snapshots", _kept("total" if included else "unique" if unique else "manual", kept, total))


def _is_copy(snapshot: Item) -> bool:
    """Whether it came from another region, where a cluster may be called the same as one here."""
    return text(snapshot, "SourceRegion") not in ("", snapshot.region)


def _kept(field: str, kept: Any, total: Decimal) -> dict[str, Any]:
    """Snapshots in GB; unique blocks are somewhere between those that each added and all of them."""
    added = _sum(kept, "ActualIncrementalBackupSizeInMegaBytes")
    whole = quotient(total, MB_PER_GB)
    if field != "unique" or added is None or added >= total:
        return {field: whole}
    low = quotient(added, MB_PER_GB)
    return {field: {"low": low, "expected": low, "high": whole}}


def _sum(items: Any, name: str) -> Decimal | None:
    sizes = [number(item, name) for item in items]
    return None if None in sizes else sum((size for size in sizes if size is not None), ZERO)


def redshift_snapshot(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """Snapshots are counted with their cluster; a manual one whose cluster is gone costs something all the same.

    So may a copy of one of another region, whoever made it:
    https://docs.aws.amazon.com/redshift/latest/mgmt/cross-region-snapshot-copy.html
    """
    if _is_copy(item):
        yield not_priced(item, f"what a copy of a snapshot of {text(item, 'SourceRegion')} costs is not proven")
        return
    if index.beside(item, "redshift_cluster", "ClusterIdentifier", text(item, "ClusterIdentifier")):
        return
    if text(item, "SnapshotType") == "manual":
        yield not_priced(item, "a snapshot of a cluster that is gone is not priced")


def workgroup(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A workgroup with its RPU-hours, and the storage of its namespace."""
    entry = EntryBuilder("redshift_serverless")
    entry.measure("rpu_hours", monthly(item.series("ComputeSeconds", "Sum", HOUR), SECONDS_PER_HOUR))
    entry.put("base_rpu", number(item, "baseCapacity"))
    name = text(item, "namespaceName")
    # Several workgroups may share one namespace: its data is stored once.
    sharing = index.beside(item, WORKGROUP, "namespaceName", name)
    if not sharing or sharing[0].id == item.id:
        for namespace in index.beside(item, NAMESPACE, "namespaceName", name):
            _storage(entry, namespace, index)
    yield entry.of(item)


def namespace(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A namespace without a workgroup, which costs its storage."""
    name = text(item, "namespaceName")
    if index.beside(item, WORKGROUP, "namespaceName", name):
        return
    entry = EntryBuilder("redshift_serverless")
    entry.put("rpu_hours", ZERO)
    _storage(entry, item, index)
    yield entry.of(item) if len(entry.fields) > 2 else free(item)


def _storage(entry: EntryBuilder, item: Item, index: SnapshotIndex) -> None:
    entry.measure("managed_storage", level(item.series("DataStorage", "Maximum", DAY), MB_PER_GB))
    kept = index.beside(item, SERVERLESS_SNAPSHOT, "namespaceName", text(item, "namespaceName"))
    sizes = [number(one, "totalBackupSizeInMegaBytes") for one in kept]
    total = sum((size for size in sizes if size is not None), ZERO)
    added = [number(one, "actualIncrementalBackupSizeInMegaBytes") for one in kept]
    if total and None not in sizes:
        least = total if None in added else sum((size for size in added if size is not None), ZERO)
        low, high = quotient(min(least, total), MB_PER_GB), quotient(total, MB_PER_GB)
        entry.put("snapshots", {"unique": low if low == high else {"low": low, "expected": low, "high": high}})
