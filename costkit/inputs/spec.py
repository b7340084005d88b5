"""The spec door: a tree from YAML, JSON or CSV becomes a Spec, or everything that is wrong with it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from costkit.inputs.binding import POINTS, Binder, Finding, nearest
from costkit.inputs.documents import Document, with_lines
from costkit.inputs.frame import Frame
from costkit.model.exact import EXACT, ONE, plain
from costkit.model.kind import Refused, Whole, shown
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import Resource
from costkit.model.spec import HOURS_PER_MONTH, Discount, Spec
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.services import service, types
from costkit.yaml_exact import Path

COMMON = ("type", "region", "tags", "count")
LONGEST_MONTH = Decimal(744)


class Overrides(NamedTuple):
    """What flags say about a spec: they come before what its file says."""

    region: str | None = None
    month_hours: Decimal | None = None
    free_tier: bool | None = None


def read_spec(document: Document, book: PriceBook, on: str, overrides: Overrides = Overrides()) -> Spec:
    """Turn a document into a Spec, checked against the limits of an ISO day.

    Raises CostkitError with every problem of the document if any of them is an error.
    """
    with localcontext(EXACT):
        reader = SpecReader(document.tree, book, on, overrides)
        spec = reader.spec()
    findings = reader.findings
    if findings or document.problems:
        document = with_lines(document)
    problems = [*document.problems]
    problems += [Problem(f.code, document.where(f.path), f.message, f.hint, f.severity) for f in findings]
    if spec is None or any(problem.severity == "error" for problem in problems):
        raise CostkitError(sorted(problems, key=_place))
    named = {index: document.where(("resources", r.name)) for index, r in enumerate(spec.resources)}
    placed = [
        tuple(resource._replace(where=named[index]) for index, resource in enumerate(resources))
        for resources in (spec.resources, spec.low, spec.high)
    ]
    if not spec.ranged:
        placed = [placed[0]] * len(POINTS)
    return spec._replace(resources=placed[0], low=placed[1], high=placed[2], problems=tuple(problems))


def _place(problem: Problem) -> tuple[str, int]:
    name, _, line = problem.where.rpartition(":")
    return (name, int(line)) if line.isdigit() else (problem.where, 0)


class SpecReader:
    """Reads one spec. ``findings`` collects what is wrong, at paths of the tree."""

    def __init__(self, tree: Any, book: PriceBook, on: str, overrides: Overrides) -> None:
        self.tree, self.book, self.on, self.overrides = tree, book, on, overrides
        self.findings: list[Finding] = []
        self.month_hours = HOURS_PER_MONTH
        self.default_region: str | None = None
        self.default_tags: dict[str, str] = {}
        self.hours_per_week: Decimal | None = None

    def spec(self) -> Spec | None:
        """The spec, or None if its frame cannot be read."""
        if not isinstance(self.tree, Mapping):
            self.report((), "CK104", "a spec is a mapping with version and resources", "costkit init writes one")
            return None
        binder = Binder(HOURS_PER_MONTH)
        frame: Frame | None = binder.bind(Frame, self.tree, (), known=("resources", "tags"))
        self.findings += binder.findings
        if frame is not None:
            self.month_hours = self._month_hours(frame)
            self._frame_limits(frame)
        region = self.overrides.region or (frame.region if frame else None)
        self.default_region = region if region is None or self._known_region(region, ("region",)) else None
        self.default_tags = self._tags(self.tree.get("tags"), ("tags",))
        self.hours_per_week = frame.schedule.hours_per_week if frame and frame.schedule else None
        points = self._resources(self.tree.get("resources"))
        if frame is None or points is None:
            return None
        free_tier = frame.free_tier if self.overrides.free_tier is None else self.overrides.free_tier
        return Spec(
            *points,
            name=frame.name,
            month_hours=self.month_hours,
            hours_per_week=self.hours_per_week,
            free_tier=free_tier,
            discounts=tuple(Discount(d.percent, d.types, d.reason) for d in frame.discounts),
            commitments=tuple({"kind": c.kind, "term": c.term, "payment": c.payment} for c in frame.commitments),
        )

    def report(self, path: Path, code: str, message: str, hint: str = "", severity: str = "error") -> None:
        """Note that something is wrong at a path of the tree."""
        self.findings.append(Finding(path, code, message, hint, severity))

    def _month_hours(self, frame: Frame) -> Decimal:
        given = {"month_hours": frame.month_hours, "days": frame.days and frame.days * 24, "month": frame.month}
        named = [name for name, value in given.items() if value is not None]
        for name in named[1:]:
            self.report((name,), "CK113", f"{named[0]} and {name} both give the month's length", "keep one of them")
        hours = self.overrides.month_hours or next((value for value in given.values() if value is not None), None)
        if hours is not None and not 0 < hours <= LONGEST_MONTH:
            path: Path = (named[0],) if named and self.overrides.month_hours is None else ()
            self.report(path, "CK110", f"no month has {plain(hours)} hours", f"from 1 to {plain(LONGEST_MONTH)}")
            return HOURS_PER_MONTH
        return hours or HOURS_PER_MONTH

    def _frame_limits(self, frame: Frame) -> None:
        for index, discount in enumerate(frame.discounts):
            if discount.percent > 100:
                self.report(("discounts", index, "percent"), "CK104", "more than 100 percent off", "from 0 to 100")
        if frame.schedule is not None and frame.schedule.hours_per_week > 168:
            self.report(("schedule", "hours_per_week"), "CK110", "more hours than a week has", "at most 168")

    def _known_region(self, region: str, path: Path) -> bool:
        regions = self.book.regions()
        if region in regions:
            return True
        self.report(path, "CK108", f"AWS has no region {shown(region)}", nearest(region, regions))
        return False

    def _tags(self, raw: Any, path: Path) -> dict[str, str]:
        if raw is None:
            return {}
        if not isinstance(raw, Mapping):
            self.report(path, "CK104", f"tags are a mapping: {shown(raw)}", "write key: value pairs")
            return {}
        tags = {}
        for key, value in raw.items():
            if isinstance(value, bool | Mapping | list) or value is None:
                self.report((*path, str(key)), "CK104", f"a tag's value is a text: {shown(value)}", "quote it")
            else:
                tags[str(key)] = plain(value) if isinstance(value, Decimal) else str(value)
        return tags

    def _resources(self, raw: Any) -> tuple[tuple[Resource, ...], ...] | None:
        if raw is None or raw == {}:
            self.report((), "CK106", "missing: resources", "a spec without resources has nothing to price")
            return None
        if not isinstance(raw, Mapping):
            self.report(("resources",), "CK104", "resources are a mapping of names", "write name: {type: ...}")
            return None
        door = ResourceReader(self)
        found = [door.resource(str(name), entry) for name, entry in raw.items()]
        if any(points is None for points in found):
            return None
        whole = [points for points in found if points is not None]
        expected = tuple(points[0] for points in whole)
        if not any(len(points) > 1 for points in whole):
            return expected, expected, expected
        return expected, tuple(points[1 % len(points)] for points in whole), tuple(points[-1] for points in whole)


class ResourceReader:
    """Reads the resources of a spec, each at the points of its ranges."""

    def __init__(self, spec: SpecReader) -> None:
        self.spec = spec
        self.types = frozenset(types())

    def resource(self, name: str, raw: Any) -> list[Resource] | None:
        """The resource at expected, low and high (or just once), or None after reporting why not."""
        path: Path = ("resources", name)
        if not isinstance(raw, Mapping):
            self.spec.report(path, "CK104", f"a resource is a mapping: {shown(raw)}", "write type: and its fields")
            return None
        kind = self._type(raw.get("type"), path)
        before = len(self.spec.findings)
        tags = self.spec._tags(raw.get("tags"), (*path, "tags"))
        # Most resources have no tags of their own and share those of the spec.
        tags = {**self.spec.default_tags, **tags} if tags else self.spec.default_tags
        count = self._count(raw, path)
        if kind is None:
            return None
        rules = service(kind)
        region = self._region(raw.get("region"), getattr(rules, "REGION", None), path)
        binder = Binder(self.spec.month_hours)
        usages = [binder.bind(rules.Usage, raw, path, known=COMMON)]
        if binder.ranged:
            usages += [
                Binder(self.spec.month_hours, point).bind(rules.Usage, raw, path, COMMON) for point in POINTS[1:]
            ]
        self.spec.findings += binder.findings
        if region is None or usages[0] is None:
            return None
        self._check(rules, usages, kind, region, path)
        if any(finding.severity == "error" for finding in self.spec.findings[before:]):
            return None
        return [Resource(name, kind, region, usage, count, tags) for usage in usages]

    def _type(self, raw: Any, path: Path) -> str | None:
        if raw is None:
            self.spec.report(path, "CK106", "missing: type", "for example lambda_function")
        elif not isinstance(raw, str) or raw not in self.types:
            hint = nearest(str(raw), self.types) or f"types: {', '.join(sorted(self.types))}"
            self.spec.report((*path, "type"), "CK107", f"unknown type: {shown(raw)}", hint)
        else:
            return raw
        return None

    def _count(self, raw: Mapping[str, Any], path: Path) -> Decimal:
        if "count" not in raw:
            return ONE
        try:
            count: Decimal = Whole("copies").read(raw["count"], self.spec.month_hours)
            return count
        except Refused as refused:
            self.spec.report((*path, "count"), refused.code, refused.message, refused.hint)
            return ONE

    def _region(self, raw: Any, fixed: str | None, path: Path) -> str | None:
        if fixed is not None:
            if raw not in (None, fixed):
                hint = f"leave region out, or write {fixed}"
                self.spec.report((*path, "region"), "CK113", f"this type is charged in no region but {fixed}", hint)
            return fixed
        if raw is None:
            if self.spec.default_region is None and not self._region_reported():
                hint = "write region: in the resource or the spec, or give --region"
                self.spec.report(path, "CK109", "missing: region", hint)
            return self.spec.default_region
        if not isinstance(raw, str):
            self.spec.report((*path, "region"), "CK104", f"not a region: {shown(raw)}", "for example eu-west-1")
            return None
        return raw if self.spec._known_region(raw, (*path, "region")) else None

    def _region_reported(self) -> bool:
        return any(finding.path == ("region",) for finding in self.spec.findings)

    def _check(self, rules: Any, usages: Iterable[Any], kind: str, region: str, path: Path) -> None:
        if not hasattr(rules, "check"):
            return
        spec = self.spec
        at = setting(spec.book, kind, region, spec.on, spec.month_hours, spec.hours_per_week)
        told = set()
        for usage in usages:
            for refusal in rules.check(usage, at):
                if refusal.field in told:
                    continue
                told.add(refusal.field)
                hint = refusal.hint
                if refusal.code == "CK115":
                    word = refusal.message.rpartition(" ")[2]
                    hint = nearest(word, spec.book.specs(kind)) or f"costkit prices list {kind}"
                elif refusal.code == "CK108":
                    hint = nearest(refusal.message.rpartition(" ")[2], spec.book.regions())
                inner = tuple(int(part) if part.isdigit() else part for part in refusal.field.split("."))
                spec.report((*path, *inner), refusal.code, refusal.message, hint, refusal.severity)
