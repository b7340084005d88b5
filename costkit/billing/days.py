"""The days of a bill: which are there, which are complete, and what each costs."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.billing.accounting import any_of, text, total
from costkit.billing.matching import EVERYTHING
from costkit.billing.report import BillReader, month_before
from costkit.model.problem import CostkitError, Problem

OPEN = "open"
# The month itself, and those before it that tell what is usual.
MONTHS_BACK = 3


class Calendar(NamedTuple):
    """Days as ordinals: the first one in the bill, the last complete one, and the ends of the month."""

    first: int
    through: int
    month_first: int
    month_last: int


def iso(ordinal: int) -> str:
    """An ISO day from its ordinal."""
    return date.fromordinal(ordinal).isoformat()


def weekday(ordinal: int) -> int:
    """The day of the week, from 1 for Monday."""
    return date.fromordinal(ordinal).isoweekday()


def months_until(reader: BillReader, month: str) -> list[str]:
    """The month and those before it that are looked at, without a gap: a month that is missing did not cost nothing."""
    found = [month]
    while len(found) < MONTHS_BACK and month_before(found[-1]) in reader.months():
        found.append(month_before(found[-1]))
    return found


def calendar(reader: BillReader, month: str, status: str, on: str) -> Calendar | None:
    """The days of a month and of those before it; None if the bill has no days.

    In an open month the last day of the bill may be incomplete, and does not count.
    """
    condition = f"charge = 'Usage' AND month IN {any_of(months_until(reader, month))} AND day IS NOT NULL"
    if status == OPEN:
        condition += f" AND day <= {text(on)}"
    [(first, last)] = reader.held.rows(f"SELECT MIN(day), MAX(day) FROM facts WHERE {condition}", reader.where)
    if first is None:
        return None
    start = date.fromisoformat(f"{month}-01")
    month_last = start.replace(day=monthrange(start.year, start.month)[1]).toordinal()
    through = ordinal(last, reader.where) - 1 if status == OPEN else min(ordinal(last, reader.where), month_last)
    # A stray line of long ago does not make the days since then days without costs.
    earliest = date.fromisoformat(f"{months_until(reader, month)[-1]}-01").toordinal()
    return Calendar(max(earliest, ordinal(first, reader.where)), through, start.toordinal(), month_last)


def ordinal(day: Any, where: str) -> int:
    """An ISO day as a number. Raises CostkitError if it is none."""
    try:
        return date.fromisoformat(str(day)).toordinal()
    except ValueError:
        message = f"not a day: {str(day)[:20]}"
        raise CostkitError([Problem("CK601", where, message, "is it the right export?")]) from None


def daily(
    reader: BillReader, month: str, metric: str, charges: Iterable[str], keys: str, condition: str = EVERYTHING
) -> Iterator[tuple[tuple[str, ...], int, Decimal | None]]:
    """The cost of kinds of charges by keys and day, in a month and those before it; None is unknown.

    ``keys`` are columns of SQL.
    """
    months = any_of(months_until(reader, month))
    sql = (
        f"SELECT day, {total(metric)}, {keys} FROM facts WHERE charge IN {any_of(charges)} AND month IN {months}"
        f" AND day IS NOT NULL AND ({condition}) GROUP BY day, {keys}"
    )
    for day, cost, *values in reader.held.rows(sql, reader.where):
        found = tuple("" if value is None else str(value) for value in values)
        yield found, ordinal(day, reader.where), cost
