"""What is usual: medians and deviations that one wild day does not move, in exact decimals."""

from collections.abc import Sequence
from decimal import Decimal

from costkit.model.exact import ZERO, quotient

# The median absolute deviation of a normal distribution, times this, is its standard deviation:
# https://www.itl.nist.gov/div898/handbook/eda/section3/eda356.htm
NORMAL = Decimal("1.4826")
TWO = Decimal(2)


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the mean of the two middle ones."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else quotient(ordered[middle - 1] + ordered[middle], TWO)


def deviation(values: Sequence[Decimal]) -> Decimal:
    """The standard deviation as the median absolute deviation tells it."""
    center = median(values)
    return median([abs(value - center) for value in values]) * NORMAL


def mean(values: Sequence[Decimal]) -> Decimal:
    """The sum of values by their number, of which there is at least one."""
    return quotient(sum(values, ZERO), Decimal(len(values)))
