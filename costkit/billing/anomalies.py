"""Days that are not like those before: each service of each account judged by its own past, with robust statistics."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

from costkit.billing.days import Calendar, calendar, daily, iso
from costkit.billing.report import BillReader
from costkit.billing.robust import deviation, median
from costkit.model.exact import EXACT, ZERO, quotient
from costkit.model.outlook import APPEARED, GROWTH, SPIKE, STOPPED, Anomalies, Anomaly, Thresholds
from costkit.model.problem import Problem

WEEK, WEEKS = 7, 4
# Days that tell what is usual, and the least of them without which nothing is judged.
WINDOW, LEAST = WEEK * WEEKS, 2 * WEEK
# Bills come late: a service that is silent for fewer days has not stopped.
SILENT = 3
PERCENT = Decimal(100)


def anomalies(
    reader: BillReader, month: str, metric: str, status: str, on: str, thresholds: Thresholds
) -> tuple[Anomalies, list[Problem]]:
    """The anomalies of a month's usage, and a warning where too few days are there to judge it."""
    days = calendar(reader, month, status, on)
    since = None if days is None else max(days.month_first, days.first + LEAST)
    if days is None or since is None or since > days.through:
        message = f"not enough days to judge {month}: {LEAST} complete ones are needed before a day"
        problem = Problem("CK614", reader.where, message, "name the bill of the month before too", "warning")
        return Anomalies(thresholds, "", "", ()), [problem]
    series, problems = _series(reader, month, metric)
    found: list[Anomaly] = []
    with localcontext(EXACT):
        for (account, service, currency), costs in sorted(series.items()):
            judge = _Judge(costs, days, since, thresholds)
            for kind, first, last, expected in judge.of_the_month():
                cost = sum((judge.cost(day) for day in range(first, last + 1)), ZERO)
                found.append(Anomaly(kind, account, service, currency, iso(first), iso(last), cost, expected))
        found.sort(key=lambda anomaly: (-abs(anomaly.cost - anomaly.expected), anomaly))
    if since > days.month_first:
        message = f"{month} is judged from {iso(since)} on: the days before have too few days before them"
        problems.append(Problem("CK614", reader.where, message, "name the bill of the month before too", "warning"))
    return Anomalies(thresholds, iso(since), iso(days.through), tuple(found)), problems


def _series(
    reader: BillReader, month: str, metric: str
) -> tuple[dict[tuple[str, ...], dict[int, Decimal]], list[Problem]]:
    """What each account, service and currency cost by day, and a word on those of which a day is not known."""
    series: dict[tuple[str, ...], dict[int, Decimal]] = {}
    unknown = set()
    for keys, day, cost in daily(reader, month, metric, ("Usage",), "account, service, currency"):
        if cost is None:
            unknown.add(keys)
        else:
            series.setdefault(keys, {})[day] = cost
    if not unknown:
        return series, []
    account, service, _ = min(unknown)
    more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    message = f"not judged: {service} in account {account}{more}; the bill does not tell all of the {metric} cost"
    problem = Problem("CK614", reader.where, message, "see which columns are missing", "warning")
    return {keys: costs for keys, costs in series.items() if keys not in unknown}, [problem]


Finding = tuple[str, int, int, Decimal]


