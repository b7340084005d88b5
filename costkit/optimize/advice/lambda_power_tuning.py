"""LMB-04: the memory sizes that Lambda Power Tuning measured, at our prices and our number of requests.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import (
    A_MONTH,
    HEURISTIC,
    LOW,
    MEASURED,
    MEDIUM,
    NOT_APPLICABLE,
    OPTIMIZATION,
    Evidence,
)
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Outcome, Proposal, Skip, Subject
from costkit.optimize.power_tuning import POWER_TUNING, TunedPoint

# The tuner's own balance of cost and time:
# https://github.com/alexcasalboni/aws-lambda-power-tuning/blob/master/README-INPUT-OUTPUT.md
BALANCED_WEIGHT = Decimal("0.5")
# Beyond this the spec's duration and the measured one are not of the same work.
MOST_DEVIATION = Decimal("0.1")


def propose(subject: Subject) -> Proposal | Skip:
    """The measured size that costs least."""
    points: Sequence[TunedPoint] = subject.measured.get(POWER_TUNING, ())
    if not points:
        return Skip(NOT_APPLICABLE, "no power tuning result was given")
    use = subject.usage
    memory = subject.at.value("memory_default") if use.memory is None else use.memory
    here = next((point.duration for point in points if point.memory == memory), None)
    alike = here is not None and use.duration is not None
    alike = alike and abs((here or ZERO) - use.duration) <= MOST_DEVIATION * use.duration
    evidence = [Evidence("memory now", memory, "MB")]
    if here is not None:
        evidence.append(Evidence("measured at the memory now", here, "ms", points[0].source))
    if use.duration is not None:
        evidence.append(Evidence("duration stated", use.duration, "ms"))
    doubt = "" if alike else "; the duration stated is not the one measured at the memory now"
    return Proposal(
        why=f"power tuning measured {len(points)} memory sizes from {plain(points[0].memory)} "
        f"to {plain(points[-1].memory)} MB{doubt}",
        options=tuple(_option(subject, point) for point in points),
        confidence=MEASURED if alike else HEURISTIC,
        evidence=tuple(evidence),
        remarks=lambda outcomes: _remarks(points, outcomes),
    )


def _option(subject: Subject, point: TunedPoint) -> Option:
    fields: dict[str, Any] = {"memory": point.memory, "duration": point.duration}
    provisioned = subject.usage.provisioned_concurrency
    if provisioned is not None and provisioned.duration is not None:
        fields["provisioned_concurrency"] = {**subject.raw["provisioned_concurrency"], "duration": point.duration}
    return Option(_label(point), fields)


def _label(point: TunedPoint) -> str:
    return f"{plain(point.memory)} MB, {plain(point.duration)} ms"


def _remarks(points: Sequence[TunedPoint], outcomes: Sequence[Outcome]) -> Iterator[Evidence]:
    """What each size costs, and which is the cheapest, the fastest and the balance of both."""
    by_label = {_label(point): point for point in points}
    sizes = [(by_label[outcome.option.label], outcome.cost) for outcome in outcomes]
    names: dict[TunedPoint, list[str]] = {}
    for name, point in _best(sizes):
        names.setdefault(point, []).append(name)
    for point, cost in sizes:
        words = f" ({', '.join(names[point])})" if point in names else ""
        yield Evidence(f"{_label(point)}{words}", cost, A_MONTH, point.source)


def _best(sizes: Sequence[tuple[TunedPoint, Decimal]]) -> Iterable[tuple[str, TunedPoint]]:
    if not sizes:
        return
    most_cost = max(cost for _, cost in sizes) or ONE
    longest = max(point.duration for point, _ in sizes) or ONE

    def weight(size: tuple[TunedPoint, Decimal]) -> Decimal:
        point, cost = size
        return BALANCED_WEIGHT * quotient(cost, most_cost) + (ONE - BALANCED_WEIGHT) * quotient(point.duration, longest)

    yield "cheapest", min(sizes, key=lambda size: (size[1], size[0].duration))[0]
    yield "fastest", min(sizes, key=lambda size: (size[0].duration, size[1]))[0]
    yield "balanced", min(sizes, key=weight)[0]


CHECK = Check(
    code="LMB-04",
    title="Use the memory that power tuning found",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    propose=propose,
)
