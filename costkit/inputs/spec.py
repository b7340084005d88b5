"""The spec door: a tree from YAML, JSON or CSV becomes a Spec, or everything that is wrong with it."""

from decimal import Decimal, localcontext
from typing import Any

from costkit.inputs.binding import Binder, Flaw
from costkit.inputs.documents import Document, with_lines
from costkit.inputs.frame import Frame
from costkit.inputs.own_prices import own_prices
from costkit.inputs.resources import ResourceReader
from costkit.model.commitment import Commitment
from costkit.model.exact import EXACT, plain
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import NotPriced, Resource
from costkit.model.spec import HOURS_PER_MONTH, Discount, Overrides, Spec, Suppression
from costkit.pricebook.book import PriceBook

LONGEST_MONTH = Decimal(744)
HOURS_PER_DAY = Decimal(24)
HOURS_PER_WEEK = Decimal(168)
NO_REGION = "CK109"
OF_AWS = ("aws_", "AWS::")

NO_OVERRIDES = Overrides()


def read_spec(document: Document, book: PriceBook, on: str, overrides: Overrides = NO_OVERRIDES) -> Spec:
    """Turn a document into a Spec, checked against the limits of an ISO day.

    Raises CostkitError with every problem of the document if any of them is an error.
    """
    with localcontext(EXACT):
        reader = SpecReader(document, book, on, overrides)
        spec = reader.spec()
    flaws = _without_repetition(reader.door.flaws)
    if flaws or document.problems:
        document = with_lines(document)
    document = document._replace(flags={**document.flags, **_flags(overrides)})
    problems = [*document.problems]
    problems += [flaw.at(document.where(flaw.path)) for flaw in flaws]
    if spec is None or any(problem.severity == "error" for problem in problems):
        raise CostkitError(sorted(problems, key=_place))
    return _placed(spec, document)._replace(problems=tuple(problems))


def _without_repetition(flaws: list[Flaw]) -> list[Flaw]:
    """A missing region is said once: whoever gives one, gives it to all."""
    lacking = [flaw for flaw in flaws if flaw.code == NO_REGION]
    if len(lacking) < 2:
        return flaws
    first = lacking[0]
    message = f"missing: region, here and of {len(lacking) - 1} more"
    rest = [flaw for flaw in flaws if flaw.code != NO_REGION]
    return [*rest, Flaw(first.path, first.code, message, first.hint)]


def _flags(overrides: Overrides) -> dict[Path, str]:
    flags: dict[Path, str] = {} if overrides.region is None else {("region",): "--region"}
    return flags if overrides.month_hours is None else {**flags, ("month_hours",): "--month-hours"}


def _placed(spec: Spec, document: Document) -> Spec:
    """The spec with each resource's file and line."""
    places = [document.where(("resources", resource.name)) for resource in spec.resources]
    expected = tuple(r._replace(where=where) for r, where in zip(spec.resources, places, strict=True))
    if not spec.ranged:
        return spec._replace(resources=expected, low=expected, high=expected)
    low = tuple(r._replace(where=where) for r, where in zip(spec.low, places, strict=True))
    high = tuple(r._replace(where=where) for r, where in zip(spec.high, places, strict=True))
    return spec._replace(resources=expected, low=low, high=high)


def _place(problem: Problem) -> tuple[str, int]:
    name, _, line = problem.where.rpartition(":")
    return (name, int(line)) if line.isdecimal() and len(line) < 10 else (problem.where, 0)


