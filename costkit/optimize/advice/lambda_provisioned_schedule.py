"""LMB-08: provisioned concurrency that is enabled day and night where nobody works at night.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from decimal import Decimal
from typing import Any

from costkit.model.exact import ONE, plain, quotient
from costkit.model.finding import CLEAN, HEURISTIC, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.advice import _provisioned
from costkit.optimize.check import SCHEDULE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.environments import LONG_WORKING_HOURS, SHORT_WORKING_HOURS, WORKING_HOURS, not_production


def propose(subject: Subject) -> Proposal | Skip:
    """The same concurrency in working hours only; the requests are taken to come in them."""
    use = subject.usage
    if use.provisioned_concurrency is None:
        return Skip(NOT_APPLICABLE, "it has no provisioned concurrency")
    tag = not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    if _provisioned.enabled_hours(subject, use) < subject.at.month_hours:
        return Skip(CLEAN, "it is not enabled all month")
    busiest = [_provisioned.busy_share(subject, point, _hours(subject, WORKING_HOURS)) for point in subject.points]
    if any(busy is not None and busy > ONE for busy in busiest):
        return Skip(NOT_APPLICABLE, "its requests take more than the working hours")
    return Proposal(
        why=f"it is tagged {tag} and kept ready day and night; {plain(WORKING_HOURS)} hours a week are working hours",
        options=(
            Option(
                f"{plain(WORKING_HOURS)} hours a week",
                _scheduled(subject, WORKING_HOURS),
                _scheduled(subject, LONG_WORKING_HOURS),
                _scheduled(subject, SHORT_WORKING_HOURS),
            ),
        ),
        confidence=HEURISTIC,
        evidence=(Evidence("tag", tag), Evidence("kept ready", subject.at.month_hours, "h a month")),
    )


def _hours(subject: Subject, weekly: Decimal) -> Decimal:
    return quotient(weekly * subject.at.month_hours, _provisioned.HOURS_PER_WEEK)


def _scheduled(subject: Subject, weekly: Decimal) -> dict[str, Any]:
    raw = subject.raw["provisioned_concurrency"]
    inner = raw if isinstance(raw, dict) else {"concurrency": raw}
    return {"provisioned_concurrency": {**inner, "hours": _hours(subject, weekly)}}


CHECK = Check(
    code="LMB-08",
    title="Provisioned concurrency in working hours only",
    types=("lambda_function",),
    stage=SCHEDULE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-lambda.html",
    propose=propose,
)
