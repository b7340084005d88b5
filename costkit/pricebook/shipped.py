"""The shipped tables as a measure for others: which meters there are, in which units, of which types."""

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from costkit.model.problem import Problem
from costkit.pricebook.coverage import files_of

if TYPE_CHECKING:
    from costkit.pricebook.book import PriceBook

TABLE = re.compile(rb"^table\s*:", re.MULTILINE)
# A table begins with its name; what has none there is something else, such as a spec beside the tables.
BEGINNING = 4096
# Where a directory of tables has the rules of the price list.
RULES = "offers"
# Files of a directory of tables that hold no prices of a service.
OTHERS = ("regions", "sources")


class ShippedTables:
    """Asks a book for what its shipped directory alone says."""

    def __init__(self, book: "PriceBook") -> None:
        self.book = book

    def units(self, table: str, meter: str) -> tuple[str, bool] | None:
        """A meter's unit, and whether its rows have types; None if no shipped table has the meter."""
        known = None
        for tree in self._trees(table, meter.partition(".")[0]):
            entry = tree["meters"].get(meter)
            if entry is not None and entry["rows"]:
                return entry["unit"], any(entry["rows"])
            # A meter without a row may be of either kind.
            known = known or (None if entry is None else (entry["unit"], True))
        return known

    def families(self, table: str) -> set[str]:
        """The first words of the meters of a table; those of a big one are the names of its folders."""
        place = os.path.join(self.book.shipped, table)
        inside = os.listdir(place) if os.path.isdir(place) else []
        own = self.book.table(self.book.shipped, table)
        return {*inside, *(meter.partition(".")[0] for meter in (own["meters"] if own else ()))}

    def kinds(self, table: str) -> Iterable[str]:
        """The types that a table describes; of a big one, whose specs are a file, those of a team's own too."""
        if os.path.isdir(os.path.join(self.book.shipped, table)):
            return self.book.specs(table)
        return list((self.book.table(self.book.shipped, table) or {"specs": {}})["specs"])

    def named(self, table: str, section: str) -> set[str]:
        """The names in a section of a table."""
        return set((self.book.table(self.book.shipped, table) or {section: {}})[section])

    def _trees(self, table: str, family: str) -> Iterator[dict[str, Any]]:
        folder = f"{table}/{family}"
        names = files_of(self.book.shipped, folder) or [table]
        for name in names:
            tree = self.book.table(self.book.shipped, name)
            if tree is not None:
                yield tree


def strays(directory: str, shipped: str) -> list[Problem]:
    """The tables in a directory that are called as no shipped one is, so that nobody would ever look into them."""
    names = {*OTHERS, *(file.removesuffix(".yaml") for file in os.listdir(shipped))}
    problems = []
    for file in sorted(os.listdir(directory)) if os.path.isdir(directory) else ():
        path = os.path.join(directory, file)
        if file.endswith(".yaml") and file.removesuffix(".yaml") not in names and is_table(path):
            hint = "costkit prices list names them"
            problems.append(Problem("CK206", path, f"there is no price table {file.removesuffix('.yaml')}", hint))
    return problems


def is_table(path: str) -> bool:
    """Whether a file looks like a table of prices; one that cannot be read does not."""
    try:
        with open(path, "rb") as file:
            return TABLE.search(file.read(BEGINNING)) is not None
    except OSError:
        return False
