"""What the JSON Schemas of several commands share."""

from typing import Any

URI = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
AMOUNT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
MAYBE_AMOUNT = {"anyOf": [AMOUNT, {"type": "null"}]}
MAYBE_TEXT = {"type": ["string", "null"]}
FLAG = {"type": "boolean"}
NUMBER = {"type": "integer", "minimum": 0}
TEXTS = {"type": "array", "items": TEXT}


def frame(**own: Any) -> dict[str, Any]:
    """What every command's JSON has, and what one has of its own."""
    return an_object(
        schema_version={"const": 1},
        tool_version=TEXT,
        **own,
        complete=FLAG,
        problems=array(problem()),
        prices=prices(),
    )


def of_a_spec(**own: Any) -> dict[str, Any]:
    """What the JSON of a spec at the prices of a day has, and what a command's has of its own."""
    return frame(name=TEXT, currency=TEXT, on=DAY, **own)


def document(title: str, whole: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A schema by itself; ``parts`` are what it refers to."""
    return {"$schema": URI, "title": title, **whole, **({"$defs": parts} if parts else {})}


def array(items: dict[str, Any]) -> dict[str, Any]:
    """A list of things alike."""
    return {"type": "array", "items": items}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A thing, or null where there is none."""
    return {"anyOf": [schema, {"type": "null"}]}


def prices() -> dict[str, Any]:
    """The span of days; the tables of a team's own stand there only if prices came from some."""
    span = an_object(oldest=MAYBE_TEXT, newest=MAYBE_TEXT)
    span["properties"]["overlays"] = {"type": "array", "items": TEXT}
    return span


def problem() -> dict[str, Any]:
    """A problem as every command writes it."""
    return an_object(
        code={"type": "string", "pattern": r"^CK\d{3}$"},
        severity={"enum": ["error", "warning"]},
        where=TEXT,
        message=TEXT,
        hint=TEXT,
    )


def an_object(**properties: Any) -> dict[str, Any]:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def charge(**own: Any) -> dict[str, Any]:
    """A charge as estimates and comparisons write it."""
    return an_object(
        **own,
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
        steps=TEXTS,
    )
