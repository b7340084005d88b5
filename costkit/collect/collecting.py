"""The walk: account by account and region by region, everything asked for, kept as it comes."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TextIO

from costkit import __version__
from costkit.collect.accounts import Known, accounts, places_of
from costkit.collect.expense import Expense
from costkit.collect.gap import Gap
from costkit.collect.metrics import Query, measured, queries_of
from costkit.collect.place import TELL_EVERY, Found, Place
from costkit.collect.services import ACCOUNT_WIDE, module_of
from costkit.collect.wish import Wish
from costkit.model.resource import GLOBAL
from costkit.model.snapshot import INTERRUPTED, ITEMS, Account, ApiUse, Item, Missing, Part, Snapshot
from costkit.model.snapshot_kinds import kinds
from costkit.reports.collect.as_snapshot import item_text, series_text

Progress = Callable[[int, int, str], None]
STOPPED = "the collection was interrupted before this was asked for"


class Collection:
    """Collects what a wish says. Use it as a context: the items wait in a file of its own until they are written.

    ``snapshot`` is everything but the items; ``items`` gives their texts in order.
    """

    def __init__(self, wish: Wish, expense: Expense, progress: Progress = lambda done, total, label: None) -> None:
        self.wish, self.expense, self.progress = wish, expense, progress
        self.parts: list[Part] = []
        self.missing: list[Missing] = []
        self.accounts: list[Account] = []
        self.regions: set[str] = set()
        self.interrupted = False
        self.known: list[Known] = []
        descriptor, self.path = tempfile.mkstemp(prefix="costkit-", suffix=".items")
        self.spool: TextIO = os.fdopen(descriptor, "w+", encoding="ascii")

    def __enter__(self) -> "Collection":
        return self

    def __exit__(self, *_: Any) -> None:
        for account in self.known:
            account.asker.close()
        self.spool.close()
        os.remove(self.path)

    def collect(self) -> Snapshot:
        """Ask for everything. Raises Gap if no account can be asked, CostkitError without boto3 or the profile."""
        self.known = accounts(self.wish, self.expense)
        steps = [
            (account, region, chosen)
            for account in self.known
            for region, chosen in places_of(account, self.wish.services)
        ]
        self.accounts = [Account(account.id, account.role) for account in self.known]
        self.regions = {region for _, region, _ in steps if region != GLOBAL}
        done = 0
        total = sum(len(chosen) + 1 for _, _, chosen in steps)
        for account, region, chosen in steps:
            place = self._place(account, region)
            try:
                if self.interrupted or account.gap is not None:
                    self._missed(place, chosen, account.gap or Gap(INTERRUPTED, "", STOPPED))
                else:
                    self._visit(place, chosen, done, total)
            except KeyboardInterrupt:
                self.interrupted = True
                self._missed(place, chosen, Gap(INTERRUPTED, "", STOPPED))
            done += len(chosen) + 1
            self.missing += place.missing
        self.progress(total, total, "")
        return self.snapshot()

    def _place(self, account: Known, region: str) -> Place:
        wish = self.wish
        home = ACCOUNT_WIDE["cost-explorer"] if region == GLOBAL else region
        return Place(
            account.id,
            region,
            account.partition,
            account.asker,
            home,
            wish.start,
            wish.end,
            lambda client: region == GLOBAL or account.offered(client, region),
        )

    def _missed(self, place: Place, chosen: Sequence[str], gap: Gap) -> None:
        """Nothing more of these services can be had here; what is written already stays."""
        written_already = {part.kind for part in self.parts if (part.account, part.region) == place_key(place)}
        for kind in kinds_of(chosen):
            if kind not in written_already:
                place.miss(kind, ITEMS, gap)
                self.parts.append(Part(place.account, place.region, kind, 0))

    def _visit(self, place: Place, chosen: Sequence[str], done: int, total: int) -> None:
        kept: dict[str, list[Item]] = {}
        for number, service in enumerate(chosen):
            self._tell(place, done + number, total, service)
            old = self._previous(place, service)
            if old is not None:
                kept.update(old)
            else:
                module_of(service).collect(place)
        self._tell(place, done + len(chosen), total, "metrics")
        for kind in sorted({*kinds_of(chosen)}):
            if kind in kept:
                for item in kept[kind]:
                    self.spool.write(item_text(item) + "\n\n")
                self.parts.append(Part(place.account, place.region, kind, len(kept[kind])))
            else:
                self._write(place, kind)
                self.parts.append(Part(place.account, place.region, kind, len(place.found.get(kind, {}))))

    def _tell(self, place: Place, done: int, total: int, label: str) -> None:
        """Say which step comes next, and let the place say how far it is in it."""
        place.progress = lambda more: self.progress(done, total, f"{place.region} {more}")
        place.progress(label)

    def _previous(self, place: Place, service: str) -> dict[str, list[Item]] | None:
        """What a previous snapshot has of a service here, if it is whole."""
        before = self.wish.previous
        if before is None:
            return None
        names = list(kinds_of([service]))
        account, region = place_key(place)
        whole = all(before.asked(name, account, region) for name in names)
        if not whole or any(before.missing_of(name, account, region) for name in names):
            return None
        return {name: sorted(before.of(name, account, region), key=lambda item: item.id) for name in names}

    def _write(self, place: Place, kind: str) -> None:
        """Write the items of a kind with their metrics, as these arrive: a question of each sort is held."""
        queries = queries_of(place, kind, self.wish.days)
        sorts: dict[tuple[str, bool], list[Query]] = {}
        for query in queries:
            sorts.setdefault(query.together, []).append(query)
        answers = {sort: measured(place, kind, alike) for sort, alike in sorts.items()}
        place_in_queries = 0
        for number, item in enumerate(sorted(place.of(kind), key=lambda one: one.id)):
            if number % TELL_EVERY == 0:
                place.progress(f"metrics of {kind} {number:,}")
            own: list[tuple[Query, Any]] = []
            while place_in_queries < len(queries) and queries[place_in_queries].item is item:
                query = queries[place_in_queries]
                own.append((query, next(answers[query.together])))
                place_in_queries += 1
            if not self.wish.dry:
                self.spool.write(_text(place, kind, item, own) + "\n\n")

    def snapshot(self) -> Snapshot:
        """Everything that was collected, without the items."""
        use, before = self.expense.use(), self.wish.previous
        if before is not None:
            names = sorted({*use.calls, *before.api.calls})
            calls = {name: use.calls.get(name, 0) + before.api.calls.get(name, 0) for name in names}
            use = ApiUse(calls, use.metrics + before.api.metrics, use.cost + before.api.cost)
        return Snapshot(
            tool_version=__version__,
            collected=self.wish.collected,
            start=self.wish.start,
            end=self.wish.end,
            accounts=tuple(self.accounts),
            regions=tuple(sorted(self.regions)),
            services=self.wish.services,
            api=use,
            parts=tuple(self.parts),
            missing=tuple(self.missing),
            items=(),
        )

    def items(self) -> Iterator[str]:
        """The text of each item, in order."""
        self.spool.flush()
        self.spool.seek(0)
        lines: list[str] = []
        for line in self.spool:
            if line != "\n":
                lines.append(line)
            elif lines:
                yield "".join(lines).rstrip("\n")
                lines = []


def place_key(place: Place) -> tuple[str, str]:
    """The account and region of a place."""
    return place.account, place.region


def kinds_of(chosen: Sequence[str]) -> Iterator[str]:
    """The kinds of some services."""
    return (kind.name for kind in kinds().values() if kind.service in chosen)


def _text(place: Place, kind: str, item: Found, metrics: Sequence[tuple[Query, Any]]) -> str:
    whole = Item(kind, item.id, item.arn, place.account, place.region, item.tags, item.attributes)
    return item_text(whole, [series_text(query.series, values) for query, values in metrics if values is not None])
