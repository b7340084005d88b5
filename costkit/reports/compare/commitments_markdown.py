"""Commitments as Markdown, for tickets and wikis."""

from collections.abc import Iterator

from tabulate import tabulate

from costkit.model.comparison import Comparison
from costkit.reports.as_markdown import escaped
from costkit.reports.compare.commitments_table import HEADERS, LEFT, row
from costkit.reports.compare.commitments_words import footnotes, sentence


def render(comparison: Comparison, most: int | None = None) -> Iterator[str]:
    """The answer, the table of ``most`` commitments, and what it takes for granted."""
    yield f"**{escaped(sentence(comparison))}**\n"
    if comparison.options:
        rows = [[escaped(cell) for cell in row(option)] for option in comparison.options[:most]]
        align = ["left" if place < LEFT else "right" for place in range(len(HEADERS))]
        headers = [escaped(header) for header in HEADERS]
        yield "\n" + tabulate(rows, headers, tablefmt="pipe", disable_numparse=True, colalign=align) + "\n"
    for note in footnotes(comparison, most):
        yield f"\n{escaped(note)}\n"
