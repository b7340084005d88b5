"""What a comparison of compute takes for granted, in sentences: of the workload, and of each way to run it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil

from costkit.compare.break_even import decimal
from costkit.compare.compute_fleet import Machine, tight_by
from costkit.compare.compute_options import Way
from costkit.compare.workload import HOURS_OF_A_DAY, MB_PER_VCPU, Load, Workload
from costkit.model.exact import plain

PERCENT = 100


def subject_of(workload: Workload) -> tuple[tuple[str, str], ...]:
    """The workload as names and texts; of ranges all three points, ``low..expected..high``."""
    needs, (expected, low, high) = workload.needs, workload.loads
    busy = workload.peak(expected)
    found = {
        "name": workload.functions[0].name if workload.present else "",
        "requests": _points(low.requests, expected.requests, high.requests),
        "duration_ms": _points(low.duration, expected.duration, high.duration),
        "memory_mb": _points(low.memory, expected.memory, high.memory),
        "architecture": needs.architecture,
        "region": workload.region,
        "peak_concurrency": plain(needs.peak_concurrency) if needs.peak_concurrency is not None else str(ceil(busy)),
        "min_instances": plain(needs.min_instances),
        "utilization": plain(needs.utilization),
        "memory_utilization": plain(needs.memory_utilization),
        "ops_cost": plain(needs.ops_cost),
    }
    return tuple((name, text) for name, text in found.items() if text)


def notes_of(workload: Workload, types_a_purchase: int | None) -> tuple[str, ...]:
    """The assumptions that all options share; ``types_a_purchase`` is how many instance types are shown."""
    return tuple(_notes(workload, types_a_purchase))


def _notes(workload: Workload, types_a_purchase: int | None) -> Iterator[str]:
    needs, load = workload.needs, workload.loads[0]
    yield _about_the_peak(workload)
    share = "one vCPU" if workload.vcpus(load) == 1 else f"{plain(load.memory)}/{MB_PER_VCPU} of a vCPU"
    yield (
        f"A request keeps {share} busy, as much as Lambda gives for its memory, and one at most (a "
        "single thread); on a fleet it takes as much memory as the function has."
    )
    yield (
        f"Fleets run at {plain(needs.utilization * PERCENT)} % of their CPU and "
        f"{plain(needs.memory_utilization * PERCENT)} % of their memory at the peak, with at least "
        f"{plain(needs.min_instances)} instances or tasks, all month long: nothing is scaled in."
    )
    yield "Each option is priced as an account of its own: it shares no free allowance with anything else."
    if needs.volume:
        yield f"Each EC2 instance has a gp3 volume of {plain(needs.volume)} GB (--volume)."
    if types_a_purchase is not None:
        yield f"Of EC2 the {types_a_purchase} cheapest types of each way to buy are here; --instance-type names others."
    yield from _left_out(workload)


def _about_the_peak(workload: Workload) -> str:
    needs, load = workload.needs, workload.loads[0]
    if needs.peak_concurrency is not None:
        peak = f"The peak is {plain(needs.peak_concurrency)} concurrent requests, whatever the requests a month"
        return f"{peak}: break-even points end where they would be as many all month."
    peak = f"The peak is {ceil(workload.peak(load))} concurrent requests"
    if needs.profile is not None:
        return f"{peak}, the busiest of {HOURS_OF_A_DAY} hours; it grows with the requests."
    stated = "as stated" if needs.peak_factor is not None else "assumed (--peak-factor, --peak-concurrency)"
    factor = plain(needs.peak_factor) if needs.peak_factor is not None else plain(decimal(workload.peak_factor))
    return f"{peak}, {factor} times the average, {stated}; it grows with the requests."


def _left_out(workload: Workload) -> Iterator[str]:
    needs = workload.needs
    if not needs.with_entry:
        yield "No API and no load balancer is counted (--with-entry)."
    else:
        yield "Each request opens a connection of its own to the load balancer, which is the most it can cost."
    if not needs.ops_cost:
        yield "Operating EC2 is counted as nothing (--ops-cost)."
    if workload.spec.commitments:
        yield "The commitments of the account are left out: they are the same for every option."


def assumptions_of(way: Way, workload: Workload, units: Sequence[int | None]) -> tuple[str, ...]:
    """What one way takes for granted; ``units`` are its instances, tasks or environments at each point."""
    return tuple(_assumptions(way, workload, workload.loads[0], units))


def _assumptions(way: Way, workload: Workload, load: Load, units: Sequence[int | None]) -> Iterator[str]:
    if way.kind == "lambda" and units[0] is not None:
        yield f"{_counted(units)} environments are ready all month, enough for the peak; they serve every request"
    if way.kind == "lambda" and way.main.usage.architecture == "arm64" and not way.present:
        yield "the program runs on arm64 as fast as on x86_64"
    if way.machine is not None:
        yield from _of_fleet(way, way.machine, workload, load, units)
    if way.family == "spot":
        yield "spot capacity can be taken back at any time, and its price moves"
    if "." in way.purchase:
        yield f"committed for the whole term: {way.purchase.replace('_', ' ').replace('.', ', ')}"


def _of_fleet(way: Way, machine: Machine, workload: Workload, load: Load, units: Sequence[int | None]) -> Iterator[str]:
    noun = "tasks" if way.kind == "fargate" else "instances"
    if way.kind == "fargate":
        yield "the smallest task that holds a request and runs it as fast as Lambda"
    by = tight_by(machine, load, workload)
    least = int(workload.needs.min_instances)
    yield f"{_counted(units)} {noun}: " + ("the least for availability" if units[0] == least else f"needed for {by}")
    if machine.baseline < 1:
        text = plain(decimal(machine.baseline * PERCENT))
        yield f"burstable: on average it stays within its baseline of {text} % of a vCPU, so that no credits are billed"


def _counted(units: Sequence[int | None]) -> str:
    expected, low, high = units[0], units[1 % len(units)], units[-1]
    return str(expected) if low == high else f"{low} to {high}, {expected} expected"


def _points(*points: Decimal) -> str:
    texts = [plain(point) for point in points]
    return texts[1] if texts[0] == texts[2] else "..".join(texts)
