"""An estimate beside what was billed as Markdown."""

from collections.abc import Iterator

from costkit.model.against_estimate import AgainstEstimate
from costkit.reports.against_estimate.as_table import sentence, table_of
from costkit.reports.as_markdown import escaped
from costkit.reports.wording import dated_notes


def render(result: AgainstEstimate) -> Iterator[str]:
    """The sentence, then all lines."""
    yield f"**{escaped(sentence(result))}**\n\n"
    yield from table_of(result, result.lines, "pipe", escaped)
    for note in dated_notes(result.price_dates, result.overlays, result.on):
        yield f"\n{escaped(note)}\n"
