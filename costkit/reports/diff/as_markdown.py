"""A change's cost as the body of a comment on a pull request."""

from collections.abc import Iterator

from costkit.model.verdict import Difference
from costkit.reports.as_markdown import escaped
from costkit.reports.comment import assembled, change_rows, marker
from costkit.reports.diff.headline import headline
from costkit.reports.wording import footnotes


def render(difference: Difference) -> Iterator[str]:
    """The body, with a hidden marker first and at most 65,536 bytes."""
    name = difference.after.name
    title = f"{escaped(name)}: " if name else ""
    head = f"{marker('diff', name)}\n**costkit: {title}{escaped(headline(difference))}**\n"
    notes = [*footnotes(difference.after, difference.before)]
    notes += [f"{found.code}: {found.message}" for found in difference.problems if found.hides_cost][:20]
    yield assembled(head, change_rows(difference), "".join(f"\n{escaped(note)}\n" for note in notes))
