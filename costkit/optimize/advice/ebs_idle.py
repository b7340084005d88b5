"""EC2-09: an attached volume that nobody reads or writes.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import LOW, MEASURED, MEDIUM, NOT_APPLICABLE, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, told
from costkit.optimize.fragments import GONE

DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """The volume deleted, if nothing was read or written."""
    observed = subject.observed
    if observed.item.attributes.get("State") != "in-use":
        return Skip(NOT_APPLICABLE, "it is attached to nothing")
    found = observed.silence(DAYS, ("VolumeReadOps", "Sum", HOUR), ("VolumeWriteOps", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    return Proposal(
        why="it is attached, and nothing was read or written; a snapshot of it costs less",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=tuple(told(series, ZERO) for series in found),
    )


CHECK = Check(
    code="EC2-09",
    title="Delete a volume that nobody uses",
    types=("ebs_volume",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html",
    propose=propose,
    kinds=("ebs_volume",),
)
