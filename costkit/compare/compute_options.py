"""The ways to run a workload: which resources each one is made of. What they cost, the engine says."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from costkit.compare.break_even import Growth
from costkit.compare.compute_fleet import Machine, environments, fleet_size, holds, instance_types, task_sizes
from costkit.compare.workload import LAMBDA, Load, Workload
from costkit.inputs.resources import ResourceReader
from costkit.model.commitment import COMPUTE_SAVINGS_PLAN, Commitment
from costkit.model.exact import EXACT, ONE, quotient
from costkit.model.pattern import fits
from costkit.model.resource import Resource
from costkit.pricebook.book import PriceBook
from costkit.services.lambda_function import ProvisionedConcurrency

KB_PER_GB = Decimal(1024 * 1024)
# A load balancer's capacity unit holds 25 new connections a second: https://aws.amazon.com/elasticloadbalancing/pricing/
CONNECTIONS_PER_LCU = 25
TERMS = ("1y", "3y")
PAYMENTS = ("no_upfront", "partial_upfront", "all_upfront")
COMMITTED = ("standard_reserved", "convertible_reserved", "compute_savings_plan", "ec2_savings_plan")
UNCOMMITTED = ("on_demand", "spot")
CONDITIONS = tuple((term, payment) for term in TERMS for payment in PAYMENTS)
PURCHASES = (*UNCOMMITTED, *(f"{kind}.{term}.{payment}" for kind in COMMITTED for term, payment in CONDITIONS))


class Way(NamedTuple):
    """One way to run the workload. ``main`` is its compute, ``beside`` what else it needs whatever the load.

    ``machine`` is None for Lambda on demand, which has no fleet. ``plan`` is a unit of the savings plan that covers
    all of it, where it is not the price of an instance that says so.
    """

    name: str
    kind: str
    purchase: str
    main: Resource
    machine: Machine | None = None
    present: bool = False
    plan: Commitment | None = None

    @property
    def family(self) -> str:
        """How it is bought, without term and payment."""
        return self.purchase.partition(".")[0]

    @property
    def base(self) -> str:
        """What is bought, without how."""
        return self.name.removesuffix(f" {words(self.purchase)}")

    @property
    def is_plain_lambda(self) -> bool:
        """Whether this is Lambda on demand: the side that break-even points are asked of."""
        return self.kind == "lambda" and self.purchase == "on_demand"

    def growth(self, load: Load, workload: Workload) -> Growth | None:
        """How its fleet grows, or None if it has none."""
        if self.machine is not None:
            return fleet_size(self.machine, load, workload)
        ready = self.kind == "lambda" and self.main.usage.provisioned_concurrency is not None
        return environments(load, workload) if ready and not self.present else None

    def planned(self, patterns: Sequence[str]) -> Iterator["Way"]:
        """The same under a Compute Savings Plan of each term and payment that is wanted."""
        for term, payment in CONDITIONS:
            plan = Commitment(COMPUTE_SAVINGS_PLAN, term, payment, ONE)
            purchase = f"{plan.kind}.{plan.terms}"
            if wanted(purchase, patterns):
                yield self._replace(name=f"{self.name} {words(purchase)}", purchase=purchase, plan=plan)


def wanted(purchase: str, patterns: Sequence[str]) -> bool:
    """Whether a way of buying is asked for, whole or by its first word."""
    return not patterns or fits(purchase, patterns) or fits(purchase.partition(".")[0], patterns)


def words(purchase: str) -> str:
    """A way of buying as words: ``standard reserved 3y all upfront``."""
    return purchase.replace("_", " ").replace(".", " ")


class Ways:
    """Proposes the ways to run one workload, as resources read by the same door as those of a spec."""

    def __init__(self, workload: Workload, book: PriceBook, on: str) -> None:
        self.workload, self.book = workload, book
        self.door = ResourceReader(book, on, workload.spec.month_hours)
        self.door.region = workload.region
        self.kept: dict[str, Resource] = {}

    def read(self, name: str, **fields: Any) -> Resource:
        """A resource as a spec would describe it."""
        with localcontext(EXACT):
            points = self.door.resource(name, fields)
        if points is None:
            raise ValueError(f"{name}: {self.door.flaws[-1].message}")
        return points[0]

    def of_lambda(self, patterns: Sequence[str] = ()) -> Iterator[Way]:
        """Lambda on each architecture, with and without provisioned concurrency and plan; as it is comes first."""
        given = self.workload.functions[0]
        if self.workload.present and given.usage.provisioned_concurrency is not None:
            name = f"Lambda {given.usage.architecture} as it is"
            yield Way(name, "lambda", "provisioned_concurrency", given, present=True)
        for architecture in self.workload.architectures:
            usage = given.usage._replace(architecture=architecture, provisioned_concurrency=None)
            plain = given._replace(usage=usage)
            here = self.workload.present and usage == given.usage
            yield Way(f"Lambda {architecture} on demand", "lambda", "on_demand", plain, present=here)
            yield from Way(f"Lambda {architecture}", "lambda", "", plain).planned(patterns)
            if usage.snap_start is None:
                ready = given._replace(usage=usage._replace(provisioned_concurrency=ProvisionedConcurrency(ONE)))
                way = Way(f"Lambda {architecture} provisioned concurrency", "lambda", "provisioned_concurrency", ready)
                yield way
                yield from way.planned(patterns)

    def of_fargate(self, patterns: Sequence[str] = ()) -> Iterator[Way]:
        """The smallest task that holds a request, on each architecture, on demand, spot and under a plan."""
        load = self.workload.loads[0]
        sizes = task_sizes(self.book.specs("fargate_task"))
        size = next((size for size in sizes if holds(size, load, self.workload)), None)
        if size is None:
            return
        vcpu, memory = size.name.split()
        for architecture in self.workload.architectures:
            base = f"Fargate {vcpu} vCPU {memory} GB {architecture}"
            fields = {"vcpu": vcpu, "memory": memory, "architecture": architecture}
            for purchase in UNCOMMITTED:
                if wanted(purchase, patterns):
                    task = self.read("tasks", type="fargate_task", purchase=purchase, **fields)
                    yield Way(f"{base} {words(purchase)}", "fargate", purchase, task, size)
            task = self.read("tasks", type="fargate_task", **fields)
            yield from Way(base, "fargate", "", task, size).planned(patterns)

    def machines(self) -> list[Machine]:
        """The instance types on which a request runs as fast as in Lambda, on an architecture that is wanted."""
        load, architectures = self.workload.loads[0], self.workload.architectures
        return [
            machine
            for machine in instance_types(self.book.specs("ec2_instance"))
            if holds(machine, load, self.workload) and any(a in architectures for a in machine.architectures)
        ]

    def of_ec2(self, machine: Machine, purchase: str) -> Way:
        """A fleet of one instance type, bought in one way."""
        instance = self._read_once(machine.name, partial(self._instance, machine.name))
        bought = self._read_once(purchase, partial(self._purchase, machine.name, purchase))
        main = instance._replace(usage=instance.usage._replace(purchase=bought.usage.purchase))
        return Way(f"EC2 {machine.name} {words(purchase)}", "ec2", purchase, main, machine)

    def _instance(self, name: str) -> Resource:
        needs = self.workload.needs
        more: dict[str, Any] = {"volumes": [{"kind": "gp3", "size": needs.volume}]} if needs.volume else {}
        if needs.public_ipv4:
            more["public_ipv4"] = 1
        return self.read("instances", type="ec2_instance", instance_type=name, **more)

    def _purchase(self, name: str, purchase: str) -> Resource:
        kind, _, rest = purchase.partition(".")
        fields = {"kind": kind, **dict(zip(("term", "payment"), rest.split("."), strict=True))} if rest else kind
        return self.read("instances", type="ec2_instance", instance_type=name, purchase=fields)

    def _read_once(self, key: str, make: Callable[[], Resource]) -> Resource:
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def resources(self, way: Way, load: Load, units: int | None) -> tuple[Resource, ...]:
        """Everything that a way needs for a load, with so many instances, tasks or environments."""
        with localcontext(EXACT):
            return (_sized(way.main, load, units), *self._neighbours(way, load, units))

    def only_a_fleet(self, way: Way) -> bool:
        """Whether a way consists of instances or tasks alone, so that nothing is metered by requests."""
        needs = self.workload.needs
        return way.kind != "lambda" and not (needs.with_entry or needs.log_size or needs.cross_az_size)

    def _neighbours(self, way: Way, load: Load, units: int | None) -> Iterator[Resource]:
        needs, serverless = self.workload.needs, way.kind == "lambda"
        if needs.with_entry and serverless:
            yield self._beside("gateway", "api_gateway", requests=load.requests)
        elif needs.with_entry:
            yield self._beside("balancer", "application_load_balancer", lcu=self._capacity(load))
        if needs.log_size:
            # Only the logs of Lambda have tiers: https://aws.amazon.com/cloudwatch/pricing/
            logs = self._beside("logs", "cloudwatch_logs", ingested=_gigabytes(needs.log_size, load))
            yield logs._replace(usage=logs.usage._replace(from_="lambda" if serverless else "standard"))
        if needs.cross_az_size and not serverless:
            yield self._beside("zones", "data_transfer", inter_az=_gigabytes(needs.cross_az_size, load))
        if needs.public_ipv4 and way.kind == "fargate":
            yield self._beside("addresses", "public_ipv4")._replace(copies=Decimal(units or 1))

    def _beside(self, name: str, kind: str, **amounts: Decimal) -> Resource:
        """A neighbour: read once, then with the amounts of each load."""
        found = self._read_once(kind, lambda: self.read(name, type=kind, **dict.fromkeys(amounts, "0")))
        return found._replace(usage=found.usage._replace(**amounts))

    def _capacity(self, load: Load) -> Decimal:
        """Capacity units on average, if every request opens a connection of its own."""
        units = Fraction(load.requests) / self.workload.seconds / CONNECTIONS_PER_LCU
        return quotient(Decimal(units.numerator), Decimal(units.denominator))


def _sized(main: Resource, load: Load, units: int | None) -> Resource:
    """The compute of a way for a load: a function with its requests, or so many copies."""
    if main.type != LAMBDA:
        return main._replace(copies=Decimal(units or 1))
    usage = main.usage._replace(requests=load.requests, duration=load.duration)
    if units is not None:
        usage = usage._replace(provisioned_concurrency=ProvisionedConcurrency(Decimal(units)))
    return main._replace(usage=usage)


def _gigabytes(size: Decimal, load: Load) -> Decimal:
    """Data of so many KB a request, in GB a month."""
    return quotient(size * load.requests, KB_PER_GB)
