"""What a collection would do and cost, told before it is done."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.problem import Problem


class PlannedCall(NamedTuple):
    """The calls of one IAM action: how many, of how many charged units, and USD at list price."""

    action: str
    calls: int
    units: int
    cost: Decimal


class CollectionPlan(NamedTuple):
    """A plan of a collection. ``seconds`` is how long it may take, at the pace of the calls that planning made.

    ``actions`` are the IAM actions it needs, whether or not they will be called.
    """

    calls: tuple[PlannedCall, ...]
    actions: tuple[str, ...]
    metrics: int
    cost: Decimal
    seconds: int
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Whether everything could be planned; else the numbers are the least there will be."""
        return not self.problems
