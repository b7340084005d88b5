"""A spec of what a snapshot has, with its usage as it was measured."""

from costkit.cli.output import tell, write_file
from costkit.inputs.documents import read_file
from costkit.inputs.infrastructure import as_specs
from costkit.optimize.fragments import written

HEAD = "# Written by costkit collect from {name}. Ranges are from quiet to busy weeks, as they were measured.\n"


def write_spec(snapshot: str, path: str) -> None:
    """Write the spec of a snapshot's file; what has no price is listed in it, and cannot be an entry."""
    document = read_file(snapshot)
    [spec] = as_specs([document])
    resources = spec.tree["resources"]
    if not resources:
        tell(f"{path}: not written, for nothing in {snapshot} has a price")
        return
    beside = [f"# not in it: {entry.name}: {entry.reason}\n" for entry in spec.not_priced]
    text = written(spec.tree)
    write_file(path, [HEAD.format(name=_shown(snapshot)), *map(_shown_line, beside), text])


def _shown(text: str) -> str:
    return text if text.isprintable() else "a snapshot"


def _shown_line(line: str) -> str:
    """A comment on one line, whatever a name holds."""
    return "".join(character if character.isprintable() else "?" for character in line[:-1]) + "\n"
