"""Rows of text in any format: what ``costkit prices`` shows."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tabulate import tabulate

from costkit import __version__
from costkit.reports.as_csv import cell
from costkit.reports.as_markdown import escaped
from costkit.reports.wording import harmless

Row = dict[str, str]
NUMBERS = frozenset({"from", "price", "regions", "types", "prices", "old", "new", "percent", "meters"})
NOTHING: Mapping[str, Any] = {}


def render(
    form: str, rows: Sequence[Row], columns: Sequence[str] = (), more: Mapping[str, Any] = NOTHING
) -> Iterator[str]:
    """The rows as ``table``, ``markdown``, ``csv`` or ``json``; all have the keys of the first.

    ``columns`` are the headers where there may be no row; ``more`` adds to the head of the JSON or replaces it.
    """
    headers = list(rows[0]) if rows else list(columns)
    if form == "json":
        days = [row["effective"] for row in rows if row.get("effective")]
        prices = {"oldest": min(days), "newest": max(days)} if days else {"oldest": None, "newest": None}
        head = {"schema_version": 1, "tool_version": __version__, "complete": True, "problems": [], "prices": prices}
        yield json.dumps({**head, **more, "rows": list(rows)}, ensure_ascii=False, indent=1) + "\n"
    elif form == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(headers)
        writer.writerows([[cell(value) for value in row.values()] for row in rows])
        yield buffer.getvalue()
    else:
        show, style = (escaped, "pipe") if form == "markdown" else (harmless, "plain")
        cells = [[show(value) for value in row.values()] for row in rows]
        align = ["right" if header in NUMBERS else "left" for header in headers]
        if not cells:
            return
        yield tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"
