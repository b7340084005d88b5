"""What a bill comes to."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from costkit.model.allocation import Allocation
from costkit.model.outlook import Outlook
from costkit.model.problem import Problem

METRICS = ("billed", "effective", "list", "contracted")
# The kinds of charges that a report tells apart.
CHARGES = (
    "Usage",
    "Tax",
    "Credit",
    "Refund",
    "Fee",
    "Discount",
    "Commitment fee",
    "Unused commitment",
    "Other",
)


class Costs(NamedTuple):
    """The four costs of FOCUS: invoiced, amortised, at list prices, at negotiated prices. None is unknown."""

    billed: Decimal | None
    effective: Decimal | None
    list: Decimal | None
    contracted: Decimal | None


class BillRow(NamedTuple):
    """One group of a month. ``keys`` are the values of the groups asked for, ``previous`` the month before's."""

    month: str
    keys: tuple[str, ...]
    costs: Costs
    previous: Costs | None
    currency: str
    status: str


class BillRows:
    """The rows of a report in their order, read anew each time: a report of ten million resources is never held whole.

    Rows of a bill can be read until its reader is closed.
    """

    def __init__(self, count: int, read: Callable[[], Iterator[BillRow]]) -> None:
        """``read`` starts from the first of the ``count`` rows whenever it is called."""
        self._count, self._read = count, read

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[BillRow]:
        return self._read()

    def first(self, count: int) -> list[BillRow]:
        """The first rows, at most so many."""
        return list(islice(self, count))


class Movement(NamedTuple):
    """What one meter of a service in an account cost before and now. ``cause`` is new, gone, volume or price.

    ``by_volume`` and ``by_price`` divide the change exactly: the change of the quantity at the old unit cost,
    and the change of the unit cost on the new quantity.
    """

    service: str
    account: str
    meter: str
    currency: str
    before: Decimal
    now: Decimal
    by_volume: Decimal
    by_price: Decimal
    cause: str


class Driver(NamedTuple):
    """How much one kind of charge in an account rose from one month to the next; ``rise`` is negative for a fall.

    ``charge`` is the kind. For usage ``service`` and ``what`` say of what: a product family, else a usage type.
    """

    charge: str
    service: str
    what: str
    account: str
    account_name: str
    currency: str
    rise: Decimal


class MonthTotals(NamedTuple):
    """One of a report's months: its status, and its costs by currency."""

    month: str
    status: str
    totals: tuple[tuple[str, Costs], ...]


class Control(NamedTuple):
    """An identity of the accounting: two sums that must be the same to the last decimal."""

    name: str
    month: str
    account: str
    commitment: str
    currency: str
    bill: Decimal
    report: Decimal

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing counted twice."""
        return self.bill == self.report


class FinanceReport(NamedTuple):
    """A monthly report. ``groups`` name the key columns; rows are ordered by the cost called ``metric``.

    With several months ``month``, ``status``, ``previous``, ``movements`` and ``drivers`` are those of the last
    one, rows, totals and controls those of all, and ``months`` has the totals of each.
    """

    month: str
    groups: tuple[str, ...]
    metric: str
    rows: BillRows
    totals: tuple[tuple[str, Costs], ...]
    previous: tuple[tuple[str, Costs], ...]
    controls: tuple[Control, ...]
    status: str
    movements: tuple[Movement, ...]
    problems: tuple[Problem, ...]
    drivers: tuple[Driver, ...] = ()
    months: tuple[MonthTotals, ...] = ()
    allocation: Allocation | None = None
    outlook: Outlook = Outlook()
