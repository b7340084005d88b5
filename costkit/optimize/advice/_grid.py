"""What the checks of schedules share: the hours of a week in which nothing ever happened.

A slot is idle if nothing happened in it in any observed week; idle slots in a row are blocks, also around the
week's end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import origin
from costkit.model.finding import CLEAN, MEASURED, NOT_APPLICABLE, NOT_ENOUGH_DATA, Evidence
from costkit.model.snapshot import Series
from costkit.optimize.check import Option, Proposal, Skip, Subject
from costkit.optimize.environments import not_production

SLOTS = 168
HOURS_PER_WEEK = Decimal(SLOTS)
# A slot must have been seen so often, or a holiday would be taken for the usual week.
LEAST_WEEKS = 2
# Stopping and starting takes its time: https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html
SHORTEST_BLOCK = 2
LOST_IN_A_BLOCK = Decimal("0.5")


def idle_slots(series: Series, quiet: Decimal, weeks: int = LEAST_WEEKS) -> list[bool] | None:
    """For each hour of a week from Monday 0 UTC whether all its values are at most ``quiet``; None if too few weeks.

    A gap where nobody knows is a time when it did not run, which needs no schedule any more.
    """
    start = datetime.fromisoformat(series.start)
    step = timedelta(seconds=series.period)
    seen = [0] * SLOTS
    busy = [False] * SLOTS
    for place, value in enumerate(series.known):
        at = start + step * place
        slot = at.weekday() * 24 + at.hour
        seen[slot] += 1
        busy[slot] = busy[slot] or (value is not None and value > quiet)
    return None if min(seen) < weeks else [not one for one in busy]


def blocks(idle: Sequence[bool], shortest: int = SHORTEST_BLOCK) -> list[int]:
    """The lengths of idle times of a week, in hours."""
    if all(idle):
        return [len(idle)]
    first = idle.index(False)
    lengths, length = [], 0
    for one in (*idle[first:], *idle[:first], False):
        if one:
            length += 1
        elif length:
            lengths.append(length)
            length = 0
    return [length for length in lengths if length >= shortest]


def scheduled(
    subject: Subject, series: Series, quiet: Decimal, how: str, what: str, weeks: int = LEAST_WEEKS
) -> Proposal | Skip:
    """A resource that is not production, stopped in the hours of the week in which it never did anything."""
    tag = not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    idle = idle_slots(series, quiet, weeks)
    if idle is None:
        return Skip(NOT_ENOUGH_DATA, f"each hour of the week must have been seen {weeks} times")
    found = blocks(idle)
    if not found or all(idle):
        return Skip(CLEAN, "it works at all times, or never")
    stopped = sum(found) - LOST_IN_A_BLOCK * len(found)
    if _weekly(subject) <= HOURS_PER_WEEK - stopped:
        return Skip(CLEAN, "it is stopped at such times already")
    fields = {"schedule": {"hours_per_week": HOURS_PER_WEEK - stopped}}
    option = Option(f"{len(found)} times a week", {**fields, "hours": None} if "hours" in subject.raw else fields)
    return Proposal(
        why=f"it is tagged {tag} and in {sum(found)} hours of every week {what}; {how} then, half an hour being lost "
        "each time",
        options=(option,),
        confidence=MEASURED,
        evidence=(
            Evidence("idle in every week", Decimal(sum(found)), "h a week", origin(series)),
            Evidence("idle times", Decimal(len(found)), "a week", origin(series)),
            Evidence("tag", tag),
        ),
    )


def _weekly(subject: Subject) -> Decimal:
    """The hours a week that it runs now."""
    use = subject.usage
    if use.hours is not None:
        return Decimal(use.hours) * HOURS_PER_WEEK / subject.at.month_hours
    return HOURS_PER_WEEK if use.schedule is None else Decimal(use.schedule.hours_per_week)
