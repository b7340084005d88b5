"""The resource door: an entry of a spec, a row of a fleet or a one-liner's flags become a Resource."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import POINTS, Binder, Flaw, nearest
from costkit.model.exact import ONE, plain
from costkit.model.kind import Refused, Whole, shown
from costkit.model.place import Path
from costkit.model.resource import GLOBAL, Resource, Setting
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.services import service, types

MOST_COPIES = Decimal(10**9)
COMMON = ("type", "region", "tags", "count")


class ResourceReader:
    """Reads resources of one month and account. ``flaws`` collects what is wrong, at paths of the tree.

    ``region``, ``tags`` and ``hours_per_week`` are the defaults of resources that state none; limits
    are those of the ISO day ``on``.
    """

    def __init__(self, book: PriceBook, on: str, month_hours: Decimal) -> None:
        self.book, self.on, self.month_hours = book, on, month_hours
        self.region: str | None = None
        self.region_refused = False
        self.tags: dict[str, str] = {}
        self.hours_per_week: Decimal | None = None
        self.flaws: list[Flaw] = []
        self.types = frozenset(types())
        self.settings: dict[tuple[str, str], Setting] = {}

    def report(self, path: Path, code: str, message: str, hint: str = "", severity: str = "error") -> None:
        """Note that something is wrong at a path of the tree."""
        self.flaws.append(Flaw(path, code, message, hint, severity))

    def default_region(self, region: str | None, path: Path) -> None:
        """Set the region of resources that name none, if AWS has it."""
        self.region = region if region is None or self._known_region(region, path) else None
        self.region_refused = region is not None and self.region is None

    def read_tags(self, raw: Any, path: Path) -> dict[str, str]:
        """Tags as texts; numbers are taken as they are written."""
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self.report(path, "CK104", f"tags are a mapping: {shown(raw)}", "write key: value pairs")
            return {}
        tags = {}
        for key, value in raw.items():
            if value is None:
                self.report((*path, str(key)), "CK104", "a tag without a value", "write one, or quotes for none")
            elif isinstance(value, bool | dict | list):
                self.report((*path, str(key)), "CK104", f"a tag's value is a text: {shown(value)}", "quote it")
            else:
                tags[str(key)] = plain(value) if isinstance(value, Decimal) else str(value)
        return tags

    def resource(self, name: str, raw: Any, partial: bool = False) -> list[Resource] | None:
        """The resource at expected, low and high (or just once), or None after reporting why not.

        What a ``partial`` resource leaves out is not known yet, instead of forgotten: a volume's size.
        """
        path: Path = ("resources", name)
        if not isinstance(raw, dict):
            self.report(path, "CK104", f"a resource is a mapping: {shown(raw)}", "write type: and its fields")
            return None
        if not name.strip():
            self.report(path, "CK104", "a resource needs a name", "write a name before the colon")
        before = len(self.flaws)
        kind = self._type(raw.get("type"), path)
        tags = self.read_tags(raw.get("tags"), (*path, "tags"))
        # Most resources have no tags of their own and share those of the spec.
        tags = {**self.tags, **tags} if tags else self.tags
        copies = self._copies(raw, path)
        if kind is None:
            return None
        rules = service(kind)
        region = self._region(raw.get("region"), getattr(rules, "REGION", None), path)
        binder = Binder(self.month_hours)
        usages = [binder.bind(rules.Usage, raw, path, known=COMMON)]
        if binder.ranged:
            usages += [Binder(self.month_hours, point).bind(rules.Usage, raw, path, COMMON) for point in POINTS[1:]]
        self.flaws += binder.flaws
        if None not in usages:
            told = {".".join(str(part) for part in f.path[len(path) :]) for f in self.flaws[before:]}
            self._check(rules, usages, kind, region or "", path, told, partial)
        if region is None or any(flaw.severity == "error" for flaw in self.flaws[before:]):
            return None
        return [Resource(name, kind, region, usage, copies, tags) for usage in usages]

    def _known_region(self, region: str, path: Path) -> bool:
        regions = self.book.regions()
        if region in regions and region != GLOBAL:
            return True
        hint = nearest(region, regions) or "regions are written like eu-west-1"
        self.report(path, "CK108", f"AWS has no region {shown(region)}", hint)
        return False

    def _type(self, raw: Any, path: Path) -> str | None:
        if raw is None:
            self.report(path, "CK106", "missing: type", "for example lambda_function")
        elif not isinstance(raw, str) or raw not in self.types:
            hint = nearest(str(raw), sorted(self.types)) or f"types: {', '.join(sorted(self.types))}"
            self.report((*path, "type"), "CK107", f"unknown type: {shown(raw)}", hint)
        else:
            return raw
        return None

    def _copies(self, raw: Mapping[str, Any], path: Path) -> Decimal:
        if "count" not in raw:
            return ONE
        try:
            copies: Decimal = Whole("copies").read(raw["count"], self.month_hours)
            if copies > MOST_COPIES:
                raise Refused(f"a number beyond reason: {shown(raw['count'])}", "at most a billion copies")
            return copies
        except Refused as refused:
            self.report((*path, "count"), refused.code, refused.message, refused.hint)
            return ONE

    def _region(self, raw: Any, fixed: str | None, path: Path) -> str | None:
        if fixed is not None:
            if raw not in (None, fixed):
                hint = f"leave region out, or write {fixed}"
                self.report((*path, "region"), "CK113", f"this type is charged in no region but {fixed}", hint)
            return fixed
        if raw is None:
            if self.region is None and not self.region_refused:
                hint = "write region: in the resource or the spec, or give --region"
                self.report((*path, "region"), "CK109", "missing: region", hint)
            return self.region
        if not isinstance(raw, str):
            self.report((*path, "region"), "CK104", f"not a region: {shown(raw)}", "for example eu-west-1")
            return None
        return raw if self._known_region(raw, (*path, "region")) else None

    def _setting(self, kind: str, region: str) -> Setting:
        """The circumstances of a type in a region: the same for a whole fleet."""
        if (kind, region) not in self.settings:
            self.settings[kind, region] = setting(
                self.book, kind, region, self.on, self.month_hours, self.hours_per_week
            )
        return self.settings[kind, region]

    def _check(
        self, rules: Any, usages: Iterable[Any], kind: str, region: str, path: Path, told: set[str], partial: bool
    ) -> None:
        """What AWS does not sell on the day, said once a field however many points of a range show it.

        ``told`` names the fields that were refused already: one that cannot be read is not missing too.
        """
        if not hasattr(rules, "check"):
            return
        at = self._setting(kind, region)
        for usage in usages:
            for refusal in rules.check(usage, at):
                if refusal.field in told or (partial and refusal.code == "CK106"):
                    continue
                told.add(refusal.field)
                hint = refusal.hint
                if refusal.code in ("CK108", "CK115"):
                    words = self.book.regions() if refusal.code == "CK108" else self.book.specs(kind)
                    hint = nearest(refusal.message.rpartition(" ")[2], words)
                inner = tuple(int(part) if part.isdigit() else part for part in refusal.field.split("."))
                self.report((*path, *inner), refusal.code, refusal.message, hint, refusal.severity)
