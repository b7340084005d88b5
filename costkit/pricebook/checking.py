"""Checks a whole directory of tables: each by itself, and its sources against the list of sources."""

import datetime
import os
from typing import Any, NamedTuple

from costkit.model.place import Lines
from costkit.model.problem import Problem
from costkit.pricebook import schema
from costkit.pricebook.coverage import files_of
from costkit.yaml_exact import read

SOURCES = "sources"


class Checked(NamedTuple):
    """What was found: every problem, how much was checked, and when each table was last seen."""

    problems: tuple[Problem, ...]
    tables: int
    rows: int
    last_seen: dict[str, str]


def check_directory(directory: str) -> Checked:
    """Check every YAML file below a directory."""
    problems: list[Problem] = []
    tables = rows = 0
    last_seen: dict[str, str] = {}
    path = os.path.join(directory, f"{SOURCES}.yaml")
    sources: set[str] | None = None
    if os.path.isfile(path):
        tree, lines, found = _read(path)
        problems += found or schema.check_sources(tree, lines, path)
        sources = set(tree or ())
    names = sorted(
        {name for entry in os.listdir(directory) for name in files_of(directory, entry.removesuffix(".yaml"))}
    )
    for name in names:
        if name == SOURCES:
            continue
        path = os.path.join(directory, *name.split("/")) + ".yaml"
        tree, lines, found = _read(path)
        found = found or schema.check(tree, lines, path)
        if not found:
            dated = list(_dated_rows(tree))
            rows += len(dated)
            last_seen[name] = max((row["confirmed"] for _, row in dated), default="")
            found = _unknown_sources(dated, lines, path, sources)
        problems += found
        tables += 1
    return Checked(tuple(problems), tables, rows, last_seen)


def stale_tables(checked: Checked, on: str, max_age: int) -> list[Problem]:
    """The tables that nobody has compared with AWS for longer than ``max_age`` days before an ISO day."""
    last_day = (datetime.date.fromisoformat(on) - datetime.timedelta(days=max_age)).isoformat()
    return [
        Problem("CK203", name, f"last seen {seen}, more than {max_age} days before {on}", "", "warning")
        for name, seen in checked.last_seen.items()
        if seen and seen < last_day
    ]


def _read(path: str) -> tuple[Any, Lines, list[Problem]]:
    with open(path, encoding="utf-8") as file:
        return read(file.read(), path)


def _dated_rows(tree: dict[str, Any]) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    return [
        ((section, name, "rows", index), row)
        for section in ("meters", "facts", "allowances")
        for name, entry in (tree.get(section) or {}).items()
        for index, row in enumerate(entry["rows"])
    ]


def _unknown_sources(
    dated: list[tuple[tuple[str | int, ...], dict[str, Any]]], lines: Lines, path: str, sources: set[str] | None
) -> list[Problem]:
    if sources is None:
        return []
    return [
        Problem("CK206", f"{path}:{lines[place]}", f"unknown source: {key}", f"describe it in {SOURCES}.yaml")
        for place, row in dated
        for key in row["source"].split(";")
        if key not in sources
    ]
