"""Measured series as what a spec says of a month: an expected number with its range, and where it comes from.

Expected is the mean of the measured days. Low and high are the tenth and the ninetieth percentile of the days;
from two weeks on of the averages of seven days in a row, so that a weekend is no low and a Monday no high.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from costkit.model.exact import ONE, ZERO, quotient
from costkit.model.snapshot import Series
from costkit.model.spec import HOURS_PER_MONTH

HOURS_PER_DAY, DAYS_PER_WEEK = Decimal(24), 7
SECONDS_PER_HOUR = Decimal(3600)
DAY = 86400
TWO_WEEKS = 14
TENTH = Decimal("0.1")
# A data point or two of a day can get lost; a resource that stops is away for longer.
ALL_THE_TIME = Decimal("0.98")


class Measured(NamedTuple):
    """A field's value as a spec says it (a number or a range) and the metric and days it rests on."""

    value: Any
    origin: str


def by_day(series: Series) -> list[Decimal | None]:
    """The sum of each day's known values; None for a day without any."""
    each = max(DAY // series.period, 1)
    known = series.known
    days: list[Decimal | None] = []
    for start in range(0, len(known), each):
        values = [value for value in known[start : start + each] if value is not None]
        days.append(sum(values, ZERO) if values else None)
    return days


def origin(series: Series, also: str = "") -> str:
    """Where a number comes from: ``AWS/Lambda Invocations Sum, 2026-11-07 to 2026-11-21``."""
    names = f"{series.namespace} {series.metric} {series.statistic}"
    return f"{names}{f' and {also}' if also else ''}, {series.start[:10]} to {series.end[:10]}"


def spread(days: Sequence[Decimal], top: Decimal = ONE, bottom: Decimal = ONE) -> Any:
    """Low, expected and high of a number by the day, times ``top / bottom``; one number where they are the same."""
    if not days:
        return None
    sums, length = _sums(days)
    last = Decimal(len(sums) - 1)
    low = sums[int((last * TENTH).to_integral_value(ROUND_FLOOR))]
    high = sums[int((last * (ONE - TENTH)).to_integral_value(ROUND_CEILING))]
    expected = quotient(sum(days, ZERO) * top, bottom * len(days))
    if low == high and low * len(days) == sum(days, ZERO) * length:
        return expected
    # One day of a thousand times the others' is an average above most of them.
    return ranged(expected, *(quotient(end * top, bottom * length) for end in (low, high)))


def ranged(expected: Decimal, low: Decimal, high: Decimal) -> dict[str, Decimal]:
    """A range that holds its expected number."""
    return {"low": min(low, expected), "expected": expected, "high": max(high, expected)}


def _sums(days: Sequence[Decimal]) -> tuple[list[Decimal], int]:
    """Sorted sums of so many days in a row each: of seven, or of one where few were measured."""
    if len(days) < TWO_WEEKS:
        return sorted(days), 1
    sums = [sum(days[:DAYS_PER_WEEK], ZERO)]
    for gone, come in zip(days, days[DAYS_PER_WEEK:], strict=False):
        sums.append(sums[-1] - gone + come)
    return sorted(sums), DAYS_PER_WEEK


def monthly(series: Series | None, per: Decimal = ONE, first: int = 0) -> Measured | None:
    """A sum over a month of 730 hours, in units of ``per``, from the days that are known.

    ``first`` is the first day that counts, for what is younger than its metrics. None without any day.
    """
    if series is None:
        return None
    days = [day for day in by_day(series)[first:] if day is not None]
    value = spread(days, HOURS_PER_MONTH, HOURS_PER_DAY * per)
    return None if value is None else Measured(value, origin(series))


def level(series: Series | None, per: Decimal = ONE) -> Measured | None:
    """A level over the month, such as data stored, in units of ``per``: the mean of its daily values."""
    days = [] if series is None else [value for value in series.known if value is not None]
    if series is None or not days:
        return None
    return Measured(spread(days, ONE, per), origin(series))


def each(total: Series, number: Series) -> Measured | None:
    """The average of one thing over the month: a sum divided by a number, its range by the days that had any."""
    pairs = [
        (whole, count)
        for whole, count in zip(by_day(total), by_day(number), strict=False)
        if whole is not None and count
    ]
    if not pairs:
        return None
    averages = [quotient(whole, count) for whole, count in pairs]
    value = spread(averages)
    # Many calls in a day weigh more than few.
    expected = quotient(sum((whole for whole, _ in pairs), ZERO), sum((count for _, count in pairs), ZERO))
    value = ranged(expected, value["low"], value["high"]) if isinstance(value, dict) else expected
    return Measured(value, origin(total, number.metric))


class Running(NamedTuple):
    """When something ran: the fields that say so (none: all month), where from, and whether that is known."""

    fields: dict[str, Any]
    origin: str
    known: bool = True


def running(series: Series | None, runs: bool) -> Running:
    """How much of a week something runs, by the hours in which AWS has a metric of it.

    AWS has no metric of what is stopped or paused. ``runs`` says whether it ran when it was collected.
    """
    if series is None:
        return Running({}, "running when collected", runs)
    present = _hours_by_day(series)
    if not present:
        stopped = Running({"hours": ZERO}, f"stopped, no {origin(series)}")
        return Running({}, "running when collected, without any metric yet") if runs else stopped
    part = quotient(sum(present, ZERO), HOURS_PER_DAY * len(present))
    told = f"hours with {origin(series)}"
    if part >= ALL_THE_TIME:
        return Running({}, told)
    return Running({"schedule": {"hours_per_week": spread(present, Decimal(DAYS_PER_WEEK))}}, told)


def _hours_by_day(series: Series) -> list[Decimal]:
    """The hours of each day in which there is data, from the day on which it was there."""
    each_day = DAY // series.period
    known = [value is not None for value in series.values]
    if True not in known:
        return []
    first = _first_day(known, each_day)
    hour = Decimal(series.period) / SECONDS_PER_HOUR
    return [sum(known[start : start + each_day]) * hour for start in range(first * each_day, len(known), each_day)]


def _first_day(known: Sequence[bool], each_day: int) -> int:
    """The first day that counts: none before it was there, and not the one on which it began.

    It was there from the start if it was away for as long once later: a weekend, not the time before it was made.
    """
    before = known.index(True)
    if before <= _longest_gap(known[before:]):
        return 0
    day = before // each_day
    begun = before % each_day > 0 and (day + 1) * each_day < len(known)
    return day + 1 if begun else day


def _longest_gap(known: Sequence[bool]) -> int:
    longest = gap = 0
    for there in known:
        gap = 0 if there else gap + 1
        longest = max(longest, gap)
    return longest


def days_between(first: object, last: object) -> int | None:
    """Whole days from one ISO time to another, or None where one is none."""
    try:
        start, end = (datetime.fromisoformat(str(time)) for time in (first, last))
        return (end - start).days
    except (ValueError, TypeError):
        return None
