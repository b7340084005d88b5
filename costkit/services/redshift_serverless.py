"""Amazon Redshift Serverless: RPU-hours by the second, reservations, managed storage, snapshots.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.exact import plain
from costkit.model.figure import SECONDS_PER_HOUR, UNKNOWN, Figure, figure
from costkit.model.form import Refusal, Refusals, month, refuse_both, refuse_longer_than_the_month, refuse_outside
from costkit.model.kind import Amount, Choice, Count, Nested, Size, Time, Whole
from costkit.model.reading import Reading
from costkit.model.resource import Setting
from costkit.services import _redshift_storage
from costkit.services.redshift_cluster import refuse_half_a_purchase, reserved


class Session(NamedTuple):
    """Times when compute is active; each is billed a minimum."""

    duration: Annotated[Decimal, Time("s"), "Length of a session"]
    count_: Annotated[Decimal, Count("session"), "Sessions a month"] = Decimal(1)
    rpu: Annotated[Decimal | None, Amount("RPU"), "RPUs used (default: base_rpu)"] = None


class Purchase(NamedTuple):
    """On demand, or RPUs reserved for a term."""

    kind: Annotated[str | None, Choice("on_demand", "reserved"), "On demand (default) or reserved"] = None
    term: Annotated[str | None, Choice("1y", "3y"), "Term of the reservation"] = None
    payment: Annotated[str | None, Choice("no_upfront", "partial_upfront", "all_upfront"), "How it is paid"] = None
    rpus: Annotated[Decimal | None, Whole("RPU"), "RPUs reserved (default: base_rpu)"] = None
    beyond: Annotated[
        Decimal | None, Count("RPU-hour"), "RPU-hours a month beyond them (default: if all hours were alike)"
    ] = None


class Usage(NamedTuple):
    """An Amazon Redshift Serverless workgroup."""

    rpu_hours: Annotated[Decimal | None, Count("RPU-hour"), "RPU-hours a month"] = None
    base_rpu: Annotated[Decimal | None, Amount("RPU"), "Base capacity"] = None
    sessions: Annotated[tuple[Session, ...] | None, Nested(Session, many=True)] = None
    managed_storage: Annotated[Decimal | None, Size("GB"), "Data in managed storage, on average over the month"] = None
    snapshots: Annotated[_redshift_storage.Snapshots | None, Nested(_redshift_storage.Snapshots)] = None
    purchase: Annotated[Purchase | None, Nested(Purchase)] = None


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell, and sessions without a capacity."""
    yield from refuse_both("rpu_hours", use.rpu_hours, "sessions", use.sessions)
    yield from refuse_outside("base_rpu", use.base_rpu, at.value("rpu_min"), at.value("rpu_max"), "RPU")
    yield from _refuse_odd_capacity(use.base_rpu, at)
    for index, session in enumerate(use.sessions or ()):
        yield from refuse_longer_than_the_month(f"sessions.{index}.duration", session.duration, at)
        if session.rpu is None and use.base_rpu is None:
            yield Refusal(
                f"sessions.{index}.rpu", "missing: the capacity of the session", "give rpu or base_rpu", "CK106"
            )
    yield from _redshift_storage.refuse(use.snapshots, "unique", at)
    yield from refuse_half_a_purchase(use.purchase)
    if use.purchase is not None:
        yield from _refuse_odd_reservation(use.purchase, use)


def _refuse_odd_reservation(purchase: Purchase, use: Usage) -> Refusals:
    """RPUs that nobody reserves, a reservation of nobody knows how many, and more beyond it than there is."""
    if purchase.term is None:
        for name, value in (("rpus", purchase.rpus), ("beyond", purchase.beyond)):
            if value is not None:
                message = f"{name} without a reservation"
                yield Refusal(f"purchase.{name}", message, "give its term and payment too", "CK113")
    elif purchase.rpus is None and use.base_rpu is None:
        yield Refusal("base_rpu", "missing: how many RPUs are reserved", "give base_rpu or purchase.rpus", "CK106")
    if purchase.beyond is not None and use.rpu_hours is not None and purchase.beyond > use.rpu_hours:
        message = "more RPU-hours beyond the reservation than there are"
        yield Refusal("purchase.beyond", message, "it is a part of rpu_hours", "CK113")


def _refuse_odd_capacity(base: Decimal | None, at: Setting) -> Refusals:
    """Capacity comes in steps, larger ones for large workgroups.

    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
    """
    if base is None or base <= at.value("rpu_min"):
        return
    large, small_step, large_step = at.value("rpu_large"), at.value("rpu_step"), at.value("rpu_large_step")
    step = small_step if base <= large else large_step
    if base % step:
        hint = f"steps of {plain(small_step)} up to {plain(large)}, then of {plain(large_step)}"
        yield Refusal("base_rpu", f"AWS does not sell base_rpu of {plain(base)} RPU", hint)


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a workgroup uses in the month, by meter."""
    used, purchase = _rpu_hours(use, at), use.purchase
    if purchase is not None and purchase.term and purchase.payment:
        base = figure(use.base_rpu if purchase.rpus is None else purchase.rpus, "RPU")
        yield from reserved(base, "", purchase.term, purchase.payment, "reservation", "RPU", at)
        # Each hour counts for itself: what a quiet one leaves unused is no help to a busy one.
        # https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing-reserved.html
        alike = used.beyond(base * month(at))
        beyond = alike if purchase.beyond is None else figure(purchase.beyond, "RPU hours")
        if beyond.number != 0:
            yield Reading("rpu", beyond, "RPU-hour")
    else:
        yield Reading("rpu", used, "RPU-hour", cover="rpu" if purchase is None else "")
    if use.managed_storage is not None:
        storage = figure(use.managed_storage, "GB")
        yield Reading("managed_storage", storage, "GB-month", table=_redshift_storage.TABLE)
    if use.snapshots is not None:
        yield from _redshift_storage.snapshots(use.snapshots, {}, UNKNOWN, at)


def _rpu_hours(use: Usage, at: Setting) -> Figure:
    """RPU-hours: given, or each session's seconds, at least the minimum, times its capacity."""
    if not use.sessions:
        return figure(use.rpu_hours, "RPU hours")
    total = UNKNOWN
    for index, session in enumerate(use.sessions):
        seconds = figure(session.duration, "s").at_least(at.rule("session_minimum"))
        capacity = figure(use.base_rpu if session.rpu is None else session.rpu, "RPU")
        hours = figure(session.count_, "sessions") * seconds * capacity / SECONDS_PER_HOUR
        total = total + hours if index else hours
    return total
