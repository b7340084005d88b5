"""Kinds of field: how a number with its unit, a choice or a name is read, whatever door it comes through."""

from abc import ABC, abstractmethod
from decimal import Decimal, InvalidOperation
from typing import Any

from costkit.model.exact import ZERO, plain, quotient

DIGITS = "+-.0123456789"
MOST_DIGITS = 40
# Beyond these a number is a slip of the keyboard, and writing it in full would fill the screen.
MOST_PLACES = 18

THOUSANDS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
PER_HOUR = {"s": 3600, "sec": 3600, "min": 60, "h": 1, "hour": 1}
HOURS_PER_DAY = 24
# AWS bills binary units under either name (https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-considerations.html).
BYTES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "PB": 2**50}
BYTES |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}
MICROSECONDS = {"us": 1, "ms": 10**3, "s": 10**6, "sec": 10**6, "min": 60 * 10**6}
MICROSECONDS |= {
    "h": 3600 * 10**6,
    "hour": 3600 * 10**6,
    "hours": 3600 * 10**6,
    "day": 86400 * 10**6,
    "days": 86400 * 10**6,
}


class Refused(Exception):
    """A value that cannot be read as what its field needs; ``hint`` is the way out."""

    def __init__(self, message: str, hint: str = "", code: str = "CK104") -> None:
        super().__init__(message)
        self.message, self.hint, self.code = message, hint, code


def shown(raw: object) -> str:
    """A value as an error message quotes it: as it is written, short, on one line, without control characters."""
    text = "".join(character if character.isprintable() else "?" for character in _written(raw))
    return text if len(text) <= 60 else text[:57] + "..."


def _written(raw: object) -> str:
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, Decimal) and raw.is_finite() and abs(raw.adjusted()) < MOST_DIGITS:
        return plain(raw)
    if isinstance(raw, list):
        return "[" + ", ".join(_written(item) for item in raw[:9]) + "]"
    if isinstance(raw, dict):
        return "{" + ", ".join(f"{key}: {_written(raw[key])}" for key in list(raw)[:9]) + "}"
    return str(raw)


def number(text: str, wanted: str) -> tuple[Decimal, str]:
    """Split ``12.5 GB`` into its exact number and its unit; what is no number is refused."""
    digits, unit = split_number(text.strip())
    try:
        value = Decimal(digits)
    except InvalidOperation:
        raise Refused(f"not a number: {shown(text)}", wanted) from None
    bare = digits.lstrip("+-")
    if len(bare) > 1 and bare[0] == "0" and bare[1].isdigit():
        hint = f"write {bare.lstrip('0') or '0'}"
        raise Refused(f"a number with a leading zero is ambiguous: {shown(text)}", hint)
    if not value.is_finite() or (value and abs(value.adjusted()) > MOST_PLACES) or len(digits) > MOST_DIGITS:
        raise Refused(f"a number beyond reason: {shown(text)}", "numbers may go up to 1e18")
    return value, unit.strip()


def split_number(text: str) -> tuple[str, str]:
    """The leading characters of a text that form a number, and the rest."""
    end = 0
    while end < len(text) and text[end] in DIGITS:
        end += 1
    exponent = text[end : end + 1] in ("e", "E") and (text[end + 1 : end + 2] or " ") in DIGITS
    if exponent:
        end += 2
        while end < len(text) and text[end] in DIGITS:
            end += 1
    return text[:end], text[end:]


def refuse_negative(value: Decimal, raw: object) -> Decimal:
    """Usage cannot be negative; neither can money that is owed."""
    if value < ZERO:
        raise Refused(f"negative: {shown(raw)}", "write zero or more")
    return value


class Kind(ABC):
    """How a field is read. ``numeric`` kinds also take a range of low, expected and high."""

    numeric = False

    @abstractmethod
    def wanted(self) -> str:
        """What may be written, as a hint: an example with its unit."""

    @abstractmethod
    def read(self, raw: Any, month_hours: Decimal) -> Any:
        """Turn what a user wrote into a value, or raise Refused."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what may be written."""


