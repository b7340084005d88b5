"""The JSON Schema of ``costkit report -f json``."""

from typing import Any

from costkit.model.bill import METRICS
from costkit.model.outlook import APPEARED, GROWTH, SPIKE, STOPPED, Thresholds
from costkit.reports.schemas.parts import (
    AMOUNT,
    FLAG,
    MAYBE_AMOUNT,
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    an_object,
    array,
    document,
    frame,
    or_null,
)

MONTH = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
STATUS = {"enum": ["open", "provisional", "closed"]}


def report_schema() -> dict[str, Any]:
    """The schema of the monthly report. What a question adds, such as budgets, is not required."""
    costs = {f"{metric}_cost": MAYBE_AMOUNT for metric in METRICS}
    total = an_object(currency=TEXT, **costs)
    row = an_object(
        month=MONTH,
        keys={"type": "object", "additionalProperties": TEXT},
        **costs,
        previous_cost=MAYBE_AMOUNT,
        change=MAYBE_AMOUNT,
        change_percent=MAYBE_AMOUNT,
        currency=TEXT,
        status=STATUS,
    )
    whole = frame(
        month=MONTH,
        metric={"enum": [*METRICS]},
        status=STATUS,
        sentence=TEXT,
        # Currencies are never added up: with several there is no one total.
        total=or_null(total),
        totals=array(total),
        months=array(an_object(month=MONTH, status=STATUS, totals=array(total))),
        control=an_object(holds=FLAG, identities=array(_identity())),
        rows=array(row),
        movements=array(_movement()),
    )
    whole["properties"] |= {"allocation": _allocation(), **_outlook()}
    return document("costkit report", whole)


def _identity() -> dict[str, Any]:
    keys = {"account": TEXT, "commitment": TEXT, "currency": TEXT}
    return an_object(
        cost={"enum": ["billed", "effective"]}, month=MONTH, **keys, bill=AMOUNT, report=AMOUNT, holds=FLAG
    )


def _movement() -> dict[str, Any]:
    keys = {"service": TEXT, "account": TEXT, "usage_type": TEXT, "currency": TEXT}
    amounts = {"before": AMOUNT, "now": AMOUNT, "by_volume": AMOUNT, "by_price": AMOUNT}
    return an_object(**keys, **amounts, cause={"enum": ["new", "gone", "volume", "price"]})


def _allocation() -> dict[str, Any]:
    """There only with ``--allocate``."""
    guess = an_object(owner=TEXT, alike=NUMBER, siblings=NUMBER, by=TEXT)
    orphan = an_object(
        resource=TEXT,
        account=TEXT,
        service=TEXT,
        currency=TEXT,
        cost=MAYBE_AMOUNT,
        guess=or_null(guess),
    )
    rule = an_object(name=TEXT, currency=TEXT, lines=NUMBER, cost=MAYBE_AMOUNT)
    return an_object(rules=array(rule), unallocated_resources=array(orphan), more_unallocated_resources=NUMBER)


def _outlook() -> dict[str, Any]:
    """What is there only if it was asked for: ``--budget``, ``--forecast``, ``--anomalies``."""
    budget = an_object(
        name=TEXT,
        status={"enum": ["passed", "warned", "failed", "waived", "incomplete"]},
        currency=TEXT,
        limit=AMOUNT,
        actual=MAYBE_AMOUNT,
        variance=MAYBE_AMOUNT,
        variance_percent=MAYBE_AMOUNT,
        forecast=MAYBE_AMOUNT,
        reason=TEXT,
        where=TEXT,
    )
    ahead = {"so_far": AMOUNT, "expected": AMOUNT, "low": AMOUNT, "high": AMOUNT}
    days = {"through": TEXT, "past_days": NUMBER, "days_left": NUMBER}
    forecast = an_object(month=MONTH, currency=TEXT, **ahead, **days, method=TEXT)
    keys = {"account": TEXT, "service": TEXT, "currency": TEXT, "day": TEXT, "until": TEXT}
    anomaly = an_object(
        kind={"enum": [APPEARED, STOPPED, SPIKE, GROWTH]}, **keys, cost=AMOUNT, expected=AMOUNT, difference=AMOUNT
    )
    unusual = an_object(
        thresholds=an_object(**dict.fromkeys(Thresholds._fields, AMOUNT)),
        since=MAYBE_TEXT,
        through=MAYBE_TEXT,
        found=array(anomaly),
    )
    return {"budgets": array(budget), "forecasts": array(forecast), "anomalies": unusual}
