"""What a month's costs mean: against budgets, at the month's end, and day by day."""

from decimal import Decimal
from typing import NamedTuple

APPEARED, STOPPED, SPIKE, GROWTH = "appeared", "stopped", "spike", "growth"


class Forecast(NamedTuple):
    """What a month will have cost at its end, in one currency: an expected amount in a range.

    ``so_far`` is all that the bill has. ``through`` is the last ISO day that counts as complete; ``past`` complete days
    up to it were looked at, ``left`` days are forecast. ``method`` says in words how.
    """

    month: str
    currency: str
    so_far: Decimal
    expected: Decimal
    low: Decimal
    high: Decimal
    through: str
    past: int
    left: int
    method: str


class Variance(NamedTuple):
    """A budget against a month of a bill, in USD. ``actual`` is None, with the ``reason``, where nobody can say.

    ``status`` is passed, warned, failed, waived or incomplete. ``forecast`` is the end of the month's forecast that the
    budget is judged against, where there is one.
    """

    name: str
    status: str
    limit: Decimal
    actual: Decimal | None
    forecast: Decimal | None
    reason: str
    where: str

    @property
    def exceeding(self) -> bool:
        """Whether the month will end above the limit, as far as its forecast goes."""
        return self.forecast is not None and self.forecast > self.limit


class Thresholds(NamedTuple):
    """What makes a day unusual. Amounts are of one day, in the bill's currency.

    A difference below ``floor`` never counts. A spike is above what is usual by more than ``deviations`` robust
    standard deviations and by more than ``percent``. Growth is ``weekly_percent`` a week, week after week.
    """

    floor: Decimal = Decimal(10)
    deviations: Decimal = Decimal(6)
    percent: Decimal = Decimal(50)
    weekly_percent: Decimal = Decimal(5)


class Anomaly(NamedTuple):
    """Days of a service in an account that are not like those before. ``until`` is the last of them.

    ``cost`` is what they cost, ``expected`` what they would have, both over all of these days.
    """

    kind: str
    account: str
    service: str
    currency: str
    day: str
    until: str
    cost: Decimal
    expected: Decimal


class Anomalies(NamedTuple):
    """The anomalies of a month, the dearest first; ``since`` and ``through`` are the days that could be judged."""

    thresholds: Thresholds
    since: str
    through: str
    found: tuple[Anomaly, ...]


class Outlook(NamedTuple):
    """What was asked for beside the rows of a report; None was not asked for."""

    budgets: tuple[Variance, ...] | None = None
    forecasts: tuple[Forecast, ...] | None = None
    anomalies: Anomalies | None = None
