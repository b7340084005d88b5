"""Amazon EC2 instances, Linux with shared tenancy, with their volumes and addresses.

https://aws.amazon.com/ec2/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.figure import UNKNOWN, figure
from costkit.model.form import Hours, Refusal, Refusals, Schedule, month, refuse_hours, running
from costkit.model.kind import Choice, Nested, Text, Whole
from costkit.model.reading import Reading
from costkit.model.resource import Setting
from costkit.services import ebs_volume

COMMITTED = ("standard_reserved", "convertible_reserved", "compute_savings_plan", "ec2_savings_plan")


class Purchase(NamedTuple):
    """On demand, spot, or committed for a term."""

    kind: Annotated[str, Choice("on_demand", "spot", *COMMITTED), "How it is bought"] = "on_demand"
    term: Annotated[str | None, Choice("1y", "3y"), "Term of the commitment"] = None
    payment: Annotated[str | None, Choice("no_upfront", "partial_upfront", "all_upfront"), "How it is paid"] = None


class Usage(NamedTuple):
    """An Amazon EC2 instance."""

    instance_type: Annotated[str, Text("m7g.large"), "Instance type"]
    hours: Hours = None
    schedule: Annotated[Schedule | None, Nested(Schedule)] = None
    operating_system: Annotated[str, Choice("linux", "windows", "rhel", "suse"), "Operating system"] = "linux"
    purchase: Annotated[Purchase | None, Nested(Purchase)] = None
    volumes: Annotated[tuple[ebs_volume.Volume, ...] | None, Nested(ebs_volume.Volume, many=True)] = None
    public_ipv4: Annotated[Decimal | None, Whole("addresses"), "Public IPv4 addresses"] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html."""
    yield from refuse_hours(use.hours, use.schedule, at)
    if not at.priced("on_demand", use.instance_type) and use.instance_type not in at.specs(at.table):
        yield Refusal("instance_type", f"AWS sells no instance type {use.instance_type}", "", "CK115")
    for index, volume in enumerate(use.volumes or ()):
        for refusal in ebs_volume.check_volume(volume, at):
            yield refusal.within(f"volumes.{index}")
    purchase = use.purchase
    if purchase is None:
        return
    if purchase.kind in COMMITTED:
        for field, value in (("term", purchase.term), ("payment", purchase.payment)):
            if value is None:
                hint = "1y or 3y" if field == "term" else "no_upfront, partial_upfront or all_upfront"
                yield Refusal(f"purchase.{field}", f"missing: {field} of the commitment", hint, "CK106")
    elif purchase.term or purchase.payment:
        yield Refusal("purchase", f"{purchase.kind} has neither term nor payment", "leave them out", "CK113")


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What an instance uses in the month, by meter; a commitment bills the whole month."""
    purchase = use.purchase or Purchase()
    system = "" if use.operating_system == "linux" else f".{use.operating_system}"
    if purchase.kind in COMMITTED:
        name = f"{purchase.kind}{system}.{purchase.term}.{purchase.payment}"
        # The tables prove effective hourly rates, not how they divide into upfront and recurring parts.
        once = None if purchase.payment == "no_upfront" else UNKNOWN
        yield Reading(name, month(at), "instance-hour", use.instance_type, once=once, fee=True)
    else:
        hours = running(use.hours, use.schedule, at)
        # A purchase of its own keeps an instance out of the account's commitments.
        cover = "instance" if use.purchase is None else ""
        name = f"{purchase.kind}{system}"
        yield Reading(name, hours, "instance-hour", use.instance_type, cover=cover, running=hours)
    for index, volume in enumerate(use.volumes or ()):
        yield from ebs_volume.meter_volume(volume, at, "ebs_volume", f"volumes.{index}")
    if use.public_ipv4:
        addresses = figure(use.public_ipv4, "addresses") * month(at)
        yield Reading("hour", addresses, "address-hour", table="public_ipv4")
