"""RSP-10: concurrency scaling without a limit.

https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-usage-limits.html
"""

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.finding import CLEAN, LOW, MEASURED, OPTIMIZATION
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, LEAST_DAYS, known, told

FEATURE = "concurrency-scaling"


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: nothing stops it from costing as much as ten clusters."""
    observed = subject.observed
    found = observed.series(LEAST_DAYS, ("ConcurrencyScalingSeconds", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    limits = observed.others("redshift_usage_limit", "ClusterIdentifier")
    if isinstance(limits, Skip):
        return limits
    [seconds] = found
    if not any(known(seconds)) or any(text(one, "FeatureType") == FEATURE for one in limits):
        return Skip(CLEAN)
    return Proposal(
        why="it scales, and no usage limit says how far; this is a risk, not a saving",
        options=(),
        confidence=MEASURED,
        evidence=(told(seconds, max(known(seconds)), "seconds on the busiest day"),),
    )


CHECK = Check(
    code="RSP-10",
    title="Set a usage limit",
    types=("redshift_cluster",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-usage-limits.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
