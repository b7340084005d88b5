"""EC2-18: an instance that runs all month on demand.

https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html
"""

from costkit.model.finding import DERIVED, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.advice import _running
from costkit.optimize.check import COMMITMENT, Check, Option, Proposal, Skip, Subject

# The careful commitment is proposed: a year, nothing upfront. What three years save is shown beside it.
KINDS = {"standard_reserved": "reserved instance", "compute_savings_plan": "Compute Savings Plan"}
CAREFUL, LONGER = "1y", "3y"
PAYMENT = "no_upfront"


def propose(subject: Subject) -> Proposal | Skip:
    """The instance under the cheapest of the careful commitments."""
    purchase = subject.usage.purchase
    if purchase is not None and purchase.kind != "on_demand":
        return Skip(NOT_APPLICABLE, f"it is bought as {purchase.kind}")
    if not _running.all_month(subject):
        return Skip(NOT_APPLICABLE, "it does not run all month")
    options = [_option(kind, CAREFUL) for kind in KINDS] + [
        _option(kind, LONGER)._replace(shown=True) for kind in KINDS
    ]
    return Proposal(
        why="it runs all month on demand; a year's commitment without upfront payment bills every hour at a lower rate "
        "and is bound until its end",
        options=tuple(options),
        confidence=DERIVED,
        evidence=(Evidence("runs", subject.at.month_hours, "h a month"),),
    )


def _option(kind: str, term: str) -> Option:
    purchase = {"kind": kind, "term": term, "payment": PAYMENT}
    return Option(f"{KINDS[kind]}, {term}, no upfront", {"purchase": purchase})


CHECK = Check(
    code="EC2-18",
    title="Commit for a year",
    types=("ec2_instance",),
    stage=COMMITMENT,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html",
    propose=propose,
)