class _Judge:
    """One service of an account; a finding is a kind, its first and last day, and what these days should have cost."""

    def __init__(self, costs: Mapping[int, Decimal], days: Calendar, since: int, thresholds: Thresholds) -> None:
        self.costs, self.days, self.since, self.thresholds = costs, days, since, thresholds
        # The first day that tells what is usual.
        self.begin = days.first

    def cost(self, day: int) -> Decimal:
        """The cost of a day; a day without lines within the bill costs nothing."""
        return self.costs.get(day, ZERO)

    def before(self, day: int, count: int = WINDOW) -> list[Decimal]:
        """The costs of the days before a day, as many as the bill has of those."""
        return [self.cost(past) for past in range(max(self.begin, day - count), day)]

    def of_the_month(self) -> Iterator[Finding]:
        """All that is unusual and begins in the month; growth by its last day."""
        yield from (finding for finding in self._findings() if finding[1] >= self.since)
        growth = self._growth()
        if growth is not None:
            yield growth

    def _findings(self) -> Iterator[Finding]:
        """What is unusual, from some weeks before the month on: what began there is no news of the month."""
        day = max(self.days.first + LEAST, self.days.month_first - WINDOW)
        while day <= self.days.through:
            finding = self._appeared(day) or self._stopped(day) or self._spike(day)
            if finding is None:
                day += 1
                continue
            yield finding
            kind, first, last, _ = finding
            day = last + 1
            if kind == APPEARED and last - first >= LEAST:
                # It is here to stay: from now on its own days tell what is usual.
                self.begin, day = first, first + LEAST

    def _run(self, day: int, goes_on: bool) -> int:
        """The last day of those from a day on that have costs, or have none."""
        last = day
        while last < self.days.through and (self.cost(last + 1) > ZERO) == goes_on:
            last += 1
        return last

    def _appeared(self, day: int) -> Finding | None:
        """A service without any cost before, that costs something from now on."""
        cost = self.cost(day)
        if any(self.before(day)) or cost <= ZERO or cost < self.thresholds.floor or self._as_last_month(day):
            return None
        return APPEARED, day, self._run(day, goes_on=True), ZERO

    def _stopped(self, day: int) -> Finding | None:
        """A service that cost something every day, and costs nothing from now on."""
        if self.cost(day) > ZERO or not all(cost > ZERO for cost in self.before(day, LEAST)):
            return None
        usual, last = median(self.before(day)), self._run(day, goes_on=False)
        if usual < self.thresholds.floor or last - day + 1 < SILENT:
            return None
        return STOPPED, day, last, usual * (last - day + 1)

    def _spike(self, day: int) -> Finding | None:
        """Days far above what is usual, by all days, by the last week, by the weekday and by the month before."""
        usual, last = median(self.before(day)), day
        if not self._unusual(day):
            return None
        while last < self.days.through and self._unusual(last + 1):
            last += 1
        return SPIKE, day, last, usual * (last - day + 1)

    def _unusual(self, day: int) -> bool:
        past = self.before(day)
        usual, spread = median(past), deviation(past) * self.thresholds.deviations
        if self.cost(day) - usual <= max(spread, self._allowed(usual)):
            return False
        alike = [median(self.before(day, WEEK))]
        weekdays = [self.cost(same) for same in range(day - WEEK, max(self.begin, day - WINDOW) - 1, -WEEK)]
        alike.append(median(weekdays))
        return all(self.cost(day) - cost > self._allowed(cost) for cost in alike) and not self._as_last_month(day)

    def _allowed(self, usual: Decimal) -> Decimal:
        """How far a day may be above what is usual by percent and by the floor."""
        return max(quotient(abs(usual) * self.thresholds.percent, PERCENT), self.thresholds.floor)

    def _as_last_month(self, day: int) -> bool:
        """Whether the same day of the month before was alike: what comes once a month is no surprise."""
        this = date.fromordinal(day)
        year, month = (this.year, this.month - 1) if this.month > 1 else (this.year - 1, 12)
        try:
            same = date(year, month, this.day).toordinal()
        except ValueError:
            return False
        if same < self.days.first:
            return False
        usual = self.cost(same)
        return usual > ZERO and self.cost(day) - usual <= self._allowed(usual)

    def _growth(self) -> Finding | None:
        """Weeks of which each is dearer than the one before, by their medians."""
        through = self.days.through
        first = through - WINDOW + 1
        if first < self.days.first:
            return None
        weeks = [median([self.cost(day) for day in range(at, at + WEEK)]) for at in range(first, through + 1, WEEK)]
        least = 1 + quotient(self.thresholds.weekly_percent, PERCENT)
        rises = all(now >= before * least for before, now in pairwise(weeks))
        if weeks[0] <= ZERO or not rises or weeks[-1] - weeks[0] < self.thresholds.floor:
            return None
        return GROWTH, first, through, sum((self.cost(day) for day in range(first, first + WEEK)), ZERO) * WEEKS
