"""The JSON Schema of the finance report."""

from typing import Any

from costkit.reports.schemas.parts import (
    AMOUNT,
    FLAG,
    MAYBE_AMOUNT,
    TEXT,
    an_object,
    array,
    document,
    frame,
    or_null,
)

STATUS = {"enum": ["open", "provisional", "closed"]}
COSTS = dict.fromkeys(("billed_cost", "effective_cost", "list_cost", "contracted_cost"), MAYBE_AMOUNT)


def report_schema() -> dict[str, Any]:
    """The schema of ``costkit report -f json``. What a question adds, such as budgets, is not required."""
    total = an_object(currency=TEXT, **COSTS)
    row = an_object(
        month=TEXT,
        keys={"type": "object", "additionalProperties": TEXT},
        **COSTS,
        previous_cost=MAYBE_AMOUNT,
        change=MAYBE_AMOUNT,
        change_percent=MAYBE_AMOUNT,
        currency=TEXT,
        status=STATUS,
    )
    control = an_object(
        cost={"enum": ["billed", "effective"]},
        month=TEXT,
        account=TEXT,
        commitment=TEXT,
        currency=TEXT,
        bill=AMOUNT,
        report=AMOUNT,
        holds=FLAG,
    )
    moved = an_object(
        service=TEXT,
        account=TEXT,
        usage_type=TEXT,
        currency=TEXT,
        before=AMOUNT,
        now=AMOUNT,
        by_volume=AMOUNT,
        by_price=AMOUNT,
        cause={"enum": ["price", "volume", "new", "gone"]},
    )
    whole = frame(
        month=TEXT,
        metric={"enum": ["effective", "billed", "list", "contracted"]},
        status=STATUS,
        sentence=TEXT,
        total=or_null(total),
        totals=array(total),
        months=array(an_object(month=TEXT, status=STATUS, totals=array(total))),
        control=an_object(holds=FLAG, identities=array(control)),
        rows=array(row),
        movements=array(moved),
    )
    added = ("allocation", "forecasts", "budgets", "anomalies")
    whole["properties"] |= {key: {"type": ["object", "array", "null"]} for key in added}
    return document("costkit report", whole)
