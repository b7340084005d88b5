"""EC2-04: the same size of instance with a Graviton processor.

https://aws.amazon.com/ec2/graviton/
"""

import re

from costkit.model.finding import DERIVED, HIGH, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice import _instance_types
from costkit.optimize.check import GENERATION, TO_GRAVITON, Check, Proposal, Skip, Subject

# x86 families by kind and by what they have beside it (d: local disks, n: network), and their Graviton sisters.
FAMILY = re.compile(r"([cmr])\d+(?:i|a)?([dn]?)")
GRAVITON_GENERATIONS = ("7g", "8g")
BURSTABLE = ("t2", "t3", "t3a")


def propose(subject: Subject) -> Proposal | Skip:
    """The cheapest Graviton type of the same size, for Linux."""
    barred = _instance_types.bought_freely(subject)
    if barred is not None:
        return barred
    use = subject.usage
    if use.operating_system == "windows":
        return Skip(NOT_APPLICABLE, "Windows does not run on Graviton")
    names = _instance_types.replacements(subject, sisters(use.instance_type), (_instance_types.ARM,))
    if not names:
        return _instance_types.nothing_newer(use.instance_type)
    return Proposal(
        why=f"{use.instance_type} has Graviton sisters of its size with no fewer vCPUs and no less memory; "
        "its software must exist for arm64",
        options=_instance_types.options(names),
        confidence=DERIVED,
        evidence=tuple(_instance_types.sizes(subject, names)),
    )


def sisters(instance_type: str) -> tuple[str, ...]:
    """The Graviton families of the same kind as an x86 type's family."""
    family = instance_type.partition(".")[0]
    if family in BURSTABLE:
        return ("t4g",)
    match = FAMILY.fullmatch(family)
    if match is None:
        return ()
    return tuple(f"{match[1]}{generation}{match[2]}" for generation in GRAVITON_GENERATIONS)


CHECK = Check(
    code="EC2-04",
    title="Use a Graviton instance",
    types=("ec2_instance",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=HIGH,
    risk=MEDIUM,
    source="https://aws.amazon.com/ec2/graviton/getting-started/",
    propose=propose,
    says=TO_GRAVITON,
)
