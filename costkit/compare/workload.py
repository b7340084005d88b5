"""The workload that a comparison of compute is about: how much of it there is, and what it needs at its peak."""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

from costkit.inputs.binding import Binder
from costkit.model.exact import EXACT, ZERO
from costkit.model.kind import Amount, Choice, Flag, Kind, Money, Number, Refused, Share, Size, Whole, shown
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import Resource
from costkit.model.spec import HOURS_PER_MONTH, Spec

LAMBDA = "lambda_function"
ARCHITECTURES = ("x86_64", "arm64")
MS_PER_SECOND = 1000
SECONDS_PER_HOUR = 3600
HOURS_OF_A_DAY = 24
# Lambda gives CPU in proportion to memory, one vCPU at 1,769 MB:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MB_PER_VCPU = 1769


class Weights(Kind):
    """The shape of a day: 24 numbers, the requests of each hour in proportion to the others."""

    def wanted(self) -> str:
        return "24 numbers, one an hour, for example 1,1,1,1,1,2,4,8,9,9,9,9,9,9,9,9,8,6,4,3,2,1,1,1"

    def read(self, raw: Any, month_hours: Decimal) -> tuple[Decimal, ...]:
        items = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(items, list) or len(items) != HOURS_OF_A_DAY:
            raise Refused(f"not the 24 hours of a day: {shown(raw)}", self.wanted())
        weights = tuple(Amount("requests").read(item, month_hours) for item in items)
        if not any(weights):
            raise Refused("a day without requests", self.wanted())
        return weights

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 24, "maxItems": 24}


class Some(Number):
    """A number of another kind, and more than zero."""

    def __init__(self, kind: Number) -> None:
        self.kind = kind

    def wanted(self) -> str:
        return self.kind.wanted()

    def scale(self, value: Decimal, unit: str, raw: str, month_hours: Decimal) -> Decimal:
        scaled = self.kind.scale(value, unit, raw, month_hours)
        if not scaled:
            raise Refused(f"nothing: {shown(raw)}", "write more than zero")
        return scaled


class Needs(NamedTuple):
    """What a workload needs beside its requests, and how a fleet for it is sized."""

    architecture: Annotated[str, Choice("any", *ARCHITECTURES), "Instruction set it can run on"] = "any"
    peak_concurrency: Annotated[Decimal | None, Some(Amount("requests")), "Requests at the same time, at the peak"] = (
        None
    )
    peak_factor: Annotated[Decimal | None, Some(Amount("times")), "Busiest moment to the average"] = None
    profile: Annotated[tuple[Decimal, ...] | None, Weights(), "24 weights: the requests of each hour of a day"] = None
    min_instances: Annotated[Decimal, Some(Whole("instances")), "Instances or tasks for availability"] = Decimal(2)
    utilization: Annotated[Decimal, Some(Share()), "Share of the CPU in use at the peak"] = Decimal("0.70")
    memory_utilization: Annotated[Decimal, Some(Share()), "Share of the memory in use at the peak"] = Decimal("0.75")
    ops_cost: Annotated[Decimal, Money(), "USD a month that operating EC2 costs"] = ZERO
    volume: Annotated[Decimal, Size("GB"), "gp3 volume of each instance"] = Decimal(8)
    log_size: Annotated[Decimal, Size("KB"), "Logs of a request"] = ZERO
    cross_az_size: Annotated[Decimal, Size("KB"), "Data a request sends between zones"] = ZERO
    with_entry: Annotated[bool, Flag(), "With an HTTP API or a load balancer"] = False
    public_ipv4: Annotated[bool, Flag(), "With an address an instance or task"] = False


DEFAULT_PEAK_FACTOR = Decimal(3)


class Load(NamedTuple):
    """The workload at one point of its ranges: ``requests`` a month, ``duration`` in ms, ``memory`` in MB."""

    requests: Decimal
    duration: Decimal
    memory: Decimal


