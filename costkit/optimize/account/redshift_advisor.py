"""RSP-15: what Amazon Redshift Advisor says.

https://docs.aws.amazon.com/redshift/latest/dg/advisor.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.finding import DERIVED, FINDING, LOW, OPTIMIZATION, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight


def look(place: Place) -> Iterator[Sight]:
    """Its advice as it stands; AWS gives no amount."""
    for item in place.of("redshift_recommendation"):
        about = text(item, "ClusterIdentifier") or item.id
        evidence = (Evidence("impact", text(item, "ImpactRanking") or "not stated", "", "ListRecommendations"),)
        yield Sight(FINDING, about, text(item, "Title") or text(item, "RecommendationType"), evidence)


CHECK = AccountCheck(
    code="RSP-15",
    title="Redshift Advisor",
    kinds=("redshift_recommendation",),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/dg/advisor.html",
    look=look,
)
