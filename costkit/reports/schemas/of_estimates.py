"""The JSON Schemas of estimates, of gates and of differences."""

from typing import Any

from costkit.reports.schemas.parts import (
    AMOUNT,
    FLAG,
    MAYBE_AMOUNT,
    NUMBER,
    TEXT,
    an_object,
    array,
    charge,
    document,
    of_a_spec,
)

A_CHARGE = {"$ref": "#/$defs/charge"}


def estimate_schema() -> dict[str, Any]:
    """The schema of ``costkit estimate -f json``."""
    amounts = {"monthly_cost": AMOUNT, "low": AMOUNT, "high": AMOUNT}
    resource = an_object(
        name=TEXT,
        type=TEXT,
        region=TEXT,
        tags={"type": "object", "additionalProperties": TEXT},
        **amounts,
        charges=array(A_CHARGE),
    )
    whole = of_a_spec(
        month_hours=AMOUNT,
        total=an_object(**amounts, upfront_cost=AMOUNT),
        resources=array(resource),
        account=array(A_CHARGE),
    )
    free = an_object(type=TEXT, count=NUMBER | {"minimum": 1})
    whole["properties"]["free"] = array(free)
    return document("costkit estimate", whole, charge=charge())


def check_schema() -> dict[str, Any]:
    """The schema of ``costkit check -f json``."""
    mover = an_object(name=TEXT, where=TEXT, monthly_cost=AMOUNT, change=MAYBE_AMOUNT, reason=TEXT)
    result = an_object(
        name=TEXT,
        kind={"enum": ["budget", "growth", "rule"]},
        status={"enum": ["passed", "warned", "failed", "waived", "incomplete"]},
        limit=MAYBE_AMOUNT,
        actual=MAYBE_AMOUNT,
        headroom=MAYBE_AMOUNT,
        against={"enum": ["low", "expected", "high"]},
        missing=NUMBER,
        where=TEXT,
        resources=array(mover),
    )
    whole = of_a_spec(
        verdict={"enum": ["passed", "failed", "incomplete"]},
        total=an_object(monthly_cost=AMOUNT, low=AMOUNT, high=AMOUNT),
        results=array(result),
    )
    return document("costkit check", whole)


def diff_schema() -> dict[str, Any]:
    """The schema of ``costkit diff -f json``."""
    amounts: dict[str, Any] = {"quantity_before": MAYBE_AMOUNT, "quantity_after": MAYBE_AMOUNT}
    amounts |= {"before": MAYBE_AMOUNT, "after": MAYBE_AMOUNT, "change": AMOUNT}
    changed = an_object(meter=TEXT, description=TEXT, unit=TEXT, status=TEXT, **amounts)
    resource = an_object(
        name=TEXT,
        type=TEXT,
        region=TEXT,
        where=TEXT,
        status={"enum": ["added", "removed", "changed", "moved"]},
        before=AMOUNT,
        after=AMOUNT,
        change=AMOUNT,
        complete=FLAG,
        charges=array(changed),
    )
    whole = of_a_spec(
        before=AMOUNT,
        after=AMOUNT,
        change=AMOUNT,
        change_percent=MAYBE_AMOUNT,
        resources=array(resource),
    )
    return document("costkit diff", whole)
