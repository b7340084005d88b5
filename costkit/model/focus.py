"""What became of a bill as a FOCUS dataset."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.problem import Problem


class FocusControl(NamedTuple):
    """A sum that the bill and the dataset must have in common: ``billed`` or ``effective``, in a currency."""

    name: str
    currency: str
    bill: Decimal
    dataset: Decimal

    @property
    def holds(self) -> bool:
        """Whether nothing was lost on the way."""
        return self.bill == self.dataset


class FocusDataset(NamedTuple):
    """A file with a month's rows of FOCUS, and the sums read back from it."""

    path: str
    month: str
    version: str
    rows: int
    controls: tuple[FocusControl, ...]
    problems: tuple[Problem, ...]

    @property
    def ties(self) -> bool:
        """Whether all sums are the bill's."""
        return all(control.holds for control in self.controls)
