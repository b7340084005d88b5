"""LMB-15: ephemeral storage beyond what a function uses, as Lambda Insights measured it; a spec does not tell.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
"""

from decimal import ROUND_CEILING, Decimal

from costkit.model.exact import plain, quotient
from costkit.model.finding import (
    CLEAN,
    DERIVED,
    HEURISTIC,
    LOW,
    MEDIUM,
    NO_PERMISSION,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    SAVED,
    Evidence,
)
from costkit.model.snapshot import Series
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, LEAST_DAYS, Observed, known

# Worth it where less than 60 % was ever used; a fifth more than that remains, at the worst half as much more.
WORTH_IT, ROOM, MORE_ROOM = Decimal("0.6"), Decimal("1.2"), Decimal("1.5")
# tmp_used is in bytes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-metrics.html
BYTES_PER_MB = Decimal(2**20)


def propose(subject: Subject) -> Proposal | Skip:
    """As much as it needs, where that is measured; else what the storage beyond the free part costs."""
    free = subject.at.value("ephemeral_storage_included")
    size = subject.usage.ephemeral_storage
    if size is None or size <= free:
        return Skip(NOT_APPLICABLE, "it has no more than is free")
    observed = subject.observed_or_none
    found = None if observed is None else observed.series(LEAST_DAYS, ("tmp_used", "Maximum", DAY))
    if isinstance(found, Skip) and found.verdict == NO_PERMISSION:
        return found
    if observed is None or found is None or isinstance(found, Skip):
        return _unmeasured(size, free, "how much of it is used is not known: Lambda Insights measures tmp_used")
    return _measured(observed, found[0], size, free)


def _measured(observed: Observed, used: Series, size: Decimal, free: Decimal) -> Proposal | Skip:
    since = observed.age_in_days("LastModified")
    if since is not None and since < LEAST_DAYS:
        return Skip(NOT_ENOUGH_DATA, f"it was changed {since} days ago: what was measured before may not hold")
    most = quotient(max(known(used)), BYTES_PER_MB)
    if most >= WORTH_IT * size:
        return Skip(CLEAN)
    need, worst = (max(free, (most * room).to_integral_value(ROUND_CEILING)) for room in (ROOM, MORE_ROOM))
    return Proposal(
        why=f"it never used {plain(WORTH_IT * 100)} % of its {plain(size)} MB of ephemeral storage; {plain(free)} MB "
        "are free, and the range is for half as much more than it ever used",
        options=(Option(f"{plain(need)} MB", {"ephemeral_storage": need}, worst={"ephemeral_storage": worst}),),
        confidence=DERIVED,
        evidence=(
            Evidence("used at most", most, "MB", "LambdaInsights tmp_used Maximum"),
            Evidence("size", size, "MB"),
        ),
    )


def _unmeasured(size: Decimal, free: Decimal, reason: str) -> Proposal:
    return Proposal(
        why=f"it has {plain(size)} MB of ephemeral storage, of which {plain(free)} MB are free",
        options=(Option(f"{plain(free)} MB", {"ephemeral_storage": free}),),
        confidence=HEURISTIC,
        evidence=(Evidence("ephemeral storage", size, "MB"), Evidence("free", free, "MB")),
        unmeasured=reason,
        remarks=lambda outcomes: (
            Evidence(f"at {plain(free)} MB", outcome.saving.expected, SAVED) for outcome in outcomes
        ),
    )


CHECK = Check(
    code="LMB-15",
    title="Ephemeral storage beyond what is free",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html",
    propose=propose,
)
