"""AWS Fargate tasks: vCPU, memory and ephemeral storage by the second, with a minimum a run.

https://aws.amazon.com/fargate/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import plain
from costkit.model.figure import SECONDS_PER_HOUR, Figure, figure
from costkit.model.form import (
    Hours,
    Refusal,
    Refusals,
    Schedule,
    refuse_both,
    refuse_hours,
    refuse_longer_than_the_month,
    refuse_outside,
    running,
)
from costkit.model.kind import Amount, Choice, Count, Nested, Size, Time
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Purchase(NamedTuple):
    """On demand or spot."""

    kind: Annotated[str, Choice("on_demand", "spot"), "How it is bought"] = "on_demand"


class Usage(NamedTuple):
    """An AWS Fargate task."""

    vcpu: Annotated[Decimal, Amount("vCPU"), "vCPUs of the task"]
    memory: Annotated[Decimal, Size("GB"), "Memory of the task"]
    architecture: Annotated[str, Choice("x86_64", "arm64"), "Instruction set"] = "x86_64"
    hours: Hours = None
    schedule: Annotated[Schedule | None, Nested(Schedule)] = None
    runs: Annotated[Decimal | None, Count("run"), "Runs a month, instead of hours"] = None
    duration: Annotated[Decimal | None, Time("s"), "Length of a run"] = None
    ephemeral_storage: Annotated[Decimal | None, Size("GB"), "Ephemeral storage (default: what is free)"] = None
    purchase: Annotated[Purchase | None, Nested(Purchase)] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html."""
    yield from refuse_hours(use.hours, use.schedule, at)
    yield from refuse_both("hours", use.hours, "runs", use.runs)
    yield from refuse_both("schedule", use.schedule, "runs", use.runs)
    if use.duration is not None and use.runs is None:
        yield Refusal("duration", "a duration without runs", "give runs, or hours instead", "CK113")
    yield from refuse_longer_than_the_month("duration", use.duration, at)
    sizes = at.specs(at.table)
    size = sizes.get(plain(use.vcpu))
    if size is None:
        yield Refusal("vcpu", f"AWS sells no task of {plain(use.vcpu)} vCPU", "one of " + ", ".join(sizes))
    elif plain(use.memory) not in size["memory_gb"].split():
        offered = size["memory_gb"].replace(" ", ", ")
        yield Refusal(
            "memory", f"AWS sells no task of {plain(use.vcpu)} vCPU with {plain(use.memory)} GB", f"one of {offered} GB"
        )
    included, largest = at.value("ephemeral_storage_included"), at.value("ephemeral_storage_max")
    yield from refuse_outside("ephemeral_storage", use.ephemeral_storage, included, largest, "GB")


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a task uses in the month, by meter."""
    hours = _hours(use, at)
    spot = "spot_" if use.purchase is not None and use.purchase.kind == "spot" else ""
    # A purchase of its own keeps a task out of the account's commitments; runs are spread over the month.
    cover = "compute" if use.purchase is None else ""
    running = hours if use.runs is None else None
    sizes = {"vcpu": figure(use.vcpu, "vCPU"), "memory": figure(use.memory, "GB")}
    for name, size in sizes.items():
        unit = "vCPU-hour" if name == "vcpu" else "GB-hour"
        yield Reading(f"{spot}{name}.{use.architecture}", hours * size, unit, cover=cover, running=running)
    if use.ephemeral_storage is not None:
        size = figure(use.ephemeral_storage, "GB").beyond(at.rule("ephemeral_storage_included"))
        if size.number:
            yield Reading("ephemeral_storage", hours * size, "GB-hour")


def _hours(use: Usage, at: Setting) -> Figure:
    """Hours a task runs: by the clock, or its runs, each at least the minimum."""
    if use.runs is None:
        return running(use.hours, use.schedule, at)
    seconds = figure(use.duration, "s").at_least(at.rule("minimum"))
    return figure(use.runs, "runs") * seconds / SECONDS_PER_HOUR
