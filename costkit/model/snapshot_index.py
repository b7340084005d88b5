"""A snapshot by what is asked of it most: the items of a kind in an account and region, and by an attribute."""

from collections.abc import Sequence
from functools import cached_property

from costkit.model.snapshot import ITEMS, METRICS, Item, Missing, Snapshot

Where = tuple[str, str, str]
NOTHING: tuple[Item, ...] = ()


class SnapshotIndex:
    """Finds items without walking through a snapshot of an account with many thousands."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._named: dict[tuple[Where, str], dict[str, list[Item]]] = {}

    @cached_property
    def _items(self) -> dict[Where, list[Item]]:
        found: dict[Where, list[Item]] = {}
        for item in self.snapshot.items:
            found.setdefault((item.kind, item.account, item.region), []).append(item)
        return found

    @cached_property
    def _missing(self) -> dict[Where, list[Missing]]:
        found: dict[Where, list[Missing]] = {}
        for gap in self.snapshot.missing:
            found.setdefault((gap.kind, gap.account, gap.region), []).append(gap)
        return found

    @cached_property
    def _asked(self) -> frozenset[Where]:
        return frozenset((part.kind, part.account, part.region) for part in self.snapshot.parts)

    @cached_property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The accounts and regions that anything was asked of, in the order of the parts."""
        return tuple(dict.fromkeys((part.account, part.region) for part in self.snapshot.parts))

    def of(self, kind: str, account: str, region: str) -> Sequence[Item]:
        """The items of a kind in an account and region."""
        return self._items.get((kind, account, region), NOTHING)

    def beside(self, item: Item, kind: str, attribute: str, value: object = None) -> Sequence[Item]:
        """The items of a kind in the item's account and region whose attribute is a value: the item's id if none."""
        key = ((kind, item.account, item.region), attribute)
        if key not in self._named:
            by_value: dict[str, list[Item]] = {}
            for other in self.of(*key[0]):
                by_value.setdefault(str(other.attributes.get(attribute)), []).append(other)
            self._named[key] = by_value
        return self._named[key].get(str(item.id if value is None else value), NOTHING)

    def asked(self, kind: str, account: str, region: str) -> bool:
        """Whether a kind was asked for there: only then do no items mean that there are none."""
        return (kind, account, region) in self._asked

    def missing(self, kind: str, account: str, region: str) -> Sequence[Missing]:
        """Everything of a kind that could not be collected there."""
        return self._missing.get((kind, account, region), ())

    def without(self, kind: str, account: str, region: str, what: str = ITEMS) -> Missing | None:
        """Why the items of a kind (or a thing of all of them) are not there, or None."""
        gaps = [gap for gap in self.missing(kind, account, region) if gap.what == what]
        of_all = next((gap for gap in gaps if not gap.ids), None)
        return of_all or (gaps[0] if gaps and what == ITEMS else None)

    def without_metrics(self, item: Item) -> Missing | None:
        """Why metrics of an item are not there, or None."""
        for gap in self.missing(item.kind, item.account, item.region):
            if gap.what == METRICS and (not gap.ids or item.id in gap.ids):
                return gap
        return None
