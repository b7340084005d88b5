"""EC2-05: an instance of an older generation, where a newer one of the same kind is cheaper.

https://aws.amazon.com/ec2/previous-generation/
"""

from costkit.model.finding import DERIVED, LOW, MEDIUM, OPTIMIZATION
from costkit.optimize.advice import _instance_types
from costkit.optimize.check import GENERATION, Check, Proposal, Skip, Subject

# Newer families of the same kind and architecture, Intel and AMD. Flex families are left out: they do not have all of
# their processor all of the time (https://aws.amazon.com/ec2/instance-types/flex/).
GENERAL = ("m6a", "m6i", "m7a", "m7i", "m8a", "m8i")
COMPUTE = ("c6a", "c6i", "c7a", "c7i", "c8a", "c8i")
MEMORY = ("r6a", "r6i", "r7a", "r7i", "r8a", "r8i")
NEWER = {
    "t2": ("t3", "t3a"),
    **dict.fromkeys(("m3", "m4", "m5", "m5a"), GENERAL),
    **dict.fromkeys(("c3", "c4", "c5", "c5a"), COMPUTE),
    **dict.fromkeys(("r3", "r4", "r5", "r5a"), MEMORY),
}


def propose(subject: Subject) -> Proposal | Skip:
    """The cheapest newer family of the same size."""
    barred = _instance_types.bought_freely(subject)
    if barred is not None:
        return barred
    now = subject.usage.instance_type
    family = now.partition(".")[0]
    names = _instance_types.replacements(subject, NEWER.get(family, ()), _instance_types.X86)
    if not names:
        return _instance_types.nothing_newer(now)
    many = "one newer family has" if len(names) == 1 else f"{len(names)} newer families have"
    return Proposal(
        why=f"{now} is of an older generation; {many} the same size with no fewer vCPUs and no less memory",
        options=_instance_types.options(names),
        confidence=DERIVED,
        evidence=tuple(_instance_types.sizes(subject, names)),
    )


CHECK = Check(
    code="EC2-05",
    title="Use a newer generation",
    types=("ec2_instance",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://aws.amazon.com/ec2/previous-generation/",
    propose=propose,
)
