"""EC2-19: reserved capacity that no instance uses.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html
"""

from costkit.model.finding import HEURISTIC, LOW, MEDIUM, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.fragments import GONE


def propose(subject: Subject) -> Proposal | Skip:
    """What is not used of it given back; the snapshot knows of one moment alone."""
    return Proposal(
        why="it was not used when the snapshot was made, and capacity costs what its instances would",
        options=(Option("", GONE),),
        confidence=HEURISTIC,
        evidence=(Evidence("not used", subject.expected.copies, "instances", "AvailableInstanceCount"),),
    )


CHECK = Check(
    code="EC2-19",
    title="Give reserved capacity back",
    types=("ec2_instance",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html",
    propose=propose,
    kinds=("ec2_capacity_reservation",),
)
