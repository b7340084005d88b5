"""The parameters of a template: given on the command line, else their defaults, else unknown.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import nearest
from costkit.inputs.cloudformation.values import Unknown, text_of
from costkit.inputs.documents import Document
from costkit.model.kind import Refused, number, shown
from costkit.model.problem import Problem

SSM = "AWS::SSM::Parameter::Value<"


def read_parameters(document: Document, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """The value of each parameter: a text, a number, a list of texts, or Unknown. And what is wrong with them."""
    declared = document.tree.get("Parameters")
    declared = declared if isinstance(declared, dict) else {}
    problems = [
        Problem("CK118", f"--parameter {name}", f"the template has no parameter {shown(name)}", _hint(name, declared))
        for name in given
        if name not in declared
    ]
    values: dict[str, Any] = {}
    for name, declaration in declared.items():
        where = f"--parameter {name}" if name in given else document.where(("Parameters", name))
        if not isinstance(declaration, dict):
            problems.append(Problem("CK119", where, f"a parameter is a mapping: {shown(declaration)}", "give its Type"))
            declaration = {}
        values[name] = _value(name, declaration, given)
        problems += [
            Problem("CK118", where, f"parameter {name}: {message}", hint)
            for message, hint in _refusals(values[name], declaration)
        ]
    return values, problems


def _hint(name: str, declared: Mapping[str, Any]) -> str:
    return nearest(name, declared) or (f"it has {', '.join(list(declared)[:9])}" if declared else "it has none at all")


def _value(name: str, declaration: Mapping[str, Any], given: Mapping[str, str]) -> Any:
    kind = str(declaration.get("Type"))
    default = declaration.get("Default")
    way_out = f"give --parameter {name}=VALUE"
    if name not in given and kind.startswith(SSM):
        reason = f"parameter {name}, which AWS reads from Parameter Store; {way_out}"
        return Unknown(reason, f"${{{name}}}", text_of(default) or "")
    value = given.get(name, default)
    if value is None:
        return Unknown(f"parameter {name}, which has no default; {way_out}", f"${{{name}}}")
    if isinstance(value, dict | list):
        return Unknown(f"parameter {name}, whose default is no text; {way_out}", f"${{{name}}}")
    if kind.removeprefix(SSM).startswith(("List<", "CommaDelimitedList")):
        text = text_of(value) or ""
        return [item.strip() for item in text.split(",")] if text else []
    return value


def _refusals(value: Any, declaration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the template itself does not allow."""
    if isinstance(value, Unknown):
        return
    allowed = declaration.get("AllowedValues")
    words = [text_of(word) or "" for word in allowed] if isinstance(allowed, list) else None
    for item in value if isinstance(value, list) else [value]:
        text = text_of(item) or ""
        if words is not None and text not in words:
            yield f"{shown(text)} is not allowed", f"one of {', '.join(words[:20])}"
        elif declaration.get("Type") == "Number":
            yield from _out_of_bounds(text, declaration)


def _out_of_bounds(text: str, declaration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    value = _number(text)
    if value is None:
        yield f"not a number: {shown(text)}", "write a plain number"
        return
    low, high = (_number(text_of(declaration.get(key)) or "") for key in ("MinValue", "MaxValue"))
    if low is not None and value < low:
        yield f"{shown(text)} is too small", f"at least {low}"
    if high is not None and value > high:
        yield f"{shown(text)} is too large", f"at most {high}"


def _number(text: str) -> Decimal | None:
    try:
        value, unit = number(text, "")
    except Refused:
        return None
    return None if unit else value
