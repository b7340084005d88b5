"""Amazon DynamoDB tables on demand: read and write units, and storage.

https://aws.amazon.com/dynamodb/pricing/on-demand/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.kind import Count, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """An Amazon DynamoDB table, on demand."""

    reads: Annotated[Decimal | None, Count("read unit"), "Read request units a month"] = None
    writes: Annotated[Decimal | None, Count("write unit"), "Write request units a month"] = None
    storage: Annotated[Decimal | None, Size("GB"), "Data stored, on average over the month"] = None


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a table uses in the month, by meter."""
    yield Reading("reads", figure(use.reads, "read units"), "read unit")
    yield Reading("writes", figure(use.writes, "write units"), "write unit")
    yield Reading("storage", figure(use.storage, "GB"), "GB-month")
