"""What a refresh would change in the tables, and which of it nobody should write without a second look."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.model.day import days_after
from costkit.pricebook.book import PriceBook
from costkit.pricebook.comparing import Change, Tiers, by_size, largest, tiers_of
from costkit.pricebook.refresh.against import states
from costkit.pricebook.refresh.gathering import Gathered, Key, Stated


class Row(NamedTuple):
    """The newest row of a price: in which directory, and what it says."""

    directory: str
    effective: str
    confirmed: str
    tiers: Tiers | None
    confidence: str
    kind: str


class Plan(NamedTuple):
    """A row to append: a price from ``effective`` on, seen on ``confirmed``; ``grave`` says why to ask first."""

    change: Change
    effective: str
    confirmed: str
    source: str
    note: str
    grave: str


class Judged(NamedTuple):
    """What a run found: rows to append, prices that stay (with the day they were seen), and rows not taken.

    ``late`` are prices of a publication that the tables are newer than: key, their own day, the publication's.
    Of ``unnoted`` prices that stay, the tables have an earlier day on which they were last seen.
    """

    plans: tuple[Plan, ...]
    same: dict[Key, Stated]
    late: tuple[tuple[Key, str, str], ...]
    unnoted: int

    @property
    def grave(self) -> list[Plan]:
        """What must be accepted by name."""
        return [plan for plan in self.plans if plan.grave]


def judge(book: PriceBook, gathered: Gathered, most_change: Decimal) -> Judged:
    """Compare what was gathered with the newest rows of the tables; more than ``most_change`` percent is grave."""
    plans: list[Plan] = []
    same: dict[Key, Stated] = {}
    late: list[tuple[Key, str, str]] = []
    unnoted = 0
    for key, stated in gathered.stated.items():
        row = newest(book, key)
        if row is not None and states(stated, row.tiers):
            same[key] = stated
            unnoted += row.kind == key[2] and row.confirmed < stated.publication.published
        elif row is not None and stated.publication.published <= row.confirmed:
            late.append((key, row.confirmed, stated.publication.published))
        else:
            plans.append(_plan(key, row, stated, most_change))
    plans += _ended(book, gathered)
    order = {change.key: place for place, change in enumerate(by_size(plan.change for plan in plans))}
    return Judged(tuple(sorted(plans, key=lambda plan: order[plan.change.key])), same, tuple(late), unnoted)


def newest(book: PriceBook, key: Key) -> Row | None:
    """The last row of a price, of the first directory that has one; a row without a type holds for every type."""
    table, meter, kind, region = key
    for directory in book.directories:
        entry = book.entry(directory, table, meter, region)
        rows = entry["rows"] if entry else {}
        for own in (kind, ""):
            found: list[list[Any]] = rows.get(own, {}).get(region, [])
            if found:
                effective, confirmed, price, _, _, confidence, _ = found[-1]
                return Row(directory, effective, confirmed, tiers_of(price), confidence, own)
    return None


def _plan(key: Key, row: Row | None, stated: Stated, most_change: Decimal) -> Plan:
    published = stated.publication.published
    old = row.tiers if row else None
    change = Change(key, old, stated.tiers, largest(old, stated.tiers))
    grave = ""
    if change.percent is not None and abs(change.percent) > most_change:
        grave = "more than the limit"
    effective, note = stated.effective, stated.note
    if row is not None and effective <= row.confirmed:
        # The old price was still seen on that day, and estimates of it must stay as they were.
        effective = days_after(row.confirmed, 1)
        note = "; ".join(filter(None, (note, f"AWS dates it {stated.effective}")))
    return Plan(change, effective, published, stated.publication.source, note, grave)


def _ended(book: PriceBook, gathered: Gathered) -> Iterator[Plan]:
    """Prices of the tables that the lists should state and do not."""
    alive = {(table, meter, region) for table, meter, _, region in (*gathered.stated, *gathered.doubted)}
    live_meters = {(table, meter) for table, meter, _ in alive}
    by_offer = {publication.offer: publication for publication in gathered.publications.values()}
    for table, meter, region in sorted(gathered.covered):
        for kind in sorted(_kinds(book, table, meter, region)):
            key = (table, meter, kind, region)
            if key in gathered.stated or key in gathered.doubted:
                continue
            if not kind and (table, meter) in gathered.typed:
                continue  # it holds for the types that have no row of their own
            row = newest(book, key)
            publication = by_offer[gathered.offer_of[(table, meter)]]
            if row is None or row.tiers is None or publication.published <= row.confirmed:
                continue
            grave = ""
            if (table, meter) not in live_meters:
                grave = "the whole meter has ended"
            elif (table, meter, region) not in alive:
                grave = "the region has ended"
            change = Change(key, row.tiers, None, None)
            day = publication.published
            yield Plan(change, day, day, publication.source, "no longer in AWS's list", grave)


def _kinds(book: PriceBook, table: str, meter: str, region: str) -> set[str]:
    entries = (book.entry(directory, table, meter, region) for directory in book.directories)
    return {kind for entry in entries if entry for kind, regions in entry["rows"].items() if region in regions}
