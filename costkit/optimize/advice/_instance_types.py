"""Which instance types may take the place of another one: the same size of newer families, by what AWS says they have.

https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import CLEAN, NOT_APPLICABLE, Evidence
from costkit.optimize.check import Option, Skip, Subject
from costkit.services.ec2_instance import COMMITTED

X86 = ("x86_64", "i386+x86_64")
ARM = "arm64"


def bought_freely(subject: Subject) -> Skip | None:
    """Why another type cannot be advised: one that is committed to, or whose price moves by the hour."""
    purchase = subject.usage.purchase
    if purchase is not None and purchase.kind in COMMITTED:
        return Skip(NOT_APPLICABLE, "not before its commitment ends")
    if purchase is not None and purchase.kind == "spot":
        return Skip(NOT_APPLICABLE, "spot prices move by the hour")
    return None


def replacements(subject: Subject, families: Iterable[str], architectures: tuple[str, ...]) -> tuple[str, ...]:
    """The same size of other families that has at least as many vCPUs and as much memory."""
    specs, now = subject.at.specs("ec2_instance"), subject.usage.instance_type
    old, size = specs.get(now), now.partition(".")[2]
    if old is None or not old.get("vcpu") or not old.get("memory_gib"):
        return ()
    found = []
    for family in families:
        new = specs.get(f"{family}.{size}")
        if new is None or new.get("arch") not in architectures:
            continue
        if all(Decimal(new[part]) >= Decimal(old[part]) for part in ("vcpu", "memory_gib")):
            found.append(f"{family}.{size}")
    return tuple(found)


def options(names: Iterable[str]) -> tuple[Option, ...]:
    """The change to each of some types."""
    return tuple(Option(name, {"instance_type": name}) for name in names)


def sizes(subject: Subject, names: Iterable[str]) -> Iterator[Evidence]:
    """The vCPUs and memory of the type now and of those that may replace it."""
    specs, now = subject.at.specs("ec2_instance"), subject.usage.instance_type
    for name in (now, *names):
        spec = specs[name]
        vcpu, memory = plain(Decimal(spec["vcpu"])), plain(Decimal(spec["memory_gib"]))
        yield Evidence(name, f"{vcpu} vCPU, {memory} GiB, {spec['arch']}")


def nothing_newer(now: str) -> Skip:
    """The verdict where no type may replace this one."""
    return Skip(CLEAN, f"nothing replaces {now}")
