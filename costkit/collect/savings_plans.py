"""Savings plans of a whole account: those it has, their coverage, and what Cost Explorer recommends."""

from collections.abc import Iterator

from costkit.collect.call import NEXT_TOKEN, NEXT_TOKEN_OF_JSON, Call
from costkit.collect.cost_explorer import METER, NEXT_PAGE, TERMS, months_before
from costkit.collect.keeping import kept
from costkit.collect.place import Found, Place
from costkit.model.snapshot_kinds import kinds

PLANS = Call("savingsplans", "DescribeSavingsPlans", "savingsPlans", NEXT_TOKEN_OF_JSON, {"maxResults": 1000})
COVERAGE = Call("ce", "GetSavingsPlansCoverage", "SavingsPlansCoverages", NEXT_TOKEN, meter=METER)
ADVICE = Call(
    "ce",
    "GetSavingsPlansPurchaseRecommendation",
    "SavingsPlansPurchaseRecommendation",
    NEXT_PAGE,
    {"SavingsPlansType": "COMPUTE_SP", **TERMS},
    meter=METER,
)
CALLS = (PLANS, COVERAGE, ADVICE)


def collect(place: Place) -> None:
    """Find the account's savings plans; coverage and advice cost money."""
    place.list("savings_plan", PLANS, "savingsPlanId", lambda one: str(one.get("savingsPlanArn", "")))
    place.collect("savings_plan_coverage", lambda: _coverage(place))
    place.collect("savings_plan_recommendation", lambda: _advice(place))


def _coverage(place: Place) -> Iterator[Found]:
    form = kinds()["savings_plan_coverage"].form
    period = {"Start": months_before(place.end), "End": place.end[:10]}
    by_service = [{"Type": "DIMENSION", "Key": "SERVICE"}]
    for entry in place.each(COVERAGE, TimePeriod=period, Granularity="MONTHLY", GroupBy=by_service):
        service = str((entry.get("Attributes") or {}).get("SERVICE", ""))
        own_id = f"{service}/{(entry.get('TimePeriod') or {}).get('Start', '')}"
        yield Found(own_id, "", kept(form, {**entry, "Service": service}), {})


def _advice(place: Place) -> Iterator[Found]:
    form = kinds()["savings_plan_recommendation"].form
    number = 0
    for page in place.asker.pages(ADVICE, place.asks_in):
        whole = page[ADVICE.expects]
        for entry in whole.get("SavingsPlansPurchaseRecommendationDetails") or ():
            yield Found(str(entry.get("RecommendationDetailId") or number), "", kept(form, {**whole, **entry}), {})
            number += 1
