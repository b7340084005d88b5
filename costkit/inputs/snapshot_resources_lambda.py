"""Lambda functions of a snapshot with the requests, durations and cold starts that were measured."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit.inputs.snapshot_resources_measuring import DAY, by_day, days_between, each, monthly, origin, ranged
from costkit.inputs.snapshot_resources_translated import EntryBuilder, Translated, free, not_priced, number, text
from costkit.model.exact import ZERO, quotient
from costkit.model.snapshot import Item, Series
from costkit.model.snapshot_index import SnapshotIndex

HOUR = 3600
# The free size of /tmp in MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
SMALLEST_STORAGE = Decimal(512)
PROVISIONED, VERSION = "lambda_provisioned_concurrency", "lambda_version"
SNAP_START_ON = "PublishedVersions"
NOT_POLLING = ("Disabled", "Disabling", "Deleting")


def lambda_function(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A function: AWS rounds each request up to whole ms, the estimate their average, half a ms more as well."""
    if "CapacityProviderConfig" in item.attributes:
        yield not_priced(item, "it runs on managed instances, which costkit has no price for")
        return
    entry = EntryBuilder("lambda_function")
    architectures = item.attributes.get("Architectures") or ["x86_64"]
    entry.put("architecture", architectures[0])
    entry.put("memory", number(item, "MemorySize"))
    entry.put("runtime", text(item, "Runtime") or None)
    storage = number(item, "EphemeralStorage", "Size")
    entry.put("ephemeral_storage", storage if storage and storage > SMALLEST_STORAGE else None)
    _invocations(entry, item)
    _cold_starts(entry, item)
    _provisioned(entry, item, index)
    yield entry.of(item)


def first_day(item: Item, series: Series) -> int:
    """The first day that counts: that of the last change, if nothing was called before it.

    A gap in a Lambda metric means no calls, and AWS does not say when a function was created.
    """
    days = by_day(series)
    called = next((place for place, day in enumerate(days) if day), 0)
    since = days_between(series.start, text(item, "LastModified"))
    return min(max(since or 0, 0), called, len(days) - 1)


def _invocations(entry: EntryBuilder, item: Item) -> None:
    calls = item.series("Invocations", "Sum", HOUR)
    total = item.series("Duration", "Sum", HOUR)
    if calls is None:
        return
    first = first_day(item, calls)
    entry.measure("requests", monthly(calls, first=first))
    if not any(by_day(calls)):
        # Nothing was called, so that no duration is known, and none is needed.
        entry.put("duration", ZERO)
        entry.origins[("duration",)] = f"no {origin(calls)}"
    elif total is not None:
        entry.measure("duration", each(total, calls))


def _cold_starts(entry: EntryBuilder, item: Item) -> None:
    """The INIT phases that Lambda Insights saw."""
    calls = item.series("Invocations", "Sum", HOUR)
    total, starts = item.series("init_duration", "Sum", DAY), item.series("init_duration", "SampleCount", DAY)
    if calls is None or total is None or starts is None:
        return
    seen = [(day or ZERO, count or ZERO) for day, count in zip(by_day(total), by_day(starts), strict=False)]
    count = sum((number for _, number in seen), ZERO)
    called = sum((day or ZERO for day in by_day(calls)), ZERO)
    if not count or count > called:
        return
    entry.put("cold_start_rate", quotient(count, called))
    entry.put("init_duration", quotient(sum((length for length, _ in seen), ZERO), count))
    for name in ("cold_start_rate", "init_duration"):
        entry.origins[(name,)] = origin(starts)


def _provisioned(entry: EntryBuilder, item: Item, index: SnapshotIndex) -> None:
    """The provisioned concurrency of all its versions and aliases, and the requests that it served."""
    configured = [one for one in index.beside(item, PROVISIONED, "FunctionName") if text(one, "Status") != "FAILED"]
    sizes = [number(one, "RequestedProvisionedConcurrentExecutions") for one in configured]
    size = sum((one for one in sizes if one is not None), ZERO)
    if not size:
        return
    block: dict[str, Any] = {"concurrency": size}
    served = [one.series("ProvisionedConcurrencyInvocations", "Sum", HOUR) for one in configured]
    months = [found for series in served if (found := monthly(series)) is not None]
    if len(months) == len(configured):
        block["requests"] = _within(_added([month.value for month in months]), entry.fields.get("requests"))
        entry.origins["provisioned_concurrency", "requests"] = months[0].origin
    entry.put("provisioned_concurrency", block)


def _ends(value: Any) -> tuple[Decimal, Decimal, Decimal]:
    return (value["expected"], value["low"], value["high"]) if isinstance(value, dict) else (value, value, value)


def _added(values: list[Any]) -> Any:
    return _ranged([sum(points, ZERO) for points in zip(*(_ends(value) for value in values), strict=True)])


def _within(part: Any, whole: Any) -> Any:
    """A part that is nowhere more than the whole."""
    if whole is None:
        return part
    return _ranged([min(ends) for ends in zip(_ends(part), _ends(whole), strict=True)])


def _ranged(points: list[Decimal]) -> Any:
    expected, low, high = points
    return expected if low == high == expected else ranged(expected, low, high)


def lambda_version(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A published version: it costs something only for the snapshot that SnapStart keeps of it."""
    if text(item, "SnapStart", "ApplyOn") != SNAP_START_ON or text(item, "Runtime").startswith("java"):
        yield free(item)
        return
    entry = EntryBuilder("lambda_function")
    entry.put("memory", number(item, "MemorySize"))
    entry.put("runtime", text(item, "Runtime") or None)
    entry.put("architecture", (item.attributes.get("Architectures") or ["x86_64"])[0])
    entry.put("requests", ZERO)
    entry.put("duration", ZERO)
    calls = item.series("Invocations", "Sum", DAY)
    # Only of a version that is never called it is known how often it was restored.
    unused = calls is not None and not any(by_day(calls))
    entry.put("snap_start", {"restores": ZERO} if unused else {})
    yield entry.of(item)


def event_source_mapping(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """What polls for a function: free, but in provisioned mode, where the least number of pollers is always there.

    Pollers of a queue are billed each, those of Kafka by units that mappings may share, of which AWS tells no number.
    https://aws.amazon.com/lambda/pricing/
    """
    if not item.attributes.get("ProvisionedPollerConfig") or text(item, "State") in NOT_POLLING:
        return
    queue = ":sqs:" in text(item, "EventSourceArn")
    pollers = number(item, "ProvisionedPollerConfig", "MinimumPollers") if queue else None
    entry = EntryBuilder("lambda_function")
    entry.put("requests", ZERO)
    entry.put("duration", ZERO)
    known = {} if pollers is None else {"pollers": pollers}
    entry.put("event_pollers", {"source": "sqs" if queue else "kafka", **known})
    if pollers is not None:
        entry.origins["event_pollers", "pollers"] = "MinimumPollers of the event source mapping"
    yield entry.of(item)
