"""``costkit prices diff``: two states of the prices side by side, the largest change first."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from costkit.cli.options import price_book, refuse_empty, to_day, today
from costkit.cli.output import tell, width_of, write
from costkit.cli.price_questions import refuse_unknown, wanted
from costkit.cli.prices import FORMAT, FORMATS, OUTPUT, OVERLAYS
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.pricebook.book import PriceBook
    from costkit.pricebook.comparing import Change, Key, Tiers
    from costkit.pricebook.refresh.gathering import Gathered

# What a set of tables has that stands for itself, and a team's own does not.
WHOLE = "regions.yaml"


class Side(NamedTuple):
    """One of the two states: prices and their units, or what offer files state.

    ``days`` says since when each price holds, ``own`` which come from tables that ``--prices`` lays over AWS's.
    """

    prices: "dict[Key, Tiers]"
    units: "dict[Key, str]"
    days: "dict[Key, str]"
    own: "frozenset[Key]" = frozenset()
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
    from costkit.pricebook.comparing import differences
    from costkit.reports import as_rows
    from costkit.reports.as_markdown import escaped
    from costkit.reports.price_changes import CHANGE_COLUMNS, FOR_PEOPLE, change_rows, used_days
    from costkit.reports.wording import dated_notes, leading

    book = price_book(prices)
    refuse_unknown(book, tables, region)
    before, after = (_side(book, place, on or today(), tables) for place in (old, new))
    mine, theirs = (
        {key: one for key, one in side.items() if wanted(key[3], region)} for side in _beside(before, after)
    )
    changes = differences(mine, theirs)
    units = {**after.units, **before.units}
    days = used_days([*(before.days.get(key) for key in mine), *(after.days.get(key) for key in theirs)])

    def render(form: str, on_screen: bool) -> Iterator[str]:
        rows = list(change_rows(changes, lambda change: units.get(change.key, ""), form))
        if prices:
            rows = [{**row, "own": own} for row, own in zip(rows, _own(changes, before, after), strict=True)]
        columns = (*CHANGE_COLUMNS, "own") if prices else CHANGE_COLUMNS
        oldest, newest = days or (None, None)
        facts = {"prices": {"oldest": oldest, "newest": newest}}
        yield from as_rows.render(form, rows, columns, facts, width_of(on_screen))
        if form in FOR_PEOPLE:
            yield "" if rows else "no price differs\n"
            for note in dated_notes(days, (), f"{len(mine)} prices of {old} and {len(theirs)} of {new}"):
                yield f"\n{escaped(note)}\n" if form == "markdown" else f"{leading(note)}\n"

    write(render, chosen, outputs, FORMATS)


def _own(changes: "list[Change]", before: Side, after: Side) -> Iterator[str]:
    """For each row of the changes, which side's price is of a team's own tables."""
    from costkit.pricebook.comparing import steps

    for change in changes:
        sides = [word for word, side in (("old", before), ("new", after)) if change.key in side.own]
        for _, old, new in steps(change.old, change.new):
            if old != new:
                yield " and ".join(sides)


def _side(shipped: "PriceBook", place: str, on: str, tables: tuple[str, ...]) -> Side:
    """What a day, a directory or an offer file says."""
    from costkit.pricebook.book import PriceBook
    from costkit.pricebook.comparing import prices_on

    if os.path.isdir(place):
        refuse_empty(place)
        alone = os.path.isfile(os.path.join(place, WHOLE))
        book = PriceBook((place,), shipped.cache_directory)
        found = prices_on(book, (place,) if alone else book.directories, on, tables)
    elif os.path.isfile(place):
        return _offered(shipped, place, tables)
    else:
        found = prices_on(shipped, shipped.directories, _day(place), tables)
    return Side(
        {key: one.tiers for key, one in found.items()},
        {key: one.unit for key, one in found.items()},
        {key: one.effective for key, one in found.items()},
        frozenset(key for key, one in found.items() if one.directory in shipped.overlays),
    )


def _day(place: str) -> str:
    import datetime

    try:
        return datetime.date.fromisoformat(place).isoformat()
    except ValueError:
        hint = "write a day such as 2026-10-01, a directory of tables, or an offer file"
        raise CostkitError([Problem("CK101", place, "no such day, directory or file", hint)]) from None


def _offered(book: "PriceBook", path: str, tables: tuple[str, ...]) -> Side:
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
    days = {key: one.effective for key, one in run.gathered.stated.items()}
    return Side(stated, units, days, gathered=run.gathered)


def _beside(old: Side, new: Side) -> "tuple[dict[Key, Tiers], dict[Key, Tiers]]":
    """Both states, as far as both speak of the same."""
    from costkit.pricebook.refresh.against import beside

    if new.gathered is not None:
        return beside(new.gathered, old.prices)
    if old.gathered is not None:
        mine, theirs = beside(old.gathered, new.prices)
        return theirs, mine
    return old.prices, new.prices
