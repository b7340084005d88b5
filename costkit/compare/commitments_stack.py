"""Usage by the hour as a commitment sees it: kinds stacked in the order in which they are covered.

Everything is an integer: an hour's stack up to a kind is the sum of its quantities times their rates, counted in
``1 / unit`` of what the commitment is counted in (USD of a savings plan, normalised units, nodes or RPUs).
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple, Protocol


class Layer(NamedTuple):
    """A kind of usage under a commitment.

    ``rate`` is how much of the commitment one of its unit takes, ``price`` what one costs on demand in USD.
    """

    rate: Fraction
    price: Fraction


class Column(NamedTuple):
    """Quantities of a kind, hour by hour: ``values`` divided by ``scale``."""

    values: Sequence[int]
    scale: int


class Taken(NamedTuple):
    """What a commitment covers of a kind over all hours: a quantity, and the units of the commitment it takes."""

    quantity: Fraction
    units: Fraction


class Demand(Protocol):
    """What there is to cover, and what covering it saves; levels are units of the commitment an hour.

    ``hours`` is how many hours there are, ``total`` what they cost on demand in USD.
    """

    hours: Fraction
    total: Fraction

    def best(self, fee: Fraction, step: Fraction | None) -> Fraction:
        """The lowest of the levels that cost least at ``fee`` USD a unit and hour; a multiple of ``step``, if any."""

    def saved(self, level: Fraction) -> Fraction:
        """What is no longer paid on demand over all hours, in USD."""

    def used(self, level: Fraction) -> Fraction:
        """The units of the commitment that are used over all hours."""

    def taken(self, level: Fraction) -> list[Taken]:
        """What is covered of each layer over all hours."""


class Stack:
    """Layers with their hours. ``weights`` is for how many hours each column entry stands; None for one each.

    ``factors`` turn a column's values into parts of ``unit``; ``values`` are USD saved by a unit of the
    commitment in each layer, and ``steps`` by how much each is worth more than the next.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        columns: Sequence[Column],
        idle: int = 0,
        weights: Sequence[Fraction] | None = None,
    ) -> None:
        self.layers, self.columns, self.weights = tuple(layers), tuple(columns), weights
        self.length = len(columns[0].values) if columns else 0
        self.hours = Fraction(self.length if weights is None else sum(weights, Fraction(0))) + idle
        scales = [layer.rate.denominator * column.scale for layer, column in zip(layers, columns, strict=True)]
        self.unit = lcm(*scales)
        self.factors = [
            layer.rate.numerator * (self.unit // scale) for layer, scale in zip(layers, scales, strict=True)
        ]
        self.values = [layer.price / layer.rate for layer in layers]
        nexts = [*self.values[1:], Fraction(0)]
        self.steps = [own - after for own, after in zip(self.values, nexts, strict=True)]

    @property
    def convex(self) -> bool:
        """Whether what is covered first is always worth most, so that the cost has one valley."""
        return all(step >= 0 for step in self.steps)
