"""What Cost Explorer says of a whole account: cost by usage type and month, recommended reservations, anomalies."""

from collections.abc import Iterator
from typing import Any

from costkit.collect.call import Call
from costkit.collect.keeping import days_before, kept
from costkit.collect.place import Found, Place
from costkit.model.snapshot_kinds import kinds

METER = "cost_explorer_requests"
NEXT_PAGE = ("NextPageToken", "NextPageToken")
COSTS = Call("ce", "GetCostAndUsage", "ResultsByTime", NEXT_PAGE, meter=METER)
RESERVATIONS = Call("ce", "GetReservationPurchaseRecommendation", "Recommendations", NEXT_PAGE, meter=METER)
ANOMALIES = Call("ce", "GetAnomalies", "Anomalies", NEXT_PAGE, {"MaxResults": 100}, meter=METER)
CALLS = (COSTS, RESERVATIONS, ANOMALIES)
# AWS keeps them for 90 days: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetAnomalies.html
ANOMALY_DAYS = 30
MONTHS_BACK = 3
SERVICES = {
    "Amazon Redshift": {},
    "Amazon Elastic Compute Cloud - Compute": {
        "ServiceSpecification": {"EC2Specification": {"OfferingClass": "STANDARD"}}
    },
}
TERMS = {"TermInYears": "ONE_YEAR", "PaymentOption": "NO_UPFRONT", "LookbackPeriodInDays": "THIRTY_DAYS"}


def collect(place: Place) -> None:
    """Ask Cost Explorer about the account. Every page of an answer costs money."""
    place.collect("cost", lambda: _costs(place))
    place.collect("reservation_recommendation", lambda: _reservations(place))
    start, end = (time[:10] for time in (days_before(place.end, ANOMALY_DAYS), place.end))
    place.list("cost_anomaly", ANOMALIES, "AnomalyId", DateInterval={"StartDate": start, "EndDate": end})


def months_before(end: str, months: int = MONTHS_BACK) -> str:
    """The first day of the month so many months before the month of a time."""
    number = int(end[:4]) * 12 + int(end[5:7]) - 1 - months
    return f"{number // 12:04}-{number % 12 + 1:02}-01"


def _costs(place: Place) -> Iterator[Found]:
    """One item a service and usage type, with its months; a month on several pages is put together."""
    found: dict[str, Found] = {}
    asked: dict[str, Any] = {
        "TimePeriod": {"Start": months_before(place.end), "End": place.end[:10]},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost", "UsageQuantity"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "DIMENSION", "Key": "USAGE_TYPE"}],
    }
    try:
        for month in place.each(COSTS, **asked):
            for group in month.get("Groups") or ():
                service, usage_type = [*group.get("Keys", ()), "", ""][:2]
                own_id = f"{service}/{usage_type}"
                own = {"Service": service, "UsageType": usage_type, "ResultsByTime": []}
                item = found.setdefault(own_id, Found(own_id, "", own, {}))
                entry = {"TimePeriod": month.get("TimePeriod"), **(group.get("Metrics") or {})}
                item.attributes["ResultsByTime"].append(entry)
    finally:
        form = kinds()["cost"].form
        for item in found.values():
            item.attributes = kept(form, item.attributes)
        place.found.setdefault("cost", {}).update(found)
    yield from ()


def _reservations(place: Place) -> Iterator[Found]:
    form = kinds()["reservation_recommendation"].form
    for service, specification in SERVICES.items():
        number = 0
        for recommendation in place.each(RESERVATIONS, Service=service, **TERMS, **specification):
            for entry in recommendation.get("RecommendationDetails") or ():
                whole = {**recommendation, **entry, "Service": service}
                yield Found(f"{service}/{number}", "", kept(form, whole), {})
                number += 1
