"""Appends rows to the text of a price table: every other byte stays, and the result is read back before it counts.

History is appended, never rewritten: a row goes behind the last one of its price, or to its place in the order of
type and region. Only ``confirmed``, the day a price was last seen, is ever moved forward in an old row.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from costkit.model.exact import plain
from costkit.model.place import Lines
from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.comparing import Tiers
from costkit.yaml_exact import read

INDENT = "      "
CONFIRMED = re.compile(r"confirmed: \d{4}-\d{2}-\d{2}")
# A row on a line of its own, perhaps with a comment behind it.
ROW = re.compile(r"(\s*)- \{.*\}\s*(?:#.*)?")
NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.;/-]")
CHANGED = "CK214"


class NewRow(NamedTuple):
    """A row to append to a meter. ``tiers`` None ends the price."""

    meter: str
    kind: str
    region: str
    effective: str
    confirmed: str
    tiers: Tiers | None
    source: str
    note: str = ""


class About(NamedTuple):
    """What a table says of a meter beside its prices."""

    unit: str
    title: str
    pooled: bool


class Confirmed(NamedTuple):
    """The newest row of a price was seen again on a day."""

    meter: str
    kind: str
    region: str
    day: str


def appended(
    text: str, name: str, rows: Iterable[NewRow], seen: Iterable[Confirmed], about: Mapping[str, About]
) -> str:
    """The text of a table with rows appended and days moved; ``about`` describes meters that it may lack.

    Raises CostkitError if the text is laid out in a way that a row cannot be added to, line by line.
    """
    editor = Editor(text, name)
    for one in seen:
        editor.confirm(one)
    for row in rows:
        editor.append(row, about)
    return editor.result()


class Layout(NamedTuple):
    """The types and regions of a meter's rows with their lines, in order, the last line of each, and how far in."""

    keys: list[tuple[str, str]]
    lines: list[int]
    last: dict[tuple[str, str], int]
    indent: str


