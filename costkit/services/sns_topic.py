"""Amazon SNS topics: publish requests by chunk, for FIFO topics by request and payload.

https://aws.amazon.com/sns/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.kind import Choice, Count, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Amazon SNS topic."""

    kind: Annotated[str, Choice("standard", "fifo"), "Kind of topic"] = "standard"
    requests: Annotated[Decimal | None, Count("request"), "Publish requests a month"] = None
    request_size: Annotated[Decimal | None, Size("KB"), "Payload of a request (default: one chunk)"] = None


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a topic uses in the month, by meter; deliveries to queues and functions are free."""
    requests = figure(use.requests, "requests")
    size = figure(use.request_size, "KB")
    if use.kind == "fifo":
        yield Reading("publish.fifo", requests, "request")
        yield Reading("payload.fifo", requests * size / at.rule("fifo_payload_gb"), "GB")
        return
    if use.request_size is not None:
        requests *= size.chunks_of(at.rule("request_chunk"))
    yield Reading("publish.standard", requests, "request")
