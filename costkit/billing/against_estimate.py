"""Joins an estimate's charges to a month of a bill and splits the difference into parts that add up exactly.

A charge and a billed line meet in a meter and a region, and in a resource or a tag's value if that is asked for.
What meets nothing is a line of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from costkit.billing.usage import BilledUsage
from costkit.billing.usage_types import Meter, meter_of_charge, meter_of_usage
from costkit.model.against_estimate import (
    MATCHED,
    NOT_BILLED,
    NOT_ESTIMATED,
    NOT_PRICED,
    AgainstEstimate,
    ComparedLine,
    Parts,
)
from costkit.model.charge import ALLOWANCE, Charge, Estimate
from costkit.model.exact import EXACT, ZERO, quotient
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import Resource
from costkit.pricebook.book import PriceBook

CREDITS = ("Credit", "Refund", "Discount")
UNUSED = "Unused commitment"
RESOURCE, TAG = "resource", "tag:"


class Key(NamedTuple):
    """What a charge and a billed line have in common. ``meter`` is empty for what is no usage, ``what`` names it."""

    group: str
    region: str
    meter: Meter | None
    what: str


class Side(NamedTuple):
    """What one side says of a key; ``cost`` None is unknown."""

    quantity: Decimal | None
    cost: Decimal | None
    unit: str

    def plus(self, other: "Side") -> "Side":
        """Both together; an unknown quantity or cost keeps the sum unknown."""
        quantity = None if self.quantity is None or other.quantity is None else self.quantity + other.quantity
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Side(quantity, cost, self.unit or other.unit)


def against_estimate(
    estimate: Estimate, usage: Iterable[BilledUsage], book: PriceBook, month: str, metric: str, matched_by: str
) -> AgainstEstimate:
    """The month's ``metric`` cost beside the estimate. ``matched_by`` is meter, resource or ``tag:KEY``.

    Raises CostkitError for a bill in another currency, and for one that does not say this cost.
    """
    listed = list(usage)
    _refuse_other_currencies(listed, estimate.currency, metric)
    with localcontext(EXACT):
        names = [cost.resource.name for cost in estimate.resources] if matched_by == RESOURCE else []
        estimated, unpriced = _estimated(estimate, book, matched_by)
        billed: dict[Key, Side] = {}
        for one in listed:
            _add(billed, _billed_key(one, names), Side(one.quantity, one.cost, ""))
        growth = _growth(estimated, billed)
        lines = [
            _line(key, estimated.get(key), billed.get(key), key in unpriced, growth)
            for key in dict.fromkeys((*estimated, *billed, *unpriced))
        ]
        lines = [line for line in lines if line.estimated or line.billed or line.status == NOT_PRICED]
        lines.sort(key=lambda line: (-abs(line.parts.total), line.group, line.region, line.what))
    return AgainstEstimate(
        month=month,
        metric=metric,
        matched_by=matched_by,
        currency=estimate.currency,
        on=estimate.on,
        lines=tuple(lines),
        complete=estimate.complete,
        price_dates=estimate.price_dates,
        problems=estimate.problems,
    )


def _refuse_other_currencies(usage: Sequence[BilledUsage], currency: str, metric: str) -> None:
    others = sorted({one.currency or "no currency" for one in usage} - {currency})
    if others:
        message = f"the bill is in {', '.join(others)}, an estimate in {currency}"
        raise CostkitError([Problem("CK644", "--estimate", message, "compare a bill in the estimate's currency")])
    if any(one.cost is None for one in usage):
        hint = "choose another --metric: billed or effective"
        raise CostkitError([Problem("CK644", "--metric", f"the bill does not say its {metric} cost", hint)])


def _add(sides: dict[Key, Side], key: Key, side: Side) -> None:
    sides[key] = sides[key].plus(side) if key in sides else side


def _estimated(estimate: Estimate, book: PriceBook, matched_by: str) -> tuple[dict[Key, Side], set[Key]]:
    """The estimate by key, and the keys of charges that have no cost."""
    tables = frozenset(book.table_names())
    sides: dict[Key, Side] = {}
    unpriced: set[Key] = set()
    for cost in estimate.resources:
        resource = cost.resource
        group = resource.name if matched_by == RESOURCE else resource.tags.get(matched_by.removeprefix(TAG), "")
        for charge in cost.charges:
            key = _charge_key(charge, cost.charges, resource, group, tables, book, estimate.on)
            if charge.cost is None:
                unpriced.add(key)
            elif charge.status == ALLOWANCE:
                # What is free lowers the cost of its meter, as it does in a bill.
                _add(sides, key, Side(ZERO, charge.cost, ""))
            else:
                _add(sides, key, Side(_comparable(charge, key, book), charge.cost, charge.unit))
    for charge in estimate.account:
        _add(sides, Key("", "", None, UNUSED), Side(None, charge.cost or ZERO, ""))
    return sides, unpriced


def _comparable(charge: Charge, key: Key, book: PriceBook) -> Decimal | None:
    """A charge's quantity if it counts in the unit of bills; concurrency scaling, for one, is billed by the second."""
    if key.meter is None:
        return None
    unit, _ = book.unit_and_title(key.meter.table, key.meter.name, key.region)
    return charge.quantity if unit in ("", charge.unit) else None


