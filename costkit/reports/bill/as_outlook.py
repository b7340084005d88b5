"""Budgets, forecasts and anomalies of a report: for people as sentences and tables, in JSON as trees."""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tabulate import tabulate

from costkit.model.exact import plain, quotient
from costkit.model.outlook import APPEARED, GROWTH, SPIKE, STOPPED, Anomalies, Anomaly, Forecast, Outlook, Variance
from costkit.model.verdict import INCOMPLETE
from costkit.reports.as_json import number
from costkit.reports.wording import money, percentage, signed

PERCENT = Decimal(100)
# A forecast is no exact number; more decimals than these would only look like one.
MILLIONTH = Decimal("0.000001")
MOST_ANOMALIES = 10
SAYS = {
    APPEARED: "appeared",
    STOPPED: "stopped",
    SPIKE: "above what is usual",
    GROWTH: "grows week by week",
}
Shown = Callable[[str], str]


def lines(outlook: Outlook, style: str, shown: Shown) -> Iterator[str]:
    """Whatever an outlook has, for people; ``shown`` makes texts of files harmless."""
    for forecast in outlook.forecasts or ():
        yield f"\n{shown(said(forecast))}\n"
        yield f"  {shown(forecast.method)}.\n"
    if outlook.budgets:
        yield "\nBudgets:\n\n"
        yield from _budgets(outlook.budgets, style, shown)
    if outlook.anomalies is not None and outlook.anomalies.through:
        yield from _anomalies(outlook.anomalies, style, shown)


def said(forecast: Forecast) -> str:
    """A forecast in one sentence."""
    currency = forecast.currency
    return (
        f"Forecast for {forecast.month}: {money(forecast.expected)} {currency},"
        f" from {money(forecast.low)} to {money(forecast.high)}; {money(forecast.so_far)} {currency} so far,"
        f" {forecast.left} days are left after {forecast.through}"
    )


def variance(budget: Variance) -> tuple[Decimal | None, Decimal | None]:
    """By how much a budget is exceeded, negative if it is not, and that in percent of the limit."""
    if budget.actual is None:
        return None, None
    over = budget.actual - budget.limit
    return over, quotient(over * PERCENT, budget.limit) if budget.limit else None


def _budgets(budgets: tuple[Variance, ...], style: str, shown: Shown) -> Iterator[str]:
    ahead = any(budget.forecast is not None for budget in budgets)
    headers = ["Budget", "Status", "Limit", "Actual", "Variance", "%", *(["Forecast"] if ahead else [])]
    cells = []
    for budget in budgets:
        over, percent = variance(budget)
        own = [
            shown(budget.name),
            budget.status,
            money(budget.limit),
            "unknown" if budget.actual is None else money(budget.actual),
            "" if over is None else signed(over),
            "" if percent is None else signed(percent, percentage),
        ]
        cells.append([*own, "" if budget.forecast is None else money(budget.forecast)] if ahead else own)
    align = ["left", "left", *["right"] * (len(headers) - 2)]
    yield tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"
    for budget in budgets:
        if budget.status == INCOMPLETE:
            yield f"\n{shown(f'{budget.name}: {budget.reason}')}\n"


def thresholds(found: Anomalies) -> str:
    """What counted as unusual, in one sentence."""
    given = found.thresholds
    return (
        f"a day counts from {plain(given.floor)} above what is usual, a spike from {plain(given.percent)} % and"
        f" {plain(given.deviations)} robust deviations, growth from {plain(given.weekly_percent)} % a week"
    )


def _anomalies(found: Anomalies, style: str, shown: Shown) -> Iterator[str]:
    count = len(found.found) or "none"
    yield f"\nUnusual days from {found.since} to {found.through}: {count} ({thresholds(found)}).\n"
    if not found.found:
        return
    yield "\n"
    headers = ["Day", "Until", "What", "Service", "Account", "Cost", "Expected", "Currency"]
    cells = [
        [
            anomaly.day,
            "" if anomaly.until == anomaly.day else anomaly.until,
            SAYS[anomaly.kind],
            shown(anomaly.service),
            shown(anomaly.account),
            money(anomaly.cost),
            money(anomaly.expected),
            shown(anomaly.currency),
        ]
        for anomaly in found.found[:MOST_ANOMALIES]
    ]
    align = ("left", "left", "left", "left", "left", "right", "right", "left")
    yield tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"
    if len(found.found) > MOST_ANOMALIES:
        yield f"and {len(found.found) - MOST_ANOMALIES} more\n"


def as_tree(outlook: Outlook) -> dict[str, Any]:
    """The parts of a JSON report that were asked for."""
    tree: dict[str, Any] = {}
    if outlook.budgets is not None:
        tree["budgets"] = [_budget(budget) for budget in outlook.budgets]
    if outlook.forecasts is not None:
        tree["forecasts"] = [_forecast(forecast) for forecast in outlook.forecasts]
    if outlook.anomalies is not None:
        found = outlook.anomalies
        tree["anomalies"] = {
            "thresholds": {name: plain(number) for name, number in found.thresholds._asdict().items()},
            "since": found.since or None,
            "through": found.through or None,
            "found": [_anomaly(anomaly) for anomaly in found.found],
        }
    return tree


def _budget(budget: Variance) -> dict[str, Any]:
    over, percent = variance(budget)
    return {
        "name": budget.name,
        "status": budget.status,
        "currency": "USD",
        "limit": plain(budget.limit),
        "actual": number(budget.actual),
        "variance": number(over),
        "variance_percent": number(percent),
        "forecast": None if budget.forecast is None else _rough(budget.forecast),
        "reason": budget.reason,
        "where": budget.where,
    }


def _forecast(forecast: Forecast) -> dict[str, Any]:
    return {
        "month": forecast.month,
        "currency": forecast.currency,
        "so_far": plain(forecast.so_far),
        "expected": _rough(forecast.expected),
        "low": _rough(forecast.low),
        "high": _rough(forecast.high),
        "through": forecast.through,
        "past_days": forecast.past,
        "days_left": forecast.left,
        "method": forecast.method,
    }


def _anomaly(anomaly: Anomaly) -> dict[str, Any]:
    return {
        "kind": anomaly.kind,
        "account": anomaly.account,
        "service": anomaly.service,
        "currency": anomaly.currency,
        "day": anomaly.day,
        "until": anomaly.until,
        "cost": plain(anomaly.cost),
        "expected": plain(anomaly.expected),
        "difference": plain(anomaly.cost - anomaly.expected),
    }


def _rough(number: Decimal) -> str:
    return plain(number.quantize(MILLIONTH, rounding=ROUND_HALF_UP))
