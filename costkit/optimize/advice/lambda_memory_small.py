"""LMB-03: a function whose memory or processor is at its end.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""

from decimal import Decimal

from costkit.model.exact import plain, quotient
from costkit.model.finding import CLEAN, HEURISTIC, LOW, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice.lambda_memory import processor, share
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, LEAST_DAYS, known, told

FULL = Decimal("0.9")


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: what more memory costs or saves, a power tuning run tells."""
    observed, use = subject.observed, subject.usage
    if not use.memory:
        return Skip(NOT_APPLICABLE)
    found = observed.series(LEAST_DAYS, ("used_memory_max", "Maximum", DAY))
    if isinstance(found, Skip):
        return found
    [memory] = found
    used, busy = max(known(memory)), processor(observed)
    short = used >= FULL * use.memory
    slow = busy is not None and busy >= FULL * share(use.memory)
    if not short and not slow:
        return Skip(CLEAN)
    what = "memory" if short else "share of a processor"
    return Proposal(
        why=f"it uses nearly all of its {what}; more memory may make it faster at the same cost: run Lambda Power "
        "Tuning and give its result with --power-tuning",
        options=(),
        confidence=HEURISTIC,
        evidence=(told(memory, quotient(used * 100, use.memory), f"% of {plain(use.memory)} MB"),),
    )


CHECK = Check(
    code="LMB-03",
    title="Its memory or processor is at its end",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    propose=propose,
    kinds=("lambda_function",),
)
