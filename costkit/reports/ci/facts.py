"""What a check or a diff tells a CI platform, before it is put into that platform's format."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ONE

LONGEST_LINE = 9
ERROR, WARNING, NOTE = "error", "warning", "note"
OWN_PRICES = "own-prices"
OWN_TABLES = "COSTKIT_OWN_PRICES"


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
    """All of it. ``source`` is check or diff; ``variables`` are for later jobs, by their names.

    ``overlays`` are the tables of a team's own that prices come from.
    """

    source: str
    notices: tuple[Notice, ...]
    cases: tuple[Case, ...]
    metrics: tuple[Metric, ...]
    variables: tuple[tuple[str, str], ...]
    overlays: tuple[str, ...] = ()


def own_prices(tables: tuple[str, ...], where: str) -> list[Notice]:
    """The note that some prices are not AWS's own; none where there is no such table."""
    return [
        Notice(NOTE, OWN_PRICES, "Own prices", f"priced by tables of your own, not AWS's list: {table}", where, table)
        for table in tables
    ]


def own_metric(tables: tuple[str, ...]) -> Iterator[Metric]:
    """One for each table of a team's own that prices come from."""
    for table in tables:
        about = "Price tables that are not AWS's list."
        yield Metric("costkit_own_price_tables", (("table", table),), ONE, about)


def place(where: str) -> tuple[str, int]:
    """The file and line of a place; line 1 where there is no other, an empty file where there is none."""
    name, _, line = where.rpartition(":")
    if name and line.isdecimal() and len(line) <= LONGEST_LINE:
        return name, max(int(line), 1)
    return where.partition(": ")[0], 1
