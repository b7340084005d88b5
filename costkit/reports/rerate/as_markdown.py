"""A bill at other prices as Markdown."""

from collections.abc import Iterator

from costkit.model.rerate import Rerate
from costkit.reports.as_markdown import escaped
from costkit.reports.rerate.as_table import kept, sentence, table_of


def render(result: Rerate) -> Iterator[str]:
    """The sentence, all re-priced rows, and what was kept."""
    yield f"**{escaped(sentence(result))}**\n\n"
    yield from table_of([row for row in result.rows if row.after is not None], "pipe", escaped)
    for line in kept(result):
        yield f"\n{escaped(line)}\n"
