"""YAML without its traps: exact decimals, no octals, no surprise booleans, duplicate keys refused, lines kept.

YAML 1.1 reads ``010`` as 8, ``1:30`` as 90, ``1e-7`` as text, the key ``on:`` as True and lets the
last of two equal keys win. Here a plain scalar is a Decimal, true, false, null or the text it is.
"""

import os
import re
from decimal import Decimal
from typing import Any

import yaml

from costkit.model.place import Lines, Path
from costkit.model.problem import Problem

NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d{1,3})?|[+-]?\.\d+(?:[eE][+-]?\d{1,3})?")
WORDS = {"": None, "null": None, "~": None, "true": True, "false": False}
FUNCTION = re.compile(r"![A-Za-z][A-Za-z0-9]*")
QUOTED = ("'", '"', "|", ">")
DEEPEST = 40
MOST_VALUES = 2_000_000

# The short forms of CloudFormation's functions, each the same as a mapping with one key:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
WITHOUT_PREFIX = ("Ref", "Condition")

# libyaml's parser is five times faster; a PyYAML built without it still gives the same events.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Trouble(Exception):
    """The text is no YAML that can be used; carries the one problem that ended the reading."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def scalar(text: str, quoted: bool) -> Any:
    """What a scalar means: a quoted one is text, a plain one may be a number, true, false or null."""
    if quoted:
        return text
    if text in WORDS:
        return WORDS[text]
    return Decimal(text) if NUMBER.fullmatch(text) else text


def line_of(event: Any) -> int:
    """The line an event starts on, counted from one."""
    line: int = event.start_mark.line + 1
    return line


class Reader:
    """Builds values from the parser's events, and remembers on which line each value stands."""

    def __init__(self, text: str, name: str, functions: bool) -> None:
        self.name, self.functions = name, functions
        self.events = yaml.parse(text, Loader=Loader)
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self.anchors: dict[str, Any] = {}
        self.values = 0

    def trouble(self, line: int, message: str, hint: str = "") -> Trouble:
        return Trouble(Problem("CK111", f"{self.name}:{line}", message, hint))

    def next(self) -> Any:
        event = next(self.events)
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!" and not (self.functions and FUNCTION.fullmatch(tag)):
            line = line_of(event)
            raise self.trouble(line, f"tags are not accepted: {tag[:60]}", "write the plain value")
        return event

    def document(self) -> Any:
        """The one document of the text, or None if there is none."""
        self.next()
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self.value(self.next(), ())
        self.next()
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.trouble(line_of(event), "more than one document", "keep one document a file")
        return value

    def value(self, event: Any, path: Path) -> Any:
        """The value that starts at an event; ``path`` is where it stands in the document."""
        function = _function(event)
        if function:
            self.lines[path] = self.lines.get(path, line_of(event))
            return {function: self.argument(function, event, (*path, function))}
        return self.plain_value(event, path)

    def argument(self, function: str, event: Any, path: Path) -> Any:
        """What a short form is applied to; ``!GetAtt api.Arn`` is written as a list in the long form."""
        value = self.plain_value(event, path)
        if function == "Fn::GetAtt" and isinstance(value, str):
            return list(value.partition(".")[::2])
        return value

    def plain_value(self, event: Any, path: Path) -> Any:
        """A value without regard to its tag."""
        line = self.lines[path] = self.lines.get(path, line_of(event))
        self.values += 1
        if self.values > MOST_VALUES or len(path) > DEEPEST:
            if len(path) > DEEPEST:
                raise self.trouble(line, "nested too deeply")
            raise self.trouble(line, "too many values", "a fleet of this size is read as JSON or CSV")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(str(event.anchor), line)
        before = self.values
        if isinstance(event, yaml.ScalarEvent):
            value = scalar(event.value, quoted=event.style in QUOTED)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(path)
        else:
            value = self.mapping(path)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, self.values - before + 1)
        return value

    def alias(self, anchor: str, line: int) -> Any:
        # Counting what an alias stands for, not the alias, stops a few lines from growing into billions.
        if anchor not in self.anchors:
            raise self.trouble(line, f"an alias without an anchor: *{anchor}")
        value, size = self.anchors[anchor]
        self.values += size
        return value

    def sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: Path) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line = line_of(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self.trouble(line, "a key must be a plain name")
            key = event.value
            if key == "<<" and event.style not in QUOTED:
                raise self.trouble(line, "merge keys (<<) are not accepted", "write the keys out, or use an alias")
            inner = (*path, key)
            if key in items:
                where, first = f"{self.name}:{line}", self.lines[inner]
                hint = f"it already stands on line {first}; remove one of them"
                self.problems.append(Problem("CK103", where, f"duplicate key: {key[:60]}", hint))
            self.lines[inner] = line
            items[key] = self.value(self.next(), inner)
        return items


def _function(event: Any) -> str:
    """The long form of a short form's name, or an empty text."""
    tag = getattr(event, "tag", None)
    if tag is None or tag == "!":
        return ""
    name = tag.removeprefix("!")
    return name if name in WITHOUT_PREFIX else f"Fn::{name}"


def read_own(module: str, name: str) -> Any:
    """What ``NAME.yaml`` beside a module of costkit holds; ``module`` is its ``__file__``. Raises ValueError."""
    path = os.path.join(os.path.dirname(os.path.abspath(module)), f"{name}.yaml")
    with open(path, encoding="utf-8") as file:
        tree, _, problems = read(file.read(), path)
    if problems:
        raise ValueError(f"{path}: {problems[0]}")
    return tree


def read(text: str, name: str, functions: bool = False) -> tuple[Any, Lines, list[Problem]]:
    """Read one YAML document: its value, the line of each path in it, and the problems found.

    With ``functions`` the short forms of CloudFormation are accepted and read as their long ones:
    ``!Sub x`` as ``{Fn::Sub: x}``.
    ``name`` is how messages call the file. Mappings keep their order, their keys are text. What ends
    the reading (syntax, tags, runaway aliases) comes back as a problem with the value None.
    """
    reader = Reader(text, name, functions)
    try:
        return reader.document(), reader.lines, reader.problems
    except Trouble as trouble:
        return None, reader.lines, [*reader.problems, trouble.problem]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        message = " ".join(f"{error.context or ''} {error.problem or ''}".split())
        return None, reader.lines, [*reader.problems, Problem("CK111", where, f"not YAML: {message}")]
    except yaml.reader.ReaderError as error:
        where = f"{name}:{text.count(chr(10), 0, error.position) + 1}"
        message = "a control character, which YAML does not allow"
        return None, reader.lines, [*reader.problems, Problem("CK111", where, message, "remove it")]
