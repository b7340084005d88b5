"""Changed entries read again by the spec's own door, so that advice never proposes what AWS does not sell."""

from collections.abc import Mapping
from typing import Any

from costkit.inputs.resources import ResourceReader
from costkit.model.resource import Resource, Setting
from costkit.model.spec import Spec
from costkit.optimize.pools import Points
from costkit.optimize.pricing import as_points
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting

Entry = Mapping[str, Any]


class Rereader:
    """Reads entries of one spec's month; region and tags are those of the resource as it is.

    Names in ``translated`` come from a plan or template, where a part may be unknown.
    """

    def __init__(self, spec: Spec, book: PriceBook, on: str, translated: frozenset[str] = frozenset()) -> None:
        self.spec, self.book, self.on, self.translated = spec, book, on, translated
        self._settings: dict[tuple[str, str], Setting] = {}
        self.door = ResourceReader(book, on, spec.month_hours)
        self.door.hours_per_week = spec.hours_per_week

    def points(self, resource: Resource, entry: Entry, original: Entry) -> Points | None:
        """The resource that an entry describes, or None where AWS would not let anyone create it.

        A warning that the ``original`` entry gives as well is no reason against the changed one.
        """
        read, warnings = self._read(resource, entry)
        if not read or (warnings and warnings > self._read(resource, original)[1]):
            return None
        at = [one._replace(where=resource.where) for one in read]
        return as_points(at[0], at[1 % len(at)], at[-1])

    def _read(self, resource: Resource, entry: Entry) -> tuple[list[Resource] | None, int]:
        told = {**entry, "region": resource.region, "tags": dict(resource.tags)}
        read = self.door.resource(resource.name, told, partial=resource.name in self.translated)
        warnings, self.door.flaws = len(self.door.flaws), []
        return read, warnings

    def setting(self, resource: Resource) -> Setting:
        """The circumstances of a resource."""
        key = (resource.type, resource.region)
        if key not in self._settings:
            month = (self.spec.month_hours, self.spec.hours_per_week)
            self._settings[key] = setting(self.book, *key, self.on, *month)
        return self._settings[key]
