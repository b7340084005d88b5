"""Budgets against a month of a bill: what a scope cost, what it may cost, and where that leads to."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from costkit.billing.accounting import text, total
from costkit.billing.days import OPEN
from costkit.billing.forecast import forecasts
from costkit.billing.matching import scope_sql, tag_column
from costkit.billing.report import BillReader
from costkit.gate.judging import expired
from costkit.model.exact import EXACT, ZERO
from costkit.model.outlook import Forecast, Variance
from costkit.model.policy import Budget, Policy
from costkit.model.problem import Problem
from costkit.model.verdict import BUDGET, FAILED, INCOMPLETE, PASSED, WAIVED, WARNED

# Limits of a budget file are in this currency.
CURRENCY = "USD"
NO_TYPES = "a bill has no types of resources; name its services"


def tags_of(policy: Policy) -> tuple[str, ...]:
    """The tag columns that the budgets ask for."""
    return tuple(tag_column(key) for budget in policy.budgets for key, _ in budget.scope.tags)


def variances(
    reader: BillReader, policy: Policy, month: str, metric: str, status: str, on: str, forecast: bool
) -> tuple[tuple[Variance, ...], list[Problem]]:
    """Each budget with a limit against a month; ``forecast`` also looks ahead. Growth and rules are for the gate."""
    problems = list(expired(policy, on))
    found = []
    for budget in policy.budgets:
        if budget.limit is not None:
            spent = _Spent(reader, budget, month, metric)
            ahead = _ahead(reader, budget, month, metric, on) if forecast and status == OPEN else None
            with localcontext(EXACT):
                found.append(spent.variance(budget, budget.limit, ahead, policy, on))
            problems += spent.problems(budget)
    return tuple(found), problems


class _Spent:
    """What the scope of a budget cost, in USD; ``reason`` says why that is not known, or not whole."""

    def __init__(self, reader: BillReader, budget: Budget, month: str, metric: str) -> None:
        self.actual: Decimal | None = None
        self.lines, self.reason = 0, NO_TYPES if budget.scope.types else ""
        if month not in reader.months():
            # That is not the same as a month in which nothing fits.
            self.reason = f"the bill has nothing of {month}"
        if self.reason:
            return
        condition = f"month = {text(month)} AND ({scope_sql(budget.scope)})"
        sql = f"SELECT currency, SUM(lines), {total(metric)} FROM facts WHERE {condition} GROUP BY currency ORDER BY 1"
        others = []
        for currency, lines, cost in reader.held.rows(sql, reader.where):
            self.lines += lines
            if currency == CURRENCY:
                self.actual = cost
            else:
                others.append(str(currency))
        if others:
            self.reason = f"costs in {', '.join(others)} are not in it"
        elif not self.lines:
            self.actual = ZERO
        elif self.actual is None:
            self.reason = f"the bill does not tell all of its {metric} cost"

    def variance(self, budget: Budget, limit: Decimal, ahead: Forecast | None, policy: Policy, on: str) -> Variance:
        """The budget judged: too much is too much, even where something is not known."""
        end = None if ahead is None else _end(ahead, budget.against)
        warned = self.actual is not None and budget.warn_at is not None and self.actual >= limit * budget.warn_at
        if self.actual is not None and self.actual > limit:
            status = WAIVED if _waived(budget, policy, on) else FAILED
        elif self.reason:
            status = INCOMPLETE
        elif warned or (end is not None and end > limit):
            status = WARNED
        else:
            status = PASSED
        return Variance(budget.name, status, limit, self.actual, end, self.reason, budget.where)

    def problems(self, budget: Budget) -> Iterator[Problem]:
        """What a reader must know about the budget."""
        if self.reason:
            hint = "it is not passed; exit code 4 with --strict"
            yield Problem("CK611", budget.where, f"{budget.name} is not judged whole: {self.reason}", hint, "warning")
        elif not self.lines:
            hint = "compare its names with those of the bill"
            yield Problem("CK402", budget.where, f"the scope of {budget.name} selects nothing", hint, "warning")


def _ahead(reader: BillReader, budget: Budget, month: str, metric: str, on: str) -> Forecast | None:
    if budget.scope.types:
        return None
    found, _ = forecasts(reader, month, metric, OPEN, on, scope_sql(budget.scope))
    return next((forecast for forecast in found if forecast.currency == CURRENCY), None)


def _end(forecast: Forecast, against: str) -> Decimal:
    return {"low": forecast.low, "expected": forecast.expected, "high": forecast.high}[against]


def _waived(budget: Budget, policy: Policy, on: str) -> bool:
    return any(waiver.kind == BUDGET and waiver.name == budget.name and on <= waiver.until for waiver in policy.waivers)
