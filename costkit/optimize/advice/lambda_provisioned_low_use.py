"""LMB-07: provisioned concurrency that is used too little to pay for itself.

Its duration is cheaper than on demand, its readiness is paid for by the hour: what counts is how busy it is.
https://aws.amazon.com/lambda/pricing/
"""

from decimal import ROUND_CEILING, Decimal

from costkit.model.exact import plain
from costkit.model.finding import DERIVED, LOW, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.optimize.advice import _provisioned
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject

# p_ready / (p_on_demand - p_provisioned_duration) at us-east-1's prices, for the sentence only: what is proposed
# is decided by the estimates. 0.0000041667 / (0.0000166667 - 0.0000097222) = 0.60 (https://aws.amazon.com/lambda/pricing/).
BREAK_EVEN_PERCENT = Decimal(60)
HUNDRED = Decimal(100)
# A resource with this tag has it for its latency, whatever it costs.
LATENCY_TAG = "latency"


def propose(subject: Subject) -> Proposal | Skip:
    """The function without it: the estimate tells whether that is cheaper."""
    use = subject.usage
    if use.provisioned_concurrency is None or subject.always(lambda point: _provisioned.served(point) == 0):
        return Skip(NOT_APPLICABLE, "it has none, or it serves nothing at all")
    if LATENCY_TAG in subject.expected.tags:
        return Skip(NOT_APPLICABLE, f"the tag {LATENCY_TAG} says what it is for")
    hours = _provisioned.enabled_hours(subject, use)
    busy = _provisioned.busy_share(use, hours)
    if busy is None:
        return Skip(NOT_ENOUGH_DATA, "how busy its provisioned concurrency is depends on usage that is not stated")
    percent = (busy * HUNDRED).to_integral_value(ROUND_CEILING)
    return Proposal(
        why=f"its environments are busy for at most {plain(percent)} % of the time they are kept ready, and pay for "
        f"themselves from about {plain(BREAK_EVEN_PERCENT)} % on",
        options=(Option("", _provisioned.without(subject)),),
        confidence=DERIVED,
        evidence=(
            Evidence("busy", busy * HUNDRED, "%"),
            Evidence("kept ready", hours, "h a month"),
            Evidence("environments", use.provisioned_concurrency.concurrency),
        ),
    )


CHECK = Check(
    code="LMB-07",
    title="Provisioned concurrency below its break-even",
    types=("lambda_function",),
    stage=DELETE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    propose=propose,
)
