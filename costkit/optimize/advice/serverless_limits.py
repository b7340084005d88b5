"""RSS-04: a workgroup without a limit.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import plain, quotient
from costkit.model.finding import A_MONTH, CLEAN, LOW, MEASURED, OPTIMIZATION, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Outcome, Proposal, Skip, Subject

USAGE, KIND, STOPS = "serverless-compute", "redshift_serverless_usage_limit", "deactivate"
# The hours after which AWS counts anew; a month is 730 h:
# https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UsageLimit.html
PERIODS = {"daily": Decimal(24), "weekly": Decimal(168), "monthly": Decimal(730)}


def propose(subject: Subject) -> Proposal | Skip:
    """A warning, with what it costs if it works at its largest capacity for as long as nothing stops it."""
    observed = subject.observed
    item = observed.item
    found = observed.others(KIND, "resourceArn", item.arn)
    if isinstance(found, Skip):
        return found
    limits = [one for one in found if text(one, "usageType") == USAGE]
    largest = number(item, "maxCapacity")
    if largest and limits:
        return Skip(CLEAN)
    lacks = [name for name, there in (("maximum capacity", largest), ("usage limit of RPU-hours", limits)) if not there]
    capacity = largest or subject.at.value("rpu_max")
    hours = min((capacity * subject.at.month_hours, *_stopped_at(limits, subject.at.month_hours)))
    return Proposal(
        why=f"it has no {' and no '.join(lacks)}; this is a risk, not a saving",
        options=(Option("", {"rpu_hours": hours}, shown=True),),
        confidence=MEASURED,
        evidence=(
            Evidence("maximum capacity", "none" if largest is None else largest, "RPU" if largest else ""),
            Evidence("usage limits", Decimal(len(limits)), "", "ListUsageLimits"),
        ),
        remarks=lambda outcomes: _exposure(outcomes, capacity, hours),
    )


def _stopped_at(limits: Sequence[Item], month: Decimal) -> Iterator[Decimal]:
    """The RPU-hours of a month after which a limit turns queries away; one that only tells somebody stops nothing."""
    for one in limits:
        amount, period = number(one, "amount"), PERIODS.get(text(one, "period") or "monthly")
        if text(one, "breachAction") == STOPS and amount is not None and period is not None:
            yield quotient(amount * month, period)


def _exposure(outcomes: Sequence[Outcome], capacity: Decimal, hours: Decimal) -> Iterator[Evidence]:
    source = f"{plain(capacity)} RPU, {plain(hours)} RPU-hours a month"
    return (Evidence("it may cost", outcome.cost, A_MONTH, source) for outcome in outcomes)


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
