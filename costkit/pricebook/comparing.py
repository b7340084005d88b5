"""Two states of the prices side by side: what changed, by how much, the largest change first."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.model.exact import ZERO, quotient
from costkit.model.price import Tier
from costkit.pricebook.book import PriceBook, on_day
from costkit.pricebook.coverage import files_of

HUNDRED = Decimal(100)
# Table, meter, type, region.
Key = tuple[str, str, str, str]
Tiers = tuple[Tier, ...]


class Change(NamedTuple):
    """A price that differs between two states. None for ``old`` or ``new``: not proven in that state.

    ``percent`` is the largest change of a tier's price, None where there is nothing to compare.
    """

    key: Key
    old: Tiers | None
    new: Tiers | None
    percent: Decimal | None

    @property
    def kind(self) -> str:
        """Whether the price is ``new``, has ``ended`` or ``changed``."""
        return "new" if self.old is None else "ended" if self.new is None else "changed"


def tiers_of(price: Any) -> Tiers | None:
    """The tiers of a row's price in a compact table; None for a price that has ended."""
    if price is None:
        return None
    steps = price if isinstance(price, list) else [["0", price]]
    return tuple(Tier(Decimal(start), None if step is None else Decimal(step)) for start, step in steps)


class InForce(NamedTuple):
    """A price on a day: its unit, its tiers, since when it holds, and which directory of tables it comes from."""

    unit: str
    tiers: Tiers
    effective: str
    directory: str


def prices_on(book: PriceBook, directories: Iterable[str], on: str, tables: Iterable[str] = ()) -> dict[Key, InForce]:
    """Every price in force on an ISO day; the first of the directories that has one counts.

    ``tables`` names the tables to read; all of them if none is named.
    """
    found: dict[Key, InForce] = {}
    names = list(tables) or book.table_names()
    for directory in directories:
        for table in names:
            for name in files_of(directory, table):
                for meter, entry in (book.table(directory, name) or {"meters": {}})["meters"].items():
                    for kind, regions in entry["rows"].items():
                        for region, rows in regions.items():
                            row = on_day(rows, on)
                            tiers = tiers_of(row[2]) if row else None
                            if row and tiers is not None:
                                price = InForce(entry["unit"], tiers, row[0], directory)
                                found.setdefault((table, meter, kind, region), price)
    return found


def differences(old: Mapping[Key, Tiers], new: Mapping[Key, Tiers]) -> list[Change]:
    """What differs between two states, sorted by size: new and ended prices behind the changed ones."""
    changes = []
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        if before != after:
            changes.append(Change(key, before, after, largest(before, after)))
    return by_size(changes)


def by_size(changes: Iterable[Change]) -> list[Change]:
    """The largest change first, then by place."""

    def place(change: Change) -> tuple[bool, Decimal, str, Key]:
        missing = change.percent is None
        return missing, -abs(change.percent or ZERO), change.kind, change.key

    return sorted(changes, key=place)


def steps(old: Tiers | None, new: Tiers | None) -> Iterator[tuple[Decimal, Decimal | None, Decimal | None]]:
    """The old and the new price from each quantity on at which either of them has a tier."""
    for start in sorted({tier.start for tier in (*(old or ()), *(new or ()))}):
        yield start, price_at(old, start), price_at(new, start)


def price_at(tiers: Tiers | None, quantity: Decimal) -> Decimal | None:
    """The price of the tier that begins at or before a quantity."""
    reached = [tier for tier in tiers or () if tier.start <= quantity]
    return reached[-1].price if reached else None


def percent(old: Decimal | None, new: Decimal | None) -> Decimal | None:
    """The change in percent, exact to twenty decimals; None where one of them is unknown or the old one is 0."""
    return quotient((new - old) * HUNDRED, old) if old and new is not None else None


def largest(old: Tiers | None, new: Tiers | None) -> Decimal | None:
    """The largest change of a tier's price in percent, with its sign."""
    found = [percent(before, after) for _, before, after in steps(old, new)] if old and new else []
    return max((one for one in found if one is not None), key=abs, default=None)
