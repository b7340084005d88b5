"""The finance report as Markdown."""

from collections.abc import Iterator

from costkit.model.bill import FinanceReport
from costkit.reports.as_markdown import escaped
from costkit.reports.bill import as_allocation, as_outlook
from costkit.reports.bill.as_table import table_of
from costkit.reports.bill.changes import sentence, status


def render(report: FinanceReport) -> Iterator[str]:
    """The sentence, then all groups."""
    yield f"**{escaped(sentence(report))}**\n\n{status(report)}\n\n"
    yield from table_of(report, list(report.rows), "pipe", escaped)
    yield from as_outlook.lines(report.outlook, "pipe", escaped)
    if report.allocation is not None:
        yield from as_allocation.lines(report.allocation, "pipe", escaped)
