"""What one item of a snapshot becomes in a spec."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.inputs.snapshot_resources_measuring import Measured
from costkit.model.place import Path
from costkit.model.snapshot import Item


class Translated(NamedTuple):
    """An item in the words of a spec.

    ``fields`` are its entry (``type`` and the fields of that type), or None where costkit has no price for it:
    AWS charges nothing if ``reason`` is empty, else it says why not. ``origins`` tells for measured fields where
    their number comes from.
    """

    item: Item
    fields: Mapping[str, Any] | None
    origins: Mapping[Path, str] = {}
    reason: str = ""


class EntryBuilder:
    """Collects the fields of an entry, and the origins of the measured ones."""

    def __init__(self, type: str) -> None:
        self.fields: dict[str, Any] = {"type": type}
        self.origins: dict[Path, str] = {}

    def put(self, name: str, value: Any) -> None:
        """Set a field to what AWS says, if it says anything."""
        if value is not None:
            self.fields[name] = value

    def measure(self, name: str, measured: Measured | None) -> None:
        """Set a field to what was measured, if anything was."""
        if measured is not None:
            self.fields[name] = measured.value
            self.origins[(name,)] = measured.origin

    def of(self, item: Item) -> Translated:
        """The entry as that of an item."""
        return Translated(item, self.fields, self.origins)


def number(item: Item, *path: str) -> Decimal | None:
    """A number among the attributes of an item, or None."""
    found = _at(item, path)
    return found if isinstance(found, Decimal) else None


def text(item: Item, *path: str) -> str:
    """A text among the attributes of an item; empty where there is none."""
    found = _at(item, path)
    return found if isinstance(found, str) else ""


def _at(item: Item, path: tuple[str, ...]) -> Any:
    found: Any = item.attributes
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def free(item: Item) -> Translated:
    """An item that AWS charges nothing for."""
    return Translated(item, None)


def not_priced(item: Item, reason: str) -> Translated:
    """An item that costs something, nobody knows how much."""
    return Translated(item, None, reason=reason)
