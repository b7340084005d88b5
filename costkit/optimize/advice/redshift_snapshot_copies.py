"""RSP-13: snapshots that are copied to another region, and kept there for long, of what is not production.

https://docs.aws.amazon.com/redshift/latest/mgmt/cross-region-snapshot-copy.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import (
    CLEAN,
    LOW,
    MEDIUM,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    UPPER_BOUND,
    Evidence,
)
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.environments import not_production
from costkit.optimize.evidence import Observed

# AWS keeps copies of automated snapshots for a week unless told otherwise; -1 keeps those of manual ones for ever:
# https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableSnapshotCopy.html
A_WEEK, FOR_EVER, MB_PER_GB = 7, -1, Decimal(1024)
STATUS = "ClusterSnapshotCopyStatus"


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: what the copies cost depends on how much changes, which no metric tells."""
    observed, tag = subject.observed, not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    if not observed.item.attributes.get(STATUS):
        return Skip(CLEAN, "its snapshots are not copied")
    target = text(observed.item, STATUS, "DestinationRegion")
    days = [number(observed.item, STATUS, name) for name in ("RetentionPeriod", "ManualSnapshotRetentionPeriod")]
    if days[0] is None:
        return Skip(NOT_ENOUGH_DATA, "the snapshot does not tell how long copies are kept")
    if days[0] <= A_WEEK:
        return Skip(CLEAN)
    return Proposal(
        why=f"it is tagged {tag}, and copies of its snapshots are kept in {target} for {plain(days[0])} days; their "
        "transfer is charged, their storage may be, and nobody knows how much changes from day to day",
        options=(),
        confidence=UPPER_BOUND,
        evidence=(
            Evidence("tag", tag),
            Evidence("copies are kept", days[0], "days", "DescribeClusters"),
            *(_manual(days[1]) if days[1] is not None else ()),
            *_copies(observed, target),
        ),
    )


def _manual(days: object) -> tuple[Evidence, ...]:
    kept = "for ever" if days == FOR_EVER else f"{days} days"
    return (Evidence("copies of manual snapshots are kept", kept, "", "DescribeClusters"),)


def _copies(observed: Observed, target: str) -> tuple[Evidence, ...]:
    """The copies themselves, where their region was collected too."""
    item = observed.item
    there = observed.found.of("redshift_snapshot", item.account, target)
    own = [
        one for one in there if (text(one, "SourceRegion"), text(one, "ClusterIdentifier")) == (item.region, item.id)
    ]
    if not own:
        return ()
    sizes = sum((number(one, "TotalBackupSizeInMegaBytes") or ZERO for one in own), ZERO)
    return (Evidence(f"{len(own)} copies", quotient(sizes, MB_PER_GB), "GB at most", "TotalBackupSizeInMegaBytes"),)


CHECK = Check(
    code="RSP-13",
    title="Keep copies in another region for a shorter time",
    types=("redshift_cluster",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/cross-region-snapshot-copy.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
