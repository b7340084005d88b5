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
    problem = _object(
        code={"type": "string", "pattern": r"^CK\d{3}$"},
        severity={"enum": ["error", "warning"]},
        where=TEXT,
        message=TEXT,
        hint=TEXT,
    )
    whole = _object(
        schema_version={"const": 1},
        tool_version=TEXT,
        name=TEXT,
        currency=TEXT,
        on={"type": "string", "format": "date"},
        month_hours=AMOUNT,
        complete={"type": "boolean"},
        total=_object(**amounts, upfront_cost=AMOUNT),
        resources={"type": "array", "items": resource},
        account={"type": "array", "items": {"$ref": "#/$defs/charge"}},
        problems={"type": "array", "items": problem},
        prices=_object(oldest=MAYBE_TEXT, newest=MAYBE_TEXT),
    )
    free = _object(type=TEXT, count={"type": "integer", "minimum": 1})
    whole["properties"]["free"] = {"type": "array", "items": free}
    return {"$schema": URI, "title": "costkit estimate", **whole, "$defs": {"charge": charge}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
