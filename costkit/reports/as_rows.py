"""Rows of text in any format: what ``costkit prices`` shows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from tabulate import tabulate

from costkit import __version__
from costkit.reports.as_csv import cell, lines
from costkit.reports.as_markdown import escaped
from costkit.reports.wording import harmless

Row = dict[str, str]
NUMBERS = frozenset({"from", "price", "regions", "types", "prices", "old", "new", "percent", "meters"})
INDENT = "    "
NOTHING: Mapping[str, Any] = {}


def render(
    form: str,
    rows: Sequence[Row],
    columns: Sequence[str] = (),
    more: Mapping[str, Any] = NOTHING,
    width: int | None = None,
) -> Iterator[str]:
    """The rows as ``table``, ``markdown``, ``csv`` or ``json``; all have the keys of the first.

    ``columns`` are the headers where there may be no row; ``more`` adds to the head of the JSON or replaces it.
    A table that is wider than ``width`` columns has what does not fit on lines of its own below each row.
    """
    headers = list(rows[0]) if rows else list(columns)
    if form == "json":
        days = [row["effective"] for row in rows if row.get("effective")]
        prices = {"oldest": min(days), "newest": max(days)} if days else {"oldest": None, "newest": None}
        head = {"schema_version": 1, "tool_version": __version__, "complete": True, "problems": [], "prices": prices}
        yield json.dumps({**head, **more, "rows": list(rows)}, ensure_ascii=False, indent=1) + "\n"
    elif form == "csv":
        yield from lines([headers, *([cell(value) for value in row.values()] for row in rows)])
    else:
        show, style = (escaped, "pipe") if form == "markdown" else (harmless, "plain")
        cells = [[show(value) for value in row.values()] for row in rows]
        if not cells:
            return
        drawn = _drawn(cells, headers, style)
        yield drawn if form == "markdown" or width is None else _narrow(drawn, cells, headers, width)


def _drawn(cells: Sequence[Sequence[str]], headers: Sequence[str], style: str = "plain") -> str:
    align = ["right" if header in NUMBERS else "left" for header in headers]
    return tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"


def _narrow(drawn: str, cells: Sequence[Sequence[str]], headers: Sequence[str], width: int) -> str:
    """The table with as many of its columns as fit, and the others in words below each row."""
    fitting = len(headers)
    while fitting > 1 and max(map(len, drawn.split("\n"))) > width:
        fitting -= 1
        drawn = _drawn([row[:fitting] for row in cells], headers[:fitting])
    if fitting == len(headers):
        return drawn
    head, *lines = drawn.rstrip("\n").split("\n")
    found = [head.rstrip()]
    for line, row in zip(lines, cells, strict=True):
        others = zip(headers[fitting:], row[fitting:], strict=True)
        rest = ", ".join(f"{name} {value}" for name, value in others if value)
        found += [
            line.rstrip(),
            *wrap(rest, width, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False),
        ]
    return "\n".join(found) + "\n"
