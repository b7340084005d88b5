"""A plain table that is no wider than the screen: the column of names is broken into lines where it has to be."""

import re
from collections.abc import Sequence

from tabulate import tabulate

NARROWEST = 16
COLOR = re.compile(r"\x1b\[\d+m")


def fitted(
    headers: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int], width: int | None, names: int = 0
) -> str:
    """The table, without a line feed at its end.

    ``left`` are the columns that are not aligned to the right, ``names`` is the one to break, ``width``
    the screen's in columns, None where there is none to fit.
    """
    drawn = _drawn(headers, rows, left, None)
    over = 0 if width is None else widest(drawn) - width
    if over <= 0:
        return drawn
    longest = max(len(row[names]) for row in rows)
    limits = [None if place != names else max(longest - over, NARROWEST) for place in range(len(headers))]
    return _drawn(headers, rows, left, limits)


def widest(drawn: str) -> int:
    """The columns of the longest line, colours apart."""
    return max(len(COLOR.sub("", line)) for line in drawn.split("\n"))


def _drawn(
    headers: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int], limits: list[int | None] | None
) -> str:
    align = ["left" if place in left else "right" for place in range(len(headers))] if rows else None
    drawn = tabulate(
        rows, headers, tablefmt="plain", disable_numparse=True, colalign=align, maxcolwidths=limits if rows else None
    )
    return "\n".join(line.rstrip() for line in drawn.split("\n"))
