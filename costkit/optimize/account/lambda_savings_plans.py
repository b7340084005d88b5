"""LMB-21: duration of Lambda that no savings plan covers, with AWS's own figures.

https://docs.aws.amazon.com/savingsplans/latest/userguide/ce-sp-usingcoverage.html
"""

from collections.abc import Iterator
from decimal import Decimal

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, DERIVED, FINDING, LOW, MEDIUM, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.optimize.account._cost_explorer import amount, whole_month
from costkit.optimize.check import AccountCheck, Place, Sight

SERVICE, COVERAGE, ADVICE = "AWS Lambda", "savings_plan_coverage", "savings_plan_recommendation"
# A fifth on demand leaves room for what comes and goes; less than this a month is not worth a commitment of a year.
ON_DEMAND, LEAST = Decimal("0.2"), Decimal(10)


def look(place: Place) -> Iterator[Sight]:
    """A warning for the last whole month. Plans cover duration and provisioned concurrency, never requests."""
    items = [item for item in place.of(COVERAGE) if text(item, "Service") == SERVICE]
    if not items:
        return
    about = f"{SERVICE} of {place.account}"
    months = {month: item for item in items if (month := whole_month(item.attributes.get("TimePeriod"), place))}
    month = max(months, default="")
    if not month:
        yield Sight(NOT_ENOUGH_DATA, about, "Cost Explorer was asked for no whole month of it")
        return
    known = months[month]
    open_, total = (amount(text(known, "Coverage", name)) for name in ("OnDemandCost", "TotalCost"))
    if open_ is None or total is None:
        yield Sight(NOT_ENOUGH_DATA, about, "Cost Explorer did not say what is on demand")
    elif open_ < LEAST or open_ <= ON_DEMAND * total:
        yield Sight(CLEAN, about)
    else:
        source = f"GetSavingsPlansCoverage, {month}"
        evidence = [Evidence("on demand", open_, "USD that a plan could cover", source)]
        covered = amount(text(known, "Coverage", "CoveragePercentage"))
        evidence += [] if covered is None else [Evidence("covered", covered, "%", source)]
        why = "more than a fifth of what a Compute Savings Plan could cover is on demand; these are AWS's own figures"
        yield Sight(FINDING, about, why, (*evidence, *_advice(place)))


def _advice(place: Place) -> Iterator[Evidence]:
    """The plan that AWS recommends, which is for EC2 and Fargate too."""
    found = [(amount(text(item, "EstimatedMonthlySavingsAmount")) or ZERO, item) for item in place.of(ADVICE)]
    if not found:
        return
    saved, best = max(found, key=lambda one: one[0])
    hourly = amount(text(best, "HourlyCommitmentToPurchase"))
    source = "GetSavingsPlansPurchaseRecommendation"
    if hourly is not None:
        yield Evidence("AWS recommends for all compute", hourly, "USD an hour", source)
    yield Evidence("AWS's own saving", saved, "USD a month", source)


CHECK = AccountCheck(
    code="LMB-21",
    title="Cover duration by a savings plan",
    kinds=(COVERAGE, ADVICE),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/savingsplans/latest/userguide/ce-sp-usingcoverage.html",
    look=look,
)
