"""The usage file: what a plan or a template cannot tell, by address, with wildcards, or by type."""

from collections.abc import Collection, Iterator
from typing import Any

from costkit.inputs.binding import nearest
from costkit.inputs.documents import Document
from costkit.inputs.entry import Entry
from costkit.model.kind import shown
from costkit.model.pattern import compiled, fits
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem

KEYS = ("version", "defaults", "resources")
PAIRS = "write key: value pairs"
Places = dict[Path, str]


class UsageFile:
    """Usage by type (``defaults``) and by address (``resources``), with the place of each field."""

    def __init__(self, document: Document) -> None:
        """``problems`` holds everything that is wrong with the file's frame. Raises CostkitError if it has none."""
        self.document = document
        tree = document.tree
        problems = list(document.problems)
        if not isinstance(tree, dict):
            problems.append(self._problem((), "a usage file is a mapping", "costkit init --from PLAN writes one"))
            raise CostkitError(problems)
        for key in tree:
            if key not in KEYS:
                hint = nearest(str(key), KEYS) or f"keys here: {', '.join(KEYS)}"
                problems.append(Problem("CK102", document.where((key,)), f"unknown key: {shown(key)}", hint))
        if str(tree.get("version", "")) != "1":
            found = "no version" if "version" not in tree else f"version {shown(tree['version'])}"
            problems.append(self._problem(("version",), f"this usage file has {found}", "write version: 1"))
        for part in ("defaults", "resources"):
            entries = tree.get(part)
            if entries is not None and not isinstance(entries, dict):
                problems.append(self._problem((part,), f"not a mapping: {shown(entries)}", PAIRS))
            for name, fields in entries.items() if isinstance(entries, dict) else ():
                if fields is not None and not isinstance(fields, dict):
                    message = f"not a mapping of fields: {shown(fields)}"
                    problems.append(self._problem((part, name), message, PAIRS))
                elif fields and "type" in fields:
                    where = document.where((part, name, "type"))
                    message = "usage does not change what a resource is: type"
                    problems.append(Problem("CK102", where, message, "leave it out"))
        self.problems = problems
        self.defaults, self.exact = self._part("defaults"), self._part("resources")
        wildcards = sorted((name for name in self.exact if "*" in name), key=lambda name: len(name.replace("*", "")))
        self.wildcards = [(name, compiled(name)) for name in wildcards]
        self.used: set[Path] = set()

    def _part(self, name: str) -> dict[str, Any]:
        """A part of the file, as far as it can be read."""
        part = self.document.tree.get(name)
        entries = part.items() if isinstance(part, dict) else ()
        return {
            key: {field: value for field, value in fields.items() if field != "type"} if fields else None
            for key, fields in entries
            if fields is None or isinstance(fields, dict)
        }

    def applied(self, entry: Entry) -> tuple[dict[str, Any], Places]:
        """The fields of an entry with its usage, and where each field from this file stands.

        The type's defaults fill in what the entry leaves out; what is said for its address, the more
        exact the later, comes before what the plan or template says.
        """
        fields, places = _copied(dict(entry.fields or {})), Places()
        for kind in (entry.type, str(fields.get("type"))):
            if kind in self.defaults:
                self._merge(fields, self.defaults[kind], ("defaults", kind), (), places, fill=True)
        for name, pattern in self.wildcards:
            if pattern.fullmatch(entry.name):
                self._merge(fields, self.exact[name], ("resources", name), (), places)
        if entry.name in self.exact:
            self._merge(fields, self.exact[entry.name], ("resources", entry.name), (), places)
        return fields, places

    def where(self, name: str) -> str:
        """The place of what is said for exactly this address, or an empty text."""
        return self.document.where(("resources", name)) if name in self.exact else ""

    def unused(self, entries: list[Entry], known_types: Collection[str], others: Collection[str]) -> Iterator[Problem]:
        """A warning for each part of the file that no resource with a price has used.

        Defaults of a type that exists are no slip, nor are addresses among the ``others``, which stand on the
        other side of a change.
        """
        known = {name: entry for entry in entries for name in (entry.name, entry.type)}
        for part, tree in (("defaults", self.defaults), ("resources", self.exact)):
            for name in tree:
                if (part, name) in self.used or (part == "defaults" and name in known_types):
                    continue
                if any(fits(other, (name,)) for other in others):
                    continue
                found = known.get(name)
                if found is None:
                    message = f"usage for {shown(name)} fits no resource"
                    hint = nearest(name, [e.name for e in entries if e.fields is not None])
                elif found.free:
                    message, hint = f"usage for {shown(name)}, which costs nothing in itself", "leave it out"
                else:
                    message, hint = f"usage for {shown(name)}, which has no price: {found.reason}", ""
                yield Problem("CK120", self.document.where((part, name)), message, hint, "warning")

    def _merge(self, into: Any, given: Any, path: Path, inner: Path, places: Places, fill: bool = False) -> None:
        """Put fields into an entry, part by part; a field without a value is one that nobody knows yet."""
        self.used.add(path[:2])
        for key, value in given.items() if isinstance(given, dict) else enumerate(given or ()):
            place, target = (*path, key), (*inner, key)
            known = key < len(into) if isinstance(into, list) else into.get(key) is not None
            if value is None:
                continue
            if known and isinstance(value, dict | list) and type(into[key]) is type(value):
                self._merge(into[key], value, place, target, places, fill)
            elif known and fill:
                continue
            else:
                places[target] = self.document.where(place)
                copied = _copied(value)
                if isinstance(into, list) and not known:
                    into.append(copied)
                else:
                    into[key] = copied

    def _problem(self, path: Path, message: str, hint: str) -> Problem:
        return Problem("CK104", self.document.where(path), message, hint)


def _copied(value: Any) -> Any:
    """A value without the parts that nobody knows yet."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items() if item is not None}
    return [_copied(item) for item in value] if isinstance(value, list) else value
