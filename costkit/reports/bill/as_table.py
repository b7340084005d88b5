"""The finance report for a terminal: one sentence first, then the largest groups."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from tabulate import tabulate

from costkit.model.bill import METRICS, BillRow, FinanceReport
from costkit.reports.bill import as_allocation, as_outlook
from costkit.reports.bill.changes import change, sentence, status
from costkit.reports.fitted_table import fitted
from costkit.reports.wording import harmless, leading, money, percentage, signed

MOST_ROWS = 30
MOST_MOVEMENTS = 5
CAUSES = {"new": "new", "gone": "gone", "volume": "by volume", "price": "by price"}


def render(report: FinanceReport, width: int | None = None) -> Iterator[str]:
    """The lines of the report; machine formats have the rows that are left out here.

    ``width`` is the screen's in columns, None where there is none to fit.
    """
    yield f"{harmless(sentence(report))}\n{status(report)}\n\n"
    yield from table_of(report, report.rows.first(MOST_ROWS), "plain", leading, width)
    if len(report.rows) > MOST_ROWS:
        yield f"and {len(report.rows) - MOST_ROWS} more\n"
    if report.movements:
        yield "\nWhat moved most:\n"
    for moved in report.movements[:MOST_MOVEMENTS]:
        name = harmless(" ".join(part for part in (moved.service, moved.meter, moved.account) if part))
        currency = f"  {harmless(moved.currency)}" if several_currencies(report) else ""
        yield f"  {signed(moved.now - moved.before):>12}{currency}  {CAUSES[moved.cause]:9}  {name}\n"
    yield from as_outlook.lines(report.outlook, "plain", leading)
    if report.allocation is not None:
        yield from as_allocation.lines(report.allocation, "plain", leading)


def table_of(
    report: FinanceReport,
    rows: Sequence[BillRow],
    style: str,
    shown: Callable[[str], str],
    width: int | None = None,
) -> Iterator[str]:
    """The rows as a table of a style; ``shown`` makes texts of the bill harmless.

    Amounts of several currencies have theirs beside them. Where a screen of ``width`` columns is too narrow, the
    group with the longest texts is broken into lines.
    """
    compared = any(row.previous is not None for row in rows)
    groups = ["month", *report.groups] if report.months else [*report.groups]
    texts = [*groups, *(["Currency"] if several_currencies(report) else [])]
    headers = [*texts, *(f"{metric.capitalize()}" for metric in METRICS)]
    headers += ["Before", "Change", "%"] if compared else []
    cells = [_cells(row, report, compared, shown) for row in rows]
    align = ["left"] * len(texts) + ["right"] * (len(headers) - len(texts))
    if cells and groups and width is not None:
        longest = max(range(len(groups)), key=lambda place: max(len(row[place]) for row in cells))
        yield fitted(headers, cells, range(len(texts)), width, longest) + "\n"
    elif cells:
        yield tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"


def several_currencies(report: FinanceReport) -> bool:
    """Whether an amount alone does not say what it is."""
    return len({currency for currency, _ in (*report.totals, *report.previous)}) > 1


def _cells(row: BillRow, report: FinanceReport, compared: bool, shown: Callable[[str], str]) -> list[str]:
    keys = [row.month, *row.keys] if report.months else row.keys
    own = [*(shown(key) for key in keys), *([shown(row.currency)] if several_currencies(report) else [])]
    own += map(_money, row.costs)
    if not compared:
        return own
    before, rise, percent = change(row, report.metric)
    return [
        *own,
        _money(before),
        "" if rise is None else signed(rise),
        "" if percent is None else signed(percent, percentage),
    ]


def _money(amount: Decimal | None) -> str:
    return "unknown" if amount is None else money(amount)
