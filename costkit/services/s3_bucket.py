"""Amazon S3 buckets in the Standard class: storage and requests.

https://aws.amazon.com/s3/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.kind import Count, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Amazon S3 bucket."""

    storage: Annotated[Decimal | None, Size("GB"), "Data stored, on average over the month"] = None
    put_requests: Annotated[Decimal | None, Count("request"), "PUT, COPY, POST and LIST requests a month"] = None
    get_requests: Annotated[Decimal | None, Count("request"), "GET and SELECT requests a month"] = None


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a bucket uses in the month, by meter."""
    yield Reading("storage", figure(use.storage, "GB"), "GB-month")
    yield Reading("put_requests", figure(use.put_requests, "requests"), "request")
    yield Reading("get_requests", figure(use.get_requests, "requests"), "request")
