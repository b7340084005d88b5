"""EC2-03: an instance larger than its peaks need.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html
"""

from costkit.model.finding import MEDIUM, OPTIMIZATION
from costkit.optimize.advice import _smaller_instance
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR

DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """The smallest size of its family that leaves room above its peaks."""
    barred = _smaller_instance.barred(subject)
    observed = subject.observed
    if barred is not None:
        return barred
    found = observed.series(DAYS, ("CPUUtilization", "Maximum", HOUR))
    return found if isinstance(found, Skip) else _smaller_instance.smaller(subject, found[0])


CHECK = Check(
    code="EC2-03",
    title="Use a smaller instance",
    types=("ec2_instance",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html",
    propose=propose,
    kinds=("ec2_instance",),
)
