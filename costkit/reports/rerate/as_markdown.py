"""A bill at other prices as Markdown."""

from collections.abc import Iterator

from costkit.model.rerate import Rerate
from costkit.reports.as_markdown import escaped
from costkit.reports.rerate.as_table import kept, sentence, table_of
from costkit.reports.wording import dated_notes


def render(result: Rerate) -> Iterator[str]:
    """The sentence, all re-priced rows, and what was kept."""
    yield f"**{escaped(sentence(result))}**\n\n"
    yield from table_of([row for row in result.rows if row.after is not None], "pipe", escaped)
    for line in (*kept(result), *dated_notes(result.price_dates, result.overlays, result.on)):
        yield f"\n{escaped(line)}\n"
