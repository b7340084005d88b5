"""An estimate beside what was billed as Markdown."""

from collections.abc import Iterator

from costkit.model.against_estimate import AgainstEstimate
from costkit.reports.against_estimate.as_table import sentence, table_of
from costkit.reports.as_markdown import escaped


def render(result: AgainstEstimate) -> Iterator[str]:
    """The sentence, then all lines."""
    yield f"**{escaped(sentence(result))}**\n\n"
    yield from table_of(result, result.lines, "pipe", escaped)
