"""RSP-02: a cluster that is not production and runs at night. Managed storage and snapshots are billed while paused.

https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html
"""

from costkit.model.finding import LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice import _running
from costkit.optimize.check import SCHEDULE, Check, Proposal, Skip, Subject


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster in working hours, where AWS can pause it and the pause saves something."""
    use = subject.usage
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "its reserved nodes are paid whether it runs or not")
    if use.multi_az:
        return Skip(NOT_APPLICABLE, "a cluster in two zones cannot be paused")
    return _running.in_working_hours(subject, "paused")


CHECK = Check(
    code="RSP-02",
    title="Pause outside working hours",
    types=("redshift_cluster",),
    stage=SCHEDULE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html",
    propose=propose,
)