class Workload(NamedTuple):
    """A workload in a month of an account. ``functions`` is the Lambda function at expected, low and high.

    The three are the same where nothing is a range. ``present`` says that the function exists already;
    ``spec`` is where it comes from: its month, free tier and discounts hold for every option.
    """

    functions: tuple[Resource, Resource, Resource]
    needs: Needs
    spec: Spec
    present: bool

    @property
    def ranged(self) -> bool:
        """Whether requests or duration are a range."""
        return self.functions[0] != self.functions[1] or self.functions[0] != self.functions[2]

    @property
    def region(self) -> str:
        """Where all of it runs."""
        return self.functions[0].region

    @property
    def architectures(self) -> tuple[str, ...]:
        """The instruction sets to compare."""
        return ARCHITECTURES if self.needs.architecture == "any" else (self.needs.architecture,)

    @property
    def loads(self) -> tuple[Load, Load, Load]:
        """How much there is to do, at expected, low and high."""
        expected, low, high = (Load(f.usage.requests, f.usage.duration, f.usage.memory) for f in self.functions)
        return expected, low, high

    @property
    def seconds(self) -> Fraction:
        """The seconds of the month."""
        return Fraction(self.spec.month_hours) * SECONDS_PER_HOUR

    @property
    def peak_factor(self) -> Fraction:
        """How many times the average rate the busiest moment has."""
        weights = self.needs.profile
        if weights is not None:
            return Fraction(max(weights)) * HOURS_OF_A_DAY / Fraction(sum(weights))
        return Fraction(self.needs.peak_factor or DEFAULT_PEAK_FACTOR)

    def busy(self, load: Load) -> Fraction:
        """Concurrent requests on average that one request a month stands for: duration over the month.

        Concurrency is the rate times the duration: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
        """
        return Fraction(load.duration) / MS_PER_SECOND / self.seconds

    def peak(self, load: Load) -> Fraction:
        """The concurrent requests at the busiest moment: as given, or the average times the peak factor."""
        fixed = self.needs.peak_concurrency
        return Fraction(fixed) if fixed is not None else self.busy(load) * Fraction(load.requests) * self.peak_factor

    def most_requests(self, load: Load) -> Fraction | None:
        """The requests a month that a peak given as a number can hold if it lasts all month, or None."""
        fixed = self.needs.peak_concurrency
        return None if fixed is None else Fraction(fixed) / self.busy(load)

    def vcpus(self, load: Load) -> Fraction:
        """The vCPUs that a request keeps busy: Lambda's share for its memory, one at most (a single thread)."""
        return min(Fraction(1), Fraction(load.memory) / MB_PER_VCPU)


def read_workload(spec: Spec, name: str, told: Mapping[str, Any], memory_default: Decimal, present: bool) -> Workload:
    """The workload of one Lambda function of a spec, with what flags say beside it.

    ``told`` are the fields of Needs as they were written. Raises CostkitError with everything that is wrong.
    """
    needs, problems = read_needs(told)
    place = next((index for index, one in enumerate(spec.resources) if one.name == name), None)
    if place is None:
        reason = next((one.reason for one in spec.not_priced if one.name == name), "it is not there")
        raise CostkitError([*problems, Problem("CK117", name, f"{name} cannot be compared: {reason}")])
    points = [_whole(group[place], memory_default) for group in (spec.resources, spec.low, spec.high)]
    problems += _missing(points[0], present)
    if problems or needs is None:
        raise CostkitError(problems)
    expected, low, high = points
    workload = Workload((expected, low, high), needs, spec, present)
    if any(Fraction(load.requests) * workload.busy(load) > workload.peak(load) for load in workload.loads):
        message = "the peak is lower than the average number of concurrent requests"
        flag = _flag("peak_factor" if needs.peak_concurrency is None else "peak_concurrency")
        raise CostkitError([Problem("CK113", flag, message, "the average is requests x duration / month")])
    return workload


def read_needs(told: Mapping[str, Any]) -> tuple[Needs | None, list[Problem]]:
    """What flags say beside the function, and everything that is wrong with them."""
    with localcontext(EXACT):
        binder = Binder(HOURS_PER_MONTH, ranges=False)
        needs: Needs | None = binder.bind(Needs, dict(told), ())
    problems = [flaw.at(_flag(flaw.path[0])) for flaw in binder.flaws]
    return needs, problems if needs is None else problems + _contradictions(needs)


def _flag(field: object) -> str:
    return f"--{str(field).replace('_', '-')}"


def _whole(function: Resource, memory_default: Decimal) -> Resource:
    """The function with its memory stated; copies are more requests to one function."""
    use = function.usage
    requests = None if use.requests is None else use.requests * function.copies
    memory = memory_default if use.memory is None else use.memory
    return function._replace(usage=use._replace(memory=memory, requests=requests), copies=Decimal(1))


def _contradictions(needs: Needs) -> list[Problem]:
    """Two fields that both say how high the peak is."""
    given = [name for name in ("peak_concurrency", "peak_factor", "profile") if getattr(needs, name) is not None]
    return [
        Problem("CK113", _flag(name), f"{_flag(given[0])} and {_flag(name)} both say how high the peak is", "keep one")
        for name in given[1:]
    ]


def _missing(function: Resource, present: bool) -> list[Problem]:
    """Without requests and their duration there is nothing to compare."""
    problems = []
    for field, example in (("requests", "30M"), ("duration", "'120 ms'")):
        value = getattr(function.usage, field)
        where = function.where or function.name if present else _flag(field)
        if value is None:
            problems.append(Problem("CK106", where, f"missing: {field}", f"for example {_flag(field)} {example}"))
        elif not value:
            problems.append(Problem("CK104", where, f"{field} of zero: nothing to compare", "write more than zero"))
    return problems
