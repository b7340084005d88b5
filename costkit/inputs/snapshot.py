"""A snapshot file read back: strictly, with everything that is wrong with it told at once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import nearest
from costkit.inputs.documents import Document
from costkit.inputs.snapshot_attributes import attribute_problems
from costkit.inputs.snapshot_checks import Reader
from costkit.model.exact import ZERO
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.problem import CostkitError
from costkit.model.snapshot import (
    FORMAT,
    REASONS,
    SCHEMA_VERSION,
    Account,
    ApiUse,
    Item,
    Missing,
    Part,
    Series,
    Snapshot,
)
from costkit.model.snapshot_kinds import kinds
from costkit.model.snapshot_kinds.kind import ItemKind, Metric

FRAME_KEYS = ("format", "schema_version", "tool_version", "collected", "complete", "window")
KEYS = (*FRAME_KEYS, "accounts", "regions", "services", "api", "parts", "missing", "items")
ITEM_KEYS = ("kind", "id", "arn", "account", "region", "tags", "attributes", "metrics")
SERIES_KEYS = ("namespace", "metric", "statistic", "dimensions", "period", "start", "end", "gaps", "values")
ACCOUNT, REGION, TIME = r"\d{12}", r"[a-z][a-z0-9-]{1,30}", r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
LONGEST_SERIES = 100_000
MOST_PLACES = 60


def is_snapshot(tree: Any) -> bool:
    """Whether a document is a snapshot of ``costkit collect``."""
    return isinstance(tree, dict) and tree.get("format") == FORMAT


def read_snapshot(document: Document) -> Snapshot:
    """Read a snapshot. Raises CostkitError with everything that is wrong with it."""
    reader = Reader(document)
    tree = document.tree
    if not is_snapshot(tree):
        raise CostkitError([reader.problem((), "this is no snapshot", "costkit collect -o snapshot.json writes one")])
    if tree.get("schema_version") != SCHEMA_VERSION:
        hint = "collect it again, or read it with the costkit that wrote it"
        version = shown(tree.get("schema_version"))
        raise CostkitError([reader.problem(("schema_version",), f"a snapshot of another version: {version}", hint)])
    snapshot = _Snapshots(reader).snapshot(tree)
    reader.raise_problems()
    return snapshot


def _seconds(time: str) -> int | None:
    try:
        return int(datetime.fromisoformat(time).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return None


class _Snapshots:
    """Turns the tree of a file into a snapshot; what is wrong is told to the reader, and left out."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.seen: set[tuple[str, ...]] = set()
        self.parts: set[tuple[str, ...]] = set()

    def snapshot(self, tree: Mapping[str, Any]) -> Snapshot:
        read = self.reader
        read.only(tree, KEYS, ())
        window = read.mapping(tree, "window", ())
        api = read.mapping(tree, "api", ())
        parts = tuple(self.part(*raw) for raw in read.mappings(tree, "parts", ()))
        self.parts = {(part.account, part.region, part.kind) for part in parts}
        missing = tuple(self.missing(*raw) for raw in read.mappings(tree, "missing", ()))
        if tree.get("complete") is not (not missing):
            read.wrong(
                ("complete",), "complete must say whether nothing is missing", "true without missing, else false"
            )
        return Snapshot(
            tool_version=read.text(tree, "tool_version", ()),
            collected=read.matching(tree, "collected", (), TIME),
            start=read.matching(window, "start", ("window",), TIME),
            end=read.matching(window, "end", ("window",), TIME),
            accounts=tuple(self.account(*raw) for raw in read.mappings(tree, "accounts", ())),
            regions=tuple(read.texts(tree, "regions", ())),
            services=tuple(read.texts(tree, "services", ())),
            api=self.api(api),
            parts=parts,
            missing=missing,
            items=tuple(item for raw in read.mappings(tree, "items", ()) if (item := self.item(*raw))),
        )

    def account(self, raw: Mapping[str, Any], path: Path) -> Account:
        self.reader.only(raw, Account._fields, path)
        return Account(self.reader.matching(raw, "id", path, ACCOUNT), self.reader.text(raw, "role", path))

    def api(self, raw: Mapping[str, Any]) -> ApiUse:
        path: Path = ("api",)
        self.reader.only(raw, ("calls", "metrics", "cost", "currency"), path)
        calls = self.reader.mapping(raw, "calls", path)
        numbers = {name: self.reader.whole(calls, name, (*path, "calls")) for name in calls}
        try:
            cost = Decimal(self.reader.matching(raw, "cost", path, r"\d{1,12}(\.\d{1,20})?") or "0")
        except ArithmeticError:
            cost = ZERO
        return ApiUse(numbers, self.reader.whole(raw, "metrics", path), cost)

    def part(self, raw: Mapping[str, Any], path: Path) -> Part:
        self.reader.only(raw, Part._fields, path)
        account, region, kind = self.where(raw, path)
        return Part(account, region, kind, self.reader.whole(raw, "items", path))

    def missing(self, raw: Mapping[str, Any], path: Path) -> Missing:
        read = self.reader
        read.only(raw, Missing._fields, path)
        account, region, kind = self.where(raw, path)
        reason = read.text(raw, "reason", path)
        if reason not in REASONS:
            read.wrong((*path, "reason"), f"no such reason: {shown(reason)}", f"one of {', '.join(REASONS)}")
        texts = {key: read.text(raw, key, path) for key in ("what", "action", "message")}
        ids = tuple(read.texts(raw, "ids", path))
        return Missing(account, region, kind, texts["what"], reason, texts["action"], texts["message"], ids)

    def where(self, raw: Mapping[str, Any], path: Path) -> tuple[str, str, str]:
        read = self.reader
        kind = read.text(raw, "kind", path)
        if kind and kind not in kinds():
            read.wrong((*path, "kind"), f"no such kind of item: {shown(kind)}", nearest(kind, kinds()), "CK107")
        account = read.matching(raw, "account", path, ACCOUNT)
        return account, read.matching(raw, "region", path, REGION), kind

    def item(self, raw: Mapping[str, Any], path: Path) -> Item | None:
        read = self.reader
        read.only(raw, ITEM_KEYS, path)
        account, region, name = self.where(raw, path)
        own, arn = read.text(raw, "id", path), read.text(raw, "arn", path)
        attributes = read.mapping(raw, "attributes", path)
        kind = kinds().get(name)
        if kind is None:
            return None
        for inner, message, hint in attribute_problems(kind.form, attributes, ()):
            read.wrong((*path, "attributes", *inner), message, hint, "CK104")
        if (account, region, name, own) in self.seen:
            read.wrong(path, f"{name} {shown(own)} is there twice", "remove one of them", "CK103")
        if (account, region, name) not in self.parts:
            read.wrong(path, f"{name} {shown(own)} belongs to no part", "each kind, account and region has a part")
        self.seen.add((account, region, name, own))
        tags = None if raw.get("tags", ...) is None else read.text_mapping(raw, "tags", path)
        series = [self.series(kind, *one) for one in read.mappings(raw, "metrics", path, optional=True)]
        return Item(name, own, arn, account, region, tags, attributes, tuple(one for one in series if one))

    def series(self, kind: ItemKind, raw: Mapping[str, Any], path: Path) -> Series | None:
        read = self.reader
        read.only(raw, SERIES_KEYS, path)
        namespace, name, statistic = (read.text(raw, key, path) for key in ("namespace", "metric", "statistic"))
        period = read.whole(raw, "period", path)
        start, end = (read.matching(raw, key, path, TIME) for key in ("start", "end"))
        dimensions = read.text_mapping(raw, "dimensions", path) if "dimensions" in raw else {}
        metric = _metric(kind, namespace, name, statistic, period)
        if metric is None:
            label = shown(f"{namespace} {name} {statistic} {period}")
            read.wrong(path, f"{kind.name} has no metric {label}", "docs/snapshot.md lists them", "CK107")
            return None
        gaps = read.text(raw, "gaps", path)
        if gaps != metric.gaps:
            read.wrong((*path, "gaps"), f"gaps of {name} cannot be {shown(gaps)}", f"write {metric.gaps}")
        values = self.values(raw, path, period, start, end)
        return Series(namespace, name, statistic, period, start, end, metric.gaps, values, dimensions)

    def values(self, raw: Mapping[str, Any], path: Path, period: int, start: str, end: str) -> tuple[Any, ...]:
        """The values of a series; an empty list is a gap in every period."""
        read = self.reader
        values = read.list(raw, "values", path)
        first, last = _seconds(start), _seconds(end)
        if first is None or last is None:
            read.wrong(path, f"no such times: {shown(start)} to {shown(end)}", "write 2026-11-21T00:00:00Z")
            return ()
        periods, rest = divmod(last - first, period) if period else (0, 1)
        if rest or not 0 < periods <= LONGEST_SERIES:
            read.wrong(path, "the time from start to end is no whole number of periods", "")
            return ()
        if values and len(values) != periods:
            read.wrong((*path, "values"), f"{len(values)} values for {periods} periods", "write null for a gap")
        # Most of a file are these values: they are looked at one by one only where one of them is odd.
        looked_at = () if _all_numbers(values) else enumerate(values)
        odd = next((place for place, value in looked_at if not _may_be(value)), None)
        if odd is not None:
            hint = "write null for a gap"
            read.wrong((*path, "values", odd), f"not a number: {shown(values[odd])}", hint, "CK104")
            return ()
        return tuple(values) if values else (None,) * periods


def _all_numbers(values: list[Any]) -> bool:
    """Whether all values are gaps, or numbers of a usual size."""
    known = [value for value in values if value is not None]
    if not known:
        return True
    if set(map(type, known)) != {Decimal} or not all(map(Decimal.is_finite, known)):
        return False
    places = [*map(Decimal.adjusted, known)]
    return min(places) >= -MOST_PLACES and max(places) <= MOST_PLACES


def _may_be(value: Any) -> bool:
    """Whether a value is a gap, or a number that does not fill the screen."""
    if value is None:
        return True
    return type(value) is Decimal and value.is_finite() and (not value or abs(value.adjusted()) <= MOST_PLACES)


def _metric(kind: ItemKind, namespace: str, name: str, statistic: str, period: int) -> Metric | None:
    wanted = (namespace, name, statistic, period)
    for metric in kind.metrics:
        if (metric.namespace, metric.name, metric.statistic, metric.period) == wanted:
            return metric
    return None
