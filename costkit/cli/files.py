"""Which file a command is about: the one named, standard input, or the project's own."""

import os
import sys

from costkit.inputs.documents import Document, read_bytes, read_file
from costkit.model.problem import CostkitError, Problem

DEFAULT = "costkit.yaml"


def read(path: str | None) -> Document:
    """Read the spec at a path; ``-`` is standard input, None the ``costkit.yaml`` of the project."""
    if path == "-":
        return read_bytes(sys.stdin.buffer.read() if sys.stdin else b"", "stdin")
    return read_file(path or _found())


def read_all(paths: tuple[str, ...]) -> list[Document]:
    """Read several specs, or the project's own if none is named; tells of all that cannot be read."""
    if len(paths) <= 1:
        return [read(paths[0] if paths else None)]
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            documents.append(read(path))
        except CostkitError as error:
            problems += error.problems
    if problems:
        raise CostkitError(problems)
    return documents


def _found() -> str:
    """The nearest ``costkit.yaml`` from here up to the root of the git repository."""
    directory = os.getcwd()
    while True:
        path = os.path.join(directory, DEFAULT)
        if os.path.isfile(path):
            return os.path.relpath(path)
        parent = os.path.dirname(directory)
        if os.path.exists(os.path.join(directory, ".git")) or parent == directory:
            hint = "name a file, or let costkit init write one"
            raise CostkitError([Problem("CK101", DEFAULT, "no spec here nor above, up to the git root", hint)])
        directory = parent
