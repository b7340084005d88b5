"""How a month's costs changed, and the report in one sentence."""

from decimal import Decimal

from costkit.model.bill import METRICS, BillRow, Costs, FinanceReport
from costkit.model.exact import quotient
from costkit.reports.wording import money, percentage, signed

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
PERCENT = Decimal(100)


def of(costs: Costs, metric: str) -> Decimal | None:
    """One of the four costs by its name."""
    return costs[METRICS.index(metric)]


def change(row: BillRow, metric: str) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The month before, the change, and the change in percent; None where there is nothing to compare with."""
    if row.previous is None:
        return None, None, None
    before, now = of(row.previous, metric), of(row.costs, metric)
    if before is None or now is None:
        return before, None, None
    rise = now - before
    return before, rise, quotient(rise * PERCENT, before) if before > 0 else None


def month_name(month: str) -> str:
    """``October 2026`` for ``2026-10``."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def sentence(report: FinanceReport) -> str:
    """The report in one sentence, a currency after the other."""
    before = dict(report.previous)
    parts = [_total(report, currency, costs, before.get(currency)) for currency, costs in report.totals]
    return f"{month_name(report.month)}: {'; '.join(parts) or 'nothing was charged'}"


def _total(report: FinanceReport, currency: str, costs: Costs, before: Costs | None) -> str:
    total = of(costs, report.metric)
    if total is None:
        return f"{report.metric} cost is not in this bill"
    text = f"{money(total)} {currency} {report.metric}"
    earlier = None if before is None else of(before, report.metric)
    if earlier is None:
        return text
    rise = total - earlier
    share = f" {signed(rise / earlier * PERCENT, percentage)}" if earlier > 0 else ""
    return f"{text},{share} ({signed(rise)} {currency}) on the month before{_mover(report, currency, rise)}"


def _mover(report: FinanceReport, currency: str, rise: Decimal) -> str:
    """What made most of the change."""
    causes = [
        moved for moved in report.movements if moved.currency == currency and (moved.now - moved.before) * rise > 0
    ]
    if causes:
        first = max(causes, key=lambda moved: abs(moved.now - moved.before))
        part = percentage(abs((first.now - first.before) / rise) * PERCENT)
        what = " ".join(text for text in (first.service, first.meter) if text)
        return f"; {part} of it is {what} in account {first.account}"
    moved = [(change(row, report.metric)[1], row) for row in report.rows if row.currency == currency]
    same = [(amount, row) for amount, row in moved if amount is not None and amount * rise > 0]
    if not same or not report.groups:
        return ""
    amount, row = max(same, key=lambda entry: abs(entry[0] or Decimal(0)))
    part = percentage(abs((amount or Decimal(0)) / rise) * PERCENT)
    return f"; {part} of it is {' / '.join(row.keys)}"