class SpecReader:
    """Reads one spec; what is wrong stands in ``door.flaws``."""

    def __init__(self, document: Document, book: PriceBook, on: str, overrides: Overrides) -> None:
        self.document, self.tree, self.overrides = document, document.tree, overrides
        self.not_priced = list(document.not_priced)
        self.door = ResourceReader(book, on, HOURS_PER_MONTH)

    def spec(self) -> Spec | None:
        """The spec, or None if its frame cannot be read."""
        if not isinstance(self.tree, dict):
            hint = "costkit init writes one"
            self.door.report((), "CK104", "a spec is a mapping with version and resources", hint)
            return None
        binder = Binder(HOURS_PER_MONTH, ranges=False)
        frame: Frame | None = binder.bind(Frame, self.tree, (), known=("resources", "tags"))
        self.door.flaws += binder.flaws
        if frame is not None:
            self.door.month_hours = self._month_hours(frame)
            self._refuse_absurd(frame)
            self.door.hours_per_week = frame.schedule.hours_per_week if frame.schedule else None
        raw = self.overrides.region or self.tree.get("region")
        if isinstance(raw, list | dict | bool):
            self.door.region_refused = True
        else:
            self.door.default_region(plain(raw) if isinstance(raw, Decimal) else raw, ("region",))
        self.door.tags = self.door.read_tags(self.tree.get("tags"), ("tags",))
        points = self._resources(self.tree.get("resources"))
        if frame is None or points is None:
            return None
        return Spec(
            resources=points[0],
            low=points[1],
            high=points[2],
            name=frame.name,
            month_hours=self.door.month_hours,
            hours_per_week=self.door.hours_per_week,
            free_tier=frame.free_tier if self.overrides.free_tier is None else self.overrides.free_tier,
            discounts=tuple(Discount(d.percent, d.types, d.reason) for d in frame.discounts),
            commitments=self._commitments(frame),
            not_priced=tuple(self._in_region(resource) for resource in self.not_priced),
            free=self.document.free,
            prices=own_prices(self.document) if frame.prices else (),
            seen=self.document.prices,
            suppressions=tuple(
                Suppression(*told, where=self.document.where(("suppressions", index)))
                for index, told in enumerate(frame.suppressions)
            ),
        )

    def _commitments(self, frame: Frame) -> tuple[Commitment, ...]:
        """The account's commitments, each with its place."""
        if not frame.commitments:
            return ()
        # Imported here: few specs have any.
        from costkit.inputs.commitments import CommitmentReader

        reader = CommitmentReader(self.door.book, self.door.region)
        found = reader.commitments(frame.commitments)
        self.door.flaws += reader.flaws
        if reader.flaws:
            return ()
        places = [self.document.where(("commitments", place)) for place in range(len(found))]
        return tuple(one._replace(where=where) for one, where in zip(found, places, strict=True))

    def _month_hours(self, frame: Frame) -> Decimal:
        days = None if frame.days is None else frame.days * HOURS_PER_DAY
        lengths = {"month_hours": frame.month_hours, "days": days, "month": frame.month}
        given = [name for name, hours in lengths.items() if hours is not None]
        for name in given[1:]:
            message = f"{given[0]} and {name} both give the month's length"
            self.door.report((name,), "CK113", message, "keep one of them")
        hours = self.overrides.month_hours
        path: Path = ("month_hours",)
        if hours is None and given:
            hours, path = lengths[given[0]], (given[0],)
        if hours is not None and not (hours.is_finite() and 0 < hours <= LONGEST_MONTH):
            hint = f"more than 0, at most {plain(LONGEST_MONTH)}"
            self.door.report(path, "CK110", f"no month has {shown(hours)} hours", hint)
            return HOURS_PER_MONTH
        return HOURS_PER_MONTH if hours is None else hours

    def _refuse_absurd(self, frame: Frame) -> None:
        for index, discount in enumerate(frame.discounts):
            if discount.percent > 100:
                path: Path = ("discounts", index, "percent")
                self.door.report(path, "CK104", f"more than the whole: {plain(discount.percent)} %", "from 0 to 100")
        if frame.schedule is not None and frame.schedule.hours_per_week > HOURS_PER_WEEK:
            message = f"more hours than a week has: {plain(frame.schedule.hours_per_week)}"
            self.door.report(("schedule", "hours_per_week"), "CK110", message, "at most 168")

    def _resources(self, raw: Any) -> tuple[tuple[Resource, ...], ...] | None:
        """The resources at expected, low and high; the same tuple three times where nothing is a range."""
        if raw == {} and self.document.translated is not None:
            return (), (), ()
        if raw is None or raw == {}:
            hint = "a spec without resources has nothing to price"
            self.door.report(("resources",), "CK106", "missing: resources", hint)
            return None
        if not isinstance(raw, dict):
            self.door.report(
                ("resources",), "CK104", f"not a mapping of names: {shown(raw)}", "write name: {type: ...}"
            )
            return None
        found = [self._resource(str(name), entry) for name, entry in raw.items()]
        whole = [points for points in found if points]
        if None in found:
            return None
        expected = tuple(points[0] for points in whole)
        if all(len(points) == 1 for points in whole):
            return expected, expected, expected
        return expected, tuple(points[1 % len(points)] for points in whole), tuple(points[-1] for points in whole)

    def _in_region(self, resource: NotPriced) -> NotPriced:
        """A resource without a price where the spec's others are that name no region."""
        if resource.region or not resource.type.startswith(OF_AWS):
            return resource
        return resource._replace(region=self.door.region or "")

    def _resource(self, name: str, entry: Any) -> list[Resource] | None:
        """A resource at its points; none at all for one of a plan that cannot be priced as it stands there."""
        if name not in (self.document.translated or ()):
            return self.door.resource(name, entry)
        before = len(self.door.flaws)
        points = self.door.resource(name, entry, partial=True)
        wrong = [flaw for flaw in self.door.flaws[before:] if flaw.severity == "error"]
        if not wrong or any(flaw.code == NO_REGION or self._stated(flaw.path) for flaw in wrong):
            return points
        del self.door.flaws[before:]
        where, region = self.document.where(("resources", name)), entry.get("region") or self.door.region or ""
        tags = self.door.read_tags(entry.get("tags"), ())
        self.not_priced.append(NotPriced(name, entry["type"], region, tags, where, wrong[0].message))
        return []

    def _stated(self, path: Path) -> bool:
        """Whether a part of a translated resource was set by a person: in a usage file or by a flag."""
        return any(path[:end] in self.document.flags for end in range(3, len(path) + 1))
