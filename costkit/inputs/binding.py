"""From what a user wrote to a form: fields by name, values by kind, every problem reported, none raised.

All doors bind here, so that a spec, a fleet and a one-line command refuse the same things in the
same words. pydantic is not used: it would take longer to import than a one-liner takes to answer.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from costkit.model.kind import Kind, Nested, Refused, shown
from costkit.model.place import Path
from costkit.model.problem import Problem

POINTS = ("expected", "low", "high")


class Field:
    """A field of a form: its name in a spec, its attribute, how it is read and what it is about."""

    __slots__ = ("about", "attribute", "kind", "name", "required")

    def __init__(self, name: str, attribute: str, kind: Kind | Nested, required: bool, about: str) -> None:
        self.name = name
        self.attribute = attribute
        self.kind = kind
        self.required = required
        self.about = about


class Flaw:
    """Something wrong at a path of the input; the door that knows the place makes a problem of it."""

    __slots__ = ("code", "hint", "message", "path", "severity")

    def __init__(self, path: Path, code: str, message: str, hint: str = "", severity: str = "error") -> None:
        self.path = path
        self.code = code
        self.message = message
        self.hint = hint
        self.severity = severity

    def at(self, where: str) -> Problem:
        """The problem that it is at a file and line, or at a flag."""
        return Problem(self.code, where, self.message, self.hint, self.severity)


@cache
def fields_of(form: type) -> tuple[Field, ...]:
    """The fields of a form, from its annotations. ``from_`` is called ``from`` in a spec: Python has the word."""
    found = []
    for base in reversed(form.__mro__):
        for name, annotation in getattr(base, "__annotations__", {}).items():
            kind, *about = annotation.__metadata__
            text = about[0] if about else (kind.form.__doc__ or "").partition("\n")[0]
            required = name not in getattr(form, "_field_defaults", {})
            found.append(Field(name.rstrip("_"), name, kind, required, text))
    return tuple(found)


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint that suggests the most similar of the words there are, or an empty text."""
    from difflib import get_close_matches

    known = list(words)
    begun = [name for name in known if len(word) > 2 and name.startswith(word)]
    matches = begun[:3] or get_close_matches(word, known, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(matches)}?" if matches else ""


class Binder:
    """Binds raw mappings to forms at one point of every range: expected, low or high.

    ``ranged`` tells afterwards whether a range was met; ``flaws`` holds everything that was wrong.
    """

    def __init__(self, month_hours: Decimal, point: str = "expected", ranges: bool = True) -> None:
        self.month_hours, self.point, self.ranges = month_hours, point, ranges
        self.ranged = False
        self.flaws: list[Flaw] = []

    def bind(self, form: type, raw: object, path: Path, known: Iterable[str] = ()) -> Any:
        """A form's instance, or None if a required field is wrong; ``known`` keys are read elsewhere.

        A refused optional field is reported and left out, so that the limits of the rest can be checked
        in the same run.
        """
        if not isinstance(raw, dict):
            self.report(path, "CK104", f"not a mapping of fields: {shown(raw)}", "write key: value pairs")
            return None
        fields = fields_of(form)
        names = [field.name for field in fields]
        for key in raw:
            if key not in names and key not in known:
                hint = nearest(str(key), [*names, *known]) or f"fields here: {', '.join((*names, *known))}"
                self.report((*path, str(key)), "CK102", f"unknown key: {shown(key)}", hint)
        values, lacking = {}, False
        for field in fields:
            if field.name in raw:
                before = len(self.flaws)
                value = self.value(field, raw[field.name], (*path, field.name))
                if len(self.flaws) == before:
                    values[field.attribute] = value
                else:
                    lacking |= field.required
            elif field.required:
                lacking = True
                hint = field.kind.wanted() if isinstance(field.kind, Kind) else ""
                self.report((*path, field.name), "CK106", f"missing: {field.name}", hint)
        return None if lacking else form(**values)

    def value(self, field: Field, raw: Any, path: Path) -> Any:
        """The value of one field; None after reporting why it cannot be read."""
        kind = field.kind
        if isinstance(kind, Kind):
            return self.scalar(kind, raw, path)
        if raw is None:
            return self.report(path, "CK104", "no value", "fill it in, or leave the key out")
        if kind.many:
            if not isinstance(raw, list):
                return self.report(path, "CK104", f"not a list: {shown(raw)}", "write one item a line, with a dash")
            return tuple(self.nested(kind.form, item, (*path, index)) for index, item in enumerate(raw))
        return self.nested(kind.form, raw, path)

    def nested(self, form: type, raw: Any, path: Path) -> Any:
        """A form inside a form; a bare scalar stands for its first field."""
        if not isinstance(raw, dict | list):
            raw = {fields_of(form)[0].name: raw}
        return self.bind(form, raw, path)

    def scalar(self, kind: Kind, raw: Any, path: Path) -> Any:
        """A value of a kind, from the chosen point if it is a range."""
        try:
            if raw is None:
                raise Refused("no value", "fill it in, or leave the key out")
            points = range_points(raw) if kind.numeric else None
            if points is None:
                return kind.read(raw, self.month_hours)
            if not self.ranges:
                raise Refused(f"no range is possible here: {shown(raw)}", "give one number; resources may have ranges")
            self.ranged = True
            low, expected, high = (kind.read(points[name], self.month_hours) for name in ("low", "expected", "high"))
            if not _rises(low, expected, high):
                raise Refused("a range must rise: low, expected, high", "swap the numbers")
            return {"low": low, "expected": expected, "high": high}[self.point]
        except Refused as refused:
            return self.report(path, refused.code, refused.message, refused.hint)

    def report(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """Note that something is wrong at a path."""
        self.flaws.append(Flaw(path, code, message, hint))


def _rises(low: Any, expected: Any, high: Any) -> bool:
    """Whether three points rise; of lists, whether each of their items does."""
    if isinstance(expected, tuple):
        return len(low) == len(expected) == len(high) and all(map(_rises, low, expected, high))
    return bool(low <= expected <= high)


def range_points(raw: Any) -> dict[str, Any] | None:
    """The three points of ``{low, expected, high}`` or ``10M..30M..90M``, or None if it is no range."""
    if isinstance(raw, str) and ".." in raw:
        parts = [part.strip() for part in raw.split("..")]
        if len(parts) != len(POINTS) or not all(parts):
            raise Refused(f"not a range: {shown(raw)}", "for example 10M..30M..90M: low, expected, high")
        return dict(zip(("low", "expected", "high"), parts, strict=True))
    if not isinstance(raw, dict):
        return None
    unknown = [str(key) for key in raw if key not in POINTS]
    if unknown or "expected" not in raw:
        problem = f"unknown key {shown(unknown[0])}" if unknown else "missing: expected"
        raise Refused(f"not a range: {problem}", "write {low: 10M, expected: 30M, high: 90M}")
    return {point: raw.get(point, raw["expected"]) for point in POINTS}
