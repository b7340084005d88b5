"""The tags of a resource: a list of keys and values, or a mapping.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
"""

from collections.abc import Iterator
from typing import Any

from costkit.inputs.cloudformation.values import text_of
from costkit.inputs.cloudformation.view import Resource

# The value of a tag that only the deployment tells.
UNKNOWN = "?"


def tags_of(resource: Resource) -> dict[str, str]:
    """The tags of a resource; a value that is not known reads ``?``."""
    return {key: _text(value) for key, value in _pairs(resource.peek("Tags")) if key}


def _pairs(tags: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tags, dict):
        yield from ((key, value) for key, value in tags.items() if not key.startswith("Fn::"))
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and isinstance(tag.get("Key"), str):
            yield tag["Key"], tag.get("Value")


def _text(value: Any) -> str:
    text = text_of(value)
    return UNKNOWN if text is None else text
