"""EC2-10: gp2 volumes as gp3, with as many IOPS and as much throughput as gp2 gave them.

https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from costkit.model.exact import plain
from costkit.model.finding import DERIVED, LOW, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import GENERATION, RESIZING, Check, Option, Proposal, Skip, Subject
from costkit.optimize.fragments import spread
from costkit.services.ebs_volume import TABLE

# What a gp2 volume gives by its size: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp2-performance
IOPS_PER_GB = Decimal(3)
LEAST_IOPS, MOST_IOPS = Decimal(100), Decimal(16000)
# Up to this size 128 MiB/s at most, beyond it 250.
SMALL_VOLUME = Decimal(170)
MOST_THROUGHPUT = Decimal(250)

Need = Callable[[Subject, Decimal], tuple[Decimal, Decimal]]


def propose(subject: Subject) -> Proposal | Skip:
    """The volume, or all gp2 volumes of an instance, as gp3."""
    volumes = [volume for volume in _volumes(subject.usage) if volume.kind == "gp2"]
    if not volumes:
        return Skip(NOT_APPLICABLE, "it has no gp2 volume")
    if any(volume.size is None for volume in volumes):
        return Skip(NOT_APPLICABLE, "the size of a volume is not known")
    return Proposal(
        why="gp3 costs less for a GB and includes 3,000 IOPS and 125 MiB/s; what gp2 gave beyond them is bought in "
        "addition, and the range is for all of gp2's throughput and for none of either",
        options=(Option("", _fields(subject, as_gp2), _fields(subject, all_of_gp2), _fields(subject, included)),),
        confidence=DERIVED,
        evidence=tuple(
            Evidence("gp2", f"{plain(volume.size)} GB with {plain(offered_iops(volume.size))} IOPS")
            for volume in volumes
        ),
    )


def offered_iops(size: Decimal) -> Decimal:
    """The IOPS that gp2 gives a volume of a size all of the time."""
    return min(MOST_IOPS, max(LEAST_IOPS, IOPS_PER_GB * size))


def as_gp2(subject: Subject, size: Decimal) -> tuple[Decimal, Decimal]:
    """The IOPS and throughput that gp2 gives a volume of a size, but no less than gp3 includes."""
    iops, throughput = included(subject, size)
    return max(iops, offered_iops(size)), throughput if size <= SMALL_VOLUME else MOST_THROUGHPUT


def all_of_gp2(subject: Subject, size: Decimal) -> tuple[Decimal, Decimal]:
    """The same with the most throughput that gp2 has, whatever the size."""
    return as_gp2(subject, size)[0], MOST_THROUGHPUT


def included(subject: Subject, size: Decimal) -> tuple[Decimal, Decimal]:
    """The IOPS and throughput that gp3 has without charge."""
    return subject.at.value("gp3_included_iops", TABLE), subject.at.value("gp3_included_throughput", TABLE)


def _volumes(use: Any) -> tuple[Any, ...]:
    return (use.volumes or ()) if hasattr(use, "volumes") else (use,)


def _fields(subject: Subject, need: Need) -> dict[str, Any]:
    if not hasattr(subject.usage, "volumes"):
        return _gp3(subject, need, 0)
    raw = subject.raw["volumes"]
    changed = [
        {**entry, **_gp3(subject, need, place)} if volume.kind == "gp2" else entry
        for place, (entry, volume) in enumerate(zip(raw, subject.usage.volumes, strict=True))
    ]
    return {"volumes": changed}


def _gp3(subject: Subject, need: Need, place: int) -> dict[str, Any]:
    """The fields of one volume; what gp3 includes is not spelt out."""
    fields: dict[str, Any] = {"kind": "gp3"}
    needs = [need(subject, _volumes(use)[place].size) for use in subject.points]
    for name, free, amounts in zip(
        ("iops", "throughput"), included(subject, needs[0][0]), zip(*needs, strict=True), strict=True
    ):
        if max(amounts) > free:
            fields[name] = spread(*amounts)
    return fields


CHECK = Check(
    code="EC2-10",
    title="Use gp3 volumes",
    types=("ebs_volume", "ec2_instance"),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
    propose=propose,
    says=RESIZING,
)
