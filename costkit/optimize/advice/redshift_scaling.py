"""RSP-09: concurrency scaling beyond its free credits, day after day.

https://docs.aws.amazon.com/redshift/latest/mgmt/concurrency-scaling.html
"""

from decimal import Decimal

from costkit.model.exact import ZERO, plain
from costkit.model.finding import CLEAN, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, UPPER_BOUND
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, known, told

# A fifth of the time that the cluster itself runs.
DAYS, PART = 14, Decimal("0.2")
A_DAY = Decimal(86400)


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster without it: the most that a usage limit or a larger cluster can save."""
    if subject.usage.concurrency_scaling is None:
        return Skip(NOT_APPLICABLE, "it does not scale")
    found = subject.observed.series(DAYS, ("ConcurrencyScalingSeconds", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    days = known(found[0])
    # An hour of credit for each day that it runs: https://docs.aws.amazon.com/redshift/latest/mgmt/concurrency-scaling.html
    credit = subject.at.value("scaling_credit_per_day")
    billed = sum(days, ZERO) - credit * len(days)
    if billed <= PART * A_DAY * len(days):
        return Skip(CLEAN)
    same = {"concurrency_scaling": subject.raw["concurrency_scaling"]}
    return Proposal(
        why=f"beyond the free credits it is billed for more than {plain(PART * 100)} % of the cluster's time; "
        "a usage limit stops that, a larger cluster may need less of it",
        options=(Option("", {"concurrency_scaling": None}, same),),
        confidence=UPPER_BOUND,
        evidence=(told(found[0], max(days), "seconds on the busiest day"),),
    )


CHECK = Check(
    code="RSP-09",
    title="Limit concurrency scaling",
    types=("redshift_cluster",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/concurrency-scaling.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
