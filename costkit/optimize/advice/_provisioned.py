"""What the checks of provisioned concurrency share: how busy its environments are, and a function without them."""

from decimal import Decimal
from typing import Any

from costkit.model.exact import ZERO, quotient
from costkit.optimize.check import Subject

SECONDS_PER_HOUR = Decimal(3600)
MS_PER_SECOND = Decimal(1000)
HOURS_PER_WEEK = Decimal(168)


def served(use: Any) -> Decimal | None:
    """Requests a month that provisioned concurrency serves: all where none are named."""
    requests: Decimal | None = use.provisioned_concurrency.requests
    return use.requests if requests is None else requests


def duration_of(use: Any) -> Decimal | None:
    """The duration of those requests in ms."""
    own: Decimal | None = use.provisioned_concurrency.duration
    return use.duration if own is None else own


def enabled_hours(subject: Subject, use: Any) -> Decimal:
    """Hours a month that it is enabled."""
    own: Decimal | None = use.provisioned_concurrency.hours
    weekly = subject.at.hours_per_week
    if own is None and weekly is not None:
        return quotient(weekly * subject.at.month_hours, HOURS_PER_WEEK)
    return subject.at.month_hours if own is None else own


def busy_share(use: Any, hours: Decimal) -> Decimal | None:
    """The part of its environments' time in which they work, from 0 to 1; None where usage is not stated."""
    requests, duration = served(use), duration_of(use)
    ready = use.provisioned_concurrency.concurrency * hours * SECONDS_PER_HOUR * MS_PER_SECOND
    if requests is None or duration is None or not ready:
        return None
    return quotient(requests * duration, ready)


def without(subject: Subject) -> dict[str, Any]:
    """The fields of a function whose requests are all served on demand.

    Where the requests of provisioned concurrency had a duration of their own, the average of all counts.
    """
    fields: dict[str, Any] = {"provisioned_concurrency": None}
    if subject.always(lambda use: use.provisioned_concurrency.duration is None or not use.requests):
        return fields
    return {**fields, "duration": subject.spread(_average)}


def _average(use: Any) -> Decimal:
    part = served(use) or ZERO
    whole: Decimal = use.requests or ZERO
    own = duration_of(use) or ZERO
    if not whole or part >= whole:
        return own
    return quotient((whole - part) * (use.duration or ZERO) + part * own, whole)
