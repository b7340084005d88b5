"""RSS-03: a base capacity that is never exceeded, and for which no query waits.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
"""

from decimal import ROUND_CEILING, Decimal

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ONE, plain, quotient
from costkit.model.finding import CLEAN, HEURISTIC, LOW, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, known, told
from costkit.optimize.fragments import Fragment

DAYS, HALF = 14, Decimal("0.5")


def propose(subject: Subject) -> Proposal | Skip:
    """Half of the base: queries take at most twice as long, which saves nothing, or as long as now."""
    observed, use = subject.observed, subject.usage
    if use.base_rpu is None or use.rpu_hours is None:
        return Skip(NOT_APPLICABLE)
    if text(observed.item, "pricePerformanceTarget", "status") == "ENABLED":
        return Skip(NOT_APPLICABLE, "its price-performance target sets the capacity")
    step = subject.at.value("rpu_step")
    if use.base_rpu <= step:
        return Skip(CLEAN)
    found = observed.series(DAYS, ("ComputeCapacity", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    age = observed.age_in_days("creationDate")
    if age is not None and age < DAYS:
        return Skip(NOT_ENOUGH_DATA, f"it is {age} days old, {DAYS} are needed")
    queued = [one for one in observed.item.metrics if (one.metric, one.period) == ("QueriesQueued", DAY)]
    if not queued:
        return Skip(NOT_ENOUGH_DATA, "the snapshot has no number of queries that wait")
    most = max(known(found[0]))
    if most != number(observed.item, "baseCapacity") or any(any(known(series)) for series in queued):
        return Skip(CLEAN)
    base = max(step, (use.base_rpu * HALF / step).to_integral_value(ROUND_CEILING) * step)
    part = quotient(base, use.base_rpu)
    expected, worst, best = (_fields(subject, base, one) for one in ((part + ONE) * HALF, ONE, part))
    return Proposal(
        why=f"it never used more than its base of {plain(use.base_rpu)} RPU, and no query waited; with {plain(base)} "
        "RPU queries take up to twice as long, which costs the same, or as long as now, which costs half",
        options=(Option(f"{plain(base)} RPU", expected, worst, best),),
        confidence=HEURISTIC,
        evidence=(
            told(found[0], most, "RPU at most"),
            *(told(series, max(known(series)), "queries waiting") for series in queued),
        ),
    )


def _fields(subject: Subject, base: Decimal, part: Decimal) -> Fragment:
    return {"base_rpu": base, "rpu_hours": subject.spread(lambda use: use.rpu_hours * part)}


CHECK = Check(
    code="RSS-03",
    title="Start with less capacity",
    types=("redshift_serverless",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html",
    propose=propose,
    kinds=("redshift_serverless_workgroup",),
)
