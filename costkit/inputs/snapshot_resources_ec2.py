"""Instances, volumes, addresses, gateways, load balancers and log groups of a snapshot."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import DAY, Measured, by_day, level, monthly, origin, running, spread
from costkit.inputs.snapshot_resources_translated import EntryBuilder, Translated, free, not_priced, number, text
from costkit.model.exact import quotient
from costkit.model.snapshot import Item
from costkit.model.snapshot_index import SnapshotIndex
from costkit.model.spec import HOURS_PER_MONTH

HOUR = 3600
BYTES_PER_GB = Decimal(2**30)
HOURS_PER_DAY = Decimal(24)
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
SYSTEMS = {
    "": "linux",
    "Linux/UNIX": "linux",
    "Windows": "windows",
    "Red Hat Enterprise Linux": "rhel",
    "SUSE Linux": "suse",
}
VOLUMES = ("gp3", "gp2", "io1", "io2", "st1", "sc1")
LAMBDA_LOGS = "/aws/lambda/"


def instance(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """An instance with the hours it ran and the addresses that AWS lent it; its volumes are items of their own."""
    state = text(item, "State", "Name")
    if state in ("terminated", "shutting-down"):
        return
    system = SYSTEMS.get(text(item, "PlatformDetails") or ("Windows" if text(item, "Platform") else ""))
    tenancy = text(item, "Placement", "Tenancy") or "default"
    ran = running(item.series("CPUUtilization", "Average", HOUR), state == "running")
    if system is None or tenancy != "default":
        odd = f"tenancy {tenancy}" if system else text(item, "PlatformDetails")
        yield not_priced(item, f"costkit has no price of instances with {odd}")
    elif not ran.known:
        yield not_priced(item, "it is stopped, and without its metrics nobody knows how long it ran")
    else:
        entry = EntryBuilder("ec2_instance")
        entry.put("instance_type", text(item, "InstanceType"))
        entry.put("operating_system", None if system == "linux" else system)
        entry.fields.update(ran.fields)
        entry.origins.update({(name,): ran.origin for name in ran.fields})
        entry.put("purchase", {"kind": "spot"} if text(item, "InstanceLifecycle") == "spot" else None)
        entry.put("public_ipv4", _lent_addresses(item, index))
        yield entry.of(item)


def _lent_addresses(item: Item, index: SnapshotIndex) -> Decimal | None:
    """How many public addresses it has that are no Elastic IP addresses of the account."""
    found = {text(item, "PublicIpAddress")} - {""}
    for interface in item.attributes.get("NetworkInterfaces") or ():
        if isinstance(interface, Mapping) and isinstance(interface.get("Association"), Mapping):
            found.add(str(interface["Association"].get("PublicIp") or ""))
    own = [address for address in found - {""} if not index.beside(item, "elastic_ip", "PublicIp", address)]
    return Decimal(len(own)) if own else None


def volume(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A volume, attached or not."""
    kind = text(item, "VolumeType")
    if kind not in VOLUMES:
        yield not_priced(item, f"costkit has no price of {kind or 'unknown'} volumes")
        return
    entry = EntryBuilder("ebs_volume")
    entry.put("kind", kind)
    entry.put("size", number(item, "Size"))
    entry.put("iops", number(item, "Iops") if kind in ("gp3", "io1", "io2") else None)
    entry.put("throughput", number(item, "Throughput") if kind == "gp3" else None)
    yield entry.of(item)


def address(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """An Elastic IP address, idle or not; those that the account brought itself cost nothing."""
    pool = text(item, "PublicIpv4Pool")
    yield free(item) if pool not in ("", "amazon") else EntryBuilder("public_ipv4").of(item)


def nat_gateway(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A NAT gateway with the data it processed in both directions."""
    if text(item, "State") in ("deleted", "deleting", "failed"):
        return
    entry = EntryBuilder("nat_gateway")
    there, back = (item.series(f"BytesOutTo{side}", "Sum", DAY) for side in ("Destination", "Source"))
    if there is not None and back is not None:
        pairs = zip(by_day(there), by_day(back), strict=False)
        days = [out + home for out, home in pairs if out is not None and home is not None]
        value = spread(days, HOURS_PER_MONTH, HOURS_PER_DAY * BYTES_PER_GB)
        entry.measure("processed", None if value is None else Measured(value, origin(there, back.metric)))
    yield entry.of(item)


def load_balancer(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """An Application Load Balancer with its capacity units; costkit has no price of the other kinds."""
    kind = text(item, "Type")
    if kind != "application":
        yield not_priced(item, f"costkit has no price of {kind or 'unknown'} load balancers")
        return
    entry = EntryBuilder("application_load_balancer")
    entry.measure("lcu", level(item.series("ConsumedLCUs", "Average", DAY)))
    yield entry.of(item)


def classic_load_balancer(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A classic load balancer, which is listed."""
    yield not_priced(item, "costkit has no price of classic load balancers")


def dedicated_host(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A dedicated host, which is listed; one that was given back costs nothing any more."""
    if not text(item, "State").startswith("released"):
        yield not_priced(item, "costkit has no price of dedicated hosts")


def capacity_reservation(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """Reserved capacity that nobody uses costs what its instances would; what is used is counted with them."""
    unused = number(item, "AvailableInstanceCount")
    if text(item, "State") != "active" or not unused:
        return
    system = SYSTEMS.get(text(item, "InstancePlatform"))
    if system is None or text(item, "Tenancy") not in ("", "default"):
        yield not_priced(item, f"costkit has no price of capacity for {text(item, 'InstancePlatform')}")
        return
    entry = EntryBuilder("ec2_instance")
    entry.put("instance_type", text(item, "InstanceType"))
    entry.put("operating_system", None if system == "linux" else system)
    entry.put("count", unused)
    yield entry.of(item)


def log_group(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """A log group with what was ingested and what it holds."""
    kind = text(item, "logGroupClass") or "STANDARD"
    if kind != "STANDARD":
        yield not_priced(item, f"costkit has no price of log groups of class {kind}")
        return
    entry = EntryBuilder("cloudwatch_logs")
    entry.measure("ingested", monthly(item.series("IncomingBytes", "Sum", DAY), BYTES_PER_GB))
    stored = number(item, "storedBytes")
    entry.put("stored", None if stored is None else quotient(stored, BYTES_PER_GB))
    if text(item, "logGroupName").startswith(LAMBDA_LOGS):
        entry.put("from", "lambda")
    yield entry.of(item)


# Kinds that cost something beside the ones above, and cannot be priced one by one.
UNPRICED_KINDS: Mapping[str, str] = {"ebs_snapshot": "costkit has no price of EBS snapshots"}


def unpriced_kind(item: Item, index: SnapshotIndex) -> Iterator[Translated]:
    """An item of a kind that costkit has no price for."""
    yield not_priced(item, UNPRICED_KINDS[item.kind])