class Editor:
    """The lines of one table, and what is to stand before or instead of them."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.tree, self.places = _tree(text, name)
        self.lines = text.split("\n")
        self.inserted: dict[int, list[tuple[tuple[str, str, str], str]]] = {}
        self.fresh: dict[str, list[NewRow]] = {}
        self.about: dict[str, About] = {}
        self.own_region = self.tree.get("region")
        self.added = 0
        self.layouts: dict[str, Layout] = {}

    def append(self, row: NewRow, about: Mapping[str, About]) -> None:
        """Put a row at its place."""
        self.added += 1
        meter = (self.tree.get("meters") or {}).get(row.meter)
        if meter is None or not meter["rows"]:
            self.fresh.setdefault(row.meter, []).append(row)
            self.about.update(about)
            return
        line = self._line_before(row)
        indent = self._layout(row.meter).indent
        self.inserted.setdefault(line, []).append(((row.kind, row.region, row.effective), self._written(row, indent)))

    def confirm(self, seen: Confirmed) -> None:
        """Move the day forward on which the newest row of a price was last seen."""
        line = self._layout(seen.meter).last[(seen.kind, seen.region)]
        if len(CONFIRMED.findall(self.lines[line])) != 1:
            raise self._odd(line)
        self.lines[line] = CONFIRMED.sub(f"confirmed: {seen.day}", self.lines[line])

    def result(self) -> str:
        """The new text, read back: what it holds must be what was there, and the rows."""
        lines: list[str] = []
        for number, line in enumerate(self.lines):
            lines += [row for _, row in sorted(self.inserted.get(number, ()))]
            lines.append(line)
        text = "\n".join(self._with_fresh(lines))
        self._check(text)
        return text

    def _key(self, row: dict[str, Any]) -> tuple[str, str]:
        return str(row.get("type") or ""), str(row.get("region") or self.own_region)

    def _layout(self, meter: str) -> Layout:
        """Where the rows of a meter stand, found once."""
        if meter not in self.layouts:
            keys = [self._key(row) for row in self.tree["meters"][meter]["rows"]]
            lines = [self.places[("meters", meter, "rows", index)] - 1 for index in range(len(keys))]
            for line in lines:
                if not ROW.fullmatch(self.lines[line]):
                    raise self._odd(line)
            found = ROW.fullmatch(self.lines[lines[0]])
            indent = found[1] if found else INDENT
            self.layouts[meter] = Layout(keys, lines, dict(zip(keys, lines, strict=True)), indent)
        return self.layouts[meter]

    def _line_before(self, row: NewRow) -> int:
        """The number of the line that a row goes in front of, counted from zero."""
        mine, layout = (row.kind, row.region), self._layout(row.meter)
        if mine in layout.last:
            return layout.last[mine] + 1
        later = (line for key, line in zip(layout.keys, layout.lines, strict=True) if key > mine)
        return next(later, layout.lines[-1] + 1)

    def _written(self, row: NewRow, indent: str = INDENT) -> str:
        parts = [f"type: {_scalar(row.kind)}"] if row.kind else []
        parts += [f"region: {row.region}"] if row.region != self.own_region else []
        parts += [f"effective: {row.effective}", f"confirmed: {row.confirmed}", _price(row.tiers)]
        parts += [f"source: {row.source}"]
        parts += [f"note: {quoted(row.note)}"] if row.note else []
        return f"{indent}- {{{', '.join(parts)}}}"

    def _with_fresh(self, lines: list[str]) -> list[str]:
        """The lines with meters that had no rows yet, or were not there at all."""
        for meter, rows in self.fresh.items():
            block = [self._written(row) for row in sorted(rows, key=lambda one: (one.kind, one.region))]
            if meter in (self.tree.get("meters") or {}):
                lines = self._fill(lines, meter, block)
            else:
                about = self.about[meter]
                head = [f"  {meter}:", f"    unit: {about.unit}", f"    title: {_scalar(about.title)}"]
                head += [] if about.pooled else ["    pool: resource"]
                lines = self._behind_meters(lines, [*head, "    rows:", *block])
        return lines

    def _fill(self, lines: list[str], meter: str, block: list[str]) -> list[str]:
        """A meter written with ``rows: []``, in lines of its own or in braces."""
        start = next((n for n, line in enumerate(lines) if line.startswith(f"  {meter}:")), None)
        if start is None:
            raise self._odd(0)
        if lines[start].rstrip().endswith("rows: []}"):
            whole = self.tree["meters"][meter]
            head = [f"  {meter}:"] + [
                f"    {key}: {_scalar(str(value))}" for key, value in whole.items() if key != "rows"
            ]
            return [*lines[:start], *head, "    rows:", *block, *lines[start + 1 :]]
        place = next((n for n in range(start, len(lines)) if lines[n].strip() == "rows: []"), None)
        if place is None:
            raise self._odd(start)
        return [*lines[:place], lines[place].replace(" []", ""), *block, *lines[place + 1 :]]

    def _behind_meters(self, lines: list[str], block: list[str]) -> list[str]:
        start = next((n for n, line in enumerate(lines) if line.rstrip() == "meters:"), None)
        if start is None:
            return [*lines[:-1], "", "meters:", *block, lines[-1]]
        end = start + 1
        while end < len(lines) and (lines[end].startswith(" ") or lines[end].startswith("#")):
            end += 1
        return [*lines[:end], *block, *lines[end:]]

    def _check(self, text: str) -> None:
        after, _ = _tree(text, self.name)
        before, now = _rows(self.tree), _rows(after)
        kept = 0
        for row in now:
            kept += kept < len(before) and row == before[kept]
        rest = [{key: value for key, value in tree.items() if key != "meters"} for tree in (self.tree, after)]
        if kept < len(before) or len(now) - len(before) != self.added or rest[0] != rest[1]:
            raise self._odd(0)

    def _odd(self, line: int) -> CostkitError:
        message = "rows can only be added where each stands on one line of its own"
        return CostkitError([Problem(CHANGED, f"{self.name}:{line + 1}", message, "write `- {...}`, a line a row")])


def _tree(text: str, name: str) -> tuple[dict[str, Any], Lines]:
    tree, lines, problems = read(text, name)
    if problems or not isinstance(tree, dict):
        raise CostkitError(problems or [Problem("CK206", f"{name}:1", "a table is a mapping")])
    return tree, lines


def _rows(tree: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every row without the day it was last seen, with its meter."""
    return [
        (name, {key: value for key, value in row.items() if key != "confirmed"})
        for name, meter in (tree.get("meters") or {}).items()
        for row in meter["rows"]
    ]


def _price(tiers: Tiers | None) -> str:
    if tiers is None:
        return "price: null"
    if len(tiers) == 1 and tiers[0].price is not None:
        return f"price: {plain(tiers[0].price)}"
    steps = (f"{plain(start)}: {'null' if price is None else plain(price)}" for start, price in tiers)
    return f"tiers: {{{', '.join(steps)}}}"


def _scalar(text: str) -> str:
    """A text in YAML: plain where nothing in it means anything, else in quotes."""
    if not NOT_PLAIN.search(text.replace(" ", "_")) and text == text.strip() and not text[:1].isdigit():
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text in quotes, without what could not be read back."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
