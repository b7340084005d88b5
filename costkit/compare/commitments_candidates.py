"""Which commitments there are to choose from: those with a proven price that cover any of the usage."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from costkit.model.commitment import (
    COMPUTE_SAVINGS_PLAN,
    EC2_SAVINGS_PLAN,
    RESERVATIONS,
    RESERVED_INSTANCES,
    RESERVED_NODES,
    RPU_RESERVATION,
    SAVINGS_PLANS,
    Commitment,
)
from costkit.model.exact import ONE
from costkit.model.listing import first_of
from costkit.model.problem import Problem
from costkit.pricebook.book import PriceBook
from costkit.rating.commitment_offers import Offer, offer_of, unproven
from costkit.rating.metering import Metered

TERMS = ("1y", "3y")
PAYMENTS = ("no_upfront", "partial_upfront", "all_upfront")
KINDS = (*SAVINGS_PLANS, *RESERVATIONS)
CLASSES = ("standard", "convertible")
# With more instance types than this only the smallest of a family is tried: it covers all of them.
MOST_TYPES = 40
NAMES_SHOWN = 4
NO_RATE = "no proven rate of "


class Wanted(NamedTuple):
    """What to choose from: kinds, terms and payments; all of them where none is named."""

    kinds: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()


class Candidates(NamedTuple):
    """A unit of each commitment to choose from; ``problems`` say why where there is none."""

    offers: list[Offer]
    problems: list[Problem]


def offers_for(
    metered: Sequence[Metered], wanted: Wanted, book: PriceBook, on: str, month_hours: Decimal
) -> Candidates:
    """A unit of each commitment that covers anything at a proven price: one USD an hour, instance, node or RPU."""
    found: list[Offer] = []
    without: list[Offer] = []
    for kind in wanted.kinds or KINDS:
        for what, region, offer in dict.fromkeys(_subjects(kind, metered)):
            for term, payment in product(wanted.terms or TERMS, wanted.payments or PAYMENTS):
                one = Commitment(kind, term, payment, ONE, region, what, offer)
                priced = offer_of(one, metered, book, on, month_hours)
                (found if priced.fee and priced.rates else without).append(priced)
    if found:
        return Candidates(_without_larger(found), [])
    lacking = (problem for offer in without for problem in (*offer.problems, *unproven(offer, metered)))
    return Candidates([], by_usage(lacking))


def _subjects(kind: str, metered: Iterable[Metered]) -> Iterator[tuple[str, str, str]]:
    """What a kind of commitment can be for: a type or family, a region, and a class of reserved instances."""
    for member in metered:
        reading, region = member.reading, member.resource.region
        if not member.quantity:
            continue
        if kind == COMPUTE_SAVINGS_PLAN and reading.cover in ("instance", "compute"):
            yield "", "", "standard"
        elif kind == EC2_SAVINGS_PLAN and reading.cover == "instance":
            yield reading.kind.partition(".")[0], region, "standard"
        elif kind == RESERVED_INSTANCES and reading.cover == "instance" and reading.meter == "on_demand":
            yield from ((reading.kind, region, offer) for offer in CLASSES)
        elif kind == RESERVED_NODES and reading.cover == "node":
            yield reading.kind, region, "standard"
        elif kind == RPU_RESERVATION and reading.cover == "rpu":
            yield "", region, "standard"


def _without_larger(offers: list[Offer]) -> list[Offer]:
    """Of very many types only the smallest of each family: it covers the others in smaller steps."""
    instances = [offer for offer in offers if offer.commitment.kind == RESERVED_INSTANCES]
    if len({offer.commitment.what for offer in instances}) <= MOST_TYPES:
        return offers
    smallest: dict[tuple[object, ...], Offer] = {}
    for offer in instances:
        one = offer.commitment
        key = (tuple(offer.rates), one.region, one.offer, one.term, one.payment)
        if key not in smallest or offer.capacity < smallest[key].capacity:
            smallest[key] = offer
    kept = {id(offer) for offer in smallest.values()}
    return [offer for offer in offers if offer.commitment.kind != RESERVED_INSTANCES or id(offer) in kept]


def by_usage(problems: Iterable[Problem]) -> list[Problem]:
    """One problem for usage whose rate is not proven in the same commitments."""
    plans: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        usage, _, plan = problem.message.partition(" under ")
        plans.setdefault((problem.where, usage), []).append(plan)
    groups: dict[str, list[tuple[str, str]]] = {}
    for about, names in plans.items():
        groups.setdefault(", ".join(sorted(set(names))), []).append(about)
    hint = "it stays on demand there; bring the rate with --prices"
    return [
        Problem("CK302", group[0][0], f"{_together(group)} under {plan}", hint, "warning", hides_cost=True)
        for plan, group in groups.items()
    ]


def _together(group: Sequence[tuple[str, str]]) -> str:
    """What is said of each usage, in one sentence where there are several."""
    usages = [usage for _, usage in group]
    if len(usages) == 1:
        return usages[0]
    kinds = list(dict.fromkeys(usage.partition(NO_RATE)[2] for usage in usages))
    return f"{NO_RATE}{first_of(kinds, NAMES_SHOWN)}"
