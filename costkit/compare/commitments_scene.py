"""What a commitment is chosen for: usage with its prices, whole or shrunk, that can be priced with any commitment."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from costkit.compare.commitments_candidates import Candidates
from costkit.compare.commitments_stack import Demand
from costkit.model.charge import Estimate
from costkit.model.commitment import SAVINGS_PLANS
from costkit.model.exact import quotient
from costkit.rating.commitment_offers import Offer

WHOLE = Fraction(1)
# Savings plans are bought in USD an hour with three decimals, from 0.001 on. The interface of AWS takes five by now:
# https://docs.aws.amazon.com/savingsplans/latest/APIReference/API_CreateSavingsPlan.html
SMALLEST_PLAN = Fraction(1, 1000)


class Scene(Protocol):
    """Usage to choose commitments for."""

    base: Estimate
    candidates: Candidates
    subject: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def demand(self, offer: Offer, share: Fraction = WHOLE) -> Demand:
        """What an offer may cover, if only a share of all usage is left."""

    def priced(self, offer: Offer, size: Decimal) -> Estimate:
        """The estimate with ``size`` of the offer on top of what is committed already."""

    def tried(self, offer: Offer, step: Fraction | None) -> Iterable[Fraction]:
        """Levels to be tried in whole estimates, where the demand alone cannot tell the best one; else none."""


def step_of(offer: Offer) -> Fraction:
    """The smallest amount of an offer that is sold, in units of its capacity."""
    return SMALLEST_PLAN if offer.commitment.kind in SAVINGS_PLANS else Fraction(offer.capacity)


def fee_of(offer: Offer, month_hours: Decimal) -> Fraction:
    """What a unit of an offer's capacity costs an hour, used or not, in USD."""
    return Fraction(offer.fee or 0) / Fraction(month_hours) / Fraction(offer.capacity)


def size_of(offer: Offer, level: Fraction) -> Decimal:
    """A level as what is bought: USD an hour, instances, nodes or RPUs."""
    return decimal(level / Fraction(offer.capacity))


def decimal(number: Fraction) -> Decimal:
    """A fraction as a decimal, cut off after twenty decimals where it does not end."""
    return quotient(Decimal(number.numerator), Decimal(number.denominator))
