"""The JSON Schema of what costkit writes."""

from typing import Any

URI = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
AMOUNT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
MAYBE_AMOUNT = {"anyOf": [AMOUNT, {"type": "null"}]}
MAYBE_TEXT = {"type": ["string", "null"]}


def estimate_schema() -> dict[str, Any]:
    """The schema of ``costkit estimate -f json``. Later versions only add keys."""
    charge = _object(
        meter=TEXT,
        description=TEXT,
        quantity=MAYBE_AMOUNT,
        unit=TEXT,
        unit_price=MAYBE_AMOUNT,
        monthly_cost=MAYBE_AMOUNT,
        low=MAYBE_AMOUNT,
        high=MAYBE_AMOUNT,
        status={"enum": ["priced", "unpriced", "needs_usage", "allowance"]},
        price_date=MAYBE_TEXT,
        source=MAYBE_TEXT,
        steps={"type": "array", "items": TEXT},
    )
    amounts = {"monthly_cost": AMOUNT, "low": AMOUNT, "high": AMOUNT}
    resource = _object(
        name=TEXT,
        type=TEXT,
        region=TEXT,
        tags={"type": "object", "additionalProperties": TEXT},
        **amounts,
        charges={"type": "array", "items": {"$ref": "#/$defs/charge"}},
    )
    whole = _object(
        **_frame(),
        month_hours=AMOUNT,
        total=_object(**amounts, upfront_cost=AMOUNT),
        resources={"type": "array", "items": resource},
        account={"type": "array", "items": {"$ref": "#/$defs/charge"}},
    )
    free = _object(type=TEXT, count={"type": "integer", "minimum": 1})
    whole["properties"]["free"] = {"type": "array", "items": free}
    return {"$schema": URI, "title": "costkit estimate", **whole, "$defs": {"charge": charge}}


def check_schema() -> dict[str, Any]:
    """The schema of ``costkit check -f json``. Later versions only add keys."""
    mover = _object(name=TEXT, where=TEXT, monthly_cost=AMOUNT, change=MAYBE_AMOUNT, reason=TEXT)
    result = _object(
        name=TEXT,
        kind={"enum": ["budget", "growth", "rule"]},
        status={"enum": ["passed", "warned", "failed", "waived", "incomplete"]},
        limit=MAYBE_AMOUNT,
        actual=MAYBE_AMOUNT,
        headroom=MAYBE_AMOUNT,
        against={"enum": ["low", "expected", "high"]},
        missing={"type": "integer", "minimum": 0},
        where=TEXT,
        resources={"type": "array", "items": mover},
    )
    whole = _object(
        **_frame(),
        verdict={"enum": ["passed", "failed", "incomplete"]},
        total=_object(monthly_cost=AMOUNT, low=AMOUNT, high=AMOUNT),
        results={"type": "array", "items": result},
    )
    return {"$schema": URI, "title": "costkit check", **whole}


def diff_schema() -> dict[str, Any]:
    """The schema of ``costkit diff -f json``. Later versions only add keys."""
    amounts: dict[str, Any] = {"quantity_before": MAYBE_AMOUNT, "quantity_after": MAYBE_AMOUNT}
    amounts |= {"before": MAYBE_AMOUNT, "after": MAYBE_AMOUNT, "change": AMOUNT}
    charge = _object(meter=TEXT, description=TEXT, unit=TEXT, status=TEXT, **amounts)
    resource = _object(
        name=TEXT,
        type=TEXT,
        region=TEXT,
        where=TEXT,
        status={"enum": ["added", "removed", "changed", "moved"]},
        before=AMOUNT,
        after=AMOUNT,
        change=AMOUNT,
        complete={"type": "boolean"},
        charges={"type": "array", "items": charge},
    )
    whole = _object(
        **_frame(),
        before=AMOUNT,
        after=AMOUNT,
        change=AMOUNT,
        change_percent=MAYBE_AMOUNT,
        resources={"type": "array", "items": resource},
    )
    return {"$schema": URI, "title": "costkit diff", **whole}


def _frame() -> dict[str, Any]:
    """What every command's JSON has."""
    return {
        "schema_version": {"const": 1},
        "tool_version": TEXT,
        "name": TEXT,
        "currency": TEXT,
        "on": {"type": "string", "format": "date"},
        "complete": {"type": "boolean"},
        "problems": {"type": "array", "items": _problem()},
        "prices": _prices(),
    }


def _prices() -> dict[str, Any]:
    """The span of days; the tables of a team's own stand there only if prices came from some."""
    span = _object(oldest=MAYBE_TEXT, newest=MAYBE_TEXT)
    span["properties"]["overlays"] = {"type": "array", "items": TEXT}
    return span


def _problem() -> dict[str, Any]:
    return _object(
        code={"type": "string", "pattern": r"^CK\d{3}$"},
        severity={"enum": ["error", "warning"]},
        where=TEXT,
        message=TEXT,
        hint=TEXT,
    )


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
