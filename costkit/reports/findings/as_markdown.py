"""Findings as Markdown, for tickets, wikis and pull requests."""

from collections.abc import Iterator

from tabulate import tabulate

from costkit.model.finding import FINDING, Advice, Finding
from costkit.reports.as_markdown import escaped
from costkit.reports.findings.sentences import GRID, evidence_text, grid, headline, notes, saved_text, suppressed_by
from costkit.reports.wording import footnotes, money

HEADERS = ("Code", "Resource", "What to do", "Saves a month", "Confidence", "Effort", "Risk")
FENCE = "~~~"


def render(advice: Advice) -> Iterator[str]:
    """A table of findings, then each with its reason and what to write instead."""
    found = [finding for finding in advice.findings if finding.verdict == FINDING]
    title = f"{escaped(advice.estimate.name)}: " if advice.estimate.name else ""
    yield f"**{title}{escaped(headline(advice))}**\n"
    if found:
        align = ("left", "left", "left", "right", "left", "left", "left")
        rows = [_row(finding) for finding in found]
        yield "\n" + tabulate(rows, HEADERS, tablefmt="pipe", disable_numparse=True, colalign=align) + "\n"
    if advice.combined:
        parts = (f"{escaped(one.resource)} {money(one.saving.expected)}" for one in advice.combined)
        yield f"\nTogether, by resource: {', '.join(parts)}\n"
    for finding in advice.findings:
        yield from _details(finding)
    if advice.measured:
        headers, rows = grid(advice)
        cells = [[escaped(cell) for cell in row] for row in rows]
        yield "\n" + tabulate(cells, headers, tablefmt="pipe", disable_numparse=True) + f"\n\n{GRID}\n"
    for note in (*notes(advice), *footnotes(advice.estimate)):
        yield f"\n{escaped(note)}\n"


def _row(finding: Finding) -> list[str]:
    saving = saved_text(finding)
    words = (finding.confidence, finding.effort, finding.risk)
    return [finding.code, escaped(finding.resource), escaped(finding.title), saving, *words]


def _details(finding: Finding) -> Iterator[str]:
    state = "" if finding.verdict == FINDING else f" ({escaped(finding.verdict)})"
    yield f"\n#### {finding.code} {escaped(finding.resource)}{state}\n\n{escaped(finding.why)}\n"
    if finding.suppression is not None:
        yield f"\n{escaped(suppressed_by(finding))}\n"
    if finding.evidence:
        yield "\n" + "".join(f"- {escaped(evidence_text(one))}\n" for one in finding.evidence)
    if finding.after:
        fence = FENCE + "~" * finding.after.count("~")
        yield f"\n{fence}yaml\n{finding.after}{fence}\n"
