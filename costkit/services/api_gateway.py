"""Amazon API Gateway: HTTP, REST and WebSocket APIs, and the cache of REST APIs.

https://aws.amazon.com/api-gateway/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import plain
from costkit.model.figure import figure
from costkit.model.form import Refusal, Refusals, month
from costkit.model.kind import Choice, Count, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Amazon API Gateway API."""

    kind: Annotated[str, Choice("http", "rest", "websocket"), "Kind of API"] = "http"
    requests: Annotated[Decimal | None, Count("request"), "Requests a month (http, rest)"] = None
    request_size: Annotated[Decimal | None, Size("KB"), "Size of a request or message"] = None
    messages: Annotated[Decimal | None, Count("message"), "Messages a month (websocket)"] = None
    connection_minutes: Annotated[Decimal | None, Count("minute"), "Minutes of connections a month (websocket)"] = None
    cache: Annotated[Decimal | None, Size("GB"), "Size of the cache (rest)"] = None


ONLY_FOR: dict[str, tuple[str, ...]] = {
    "messages": ("websocket",),
    "connection_minutes": ("websocket",),
    "cache": ("rest",),
}
ONLY_FOR |= {"requests": ("http", "rest"), "request_size": ("http", "websocket")}


def check(use: Usage, at: Setting) -> Refusals:
    """Fields that do not go with the kind of API, and caches AWS does not sell."""
    for field, kinds in ONLY_FOR.items():
        if getattr(use, field) is not None and use.kind not in kinds:
            yield Refusal(field, f"{use.kind} APIs are not charged by {field}", "for " + " and ".join(kinds), "CK113")
    sizes = at.specs(at.table)
    if use.cache is not None and _cache(use) not in sizes:
        yield Refusal("cache", f"AWS sells no cache of {plain(use.cache)} GB", "one of " + ", ".join(sizes))


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What an API uses in the month, by meter."""
    size = figure(use.request_size, "KB")
    requests = figure(use.requests, "requests")
    if use.kind == "http":
        billed = requests if use.request_size is None else requests * size.chunks_of(at.rule("http_chunk"))
        yield Reading("requests.http", billed, "request")
    elif use.kind == "rest":
        yield Reading("requests.rest", requests, "request")
        if use.cache is not None:
            yield Reading("cache", month(at), "hour", _cache(use))
    else:
        messages = figure(use.messages, "messages")
        billed = messages if use.request_size is None else messages * size.chunks_of(at.rule("message_chunk"))
        yield Reading("messages", billed, "message")
        yield Reading("connection_minutes", figure(use.connection_minutes, "minutes"), "connection-minute")


def _cache(use: Usage) -> str:
    return f"{plain(use.cache)}GB" if use.cache is not None else ""
