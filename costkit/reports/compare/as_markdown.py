"""A comparison as Markdown, for pull requests and wikis."""

from collections.abc import Iterator

from tabulate import tabulate

from costkit.model.comparison import Comparison
from costkit.reports.as_markdown import escaped
from costkit.reports.compare.columns import Grid, break_even_grid, options_grid, shown_options
from costkit.reports.compare.sentences import assumptions, footnotes, subject, verdict


def render(comparison: Comparison, most: int | None = None) -> Iterator[str]:
    """The answer above the tables, the assumptions below; ``most`` is how many options are shown."""
    yield f"**{escaped(verdict(comparison))}**\n\n{escaped(subject(comparison))}\n\n"
    yield _drawn(options_grid(comparison, escaped, most)) + "\n"
    left = len(comparison.options) - len(shown_options(comparison, most))
    if left:
        yield f"\n{left} more cost more or are not known whole.\n"
    if comparison.break_even:
        yield f"\nBreak-even of {escaped(comparison.break_even[0].option)}:\n\n"
        yield _drawn(break_even_grid(comparison, escaped)) + "\n"
    yield "\n"
    for text in assumptions(comparison):
        yield f"- {escaped(text)}\n"
    for text in footnotes(comparison):
        yield f"\n{escaped(text)}\n"


def _drawn(grid: Grid) -> str:
    align = ["left" if place < grid.numbers else "right" for place in range(len(grid.headers))]
    return tabulate(grid.rows, grid.headers, tablefmt="pipe", disable_numparse=True, colalign=align)
