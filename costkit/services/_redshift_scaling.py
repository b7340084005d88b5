"""Redshift concurrency scaling: free credits earned day by day, and what is billed beyond them.

A cluster earns an hour of credit for every 24 hours it runs and keeps up to 30 hours:
https://docs.aws.amazon.com/redshift/latest/mgmt/concurrency-scaling.html
"""

from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import ZERO, plain
from costkit.model.figure import SECONDS_PER_HOUR, UNKNOWN, Figure, figure
from costkit.model.form import HOURS_PER_DAY, Refusal, Refusals, month, refuse_both
from costkit.model.kind import Daily, Time
from costkit.model.resource import Setting


class ConcurrencyScaling(NamedTuple):
    """How long scaling clusters run beside the main one; by day, or over the month."""

    seconds_per_day: Annotated[tuple[Decimal, ...] | None, Daily(), "Seconds a day; a list repeats day by day"] = None
    seconds: Annotated[Decimal | None, Time("s"), "Seconds a month, spread evenly over its days"] = None


def refuse(scaling: ConcurrencyScaling | None, at: Setting) -> Refusals:
    """The same time said twice, or more of it than the most clusters all day long."""
    if scaling is None:
        return
    prefix = "concurrency_scaling"
    days = scaling.seconds_per_day
    yield from refuse_both(f"{prefix}.seconds_per_day", days, f"{prefix}.seconds", scaling.seconds)
    clusters = at.rule("scaling_clusters_max")
    most = (clusters * HOURS_PER_DAY * SECONDS_PER_HOUR).number
    if days is not None and most is not None and max(days) > most:
        message = f"more than {clusters.text} all day long: {plain(max(days))} s"
        yield Refusal(f"{prefix}.seconds_per_day", message, f"at most {plain(most)} s a day")


def billed_seconds(scaling: ConcurrencyScaling, running_hours: Figure, at: Setting) -> Figure:
    """Seconds of scaling that no credit covers, from an empty balance on; each day earns before it uses.

    The same use every day never lets credits pile up, so that the month's use less the month's
    credits is what the days add up to. Days that differ are simulated one by one.
    """
    minimum = at.rule("scaling_minimum")
    credits_earned = at.rule("scaling_credit_per_day") * running_hours / HOURS_PER_DAY
    if scaling.seconds is not None:
        return _at_least(scaling.seconds, minimum).beyond(credits_earned)
    days = scaling.seconds_per_day
    if days is None:
        return UNKNOWN
    if len(set(days)) == 1:
        return (_at_least(days[0], minimum) * month(at) / HOURS_PER_DAY).beyond(credits_earned)
    return _simulated([_at_least(day, minimum).top or ZERO for day in days], running_hours, at)


def _at_least(seconds: Decimal, minimum: Figure) -> Figure:
    """A time of scaling is billed a minimum; no time is billed nothing."""
    return figure(seconds, "s").at_least(minimum) if seconds else figure(ZERO, "s")


def _simulated(days: list[Decimal], running_hours: Figure, at: Setting) -> Figure:
    """The balance day by day: earn, use, bill the rest. The month's last day counts by its hours.

    Everything is scaled by ``scale`` so that no day is a fraction.
    """
    day_hours, running = HOURS_PER_DAY.top or ZERO, running_hours.top or ZERO
    scale = day_hours * at.month_hours * running_hours.bottom
    a_day = at.value("scaling_credit_per_day")
    most = at.value("scaling_credit_cap") * scale
    left, balance, billed, day = at.month_hours, ZERO, ZERO, 0
    while left > ZERO:
        hours = min(day_hours, left)
        balance = min(most, balance + a_day * running * hours)
        used = days[day % len(days)] * hours * at.month_hours * running_hours.bottom
        covered = min(balance, used)
        balance, billed = balance - covered, billed + used - covered
        left, day = left - hours, day + 1
    return Figure(billed, f"{plain(billed)} / {plain(scale)} s beyond the credits", scale)
