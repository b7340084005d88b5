"""LMB-11: calls that fail, and are paid for.

https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import by_day, origin
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import CLEAN, LOW, MEDIUM, NOT_APPLICABLE, UPPER_BOUND, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS

# A tenth of the calls of any of the last seven days, as Trusted Advisor has it (L4dfs2Q3C2):
# https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html
TOO_MANY, LAST_DAYS = Decimal("0.1"), 7


def propose(subject: Subject) -> Proposal | Skip:
    """The function without the calls that fail: the most that mending it can save."""
    observed, use = subject.observed, subject.usage
    if use.requests is None:
        return Skip(NOT_APPLICABLE)
    found = observed.series(LEAST_DAYS, ("Invocations", "Sum", HOUR), ("Errors", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    days = [(calls or ZERO, errors or ZERO) for calls, errors in zip(by_day(found[0]), by_day(found[1]), strict=False)]
    worst = max((quotient(errors, calls) for calls, errors in days[-LAST_DAYS:] if calls), default=ZERO)
    if worst <= TOO_MANY:
        return Skip(CLEAN)
    calls, errors = (sum((day[side] for day in days), ZERO) for side in (0, 1))
    part = min(ONE, quotient(errors, calls))
    fields = {"requests": subject.spread(lambda use: use.requests * (ONE - part))}
    provisioned = use.provisioned_concurrency
    if provisioned is not None and provisioned.requests is not None:
        return Skip(NOT_APPLICABLE, "which of its calls fail is not known, those of provisioned concurrency or others")
    return Proposal(
        why=f"on a day of the last {LAST_DAYS} more than {plain(TOO_MANY * 100)} % of its calls failed; each is paid "
        "for, and this is what all of them cost",
        options=(Option("", fields, {"requests": subject.raw["requests"]}),),
        confidence=UPPER_BOUND,
        evidence=(
            Evidence("failed", errors, f"of {plain(calls)} calls", origin(found[1])),
            Evidence("failed on the worst day", worst * 100, "%", origin(found[1])),
        ),
    )


CHECK = Check(
    code="LMB-11",
    title="Mend the calls that fail",
    types=("lambda_function",),
    stage=DELETE,
    category=WASTE,
    effort=MEDIUM,
    risk=LOW,
    source="https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html",
    propose=propose,
    kinds=("lambda_function",),
)
