"""Amounts divided into parts that add up to the last decimal: the largest remainders get the crumbs."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from costkit.model.exact import WIDE, ZERO

# The decimals of the accounting's amounts.
PLACES = 12


def divided(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in proportion to weights, of which one at least is above zero and none below.

    Parts have twelve decimals, or as many as the amount. Each is cut there; what is left is given out crumb by
    crumb, the largest remainder first, and of equal ones the first. The parts add up to the amount exactly.
    """
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    places = max(PLACES, -exponent)
    with localcontext(WIDE):
        crumbs = int(abs(amount).scaleb(places))
        whole = sum(map(Fraction, weights), Fraction(0))
        exact = [Fraction(weight) * crumbs / whole for weight in weights]
        parts = [int(part) for part in exact]
        order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
        for place in order[: crumbs - sum(parts)]:
            parts[place] += 1
        sign = -1 if amount < ZERO else 1
        return [(sign * Decimal(part)).scaleb(-places) for part in parts]
