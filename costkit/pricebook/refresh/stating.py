"""From the prices of a term to a price as the tables state it: units, tiers, free tiers, upfront fees."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ZERO, quotient
from costkit.model.price import Tier
from costkit.pricebook.refresh.offer import Dimension, Term
from costkit.pricebook.refresh.rules import EFFECTIVE, FEE_UNIT, UPFRONT, Rule, in_our_units

# A year of a commitment, https://docs.aws.amazon.com/whitepapers/latest/cost-optimization-reservation-models/
HOURS_PER_YEAR = Decimal(8760)


class Doubtful(Exception):
    """A row that must not be taken, with the reason."""


class Statement(NamedTuple):
    """Tiers in the meter's unit; ``note`` says how they were made if they are not what AWS wrote."""

    tiers: tuple[Tier, ...]
    note: str = ""


def statement(rule: Rule, term: Term) -> Statement | None:
    """What a term says of the rule's meter, or None if it says nothing of it (no fee, nothing recurring).

    Raises Doubtful where the row cannot be taken as it stands.
    """
    fees = [one for one in term.dimensions if one.unit.lower() == FEE_UNIT]
    hourly = [one for one in term.dimensions if one.unit.lower() != FEE_UNIT]
    if rule.part == UPFRONT and rule.term != "on_demand":
        return _nothing_or(fees, rule)
    if rule.part == EFFECTIVE:
        return _effective(rule, term, fees, hourly)
    if fees and all(one.price == 0 for one in hourly):
        return None
    return Statement(_tiers(hourly, rule))


def _nothing_or(dimensions: list[Dimension], rule: Rule) -> Statement | None:
    """A fee; a reservation without one, or with one of 0, has none."""
    if all(one.price == 0 for one in dimensions):
        return None
    return Statement(_tiers(dimensions, rule))


def _effective(rule: Rule, term: Term, fees: list[Dimension], hourly: list[Dimension]) -> Statement:
    """The fee spread over the hours of the term, and what recurs: all upfront is 0 an hour and a fee."""
    fee = sum((_price(one) for one in fees), ZERO)
    if len(hourly) > 1 or not term.length:
        raise Doubtful("a reservation with several hourly prices")
    for one in hourly:
        if in_our_units(rule, one.unit) != 1:
            raise Doubtful(f"a unit that the rule does not know: {one.unit}")
    recurring = sum((_price(one) for one in hourly), ZERO)
    hours = HOURS_PER_YEAR * int(term.length[0])
    whole = quotient(fee, hours) + recurring
    if not whole:
        raise Doubtful("a price of zero")
    return Statement((Tier(ZERO, whole),), f"{fee} upfront over {hours} hours, and {recurring} an hour" if fee else "")


def _tiers(dimensions: list[Dimension], rule: Rule) -> tuple[Tier, ...]:
    if not dimensions:
        raise Doubtful("a product without a price")
    ordered = sorted(dimensions, key=lambda one: one.begin)
    end: Decimal | None = ZERO
    tiers = []
    for one in ordered:
        held = in_our_units(rule, one.unit)
        if held is None:
            raise Doubtful(f"a unit that the rule does not know: {one.unit}")
        if one.begin != end:
            raise Doubtful("tiers that do not join")
        end = one.end
        # Ten thousands of prices start at the same zero.
        tiers.append(Tier(one.begin * held or ZERO, quotient(_price(one), held)))
    if end is not None:
        raise Doubtful("tiers with an end")
    # A free tier is an allowance of the account in our tables, so the first unit has the first price that is one.
    while len(tiers) > 1 and not tiers[0].price:
        del tiers[0]
        tiers[0] = tiers[0]._replace(start=ZERO)
    if not all(tier.price for tier in tiers):
        raise Doubtful("a price of zero")
    return _joined(tiers)


def _joined(tiers: list[Tier]) -> tuple[Tier, ...]:
    """Neighbours with one price are one tier."""
    return tuple(tier for index, tier in enumerate(tiers) if not index or tier.price != tiers[index - 1].price)


def _price(one: Dimension) -> Decimal:
    if one.price is None:
        raise Doubtful("no price in USD")
    return one.price
