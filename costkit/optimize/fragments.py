"""Parts of a spec: fields that replace others, and their text as YAML that costkit reads back as the same."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from costkit.model.exact import ONE, ZERO, plain
from costkit.yaml_exact import scalar

Fragment = Mapping[str, Any]
PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./% +-]*[A-Za-z0-9_%])?")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
INDENT = "  "
LONGEST_KEY = 1000
# What a resource becomes that is deleted: none of it.
GONE: Fragment = {"count": ZERO}
# What holds of a resource beside its usage where its entry says nothing.
DEFAULTS: Fragment = {"count": ONE}


def spread(expected: Decimal, low: Decimal, high: Decimal) -> Any:
    """Three points as a field says them: one number where they are equal, else a range."""
    if low == expected == high:
        return expected
    least, middle, most = sorted((low, expected, high))
    return {"low": least, "expected": middle, "high": most}


def changed(raw: Mapping[str, Any], fields: Fragment) -> dict[str, Any]:
    """A resource's entry with fields replaced whole; None takes a field away."""
    kept = {key: value for key, value in raw.items() if key not in fields}
    order = {key: fields.get(key, value) for key, value in raw.items()}
    merged = {**order, **{key: value for key, value in fields.items() if key not in kept}}
    return {key: value for key, value in merged.items() if key not in fields or value is not None}


def before_text(raw: Mapping[str, Any], fields: Fragment, usage: Any) -> str:
    """The fields that a change replaces, as they are written, or with the default that holds instead."""
    shown = {}
    for key in fields:
        # A usage is a tuple, whose own count is a method.
        default = getattr(usage, key) if key in usage._fields else DEFAULTS.get(key)
        value = raw.get(key, default)
        if value is not None and not isinstance(value, tuple):
            shown[key] = value
    return written(shown)


def after_text(fields: Fragment) -> str:
    """The fields that a change sets; one that it takes away is a comment."""
    text = written({key: value for key, value in fields.items() if value is not None})
    return text + "".join(f"# without {_key(key)}\n" for key, value in fields.items() if value is None)


def written(tree: Mapping[str, Any]) -> str:
    """A mapping as YAML in block style; an empty one is an empty text."""
    return "".join(_mapping(tree, 0)) if tree else ""


def _mapping(tree: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, value in tree.items():
        name, indent = _key(str(key)), INDENT * depth
        # YAML takes a longer key only with a question mark: https://yaml.org/spec/1.1/#id934537
        yield f"{indent}{name}:" if len(name) < LONGEST_KEY else f"{indent}? {name}\n{indent}:"
        yield from _value(value, depth + 1)


def _value(value: Any, depth: int) -> Iterator[str]:
    """What stands behind a colon or a dash, up to the end of its last line."""
    if isinstance(value, Mapping) and value:
        yield "\n"
        yield from _mapping(value, depth)
    elif isinstance(value, list) and value:
        yield "\n"
        for item in value:
            yield f"{INDENT * depth}-"
            yield from _value(item, depth + 1)
    else:
        yield f" {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list):
        return "[]"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return plain(value) if isinstance(value, Decimal) else _text(str(value))


def _key(key: str) -> str:
    """A key as it may be written; any plain one is text, even one that looks like a number."""
    return key if PLAIN.fullmatch(key) else _quoted(key)


def _text(text: str) -> str:
    """A text, quoted wherever it would not be read back as itself."""
    return text if PLAIN.fullmatch(text) and scalar(text, quoted=False) == text else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + "".join(ESCAPES.get(character) or _escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    """What YAML takes as it is, or its number: https://yaml.org/spec/1.1/#id872840."""
    if character.isprintable():
        return character
    number = ord(character)
    if number > 0xFFFF:
        return f"\\U{number:08x}"
    return f"\\u{number:04x}" if number > 0xFF else f"\\x{number:02x}"
