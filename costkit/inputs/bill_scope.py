"""What scopes in files share that are about bills: accounts, and tags with the values wanted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import Binder
from costkit.model.exact import plain
from costkit.model.kind import Names, shown
from costkit.model.place import Path


class Accounts(Names):
    """A list of account ids or patterns; an id without quotes is a number, and meant as it stands."""

    def __init__(self) -> None:
        super().__init__('"111122223333"')

    def read(self, raw: Any, month_hours: Decimal) -> tuple[str, ...]:
        items = raw if isinstance(raw, list) else [raw]
        return super().read([plain(item) if isinstance(item, Decimal) else item for item in items], month_hours)

    def schema(self) -> dict[str, Any]:
        one = {"type": ["string", "integer"]}
        return {"anyOf": [one, {"type": "array", "items": one}]}


def read_tags(binder: Binder, raw: Any, path: Path) -> tuple[tuple[str, str], ...]:
    """Tags with the values or patterns wanted; what is wrong with them is reported."""
    if raw is None:
        return ()
    if not isinstance(raw, dict):
        binder.report(path, "CK104", f"tags are a mapping: {shown(raw)}", "write {team: web}")
        return ()
    tags: Mapping[str, Any] = raw
    for key, value in tags.items():
        if not isinstance(value, str | Decimal):
            binder.report((*path, key), "CK104", f"a tag's value is a text: {shown(value)}", "quote it")
    return tuple((key, plain(value) if isinstance(value, Decimal) else str(value)) for key, value in tags.items())
