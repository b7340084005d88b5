"""NAT gateways: hours, and the data they process in both directions.

https://aws.amazon.com/vpc/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.form import Hours, Refusals, Schedule, refuse_hours, running
from costkit.model.kind import Nested, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """A NAT gateway."""

    hours: Hours = None
    schedule: Annotated[Schedule | None, Nested(Schedule)] = None
    processed: Annotated[Decimal | None, Size("GB"), "Data processed a month, both directions"] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Hours beyond the month."""
    yield from refuse_hours(use.hours, use.schedule, at)


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a NAT gateway uses in the month, by meter."""
    yield Reading("hour", running(use.hours, use.schedule, at), "hour")
    yield Reading("processed", figure(use.processed, "GB"), "GB")
