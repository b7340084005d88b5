"""LMB-16: logs that are kept for ever.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
"""

from decimal import Decimal

from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, HEURISTIC, LOW, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject

KEPT, MS_PER_DAY = Decimal(30), Decimal(86_400_000)


def propose(subject: Subject) -> Proposal | Skip:
    """The logs of the last 30 days: the part of its age that this is, as if as much had come in every day."""
    observed, use = subject.observed, subject.usage
    if not use.stored:
        return Skip(NOT_APPLICABLE, "it holds nothing")
    attributes = observed.item.attributes
    if attributes.get("retentionInDays"):
        return Skip(CLEAN)
    created = attributes.get("creationTime")
    now = _milliseconds(observed.found.snapshot.collected)
    if created is None or now <= created:
        return Skip(NOT_ENOUGH_DATA, "its age is not known")
    age = quotient(now - created, MS_PER_DAY)
    if age <= KEPT:
        return Skip(CLEAN)
    left = quotient(use.stored * KEPT, age)
    return Proposal(
        why=f"it keeps everything since {plain(age.to_integral_value())} days; {plain(KEPT)} days of it are left if as "
        "much came in every day, and all or none of it otherwise",
        options=(Option(f"{plain(KEPT)} days", {"stored": left}, {"stored": use.stored}, {"stored": ZERO}),),
        confidence=HEURISTIC,
        evidence=(Evidence("age", age, "days", "creationTime"), Evidence("stored", use.stored, "GB", "storedBytes")),
    )


def _milliseconds(time: str) -> Decimal:
    from datetime import datetime

    return Decimal(int(datetime.fromisoformat(time).timestamp()) * 1000)


CHECK = Check(
    code="LMB-16",
    title="Keep logs for a limited time",
    types=("cloudwatch_logs",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    propose=propose,
    kinds=("log_group",),
)
