"""EC2-15: a NAT gateway that nothing goes through.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
"""

from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_APPLICABLE, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, known, told
from costkit.optimize.fragments import GONE

DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """No such gateway."""
    if subject.observed is None:
        return Skip(NOT_APPLICABLE)
    found = subject.observed.series(DAYS, ("BytesOutToDestination", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    [out] = found
    if any(known(out)):
        return Skip(CLEAN)
    return Proposal(
        why="nothing went through it",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(told(out, max(known(out)), "bytes a day"),),
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
