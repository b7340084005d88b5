"""ACC-05: what the Cost Optimization Hub recommends, with AWS's own figures.

https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.finding import A_MONTH, DERIVED, FINDING, LOW, OPTIMIZATION, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight


def look(place: Place) -> Iterator[Sight]:
    """Its recommendations as they stand: AWS's amounts are evidence, and never added to savings of costkit."""
    for item in place.of("cost_optimization_hub_recommendation"):
        about = text(item, "resourceId") or item.id
        now, then = text(item, "currentResourceSummary"), text(item, "recommendedResourceSummary")
        why = f"AWS recommends: {text(item, 'actionType')} {now}{f' to {then}' if then else ''}"
        saved = number(item, "estimatedMonthlySavings")
        source = text(item, "source") or "Cost Optimization Hub"
        evidence = () if saved is None else (Evidence("AWS's own saving", saved, A_MONTH, source),)
        yield Sight(FINDING, about, why, evidence)


CHECK = AccountCheck(
    code="ACC-05",
    title="Recommended by AWS",
    kinds=("cost_optimization_hub_recommendation",),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html",
    look=look,
)
