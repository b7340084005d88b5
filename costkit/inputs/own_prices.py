"""The tables of a team's own that a spec names: laid over the shipped ones, row by row."""

import os
from collections.abc import Mapping

from costkit.inputs.documents import Document
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem

KEY = "prices"


def own_prices(document: Document) -> tuple[str, ...]:
    """The directories that a spec's ``prices`` names, seen from where the spec is.

    Raises CostkitError for one that is not there. What is no list of names is told by whoever reads the spec.
    """
    if document.tables is not None:
        return tuple(place for place, _ in document.tables)
    found = named_tables(document.tree, document.name)
    problems = [
        no_directory(document, name, "it is seen from the spec")
        for name, place in found.items()
        if not os.path.isdir(place)
    ]
    if problems:
        raise CostkitError(problems)
    return tuple(found.values())


def named_tables(tree: object, file: str) -> Mapping[str, str]:
    """The names under ``prices`` in the tree of a spec, each with its place as seen from the spec's file."""
    raw = tree.get(KEY) if isinstance(tree, dict) else None
    names = [name for name in (raw if isinstance(raw, list) else [raw]) if isinstance(name, str) and name.strip()]
    return {name: os.path.normpath(os.path.join(os.path.dirname(file), name)) for name in names}


def no_directory(document: Document, name: str, hint: str) -> Problem:
    """The problem of a name that leads nowhere."""
    path: Path = (KEY,)
    return Problem("CK101", document.where(path), f"no such directory of price tables: {name}", hint)


def same_tables(one: Document, other: Document) -> bool:
    """Whether two specs name the same directories, in the same order."""
    return _places(one) == _places(other)


def _places(document: Document) -> list[str]:
    if document.tables is not None:
        return [shown for _, shown in document.tables]
    return [os.path.abspath(place) for place in named_tables(document.tree, document.name).values()]
