"""Takes values of known shapes out of a snapshot's tree; whatever has another shape becomes a problem."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import nearest
from costkit.inputs.documents import Document, with_lines
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem

# A file of another program would fill the screen.
MOST_PROBLEMS = 50


class Reader:
    """Reads values from a tree and collects what is wrong; a wrong value is read as an empty one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = [*document.problems]
        self.untold = 0

    def problem(self, path: Path, message: str, hint: str, code: str = "CK701") -> Problem:
        return Problem(code, self.document.where(path), message, hint)

    def wrong(self, path: Path, message: str, hint: str, code: str = "CK701") -> None:
        """Remember a problem, up to what anybody reads."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.untold += 1
            return
        if not self.problems:
            self.document = with_lines(self.document)
        self.problems.append(self.problem(path, message, hint, code))

    def raise_problems(self) -> None:
        if self.untold:
            self.problems.append(self.problem((), f"{self.untold} more problems", "correct these first"))
        if self.problems:
            raise CostkitError(self.problems)

    def only(self, raw: Mapping[str, Any], keys: Iterable[str], path: Path) -> None:
        """Complain of keys that nobody knows."""
        for key in raw:
            if key not in keys:
                self.wrong((*path, key), f"unknown key: {shown(key)}", nearest(key, keys), "CK102")

    def value(self, raw: Mapping[str, Any], key: str, path: Path, kind: type, wanted: str, empty: Any) -> Any:
        if key not in raw:
            self.wrong(path, f"missing: {shown(key)}", "", "CK106")
            return empty
        found = raw[key]
        if not isinstance(found, kind):
            self.wrong((*path, key), f"not a {wanted}: {shown(found)}", "", "CK104")
            return empty
        return found

    def text(self, raw: Mapping[str, Any], key: str, path: Path) -> str:
        return str(self.value(raw, key, path, str, "text", ""))

    def matching(self, raw: Mapping[str, Any], key: str, path: Path, pattern: str) -> str:
        found = self.text(raw, key, path)
        if found and not re.fullmatch(pattern, found, re.ASCII):
            self.wrong((*path, key), f"not a {key}: {shown(found)}", "", "CK104")
            return ""
        return found

    def whole(self, raw: Mapping[str, Any], key: str, path: Path) -> int:
        found = self.value(raw, key, path, Decimal, "number", Decimal(0))
        if not found.is_finite() or found < 0 or found.adjusted() > 18 or found % 1:
            self.wrong((*path, key), f"not a whole number: {shown(found)}", "", "CK104")
            return 0
        return int(found)

    def mapping(self, raw: Mapping[str, Any], key: str, path: Path) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.value(raw, key, path, dict, "mapping", {})
        return found

    def list(self, raw: Mapping[str, Any], key: str, path: Path) -> list[Any]:
        found: list[Any] = self.value(raw, key, path, list, "list", [])
        return found

    def texts(self, raw: Mapping[str, Any], key: str, path: Path) -> Iterator[str]:
        for place, found in enumerate(self.list(raw, key, path)):
            if isinstance(found, str):
                yield found
            else:
                self.wrong((*path, key, place), f"not a text: {shown(found)}", "", "CK104")

    def text_mapping(self, raw: Mapping[str, Any], key: str, path: Path) -> dict[str, str]:
        found = self.mapping(raw, key, path)
        for name, value in found.items():
            if not isinstance(value, str):
                self.wrong((*path, key, name), f"not a text: {shown(value)}", "", "CK104")
        return {name: value for name, value in found.items() if isinstance(value, str)}

    def mappings(
        self, raw: Mapping[str, Any], key: str, path: Path, optional: bool = False
    ) -> Iterator[tuple[Mapping[str, Any], Path]]:
        """Each mapping of a list, with its path."""
        if optional and key not in raw:
            return
        for place, found in enumerate(self.list(raw, key, path)):
            if isinstance(found, dict):
                yield found, (*path, key, place)
            else:
                self.wrong((*path, key, place), f"not a mapping: {shown(found)}", "", "CK104")
