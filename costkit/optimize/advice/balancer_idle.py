"""EC2-16: a load balancer that nobody asks.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, told
from costkit.optimize.fragments import GONE

DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """The load balancer deleted, if it is as old as what was measured."""
    observed = subject.observed
    found = observed.silence(DAYS, ("RequestCount", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    age = observed.age_in_days("CreatedTime")
    if age is not None and age < DAYS:
        return Skip(CLEAN)
    return Proposal(
        why="no request came in",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(told(found[0], ZERO, "requests a day"),),
    )


CHECK = Check(
    code="EC2-16",
    title="Delete a load balancer that nobody asks",
    types=("application_load_balancer",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html",
    propose=propose,
    kinds=("load_balancer",),
)