def _charge_key(
    charge: Charge,
    charges: Sequence[Charge],
    resource: Resource,
    group: str,
    tables: frozenset[str],
    book: PriceBook,
    on: str,
) -> Key:
    if charge.meter.startswith("discount."):
        return Key("", "", None, "Discount")
    meter = meter_of_charge(resource.type, charge.meter, tables)
    if charge.status == ALLOWANCE:
        sharing = {one.name: one.meters for one in book.allowances(meter.table, on)}.get(meter.name, ())
        others = [meter_of_charge(resource.type, one.meter, tables) for one in charges if one.status != ALLOWANCE]
        meter = next((one for one in others if one.table == meter.table and one.name in sharing), meter)
    return Key(group, resource.region, meter, str(meter))


def _billed_key(one: BilledUsage, names: Sequence[str]) -> Key:
    if one.charge != "Usage":
        return Key("", "", None, one.charge)
    group = next((name for name in names if is_resource(one.group, name)), one.group)
    meter = meter_of_usage(one.service, one.usage_type, one.operation)
    return Key(group, one.region, meter, str(meter) if meter else f"{one.service} {one.usage_type}")


def is_resource(id: str, name: str) -> bool:
    """Whether a resource of a bill is one of a spec: its id is the name, or its ARN ends with it."""
    return id == name or id.endswith((f":{name}", f"/{name}"))


def _growth(
    estimated: Mapping[Key, Side], billed: Mapping[Key, Side]
) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """The estimated and the billed quantity of each meter over all that is matched and counted."""
    sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for key, side in estimated.items():
        other = billed.get(key)
        if other is not None and key.meter is not None and side.quantity and other.quantity is not None:
            before, now = sums.get((key.meter.table, key.meter.name), (ZERO, ZERO))
            sums[key.meter.table, key.meter.name] = (before + side.quantity, now + other.quantity)
    return sums


def _line(
    key: Key,
    estimated: Side | None,
    billed: Side | None,
    unpriced: bool,
    growth: Mapping[tuple[str, str], tuple[Decimal, Decimal]],
) -> ComparedLine:
    before = ZERO if estimated is None else estimated.cost or ZERO
    now = ZERO if billed is None else billed.cost or ZERO
    if key.what in CREDITS and key.meter is None:
        parts = Parts(credits=now - before)
    elif estimated is None:
        parts = Parts(new=now)
    elif billed is None:
        parts = Parts(gone=-before)
    else:
        parts = _parts(key, estimated, billed, growth)
    status = NOT_ESTIMATED if estimated is None else NOT_BILLED if billed is None else MATCHED
    return ComparedLine(
        group=key.group,
        region=key.region,
        what=key.what,
        unit="" if estimated is None else estimated.unit,
        estimated_quantity=None if estimated is None else estimated.quantity,
        billed_quantity=None if billed is None else billed.quantity,
        estimated=before,
        billed=now,
        status=NOT_PRICED if unpriced else status,
        parts=parts,
    )


def _parts(key: Key, estimated: Side, billed: Side, growth: Mapping[tuple[str, str], tuple[Decimal, Decimal]]) -> Parts:
    """Price, volume and mix of what both sides have; without quantities all of it is volume.

    Volume is the growth of the whole meter at the estimated unit cost of this line, mix is what its own quantity
    grew beyond that, and price is the rest: so the three add up, whatever had to be cut in a division.
    """
    before, now = estimated.cost or ZERO, billed.cost or ZERO
    if key.meter is None or not estimated.quantity or billed.quantity is None:
        return Parts(volume=now - before)
    of_quantity = quotient(before * (billed.quantity - estimated.quantity), estimated.quantity)
    all_before, all_now = growth[key.meter.table, key.meter.name]
    volume = quotient(before * (all_now - all_before), all_before) if all_before else of_quantity
    return Parts(price=now - before - of_quantity, volume=volume, mix=of_quantity - volume)
