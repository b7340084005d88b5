"""Where each input of a resource came from: a line of the file, a flag, or a default of its form."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import fields_of
from costkit.inputs.documents import Document
from costkit.model.exact import plain
from costkit.model.place import Path
from costkit.model.spec import Spec
from costkit.services import service

Origin = tuple[str, str, str]


def origins(document: Document, spec: Spec) -> dict[str, list[Origin]]:
    """For each resource its fields as (name, value as written, where)."""
    found = {}
    for resource in spec.resources:
        path: Path = ("resources", resource.name)
        raw = document.tree["resources"][resource.name]
        given = list(_leaves(document, path, {key: value for key, value in raw.items() if key != "type"}))
        if "region" not in raw and "region" in document.tree:
            given.append(("region", str(document.tree["region"]), document.where(("region",))))
        elif "region" not in raw:
            given.append(("region", resource.region, "--region"))
        for field in fields_of(service(resource.type).Usage):
            value = getattr(resource.usage, field.attribute)
            if field.name not in raw and value not in (None, False, ()):
                given.append((field.name, plain(value) if isinstance(value, Decimal) else str(value), "default"))
        found[resource.name] = given
    return found


def _leaves(document: Document, path: Path, raw: Any) -> Iterator[Origin]:
    entries = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for key, value in entries:
        inner = (*path, key)
        if isinstance(value, dict | list):
            yield from _leaves(document, inner, value)
        else:
            written = plain(value) if isinstance(value, Decimal) else str(value)
            yield ".".join(str(part) for part in inner[2:]), written, document.where(inner)
