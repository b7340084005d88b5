"""The Globals of a SAM template, merged into its resources as SAM does it.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
"""

from collections.abc import Mapping
from typing import Any

PREFIX = "AWS::Serverless::"
# Lists are appended to the global ones, but for this one: two architectures would be none.
REPLACED = ("Architectures",)


def with_globals(
    type: str, properties: Mapping[str, Any], ignored: Any, sections: Mapping[str, Any]
) -> Mapping[str, Any]:
    """A resource's properties with those that all of its type share; ``ignored`` is its IgnoreGlobals."""
    shared = sections.get(type.removeprefix(PREFIX))
    if not isinstance(shared, dict) or ignored == "*":
        return properties
    names = ignored if isinstance(ignored, list) else []
    return _merged({key: value for key, value in shared.items() if key not in names}, properties)


def _merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(shared)
    for key, value in own.items():
        before = shared.get(key)
        if isinstance(before, list) and isinstance(value, list) and key not in REPLACED:
            result[key] = [*before, *value]
        elif isinstance(before, dict) and _is_mapping(before) and _is_mapping(value):
            result[key] = _merged(before, value)
        else:
            result[key] = value
    return result


def _is_mapping(value: Any) -> bool:
    """Whether a value is merged key by key; a function stands for a scalar."""
    if not isinstance(value, dict) or len(value) != 1:
        return isinstance(value, dict)
    name = next(iter(value))
    return name not in ("Ref", "Condition") and not name.startswith("Fn::")
