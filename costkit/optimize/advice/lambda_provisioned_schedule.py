"""LMB-08: provisioned concurrency that is enabled day and night where nobody works at night.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from decimal import Decimal
from typing import Any

from costkit.inputs.snapshot_resources_measuring import origin
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import (
    CLEAN,
    HEURISTIC,
    LOW,
    MEASURED,
    MEDIUM,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    Evidence,
)
from costkit.optimize.advice import _grid, _provisioned
from costkit.optimize.check import SCHEDULE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.environments import LONG_WORKING_HOURS, SHORT_WORKING_HOURS, WORKING_HOURS, not_production
from costkit.optimize.evidence import HOUR, Observed

LEAST_DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """The same concurrency in working hours only; the requests are taken to come in them."""
    use = subject.usage
    if use.provisioned_concurrency is None:
        return Skip(NOT_APPLICABLE, "it has no provisioned concurrency")
    if subject.observed_or_none is not None:
        return _from_grid(subject, subject.observed_or_none)
    tag = not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    if _provisioned.enabled_hours(subject, use) < subject.at.month_hours:
        return Skip(CLEAN, "it is not enabled all month")
    busiest = [_provisioned.busy_share(point, _hours(subject, WORKING_HOURS)) for point in subject.points]
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


def _from_grid(subject: Subject, observed: Observed) -> Proposal | Skip:
    """The same concurrency without the hours of the week in which nothing of it was ever used."""
    items = observed.others("lambda_provisioned_concurrency", "FunctionName")
    if isinstance(items, Skip):
        return items
    if _provisioned.enabled_hours(subject, subject.usage) < subject.at.month_hours or len(items) != 1:
        return Skip(NOT_APPLICABLE, "it is not enabled all month, or at several versions")
    found = Observed(items[0], observed.found).series(
        LEAST_DAYS, ("ProvisionedConcurrencyUtilization", "Maximum", HOUR)
    )
    if isinstance(found, Skip):
        return found
    idle = _grid.idle_slots(found[0], ZERO)
    if idle is None:
        return Skip(NOT_ENOUGH_DATA, f"each hour of the week must have been seen {_grid.LEAST_WEEKS} times")
    hours = Decimal(sum(_grid.blocks(idle)))
    if not hours or all(idle):
        return Skip(CLEAN, "it is used at all times, or never")
    weekly = _grid.HOURS_PER_WEEK - hours
    return Proposal(
        why=f"in {plain(hours)} hours of every week none of its environments is used",
        options=(Option(f"{plain(weekly)} hours a week", _scheduled(subject, weekly)),),
        confidence=MEASURED,
        evidence=(Evidence("idle in every week", hours, "h a week", origin(found[0])),),
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
