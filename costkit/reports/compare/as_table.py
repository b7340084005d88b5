"""A comparison for a terminal: the answer first, then the options ranked, the break-even points, the assumptions."""

from collections.abc import Iterator
from textwrap import fill

from costkit.model.comparison import Comparison
from costkit.reports.compare.columns import Grid, break_even_grid, options_grid, shown_options
from costkit.reports.compare.sentences import assumptions, footnotes, subject, verdict
from costkit.reports.fitted_table import fitted
from costkit.reports.wording import harmless

NARROWEST = 16
USUAL = 100
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def render(
    comparison: Comparison, width: int | None = None, color: bool = False, most: int | None = None
) -> Iterator[str]:
    """The lines of the answer. ``width`` is the screen's in columns, None where there is none to fit.

    ``most`` is how many options are shown, None for all.
    """
    across = max(width or USUAL, NARROWEST)
    answer = fill(verdict(comparison), across, break_on_hyphens=False)
    yield f"{BOLD}{answer}{PLAIN}\n\n" if color else f"{answer}\n\n"
    yield fill(subject(comparison), across, break_on_hyphens=False) + "\n\n"
    yield _drawn(options_grid(comparison, harmless, most), width) + "\n"
    left = len(comparison.options) - len(shown_options(comparison, most))
    if left:
        yield f"{left} more cost more or are not known whole: --all shows them.\n"
    if comparison.break_even:
        ours = harmless(comparison.break_even[0].option)
        yield f"\nBreak-even of {ours}:\n{_drawn(break_even_grid(comparison, harmless), width)}\n"
    yield "\n"
    for text in assumptions(comparison):
        yield fill(f"- {text}", across, subsequent_indent="  ", break_on_hyphens=False) + "\n"
    for text in footnotes(comparison):
        yield fill(text, across, break_on_hyphens=False) + "\n"


def _drawn(grid: Grid, width: int | None) -> str:
    return fitted(grid.headers, grid.rows, range(grid.numbers), width)