class Number(Kind):
    """A number with a unit."""

    numeric = True

    def read(self, raw: Any, month_hours: Decimal) -> Any:
        if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
            raw = str(raw)
        if isinstance(raw, float):
            raise Refused(f"not an exact number: {shown(raw)}", "write a Decimal, an int or a text")
        if not isinstance(raw, str):
            raise Refused(f"not a number: {shown(raw)}", self.wanted())
        value, unit = number(raw, self.wanted())
        scaled = refuse_negative(self.scale(value, unit, raw, month_hours), raw)
        if scaled.adjusted() > MOST_PLACES:
            raise Refused(f"a number beyond reason: {shown(raw)}", "numbers may go up to 1e18")
        return scaled

    @abstractmethod
    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        """Turn a number and its unit into the field's own unit."""

    def schema(self) -> dict[str, Any]:
        return {"type": ["number", "string"], "examples": [self.wanted().removeprefix("for example ")]}


class Count(Number):
    """So many a month: ``30000000``, ``30M``, or a rate such as ``40/s`` over the month's hours."""

    def __init__(self, noun: str) -> None:
        self.noun = noun

    def wanted(self) -> str:
        return "for example 30M, 250k or 40/s"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        multiple, _, per = (part.strip() for part in unit.partition("/"))
        if multiple not in THOUSANDS or (("/" in unit) and per not in PER_HOUR and per not in ("day", "month")):
            raise Refused(f"not a number of {self.noun}s: {shown(raw)}", self.wanted())
        value = value * Decimal(THOUSANDS[multiple])
        if per in PER_HOUR:
            return value * Decimal(PER_HOUR[per]) * month_hours
        if per == "day":
            return quotient(value * month_hours, Decimal(HOURS_PER_DAY))
        return value


class Size(Number):
    """An amount of data or memory in the given unit, which a bare number has too."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def wanted(self) -> str:
        return f"for example 512 {self.unit}; units are KB, MB, GB, TB"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        if not unit:
            return value
        if unit not in BYTES:
            right = next((name for name in BYTES if name.lower() == unit.lower()), "")
            raise Refused(f"not a size: {shown(raw)}", f"write {plain(value)} {right}" if right else self.wanted())
        return quotient(value * BYTES[unit], Decimal(BYTES[self.unit]))


class Time(Number):
    """A length of time in the given unit, which a bare number has too."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def wanted(self) -> str:
        return f"for example 120 {self.unit}; units are ms, s, min, h, days"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        if not unit:
            return value
        if unit not in MICROSECONDS:
            raise Refused(f"not a time: {shown(raw)}", self.wanted())
        return quotient(value * MICROSECONDS[unit], Decimal(MICROSECONDS[self.unit]))


class Daily(Time):
    """Seconds a day: one length of time for every day, or a list that repeats day by day."""

    def __init__(self) -> None:
        super().__init__("s")

    def wanted(self) -> str:
        return "for example 5400 s, or a list with a value a day"

    def read(self, raw: Any, month_hours: Decimal) -> tuple[Decimal, ...]:
        days = raw if isinstance(raw, list) and raw else [raw]
        return tuple(super(Daily, self).read(day, month_hours) for day in days)

    def schema(self) -> dict[str, Any]:
        one = super().schema()
        return {"anyOf": [one, {"type": "array", "items": one}]}


class Amount(Number):
    """A plain number of something, fractions allowed: ``0.25`` vCPU, ``8`` RPU."""

    def __init__(self, noun: str) -> None:
        self.noun = noun

    def wanted(self) -> str:
        return f"a number of {self.noun}, for example 8"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        if unit and unit != self.noun:
            raise Refused(f"not a number of {self.noun}: {shown(raw)}", self.wanted())
        return value


class Whole(Amount):
    """A whole number of something: nodes, copies, concurrent executions."""

    def wanted(self) -> str:
        return f"a whole number of {self.noun}, for example 2"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        value = super().scale(value, unit, raw, month_hours)
        if value != value.to_integral_value():
            raise Refused(f"not a whole number: {shown(raw)}", self.wanted())
        return value


