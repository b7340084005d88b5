"""Amazon EventBridge buses: custom events, one for each chunk of the payload.

https://aws.amazon.com/eventbridge/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.kind import Choice, Count, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Amazon EventBridge event bus."""

    kind: Annotated[str, Choice("standard"), "Kind of bus"] = "standard"
    requests: Annotated[Decimal | None, Count("event"), "Custom events published a month"] = None
    request_size: Annotated[Decimal | None, Size("KB"), "Payload of an event (default: one chunk)"] = None


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a bus uses in the month, by meter; events of AWS services are free."""
    events = figure(use.requests, "events")
    if use.request_size is not None:
        events *= figure(use.request_size, "KB").chunks_of(at.rule("event_chunk"))
    yield Reading("events", events, "event")
