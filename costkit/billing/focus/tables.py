"""What is known of FOCUS beside the code: its columns, and AWS's services, units and regions in its words."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from costkit.billing.accounting import text

NUMBER, TIME, OBJECT, TEXT = "number", "time", "object", "text"


class Column(NamedTuple):
    """A column of FOCUS. ``kind`` is number, time, object (a flat JSON object) or text.

    ``needed`` columns may not be null; ``values`` are all that one may say, if it may not say anything.
    """

    name: str
    kind: str
    since: str
    needed: bool
    values: tuple[str, ...]


def columns(version: str) -> tuple[Column, ...]:
    """The columns of a version of FOCUS in their order."""
    found = (
        Column(name, entry["is"], entry["since"], bool(entry.get("needed")), tuple(entry.get("values", ())))
        for name, entry in _tree("columns").items()
    )
    return tuple(column for column in found if column.since <= version)


def services() -> Mapping[str, Mapping[str, str]]:
    """Name, category and subcategory of AWS's services by product code."""
    tree: Mapping[str, Mapping[str, str]] = _tree("services")
    return tree


def units() -> Mapping[str, str]:
    """How FOCUS writes a unit, by how others write it, in lower case."""
    tree: Mapping[str, str] = _tree("units")
    return tree


def chosen_sql(value: str, among: Mapping[str, str], otherwise: str) -> str:
    """What a text stands for, as an expression: no join, so that rows stay in their order and are never held."""
    branches = " ".join(f"WHEN {text(written)} THEN {text(meant)}" for written, meant in among.items())
    return f"CASE {value} {branches} ELSE {otherwise} END"


@cache
def _tree(name: str) -> Any:
    """The table of a file beside this one, which has one of the same name in it."""
    from costkit.yaml_exact import read_own

    return read_own(__file__, name)[name]
