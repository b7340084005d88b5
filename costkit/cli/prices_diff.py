"""``costkit prices diff``: two states of the prices side by side, the largest change first."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from costkit.cli.options import price_book, to_day, today
from costkit.cli.output import tell, write
from costkit.cli.prices import FORMAT, FORMATS, OUTPUT, OVERLAYS
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.pricebook.comparing import Key, Tiers
    from costkit.pricebook.refresh.gathering import Gathered

# What a set of tables has that stands for itself, and a team's own does not.
WHOLE = "regions.yaml"


class Side(NamedTuple):
    """One of the two states: prices and their units, or what offer files state."""

    prices: "dict[Key, Tiers]"
    units: "dict[Key, str]"
    gathered: "Gathered | None" = None


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--table", "tables", multiple=True, help="Only this table; repeatable.")
@click.option("--region", default="*", help="Only this region, or a pattern such as eu-*.")
@click.option("--on", metavar="DATE", callback=to_day, help="The day whose prices of a directory.  [default: today]")
@OVERLAYS
@FORMAT
@OUTPUT
def command(
    old: str,
    new: str,
    tables: tuple[str, ...],
    region: str,
    on: str | None,
    prices: tuple[str, ...],
    chosen: str | None,
    outputs: tuple[str, ...],
) -> None:
    """Show what differs between OLD and NEW: days such as 2026-10-01, directories of tables, or offer files.

    A directory without a regions.yaml is laid over the shipped tables. Of an offer file only what the rules
    know is compared. New and ended prices stand behind the changed ones, which are sorted by size.
    """
    from fnmatch import fnmatchcase

    from costkit.pricebook.comparing import differences
    from costkit.reports import as_rows
    from costkit.reports.price_changes import CHANGE_COLUMNS, FOR_PEOPLE, change_rows

    before, after = (_side(place, on or today(), prices, tables) for place in (old, new))
    mine, theirs = _beside(before, after)
    units = {**after.units, **before.units}
    changes = [change for change in differences(mine, theirs) if fnmatchcase(change.key[3], region)]

    def render(form: str, _: bool) -> Iterator[str]:
        rows = list(change_rows(changes, lambda change: units.get(change.key, ""), form))
        yield from as_rows.render(form, rows, CHANGE_COLUMNS)
        if not rows and form in FOR_PEOPLE:
            yield "no price differs\n"

    write(render, chosen, outputs, FORMATS)


def _side(place: str, on: str, overlays: tuple[str, ...], tables: tuple[str, ...]) -> Side:
    """What a day, a directory or an offer file says."""
    from costkit.pricebook.book import PriceBook
    from costkit.pricebook.comparing import prices_on

    shipped = price_book(overlays)
    if os.path.isdir(place):
        alone = os.path.isfile(os.path.join(place, WHOLE))
        book = PriceBook((place,), shipped.cache_directory)
        found = prices_on(book, (place,) if alone else book.directories, on, tables)
    elif os.path.isfile(place):
        return _offered(shipped, place, tables)
    else:
        found = prices_on(shipped, shipped.directories, _day(place), tables)
    units = {key: unit for key, (unit, _) in found.items()}
    return Side({key: tiers for key, (_, tiers) in found.items()}, units)


def _day(place: str) -> str:
    import datetime

    try:
        return datetime.date.fromisoformat(place).isoformat()
    except ValueError:
        hint = "write a day such as 2026-10-01, a directory of tables, or an offer file"
        raise CostkitError([Problem("CK101", place, "no such day, directory or file", hint)]) from None


def _offered(book: Any, path: str, tables: tuple[str, ...]) -> Side:
    from costkit.pricebook.refresh.rules import all_rules
    from costkit.pricebook.refresh.running import Run, Wish

    run = Run(book, all_rules(book.shipped), Wish(tables, ()), lambda text: None)
    run.files([path])
    if run.problems:
        raise CostkitError(run.problems)
    if rows := sum(one.rows for one in run.gathered.unknown):
        tell(f"{rows} rows of {os.path.basename(path)} were not taken; costkit prices refresh --dry-run lists them")
    stated = {key: one.tiers for key, one in run.gathered.stated.items()}
    units = {key: book.unit_and_title(key[0], key[1], key[3])[0] for key in stated}
    return Side(stated, units, run.gathered)


def _beside(old: Side, new: Side) -> "tuple[dict[Key, Tiers], dict[Key, Tiers]]":
    """Both states, as far as both speak of the same."""
    from costkit.pricebook.refresh.against import beside

    if new.gathered is not None:
        return beside(new.gathered, old.prices)
    if old.gathered is not None:
        mine, theirs = beside(old.gathered, new.prices)
        return theirs, mine
    return old.prices, new.prices
