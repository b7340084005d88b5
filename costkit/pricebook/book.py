"""The price book: asks the tables by meter, region and day; an absent price is None, never a neighbour's."""

import copy
import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from costkit.model.exact import ZERO
from costkit.model.price import OVERLAY, Allowance, Fact, Price, Prices, Tier
from costkit.model.problem import CostkitError, Problem
from costkit.pricebook import cache

CURRENCY = "USD"
NO_TABLES = ("sources", "compiled", "offers", "README.md")
NO_PRICES = ("regions.yaml", "sources.yaml")
# What a place may have beside letters and digits; a space would end it, and markup has no business there.
PLAIN = "/\\._-~+:"
Row = list[Any]


def shipped_directory() -> str:
    """Where the tables are: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    installed = os.path.join(package, "pricing")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "pricing")


class PriceBook:
    """Prices, facts, allowances and specs, read table by table when first asked for.

    ``overlays`` are directories of tables in the same format that are asked first, row by row: a
    team's negotiated rates. ``cache_directory`` may hold compiled copies; without it only those that
    ship with the package are used. ``names`` is what to call a directory, where that is not its path.
    Raises CostkitError for a table that is not valid.
    """

    def __init__(self, overlays: Sequence[str] = (), cache_directory: str = "", names: Mapping[str, str] = {}) -> None:
        self.names = names
        self.shipped = shipped_directory()
        self.overlays = tuple(overlays)
        self.directories = (*overlays, self.shipped)
        trusted = cache_directory and cache.private(cache_directory)
        self.cache_directory = cache_directory if trusted else ""
        if overlays:
            self._refuse_strays()
        self.seen: Prices = {}
        self._tables: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._prices: dict[tuple[str, ...], Price | None] = {}
        self._folders: dict[tuple[str, str, str], bool] = {}
        self._specs: dict[str, dict[str, Any]] = {}
        self._facts: dict[tuple[str, str, str], Fact] = {}
        self._allowances: dict[tuple[str, str], tuple[Allowance, ...]] = {}

    def _refuse_strays(self) -> None:
        # Imported here: few commands have overlays.
        from costkit.pricebook.shipped import strays

        if problems := [found for directory in self.overlays for found in strays(directory, self.shipped)]:
            raise CostkitError(problems)

    def price(self, table: str, meter: str, kind: str, region: str, on: str) -> Price | None:
        """The price of a meter in a region on an ISO day, or None if none is proven.

        ``kind`` is the instance or node type for meters that have one, else empty.
        """
        key = (table, meter, kind, region, on)
        if key not in self._prices:
            own = (self._price_in(name, table, meter, kind, region, on) for name in self.overlays)
            price = next((price for price in own if price is not None), None) or self._seen_on(key[:4], on)
            self._prices[key] = price or self._price_in(self.shipped, table, meter, kind, region, on)
        return self._prices[key]

    def own_tables(self) -> tuple[str, ...]:
        """The tables of a team's own that prices asked for so far came from."""
        rows = (price.origin.partition(" ")[0] for price in self._prices.values() if price is not None)
        own = (row.removeprefix(OVERLAY).rpartition(":")[0] for row in rows if row.startswith(OVERLAY))
        return tuple(sorted(set(own)))

    def seen_before(self, day: str) -> list[tuple[str, str]]:
        """The prices asked for so far that nobody has seen since before an ISO day: when last, and what they are."""
        prices = {price for price in self._prices.values() if price is not None and price.confirmed < day}
        return sorted((price.confirmed, price.title) for price in prices)

    def _seen_on(self, key: tuple[str, str, str, str], on: str) -> Price | None:
        price = self.seen.get(key)
        return price if price is not None and price.effective <= on else None

    def with_prices(self, prices: Prices) -> "PriceBook":
        """This book with prices that somebody saw in an account: before the shipped ones, behind a team's own."""
        if not prices:
            return self
        book = copy.copy(self)
        book.seen, book._prices = prices, {}
        return book

    def earliest(self, table: str, meter: str, kind: str, region: str) -> str:
        """The first day a price is known for, or an empty text if there is none at all."""
        days = []
        for directory in self.directories:
            entry = self.entry(directory, table, meter, region)
            days += [row[0] for row in entry["rows"].get(kind, {}).get(region, [])] if entry else []
        return min(days, default="")

    def unit_and_title(self, table: str, meter: str, region: str) -> tuple[str, str]:
        """A meter's unit and its words; empty texts if no table describes it."""
        for directory in self.directories:
            entry = self.entry(directory, table, meter, region)
            if entry:
                return entry["unit"], entry["title"]
        return "", ""

    def fact(self, table: str, name: str, on: str) -> Fact:
        """A dated rule or limit. A day before its first row gets that row: such days have no prices."""
        key = (table, name, on)
        if key not in self._facts:
            self._facts[key] = self._fact(table, name, on)
        return self._facts[key]

    def _fact(self, table: str, name: str, on: str) -> Fact:
        for directory in self.directories:
            entry = (self.table(directory, table) or {"facts": {}})["facts"].get(name)
            if entry:
                row = on_day(entry["rows"], on) or entry["rows"][0]
                effective, confirmed, value, source, line = row
                where = self.origin(directory, table, line)
                return Fact(name, entry["unit"], Decimal(value), effective, confirmed, source, where)
        raise KeyError(f"{table} has no fact {name}")

    def allowances(self, table: str, on: str) -> tuple[Allowance, ...]:
        """The free allowances that a table's meters share on a day."""
        key = (table, on)
        if key not in self._allowances:
            self._allowances[key] = tuple(self._allowances_on(table, on))
        return self._allowances[key]

    def _allowances_on(self, table: str, on: str) -> Iterator[Allowance]:
        seen = set()
        for directory in self.directories:
            for name, entry in (self.table(directory, table) or {"allowances": {}})["allowances"].items():
                row = None if name in seen else on_day(entry["rows"], on)
                seen.add(name)
                if row is None:
                    continue
                effective, confirmed, quantity, source, line = row
                title, unit, meters = entry["title"], entry["unit"], tuple(entry["meters"])
                where = self.origin(directory, table, line)
                yield Allowance(name, title, unit, meters, Decimal(quantity), effective, confirmed, source, where)

    def specs(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        """The attributes of each instance or node type that AWS sells."""
        if table not in self._specs:
            name = f"{table}/specs" if os.path.isdir(os.path.join(self.shipped, table)) else table
            found = [self.table(directory, name) for directory in reversed(self.directories)]
            self._specs[table] = {kind: spec for one in found if one for kind, spec in one["specs"].items()}
        return self._specs[table]

    def regions(self) -> Mapping[str, Mapping[str, Any]]:
        """The regions AWS has, priced or not, by code."""
        return self.specs("regions")

    def region_groups(self) -> dict[str, tuple[str, ...]]:
        """Regions by the group that residency rules call them by: ``eu`` for the European Union."""
        groups: dict[str, tuple[str, ...]] = {}
        for region, spec in self.regions().items():
            if "group" in spec:
                groups[spec["group"]] = (*groups.get(spec["group"], ()), region)
        return groups

    def table_names(self) -> tuple[str, ...]:
        """The tables that have prices, in alphabetical order."""
        files = os.listdir(self.shipped)
        return tuple(sorted(file[:-5] for file in files if file.endswith(".yaml") and file not in NO_PRICES))

    def source_titles(self) -> Mapping[str, str]:
        """What each source key of the tables stands for: its title, place and date."""
        from costkit.pricebook.schema import check_sources
        from costkit.yaml_exact import read

        titles = {}
        for directory in reversed(self.directories):
            path = os.path.join(directory, "sources.yaml")
            if os.path.isfile(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    tree, lines, problems = read(file.read(), path)
                if problems := problems or check_sources(tree, lines, path):
                    raise CostkitError(problems)
                for key, source in tree.items():
                    parts = [str(source.get(part) or "") for part in ("title", "where", "date")]
                    titles[key] = f"{key}: {', '.join(part for part in parts if part)}"
        return titles

    def table(self, directory: str, name: str) -> dict[str, Any] | None:
        """A table of one directory in its compact shape, or None if the directory has none."""
        key = (directory, name)
        if key not in self._tables:
            self._tables[key] = self._read(directory, name)
        return self._tables[key]

    def _read(self, directory: str, name: str) -> dict[str, Any] | None:
        try:
            with open(os.path.join(directory, *name.split("/")) + ".yaml", "rb") as file:
                content = file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            where = self._where(directory, name, 0)
            raise CostkitError([Problem("CK101", where, f"cannot be read: {error.strerror}")]) from None
        digest = cache.fingerprint(content)
        flat = compiled_name(name)
        places = [os.path.join(directory, "compiled", flat)] if directory == self.shipped else []
        mine = os.path.join(self.cache_directory, f"{digest}-{flat}") if self.cache_directory else ""
        for place in (*places, mine):
            found = cache.load(place, digest) if place else None
            if found is not None:
                return found
        made = self._compile(content, directory, name)
        if mine:
            cache.store(mine, digest, made)
        return made

    def _compile(self, content: bytes, directory: str, name: str) -> dict[str, Any]:
        # Imported here: with a compiled copy neither YAML nor pydantic is needed.
        from costkit.pricebook import overlay, schema, table
        from costkit.pricebook.shipped import ShippedTables
        from costkit.yaml_exact import read

        shown = self._where(directory, name, 0)
        try:
            tree, lines, problems = read(content.decode("utf-8"), shown)
        except UnicodeDecodeError:
            raise CostkitError([Problem("CK206", shown, "this is not a text in UTF-8")]) from None
        regions = None if name == "regions" else self.regions()
        table_name = name.partition("/")[0]
        problems = problems or schema.check(tree, lines, shown, table_name, regions)
        if directory != self.shipped and not problems and not name.endswith("/specs"):
            problems = overlay.beside_shipped(tree, lines, shown, table_name, ShippedTables(self))
        if problems:
            raise CostkitError(problems)
        return table.compact(tree, lines)

    def _where(self, directory: str, name: str, line: int) -> str:
        base = "pricing" if directory == self.shipped else self.names.get(directory, directory)
        return f"{base}/{name}.yaml:{line}" if line else f"{base}/{name}.yaml"

    def origin(self, directory: str, name: str, line: int) -> str:
        """A row's place as a price names it. Those of a team's own tables are marked, and harmless in any output."""
        where = self._where(directory, name, line)
        if directory == self.shipped:
            return where
        return OVERLAY + "".join(c if c.isalnum() or c in PLAIN else f"%{ord(c):02X}" for c in where)

    def file(self, directory: str, table: str, meter: str, region: str) -> str:
        """A big table is a folder with a folder a family of meters and a file a region."""
        key = (directory, table, meter.partition(".")[0])
        if key not in self._folders:
            self._folders[key] = os.path.isdir(os.path.join(*key))
        return f"{table}/{key[2]}/{region}" if self._folders[key] else table

    def entry(self, directory: str, table: str, meter: str, region: str) -> dict[str, Any] | None:
        """A meter of one directory in its compact shape, with all its rows of a region; None if it has none."""
        found = self.table(directory, self.file(directory, table, meter, region))
        entry: dict[str, Any] | None = found["meters"].get(meter) if found else None
        return entry

    def _price_in(self, directory: str, table: str, meter: str, kind: str, region: str, on: str) -> Price | None:
        entry = self.entry(directory, table, meter, region)
        if entry is None:
            return None
        rows = entry["rows"]
        # A row without a type holds for every type that has no row of its own.
        row = on_day(rows.get(kind, {}).get(region, []), on) or on_day(rows.get("", {}).get(region, []), on)
        if row is None or row[2] is None:
            return None
        effective, confirmed, price, source, line, confidence, note = row
        if isinstance(price, str):
            tiers: tuple[Tier, ...] = (Tier(ZERO, Decimal(price)),)
        else:
            tiers = tuple(Tier(Decimal(start), None if step is None else Decimal(step)) for start, step in price)
        where = self.origin(directory, self.file(directory, table, meter, region), line)
        name, title = (f"{meter}.{kind}", f"{entry['title']}, {kind}") if kind else (meter, entry["title"])
        about = (name, title, entry["unit"], region, effective, confirmed, tiers)
        return Price(*about, f"{where} {source}", confidence, note, entry["pooled"])


def compiled_name(table: str) -> str:
    """The file name of a table's compiled copy."""
    return f"{table.replace('/', '__')}.table"


def on_day(rows: list[Row], on: str) -> Row | None:
    """The row that holds on a day: the last one that took effect by then."""
    valid = [row for row in rows if row[0] <= on]
    return valid[-1] if valid else None
