"""The tables of a team's own that a spec names, as they stand at a git reference."""

import os
import tempfile

import click

from costkit.cli.git import files_at, is_of_repository
from costkit.inputs.documents import Document
from costkit.inputs.own_prices import named_tables, no_directory
from costkit.model.problem import CostkitError

TABLE = ".yaml"


def with_tables_at(document: Document, reference: str, path: str, option: str) -> Document:
    """The document with the tables that it names, which are read at its own git reference.

    They are laid down in a directory that goes when the command ends. Tables outside the repository have no past in
    git and are taken as they are. Raises CostkitError for tables that are not there.
    """
    found: list[tuple[str, str]] = []
    problems = []
    for name, place in named_tables(document.tree, path).items():
        if not is_of_repository(path, place):
            if not os.path.isdir(place):
                problems.append(no_directory(document, name, "it is seen from the spec"))
            found.append((place, place))
            continue
        files = files_at(reference, place, option)
        if not files:
            problems.append(no_directory(document, name, f"it is read at {reference}, as the spec is"))
        found.append((_laid_down(files), f"{reference}:{place}"))
    if problems:
        raise CostkitError(problems)
    return document._replace(tables=tuple(found)) if found else document


def _laid_down(files: dict[str, bytes]) -> str:
    target = click.get_current_context().with_resource(tempfile.TemporaryDirectory(prefix="costkit-"))
    for name, content in files.items():
        if name.endswith(TABLE):
            place = os.path.join(target, *name.split("/"))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(content)
    return target
