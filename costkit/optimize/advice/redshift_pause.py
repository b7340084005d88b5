"""RSP-02: a cluster that is not production and runs at night. Managed storage and snapshots are billed while paused.

https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html
"""

from collections.abc import Sequence

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.model.snapshot import Item
from costkit.optimize.advice import _grid, _running
from costkit.optimize.check import SCHEDULE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, Observed

# A week or two do not show what every week is like. A cluster that is paused at weekends has fewer days with metrics.
WEEKS, LEAST_DAYS = 4, 10


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster in working hours, where AWS can pause it and the pause saves something."""
    observed, use = subject.observed_or_none, subject.usage
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "its reserved nodes are paid whether it runs or not")
    if use.multi_az:
        return Skip(NOT_APPLICABLE, "a cluster in two zones cannot be paused")
    if observed is None:
        return _running.in_working_hours(subject, "paused")
    if observed.item.attributes.get("AutomatedSnapshotRetentionPeriod") == ZERO:
        return Skip(NOT_APPLICABLE, "a cluster without automated snapshots cannot be paused")
    found = observed.series(LEAST_DAYS, ("DatabaseConnections", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    schedules = [text(one, "TargetAction", "PauseCluster", "ClusterIdentifier") for one in _schedules(observed)]
    if observed.item.id in schedules:
        return Skip(CLEAN, "a scheduled action pauses it already")
    return _grid.scheduled(subject, found[0], ZERO, "pause it", "nobody is connected", WEEKS)


def _schedules(observed: Observed) -> Sequence[Item]:
    item = observed.item
    active = observed.found.of("redshift_scheduled_action", item.account, item.region)
    return [one for one in active if text(one, "State") == "ACTIVE"]


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
