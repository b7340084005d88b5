"""Redshift concurrency scaling: free credits earned day by day, and what is billed beyond them.

A cluster earns an hour of credit for every 24 hours it runs and keeps up to 30 hours:
https://docs.aws.amazon.com/redshift/latest/mgmt/concurrency-scaling.html
"""

from decimal import ROUND_FLOOR, Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import ONE, ZERO, plain
from costkit.model.figure import Figure, figure
from costkit.model.kind import Daily, Time
from costkit.model.resource import Setting

HOURS_PER_DAY = Decimal(24)


class ConcurrencyScaling(NamedTuple):
    """How long scaling clusters run beside the main one; by day, or over the month."""

    seconds_per_day: Annotated[tuple[Decimal, ...] | None, Daily(), "Seconds a day; a list repeats day by day"] = None
    seconds: Annotated[Decimal | None, Time("s"), "Seconds a month, spread evenly over its days"] = None


def billed_seconds(scaling: ConcurrencyScaling, running_hours: Figure, at: Setting) -> Figure:
    """Seconds of scaling that no credit covers, the credits simulated from an empty balance.

    Each day earns before it uses. The last day of a month of 730 hours counts by its part.
    """
    if running_hours.number is None or (scaling.seconds_per_day is None and scaling.seconds is None):
        return figure(None)
    days = at.month_hours / HOURS_PER_DAY
    earned = at.value("scaling_credit_per_day") * running_hours.number / (days * HOURS_PER_DAY)
    if scaling.seconds is not None:
        least = max(scaling.seconds, at.value("scaling_minimum")) if scaling.seconds else ZERO
        pattern: tuple[Decimal, ...] = (least / days,)
    else:
        least = at.value("scaling_minimum")
        pattern = tuple(max(day, least) if day else ZERO for day in scaling.seconds_per_day or (ZERO,))
    balance, billed = ZERO, ZERO
    whole_days = int(days.to_integral_value(ROUND_FLOOR))
    for day in range(whole_days + 1):
        part = ONE if day < whole_days else days - Decimal(whole_days)
        balance = min(at.value("scaling_credit_cap"), balance + earned * part)
        used = pattern[day % len(pattern)] * part
        covered = min(balance, used)
        balance, billed = balance - covered, billed + used - covered
    if len(set(pattern)) > 1:
        return Figure(billed, f"{plain(billed)} s beyond the credits")
    return _evenly(pattern[0], earned, days, billed)


def _evenly(used: Decimal, earned: Decimal, days: Decimal, billed: Decimal) -> Figure:
    """The same use every day never lets credits pile up for later: the sum has a short form."""
    if not billed:
        return Figure(ZERO, f"max(0, {plain(used)} s a day used - {plain(earned)} s a day free) x {plain(days)} days")
    short = (used - earned) * days
    if short != billed:
        return Figure(billed, f"{plain(billed)} s beyond the credits")
    return Figure(billed, f"max(0, {plain(used)} s a day used - {plain(earned)} s a day free) x {plain(days)} days")
