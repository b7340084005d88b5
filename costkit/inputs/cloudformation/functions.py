"""CloudFormation's functions of texts and lists, on arguments that are resolved already.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.values import (
    LONGEST,
    TOO_LONG,
    Malformed,
    Reference,
    Unknown,
    first_unknown,
    joined,
    text_of,
)

PLACEHOLDER = re.compile(r"\$\{(!?)([^{}$]*)\}")


def substitute(template: str, name: Callable[[str], Any]) -> Any:
    """Fn::Sub: a text with ``${Name}`` replaced by what ``name`` makes of it; ``${!Name}`` stays ``${Name}``."""
    parts: list[Any] = []
    end = 0
    for match in PLACEHOLDER.finditer(template):
        literal = f"${{{match[2]}}}" if match[1] else None
        parts += [template[end : match.start()], name(match[2].strip()) if literal is None else literal]
        end = match.end()
    # Parts without a text would hide that the whole is one reference.
    return joined([part for part in [*parts, template[end:]] if part != ""])


def join(arguments: Any) -> Any:
    """Fn::Join: [delimiter, [values]]."""
    separator, values = _pair(arguments)
    if isinstance(values, Unknown | Reference):
        return values
    if not isinstance(separator, str) or not isinstance(values, list):
        raise Malformed("wants a delimiter and a list")
    return joined(values, separator)


def select(arguments: Any) -> Any:
    """Fn::Select: [index, [values]], counted from zero."""
    index, values = _pair(arguments)
    unknown = _unknown(index) or _unknown(values)
    if unknown:
        return unknown
    place = text_of(index) or ""
    if not isinstance(values, list) or not place.isdecimal() or len(place) > len(str(LONGEST)):
        raise Malformed("wants a number and a list")
    if int(place) >= len(values):
        raise Malformed(f"selects item {place} of {len(values)}")
    return values[int(place)]


def split(arguments: Any) -> Any:
    """Fn::Split: [delimiter, text]."""
    separator, text = _pair(arguments)
    unknown = _unknown(separator) or _unknown(text)
    if unknown:
        return unknown
    if not isinstance(separator, str) or not separator or not isinstance(text, str):
        raise Malformed("wants a delimiter and a text")
    return list(text.split(separator)) if len(text) <= LONGEST else TOO_LONG


def length(argument: Any) -> Any:
    """Fn::Length: how many items a list has."""
    if unknown := _unknown(argument):
        return unknown
    if not isinstance(argument, list):
        raise Malformed("wants a list")
    return Decimal(len(argument))


def base64(argument: Any) -> Any:
    """Fn::Base64: a text in base 64."""
    if unknown := _unknown(argument):
        return Unknown(unknown.reason)
    text = text_of(argument)
    if text is None:
        raise Malformed("wants a text")
    return b64encode(text.encode("utf-8", "replace")).decode()


def to_json(argument: Any) -> Any:
    """Fn::ToJsonString: a list or mapping as JSON."""
    if not isinstance(argument, dict | list):
        raise Malformed("wants a list or a mapping")
    unknown = first_unknown(argument)
    if unknown is not None:
        return Unknown(unknown.reason)
    text = _json(argument)
    return text if len(text) <= LONGEST else TOO_LONG


def _json(value: Any) -> str:
    # json.dumps knows no exact numbers.
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return str(text_of(value)) if isinstance(value, Decimal) else json.dumps(value)


def _pair(arguments: Any) -> tuple[Any, Any]:
    if not isinstance(arguments, list) or len(arguments) != 2:
        raise Malformed("wants a list of two")
    return arguments[0], arguments[1]


def _unknown(value: Any) -> Unknown | None:
    return value.unknown() if isinstance(value, Reference) else value if isinstance(value, Unknown) else None


# Functions whose arguments may hold other functions, by name.
PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "Fn::Join": join,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Length": length,
    "Fn::Base64": base64,
    "Fn::ToJsonString": to_json,
}
# Functions that only AWS can answer, and what the answer depends on.
BEYOND: Mapping[str, str] = {
    "Fn::ImportValue": "an export of another stack (Fn::ImportValue)",
    "Fn::GetAZs": "the account's availability zones (Fn::GetAZs)",
    "Fn::Transform": "a macro (Fn::Transform)",
    "Fn::Cidr": "an address range (Fn::Cidr)",
}
