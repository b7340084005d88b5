"""Result files of AWS Lambda Power Tuning: the measured duration at each memory size.

Its output has ``stats`` of ``value``, ``averagePrice`` and ``averageDuration``, or of ``power``, ``cost`` and
``duration``: https://github.com/alexcasalboni/aws-lambda-power-tuning/blob/master/README-INPUT-OUTPUT.md.
The prices in it are another region's or another year's and are not used.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.inputs.documents import Document
from costkit.model.exact import ZERO
from costkit.model.kind import Refused, Size, Time, shown
from costkit.model.problem import CostkitError, Problem

# The kind of measurement that these files are.
POWER_TUNING = "power_tuning"
AROUND = ("output", "results")
MEMORIES = ("value", "power", "memory")
DURATIONS = ("averageDuration", "duration", "time")
HINT = "give the state machine's output; with includeOutputResults: true it has stats"


class TunedPoint(NamedTuple):
    """One measured memory size in MB, and the average duration there in ms."""

    memory: Decimal
    duration: Decimal
    source: str


def read_power_tuning(document: Document) -> tuple[TunedPoint, ...]:
    """The points of a result file, by memory. Raises CostkitError with everything that is wrong with it."""
    problems: list[Problem] = []
    stats = _stats(document.tree)
    if not isinstance(stats, list) or not stats:
        raise CostkitError([Problem("CK524", document.name, "no power tuning result: it has no stats", HINT)])
    found = {}
    for number, stat in enumerate(stats, start=1):
        where = f"{document.name}: stats {number}"
        try:
            point = _point(stat, document.name)
        except Refused as refused:
            problems.append(Problem("CK524", where, refused.message, refused.hint))
            continue
        if point.memory in found:
            message = f"a second result for {shown(point.memory)} MB"
            problems.append(Problem("CK524", where, message, "keep one of them"))
        found[point.memory] = point
    if problems:
        raise CostkitError(problems)
    return tuple(found[memory] for memory in sorted(found))


def _stats(tree: Any) -> Any:
    """The list of points, at the top or within the output of an execution."""
    for _ in range(len(AROUND) + 1):
        if isinstance(tree, dict) and "stats" not in tree:
            tree = next((tree[name] for name in AROUND if name in tree), None)
    return tree.get("stats") if isinstance(tree, dict) else tree


def _point(stat: Any, source: str) -> TunedPoint:
    if not isinstance(stat, dict):
        raise Refused(f"not a result: {shown(stat)}", HINT)
    memory = Size("MB").read(_first(stat, MEMORIES), ZERO)
    duration = Time("ms").read(_first(stat, DURATIONS), ZERO)
    return TunedPoint(memory, duration, source)


def _first(stat: dict[str, Any], names: tuple[str, ...]) -> Any:
    for name in _present(stat, names):
        return stat[name]
    raise Refused(f"missing: {names[0]}", f"one of {', '.join(names)}")


def _present(stat: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if stat.get(name) is not None)
