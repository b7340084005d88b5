"""What the Cost Optimization Hub recommends for a whole account, if it is enrolled."""

from costkit.collect.call import NEXT_TOKEN_OF_JSON, Call
from costkit.collect.place import Place

ADVICE = Call(
    "cost-optimization-hub",
    "ListRecommendations",
    "items",
    NEXT_TOKEN_OF_JSON,
    {"includeAllRecommendations": False, "maxResults": 100},
)
CALLS = (ADVICE,)


def collect(place: Place) -> None:
    """Find what the hub recommends, with those that exclude each other counted once."""
    kind = "cost_optimization_hub_recommendation"
    place.list(kind, ADVICE, "recommendationId", lambda one: str(one.get("resourceArn", "")))
