"""The JSON Schema of a budget file, made from the same forms that read it."""

from typing import Any

from costkit.inputs.policy import Budget, Rule, Scope, Waiver
from costkit.inputs.spec_schema import URI, form_schema


def policy_schema() -> dict[str, Any]:
    """The schema of a whole budget file."""
    tags = {
        "type": "object",
        "additionalProperties": {"type": ["string", "number"]},
        "description": "Tags that must fit",
    }
    scope = form_schema(Scope)
    scope["properties"]["tags"] = tags
    scope["description"] = "Which resources are meant (default: all)"
    scoped = [form_schema(form) for form in (Budget, Rule)]
    for schema in scoped:
        schema["properties"]["scope"] = {"$ref": "#/$defs/scope"}
    lists = dict(zip(("budgets", "rules", "waivers"), (*scoped, form_schema(Waiver)), strict=True))
    return {
        "$schema": URI,
        "title": "costkit budget file",
        "type": "object",
        "properties": {
            "version": {"enum": [1, "1"], "description": "Version of the format"},
            **{name: {"type": "array", "items": items} for name, items in lists.items()},
        },
        "required": ["version"],
        "additionalProperties": False,
        "$defs": {"scope": scope},
    }
