"""What an open month will have cost at its end: what is known, and each day to come as its weekday was."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from itertools import pairwise

from costkit.billing.accounting import text, total
from costkit.billing.days import OPEN, Calendar, calendar, daily, iso, weekday
from costkit.billing.matching import EVERYTHING
from costkit.billing.report import BillReader
from costkit.billing.robust import mean
from costkit.model.exact import EXACT, ONE, ZERO, quotient
from costkit.model.outlook import Forecast
from costkit.model.problem import Problem

# Days that are looked at: fewer than the least tell nothing, two weeks tell one weekday from another.
LEAST, BY_WEEKDAY, MOST = 7, 14, 28
# So many standard deviations to either side: about 95 of 100 months.
SPREAD = Decimal(2)
MOST_KEPT = Decimal("0.9")
DAILY, TAX = ("Usage", "Discount"), "Tax"
METHOD = (
    "charges that are no daily usage are kept as they stand, tax grows with usage, and each day after {through} costs"
    " the mean of {days}; the range is two standard deviations of these days, wider where dear days follow each other"
)
Series = Mapping[int, Decimal]


def forecasts(
    reader: BillReader, month: str, metric: str, status: str, on: str, condition: str = EVERYTHING
) -> tuple[tuple[Forecast, ...], list[Problem]]:
    """The forecast of a month in each currency, or why there is none. ``condition`` narrows the charges."""
    if status != OPEN:
        message, hint = f"{month} is over: there is nothing to forecast", "a month is forecast while it is open"
        return (), [Problem("CK613", reader.where, message, hint, "warning")]
    days = calendar(reader, month, status, on)
    past = 0 if days is None else max(0, days.through - days.first + 1)
    if days is None or past < LEAST:
        message = f"not enough days to forecast {month}: {past} complete ones, and {LEAST} are needed"
        return (), [Problem("CK612", reader.where, message, "name the bill of the month before too", "warning")]
    sql = (
        f"SELECT currency, {total(metric)}, SUM(CASE WHEN charge = {text(TAX)} THEN {metric} END) FROM facts"
        f" WHERE month = {text(month)} AND ({condition}) GROUP BY currency ORDER BY currency"
    )
    series: dict[str, dict[int, Decimal]] = {}
    unknown = set()
    for (currency,), day, cost in daily(reader, month, metric, DAILY, "currency", condition):
        if cost is not None:
            series.setdefault(currency, {})[day] = cost
        elif day > days.through - MOST:
            unknown.add(currency)
    found: list[Forecast] = []
    problems: list[Problem] = []
    with localcontext(EXACT):
        for currency, cost, tax in reader.held.rows(sql, reader.where):
            if cost is None or currency in unknown:
                message = f"{month} is not forecast in {currency}: the bill does not tell all of its {metric} cost"
                problems.append(Problem("CK612", reader.where, message, "see which columns are missing", "warning"))
            else:
                found.append(_forecast(month, currency, cost, tax or ZERO, series.get(currency, {}), days))
    return tuple(found), problems


def _forecast(month: str, currency: str, total: Decimal, tax: Decimal, series: Series, days: Calendar) -> Forecast:
    past = range(max(days.first, days.through - MOST + 1), days.through + 1)
    left = range(max(days.through + 1, days.month_first), days.month_last + 1)
    begun = {day: series[day] for day in left if day in series}
    expected, spread = _coming([(day, series.get(day, ZERO)) for day in past], left, begun)
    in_month = {day: cost for day, cost in series.items() if days.month_first <= day <= days.month_last}
    usage = sum(in_month.values(), ZERO)
    known = sum((cost for day, cost in in_month.items() if day <= days.through), ZERO)
    kept = total - tax - usage

    def at(coming: Decimal) -> Decimal:
        """The month's cost if the days to come cost so much."""
        whole = known + coming
        return kept + whole + (quotient(tax * whole, usage) if usage else tax)

    low = expected - spread
    if all(series.get(day, ZERO) >= ZERO for day in past):
        # A day that never was below zero will not be, and one that has begun gives nothing back.
        low = max(low, ZERO, sum(begun.values(), ZERO))
    by_weekday = "its weekday over" if len(past) >= BY_WEEKDAY else "all days of"
    method = METHOD.format(through=iso(days.through), days=f"{by_weekday} the last {len(past)} days")
    ends = sorted((at(low), at(expected + spread)))
    through = iso(days.through)
    return Forecast(month, currency, total, at(expected), ends[0], ends[1], through, len(past), len(left), method)


def _coming(past: Sequence[tuple[int, Decimal]], left: Sequence[int], begun: Series) -> tuple[Decimal, Decimal]:
    """What the days to come cost together, and how far that may be off; ``begun`` has cost something already."""
    by_weekday = len(past) >= BY_WEEKDAY

    def kind(day: int) -> int:
        return weekday(day) if by_weekday else 0

    values: dict[int, list[Decimal]] = {}
    for day, cost in past:
        values.setdefault(kind(day), []).append(cost)
    means = {number: mean(costs) for number, costs in values.items()}
    off = [cost - means[kind(day)] for day, cost in past]
    squares = sum((error * error for error in off), ZERO)
    variance = quotient(squares, Decimal(len(past) - len(values))) * _lasting(off, squares)
    # Each day is off by itself, and all days of a kind together by what their mean is off.
    coming = Counter(map(kind, left))
    days = sum((count + quotient(Decimal(count**2), Decimal(len(values[n]))) for n, count in coming.items()), ZERO)
    expected = sum((max(means[kind(day)], begun.get(day, means[kind(day)])) for day in left), ZERO)
    return expected, SPREAD * (variance * days).sqrt()


def _lasting(off: Sequence[Decimal], squares: Decimal) -> Decimal:
    """How many times wider the sum of days spreads because a dear day follows a dear day: (1 + r) / (1 - r).

    r is how much of being off the next day keeps, at least nothing and at most ``MOST_KEPT``:
    https://www.itl.nist.gov/div898/handbook/eda/section3/eda35c.htm
    """
    if not squares:
        return ONE
    together = sum((before * after for before, after in pairwise(off)), ZERO)
    kept = min(max(quotient(together, squares), ZERO), MOST_KEPT)
    return quotient(ONE + kept, ONE - kept)
