"""LMB-02: more memory than a function ever used, as Lambda Insights measured it.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-insights.html
"""

from decimal import ROUND_CEILING, Decimal

from costkit.inputs.snapshot_resources_measuring import by_day, days_between
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import CLEAN, DERIVED, LOW, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS, Observed, known, told
from costkit.optimize.fragments import Fragment

# A fifth more than was ever used, in steps of 64 MB, and only where that is a fifth less than now; as few calls
# say too little, as Compute Optimizer has it: https://docs.aws.amazon.com/compute-optimizer/latest/ug/requirements.html
ROOM, STEP, LEAST_MB, WORTH_IT, LEAST_CALLS = Decimal("1.2"), Decimal(64), Decimal(128), Decimal("0.8"), 50
# With 1,769 MB a function has one vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MB_PER_VCPU = Decimal(1769)
# The processor time is an average: the range is for none of it in the way, and for a fifth more.
DOUBT, OF_TIMEOUT, MS = Decimal("1.2"), Decimal("0.8"), Decimal(1000)


def share(memory: Decimal) -> Decimal:
    """The part of a vCPU that one thread has with so many MB."""
    return min(ONE, quotient(memory, MB_PER_VCPU))


def processor(observed: Observed) -> Decimal | None:
    """The part of its time in which it computes, or None if nobody measured it."""
    used = observed.item.series("cpu_total_time", "Sum", DAY)
    total = observed.item.series("Duration", "Sum", HOUR)
    if used is None or total is None:
        return None
    days = [(cpu, time) for cpu, time in zip(by_day(used), by_day(total), strict=False) if cpu is not None and time]
    length = sum((time or ZERO for _, time in days), ZERO)
    return quotient(sum((cpu for cpu, _ in days), ZERO), length) if length else None


def propose(subject: Subject) -> Proposal | Skip:
    """The memory it needs, and the time it then takes: longer where its processor has more to do than its share."""
    observed, use = subject.observed, subject.usage
    if use.memory is None or use.duration is None:
        return Skip(NOT_APPLICABLE)
    since = days_between(observed.item.attributes.get("LastModified"), observed.found.snapshot.collected)
    if since is not None and since < LEAST_DAYS:
        return Skip(NOT_ENOUGH_DATA, f"it was changed {since} days ago: what was measured before may not hold")
    found = observed.series(LEAST_DAYS, ("used_memory_max", "Maximum", DAY), ("Invocations", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    memory, calls = found
    busy = processor(observed)
    if busy is None or sum(known(calls)) < LEAST_CALLS:
        return Skip(
            NOT_ENOUGH_DATA, f"its processor time is not measured, or it was called less than {LEAST_CALLS} times"
        )
    used = max(known(memory))
    need = max(LEAST_MB, (used * ROOM / STEP).to_integral_value(ROUND_CEILING) * STEP)
    if need > use.memory * WORTH_IT:
        return Skip(CLEAN)
    slower = [_slower(busy * doubt, use.memory, need) for doubt in (ONE, DOUBT)]
    longest = max(
        (max(known(p99)) for p99 in [observed.item.series("Duration", "p99", DAY)] if p99 and known(p99)), default=None
    )
    limit = observed.item.attributes.get("Timeout")
    if longest is not None and limit is not None and longest * slower[1] > OF_TIMEOUT * Decimal(limit) * MS:
        return Skip(CLEAN, "with less memory it might time out")
    expected, worst, best = (_fields(subject, need, one) for one in (*slower, ONE))
    return Proposal(
        why=f"it never used more than {plain(used)} of its {plain(use.memory)} MB; with less memory it has less of a "
        "processor, and the range is for work that does not notice and for a fifth more of it",
        options=(Option(f"{plain(need)} MB", expected, worst, best),),
        confidence=DERIVED,
        evidence=(
            told(memory, used, "MB"),
            Evidence("computes", busy * 100, "% of its time on one vCPU", "LambdaInsights cpu_total_time Sum"),
            Evidence("as long as now", slower[0], "times"),
        ),
    )


def _slower(busy: Decimal, now: Decimal, then: Decimal) -> Decimal:
    """How many times longer it takes: what it computes cannot be more than its share of a processor."""
    return max(ONE, quotient(min(busy, share(now)), share(then)))


def _fields(subject: Subject, memory: Decimal, slower: Decimal) -> Fragment:
    longest = subject.at.value("duration_max")
    return {"memory": memory, "duration": subject.spread(lambda use: min(use.duration * slower, longest))}


CHECK = Check(
    code="LMB-02",
    title="Use less memory",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-insights.html",
    propose=propose,
    kinds=("lambda_function",),
)
