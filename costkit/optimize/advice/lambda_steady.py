"""LMB-20: a function that works all the time, which instances or tasks do for less.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_lambda import first_day
from costkit.inputs.snapshot_resources_measuring import by_day
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import CLEAN, DERIVED, HIGH, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.model.snapshot import Series
from costkit.optimize.advice import _fleet
from costkit.optimize.check import GENERATION, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, Observed, known, told

# Half of the peak on average, and Lambda costs 1.3 times as much, as a fleet has to be looked after.
DAYS, STEADY, DEARER = 14, Decimal("0.5"), Decimal("1.3")
MS_PER_DAY, HUNDRED = Decimal(86_400_000), Decimal(100)


def propose(subject: Subject) -> Proposal | Skip:
    """No function, and at least two instances or tasks for the requests that it had at a time at most."""
    observed, use = subject.observed, subject.usage
    if not use.requests or not use.duration:
        return Skip(NOT_APPLICABLE)
    found = observed.series(DAYS, ("Duration", "Sum", HOUR), ("ConcurrentExecutions", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    duration, concurrency = found
    average, peak = _average(observed, duration), max(known(concurrency))
    if peak <= ZERO or average < STEADY * peak or average > peak:
        return Skip(CLEAN)
    memory = subject.at.value("memory_default") if use.memory is None else use.memory
    options: tuple[Option, ...] = tuple(_fleet.fleets(subject, memory, peak))
    if not options:
        return Skip(CLEAN, "nothing that costkit knows holds a request of it")
    percent = (quotient(average, peak) * HUNDRED).to_integral_value()
    return Proposal(
        why=f"it has {plain(percent)} % of its busiest moment's requests on average; a fleet "
        "for that moment costs less, a load balancer and the work of looking after it not counted",
        options=options,
        confidence=DERIVED,
        evidence=(
            told(duration, average, "requests at a time", "on average"),
            told(concurrency, peak, "requests at a time", "at most"),
            Evidence("memory of a request", memory, "MB"),
        ),
        worth=quotient(DEARER - ONE, DEARER),
    )


def _average(observed: Observed, duration: Series) -> Decimal:
    """Requests at a time, which is the time of all of them by that in which they came; INIT is not in it."""
    days = by_day(duration)[first_day(observed.item, duration) :]
    return quotient(sum((day or ZERO for day in days), ZERO), MS_PER_DAY * len(days))


CHECK = Check(
    code="LMB-20",
    title="Run it on instances or tasks",
    types=("lambda_function",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=HIGH,
    risk=HIGH,
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
    propose=propose,
    kinds=("lambda_function",),
)
