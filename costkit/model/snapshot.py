"""What was collected from AWS: items with their attributes and metrics, and what is missing and why."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.model.exact import ZERO

FORMAT = "costkit snapshot"
SCHEMA_VERSION = 1

# What a gap in a metric means: nothing happened, or nobody knows (paused, stopped, not there yet).
ZERO_GAPS, UNKNOWN_GAPS = "zero", "unknown"

# What can be missing beside an attribute, which is then named itself.
ITEMS, METRICS, TAGS = "items", "metrics", "tags"

DENIED, THROTTLED, DISABLED, NOT_ENROLLED = "denied", "throttled", "disabled", "not_enrolled"
EXPIRED, NO_CREDENTIALS, CLOCK = "expired", "no_credentials", "clock"
UNREACHABLE, FAILED, BROKEN_ANSWER = "unreachable", "failed", "broken_answer"
COST_LIMIT, INTERRUPTED = "cost_limit", "interrupted"
REASONS = (
    DENIED,
    THROTTLED,
    DISABLED,
    NOT_ENROLLED,
    EXPIRED,
    NO_CREDENTIALS,
    CLOCK,
    UNREACHABLE,
    FAILED,
    BROKEN_ANSWER,
    COST_LIMIT,
    INTERRUPTED,
)


class Series(NamedTuple):
    """A metric of one item: a value for each period from ``start`` (inclusive) to ``end`` (exclusive).

    Times are ISO texts in UTC, ``period`` is in seconds, and ``values`` has exactly (end - start) / period
    entries in AWS's own unit. None is a period for which AWS has no data; ``gaps`` says what that means.
    ``dimensions`` are those beside the item's own, such as ``{"latency": "short"}``.
    """

    namespace: str
    metric: str
    statistic: str
    period: int
    start: str
    end: str
    gaps: str
    values: tuple[Decimal | None, ...]
    dimensions: Mapping[str, str] = {}

    @property
    def known(self) -> tuple[Decimal | None, ...]:
        """The values with 0 for a gap that means so; None where nobody knows."""
        if self.gaps != ZERO_GAPS:
            return self.values
        return tuple([ZERO if value is None else value for value in self.values])

    @property
    def coverage(self) -> Decimal:
        """The share of periods with a value, from 0 to 1; 1 where a gap means zero."""
        if self.gaps == ZERO_GAPS or not self.values:
            return Decimal(1)
        return Decimal(sum(value is not None for value in self.values)) / len(self.values)


class Item(NamedTuple):
    """One thing in an account, with AWS's own field names in ``attributes``; an absent key is not known.

    ``kind`` is one of ``costkit.model.snapshot_kinds``; ``region`` is ``global`` for what has none.
    ``tags`` is None where nobody could ask for them. Numbers in attributes are Decimals, times ISO texts.
    """

    kind: str
    id: str
    arn: str
    account: str
    region: str
    tags: Mapping[str, str] | None
    attributes: Mapping[str, Any]
    metrics: tuple[Series, ...] = ()

    def series(self, metric: str, statistic: str, period: int | None = None, **dimensions: str) -> Series | None:
        """The series of a metric by its name, statistic, period and further dimensions, or None."""
        for found in self.metrics:
            named = (found.metric, found.statistic) == (metric, statistic) and period in (None, found.period)
            if named and all(found.dimensions.get(name) == value for name, value in dimensions.items()):
                return found
        return None


class Part(NamedTuple):
    """One kind in one account and region that was asked for, and how many items of it there are.

    A kind without a part was not asked for. A part without ``missing`` is complete, also with 0 items.
    """

    account: str
    region: str
    kind: str
    items: int


class Missing(NamedTuple):
    """What could not be collected, and why.

    ``what`` is ``items`` (some or all), ``metrics``, ``tags``, or the name of an attribute. ``ids`` names the
    items concerned, and is empty for all of the part. ``action`` is the IAM action that AWS refused or failed.
    """

    account: str
    region: str
    kind: str
    what: str
    reason: str
    action: str
    message: str
    ids: tuple[str, ...] = ()


class Account(NamedTuple):
    """An account that was asked, and the role it was asked through; empty for the caller's own."""

    id: str
    role: str = ""


class ApiUse(NamedTuple):
    """What collecting used itself: answered calls by IAM action, metrics asked for, and USD at list price."""

    calls: Mapping[str, int]
    metrics: int
    cost: Decimal


class Snapshot(NamedTuple):
    """What was found in some accounts and regions at one time.

    ``collected`` is when, in UTC; ``start`` and ``end`` are the days that metrics cover at least (some look back
    longer: their series say so). ``services`` are those asked for.
    """

    tool_version: str
    collected: str
    start: str
    end: str
    accounts: tuple[Account, ...]
    regions: tuple[str, ...]
    services: tuple[str, ...]
    api: ApiUse
    parts: tuple[Part, ...]
    missing: tuple[Missing, ...]
    items: tuple[Item, ...]

    @property
    def complete(self) -> bool:
        """Whether everything asked for was collected."""
        return not self.missing

    def of(self, kind: str, account: str | None = None, region: str | None = None) -> Iterator[Item]:
        """The items of a kind, of one account or region or of all."""
        for item in self.items:
            if item.kind == kind and account in (None, item.account) and region in (None, item.region):
                yield item

    def asked(self, kind: str, account: str, region: str) -> bool:
        """Whether a kind was asked for there: only then do no items mean that there are none."""
        return any((part.kind, part.account, part.region) == (kind, account, region) for part in self.parts)

    def missing_of(self, kind: str, account: str, region: str, what: str = "", id: str = "") -> tuple[Missing, ...]:
        """What is missing of a kind there; of one thing (``what``) or item (``id``) if given."""
        return tuple(
            gap
            for gap in self.missing
            if (gap.kind, gap.account, gap.region) == (kind, account, region)
            and what in ("", gap.what)
            and (not id or not gap.ids or id in gap.ids)
        )
