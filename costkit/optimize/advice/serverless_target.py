"""RSS-08: a workgroup that is not production and is told to be fast, whatever it costs.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
"""

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.finding import CLEAN, HEURISTIC, LOW, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.environments import not_production

# Of the levels 1, 25, 50, 75 and 100, from the cheapest to the fastest:
# https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_PerformanceTarget.html
FAST, TARGET, ON = 75, "pricePerformanceTarget", "ENABLED"


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: what another level would cost, only AWS's scaling knows."""
    observed, tag = subject.observed, not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    level = number(observed.item, TARGET, "level")
    if text(observed.item, TARGET, "status") != ON or level is None or level < FAST:
        return Skip(CLEAN)
    return Proposal(
        why=f"it is tagged {tag}, and its price-performance target prefers speed; what another level saves depends on "
        "its queries",
        options=(),
        confidence=HEURISTIC,
        evidence=(Evidence("tag", tag), Evidence("price-performance target", level, "of 100", "ListWorkgroups")),
    )


CHECK = Check(
    code="RSS-08",
    title="Prefer price to performance",
    types=("redshift_serverless",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html",
    propose=propose,
    kinds=("redshift_serverless_workgroup",),
)
