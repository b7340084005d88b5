"""A commitment with its prices: what it costs a month, and at which rate it covers which usage."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from costkit.model.commitment import (
    COMPUTE_SAVINGS_PLAN,
    EC2_SAVINGS_PLAN,
    RESERVED_INSTANCES,
    RESERVED_NODES,
    SAVINGS_PLANS,
    Commitment,
)
from costkit.model.exact import ONE, ZERO, quotient
from costkit.model.form import TERM_HOURS
from costkit.model.price import Price
from costkit.model.problem import Problem
from costkit.pricebook.book import PriceBook
from costkit.rating.metering import Metered

INSTANCES, NODES, SERVERLESS = "ec2_instance", "redshift_cluster", "redshift_serverless"
# Families whose reserved instances cover no other size: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html
RIGID_FAMILIES = ("g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "gr6", "hpc7a", "inf1", "inf2", "p5")
TWO = Decimal(2)


class Offer(NamedTuple):
    """A commitment with its prices.

    ``capacity`` is what it covers in an hour: USD of a savings plan, normalised units, nodes or RPUs of a
    reservation. ``rates`` are the units that one of a reading's unit takes, by the reading's place, in the
    order in which they are covered. ``fee`` is USD a month, None if not proven; ``prices`` are the rows.
    ``lacking`` are the places of readings that it might cover, if anybody had proven the rate.
    """

    commitment: Commitment
    capacity: Decimal
    fee: Decimal | None
    upfront: Decimal
    rates: dict[int, Fraction]
    prices: dict[int, Price]
    sources: tuple[Price, ...]
    problems: tuple[Problem, ...] = ()
    doubt: str = ""
    lacking: tuple[int, ...] = ()


def offer_of(
    commitment: Commitment, metered: Sequence[Metered], book: PriceBook, on: str, month_hours: Decimal
) -> Offer:
    """The prices of a commitment, and the rates at which it covers each reading."""
    if commitment.kind in SAVINGS_PLANS:
        return _savings_plan(commitment, metered, book, on, month_hours)
    if commitment.kind == RESERVED_INSTANCES:
        return _instances(commitment, metered, book, on, month_hours)
    table, name = (NODES, "reserved") if commitment.kind == RESERVED_NODES else (SERVERLESS, "reservation")
    return _reservation(commitment, metered, book, on, month_hours, table, name)


def _savings_plan(
    plan: Commitment, metered: Sequence[Metered], book: PriceBook, on: str, month_hours: Decimal
) -> Offer:
    ranked: list[tuple[Decimal, Decimal, int, Price]] = []
    lacking: list[int] = []
    for member in metered:
        if not member.quantity or not _may_cover(plan, member):
            continue
        price = book.price(member.table, _plan_meter(plan, member), member.reading.kind, member.resource.region, on)
        rate = None if price is None else price.tiers[0].price
        if price is None or rate is None:
            lacking.append(member.place)
            continue
        usual = member.price.tiers[0].price if member.price else None
        discount = ONE - rate / usual if usual else ZERO
        ranked.append((-discount, rate, member.place, price))
    ranked.sort(key=lambda entry: entry[:3])
    payment = {"all_upfront": ONE, "partial_upfront": ONE / TWO}.get(plan.payment, ZERO)
    return Offer(
        commitment=plan,
        capacity=plan.size,
        fee=plan.size * month_hours,
        upfront=plan.size * (TERM_HOURS[plan.term].number or ZERO) * payment,
        rates={place: Fraction(rate) for _, rate, place, _ in ranked},
        prices={place: price for _, _, place, price in ranked},
        sources=(),
        lacking=tuple(lacking),
    )


def _may_cover(plan: Commitment, member: Metered) -> bool:
    """Whether a savings plan is for a reading: compute of all kinds, or instances of a family in a region."""
    cover = member.reading.cover
    if plan.kind == COMPUTE_SAVINGS_PLAN:
        return cover in ("instance", "compute")
    family = member.reading.kind.partition(".")[0]
    return cover == "instance" and plan.what == family and plan.region == member.resource.region


def _plan_meter(plan: Commitment, member: Metered) -> str:
    """The meter of a plan's rate: ``compute_savings_plan.1y.no_upfront.duration.arm64``."""
    kind = EC2_SAVINGS_PLAN if plan.kind == EC2_SAVINGS_PLAN else COMPUTE_SAVINGS_PLAN
    if member.reading.cover == "instance":
        system = member.reading.meter.partition(".")[2]
        return f"{kind}{'.' + system if system else ''}.{plan.terms}"
    return f"{kind}.{plan.terms}.{member.reading.meter}"


