"""How many instances or tasks a workload needs: by memory, by CPU, and for availability.

A fleet of k machines holds the peak when k x memory x 0.75 covers the requests' memory and k x vCPU x 0.70
their CPU. Burstable instances must also stay within their baseline on average, so that no credits are billed.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from costkit.compare.break_even import Growth
from costkit.compare.workload import Load, Workload

MB_PER_GB = 1024
# The share of a vCPU that a burstable instance may use all the time, in percent:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
BASELINE_PERCENT = {"nano": "5", "micro": "10", "small": "20", "medium": "20", "large": "30"}
BASELINE_PERCENT |= {"xlarge": "40", "2xlarge": "40", "t2.xlarge": "22.5", "t2.2xlarge": "17"}


class Machine(NamedTuple):
    """What runs requests: an instance type or a task size. ``baseline`` is its share of CPU for ever, 1 usually."""

    name: str
    vcpu: Fraction
    memory: Fraction
    architectures: tuple[str, ...]
    baseline: Fraction = Fraction(1)


def instance_types(specs: Mapping[str, Mapping[str, Any]]) -> list[Machine]:
    """The instance types of the table as machines; burstable ones without a known baseline are left out."""
    machines = []
    for name, spec in specs.items():
        baseline = Fraction(1)
        if spec.get("burstable"):
            percent = BASELINE_PERCENT.get(name) or BASELINE_PERCENT.get(name.partition(".")[2])
            if percent is None:
                continue
            baseline = Fraction(percent) / 100
        architectures = tuple(str(spec["arch"]).split("+"))
        memory = Fraction(spec["memory_gib"]) * MB_PER_GB
        machines.append(Machine(name, Fraction(spec["vcpu"]), memory, architectures, baseline))
    return machines


def task_sizes(specs: Mapping[str, Mapping[str, Any]]) -> list[Machine]:
    """The task sizes that Fargate sells, the smallest first; their names are ``vcpu memory``."""
    both = ("x86_64", "arm64")
    sizes = [
        Machine(f"{vcpu} {memory}", Fraction(vcpu), Fraction(memory) * MB_PER_GB, both)
        for vcpu, spec in specs.items()
        for memory in str(spec["memory_gb"]).split()
    ]
    return sorted(sizes, key=lambda size: (size.vcpu, size.memory))


def holds(machine: Machine, load: Load, workload: Workload) -> bool:
    """Whether one request runs on the machine as fast as in Lambda, with the memory that it needs."""
    room = machine.memory * Fraction(workload.needs.memory_utilization)
    return room >= Fraction(load.memory) and machine.vcpu >= workload.vcpus(load)


def fleet_size(machine: Machine, load: Load, workload: Workload) -> Growth:
    """How many machines hold the workload at its peak, as requests grow."""
    each = max(by_memory(machine, load, workload), by_cpu(machine, load, workload))
    steady = workload.busy(load) * by_baseline(machine, load, workload)
    return _growth(each, int(workload.needs.min_instances), steady, load, workload)


def environments(load: Load, workload: Workload) -> Growth:
    """How many execution environments of provisioned concurrency hold the peak: one a concurrent request."""
    return _growth(Fraction(1), 1, Fraction(0), load, workload)


def by_memory(machine: Machine, load: Load, workload: Workload) -> Fraction:
    """The part of a machine that the memory of a concurrent request takes."""
    return Fraction(load.memory) / (machine.memory * Fraction(workload.needs.memory_utilization))


def by_cpu(machine: Machine, load: Load, workload: Workload) -> Fraction:
    """The part of a machine that the CPU of a concurrent request takes."""
    return workload.vcpus(load) / (machine.vcpu * Fraction(workload.needs.utilization))


def by_baseline(machine: Machine, load: Load, workload: Workload) -> Fraction:
    """The part of a burstable machine that a request takes if there is one all the time; 0 of other machines."""
    return Fraction(0) if machine.baseline == 1 else workload.vcpus(load) / (machine.vcpu * machine.baseline)


def tight_by(machine: Machine, load: Load, workload: Workload) -> str:
    """What makes a fleet as large as it is, where that is not availability."""
    peak, average = workload.peak(load), workload.busy(load) * Fraction(load.requests)
    needed = {
        "the memory of its requests": peak * by_memory(machine, load, workload),
        "the CPU of its requests": peak * by_cpu(machine, load, workload),
        "the CPU of its requests within the baseline": average * by_baseline(machine, load, workload),
    }
    return max(needed, key=lambda name: needed[name])


def _growth(each: Fraction, least: int, steady: Fraction, load: Load, workload: Workload) -> Growth:
    fixed = workload.needs.peak_concurrency
    if fixed is not None:
        return Growth(max(least, ceil(Fraction(fixed) * each)), steady)
    return Growth(least, max(workload.busy(load) * workload.peak_factor * each, steady))
