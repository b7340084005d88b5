"""Attributes of a snapshot's items against the form of their kind, and that form as a JSON Schema."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import nearest
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TIME, Form

JSON_TYPES = {FLAG: "boolean", NUMBER: "number"}
# The largest number of AWS is one of bytes; nobody is helped by one that fills the screen.
MOST_PLACES = 60


def attribute_problems(form: Form, tree: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Place, message and hint of each attribute that is not what the form says."""
    for key, value in tree.items():
        if key not in form:
            yield (*path, key), f"unknown attribute: {shown(key)}", nearest(key, form)
        else:
            yield from _value_problems(form[key], value, (*path, key))


def _value_problems(wanted: Any, value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(wanted, list):
        if not isinstance(value, list):
            yield path, f"not a list: {shown(value)}", ""
            return
        for place, part in enumerate(value):
            yield from _value_problems(wanted[0], part, (*path, place))
    elif isinstance(wanted, dict):
        if isinstance(value, dict):
            yield from attribute_problems(wanted, value, path)
        else:
            yield path, f"not a mapping: {shown(value)}", ""
    elif wanted == FLAG:
        if not isinstance(value, bool):
            yield path, f"neither true nor false: {shown(value)}", ""
    elif wanted == NUMBER:
        if not isinstance(value, Decimal) or not value.is_finite() or (value and abs(value.adjusted()) > MOST_PLACES):
            yield path, f"not a number: {shown(value)}", ""
    elif not isinstance(value, str):
        yield path, f"not a text: {shown(value)}", ""


def form_schema(wanted: Any) -> dict[str, Any]:
    """The JSON Schema of a form or of one of its attributes."""
    if isinstance(wanted, list):
        return {"type": "array", "items": form_schema(wanted[0])}
    if isinstance(wanted, dict):
        properties = {key: form_schema(value) for key, value in wanted.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    return {"type": JSON_TYPES.get(wanted, "string")} | ({"description": "ISO time"} if wanted == TIME else {})
