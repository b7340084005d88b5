"""RSP-01: a cluster that nobody connects to.

https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import LOW, MEASURED, MEDIUM, NOT_APPLICABLE, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, LEAST_DAYS, told
from costkit.optimize.fragments import GONE


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster paused for good: its storage and snapshots remain. Deleting it is shown beside that."""
    observed, use = subject.observed, subject.usage
    if use.hours is not None and not use.hours:
        return Skip(NOT_APPLICABLE, "it is paused")
    found = observed.silence(LEAST_DAYS, ("DatabaseConnections", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    paused = {"hours": ZERO, **({"schedule": None} if "schedule" in subject.raw else {})}
    return Proposal(
        why="nobody was connected to it in any hour in which it ran",
        options=(Option("paused", paused), Option("deleted", GONE, shown=True)),
        confidence=MEASURED,
        evidence=(told(found[0], ZERO),),
    )


CHECK = Check(
    code="RSP-01",
    title="Pause a cluster that nobody uses",
    types=("redshift_cluster",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
