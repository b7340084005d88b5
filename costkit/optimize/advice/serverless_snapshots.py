"""RSS-07: snapshots of a namespace that are kept for ever. Recovery points of the last 24 hours are free.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-snapshots-recovery-points.html
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO, quotient
from costkit.model.finding import CLEAN, LOW, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, UPPER_BOUND, WASTE, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject

OLD, MB_PER_GB = 90, Decimal(1024)
WHOLE, ADDED = "totalBackupSizeInMegaBytes", "actualIncrementalBackupSizeInMegaBytes"


def propose(subject: Subject) -> Proposal | Skip:
    """The namespace without snapshots of more than 90 days that have no end.

    Their unique blocks are billed: somewhere between what each of them added and all that it holds.
    """
    observed, kept = subject.observed, subject.usage.snapshots
    if kept is None or kept.unique is None:
        return Skip(NOT_APPLICABLE, "it has no snapshots that are billed")
    name = text(observed.item, "namespaceName")
    snapshots = observed.others("redshift_serverless_snapshot", "namespaceName", name)
    if isinstance(snapshots, Skip):
        return snapshots
    today = observed.found.snapshot.collected
    ages = [days_between(one.attributes.get("snapshotCreateTime"), today) for one in snapshots]
    old = [one for one, age in zip(snapshots, ages, strict=True) if age is not None and age > OLD and _is_endless(one)]
    if not old:
        return Skip(CLEAN) if None not in ages else Skip(NOT_ENOUGH_DATA, "the age of its snapshots is not known")
    whole = _gigabytes(old, WHOLE)
    added = min(whole, _gigabytes(old, ADDED)) if all(number(one, ADDED) is not None for one in old) else whole
    high = subject.high.usage.snapshots.unique
    fields = {"snapshots": {"unique": _left(kept.unique - added, high - whole)}}
    return Proposal(
        why=f"{len(old)} snapshots are more than {OLD} days old and have no end; what only they hold is freed, "
        "expected is what each of them added",
        options=(Option("", fields, {"snapshots": subject.raw["snapshots"]}),),
        confidence=UPPER_BOUND,
        evidence=(
            Evidence("added by old snapshots", added, "GB", ADDED),
            Evidence("held by old snapshots", whole, "GB", WHOLE),
        ),
    )


def _is_endless(item: Item) -> bool:
    """Whether nobody said when it is deleted: -1, or nothing."""
    days = number(item, "snapshotRetentionPeriod")
    return days is None or days < ZERO


def _gigabytes(items: Sequence[Item], name: str) -> Decimal:
    return quotient(sum((number(one, name) or ZERO for one in items), ZERO), MB_PER_GB)


def _left(low: Decimal, high: Decimal) -> Any:
    """What is left at the three points of what there is now."""
    least, most = max(ZERO, low), max(ZERO, low, high)
    return least if least == most else {"low": least, "expected": least, "high": most}


CHECK = Check(
    code="RSS-07",
    title="Delete old snapshots",
    types=("redshift_serverless",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-snapshots-recovery-points.html",
    propose=propose,
    kinds=("redshift_serverless_workgroup", "redshift_serverless_namespace"),
)
