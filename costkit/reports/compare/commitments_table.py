"""Commitments for a terminal: the answer first, then each at its best level."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from costkit.model.comparison import Comparison, Option
from costkit.reports.compare.commitments_words import amount, footnotes, level, months, proven, sentence, share
from costkit.reports.fitted_table import fitted, widest
from costkit.reports.wording import harmless, money

USUAL, NARROWEST = 100, 16
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
HEADERS = ("Commitment", "Level", "Monthly cost", "Saving", "Covered", "Used", "Break-even", "Regret at -30 %")
# On a narrow screen the last columns are left to the other formats.
FEWER = (len(HEADERS), 6, 4)
LEFT = 1


def render(
    comparison: Comparison, width: int | None = None, color: bool = False, most: int | None = None
) -> Iterator[str]:
    """The lines of the answer. ``width`` is the screen's in columns, None where there is none to fit.

    ``most`` is how many commitments are shown, None for all.
    """
    across = max(width or USUAL, NARROWEST)
    answer = fill(sentence(comparison), across, break_on_hyphens=False)
    yield f"{BOLD}{answer}{PLAIN}\n\n" if color else f"{answer}\n\n"
    if comparison.options:
        yield _fitting([row(option) for option in comparison.options[:most]], width) + "\n\n"
    for note in footnotes(comparison, most):
        yield fill(harmless(note), across, break_on_hyphens=False) + "\n"


def row(option: Option) -> tuple[str, ...]:
    """An option as cells under ``HEADERS``."""
    name = harmless(option.name) if proven(option) else f"{harmless(option.name)} *"
    return (
        name,
        level(option),
        money(option.estimate.cost),
        amount(option, "saving"),
        share(option, "coverage"),
        share(option, "utilisation"),
        months(option),
        amount(option, "regret_30"),
    )


def _fitting(rows: Sequence[Sequence[str]], width: int | None) -> str:
    """The table with as many columns as fit, the names broken where even the fewest do not."""
    for columns in FEWER:
        last = columns == FEWER[-1]
        drawn = fitted(HEADERS[:columns], [cells[:columns] for cells in rows], range(LEFT), width if last else None)
        if width is None or widest(drawn) <= width:
            break
    return drawn
