"""EC2-11: IOPS that are provisioned and not used.

https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html
"""

from decimal import Decimal

from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, DERIVED, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, told

# As Steampipe Thrifty and Compute Optimizer: less than half of them at the busiest time. An hour's average hides
# shorter peaks, so twice as many are kept.
HALF, KEPT, DAYS = Decimal("0.5"), Decimal(2), 14
SECONDS = Decimal(3600)


def propose(subject: Subject) -> Proposal | Skip:
    """The volume with the IOPS it needs, as gp3 where that has so many."""
    observed, use = subject.observed, subject.usage
    if use.kind not in ("io1", "io2", "gp3") or not use.iops:
        return Skip(NOT_APPLICABLE, "it has no provisioned IOPS")
    found = observed.series(DAYS, ("VolumeReadOps", "Sum", HOUR), ("VolumeWriteOps", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    reads, writes = found
    hours = [(read or ZERO) + (write or ZERO) for read, write in zip(reads.known, writes.known, strict=False)]
    peak = quotient(max(hours), SECONDS)
    included = subject.at.value("gp3_included_iops", "ebs_volume")
    if peak >= HALF * use.iops or use.iops <= (included if use.kind == "gp3" else ZERO):
        return Skip(CLEAN)
    need = max(included, (peak * KEPT).to_integral_value(rounding="ROUND_CEILING"))
    gp3 = {"kind": "gp3", "iops": need, "throughput": None}
    if use.kind == "gp3":
        gp3 = {"iops": need}
    return Proposal(
        why=f"no hour used {plain(HALF * 100)} % of its {plain(use.iops)} IOPS; {plain(need)} leave room for more",
        options=(Option(f"{plain(need)} IOPS on gp3", gp3),),
        confidence=DERIVED,
        evidence=(told(reads, peak, "IOPS in the busiest hour", "reads and writes"), Evidence("IOPS", use.iops)),
    )


CHECK = Check(
    code="EC2-11",
    title="Provision the IOPS that are used",
    types=("ebs_volume",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html",
    propose=propose,
    kinds=("ebs_volume",),
)
