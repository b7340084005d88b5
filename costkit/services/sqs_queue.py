"""Amazon SQS queues: requests, one for each chunk of the payload.

https://aws.amazon.com/sqs/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.kind import Choice, Count, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Amazon SQS queue."""

    kind: Annotated[str, Choice("standard", "fifo"), "Kind of queue"] = "standard"
    requests: Annotated[Decimal | None, Count("request"), "Requests a month: sends, receives, deletes"] = None
    request_size: Annotated[Decimal | None, Size("KB"), "Payload of a request (default: one chunk)"] = None


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a queue uses in the month, by meter."""
    requests = figure(use.requests, "requests")
    if use.request_size is not None:
        requests *= figure(use.request_size, "KB").chunks_of(at.rule("request_chunk"))
    yield Reading(f"requests.{use.kind}", requests, "request")
