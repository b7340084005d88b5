"""How a month's costs changed, and the report in one sentence."""

import re
from decimal import ROUND_HALF_UP, Decimal

from costkit.model.bill import METRICS, BillRow, Costs, Driver, FinanceReport
from costkit.model.exact import ONE, plain, quotient
from costkit.reports.wording import TENTH, money

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TEN, PERCENT, THOUSAND = Decimal(10), Decimal(100), Decimal(1000)
VENDOR = re.compile(r"^(Amazon|AWS)\s*")
# A word with one capital at its start; NAT, m5.large and USE1-BoxUsage stay as they are.
WORD = re.compile(r"[A-Z][a-z]+")


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


def status(report: FinanceReport) -> str:
    """How final the report's months are, in one sentence."""
    if not report.months:
        return f"The month is {report.status}."
    names: dict[str, list[str]] = {}
    for month in report.months:
        names.setdefault(month.status if month.totals else "not in the bill", []).append(month.month)
    return ". ".join(f"{word.capitalize()}: {', '.join(months)}" for word, months in names.items()) + "."


def total_of(report: FinanceReport) -> tuple[tuple[str, Costs], ...]:
    """The totals of the report's last month, by currency."""
    return report.months[-1].totals if report.months else report.totals


def sentence(report: FinanceReport) -> str:
    """The report's last month in one sentence, a currency after the other."""
    before = dict(report.previous)
    parts = [_total(report, currency, costs, before.get(currency)) for currency, costs in total_of(report)]
    if not parts:
        return f"{month_name(report.month)} is not in the bill"
    name = month_name(report.month) + (" so far" if report.status == "open" else "")
    return f"{name}: {'; '.join(parts)}"


def _total(report: FinanceReport, currency: str, costs: Costs, before: Costs | None) -> str:
    total = of(costs, report.metric)
    if total is None:
        return f"{report.metric} cost in {currency} is not known whole"
    # The effective cost is what a report shows unless another one is asked for.
    what = "" if report.metric == "effective" else f" {report.metric}"
    text = f"{money(total)} {currency}{what}"
    earlier = None if before is None else of(before, report.metric)
    if earlier is None:
        return text
    rise, then = total - earlier, _month_before(report.month)
    if report.status == "open":
        # A part of a month is neither dearer nor cheaper than a whole one.
        return f"{text}; {then} was {money(earlier)} {currency}"
    if not rise:
        return f"{text}, the same as in {then}"
    way, amount = "up" if rise > 0 else "down", f"{rough_money(abs(rise))} {currency}"
    if earlier > 0:
        amount = f"{rough_percent(abs(rise) / earlier * PERCENT)} ({amount})"
    return f"{text}, {way} {amount} on {then}{_driver(report, currency, rise)}"


def _month_before(month: str) -> str:
    """The name of the month before, with its year where that is another one."""
    number = int(month[5:])
    return MONTHS[number - 2] if number > 1 else f"{MONTHS[-1]} {int(month[:4]) - 1}"


def _driver(report: FinanceReport, currency: str, rise: Decimal) -> str:
    """What made most of a change."""
    same = [driver for driver in report.drivers if driver.currency == currency and driver.rise * rise > 0]
    if not same:
        return ""
    first, way = max(same, key=lambda driver: abs(driver.rise)), "rise" if rise > 0 else "fall"
    # One thing may rise by more than all together, where others fall.
    part = "more than all" if abs(first.rise) > abs(rise) else rough_percent(first.rise / rise * PERCENT)
    account = first.account_name or first.account
    return f"; {part} of the {way} is {called(first)}" + (f" in account {account}" if account else "")


def called(driver: Driver) -> str:
    """What people call a charge: ``Redshift concurrency scaling``, ``EC2 NAT gateway``, ``tax``."""
    if driver.charge != "Usage":
        return driver.charge.lower()
    service = VENDOR.sub("", driver.service) or driver.service
    words = driver.what.split()
    if len(words) > 1:
        # A product family reads as a title; a usage type is one word, and stays as AWS writes it.
        words = [word.lower() if WORD.fullmatch(word) else word for word in words]
    if service.lower() in words:
        # AWS names the service in some of its product families.
        words[words.index(service.lower())] = service
        return " ".join(words)
    return " ".join([service, *words]).strip()


def rough_percent(number: Decimal) -> str:
    """A number of percent as it is said: ``12 %``, ``3.4 %``, ``less than 0.1 %``."""
    if number < TENTH:
        return "less than 0.1 %"
    rounded = number.quantize(ONE if number >= TEN else TENTH, rounding=ROUND_HALF_UP)
    return f"{plain(rounded) if rounded < THOUSAND else f'{rounded:,}'} %"


def rough_money(amount: Decimal) -> str:
    """An amount as it is said: in cents, from a thousand on without them."""
    return money(amount) if amount < THOUSAND else f"{amount.quantize(ONE, rounding=ROUND_HALF_UP):,}"
