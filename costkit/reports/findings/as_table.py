"""Findings for a terminal: a line each with what it saves, then why, then what they save together."""

import textwrap
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from costkit.model.finding import FINDING, SUPPRESSED, Advice, Finding
from costkit.reports.findings.sentences import (
    GRID,
    aws_text,
    evidence_text,
    grid,
    headline,
    notes,
    saved_text,
    suppressed_by,
)
from costkit.reports.wording import footnotes, harmless, money

USUAL_WIDTH = 110
NARROWEST = 30
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
WORDS = {
    SUPPRESSED: "Suppressed",
    "no_permission": "No permission",
    "not_enough_data": "Not enough data",
    "unpriced": "No proven price",
}
# A fleet has many resources that nothing can be said of: their number is enough, all of them with --verbose.
MOST_OTHERS = 5


def render(advice: Advice, width: int | None = None, color: bool = False, verbose: bool = False) -> Iterator[str]:
    """The lines. ``width`` is the screen's in columns; ``verbose`` adds the evidence and the fields to write."""
    columns = max(width or USUAL_WIDTH, NARROWEST)
    found = [finding for finding in advice.findings if finding.verdict == FINDING]
    for finding in found:
        head = f"{finding.code}  {harmless(finding.resource)}: {harmless(finding.title)}"
        saved = saved_text(finding) or "no saving claimed"
        yield from _between(head, saved, columns, color)
        yield from _paragraph(finding.why, columns, 2)
        yield from _paragraph(_axes(finding), columns, 2)
        if verbose:
            yield from _more(finding, columns)
    for verdict, words in WORDS.items():
        yield from _others(words, [one for one in advice.findings if one.verdict == verdict], columns, verbose)
    if len(advice.combined) > 1 or len(found) > len(advice.combined):
        yield "\nTogether, by resource\n"
        for one in advice.combined:
            label = f"  {harmless(one.resource)}  {', '.join(one.codes)}"
            yield from _between(label, money(one.saving.expected), columns, False)
    yield "\n" if advice.findings else ""
    line = f"{BOLD}{headline(advice)}{PLAIN}" if color else headline(advice)
    yield from _paragraph(line, columns + (len(line) - len(headline(advice))), 0)
    yield from _paragraph(_coverage(advice), columns, 0)
    if verbose and advice.measured:
        headers, rows = grid(advice)
        text = tabulate(rows, headers, tablefmt="plain", disable_numparse=True)
        yield "\n" + "".join(f"{harmless(line.rstrip())}\n" for line in text.splitlines()) + f"{GRID}\n\n"
    for note in (*notes(advice), *footnotes(advice.estimate)):
        yield from _paragraph(note, columns, 0)


def _axes(finding: Finding) -> str:
    also = f"; {aws_text(finding)}" if finding.saving and finding.aws_saving is not None else ""
    return f"{finding.category}, {finding.confidence}; effort {finding.effort}, risk {finding.risk}{also}"


def _others(words: str, findings: Sequence[Finding], columns: int, verbose: bool) -> Iterator[str]:
    """What was found but claims no saving."""
    if not findings:
        return
    yield f"\n{words}\n"
    shown = findings if verbose else findings[:MOST_OTHERS]
    for finding in shown:
        why = suppressed_by(finding) or harmless(finding.why)
        yield from _paragraph(f"{finding.code}  {harmless(finding.resource)}: {why}", columns, 2)
        if verbose:
            yield from _more(finding, columns)
    if len(shown) < len(findings):
        yield from _paragraph(f"and {len(findings) - len(shown)} more; all of them with --verbose", columns, 2)


def _more(finding: Finding, columns: int) -> Iterator[str]:
    for evidence in finding.evidence:
        yield from _paragraph(evidence_text(evidence), columns, 4)
    if finding.after:
        place = f" at {harmless(finding.where)}" if finding.where else ""
        yield f"    write{place}:\n"
        yield from (f"      {harmless(line)}\n" for line in finding.after.splitlines())


def _coverage(advice: Advice) -> str:
    """How much was looked at: ``Looked 14 times with 9 checks: 5 finding, 9 clean.``"""
    counts: dict[str, int] = {}
    for coverage in advice.coverage:
        for verdict, number in coverage.verdicts:
            counts[verdict] = counts.get(verdict, 0) + number
    told = ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in counts.items())
    return f"{len(advice.coverage)} checks looked at {sum(counts.values())} cases: {told or 'none'}."


def _between(left: str, right: str, columns: int, color: bool) -> Iterator[str]:
    """A text on the left and an amount on the right; the amount has its own line where both do not fit."""
    lines = textwrap.wrap(left, columns, subsequent_indent="    ", break_on_hyphens=False) or [left]
    gap = columns - len(lines[-1]) - len(right)
    if gap < 2:
        lines.append(right.rjust(columns))
    else:
        lines[-1] += " " * gap + right
    yield from (f"{BOLD}{line}{PLAIN}\n" if color else f"{line}\n" for line in lines)


def _paragraph(text: str, columns: int, indent: int) -> Iterator[str]:
    """A text in lines of a width; addresses stay whole, so that they can be clicked."""
    space = " " * indent
    wrapped = textwrap.wrap(
        harmless(text) if "\x1b" not in text else text,
        max(columns, NARROWEST),
        initial_indent=space,
        subsequent_indent=f"{space}  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from (f"{line}\n" for line in wrapped)
