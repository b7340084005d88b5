"""Regions for a terminal: the answer first, then the numbers behind it."""

from collections.abc import Iterator
from textwrap import fill

from tabulate import tabulate

from costkit.model.comparison import Comparison
from costkit.reports.compare.regions_grid import Grid, by_region, by_resource, few, notes, widths
from costkit.reports.compare.regions_words import sentence
from costkit.reports.wording import harmless

GAP = 2
USUAL = 120
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
MISSING = "Missing"


def render(comparison: Comparison, width: int | None = None, color: bool = False) -> Iterator[str]:
    """The lines of the answer. ``width`` is the screen's in columns, None where there is none to fit."""
    text = fill(harmless(sentence(comparison)), width or USUAL, break_on_hyphens=False)
    yield f"{BOLD}{text}{PLAIN}\n\n" if color else f"{text}\n\n"
    grid = by_resource(comparison) if few(comparison) else by_region(comparison)
    listed = not few(comparison)
    if not listed and not _fits(grid, width):
        grid, listed = by_region(comparison), True
    yield _drawn(_narrowed(grid, width)) + "\n\n"
    for note in notes(comparison, listed):
        yield fill(note, width or USUAL, break_on_hyphens=False) + "\n"


def _fits(grid: Grid, width: int | None) -> bool:
    return width is None or sum(widths(grid)) + GAP * (len(grid.headers) - 1) <= width


def _narrowed(grid: Grid, width: int | None) -> Grid:
    """The grid with what is missing cut short, as the screen demands."""
    if _fits(grid, width) or width is None or grid.headers[-1] != MISSING:
        return grid
    left = width - sum(widths(grid)[:-1]) - GAP * (len(grid.headers) - 1)
    cut = max(left, len(MISSING))
    rows = [(*row[:-1], row[-1] if len(row[-1]) <= cut else f"{row[-1][: cut - 3]}...") for row in grid.rows]
    return grid._replace(rows=rows)


def _drawn(grid: Grid) -> str:
    align = ["left" if place in grid.left else "right" for place in range(len(grid.headers))]
    drawn = tabulate(grid.rows, grid.headers, tablefmt="plain", disable_numparse=True, colalign=align)
    return "\n".join(line.rstrip() for line in drawn.split("\n"))
