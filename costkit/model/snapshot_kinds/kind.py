"""What describes a kind of item: a form for its attributes, and the metrics that belong to it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from costkit.model.snapshot import UNKNOWN_GAPS

# What an attribute can be; a mapping or a list holds further ones.
TEXT, NUMBER, FLAG, TIME = "text", "number", "flag", "time"
TEXTS = [TEXT]
Form = Mapping[str, Any]

HOUR, DAY = 3600, 86400


class Metric(NamedTuple):
    """A CloudWatch metric of a kind.

    ``dimensions`` gives for each dimension the attribute with its value. ``beside`` are further dimensions with
    fixed values; ``discovered`` marks a metric whose further dimensions AWS is asked for (ListMetrics). ``days`` is
    how far back it looks at least. ``only`` names the condition under which an item has it (docs/snapshot.md).
    """

    namespace: str
    name: str
    statistic: str
    period: int
    dimensions: Mapping[str, str]
    gaps: str = UNKNOWN_GAPS
    days: int = 0
    beside: Mapping[str, str] = {}
    discovered: bool = False
    only: str = ""


class ItemKind(NamedTuple):
    """A kind of item: the service it is asked from, its form, the attribute that identifies it, its metrics.

    ``on_request`` marks what is asked for with ``--with`` alone.
    """

    name: str
    service: str
    about: str
    form: Form
    metrics: tuple[Metric, ...] = ()
    on_request: bool = False


def metrics(namespace: str, dimensions: Mapping[str, str], *lines: str, gaps: str = UNKNOWN_GAPS) -> tuple[Metric, ...]:
    """Metrics written as ``Name Statistic hour|day [days]``, for a namespace and its dimensions."""
    found = []
    for line in lines:
        name, statistic, period, *days = line.split()
        seconds = {"hour": HOUR, "day": DAY}[period]
        found.append(Metric(namespace, name, statistic, seconds, dimensions, gaps, int(days[0]) if days else 0))
    return tuple(found)
