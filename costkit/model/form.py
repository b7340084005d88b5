"""What the service files share: how a field refuses a value, and how long a resource runs."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import plain
from costkit.model.figure import Figure, figure
from costkit.model.kind import Amount, Time
from costkit.model.resource import Setting

HOURS_PER_DAY = figure(Decimal(24), "h per day")
HOURS_PER_WEEK = figure(Decimal(168), "h per week")
# A year has 8,760 hours in AWS's own amortisation:
# https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html
TERM_HOURS = {"1y": figure(Decimal(8760), "h per term"), "3y": figure(Decimal(26280), "h per term")}


class Refusal:
    """A field whose value AWS does not sell, or that does not go with another one."""

    __slots__ = ("code", "field", "hint", "message", "severity")

    def __init__(self, field: str, message: str, hint: str = "", code: str = "CK105", severity: str = "error") -> None:
        self.field = field
        self.message = message
        self.hint = hint
        self.code = code
        self.severity = severity

    def within(self, path: str) -> "Refusal":
        """The same refusal of a field that stands inside another one."""
        return Refusal(f"{path}.{self.field}", self.message, self.hint, self.code, self.severity)


Refusals = Iterator[Refusal]


class Schedule(NamedTuple):
    """When a resource runs."""

    hours_per_week: Annotated[Decimal, Amount("hours"), "Hours a week that it runs"]


Hours = Annotated[Decimal | None, Time("h"), "Hours a month that it runs (default: its schedule, else all)"]


def month(at: Setting) -> Figure:
    """The hours of the month."""
    return figure(at.month_hours, "h")


def running(hours: Decimal | None, schedule: Schedule | None, at: Setting) -> Figure:
    """Hours a month from the resource's hours, else its schedule, else the spec's, else all of them."""
    if hours is not None:
        return figure(hours, "h")
    weekly = schedule.hours_per_week if schedule is not None else at.hours_per_week
    return month(at) if weekly is None else figure(weekly, "h a week") * month(at) / HOURS_PER_WEEK


def month_share(term: str, at: Setting) -> Figure:
    """The part of a commitment's term that falls to this month."""
    return month(at) / TERM_HOURS[term]


def refuse_hours(hours: Decimal | None, schedule: Schedule | None, at: Setting) -> Refusals:
    """Hours cannot exceed the month, nor a schedule the week, and only one of them can be meant."""
    if hours is not None and hours > at.month_hours:
        hint = f"at most {plain(at.month_hours)}, or leave it out for the whole month"
        yield Refusal("hours", f"more hours than the month has: {plain(hours)}", hint, "CK110")
    week = HOURS_PER_WEEK.number
    if schedule is not None and week is not None and schedule.hours_per_week > week:
        message = f"more hours than a week has: {plain(schedule.hours_per_week)}"
        yield Refusal("schedule.hours_per_week", message, "at most 168", "CK110")
    if hours is not None and schedule is not None:
        yield Refusal("schedule", "hours and schedule both say how long it runs", "keep one of them", "CK113")


def refuse_longer_than_the_month(field: str, seconds: Decimal | None, at: Setting) -> Refusals:
    """One run cannot take longer than the month has seconds."""
    if seconds is not None and seconds > at.month_hours * Decimal(3600):
        yield Refusal(field, f"longer than the month: {plain(seconds)} s", "give hours instead", "CK110")


def refuse_outside(field: str, value: Decimal | None, low: Decimal, high: Decimal, unit: str = "") -> Refusals:
    """A value outside what AWS sells."""
    if value is not None and not low <= value <= high:
        message = f"AWS does not sell {field} of {plain(value)} {unit}".rstrip()
        yield Refusal(field, message, f"from {plain(low)} to {plain(high)} {unit}".rstrip())


def refuse_both(first: str, one: object, second: str, other: object) -> Refusals:
    """Two fields that say the same thing in different ways."""
    if one is not None and other is not None:
        yield Refusal(second, f"{first} and {second} exclude each other", "keep one of them", "CK113")
