"""EC2-01: an instance that does nothing.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html
"""

import re
from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_APPLICABLE, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, known, told
from costkit.optimize.fragments import GONE

# Peak CPU below 5 % and less than 5 MB a day over the network for 14 days:
# https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html
QUIET, LITTLE, DAYS = Decimal(5), Decimal(5 * 10**6), 14
# What these do shows in metrics of their accelerators, which the snapshot does not have.
ACCELERATED = re.compile(r"(g|p|inf|trn|f|vt|dl)\d")


def propose(subject: Subject) -> Proposal | Skip:
    """The instance deleted, if its processor and its network are idle."""
    observed = subject.observed
    if ACCELERATED.match(subject.usage.instance_type):
        return Skip(NOT_APPLICABLE, "its work does not show in its processor")
    wanted = (("CPUUtilization", "Maximum", HOUR), ("NetworkIn", "Sum", DAY), ("NetworkOut", "Sum", DAY))
    found = observed.series(DAYS, *wanted)
    if isinstance(found, Skip):
        return found
    cpu, coming, going = found
    peak = max(known(cpu))
    most = max(known(coming)) + max(known(going))
    if peak >= QUIET or most >= LITTLE:
        return Skip(CLEAN)
    return Proposal(
        why=f"its processor never reached {plain(QUIET)} % and hardly anything came or went over the network; its "
        "volumes and Elastic IP addresses cost what they cost until they are deleted too",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(told(cpu, peak, "%"), told(coming, most, "bytes a day at most", "NetworkIn and NetworkOut")),
    )


CHECK = Check(
    code="EC2-01",
    title="Delete an instance that does nothing",
    types=("ec2_instance",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html",
    propose=propose,
    kinds=("ec2_instance",),
)
