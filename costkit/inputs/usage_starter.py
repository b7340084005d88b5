"""The usage file to fill in: what the resources of a plan or template need to be told, found by metering them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from itertools import combinations
from typing import Any

from costkit.inputs.binding import Binder, Field, fields_of
from costkit.inputs.documents import Document
from costkit.inputs.entry import Entry
from costkit.inputs.infrastructure import entries_of
from costkit.model.exact import EXACT, ONE
from costkit.model.kind import Kind
from costkit.model.place import Path
from costkit.model.resource import Setting
from costkit.model.spec import HOURS_PER_MONTH
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.services import service

INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
SOMEWHERE = "us-east-1"
HEAD = """\
# What {name} cannot tell: usage, by address. Price it with
#   costkit estimate {name} --usage {path}
# Fill in what you know; a line left empty is usage that nobody knows yet. Every number may be a range:
# {{low: 10M, expected: 30M, high: 90M}}. An address may have wildcards: [*] is any index, * anything.
version: 1
# Usage by type, for resources that say nothing of their own, for example:
#   lambda_function: {{requests: 1M, duration: 100 ms}}
defaults:
resources:
"""


def usage_starter(
    document: Document, path: str, book: PriceBook, on: str, parameters: Mapping[str, str]
) -> Iterator[str]:
    """The lines of a usage file for a plan, or a template with its parameters, to be written to ``path``.

    Raises CostkitError if the document is neither.
    """
    entries = [entry for entry in entries_of(document, parameters) if entry.fields is not None]
    yield HEAD.format(name=document.name, path="FILE" if path == "-" else path)
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((INDEX.sub("[*]", entry.name), str(entry.fields and entry.fields["type"])), []).append(entry)
    for (pattern, kind), members in groups.items():
        name = members[0].name if len(members) == 1 else pattern
        many = "" if len(members) == 1 else f", {len(members)} of them"
        yield f"  {json.dumps(name, ensure_ascii=False)}:   # {kind}{many}\n"
        with localcontext(EXACT):
            yield from _fields(members[0], kind, book, on)
    if not entries:
        yield "  # nothing in it has a price that depends on usage\n"


def _fields(entry: Entry, kind: str, book: PriceBook, on: str) -> Iterator[str]:
    """A line for each field that a charge depends on, and one that names what else may be told."""
    rules = service(kind)
    known = {key: value for key, value in (entry.fields or {}).items() if key not in ("type", "count")}
    use = Binder(HOURS_PER_MONTH).bind(rules.Usage, known, ())
    if use is None:
        yield "    # not known before apply: " + ", ".join(f.name for f in fields_of(rules.Usage) if f.required) + "\n"
        return
    at = setting(book, kind, entry.region or SOMEWHERE, on, HOURS_PER_MONTH, None)
    needed = _needed(rules, use, at)
    for path, field in needed:
        hint = field.kind.wanted() if isinstance(field.kind, Kind) else ""
        yield from _line(path, f"{field.about}; {hint}")
    told = {path[0] for path, _ in needed} | set(known)
    others = [field.name for field in fields_of(rules.Usage) if field.name not in told and _tells_usage(field)]
    if others:
        yield f"    # also: {', '.join(others)}\n"


def _line(path: Path, about: str) -> Iterator[str]:
    if len(path) == 1:
        yield f"    {path[0]}:   # {about}\n"
        return
    name, place, inner = path[0], path[1], path[-1]
    # A list is filled by position: the items before it keep what they have.
    yield f"    {name}: [{'{}, ' * (place if isinstance(place, int) else 0)}{{{inner}: }}]   # {about}\n"


def _tells_usage(field: Field) -> bool:
    return not isinstance(field.kind, Kind) or field.kind.numeric


def _needed(rules: Any, use: Any, at: Setting) -> list[tuple[Path, Field]]:
    """The fields without which a reading stays unknown, in the order of the form."""
    candidates = list(_empty(rules.Usage, use))
    chosen: list[tuple[Path, Field]] = []
    unknown = _unknown(rules, use, at)
    while unknown:
        step = next(_steps(rules, use, at, unknown, [c for c in candidates if c not in chosen]), None)
        if step is None:
            break
        chosen += step
        for path, _ in step:
            use = _with(use, path)
        unknown = _unknown(rules, use, at)
    return [candidate for candidate in candidates if candidate in chosen]


def _steps(
    rules: Any, use: Any, at: Setting, unknown: int, left: Sequence[tuple[Path, Field]]
) -> Iterator[tuple[tuple[Path, Field], ...]]:
    """One field, else two together, that make fewer readings unknown."""
    for size in (1, 2):
        for step in combinations(left, size):
            tried = use
            for path, _ in step:
                tried = _with(tried, path)
            if _unknown(rules, tried, at) < unknown:
                yield step


def _unknown(rules: Any, use: Any, at: Setting) -> int:
    return sum(reading.amount.top is None for reading in rules.meter(use, at))


def _empty(form: type, use: Any, path: Path = ()) -> Iterator[tuple[Path, Field]]:
    """The fields with a number that a form, or one inside it, leaves open."""
    for field in fields_of(form):
        value = getattr(use, field.attribute)
        if isinstance(field.kind, Kind):
            if field.kind.numeric and value is None:
                yield (*path, field.name), field
        elif field.kind.many:
            for place, inner in enumerate(value or ()):
                yield from _empty(field.kind.form, inner, (*path, field.name, place))
        elif value is not None:
            yield from _empty(field.kind.form, value, (*path, field.name))


def _with(use: Any, path: Path, value: Decimal = ONE) -> Any:
    """The form with one of something at a path."""
    first, *rest = path
    if isinstance(use, tuple) and isinstance(first, int):
        return (*use[:first], _with(use[first], tuple(rest), value), *use[first + 1 :])
    form: Any = type(use)
    [field] = [field for field in fields_of(form) if field.name == first]
    inner = value if not rest else _with(getattr(use, field.attribute), tuple(rest), value)
    return use._replace(**{field.attribute: inner})
