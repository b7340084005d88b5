"""EC2-06: an instance that is not production and runs at night.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html
"""

from costkit.model.finding import LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice import _running
from costkit.optimize.check import SCHEDULE, Check, Proposal, Skip, Subject
from costkit.services.ec2_instance import COMMITTED


def propose(subject: Subject) -> Proposal | Skip:
    """The instance in working hours; its volumes and addresses stay."""
    purchase = subject.usage.purchase
    if purchase is not None and purchase.kind in COMMITTED:
        return Skip(NOT_APPLICABLE, "its commitment is paid whether it runs or not")
    return _running.in_working_hours(subject, "stopped")


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
