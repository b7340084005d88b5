"""Amazon EBS volumes: storage by the month, and performance beyond what is included.

https://aws.amazon.com/ebs/pricing/
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from costkit.model.exact import ZERO, plain
from costkit.model.figure import figure
from costkit.model.form import Refusal, Refusals
from costkit.model.kind import Amount, Choice, Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting

TABLE = "ebs_volume"


class Volume(NamedTuple):
    """A volume of an instance."""

    kind: Annotated[str, Choice("gp3", "gp2", "io1", "io2", "st1", "sc1"), "Volume type"] = "gp3"
    size: Annotated[Decimal | None, Size("GB"), "Size"] = None
    iops: Annotated[Decimal | None, Amount("IOPS"), "Provisioned IOPS (gp3, io1, io2)"] = None
    throughput: Annotated[Decimal | None, Amount("MiB/s"), "Provisioned throughput (gp3)"] = None


class Usage(Volume):
    """An Amazon EBS volume."""

    __slots__ = ()


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell."""
    yield from check_volume(use, at)


def check_volume(volume: Volume, at: Setting) -> Refusals:
    """Values AWS does not sell: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html."""
    if volume.size is None:
        yield Refusal("size", "missing: the size of the volume", "for example 100 GB", "CK106")
    limits = at.specs(TABLE)[volume.kind]
    yield from _warn_outside("size", volume.size, limits, volume.kind, "GB")
    yield from _warn_outside("iops", volume.iops, limits, volume.kind, "IOPS")
    if volume.iops is None and volume.kind in ("io1", "io2"):
        yield Refusal("iops", f"missing: {volume.kind} volumes are created with iops", "for example 3000", "CK106")
    if volume.iops is not None and volume.kind in ("gp2", "st1", "sc1"):
        yield Refusal("iops", f"{volume.kind} volumes have no provisioned IOPS", "leave it out", "CK113")
    if volume.throughput is not None and volume.kind != "gp3":
        yield Refusal("throughput", f"{volume.kind} volumes have no provisioned throughput", "leave it out", "CK113")


def _warn_outside(field: str, value: Decimal | None, limits: Mapping[str, Any], kind: str, unit: str) -> Refusals:
    """A volume that AWS does not create; its price is what it would be all the same."""
    if value is None or f"{field}_max" not in limits:
        return
    low, high = limits[f"{field}_min"], limits[f"{field}_max"]
    if not Decimal(low) <= value <= Decimal(high):
        message = f"AWS creates {kind} volumes of {low} to {high} {unit}, not {plain(value)}"
        yield Refusal(field, message, "priced all the same", "CK114", "warning")


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a volume uses in the month, by meter; it exists the whole month."""
    yield from meter_volume(use, at, "")


def meter_volume(volume: Volume, at: Setting, table: str, part: str = "") -> Iterator[Reading]:
    """The readings of a volume, whether it stands alone or belongs to an instance."""
    yield Reading(f"storage.{volume.kind}", figure(volume.size, "GB"), "GB-month", table=table, part=part)
    if volume.kind in ("io1", "io2"):
        yield Reading(f"iops.{volume.kind}", figure(volume.iops, "IOPS"), "IOPS-month", table=table, part=part)
    if volume.kind == "gp3":
        iops = figure(volume.iops or ZERO, "IOPS").beyond(at.rule("gp3_included_iops", TABLE))
        if iops.number:
            yield Reading("iops.gp3", iops, "IOPS-month", table=table, part=part)
        throughput = figure(volume.throughput or ZERO, "MiBps").beyond(
            figure(at.value("gp3_included_throughput", TABLE), "MiBps")
        )
        if throughput.number:
            yield Reading("throughput.gp3", throughput, "MiB/s-month", table=table, part=part)
