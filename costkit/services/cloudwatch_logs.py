"""Amazon CloudWatch Logs: data ingested, stored and scanned.

https://aws.amazon.com/cloudwatch/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.kind import Choice, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """Logs in Amazon CloudWatch."""

    ingested: Annotated[Decimal | None, Size("GB"), "Data ingested a month"] = None
    stored: Annotated[Decimal | None, Size("GB"), "Data stored, compressed"] = None
    scanned: Annotated[Decimal | None, Size("GB"), "Data scanned by Logs Insights a month"] = None
    from_: Annotated[str, Choice("standard", "lambda"), "Lambda logs have their own tiers"] = "standard"


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What the logs use in the month, by meter."""
    yield Reading(f"ingest.{use.from_}", figure(use.ingested, "GB"), "GB")
    if use.stored is not None:
        yield Reading("storage", figure(use.stored, "GB"), "GB-month")
    if use.scanned is not None:
        yield Reading("scan", figure(use.scanned, "GB"), "GB")
