"""Data transfer: to the internet, between zones, to other regions.

https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import figure
from costkit.model.form import Refusal, Refusals
from costkit.model.kind import Nested, Size, Text
from costkit.model.reading import Reading
from costkit.model.resource import GLOBAL, Setting


class InterRegion(NamedTuple):
    """Data sent to one other region."""

    to: Annotated[str, Text("eu-west-1"), "Region it goes to"]
    size: Annotated[Decimal | None, Size("GB"), "Data a month"] = None


class Usage(NamedTuple):
    """Data leaving a zone, a region or AWS."""

    out: Annotated[Decimal | None, Size("GB"), "Data to the internet a month"] = None
    inter_az: Annotated[Decimal | None, Size("GB"), "Data between zones a month, charged on both sides"] = None
    inter_region: Annotated[InterRegion | None, Nested(InterRegion)] = None


def check(use: Usage, at: Setting) -> Refusals:
    """A transfer of nothing, or to a region that does not exist or is the same."""
    if use.out is None and use.inter_az is None and use.inter_region is None:
        yield Refusal("out", "missing: what is transferred", "give out, inter_az or inter_region", "CK106")
    if use.inter_region is not None:
        if use.inter_region.to not in at.specs("regions") or use.inter_region.to == GLOBAL:
            yield Refusal("inter_region.to", f"AWS has no region {use.inter_region.to}", "", "CK108")
        elif use.inter_region.to == at.region:
            yield Refusal(
                "inter_region.to", "the data goes to the region it comes from", "name another region", "CK113"
            )


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What is transferred in the month, by meter."""
    if use.out is not None:
        yield Reading("out", figure(use.out, "GB"), "GB")
    if use.inter_az is not None:
        yield Reading("inter_az", figure(use.inter_az, "GB") * at.rule("zone_crossing_sides"), "GB")
    if use.inter_region is not None:
        regions, to = at.specs("regions"), use.inter_region.to
        # The rate between regions is that of one partition: China and GovCloud are others.
        same = regions[to]["partition"] == regions[at.region]["partition"]
        meter_name = "inter_region" if same else "inter_partition"
        yield Reading(meter_name, figure(use.inter_region.size, "GB"), "GB", to)
