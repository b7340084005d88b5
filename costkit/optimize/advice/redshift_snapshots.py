"""RSP-12: manual snapshots that are kept for ever.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO, quotient
from costkit.model.finding import CLEAN, LOW, MEDIUM, NOT_APPLICABLE, UPPER_BOUND, WASTE, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject

OLD, FOR_EVER, MB_PER_GB = 90, -1, Decimal(1024)


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster without its manual snapshots of more than 90 days that have no end."""
    observed, kept = subject.observed, subject.usage.snapshots
    if kept is None:
        return Skip(NOT_APPLICABLE, "it has no snapshots that are billed")
    snapshots = observed.others("redshift_snapshot", "ClusterIdentifier")
    if isinstance(snapshots, Skip):
        return snapshots
    today = observed.found.snapshot.collected
    old = [one for one in snapshots if _is_old(one, today)]
    if not old:
        return Skip(CLEAN)
    if kept.manual is None:
        return Skip(NOT_APPLICABLE, "what each of its snapshots costs is not known")
    freed = quotient(sum((number(one, "TotalBackupSizeInMegaBytes") or ZERO for one in old), ZERO), MB_PER_GB)
    fields = {"snapshots": {"manual": max(ZERO, kept.manual - freed)}}
    return Proposal(
        why=f"{len(old)} manual snapshots are more than {OLD} days old and have no end",
        options=(Option("", fields, {"snapshots": {"manual": kept.manual}}),),
        confidence=UPPER_BOUND,
        evidence=(Evidence("old snapshots", freed, "GB", "TotalBackupSizeInMegaBytes"),),
    )


def _is_old(item: Item, today: str) -> bool:
    age = days_between(item.attributes.get("SnapshotCreateTime"), today)
    # A copy from another region is none of a cluster that is called the same here.
    own = text(item, "SourceRegion") in ("", item.region)
    manual = text(item, "SnapshotType") == "manual" and number(item, "ManualSnapshotRetentionPeriod") == FOR_EVER
    return own and manual and age is not None and age > OLD


CHECK = Check(
    code="RSP-12",
    title="Delete old manual snapshots",
    types=("redshift_cluster",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
