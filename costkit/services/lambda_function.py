"""AWS Lambda functions: requests, duration, provisioned concurrency, storage, SnapStart, streaming.

Duration is billed in GB-seconds of configured memory, 1 GB being 1,024 MB, rounded up to whole
milliseconds a request: https://aws.amazon.com/lambda/pricing/.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import ZERO, plain
from costkit.model.figure import MB_PER_GB, MS_PER_SECOND, SECONDS_PER_HOUR, Figure, figure
from costkit.model.form import Refusal, Refusals, month, refuse_outside, running
from costkit.model.kind import Amount, Choice, Count, Nested, Share, Size, Text, Time, Whole
from costkit.model.reading import Reading
from costkit.model.resource import Setting

# Compute Savings Plans cover duration and provisioned concurrency, not requests:
# https://aws.amazon.com/savingsplans/compute-pricing/
COMPUTE = "compute"


class ProvisionedConcurrency(NamedTuple):
    """Execution environments kept ready, billed while enabled."""

    concurrency: Annotated[Decimal, Whole("environments"), "Execution environments kept ready"]
    hours: Annotated[Decimal | None, Time("h"), "Hours a month enabled (default: its schedule, else all)"] = None
    requests: Annotated[Decimal | None, Count("request"), "Requests it serves (default: all)"] = None
    duration: Annotated[Decimal | None, Time("ms"), "Duration of those requests (default: the function's)"] = None


class SnapStart(NamedTuple):
    """A cached snapshot of a published version, and its restores."""

    hours: Annotated[Decimal | None, Time("h"), "Hours a month that the version exists (default: all)"] = None
    restores: Annotated[Decimal | None, Count("restore"), "Restores a month (default: from cold_start_rate)"] = None


class EventPollers(NamedTuple):
    """Event pollers of a queue or of Kafka in provisioned mode, paid for whether messages come or not."""

    pollers: Annotated[
        Decimal | None, Amount("pollers"), "Pollers of SQS, or event poller units of Kafka, on average"
    ] = None
    source: Annotated[str, Choice("sqs", "kafka"), "What they poll (default: sqs)"] = "sqs"
    hours: Annotated[Decimal | None, Time("h"), "Hours a month (default: all)"] = None


class Usage(NamedTuple):
    """An AWS Lambda function."""

    architecture: Annotated[str, Choice("x86_64", "arm64"), "Instruction set"] = "x86_64"
    memory: Annotated[Decimal | None, Size("MB"), "Configured memory (default: 128 MB)"] = None
    requests: Annotated[Decimal | None, Count("request"), "Requests a month"] = None
    duration: Annotated[Decimal | None, Time("ms"), "Duration of a request"] = None
    ephemeral_storage: Annotated[Decimal | None, Size("MB"), "Size of /tmp (default: what is free)"] = None
    cold_start_rate: Annotated[Decimal | None, Share(), "Share of requests that start cold"] = None
    init_duration: Annotated[Decimal | None, Time("ms"), "Duration of a cold start's INIT phase"] = None
    provisioned_concurrency: Annotated[ProvisionedConcurrency | None, Nested(ProvisionedConcurrency)] = None
    snap_start: Annotated[SnapStart | None, Nested(SnapStart)] = None
    response_size: Annotated[Decimal | None, Size("MB"), "Size of a streamed response"] = None
    event_pollers: Annotated[EventPollers | None, Nested(EventPollers)] = None
    runtime: Annotated[str | None, Text("python3.13"), "Runtime; SnapStart is free for Java"] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""
    yield from refuse_outside("memory", use.memory, at.value("memory_min"), at.value("memory_max"), "MB")
    step = at.value("memory_step")
    if use.memory is not None and use.memory % step:
        yield Refusal(
            "memory", f"AWS does not sell memory of {plain(use.memory)} MB", f"whole steps of {plain(step)} MB"
        )
    included, largest = at.value("ephemeral_storage_included"), at.value("ephemeral_storage_max")
    yield from refuse_outside("ephemeral_storage", use.ephemeral_storage, included, largest, "MB")
    yield from refuse_outside("duration", use.duration, ZERO, at.value("duration_max"), "ms")
    provisioned, snap, pollers = use.provisioned_concurrency, use.snap_start, use.event_pollers
    if provisioned is not None:
        yield from refuse_outside(
            "provisioned_concurrency.duration", provisioned.duration, ZERO, at.value("duration_max"), "ms"
        )
        if provisioned.requests is not None and use.requests is not None and provisioned.requests > use.requests:
            message = "provisioned concurrency serves more requests than the function has"
            yield Refusal("provisioned_concurrency.requests", message, "it is a part of requests", "CK113")
    if snap is not None and (provisioned is not None or (use.ephemeral_storage or included) > included):
        other = "provisioned_concurrency" if provisioned is not None else "ephemeral_storage beyond what is free"
        yield Refusal("snap_start", f"AWS does not combine snap_start with {other}", "keep one of them", "CK113")
    for name, part in (("provisioned_concurrency", provisioned), ("snap_start", snap), ("event_pollers", pollers)):
        if part is not None and part.hours is not None and part.hours > at.month_hours:
            hint = f"at most {plain(at.month_hours)}"
            yield Refusal(f"{name}.hours", f"more hours than the month has: {plain(part.hours)}", hint, "CK110")


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a function uses in the month, by meter."""
    arch, provisioned = use.architecture, use.provisioned_concurrency
    memory = (at.rule("memory_default") if use.memory is None else figure(use.memory, "MB")) / MB_PER_GB
    requests = figure(use.requests, "requests")
    yield Reading("requests", requests, "request")
    usual, served = requests, figure(ZERO)
    if provisioned is not None:
        served = requests if provisioned.requests is None else figure(provisioned.requests, "requests")
        usual = figure(ZERO, "requests") if provisioned.requests is None else requests - served
        enabled = running(provisioned.hours, None, at)
        ready = _enabled_seconds(provisioned, at) * memory
        yield Reading(f"provisioned_concurrency.{arch}", ready, "GB-second", cover=COMPUTE, running=enabled)
    seconds = _with_init(_seconds(usual, use.duration, at), usual, use, at)
    if provisioned is None or provisioned.requests is not None:
        yield Reading(f"duration.{arch}", seconds * memory, "GB-second", cover=COMPUTE)
    if provisioned is not None:
        duration = use.duration if provisioned.duration is None else provisioned.duration
        ready_seconds = _seconds(served, duration, at)
        yield Reading(f"provisioned_duration.{arch}", ready_seconds * memory, "GB-second", cover=COMPUTE)
        seconds = ready_seconds if provisioned.requests is None else seconds + ready_seconds
    if use.ephemeral_storage is not None:
        size = figure(use.ephemeral_storage, "MB").beyond(at.rule("ephemeral_storage_included"))
        if size.number:
            yield Reading(f"ephemeral_storage.{arch}", seconds * size / MB_PER_GB, "GB-second")
    yield from _snap_start(use, memory, requests, at)
    if use.response_size is not None:
        size = figure(use.response_size, "MB").beyond(at.rule("streaming_included"))
        yield Reading(f"response_streaming.{arch}", requests * size / MB_PER_GB, "GB")
    if use.event_pollers is not None:
        polling = month(at) if use.event_pollers.hours is None else figure(use.event_pollers.hours, "h")
        pollers = figure(use.event_pollers.pollers, "pollers") * polling
        yield Reading(f"event_pollers.{use.event_pollers.source}", pollers, "poller-hour")


