"""LMB-22: a function that calls itself, or ran away on the last day.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import by_day, origin
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import CLEAN, HEURISTIC, LOW, MEDIUM, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS, told

# More than the mean and three standard deviations of the days before, and at least twice as much.
DEVIATIONS, TWICE = Decimal(3), Decimal(2)


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: whether the calls are wanted, only its owner knows."""
    observed = subject.observed
    found = observed.series(LEAST_DAYS, ("Invocations", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    *before, last = [day or ZERO for day in by_day(found[0])]
    mean = quotient(sum(before, ZERO), Decimal(len(before)))
    spread = quotient(sum(((day - mean) ** 2 for day in before), ZERO), max(ONE, Decimal(len(before) - 1))).sqrt()
    dropped = observed.item.series("RecursiveInvocationsDropped", "Sum", DAY)
    recursive = sum((day or ZERO for day in by_day(dropped)), ZERO) if dropped is not None else ZERO
    ran_away = mean > 0 and last > mean + DEVIATIONS * spread and last >= TWICE * mean
    if dropped is not None and recursive:
        return _warning("AWS stopped calls of it to itself", told(dropped, recursive, "calls"))
    if not ran_away:
        return Skip(CLEAN)
    what = f"on the last day it was called {plain(last)} times, on the days before {plain(mean)} times on average"
    return _warning(what, Evidence("calls on the last day", last, "", origin(found[0])))


def _warning(why: str, evidence: Evidence) -> Proposal:
    return Proposal(why=f"{why}; its cost grows with that", options=(), confidence=HEURISTIC, evidence=(evidence,))


CHECK = Check(
    code="LMB-22",
    title="It runs away",
    types=("lambda_function",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    propose=propose,
    kinds=("lambda_function",),
)
