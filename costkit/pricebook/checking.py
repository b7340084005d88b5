"""Checks a whole directory of tables: each by itself, and its sources against the list of sources."""

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from costkit.model.day import days_before
from costkit.model.place import Lines, Path
from costkit.model.problem import CostkitError, Problem
from costkit.pricebook import schema
from costkit.pricebook.book import PriceBook
from costkit.pricebook.coverage import files_of
from costkit.pricebook.overlay import beside_shipped
from costkit.pricebook.shipped import RULES, ShippedTables, is_table, strays
from costkit.yaml_exact import read

SOURCES = "sources"


class Checked(NamedTuple):
    """What was found: every problem, how much was checked, and when each table's present prices were last seen."""

    problems: tuple[Problem, ...]
    tables: int
    rows: int
    last_seen: dict[str, list[str]]


def check_directory(directory: str) -> Checked:
    """Check every YAML file below a directory."""
    problems = _wrong_rules(directory)
    tables = rows = 0
    last_seen: dict[str, list[str]] = {}
    path = os.path.join(directory, f"{SOURCES}.yaml")
    sources: set[str] | None = None
    if os.path.isfile(path):
        tree, lines, found = _read(path)
        problems += found or schema.check_sources(tree, lines, path)
        sources = set(tree) if isinstance(tree, dict) else set()
    book = PriceBook()
    regions, measure = book.regions(), _measure(book, directory)
    if measure is not None:
        problems += strays(directory, book.shipped)
    known = {file.removesuffix(".yaml") for file in os.listdir(book.shipped)}
    names = sorted(
        {name for entry in os.listdir(directory) for name in files_of(directory, entry.removesuffix(".yaml"))}
    )
    for name in names:
        path = os.path.join(directory, *name.split("/")) + ".yaml"
        table = name.partition("/")[0]
        if name == SOURCES or table == RULES or (table not in known and not is_table(path)):
            continue  # beside the tables there may be a spec
        tree, lines, found = _read(path)
        found = found or schema.check(tree, lines, path, table, regions)
        if measure is not None and not found and not name.endswith("/specs"):
            found = beside_shipped(tree, lines, path, table, measure)
        dated = list(_dated_rows(tree))
        rows += len(dated)
        last_seen[name] = _last_seen(dated)
        problems += found + _unknown_sources(dated, lines, path, sources)
        tables += 1
    return Checked(tuple(problems), tables, rows, last_seen)


def _measure(book: PriceBook, directory: str) -> ShippedTables | None:
    """What the tables of a team's own are held against; the shipped ones are held against nothing."""
    if os.path.realpath(directory) == os.path.realpath(book.shipped):
        return None
    try:
        return ShippedTables(PriceBook((directory,)))
    except CostkitError:
        # What is called as no table is, is told with all the rest.
        return ShippedTables(book)


def stale_tables(checked: Checked, on: str, max_age: int) -> list[Problem]:
    """The tables with prices that nobody has compared with AWS for longer than ``max_age`` days before an ISO day."""
    last_day = days_before(on, max_age)
    problems = []
    for name, days in checked.last_seen.items():
        if stale := [day for day in days if day < last_day]:
            many = f"{len(stale)} of {len(days)} prices last seen more than {max_age} days before {on}"
            message = f"{many}, the oldest on {min(stale)}"
            problems.append(Problem("CK203", name, message, "costkit prices refresh --confirm", "warning"))
    return problems


def _last_seen(dated: list[tuple[Path, dict[str, Any]]]) -> list[str]:
    """The day on which each present price was last seen: that of its newest row, unless the row ends it."""
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for (section, name, *_), row in dated:
        if section == "meters":
            newest[(name, str(row.get("type")), str(row.get("region")))] = row
    present = (row for row in newest.values() if "tiers" in row or row.get("price") is not None)
    return [str(row.get("confirmed", "")) for row in present]


def _wrong_rules(directory: str) -> list[Problem]:
    """What is wrong with the rules of the price list, where a directory has some."""
    if not os.path.isdir(os.path.join(directory, RULES)):
        return []
    # Imported here: only the shipped tables have rules.
    from costkit.pricebook.refresh.rules import all_rules

    try:
        all_rules(directory)
    except CostkitError as error:
        return list(error.problems)
    return []


def _read(path: str) -> tuple[Any, Lines, list[Problem]]:
    with open(path, "rb") as file:
        content = file.read()
    try:
        return read(content.decode("utf-8"), path)
    except UnicodeDecodeError:
        return None, {}, [Problem("CK206", path, "this is not a text in UTF-8")]


def _dated_rows(tree: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    for section in ("meters", "facts", "allowances"):
        entries = tree.get(section) if isinstance(tree, dict) else None
        for name, entry in schema.mappings(entries).items():
            for index, row in schema.rows_of(entry):
                yield (section, name, "rows", index), row


def _unknown_sources(
    dated: list[tuple[Path, dict[str, Any]]], lines: Lines, path: str, sources: set[str] | None
) -> list[Problem]:
    if sources is None:
        return []
    return [
        Problem("CK206", f"{path}:{lines[place]}", f"unknown source: {key}", f"describe it in {SOURCES}.yaml")
        for place, row in dated
        for key in str(row.get("source", "")).split(";")
        if key and key not in sources
    ]
