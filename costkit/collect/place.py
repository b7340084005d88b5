"""One account in one region: what was found there, of which kinds, and what is missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from costkit.collect.asking import Asker
from costkit.collect.call import Call
from costkit.collect.gap import PASSING, Gap
from costkit.collect.keeping import kept, tags_of
from costkit.model.snapshot import BROKEN_ANSWER, ITEMS, TAGS, UNREACHABLE, Missing
from costkit.model.snapshot_kinds import kinds

GET_RESOURCES = Call(
    "resourcegroupstaggingapi",
    "GetResources",
    "ResourceTagMappingList",
    ("PaginationToken", "PaginationToken"),
    {"ResourcesPerPage": 100},
    action="tag:GetResources",
)
# So many failures in a row tell of all the rest.
MOST_FAILURES = 3
TELL_EVERY = 25


@dataclass(slots=True)
class Found:
    """One item before it is written: its id, ARN, tags (None: not known) and attributes."""

    id: str
    arn: str
    attributes: dict[str, Any]
    tags: dict[str, str] | None = None


@dataclass(slots=True)
class Place:
    """An account and a region, with the means to ask there.

    ``asks_in`` is the region whose endpoints are asked: that of a ``global`` place is another than its own.
    """

    account: str
    region: str
    partition: str
    asker: Asker
    asks_in: str
    start: str
    end: str
    offered: Callable[[str], bool] = lambda client: True
    progress: Callable[[str], None] = lambda label: None
    found: dict[str, dict[str, Found]] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def ask(self, call: Call, **parameters: Any) -> Mapping[str, Any]:
        """One answer from here."""
        return self.asker.ask(call, self.asks_in, **parameters)

    def each(self, call: Call, **parameters: Any) -> Iterator[Any]:
        """Each entry of the pages of an answer."""
        for page in self.asker.pages(call, self.asks_in, **parameters):
            for entry in page[call.expects]:
                if not isinstance(entry, dict):
                    raise Gap(BROKEN_ANSWER, call.iam)
                yield entry

    def of(self, kind: str) -> Iterable[Found]:
        """What was found of a kind so far."""
        return self.found.get(kind, {}).values()

    def miss(self, kind: str, what: str, gap: Gap, ids: Iterable[str] = ()) -> None:
        """Remember that something is missing."""
        entry = (self.account, self.region, kind, what, gap.reason, gap.action, gap.message)
        if not any(one[:7] == entry and not one.ids for one in self.missing):
            self.missing.append(Missing(*entry, tuple(sorted(ids))))

    def collect(self, kind: str, find: Callable[[], Iterator[Found]], after: str = "") -> None:
        """Keep everything of a kind that ``find`` gives until it ends or fails.

        ``after`` is the kind it is found from: what is missing there makes this one incomplete too.
        """
        items = self.found.setdefault(kind, {})
        for entry in [one for one in self.missing if one.kind == after and one.what == ITEMS]:
            self.miss(kind, ITEMS, Gap(entry.reason, entry.action, entry.message))
        try:
            for item in find():
                items[item.id] = item
        except Gap as gap:
            self.miss(kind, ITEMS, gap)

    def list(
        self, kind: str, call: Call, id: str, resource: Callable[[Mapping[str, Any]], str] | None = None, **more: Any
    ) -> None:
        """Keep everything of a kind that one call lists; ``resource`` gives an entry's ARN."""
        form = kinds()[kind].form

        def find() -> Iterator[Found]:
            for entry in self.each(call, **more):
                name = entry.get(id)
                if not isinstance(name, str) or not name:
                    raise Gap(BROKEN_ANSWER, call.iam)
                own = resource(entry) if resource is not None else ""
                yield Found(name, own, kept(form, entry), tags_of(entry))

        if call.client in self.absent:
            self.found.setdefault(kind, {})
            return
        before = len(self.missing)
        self.collect(kind, find)
        gaps = self.missing[before:]
        if gaps and all(gap.reason == UNREACHABLE for gap in gaps) and not self.offered(call.client):
            # botocore knows of no such service here, and there is none: nothing to find.
            del self.missing[before:]
            self.absent.add(call.client)

    def for_each(self, kind: str, things: Iterable[Found], find: Callable[[Found], Iterator[Found]]) -> Iterator[Found]:
        """What is found for each of other items; a failure that may be of one item alone does not end it."""
        failures = 0
        for number, thing in enumerate(things):
            if number % TELL_EVERY == 0:
                self.progress(f"{kind} {number:,}")
            try:
                yield from find(thing)
                failures = 0
            except Gap as gap:
                failures += 1
                if gap.reason not in PASSING or failures >= MOST_FAILURES:
                    raise
                self.miss(kind, ITEMS, gap)

    def enrich(self, kind: str, attribute: str, ask: Callable[[Found], None]) -> None:
        """Ask something more of each item of a kind; what cannot be had is missing for the items it is missing for."""
        failures = 0
        items = list(self.of(kind))
        for number, item in enumerate(items):
            try:
                ask(item)
                failures = 0
            except Gap as gap:
                failures += 1
                ends = gap.reason not in PASSING or failures >= MOST_FAILURES
                self.miss(kind, attribute, gap, [one.id for one in (items[number:] if ends else [item])])
                if ends:
                    return

    def tag(self, kind: str, types: tuple[str, ...], key: Callable[[Found], str] = lambda item: item.arn) -> None:
        """Give the items of a kind their tags; a resource that AWS does not list has none."""
        items = list(self.of(kind))
        if not items:
            return
        try:
            found = {
                entry.get("ResourceARN", ""): tags_of(entry)
                for entry in self.each(GET_RESOURCES, ResourceTypeFilters=list(types))
            }
        except Gap as gap:
            self.miss(kind, TAGS, gap)
            for item in items:
                item.tags = None
            return
        for item in items:
            item.tags = found.get(key(item), {})
