"""A month's usage at other prices."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.exact import ZERO
from costkit.model.problem import Problem


class RerateRow(NamedTuple):
    """Usage of one usage type in a region. ``after`` is None where it was kept at its billed cost, for ``reason``.

    ``quantity`` is in ``unit``; ``meter`` names the price, empty where there is none. ``lines`` are the bill's.
    """

    service: str
    usage_type: str
    region: str
    to_region: str
    currency: str
    meter: str
    quantity: Decimal | None
    unit: str
    before: Decimal
    after: Decimal | None
    reason: str
    lines: int

    @property
    def cost(self) -> Decimal:
        """What it comes to: re-priced, or as billed."""
        return self.before if self.after is None else self.after


class Rerate(NamedTuple):
    """A month's bill with its usage at the prices of a day. Sums are by currency in ``totals``: before, after.

    ``overlays`` are the tables of a team's own among the prices.
    """

    month: str
    on: str
    region: str
    rows: tuple[RerateRow, ...]
    price_dates: tuple[str, str] | None
    problems: tuple[Problem, ...]
    overlays: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether no usage that has a meter was kept for want of a price."""
        return not any(problem.hides_cost for problem in self.problems)

    @property
    def totals(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Before and after by currency."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for row in self.rows:
            before, after = sums.get(row.currency, (ZERO, ZERO))
            sums[row.currency] = (before + row.before, after + row.cost)
        return sums