class Share(Number):
    """A part of a whole: ``0.05``, ``5%``; a bare number above 1 is a percentage."""

    def wanted(self) -> str:
        return "for example 0.05 or 5%"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        if unit not in ("", "%"):
            raise Refused(f"not a share: {shown(raw)}", self.wanted())
        if unit == "%" or value > 1:
            value = value / Decimal(100)
        if value > 1:
            raise Refused(f"more than the whole: {shown(raw)}", self.wanted())
        return value


class Money(Number):
    """An amount of US dollars, with or without the currency behind it."""

    def wanted(self) -> str:
        return "for example 1.50 USD"

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        if unit not in ("", "USD"):
            raise Refused(f"not an amount in USD: {shown(raw)}", self.wanted())
        return value


class Text(Kind):
    """A name that AWS gave: an instance type, a runtime."""

    def __init__(self, example: str) -> None:
        self.example = example

    def wanted(self) -> str:
        return f"for example {self.example}"

    def read(self, raw: Any, month_hours: Decimal) -> str:
        if isinstance(raw, bool) or not isinstance(raw, str | Decimal) or not str(raw).strip():
            raise Refused(f"not a name: {shown(raw)}", self.wanted())
        return str(raw).strip()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": [self.example]}


class Month(Kind):
    """A month of the calendar, ``2026-02``: its real length in hours."""

    def wanted(self) -> str:
        return "for example 2026-02"

    def read(self, raw: Any, month_hours: Decimal) -> Decimal:
        # Imported here: few specs name a month, and every start would pay for it.
        import re
        from calendar import monthrange

        match = re.fullmatch(r"([1-9]\d{3})-(0[1-9]|1[0-2])", str(raw))
        if match is None:
            raise Refused(f"not a month: {shown(raw)}", self.wanted())
        return Decimal(monthrange(int(match[1]), int(match[2]))[1] * HOURS_PER_DAY)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[1-9]\d{3}-(0[1-9]|1[0-2])$"}


class Day(Kind):
    """A day of the calendar, ``2026-12-31``, as an ISO text."""

    def wanted(self) -> str:
        return "a day, for example 2026-12-31"

    def read(self, raw: Any, month_hours: Decimal) -> str:
        # Imported here, as in Month.
        from datetime import date

        try:
            return date.fromisoformat(str(raw)).isoformat()
        except ValueError:
            raise Refused(f"not a day: {shown(raw)}", self.wanted()) from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Names(Kind):
    """A list of names; one name stands for a list of one."""

    def __init__(self, example: str) -> None:
        self.example = example

    def wanted(self) -> str:
        return f"a list, for example [{self.example}]"

    def read(self, raw: Any, month_hours: Decimal) -> tuple[str, ...]:
        items = raw if isinstance(raw, list) else [raw]
        if not items or not all(isinstance(item, str) and item.strip() for item in items):
            raise Refused(f"not a list of names: {shown(raw)}", self.wanted())
        return tuple(items)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class Choice(Kind):
    """One of a few words; the first one is the default where a default exists."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def wanted(self) -> str:
        return "one of " + ", ".join(self.words) if len(self.words) > 1 else f"write {self.words[0]}"

    def read(self, raw: Any, month_hours: Decimal) -> str:
        word = plain(raw) if isinstance(raw, Decimal) else str(raw)
        # AWS writes Linux and GP3 in one place and linux and gp3 in another.
        found = word if word in self.words else word.lower()
        if found not in self.words or isinstance(raw, bool):
            raise Refused(f"not a choice here: {shown(raw)}", self.wanted())
        return found

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Flag(Kind):
    """Yes or no, written true or false."""

    def wanted(self) -> str:
        return "true or false"

    def read(self, raw: Any, month_hours: Decimal) -> bool:
        if raw is True or raw == "true":
            return True
        if raw is False or raw == "false":
            return False
        raise Refused(f"neither true nor false: {shown(raw)}", self.wanted())

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Nested:
    """A form inside a form; ``many`` makes it a list. A bare scalar fills the inner form's first field."""

    def __init__(self, form: type, many: bool = False) -> None:
        self.form, self.many = form, many
