"""LMB-24: a function that is paid for waiting, which a Step Functions workflow does for less.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html
"""

from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import (
    CLEAN,
    HEURISTIC,
    HIGH,
    MEDIUM,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    Evidence,
)
from costkit.optimize.advice.lambda_memory import processor
from costkit.optimize.check import GENERATION, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, LEAST_DAYS, told

# It computes for a twentieth of its time at most, and takes as long as that is worth a workflow.
BUSY, LONG = Decimal("0.05"), Decimal(5000)
# A start, a call, a wait, a look whether it is done and a last call; each call takes its computing and a tenth of a
# second. A state transition is charged each: https://aws.amazon.com/step-functions/pricing/
TRANSITIONS, CALLS, OVERHEAD = Decimal(5), Decimal(2), Decimal(100)


def propose(subject: Subject) -> Proposal | Skip:
    """The function called twice for what it computes, and a workflow that waits in between."""
    observed, use = subject.observed, subject.usage
    if use.requests is None or use.duration is None or use.provisioned_concurrency is not None:
        return Skip(NOT_APPLICABLE)
    found = observed.series(LEAST_DAYS, ("Invocations", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    if use.duration < LONG:
        return Skip(CLEAN)
    busy = processor(observed)
    if busy is None:
        return Skip(NOT_ENOUGH_DATA, "its processor time is not measured")
    if busy > BUSY:
        return Skip(CLEAN)
    calls = subject.spread(lambda use: use.requests * CALLS)
    short = {"requests": calls, "duration": subject.spread(lambda use: use.duration * busy + OVERHEAD)}
    long = {"requests": calls, "duration": subject.spread(lambda use: CALLS * use.duration * busy + OVERHEAD)}
    transitions = subject.spread(lambda use: use.requests * TRANSITIONS)
    workflow = {"type": "step_functions", "kind": "standard", "transitions": transitions}
    return Proposal(
        why=f"it computes for {plain((busy * 100).to_integral_value())} % of its time, else it waits; a workflow that "
        "waits, or is called back, is charged by its steps and not by its time",
        options=(Option("", short, long, beside=(" workflow", workflow)),),
        confidence=HEURISTIC,
        evidence=(
            Evidence("computes", busy * 100, "% of its time on one vCPU", "LambdaInsights cpu_total_time Sum"),
            told(found[0], use.duration, "ms", "duration"),
            Evidence("steps of a workflow", TRANSITIONS, "a request, assumed"),
        ),
    )


CHECK = Check(
    code="LMB-24",
    title="Let a workflow wait",
    types=("lambda_function",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=HIGH,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html",
    propose=propose,
    kinds=("lambda_function",),
)
