"""EC2-08: a volume that is attached to nothing.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-volume.html
"""

from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_ENOUGH_DATA, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import LEAST_DAYS, known
from costkit.optimize.fragments import GONE

HOUR = 3600


def propose(subject: Subject) -> Proposal | Skip:
    """The volume deleted, once it was detached for a week."""
    observed = subject.observed
    if observed.item.attributes.get("State") != "available":
        return Skip(CLEAN)
    age = observed.age_in_days("CreateTime")
    ops = observed.item.series("VolumeReadOps", "Sum", HOUR)
    # Only attached volumes have metrics: those of the last week tell how long it is detached.
    if ops is not None and known(ops._replace(values=ops.values[-LEAST_DAYS * 24 :])):
        return Skip(NOT_ENOUGH_DATA, f"it was attached within the last {LEAST_DAYS} days")
    if age is None or age < LEAST_DAYS:
        return Skip(NOT_ENOUGH_DATA, f"it is younger than {LEAST_DAYS} days, or nobody knows its age")
    return Proposal(
        why="it is attached to nothing; a snapshot of it, if its data matter, costs less",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(Evidence("state", "available"), Evidence("created", str(observed.item.attributes["CreateTime"]))),
    )


CHECK = Check(
    code="EC2-08",
    title="Delete a volume that is attached to nothing",
    types=("ebs_volume",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-volume.html",
    propose=propose,
    kinds=("ebs_volume",),
)