def _seconds(requests: Figure, duration: Decimal | None, at: Setting) -> Figure:
    """Billed seconds: each request's duration rounded up to whole steps; an average counts as exact."""
    return requests * figure(duration, "ms").in_steps_of(at.rule("duration_step")) / MS_PER_SECOND


def _with_init(seconds: Figure, requests: Figure, use: Usage, at: Setting) -> Figure:
    """Billed seconds with the INIT phase of cold starts, where AWS bills it already."""
    if use.cold_start_rate is None or use.init_duration is None or not at.value("init_billed"):
        return seconds
    cold = requests * figure(use.cold_start_rate, "start cold")
    init = figure(use.init_duration, "ms").in_steps_of(at.rule("duration_step"))
    return seconds + cold * init / MS_PER_SECOND


def _enabled_seconds(provisioned: ProvisionedConcurrency, at: Setting) -> Figure:
    """Environment-seconds: from enabling to disabling, rounded up to whole steps once."""
    hours = running(provisioned.hours, None, at)
    seconds = (hours * SECONDS_PER_HOUR).in_steps_of(at.rule("provisioned_concurrency_step"))
    return figure(provisioned.concurrency, "environments") * seconds


def _snap_start(use: Usage, memory: Figure, requests: Figure, at: Setting) -> Iterator[Reading]:
    """SnapStart: the cached version's time and each restore; not charged for Java.

    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-pricing
    """
    snap = use.snap_start
    if snap is None or (use.runtime or "").startswith("java"):
        return
    hours = month(at) if snap.hours is None else figure(snap.hours, "h")
    seconds = (hours * SECONDS_PER_HOUR).at_least(at.rule("snap_start_minimum"))
    yield Reading("snap_start_cache", seconds * memory, "GB-second")
    restores = figure(snap.restores, "restores")
    if snap.restores is None and use.cold_start_rate is not None:
        restores = requests * figure(use.cold_start_rate, "start cold")
    yield Reading("snap_start_restore", restores * memory, "GB")
