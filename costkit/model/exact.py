"""Exact decimal arithmetic: one context, one way to write a number, one way to share an amount.

Everything that computes runs inside ``with localcontext(EXACT)``; the doors and ``estimate`` enter it.
"""

from collections.abc import Sequence
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
    getcontext,
)

# Fifty digits hold any bill; a float in a sum is a bug, so it raises instead of drifting.
EXACT = Context(
    prec=50,
    rounding=ROUND_HALF_EVEN,
    traps=[InvalidOperation, DivisionByZero, Overflow, FloatOperation],
)

# Cutting at twenty decimals must not fail for want of digits before them.
WIDE = Context(prec=100)

ZERO = Decimal(0)
ONE = Decimal(1)
CRUMB = Decimal("1e-20")


def plain(number: Decimal) -> str:
    """Write a number in full, without exponent and without trailing zeros: ``0.0000002``, ``730``."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def quotient(top: Decimal, bottom: Decimal) -> Decimal:
    """``top / bottom`` in full if it ends, else cut off after twenty decimals.

    Thirds have to be cut somewhere. Cut at a fixed decimal they still add up exactly, in any order and
    in the 28 digits in which most programs will add them. Cut off, not rounded: ten minutes must not
    become a crumb more than a sixth of an hour, which AWS's own rounding up would make a whole step.
    """
    if bottom == ONE:
        return top
    context = getcontext()
    context.flags[Inexact] = False
    result = top / bottom
    return result.quantize(CRUMB, ROUND_DOWN, WIDE) if context.flags[Inexact] else result


def apportion(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount in proportion to weights so that the parts add up to it exactly.

    The last weight that is not zero gets the crumbs: thirds of 10 alone would add up to 9.999.
    """
    whole = sum(weights, ZERO)
    shares = [quotient(amount * weight, whole) if weight else ZERO for weight in weights]
    last = max(index for index, weight in enumerate(weights) if weight)
    shares[last] = amount - sum(shares[:last], ZERO)
    return shares
