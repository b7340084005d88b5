"""What the questions about prices have in common: patterns of regions, and names that nobody knows."""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import GLOBAL

if TYPE_CHECKING:
    from costkit.pricebook.book import PriceBook


def wanted(region: str, pattern: str) -> bool:
    """Whether a region fits a pattern such as ``eu-*``."""
    return fnmatchcase(region, pattern)


def refuse_unknown(book: "PriceBook", tables: tuple[str, ...], region: str) -> None:
    """Raise CostkitError for tables and regions that do not exist, so that a slip never looks like an answer."""
    from costkit.inputs.binding import nearest

    names = book.table_names()
    problems = [
        Problem("CK107", table, f"no price table {table}", nearest(table, names) or ", ".join(names))
        for table in tables
        if table not in names
    ]
    regions = [*book.regions(), GLOBAL]
    if not any(wanted(one, region) for one in regions):
        problems.append(Problem("CK108", region, "AWS has no such region", nearest(region, regions)))
    if problems:
        raise CostkitError(problems)


def refuse_unknown_meter(book: "PriceBook", table: str, meter: str) -> None:
    """Raise CostkitError for a meter, or a pattern of meters, that a table has nowhere."""
    from costkit.inputs.binding import nearest
    from costkit.pricebook.coverage import price_rows

    meters = sorted({row["meter"] for row in price_rows(book, table, "*", "*", None)})
    if not any(wanted(one, meter) for one in meters):
        hint = nearest(meter, meters) or f"costkit prices list {table} shows them"
        raise CostkitError([Problem("CK107", f"{table} {meter}", f"{table} has no such meter", hint)])
