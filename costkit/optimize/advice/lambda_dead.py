"""LMB-12: a function that nobody called for three months.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import LOW, MEASURED, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, told
from costkit.optimize.fragments import GONE

DAYS = 90


def propose(subject: Subject) -> Proposal | Skip:
    """The function deleted; it costs nothing itself, unless it has provisioned concurrency."""
    found = subject.observed.silence(DAYS, ("Invocations", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    costs = subject.usage.provisioned_concurrency is not None
    return Proposal(
        why="nobody called it"
        + ("" if costs else "; it costs nothing itself, what its log group and its versions hold does"),
        options=(Option("", GONE),) if costs else (),
        confidence=MEASURED,
        evidence=(told(found[0], ZERO, "calls"),),
    )


CHECK = Check(
    code="LMB-12",
    title="Delete a function that nobody calls",
    types=("lambda_function",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    propose=propose,
    kinds=("lambda_function",),
)
