"""RSS-04: a workgroup without a limit.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html
"""

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.finding import CLEAN, LOW, MEASURED, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import lacking

USAGE, KIND = "serverless-compute", "redshift_serverless_usage_limit"


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: nothing says how many RPU-hours it may use."""
    observed = subject.observed
    if observed is None:
        return Skip(NOT_APPLICABLE)
    item = observed.item
    gap = observed.found.without(KIND, item.account, item.region)
    if gap is not None:
        return lacking(gap)
    limits = observed.others(KIND, "resourceArn", item.arn)
    if isinstance(limits, Skip):
        return limits
    if item.attributes.get("maxCapacity") or any(text(one, "usageType") == USAGE for one in limits):
        return Skip(CLEAN)
    return Proposal(
        why="it has neither a maximum capacity nor a usage limit of RPU-hours; this is a risk, not a saving",
        options=(),
        confidence=MEASURED,
        evidence=(Evidence("maximum capacity", "none"), Evidence("usage limits", "none")),
    )


CHECK = Check(
    code="RSS-04",
    title="Set a limit of RPU-hours",
    types=("redshift_serverless",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html",
    propose=propose,
    kinds=("redshift_serverless_workgroup",),
)
