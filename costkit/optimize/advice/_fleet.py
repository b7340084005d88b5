"""The instances and tasks that would do a function's work, sized as ``costkit compare compute`` sizes them."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from costkit.compare.compute_fleet import Machine, fleet_size, holds, instance_types, task_sizes
from costkit.compare.workload import Load, Needs, Workload
from costkit.model.exact import plain
from costkit.model.spec import Spec
from costkit.optimize.check import Option, Subject
from costkit.optimize.fragments import GONE, Fragment

# One family for much computing, one in between and one for much memory, of the generation that most regions have:
# https://aws.amazon.com/ec2/instance-types/
FAMILIES = {"arm64": ("c7g", "m7g", "r7g"), "x86_64": ("c7i", "m7i", "r7i")}


def fleets(subject: Subject, memory: Decimal, peak: Decimal) -> Iterator[Option]:
    """Instances of each family, and tasks of Fargate, that hold so many requests at a time of so many MB."""
    use, at = subject.usage, subject.at
    needs = Needs(architecture=use.architecture, peak_concurrency=peak)
    spec = Spec((), (), (), month_hours=at.month_hours)
    workload = Workload((subject.expected, subject.low, subject.high), needs, spec, present=True)
    load = Load(use.requests, use.duration, memory)
    known = at.specs("ec2_instance")
    for family in FAMILIES[use.architecture]:
        sizes = {name: known[name] for name in known if name.partition(".")[0] == family and "metal" not in name}
        fitting = [machine for machine in instance_types(sizes) if holds(machine, load, workload)]
        if fitting:
            numbers = {machine: _number(machine, load, workload) for machine in fitting}
            # The price of a family goes by its vCPUs; of as many, fewer instances have fewer volumes.
            best = min(numbers, key=lambda machine: (machine.vcpu * numbers[machine], numbers[machine]))
            yield _instances(best, numbers[best], needs.volume)
    tasks = (size for size in task_sizes(at.specs("fargate_task")) if holds(size, load, workload))
    smallest = next(tasks, None)
    if smallest is not None:
        yield _tasks(smallest, _number(smallest, load, workload), use.architecture)


def _number(machine: Machine, load: Load, workload: Workload) -> int:
    return fleet_size(machine, load, workload).at(Fraction(load.requests))


def _instances(machine: Machine, number: int, volume: Decimal) -> Option:
    fleet: Fragment = {
        "type": "ec2_instance",
        "instance_type": machine.name,
        "count": Decimal(number),
        "volumes": [{"kind": "gp3", "size": volume}],
    }
    return Option(f"{number} {machine.name}", GONE, beside=(" instances", fleet))


def _tasks(size: Machine, number: int, architecture: str) -> Option:
    vcpu, memory = (Decimal(part) for part in size.name.split())
    fleet: Fragment = {
        "type": "fargate_task",
        "vcpu": vcpu,
        "memory": memory,
        "architecture": architecture,
        "count": Decimal(number),
    }
    label = f"{number} Fargate tasks of {plain(vcpu)} vCPU and {plain(memory)} GB"
    return Option(label, GONE, beside=(" tasks", fleet))
