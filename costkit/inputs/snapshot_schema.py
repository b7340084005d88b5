"""The JSON Schema of a snapshot, made from the same kinds that read it."""

from typing import Any

from costkit.inputs.snapshot import ACCOUNT, REGION, TIME
from costkit.inputs.snapshot_attributes import form_schema
from costkit.inputs.spec_schema import URI
from costkit.model.snapshot import FORMAT, REASONS, SCHEMA_VERSION, UNKNOWN_GAPS, ZERO_GAPS
from costkit.model.snapshot_kinds import kinds
from costkit.model.snapshot_kinds.kind import ItemKind

TEXT = {"type": "string"}
WHOLE = {"type": "integer", "minimum": 0}


def snapshot_schema() -> dict[str, Any]:
    """The schema of a whole snapshot; an item is described by its kind."""
    texts = {"type": "array", "items": TEXT}
    where = {"account": _pattern(ACCOUNT), "region": _pattern(REGION), "kind": {"enum": list(kinds())}}
    gap = _object(**where, what=TEXT, reason={"enum": list(REASONS)}, action=TEXT, message=TEXT, ids=texts)
    calls = {"type": "object", "additionalProperties": WHOLE}
    whole = _object(
        format={"const": FORMAT},
        schema_version={"const": SCHEMA_VERSION},
        tool_version=TEXT,
        collected=_pattern(TIME),
        complete={"type": "boolean"},
        window=_object(start=_pattern(TIME), end=_pattern(TIME)),
        accounts=_list(_object(id=_pattern(ACCOUNT), role=TEXT)),
        regions=texts,
        services=texts,
        api=_object(calls=calls, metrics=WHOLE, cost=_pattern(r"\d+(\.\d+)?"), currency={"const": "USD"}),
        parts=_list(_object(**where, items=WHOLE)),
        missing=_list(gap),
        items=_list({"oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds()]}),
    )
    definitions = {name: _item(kind) for name, kind in kinds().items()}
    return {"$schema": URI, "title": "costkit snapshot", **whole, "$defs": {"series": _series(), **definitions}}


def _item(kind: ItemKind) -> dict[str, Any]:
    tags = {"anyOf": [{"type": "object", "additionalProperties": TEXT}, {"type": "null"}]}
    item = _object(
        kind={"const": kind.name},
        id=TEXT,
        arn=TEXT,
        account=_pattern(ACCOUNT),
        region=_pattern(REGION),
        tags=tags,
        attributes=form_schema(kind.form),
    )
    if kind.metrics:
        item["properties"]["metrics"] = _list({"$ref": "#/$defs/series"})
    return {"description": kind.about, **item}


def _series() -> dict[str, Any]:
    series = _object(
        namespace=TEXT,
        metric=TEXT,
        statistic=TEXT,
        period={"type": "integer", "minimum": 60},
        start=_pattern(TIME),
        end=_pattern(TIME),
        gaps={"enum": [ZERO_GAPS, UNKNOWN_GAPS]},
        values=_list({"type": ["number", "null"]}),
    )
    series["properties"]["dimensions"] = {"type": "object", "additionalProperties": TEXT}
    return series


def _pattern(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
