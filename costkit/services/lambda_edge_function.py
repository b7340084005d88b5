"""Lambda@Edge functions: requests and duration, charged without a region and without a free allowance.

https://aws.amazon.com/lambda/pricing/#Lambda.40Edge_Pricing
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import MB_PER_GB, MS_PER_SECOND, figure
from costkit.model.form import Refusals, refuse_outside
from costkit.model.kind import Count, Size, Time
from costkit.model.reading import Reading
from costkit.model.resource import GLOBAL, Setting

REGION = GLOBAL


class Usage(NamedTuple):
    """A Lambda@Edge function."""

    memory: Annotated[Decimal | None, Size("MB"), "Configured memory (default: 128 MB)"] = None
    requests: Annotated[Decimal | None, Count("request"), "Requests a month"] = None
    duration: Annotated[Decimal | None, Time("ms"), "Duration of a request"] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell."""
    yield from refuse_outside("memory", use.memory, at.value("memory_min"), at.value("memory_max"), "MB")


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a function uses in the month, by meter."""
    memory = (at.rule("memory_default") if use.memory is None else figure(use.memory, "MB")) / MB_PER_GB
    requests = figure(use.requests, "requests")
    seconds = requests * figure(use.duration, "ms").in_steps_of(at.rule("duration_step")) / MS_PER_SECOND
    yield Reading("requests", requests, "request")
    yield Reading("duration", seconds * memory, "GB-second")
