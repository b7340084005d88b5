"""A bill at other prices for a terminal: one sentence first, then what changed most, then what was kept and why."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from tabulate import tabulate

from costkit.model.rerate import Rerate, RerateRow
from costkit.reports.bill.changes import month_name
from costkit.reports.wording import dated_notes, harmless, leading, money, percentage, quantity, signed

MOST_ROWS = 30
PERCENT = Decimal(100)
HEADERS = ["Service", "Usage type", "Quantity", "Unit", "Region", "Before", "After", "Change"]


def render(result: Rerate) -> Iterator[str]:
    """The lines of the report; machine formats have the rows that are left out here."""
    yield f"{harmless(sentence(result))}\n\n"
    priced = [row for row in result.rows if row.after is not None]
    yield from table_of(priced[:MOST_ROWS], "plain", leading)
    if len(priced) > MOST_ROWS:
        yield f"and {len(priced) - MOST_ROWS} more\n"
    for line in kept(result):
        yield f"{harmless(line)}\n"
    for note in dated_notes(result.price_dates, result.overlays, result.on):
        yield f"{harmless(note)}\n"


def sentence(result: Rerate) -> str:
    """Before, after and change in one sentence, a currency after the other."""
    where = f" in {result.region}" if result.region else ""
    parts = [
        f"{money(after)} {currency} instead of {money(before)}"
        f" ({signed(after - before)}{_share(after - before, before)})"
        for currency, (before, after) in sorted(result.totals.items())
    ]
    return f"{month_name(result.month)} at the prices of {result.on}{where}: {'; '.join(parts)}"


def _share(change: Decimal, before: Decimal) -> str:
    return f", {signed(change / before * PERCENT, percentage)}" if before > 0 else ""


def kept(result: Rerate) -> Iterator[str]:
    """What stays at its billed cost, by reason and currency, with its number of lines."""
    sums: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for row in result.rows:
        if row.after is None:
            cost, lines = sums.get((row.reason, row.currency), (Decimal(0), 0))
            sums[row.reason, row.currency] = (cost + row.before, lines + row.lines)
    for (reason, currency), (cost, lines) in sorted(sums.items(), key=lambda entry: (-abs(entry[1][0]), entry[0])):
        noun = "line" if lines == 1 else "lines"
        yield f"kept at {money(cost)} {currency}, {lines} {noun}: {reason}"


def table_of(rows: list[RerateRow], style: str, shown: Callable[[str], str]) -> Iterator[str]:
    """The re-priced rows as a table of a style; ``shown`` makes texts of the bill harmless."""
    cells = [
        [
            shown(row.service),
            shown(row.usage_type),
            "" if row.quantity is None else quantity(row.quantity),
            row.unit,
            shown(row.to_region),
            money(row.before),
            money(row.cost),
            signed(row.cost - row.before),
        ]
        for row in rows
    ]
    align = ("left", "left", "right", "left", "left", "right", "right", "right")
    if cells:
        yield tabulate(cells, HEADERS, tablefmt=style, disable_numparse=True, colalign=align) + "\n"
