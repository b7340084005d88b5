"""Application Load Balancers: hours, and capacity units (LCU) by their average.

https://aws.amazon.com/elasticloadbalancing/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.form import Hours, Refusals, Schedule, refuse_hours, running
from costkit.model.kind import Amount, Nested
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Application Load Balancer."""

    hours: Hours = None
    schedule: Annotated[Schedule | None, Nested(Schedule)] = None
    lcu: Annotated[Decimal | None, Amount("LCU"), "Capacity units, on average"] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Hours beyond the month."""
    yield from refuse_hours(use.hours, use.schedule, at)


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a load balancer uses in the month, by meter."""
    hours = running(use.hours, use.schedule, at)
    yield Reading("hour", hours, "hour")
    yield Reading("lcu", hours * figure(use.lcu, "LCU"), "LCU-hour")
