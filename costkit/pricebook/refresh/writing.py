"""Writes what a refresh found into the tables of a directory: whole files, each in one step, sources first."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.book import PriceBook
from costkit.pricebook.coverage import files_of
from costkit.pricebook.refresh.appending import About, Confirmed, NewRow, appended, quoted
from costkit.pricebook.refresh.gathering import Key, Stated
from costkit.pricebook.refresh.judging import Judged, newest
from costkit.pricebook.refresh.offer import Publication

# AWS's own list is what all other sources are measured by.
PROVEN = "A"
SOURCES = "sources.yaml"
KEY = re.compile(r"^([A-Za-z0-9][\w.-]*):")
Save = Callable[[str, Iterable[str]], None]


class Written(NamedTuple):
    """A file's text before (empty if it is new) and after."""

    path: str
    before: str
    after: str


def texts(
    book: PriceBook, directory: str, judged: Judged, publications: Mapping[str, Publication], confirm: bool
) -> list[Written]:
    """The files of a directory as they would be with the new rows, and with ``confirm`` the new days of old ones."""
    rows: dict[str, list[NewRow]] = {}
    seen: dict[str, list[Confirmed]] = {}
    owners: dict[str, tuple[str, str]] = {}
    for key, row in _new_rows(judged):
        name = _place(directory, book, key)
        owners[name] = (key[0], key[3])
        rows.setdefault(name, []).append(row)
    for key, stated in judged.same.items() if confirm else ():
        name = _place(directory, book, key)
        owners[name] = (key[0], key[3])
        again = _seen_again(book, directory, key, stated)
        if isinstance(again, NewRow):
            rows.setdefault(name, []).append(again)
        elif again is not None:
            seen.setdefault(name, []).append(again)
    changed = [
        _table(book, directory, name, owners[name], rows.get(name, []), seen.get(name, []))
        for name in sorted({*rows, *seen})
    ]
    used = {row.source for many in rows.values() for row in many}
    named = [publications[key] for key in sorted(used)]
    return [*_sources(book, directory, named), *changed]


def write(files: Iterable[Written], save: Save) -> int:
    """Put the texts in their places, unless somebody else changed a file meanwhile; returns how many."""
    changed = [file for file in files if file.after != file.before]
    for file in changed:
        if _text(file.path) != file.before:
            message = "somebody else changed the table meanwhile; nothing more was written"
            raise CostkitError([Problem("CK215", file.path, message, "run it again")])
        try:
            os.makedirs(os.path.dirname(file.path), exist_ok=True)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise CostkitError([Problem("CK116", file.path, message, "name another directory with --into")]) from None
        save(file.path, [file.after])
    return len(changed)


def _new_rows(judged: Judged) -> Iterator[tuple[Key, NewRow]]:
    for plan in judged.plans:
        _, meter, kind, region = key = plan.change.key
        dates = (plan.effective, plan.confirmed)
        yield key, NewRow(meter, kind, region, *dates, plan.change.new, plan.source, plan.note)


def _seen_again(book: PriceBook, directory: str, key: Key, stated: Stated) -> NewRow | Confirmed | None:
    """What to write for a price that AWS still states, if the day is news.

    A row that somebody else vouched for, or that stands in another directory, gets a successor.
    """
    row = newest(book, key)
    _, meter, kind, region = key
    published = stated.publication.published
    if row is None or row.kind != kind or published <= row.confirmed:
        return None
    if row.directory == directory and row.confidence == PROVEN:
        return Confirmed(meter, kind, region, published)
    return NewRow(meter, kind, region, published, published, row.tiers, stated.publication.source)


def _place(directory: str, book: PriceBook, key: Key) -> str:
    """The file that a price stands in: laid out as the shipped table is, unless the meter stands elsewhere here."""
    table, meter, _, region = key
    own = book.entry(directory, table, meter, region) is not None
    return book.file(directory if own else book.shipped, table, meter, region)


def _table(
    book: PriceBook,
    directory: str,
    name: str,
    owner: tuple[str, str],
    rows: list[NewRow],
    seen: list[Confirmed],
) -> Written:
    path = os.path.join(directory, *name.split("/")) + ".yaml"
    before = _text(path)
    start = before or _header(book, name, *owner)
    about = {row.meter: _about(book, owner[0], row.meter, row.region) for row in rows}
    return Written(path, before, appended(start, path, rows, seen, about))


def _about(book: PriceBook, table: str, meter: str, region: str) -> About:
    """How the book describes a meter: in the region, or where else it has a price."""
    for directory in book.directories:
        entry = book.entry(directory, table, meter, region)
        if entry is None:
            names = files_of(directory, table)
            tables = (book.table(directory, name) for name in names if _family(name) in ("", meter.partition(".")[0]))
            entry = next((found["meters"][meter] for found in tables if found and meter in found["meters"]), None)
        if entry is not None:
            return About(entry["unit"], entry["title"], entry["pooled"])
    raise KeyError(f"{table} has no meter {meter}")


def _family(name: str) -> str:
    """The folder of a big table's file."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 else ""


def _header(book: PriceBook, name: str, table: str, region: str) -> str:
    """The first lines of a new file, with the comment that its shipped siblings have."""
    own = f"region: {region}\n" if "/" in name else ""
    folder = os.path.join(book.shipped, os.path.dirname(name)) if "/" in name else book.shipped
    shipped = sorted(os.listdir(folder)) if "/" in name and os.path.isdir(folder) else [f"{table}.yaml"]
    first = _text(os.path.join(folder, shipped[0])).partition("\n")[0]
    comment = first.replace(shipped[0].removesuffix(".yaml"), region) if own else first
    return f"{comment}\ntable: {table}\ncurrency: USD\n{own}"


def _sources(book: PriceBook, directory: str, publications: list[Publication]) -> list[Written]:
    if not publications:
        return []
    path = os.path.join(directory, SOURCES)
    before = _text(path)
    lines = (before or _first_sources(book, directory)).split("\n")
    for publication in publications:
        key = publication.source
        keys = [found[1] if (found := KEY.match(line)) else "" for line in lines]
        if key in keys:
            continue
        title = f"AWS Price List, {publication.offer}, version {publication.version}".removesuffix(", version ")
        where, date = quoted(publication.place), publication.published
        line = f"{key}: {{title: {quoted(title)}, where: {where}, date: {quoted(date)}}}"
        later = [place for place, other in enumerate(keys) if other > key]
        lines.insert(later[0] if later else len(lines) - 1, line)
    return [Written(path, before, "\n".join(lines))]


def _first_sources(book: PriceBook, directory: str) -> str:
    """A list of sources where there was none: what somebody wrote by hand has sources that only they can describe."""
    used: set[str] = set()
    for name in (name for table in book.table_names() for name in files_of(directory, table)):
        found = book.table(directory, name) or {"meters": {}}
        for meter in found["meters"].values():
            rows = (row for regions in meter["rows"].values() for rows in regions.values() for row in rows)
            used.update(key for row in rows for key in row[3].split(";"))
    lines = [f'{key}: {{title: "not described yet"}}\n' for key in sorted(used) if KEY.match(f"{key}:")]
    return "".join(["# Who says so: every source key of the price tables.\n", *lines])


def _text(path: str) -> str:
    """What a file holds, with its own line ends; empty if there is none."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "this is not a text in UTF-8"
        raise CostkitError([Problem("CK101", path, f"cannot be read: {reason}")]) from None
