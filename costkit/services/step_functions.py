"""AWS Step Functions: standard workflows by transitions, express ones by requests and GB-seconds.

https://aws.amazon.com/step-functions/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import MB_PER_GB, MS_PER_SECOND, figure
from costkit.model.form import Refusal, Refusals
from costkit.model.kind import Choice, Count, Size, Time
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An AWS Step Functions state machine."""

    kind: Annotated[str, Choice("standard", "express"), "Kind of workflow"] = "standard"
    transitions: Annotated[Decimal | None, Count("transition"), "State transitions a month (standard)"] = None
    requests: Annotated[Decimal | None, Count("request"), "Executions a month (express)"] = None
    duration: Annotated[Decimal | None, Time("ms"), "Duration of an execution (express)"] = None
    memory: Annotated[Decimal | None, Size("MB"), "Memory of an execution (express)"] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Fields that do not go with the kind of workflow."""
    if use.kind == "express" and use.transitions is not None:
        yield Refusal("transitions", "express workflows are not charged by transitions", "give requests", "CK113")
    for field in ("requests", "duration", "memory"):
        if use.kind == "standard" and getattr(use, field) is not None:
            message = f"standard workflows are not charged by {field}"
            yield Refusal(field, message, "give transitions, or kind: express", "CK113")


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a state machine uses in the month, by meter."""
    if use.kind == "standard":
        yield Reading("transitions", figure(use.transitions, "transitions"), "transition")
        return
    requests = figure(use.requests, "requests")
    duration = figure(use.duration, "ms").in_steps_of(at.rule("express_duration_step"))
    memory = figure(use.memory, "MB").in_steps_of(at.rule("express_memory_step"))
    yield Reading("express_requests", requests, "request")
    yield Reading("express_duration", requests * duration / MS_PER_SECOND * memory / MB_PER_GB, "GB-second")
