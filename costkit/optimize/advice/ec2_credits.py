"""EC2-17: a burstable instance that pays for surplus credits.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html
"""

from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, LEAST_DAYS, known, told

BURSTABLE = ("t2", "t3", "t3a", "t4g")


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: credits have no price in the tables, so nothing is claimed."""
    observed = subject.observed
    if subject.usage.instance_type.partition(".")[0] not in BURSTABLE:
        return Skip(NOT_APPLICABLE, "it has no credits")
    found = observed.series(LEAST_DAYS, ("CPUSurplusCreditsCharged", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    [charged] = found
    total = sum(known(charged))
    if not total:
        return Skip(CLEAN)
    return Proposal(
        why="it is busier than its credits allow, and each surplus credit is charged beside what is estimated here; "
        "a larger size, or a family that is not burstable, may cost less",
        options=(),
        confidence=MEASURED,
        evidence=(told(charged, max(known(charged)), "credits on the worst day"),),
    )


CHECK = Check(
    code="EC2-17",
    title="It pays for surplus credits",
    types=("ec2_instance",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html",
    propose=propose,
    kinds=("ec2_instance",),
)
