"""What the checks of running time share: what runs all month, and the same in working hours."""

from decimal import Decimal
from typing import Any

from costkit.model.exact import plain
from costkit.model.finding import CLEAN, HEURISTIC, NOT_APPLICABLE, Evidence
from costkit.optimize.check import Option, Proposal, Skip, Subject
from costkit.optimize.environments import LONG_WORKING_HOURS, SHORT_WORKING_HOURS, WORKING_HOURS, not_production

HOURS_PER_WEEK = Decimal(168)


def all_month(subject: Subject) -> bool:
    """Whether a resource runs day and night, at every point of its ranges."""
    return subject.always(lambda use: _all_month(subject, use))


def _all_month(subject: Subject, use: Any) -> bool:
    if use.hours is not None:
        return bool(use.hours >= subject.at.month_hours)
    weekly = use.schedule.hours_per_week if use.schedule is not None else subject.at.hours_per_week
    return weekly is None or weekly >= HOURS_PER_WEEK


def in_working_hours(subject: Subject, how: str) -> Proposal | Skip:
    """A resource that is not production and runs day and night, running in working hours instead."""
    tag = not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    if not all_month(subject):
        return Skip(CLEAN, "it does not run day and night")
    return Proposal(
        why=f"it is tagged {tag} and runs day and night; {how} outside about {plain(WORKING_HOURS)} working hours a "
        f"week, the range being {plain(SHORT_WORKING_HOURS)} to {plain(LONG_WORKING_HOURS)}",
        options=(
            Option(
                f"{plain(WORKING_HOURS)} hours a week",
                _schedule(subject, WORKING_HOURS),
                _schedule(subject, LONG_WORKING_HOURS),
                _schedule(subject, SHORT_WORKING_HOURS),
            ),
        ),
        confidence=HEURISTIC,
        evidence=(Evidence("tag", tag), Evidence("runs", subject.at.month_hours, "h a month")),
    )


def _schedule(subject: Subject, weekly: Decimal) -> dict[str, Any]:
    schedule: dict[str, Any] = {"schedule": {"hours_per_week": weekly}}
    return {**schedule, "hours": None} if "hours" in subject.raw else schedule
