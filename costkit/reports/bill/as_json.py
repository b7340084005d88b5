"""The finance report as JSON: exact amounts as text."""

import json
from collections.abc import Iterator
from typing import Any

from costkit import __version__
from costkit.model.bill import METRICS, BillRow, Control, Costs, FinanceReport, MonthTotals, Movement
from costkit.model.exact import plain
from costkit.model.verdict import INCOMPLETE
from costkit.reports.as_json import SCHEMA_VERSION, number, problem
from costkit.reports.bill import as_allocation, as_outlook
from costkit.reports.bill.changes import change, sentence


def render(report: FinanceReport) -> Iterator[str]:
    """The document as one piece."""
    totals = [_total(*total) for total in report.totals]
    months = report.months or (MonthTotals(report.month, report.status, report.totals),)
    ties = all(control.holds for control in report.controls)
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "month": report.month,
        "metric": report.metric,
        "status": report.status,
        "complete": ties and _known(report),
        "sentence": sentence(report),
        "total": totals[0] if len(totals) == 1 else None,
        "totals": totals,
        "months": [_month(month) for month in months],
        "control": {"holds": ties, "identities": [_control(control) for control in report.controls]},
        "rows": [_row(row, report) for row in report.rows],
        "movements": [_movement(moved) for moved in report.movements],
        **({} if report.allocation is None else {"allocation": as_allocation.as_tree(report.allocation)}),
        **as_outlook.as_tree(report.outlook),
        "problems": [problem(found) for found in report.problems],
        "prices": {"oldest": None, "newest": None},
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _known(report: FinanceReport) -> bool:
    """Whether no cost and no budget of the report is unknown."""
    judged = all(budget.status != INCOMPLETE for budget in report.outlook.budgets or ())
    return judged and not any(found.hides_cost for found in report.problems)


def _total(currency: str, costs: Costs) -> dict[str, Any]:
    return {"currency": currency, **_costs(costs)}


def _month(month: MonthTotals) -> dict[str, Any]:
    totals = [_total(*total) for total in month.totals]
    return {"month": month.month, "status": month.status, "totals": totals}


def _control(control: Control) -> dict[str, Any]:
    return {
        "cost": control.name,
        "month": control.month,
        "account": control.account,
        "commitment": control.commitment,
        "currency": control.currency,
        "bill": plain(control.bill),
        "report": plain(control.report),
        "holds": control.holds,
    }


def _movement(moved: Movement) -> dict[str, Any]:
    return {
        "service": moved.service,
        "account": moved.account,
        "usage_type": moved.meter,
        "currency": moved.currency,
        "before": plain(moved.before),
        "now": plain(moved.now),
        "by_volume": plain(moved.by_volume),
        "by_price": plain(moved.by_price),
        "cause": moved.cause,
    }


def _row(row: BillRow, report: FinanceReport) -> dict[str, Any]:
    before, rise, percent = change(row, report.metric)
    return {
        "month": row.month,
        "keys": dict(zip(report.groups, row.keys, strict=True)),
        **_costs(row.costs),
        "previous_cost": number(before),
        "change": number(rise),
        "change_percent": number(percent),
        "currency": row.currency,
        "status": row.status,
    }


def _costs(costs: Costs) -> dict[str, str | None]:
    return {f"{metric}_cost": number(cost) for metric, cost in zip(METRICS, costs, strict=True)}
