"""What is wrong with a table of a team's own only beside the shipped one: a price that nobody would ever ask for."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from costkit.model.place import Lines, Path, nearest_line
from costkit.model.problem import Problem
from costkit.pricebook.schema import mappings, rows_of


class Shipped(Protocol):
    """What is asked of the shipped tables."""

    def units(self, table: str, meter: str) -> tuple[str, bool] | None:
        """A meter's unit, and whether its rows have types; None if no table has the meter."""

    def families(self, table: str) -> Iterable[str]:
        """The first words of the meters of a table."""

    def kinds(self, table: str) -> Iterable[str]:
        """The types that a table describes."""

    def named(self, table: str, section: str) -> Iterable[str]:
        """The names in a section of a table: facts, allowances."""


def beside_shipped(tree: Any, lines: Lines, name: str, table: str, shipped: Shipped) -> list[Problem]:
    """Prices in another unit than the shipped meter's, of meters, types, facts or allowances that AWS has not.

    ``name`` is how messages call the file. A meter that is new may be right where its family is known.
    """
    found = [*_meters(tree, table, shipped), *_others(tree, table, shipped)]
    return [Problem("CK206", f"{name}:{nearest_line(path, lines)}", message) for path, message in found]


def _meters(tree: Any, table: str, shipped: Shipped) -> Iterator[tuple[Path, str]]:
    kinds: set[str] | None = None
    families = set(shipped.families(table))
    for meter, entry in mappings(tree.get("meters")).items():
        known = shipped.units(table, meter)
        if known is None and meter.partition(".")[0] not in families:
            yield ("meters", meter), f"{table} has no meter {meter}: nothing would ever be priced by it"
            continue
        if known is not None and entry.get("unit") != known[0]:
            yield ("meters", meter, "unit"), f"{meter} is priced by the {known[0]}, not by the {entry.get('unit')}"
        for index, row in rows_of(entry):
            path: Path = ("meters", meter, "rows", index)
            kind = row.get("type")
            if kind and kinds is None:
                kinds = {*shipped.kinds(table), *mappings(tree.get("specs"))}
            if kind and known is not None and not known[1]:
                yield path, f"{meter} has no types: nothing would ever be priced by this row"
            elif kind and kinds and kind not in kinds:
                yield path, f"AWS sells no {kind} that {table} describes"


def _others(tree: Any, table: str, shipped: Shipped) -> Iterator[tuple[Path, str]]:
    for section in ("facts", "allowances"):
        known = set(shipped.named(table, section))
        for one in mappings(tree.get(section)):
            if one not in known:
                yield (section, one), f"{table} has no {one} among its {section}"