def unproven(offer: Offer, metered: Sequence[Metered]) -> list[Problem]:
    """What stays on demand because nobody has proven its rate; what another commitment covers needs none."""
    names: dict[str, list[str]] = {}
    for member in (metered[place] for place in offer.lacking):
        if member.quantity:
            what = f"{member.table} {member.reading.meter} {member.reading.kind}".strip()
            names.setdefault(f"{what} in {member.resource.region}", []).append(member.resource.name)
    hint = "it stays on demand in this estimate; bring the rate with --prices"
    return [
        Problem(
            "CK302",
            offer.commitment.where,
            f"{', '.join(dict.fromkeys(found))}: no proven rate of {what} under {offer.commitment.title}",
            hint,
            "warning",
            hides_cost=True,
        )
        for what, found in names.items()
    ]


def _instances(
    reserved: Commitment, metered: Sequence[Metered], book: PriceBook, on: str, month_hours: Decimal
) -> Offer:
    """Reserved instances of a region: Linux ones cover other sizes of their family by normalised units.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html: the smallest size first.
    """
    meter = f"{reserved.offer}_reserved.{reserved.terms}"
    price = book.price(INSTANCES, meter, reserved.what, reserved.region, on)
    rate = None if price is None else price.tiers[0].price
    if price is None or rate is None:
        return _without_price(reserved, f"{INSTANCES} {meter} of {reserved.what} in {reserved.region}")
    own = _units(reserved.what, book, on)
    flexible = own is not None and reserved.what.partition(".")[0] not in RIGID_FAMILIES
    sizes: list[tuple[Fraction, int]] = []
    for member in metered:
        reading = member.reading
        if reading.cover != "instance" or reading.meter != "on_demand" or member.resource.region != reserved.region:
            continue
        units = _units(reading.kind, book, on) if flexible else None
        same_family = reading.kind.partition(".")[0] == reserved.what.partition(".")[0]
        if reading.kind == reserved.what:
            sizes.append((own if flexible and own is not None else Fraction(1), member.place))
        elif units is not None and same_family:
            sizes.append((units, member.place))
    each = own if flexible and own is not None else Fraction(1)
    doubt = "" if reserved.payment == "no_upfront" else "only its effective hourly rate is proven, not the upfront part"
    return Offer(
        commitment=reserved,
        capacity=reserved.size * Decimal(each.numerator) / Decimal(each.denominator),
        fee=reserved.size * month_hours * rate,
        upfront=ZERO,
        rates={place: units for units, place in sorted(sizes)},
        prices={place: price for _, place in sizes},
        sources=(price,),
        doubt=doubt,
    )


def _units(instance_type: str, book: PriceBook, on: str) -> Fraction | None:
    """The normalised size of an instance type, None for bare metal: ``large`` is 4, ``2xlarge`` 16.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html
    """
    size = instance_type.partition(".")[2]
    xlarge = Fraction(book.fact(INSTANCES, "normalized_xlarge", on).value)
    multiple = size.removesuffix("xlarge")
    if size.endswith("xlarge") and (multiple.isdecimal() or not multiple):
        return Fraction(int(multiple or "1")) * xlarge
    try:
        return Fraction(book.fact(INSTANCES, f"normalized_{size}", on).value)
    except LookupError:
        return None


def _reservation(
    reserved: Commitment,
    metered: Sequence[Metered],
    book: PriceBook,
    on: str,
    month_hours: Decimal,
    table: str,
    name: str,
) -> Offer:
    """Reserved nodes and RPUs: an hourly part, an upfront part, or both; they cover clock hours."""
    parts = {"no_upfront": ("recurring",), "all_upfront": ("upfront",)}.get(reserved.payment, ("recurring", "upfront"))
    fee, upfront, sources = ZERO, ZERO, []
    for part in parts:
        price = book.price(table, f"{name}.{reserved.terms}.{part}", reserved.what, reserved.region, on)
        rate = None if price is None else price.tiers[0].price
        if price is None or rate is None:
            return _without_price(reserved, f"{table} {name}.{reserved.terms}.{part} in {reserved.region}")
        sources.append(price)
        monthly = reserved.size * rate * month_hours
        fee += monthly if part == "recurring" else quotient(monthly, TERM_HOURS[reserved.term].number or ONE)
        upfront += reserved.size * rate if part == "upfront" else ZERO
    cover = "node" if table == NODES else "rpu"
    places = [
        member.place
        for member in metered
        if member.reading.cover == cover
        and member.reading.kind == reserved.what
        and member.resource.region == reserved.region
    ]
    return Offer(
        commitment=reserved,
        capacity=reserved.size,
        fee=fee,
        upfront=upfront,
        rates={place: Fraction(1) for place in places},
        prices=dict.fromkeys(places, sources[0]),
        sources=tuple(sources),
    )


def _without_price(commitment: Commitment, what: str) -> Offer:
    message = f"no proven price of {commitment.title}: {what}"
    hint = "it is left out, and what it would cover stays on demand; bring the price with --prices"
    problem = Problem("CK302", commitment.where, message, hint, "warning", hides_cost=True)
    return Offer(commitment, ZERO, None, ZERO, {}, {}, (), (problem,))
