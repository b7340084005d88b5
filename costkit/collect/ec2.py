"""What EC2 has: instances, their types, reservations, capacity reservations, dedicated hosts, spot prices."""

from collections.abc import Iterator
from typing import Any

from costkit.collect import ec2_networking, ec2_storage
from costkit.collect.call import NEXT_TOKEN, Call
from costkit.collect.gap import Gap
from costkit.collect.keeping import days_before, iso_time, kept, tags_of
from costkit.collect.place import Found, Place
from costkit.model.snapshot import BROKEN_ANSWER
from costkit.model.snapshot_kinds import kinds

THOUSAND = {"MaxResults": 1000}
INSTANCES = Call("ec2", "DescribeInstances", "Reservations", NEXT_TOKEN, THOUSAND)
TYPES = Call("ec2", "DescribeInstanceTypes", "InstanceTypes", NEXT_TOKEN)
RESERVED = Call("ec2", "DescribeReservedInstances", "ReservedInstances")
CAPACITY = Call("ec2", "DescribeCapacityReservations", "CapacityReservations", NEXT_TOKEN, THOUSAND)
HOSTS = Call("ec2", "DescribeHosts", "Hosts", NEXT_TOKEN, {"MaxResults": 500})
SPOT = Call("ec2", "DescribeSpotPriceHistory", "SpotPriceHistory", NEXT_TOKEN, THOUSAND)
CALLS = (INSTANCES, TYPES, RESERVED, CAPACITY, HOSTS, SPOT, *ec2_storage.CALLS, *ec2_networking.CALLS)
INSTANCE, TYPE, PRICE = "ec2_instance", "ec2_instance_type", "ec2_spot_price"
MOST_TYPES = 100
# A price of a day says nothing of a month.
SPOT_DAYS = 30
LINUX, WINDOWS = "Linux/UNIX", "Windows"


def collect(place: Place) -> None:
    """Find everything of EC2 in a place, and what stands around it."""
    place.collect(INSTANCE, lambda: _instances(place))
    types = sorted({str(one.attributes.get("InstanceType", "")) for one in place.of(INSTANCE)} - {""})
    place.collect(TYPE, lambda: _types(place, types), INSTANCE)
    place.collect(PRICE, lambda: _spot_prices(place, types), INSTANCE)
    place.list(
        "ec2_reserved_instance",
        RESERVED,
        "ReservedInstancesId",
        lambda one: place.arn("ec2", f"reserved-instances/{one.get('ReservedInstancesId', '')}"),
    )
    place.list(
        "ec2_capacity_reservation",
        CAPACITY,
        "CapacityReservationId",
        lambda one: str(one.get("CapacityReservationArn", "")),
    )
    place.list(
        "dedicated_host", HOSTS, "HostId", lambda one: place.arn("ec2", f"dedicated-host/{one.get('HostId', '')}")
    )
    ec2_storage.collect(place)
    ec2_networking.collect(place)


def _instances(place: Place) -> Iterator[Found]:
    form = kinds()[INSTANCE].form
    for reservation in place.each(INSTANCES):
        for entry in reservation.get("Instances") or ():
            own_id = str(entry.get("InstanceId") or "")
            if not own_id:
                raise Gap(BROKEN_ANSWER, INSTANCES.iam)
            yield Found(own_id, place.arn("ec2", f"instance/{own_id}"), kept(form, entry), tags_of(entry))


def _types(place: Place, types: list[str]) -> Iterator[Found]:
    form = kinds()[TYPE].form
    for start in range(0, len(types), MOST_TYPES):
        for entry in place.each(TYPES, InstanceTypes=types[start : start + MOST_TYPES]):
            yield Found(str(entry.get("InstanceType", "")), "", kept(form, entry), {})


def _spot_prices(place: Place, types: list[str]) -> Iterator[Found]:
    """One item for each type, system and zone, with its prices over a month at least, oldest first."""
    if not types:
        return
    windows = any("Windows" in str(one.attributes.get("PlatformDetails", "")) for one in place.of(INSTANCE))
    systems = [LINUX, WINDOWS] if windows else [LINUX]
    # A page may end anywhere in a history: what came before a failure is kept.
    found: dict[str, Found] = {}
    start = min(place.start, days_before(place.end, SPOT_DAYS))
    asked: dict[str, Any] = {"InstanceTypes": types, "ProductDescriptions": systems, "StartTime": start}
    try:
        for entry in place.each(SPOT, EndTime=place.end, **asked):
            names = ("InstanceType", "ProductDescription", "AvailabilityZone")
            own = {name: str(entry.get(name, "")) for name in names}
            own_id = "/".join(own.values())
            item = found.setdefault(own_id, Found(own_id, "", {**own, "SpotPriceHistory": []}, {}))
            price = {"Timestamp": iso_time(entry.get("Timestamp")) or "", "SpotPrice": str(entry.get("SpotPrice", ""))}
            item.attributes["SpotPriceHistory"].append(price)
    finally:
        for item in found.values():
            item.attributes["SpotPriceHistory"].sort(key=lambda price: (price["Timestamp"], price["SpotPrice"]))
        place.found.setdefault(PRICE, {}).update(found)
    yield from ()
