"""An estimate beside what was billed, and the difference in parts that add up to it."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ZERO
from costkit.model.problem import Problem

MATCHED, NOT_ESTIMATED, NOT_BILLED, NOT_PRICED = (
    "matched",
    "not in the estimate",
    "not in the bill",
    "without a cost in the estimate",
)


class Parts(NamedTuple):
    """Why a cost differs from its estimate; the sum is the difference to the last decimal.

    ``price``: another unit cost. ``volume``: more or less of everything. ``mix``: more of the dear and less of the
    cheap of one meter, or the other way. ``new``: billed and not estimated, ``gone`` the reverse. ``credits``:
    credits, refunds and discounts.
    """

    price: Decimal = ZERO
    volume: Decimal = ZERO
    mix: Decimal = ZERO
    new: Decimal = ZERO
    gone: Decimal = ZERO
    credits: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All parts together."""
        return sum(self, ZERO)


class ComparedLine(NamedTuple):
    """One meter in a region, or what is no usage. Quantities are None where nobody says, or where units differ."""

    group: str
    region: str
    what: str
    unit: str
    estimated_quantity: Decimal | None
    billed_quantity: Decimal | None
    estimated: Decimal
    billed: Decimal
    status: str
    parts: Parts


class AgainstEstimate(NamedTuple):
    """A month's bill beside an estimate. ``matched_by`` is meter, resource or a tag; ``complete`` the estimate's.

    ``overlays`` are the tables of a team's own among its prices.
    """

    month: str
    metric: str
    matched_by: str
    currency: str
    on: str
    lines: tuple[ComparedLine, ...]
    complete: bool
    price_dates: tuple[str, str] | None
    problems: tuple[Problem, ...]
    overlays: tuple[str, ...] = ()

    @property
    def estimated(self) -> Decimal:
        """What the estimate says."""
        return sum((line.estimated for line in self.lines), ZERO)

    @property
    def billed(self) -> Decimal:
        """What the bill says."""
        return sum((line.billed for line in self.lines), ZERO)

    @property
    def parts(self) -> Parts:
        """The parts of all lines."""
        sums = [sum(column, ZERO) for column in zip(*(line.parts for line in self.lines), strict=True)]
        return Parts(*sums)
