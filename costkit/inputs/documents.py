"""Texts from files become plain trees with the line of each part: YAML, JSON, CSV."""

import os
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from costkit.model.kind import shown
from costkit.model.place import Lines, Path, nearest_line
from costkit.model.price import Prices
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import NotPriced

LARGEST_YAML = 8 * 2**20
# A JSON text of this size is read a second time, as YAML, for its lines without anybody noticing.
SMALL = 200_000
# What a CloudFormation template must have at its left edge, and no spec may: only there short forms are read.
TEMPLATE = re.compile(r"^[\"']?Resources[\"']?\s*:", re.MULTILINE)
LARGEST_FLEET = 512 * 2**20


class Document(NamedTuple):
    """A text as a tree, the name messages call it by, and the lines of its parts (YAML only).

    ``flags`` names the flag, or the place in another file, of each part that was set from there.
    ``translated`` names the resources that come from a plan or template: such a file is not wrong where
    costkit cannot price it, so they join ``not_priced``. ``free`` counts types that cost nothing.
    ``tables`` are the directories of its own prices and what to call them, where ``name`` does not lead to them.
    ``prices`` are those that a snapshot itself has, by table, meter, type and region.
    """

    name: str
    tree: Any
    lines: Lines
    problems: tuple[Problem, ...]
    text: str = ""
    flags: dict[Path, str] = {}
    translated: frozenset[str] | None = None
    not_priced: tuple[NotPriced, ...] = ()
    free: Mapping[str, int] = {}
    origins: Mapping[Path, str] = {}
    tables: tuple[tuple[str, str], ...] | None = None
    prices: Prices = {}

    def where(self, path: Path) -> str:
        """The flag that set a path, or the file and line of it or of the nearest part around it."""
        for end in range(len(path) if self.flags else 0, 0, -1):
            if path[:end] in self.flags:
                inner = [str(part) for part in path[end:] if not isinstance(part, int)]
                flag = self.flags[path[:end]]
                return " ".join([flag, *inner]) if flag.startswith("--") else flag
        for end in range(len(path) if self.origins else 0, 0, -1):
            if path[:end] in self.origins:
                return self.origins[path[:end]]
        if not self.lines:
            return f"{self.name}: {'.'.join(str(part) for part in path)}" if path else self.name
        return f"{self.name}:{nearest_line(path, self.lines)}"


def read_file(name: str) -> Document:
    """Read a spec or fleet file; the kind is found from its name and content.

    Raises CostkitError if it is not there, is no text, is too large or cannot be parsed.
    """

    try:
        size = os.path.getsize(name)
        if size > LARGEST_FLEET:
            raise _unreadable(name, f"the file is too large: {size} bytes", "split the fleet into several files")
        with open(name, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise _unreadable(name, "no such file", "costkit init writes one to start from") from None
    except IsADirectoryError:
        raise _unreadable(name, "this is a directory", "name a file in it") from None
    except OSError as error:
        raise _unreadable(name, f"cannot be read: {error.strerror}", "") from None
    return read_bytes(content, name)


def read_bytes(content: bytes, name: str) -> Document:
    """Read a spec or fleet from the bytes of a file or of standard input."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(name, "this is not a text in UTF-8", "is it the right file?") from None
    if "\x00" in text:
        raise _unreadable(name, "this is a binary file", "is it the right file?")
    if not text.strip():
        raise _unreadable(name, "the file is empty", "costkit init writes one to start from")
    if name.endswith(".csv"):
        from costkit.inputs.fleet import read_csv

        return Document(name, *read_csv(text, name))
    if name.endswith(".json") or text.lstrip()[:1] in "{[":
        return _json(text, name)
    return _yaml(text, name)


def _yaml(text: str, name: str) -> Document:
    if len(text) > LARGEST_YAML:
        size = f"{len(text) // 2**20} MB of YAML is more than costkit reads"
        raise _unreadable(name, size, "write a large fleet as JSON or CSV")
    from costkit.yaml_exact import read

    tree, lines, problems = read(text, name, functions=TEMPLATE.search(text) is not None)
    if tree is None and problems:
        raise CostkitError(problems)
    return Document(name, tree, lines, tuple(problems))


def _json(text: str, name: str) -> Document:
    import json

    duplicates: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        items = dict(pairs)
        if len(items) != len(pairs):
            names = [key for key, _ in pairs]
            duplicates.extend(key for key in items if names.count(key) > 1)
        return items

    try:
        tree = _parsed(text, mapping, duplicates)
    except json.JSONDecodeError as error:
        raise _unreadable(f"{name}:{error.lineno}", f"not JSON: {error.msg}", "", "CK111") from None
    except RecursionError:
        raise _unreadable(name, "nested too deeply", "", "CK111") from None
    if "\\ud" in text.lower() and not _encodable(tree):
        raise _unreadable(name, "half of a surrogate pair, which is no character", "remove it", "CK111")
    problems = [
        Problem("CK103", name, f"duplicate key: {shown(key)}", "remove one of them")
        for key in dict.fromkeys(duplicates)
    ]
    document = Document(name, tree, {}, tuple(problems), text)
    return with_lines(document) if len(text) < SMALL else document


def _parsed(text: str, mapping: Callable[[list[tuple[str, Any]]], dict[str, Any]], duplicates: list[str]) -> Any:
    """A JSON text with exact numbers; nearly all files have only such as a decimal can hold."""
    import json

    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=str, object_pairs_hook=mapping)
    except InvalidOperation:
        duplicates.clear()
        return json.loads(text, parse_float=_number, parse_int=_number, parse_constant=str, object_pairs_hook=mapping)


def _encodable(tree: Any) -> bool:
    import json

    try:
        json.dumps(tree, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(text: str) -> Any:
    """A JSON number, exact; one that no decimal can hold stays a text, which its field will refuse."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def with_lines(document: Document) -> Document:
    """A JSON document with its lines: worth a second reading only when there is something to tell."""
    if document.lines or not document.text or len(document.text) > LARGEST_YAML:
        return document
    from costkit.yaml_exact import read

    tree, lines, problems = read(document.text, document.name)
    if tree is None:
        return document
    duplicates = tuple(problem for problem in problems if problem.code == "CK103")
    return document._replace(lines=lines, problems=duplicates or document.problems)


def _unreadable(where: str, message: str, hint: str, code: str = "CK101") -> CostkitError:
    return CostkitError([Problem(code, where, message, hint)])
