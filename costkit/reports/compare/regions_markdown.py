"""Regions as a Markdown table, for pull requests and wikis."""

from collections.abc import Iterator

from tabulate import tabulate

from costkit.model.comparison import Comparison
from costkit.reports.as_markdown import escaped
from costkit.reports.compare.regions_grid import by_region, by_resource, few, notes
from costkit.reports.compare.regions_words import sentence


def render(comparison: Comparison) -> Iterator[str]:
    """The answer, the numbers behind it, and what they leave out."""
    grid = by_resource(comparison) if few(comparison) else by_region(comparison)
    yield f"**{escaped(sentence(comparison))}**\n\n"
    rows = [[escaped(cell) for cell in row] for row in grid.rows]
    align = ["left" if place in grid.left else "right" for place in range(len(grid.headers))]
    headers = [escaped(header) for header in grid.headers]
    yield tabulate(rows, headers, tablefmt="pipe", disable_numparse=True, colalign=align) + "\n"
    for note in notes(comparison, not few(comparison)):
        yield f"\n{escaped(note)}\n"
