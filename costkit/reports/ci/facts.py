"""What a check or a diff tells a CI platform, before it is put into that platform's format."""

from decimal import Decimal
from typing import NamedTuple

LONGEST_LINE = 9
ERROR, WARNING, NOTE = "error", "warning", "note"


class Notice(NamedTuple):
    """One thing to show at a place in a file.

    ``level`` is error, warning or note; ``rule`` the stable name of what was looked at (``budget``,
    ``growth``, ``allow-regions``, ``unpriced``); ``title`` and ``message`` are texts for people and may
    hold names out of the input, not yet made harmless. ``where`` is ``file:line``, a file, or empty.
    ``key`` identifies the same finding on every run: no amounts in it. ``waived`` is the reason of a
    waiver, empty if there is none. ``amount`` is USD a month.
    """

    level: str
    rule: str
    title: str
    message: str
    where: str
    key: str
    waived: str = ""
    amount: Decimal | None = None


class Case(NamedTuple):
    """One gate as a test case. ``status`` is passed, warned, failed, waived or incomplete."""

    name: str
    kind: str
    status: str
    message: str
    properties: tuple[tuple[str, str], ...] = ()


class Metric(NamedTuple):
    """One number over time: ``name`` with the unit in it, labels, and the amount in USD a month or percent."""

    name: str
    labels: tuple[tuple[str, str], ...]
    amount: Decimal
    about: str


class Facts(NamedTuple):
    """All of it. ``source`` is check or diff; ``variables`` are for later jobs, by their names."""

    source: str
    notices: tuple[Notice, ...]
    cases: tuple[Case, ...]
    metrics: tuple[Metric, ...]
    variables: tuple[tuple[str, str], ...]


def place(where: str) -> tuple[str, int]:
    """The file and line of a place; line 1 where there is no other, an empty file where there is none."""
    name, _, line = where.rpartition(":")
    if name and line.isdecimal() and len(line) <= LONGEST_LINE:
        return name, max(int(line), 1)
    return where.partition(": ")[0], 1
