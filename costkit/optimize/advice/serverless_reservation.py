"""RSS-05: RPUs that work in nearly every hour, on demand.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing-reserved.html
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import origin
from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import plain
from costkit.model.finding import (
    CLEAN,
    DERIVED,
    LOW,
    MEDIUM,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    SAVED,
    Evidence,
)
from costkit.optimize.advice._reserved import base_reserved
from costkit.optimize.advice._rpus_by_hour import RpusByHour, rpus_by_hour
from costkit.optimize.check import COMMITMENT, Check, Option, Outcome, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, Observed, lacking
from costkit.optimize.fragments import Fragment

DAYS, KIND = 28, "redshift_serverless_reservation"
CAREFUL, OTHER = ("1y", "no_upfront"), ("1y", "all_upfront")
A_YEAR = Decimal(365 * 86400)


def propose(subject: Subject) -> Proposal | Skip:
    """So many RPUs reserved for a year without upfront payment; the engine says how many save most."""
    observed, use = subject.observed_or_none, subject.usage
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "its RPUs are reserved already")
    if observed is None:
        return base_reserved(use, CAREFUL, OTHER)
    if use.purchase is not None or not use.rpu_hours:
        return Skip(NOT_APPLICABLE)
    there = _reserved(observed)
    if there is not None:
        return there
    found = observed.series(DAYS, ("ComputeSeconds", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    age = observed.age_in_days("creationDate")
    if age is not None and age < DAYS:
        return Skip(NOT_ENOUGH_DATA, f"it is {age} days old, {DAYS} are needed")
    hours = rpus_by_hour(found[0], subject.at.month_hours)
    rpus = hours.levels(use.rpu_hours)
    if not rpus:
        return Skip(CLEAN)
    options = [_option(subject, hours, level, *terms) for level in rpus for terms in (CAREFUL, OTHER)]
    return Proposal(
        why="some of its RPUs work in nearly every hour; reserved ones are billed for every hour of the term at a "
        "lower rate, used or not, and what an hour needs beyond them on demand",
        options=tuple(options),
        confidence=DERIVED,
        evidence=(
            Evidence("least busy hour", hours.hours[0], "RPU", origin(found[0])),
            Evidence("busiest hour", hours.hours[-1], "RPU", origin(found[0])),
            *_offered(observed),
        ),
        remarks=_remarks,
    )


def _reserved(observed: Observed) -> Skip | None:
    """Why nothing more is reserved: there is a reservation, or nobody knows."""
    item = observed.item
    gap = observed.found.without(KIND, item.account, item.region)
    if gap is not None:
        return lacking(gap)
    active = [one for one in observed.found.of(KIND, item.account, item.region) if text(one, "status") == "active"]
    return Skip(NOT_APPLICABLE, "RPUs are reserved already: compare commitments finds how many") if active else None


def _option(subject: Subject, hours: RpusByHour, rpus: Decimal, term: str, payment: str) -> Option:
    """One RPU more is worth it if it works in a larger part of the hours than it costs of the price on demand."""
    beyond = subject.spread(lambda use: hours.beyond(rpus, use.rpu_hours, subject.at.month_hours))
    purchase: Fragment = {"kind": "reserved", "term": term, "payment": payment, "rpus": rpus, "beyond": beyond}
    label = f"{plain(rpus)} RPU reserved, {term}, {payment.replace('_', ' ')}"
    return Option(label, {"purchase": purchase}, shown=(term, payment) != CAREFUL)


def _remarks(outcomes: Sequence[Outcome]) -> Iterator[Evidence]:
    """The best number of RPUs, in each way to pay."""
    for shown in (False, True):
        found = [one for one in outcomes if one.option.shown == shown]
        if found:
            best = max(found, key=lambda one: one.saving.expected)
            yield Evidence(best.option.label, best.saving.expected, SAVED)


def _offered(observed: Observed) -> Iterator[Evidence]:
    """AWS's own offer, beside the price of the tables."""
    item = observed.item
    for one in observed.found.of(f"{KIND}_offering", item.account, item.region):
        hourly = number(one, "hourlyCharge")
        if hourly and not number(one, "upfrontCharge") and number(one, "duration") == A_YEAR:
            yield Evidence("AWS offers a year", hourly, "USD an RPU-hour", "ListReservationOfferings")


CHECK = Check(
    code="RSS-05",
    title="Reserve RPUs for a year",
    types=("redshift_serverless",),
    stage=COMMITMENT,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing-reserved.html",
    propose=propose,
)
