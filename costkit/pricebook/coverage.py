"""What the tables prove: per meter which regions and dates, and every price row in full."""

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from costkit.model.price import OVERLAY
from costkit.pricebook.book import PriceBook, on_day

Row = dict[str, str]


def coverage(book: PriceBook, tables: Iterable[str]) -> Iterator[Row]:
    """One row a meter: how many regions and types have prices, and from and until when.

    Where a team's own tables lie over AWS's, ``own`` says how many of the prices are theirs.
    """
    for table in tables:
        meters: dict[str, list[Found]] = {}
        for found in _rows(book, table):
            meters.setdefault(found.meter, []).append(found)
        for meter, rows in meters.items():
            head = {"table": table, "meter": meter, "unit": rows[-1].unit}
            yield {**head, "regions": str(len({found.region for found in rows})), **_counted(book, rows)}


def coverage_by_region(book: PriceBook, tables: Iterable[str], region: str = "*") -> Iterator[Row]:
    """One row a table and region: how many meters, types and prices it has there, and from and until when."""
    for table in tables:
        regions: dict[str, list[Found]] = {}
        for found in _rows(book, table):
            if fnmatchcase(found.region, region):
                regions.setdefault(found.region, []).append(found)
        for where, rows in sorted(regions.items()):
            meters = str(len({found.meter for found in rows}))
            yield {"table": table, "region": where, "meters": meters, **_counted(book, rows)}


def _counted(book: PriceBook, rows: list["Found"]) -> Row:
    """What both kinds of coverage say of some rows."""
    own = sum(found.place.startswith(OVERLAY) for found in rows)
    return {
        "types": str(len({found.kind for found in rows if found.kind}) or ""),
        "prices": str(len(rows)),
        "effective": min(found.row[0] for found in rows),
        "last_seen": max(found.row[1] for found in rows),
        **({"own": str(own or "")} if book.overlays else {}),
    }


def price_rows(book: PriceBook, table: str, meter: str, region: str, on: str | None) -> Iterator[Row]:
    """One row a tier of every price whose meter and region match the patterns, and that holds on a day."""
    for name, unit, kind, where, row, place in _rows(book, table, on):
        full = f"{name}.{kind}" if kind else name
        if not (fnmatchcase(full, meter) or fnmatchcase(name, meter)) or not fnmatchcase(where, region):
            continue
        effective, confirmed, price, source, _, confidence, note = row
        tiers = [["0", price]] if not isinstance(price, list) else price
        for start, amount in tiers:
            yield {
                "meter": full,
                "region": where,
                "from": start,
                "price": amount if amount is not None else "unproven",
                "unit": unit,
                "effective": effective,
                "confirmed": confirmed,
                "confidence": confidence,
                "source": source,
                "row": place,
                "note": note,
            }


class Found(NamedTuple):
    """A row of a price, and the place it stands in."""

    meter: str
    unit: str
    kind: str
    region: str
    row: list[Any]
    place: str


def _rows(book: PriceBook, table: str, on: str | None = None) -> Iterator[Found]:
    for directory in book.directories:
        for name in files_of(directory, table):
            found = book.table(directory, name) or {"meters": {}}
            for meter, entry in found["meters"].items():
                for kind, regions in entry["rows"].items():
                    for region, rows in regions.items():
                        for row in rows if on is None else filter(None, [on_day(rows, on)]):
                            place = book.origin(directory, name, row[4])
                            yield Found(meter, entry["unit"], kind, region, row, place)


def files_of(directory: str, table: str) -> list[str]:
    """The files of a table, without ending: its own, and those of its folder."""
    names = [table] if os.path.isfile(os.path.join(directory, f"{table}.yaml")) else []
    for folder, _, files in sorted(os.walk(os.path.join(directory, table))):
        inner = os.path.relpath(folder, directory).replace(os.sep, "/")
        names += [f"{inner}/{file[:-5]}" for file in sorted(files) if file.endswith(".yaml")]
    return names
