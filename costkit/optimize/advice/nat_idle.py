"""EC2-15: a NAT gateway that nothing goes through.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import LOW, MEASURED, MEDIUM, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, told
from costkit.optimize.fragments import GONE

DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """The gateway deleted, if no byte went out through it."""
    found = subject.observed.silence(DAYS, ("BytesOutToDestination", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    return Proposal(
        why="nothing went through it",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(told(found[0], ZERO, "bytes a day"),),
    )


CHECK = Check(
    code="EC2-15",
    title="Delete a NAT gateway that nothing goes through",
    types=("nat_gateway",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html",
    propose=propose,
    kinds=("nat_gateway",),
)
