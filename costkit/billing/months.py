"""Several months in one report: rows a month below each other, one sentence about the last of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext

from costkit.model.bill import METRICS, BillRow, BillRows, Costs, FinanceReport, MonthTotals
from costkit.model.exact import EXACT, ZERO

NOT_THERE = "CK606"
MOST = 120


def span(first: str, last: str) -> tuple[str, ...]:
    """The ISO months from the first to the last, both included, at most ``MOST`` and one."""
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, min(end, start + MOST) + 1))


def together(reports: Sequence[FinanceReport]) -> FinanceReport:
    """The reports of several months of one bill, in their order, as one."""
    last = reports[-1]
    if len(reports) == 1:
        return last
    problems = [problem for report in reports for problem in report.problems]
    if any(report.rows for report in reports):
        # A month that is not there is no reason to refuse the others, but their sum is not that of all.
        problems = [
            problem._replace(severity="warning", hides_cost=True) if problem.code == NOT_THERE else problem
            for problem in problems
        ]
    return last._replace(
        rows=BillRows(sum(len(report.rows) for report in reports), lambda: _in_turn(reports)),
        totals=_totals(reports),
        controls=tuple(control for report in reports for control in report.controls),
        problems=tuple(dict.fromkeys(problems)),
        months=tuple(MonthTotals(report.month, report.status, report.totals) for report in reports),
    )


def _in_turn(reports: Sequence[FinanceReport]) -> Iterator[BillRow]:
    for report in reports:
        yield from report.rows


def _totals(reports: Sequence[FinanceReport]) -> tuple[tuple[str, Costs], ...]:
    """The costs of all months by currency; what one month does not know, nobody knows of all."""
    currencies = sorted({currency for report in reports for currency, _ in report.totals})
    found = []
    for currency in currencies:
        months = [costs for report in reports for own, costs in report.totals if own == currency]
        found.append((currency, Costs(*(_sum([costs[place] for costs in months]) for place in range(len(METRICS))))))
    return tuple(found)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    with localcontext(EXACT):
        return sum(known, ZERO) if len(known) == len(amounts) else None
