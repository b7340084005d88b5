"""The JSON Schema of a spec, made from the same forms that read it."""

from typing import Any

from costkit.inputs.binding import Field, fields_of
from costkit.inputs.frame import Frame
from costkit.model.kind import Nested, Whole
from costkit.services import service, types

URI = "https://json-schema.org/draft/2020-12/schema"


def spec_schema() -> dict[str, Any]:
    """The schema of a whole spec; a resource is described by its type."""
    properties = {field.name: _field(field) for field in fields_of(Frame)}
    properties["version"] = {"enum": [1, "1"], "description": "Version of the format"}
    properties["tags"] = _tags()
    properties["resources"] = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in types()]},
    }
    return {
        "$schema": URI,
        "title": "costkit spec",
        "type": "object",
        "properties": properties,
        "required": ["version", "resources"],
        "additionalProperties": False,
        "$defs": {kind: _resource(kind) for kind in types()},
    }


def _resource(kind: str) -> dict[str, Any]:
    form = service(kind).Usage
    inner = form_schema(form)
    common: dict[str, Any] = {
        "type": {"const": kind},
        "region": {"type": "string", "description": "Region (default: the spec's)"},
        "tags": _tags(),
        "count": {**Whole("copies").schema(), "description": "How many of them (default: 1)"},
    }
    return {
        **inner,
        "description": (form.__doc__ or "").strip(),
        "properties": {**common, **inner["properties"]},
        "required": ["type", *inner.get("required", [])],
    }


def form_schema(form: type) -> dict[str, Any]:
    """The schema of a form: its fields, those that are required, and no others."""
    fields = fields_of(form)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: _field(field) for field in fields},
        "additionalProperties": False,
    }
    required = [field.name for field in fields if field.required]
    return schema | {"required": required} if required else schema


def _field(field: Field) -> dict[str, Any]:
    if isinstance(field.kind, Nested):
        inner = form_schema(field.kind.form)
        if field.kind.many:
            return {"type": "array", "items": {"anyOf": [inner, _first(field.kind.form)]}, "description": field.about}
        return {"anyOf": [inner, _first(field.kind.form)], "description": field.about}
    schema = field.kind.schema()
    if field.kind.numeric:
        points = dict.fromkeys(("low", "expected", "high"), schema)
        span = {"type": "object", "properties": points, "required": ["expected"], "additionalProperties": False}
        schema = {"anyOf": [schema, span]}
    return {**schema, "description": field.about}


def _first(form: type) -> dict[str, Any]:
    """A bare scalar stands for the first field of a nested form."""
    return _field(fields_of(form)[0])


def _tags() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": ["string", "number"]}, "description": "Tags"}
