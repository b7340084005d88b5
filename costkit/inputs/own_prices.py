"""The tables of a team's own that a spec names: laid over the shipped ones, row by row."""

import os

from costkit.inputs.documents import Document
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem

KEY = "prices"


def own_prices(document: Document) -> tuple[str, ...]:
    """The directories that a spec's ``prices`` names, seen from where the spec is.

    Raises CostkitError for one that is not there. What is no list of names is told by whoever reads the spec.
    """
    raw = document.tree.get(KEY) if isinstance(document.tree, dict) else None
    names = [name for name in (raw if isinstance(raw, list) else [raw]) if isinstance(name, str) and name.strip()]
    # A file at a git reference is called main:infra/costkit.yaml; its tables are those of the work tree.
    file = document.name if os.path.exists(document.name) else document.name.rpartition(":")[2]
    found = tuple(os.path.normpath(os.path.join(os.path.dirname(file), name)) for name in names)
    path: Path = (KEY,)
    problems = [
        Problem("CK101", document.where(path), f"no such directory of price tables: {name}", "it is seen from the spec")
        for name, place in zip(names, found, strict=True)
        if not os.path.isdir(place)
    ]
    if problems:
        raise CostkitError(problems)
    return found
