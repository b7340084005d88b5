"""Usage by the hour from a CSV or Parquet file: an hour, a meter, perhaps a type and a region, and a quantity a row.

Quantities are kept as integers in compact arrays with the number of their decimals: a year of a thousand kinds is
nearly nine million numbers.
"""

import datetime
from array import array
from collections.abc import MutableSequence, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from costkit.compare.commitments_stack import Column
from costkit.inputs.binding import nearest
from costkit.inputs.usage_rows import rows_of
from costkit.model.kind import shown
from costkit.model.problem import CostkitError, Problem

NEEDED = ("hour", "meter", "quantity")
COLUMNS = (*NEEDED, "type", "region")
# A leap year of hours; more kinds than anybody can read an answer about.
MOST_HOURS, MOST_KINDS = 8784, 5000
MOST_DIGITS = 18
MOST_PROBLEMS = 20
LARGEST = (1 << 63) - 1
NONE = -1
NEVER = datetime.datetime.min


# A kind's quantities by hour (NONE: no row yet), and the number of decimals that they are kept with.
Kept = tuple[MutableSequence[int], list[int]]


class Use(NamedTuple):
    """A kind of usage: a meter of a price table, of an instance or node type if it has one, in a region."""

    table: str
    meter: str
    type: str
    region: str

    @property
    def title(self) -> str:
        """How messages call it."""
        kind = f" {self.type}" if self.type else ""
        return f"{self.table} {self.meter}{kind} in {self.region}"


class HourlyUsage(NamedTuple):
    """Quantities by kind and hour. ``hours`` of them have a row; ``idle`` ones between the first and last have none."""

    name: str
    kinds: dict[Use, Column]
    hours: int
    idle: int
    first: str
    last: str


def read_usage(path: str, region: str | None) -> HourlyUsage:
    """Read a file of usage by the hour; ``region`` is that of rows without one.

    Raises CostkitError with what is wrong, the first twenty rows of it.
    """
    reader = _Reader(path, region)
    rows = rows_of(path)
    header = [str(name).strip().lower() for name in next(rows, (0, ()))[1]]
    reader.columns(header)
    for line, row in rows:
        if row:
            reader.row(line, row)
    return reader.result()


