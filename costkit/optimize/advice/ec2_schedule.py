"""EC2-06: an instance that is not production and runs at night.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html
"""

from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice import _grid, _running
from costkit.optimize.check import SCHEDULE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR
from costkit.services.ec2_instance import COMMITTED

# A system without work stays below this: https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html
QUIET = Decimal(5)
LEAST_DAYS = 10


def propose(subject: Subject) -> Proposal | Skip:
    """The instance in working hours; its volumes and addresses stay."""
    purchase = subject.usage.purchase
    if purchase is not None and purchase.kind in COMMITTED:
        return Skip(NOT_APPLICABLE, "its commitment is paid whether it runs or not")
    observed = subject.observed_or_none
    if observed is None:
        return _running.in_working_hours(subject, "stopped")
    found = observed.series(LEAST_DAYS, ("CPUUtilization", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    words = f"its processor stays below {plain(QUIET)} %"
    return _grid.scheduled(subject, found[0], QUIET, "stop it", words)


CHECK = Check(
    code="EC2-06",
    title="Stop outside working hours",
    types=("ec2_instance",),
    stage=SCHEDULE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html",
    propose=propose,
)
