"""Prices, dated facts and free allowances: the shapes in which a price table answers."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ZERO

# How the origin of a price begins that stands in a table of a team's own, laid over the shipped ones.
OVERLAY = "overlay:"


class Tier(NamedTuple):
    """A price per unit from a monthly quantity on; ``price`` None says that nobody has proven it."""

    start: Decimal
    price: Decimal | None


class Price(NamedTuple):
    """What one unit of a meter costs in a region, in graduated tiers, and who says so since when.

    ``effective`` is the first day it is known to hold, ``confirmed`` the last day it was seen, both
    ISO. ``origin`` is the table's file and line (behind ``overlay:`` for a team's own), and behind a space
    the keys of its sources. ``confidence`` is A (AWS Price List), B (a dated document quoting AWS) or C
    (undated or at risk of being stale).
    ``pooled`` says whether tiers count the usage of the account or of each copy of a resource.
    """

    meter: str
    title: str
    unit: str
    region: str
    effective: str
    confirmed: str
    tiers: tuple[Tier, ...]
    origin: str
    confidence: str = "A"
    note: str = ""
    pooled: bool = True

    def split(self, quantity: Decimal) -> Iterator[tuple[Decimal, Decimal | None]]:
        """The part of a quantity that falls in each tier, with that tier's price; the parts add up."""
        for index, (start, price) in enumerate(self.tiers):
            if quantity <= start and index:
                return
            last = index + 1 == len(self.tiers)
            end = quantity if last else min(quantity, self.tiers[index + 1].start)
            yield end - start, price

    def cost(self, quantity: Decimal) -> Decimal:
        """The cost of a pooled quantity over the proven tiers; what lies beyond them adds nothing."""
        return sum((part * price for part, price in self.split(quantity) if price is not None), ZERO)

    def unproven(self, quantity: Decimal) -> Decimal:
        """How much of a quantity lies beyond the last tier that has a proven price."""
        return sum((part for part, price in self.split(quantity) if price is None), ZERO)


# Prices by table, meter, type (empty without one) and region.
Prices = Mapping[tuple[str, str, str, str], Price]


class Allowance(NamedTuple):
    """A quantity that an account gets free every month, shared by all usage of its meters."""

    name: str
    title: str
    unit: str
    meters: tuple[str, ...]
    quantity: Decimal
    effective: str
    confirmed: str
    source: str
    row: str


class Fact(NamedTuple):
    """A dated rule of billing or a limit: a rounding step, a minimum, a chunk size."""

    name: str
    unit: str
    value: Decimal
    effective: str
    confirmed: str
    source: str
    row: str
