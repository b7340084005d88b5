"""LMB-10: calls that run into the timeout, and are paid for to its end.

https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import by_day, origin
from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, LOW, MEDIUM, NOT_APPLICABLE, UPPER_BOUND, WASTE, Evidence
from costkit.model.spec import HOURS_PER_MONTH
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS

# A tenth of the calls of any of the last seven days, as Trusted Advisor has it (L4dfs2Q3C3).
TOO_MANY, LAST_DAYS, MS, HOURS_PER_DAY = Decimal("0.1"), 7, Decimal(1000), Decimal(24)


def propose(subject: Subject) -> Proposal | Skip:
    """The function without the errors of days on which a call ran into the timeout, all of them as long as that."""
    observed, use = subject.observed, subject.usage
    timeout = observed.item.attributes.get("Timeout")
    known = timeout is not None and use.requests and use.duration is not None
    if timeout is None or not known or use.provisioned_concurrency is not None:
        return Skip(NOT_APPLICABLE)
    wanted = (("Invocations", "Sum", HOUR), ("Errors", "Sum", DAY), ("Duration", "Maximum", DAY))
    found = observed.series(LEAST_DAYS, *wanted)
    if isinstance(found, Skip):
        return found
    days = [
        (calls or ZERO, errors or ZERO)
        for calls, errors, longest in zip(*(by_day(series) for series in found), strict=False)
        if longest is not None and longest >= timeout * MS
    ]
    worst = max((quotient(errors, calls) for calls, errors in days[-LAST_DAYS:] if calls), default=ZERO)
    if worst <= TOO_MANY:
        return Skip(CLEAN)
    number = len(by_day(found[0]))
    monthly = quotient(sum((errors for _, errors in days), ZERO) * HOURS_PER_MONTH, HOURS_PER_DAY * number)
    left = use.requests - monthly
    spent = use.requests * use.duration - monthly * timeout * MS
    if left <= ZERO or spent <= ZERO:
        return Skip(CLEAN, "fewer of its errors can have been timeouts")
    return Proposal(
        why=f"calls ran into its timeout of {plain(timeout)} s; this is what they cost if all errors of those days did",
        options=(
            Option(
                "",
                {"requests": left, "duration": quotient(spent, left)},
                {"requests": subject.raw["requests"], "duration": subject.raw["duration"]},
            ),
        ),
        confidence=UPPER_BOUND,
        evidence=(
            Evidence("failed", worst * 100, "% of the calls of the worst such day", origin(found[1])),
            Evidence("days with a call as long as the timeout", Decimal(len(days)), "", origin(found[2])),
        ),
    )


CHECK = Check(
    code="LMB-10",
    title="Mend the calls that time out",
    types=("lambda_function",),
    stage=DELETE,
    category=WASTE,
    effort=MEDIUM,
    risk=LOW,
    source="https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html",
    propose=propose,
    kinds=("lambda_function",),
)
