"""Properties of a resource as its translation reads them: typed, and never a guess for what is unknown."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.loops import unresolved_loop
from costkit.inputs.cloudformation.resolver import Resolver
from costkit.inputs.cloudformation.values import NoValue, Reference, Unknown, Unpriced, text_of
from costkit.model.kind import Refused, number, shown
from costkit.model.place import Path

DEPENDS = "{} depends on {}"


class View:
    """A mapping of properties. Reading one that is unknown or of a wrong kind raises Unpriced with the reason.

    A property that is left out, is null or is AWS::NoValue reads as None.
    """

    def __init__(self, raw: Mapping[str, Any], resolver: Resolver, path: Path, label: str = "") -> None:
        self.raw, self.resolver, self.path, self.label = raw, resolver, path, label

    def peek(self, name: str) -> Any:
        """A property's value, which may be Unknown or a Reference."""
        if name not in self.raw:
            return unresolved_loop(self.raw)
        value = self.resolver.resolve(self.raw[name], (*self.path, name))
        return None if isinstance(value, NoValue) else value

    def value(self, name: str) -> Any:
        """A property's value, known as a whole; the parts of a list or mapping may still be unknown."""
        value = self.peek(name)
        if isinstance(value, Reference):
            value = value.unknown()
        if isinstance(value, Unknown):
            raise Unpriced(DEPENDS.format(self.label + name, value.reason))
        return value

    def number(self, name: str) -> Decimal | None:
        """A property that is a plain number."""
        value = self.value(name)
        if value is None:
            return None
        try:
            digits, unit = number(text_of(value) or "", "")
        except Refused:
            unit = "?"
        if unit:
            raise Unpriced(f"{self.label}{name} is not a number: {shown(value)}")
        return digits

    def flag(self, name: str) -> bool:
        """A property that is true or false; false if it is left out."""
        value = self.value(name)
        word = "false" if value is None else (text_of(value) or "").lower()
        if word not in ("true", "false"):
            raise Unpriced(f"{self.label}{name} is neither true nor false: {shown(value)}")
        return word == "true"

    def text(self, name: str, default: str = "") -> str:
        """A property that is a text."""
        value = self.value(name)
        if value is None:
            return default
        text = text_of(value)
        if text is None:
            raise Unpriced(f"{self.label}{name} is not a text: {shown(value)}")
        return text

    def reference(self, name: str) -> str | None:
        """The logical id of the resource that a property names, None if it names none of the template."""
        value = self.peek(name)
        return value.name if isinstance(value, Reference) else None

    def items(self, name: str) -> list[Any]:
        """A property that is a list; one that is left out is empty."""
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Unpriced(f"{self.label}{name} is not a list: {shown(value)}")
        return value

    def part(self, name: str) -> "View":
        """A property that is a mapping; one that is left out is empty."""
        value = self.value(name)
        return self._inner({} if value is None else value, name, (*self.path, name))

    def parts(self, name: str) -> list["View"]:
        """A property that is a list of mappings."""
        inner = (*self.path, name)
        return [self._inner(item, name, (*inner, place)) for place, item in enumerate(self.items(name))]

    def _inner(self, value: Any, name: str, path: Path) -> "View":
        if isinstance(value, Unknown):
            raise Unpriced(DEPENDS.format(self.label + name, value.reason))
        if not isinstance(value, dict):
            raise Unpriced(f"{self.label}{name} is not a mapping: {shown(value)}")
        return View(value, self.resolver, path, f"{self.label}{name}.")


class Resource(View):
    """A resource of the template: its logical id, its type, its properties, and where it stands."""

    def __init__(self, name: str, type: str, raw: Any, resolver: Resolver, path: Path) -> None:
        inner = (*path, "Properties")
        if isinstance(raw, dict) and any(key.startswith("Fn::") for key in raw):
            raw = resolver.resolve(raw, inner)
        if isinstance(raw, Unknown):
            raw = {"Fn::Transform": raw}
        super().__init__(raw if isinstance(raw, dict) else {}, resolver, inner)
        self.name, self.type, self.place = name, type, path

    @property
    def where(self) -> str:
        """The file and line of the resource."""
        return self.resolver.document.where(self.place)