class _Reader:
    """Takes rows in; problems are collected."""

    def __init__(self, path: str, region: str | None) -> None:
        self.path, self.region = path, region
        self.problems: list[Problem] = []
        self.hours: dict[str, int] = {}
        self.moments: dict[datetime.datetime, int] = {}
        self.uses: dict[tuple[str, str, str], Kept | None] = {}
        self.kinds: dict[Use, Kept] = {}

    def columns(self, header: Sequence[str]) -> None:
        """Where each column stands; raises CostkitError for missing, unknown and double ones."""
        where = f"{self.path}:1"
        if not any(header):
            raise CostkitError([Problem("CK101", self.path, "the file is empty", f"columns: {', '.join(COLUMNS)}")])
        missing = [name for name in NEEDED if name not in header]
        told = "separate columns with commas" if len(header) == 1 else f"columns: {', '.join(COLUMNS)}"
        problems = [Problem("CK106", where, f"missing column: {name}", told) for name in missing]
        for place, name in enumerate(header):
            if name in header[:place]:
                problems.append(Problem("CK103", where, f"duplicate column: {shown(name)}", "remove one of them"))
            elif name not in COLUMNS and not missing:
                hint = nearest(name, COLUMNS) or "leave it out"
                problems.append(Problem("CK102", where, f"unknown column: {shown(name)}", hint))
        if problems:
            raise CostkitError(problems)
        self.width = len(header)
        self.hour_at, self.meter_at, self.quantity_at = (header.index(name) for name in NEEDED)
        self.type_at, self.region_at = (header.index(name) if name in header else NONE for name in ("type", "region"))

    def row(self, line: int, row: Sequence[str]) -> None:
        """Take one row in."""
        if len(row) != self.width:
            if any(cell.strip() for cell in row):
                self._problem(line, "CK104", f"{len(row)} cells in a table of {self.width} columns", "")
            return
        if not row[self.meter_at].strip() and not any(cell.strip() for cell in row):
            return
        key = (
            row[self.meter_at],
            row[self.type_at] if self.type_at != NONE else "",
            row[self.region_at] if self.region_at != NONE else "",
        )
        kind = self.uses[key] if key in self.uses else self._kind(line, key)
        hour = self.hours.get(row[self.hour_at], NONE)
        if hour == NONE:
            hour = self._hour(line, row[self.hour_at])
        number = self._number(line, row[self.quantity_at])
        if kind is None or hour == NONE or number is None:
            return
        self._put(line, kind, hour, number)

    def _put(self, line: int, kind: Kept, hour: int, number: tuple[int, int]) -> None:
        values, (decimals,) = kind
        value, own = number
        if own > decimals:
            value = value if self._rescale(kind, 10 ** (own - decimals), own) else LARGEST + 1
        elif own < decimals:
            value *= 10 ** (decimals - own)
        while len(values) <= hour:
            values.append(NONE)
        if values[hour] != NONE:
            hint = "add them up: an hour has one row a meter, type and region"
            self._problem(line, "CK103", "this hour of this kind is there twice", hint)
        elif value > LARGEST:
            self._problem(line, "CK104", "more digits than costkit keeps of an hour", "fewer decimals")
        else:
            values[hour] = value

    def _rescale(self, kind: Kept, factor: int, decimals: int) -> bool:
        """Keep more decimals of a kind from now on; False where that needs too many digits."""
        values = kind[0]
        if max(values, default=0) * factor > LARGEST:
            return False
        for place, value in enumerate(values):
            if value > 0:
                values[place] = value * factor
        kind[1][0] = decimals
        return True

    def _kind(self, line: int, key: tuple[str, str, str]) -> Kept | None:
        meter, kind, region = (text.strip() for text in key)
        table, _, name = meter.partition(" ")
        region = region or self.region or ""
        if not name.strip():
            hint = "write the price table and its meter: fargate_task vcpu.x86_64"
            self._problem(line, "CK104", f"no table and meter: {shown(meter)}", hint)
        elif not region:
            self._problem(line, "CK109", "missing: region", "add a column region, or give --region")
        elif len(self.kinds) >= MOST_KINDS:
            self._problem(line, "CK101", f"more than {MOST_KINDS} kinds of usage", "split the file")
        else:
            use = Use(table, name.strip(), kind, region)
            self.uses[key] = self.kinds.setdefault(use, (array("q"), [0]))
            return self.uses[key]
        self.uses[key] = None
        return None

    def _hour(self, line: int, text: str) -> int:
        try:
            moment = datetime.datetime.fromisoformat(text.strip())
        except ValueError:
            self._problem(line, "CK104", f"no hour: {shown(text)}", "write it like 2026-10-31T23:00Z")
            return NONE
        if moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
        if moment.minute or moment.second or moment.microsecond:
            self._problem(line, "CK104", f"not a whole hour: {shown(text)}", "add usage up by the clock hour, in UTC")
            return NONE
        place = self.moments.setdefault(moment, len(self.moments))
        self.hours[text] = place
        return place

    def _number(self, line: int, text: str) -> tuple[int, int] | None:
        """A quantity as an integer and the number of its decimals."""
        whole, _, decimals = text.partition(".")
        decimals = decimals.rstrip("0")
        digits = whole + decimals
        if digits.isascii() and digits.isdigit() and len(whole) <= MOST_DIGITS and len(decimals) <= MOST_DIGITS:
            return int(digits), len(decimals)
        plain = _plain(text)
        if plain is not None and plain != text:
            return self._number(line, plain)
        if plain is not None and plain.startswith("-"):
            self._problem(line, "CK104", f"a negative quantity: {shown(text)}", "leave corrections out")
        else:
            hint = f"write a plain number with at most {MOST_DIGITS} digits on either side of the point"
            self._problem(line, "CK104", f"no quantity: {shown(text)}", hint)
        return None

    def _problem(self, line: int, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, f"{self.path}:{line}", message, hint))
        if len(self.problems) >= MOST_PROBLEMS:
            raise CostkitError(self.problems)

    def result(self) -> HourlyUsage:
        """All that was taken in; raises CostkitError if anything was wrong."""
        first, last = min(self.moments, default=NEVER), max(self.moments, default=NEVER)
        span = (last - first) // datetime.timedelta(hours=1) + 1
        if not self.problems and not self.kinds:
            self.problems.append(Problem("CK101", self.path, "the file has no rows", "a row an hour and meter"))
        if span > MOST_HOURS:
            message = f"{span} hours from {first.isoformat()} to {last.isoformat()}; at most {MOST_HOURS}"
            self.problems.append(Problem("CK101", self.path, message, "a year tells as much"))
        if self.problems:
            raise CostkitError(self.problems)
        hours = len(self.moments)
        kinds = {use: _column(values, decimals[0], hours) for use, (values, decimals) in self.kinds.items()}
        return HourlyUsage(self.path, kinds, hours, span - hours, f"{first.isoformat()}Z", f"{last.isoformat()}Z")


def _column(values: MutableSequence[int], decimals: int, hours: int) -> Column:
    """A kind's quantities; hours without a row have none."""
    filled = array("q", (max(value, 0) for value in values))
    filled.extend([0] * (hours - len(filled)))
    return Column(filled, 10**decimals)


def _plain(text: str) -> str | None:
    """A number in any notation without exponent, or None for what is no number."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS + 1:
        return None
    return format(number, "f") if number else "0"
