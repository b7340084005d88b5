"""RSP-04: a cluster that is at its end.

https://docs.aws.amazon.com/redshift/latest/mgmt/metrics-listing.html
"""

from decimal import Decimal

from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, OPTIMIZATION
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS, known, percentile, told

SHARE, BUSY, FULL = Decimal("0.95"), Decimal(90), Decimal(85)


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: more nodes cost more."""
    wanted = (("CPUUtilization", "Average", HOUR), ("PercentageDiskSpaceUsed", "Maximum", DAY))
    found = subject.observed.series(LEAST_DAYS, *wanted)
    if isinstance(found, Skip):
        return found
    cpu, disk = found
    busy, full = percentile(known(cpu), SHARE), max(known(disk))
    if busy <= BUSY and full <= FULL:
        return Skip(CLEAN)
    return Proposal(
        why="its processors or its disks are nearly full; queries wait, and more nodes cost more",
        options=(),
        confidence=MEASURED,
        evidence=(told(cpu, busy, "%", "CPUUtilization, 95th percentile of the hours"), told(disk, full, "%")),
    )


CHECK = Check(
    code="RSP-04",
    title="The cluster is at its end",
    types=("redshift_cluster",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/metrics-listing.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
