"""The JSON Schema of an allocation file, made from the same forms that read it."""

from typing import Any

from costkit.inputs.allocation_rules import Division, Rule
from costkit.inputs.spec_schema import URI, form_schema


def allocation_schema() -> dict[str, Any]:
    """The schema of a whole allocation file."""
    rule, split = form_schema(Rule), form_schema(Division)
    split["properties"]["weights"] = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["number", "string"]},
        "description": "Owners of a weighted split with their weights",
    }
    rule["properties"]["tags"] = {
        "type": "object",
        "additionalProperties": {"type": ["string", "number"]},
        "description": "Tags that must fit: values, or patterns",
    }
    rule["properties"]["split"] = {"anyOf": [split, split["properties"]["how"]], "description": "Shared by owners"}
    rule["oneOf"] = [{"required": [target]} for target in ("to", "to_tag", "split")]
    return {
        "$schema": URI,
        "title": "costkit allocation file",
        "type": "object",
        "properties": {
            "version": {"enum": [1, "1"], "description": "Version of the format"},
            "rules": {"type": "array", "minItems": 1, "items": rule},
        },
        "required": ["version", "rules"],
        "additionalProperties": False,
    }
