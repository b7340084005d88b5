"""The RPUs that a workgroup uses hour by hour: what is worth reserving of them, and what lies beyond it."""

from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from costkit.model.exact import ZERO, quotient
from costkit.model.snapshot import Series
from costkit.optimize.evidence import known

SECONDS_PER_HOUR = Decimal(3600)
# So many levels between the least and the most busy hour are priced.
LEVELS = 20
# Quotients are cut off, and sixteen must stay sixteen.
CRUMB = Decimal("1e-9")


class RpusByHour(NamedTuple):
    """RPUs of each measured hour, the least first, and the RPU-hours that make of a month."""

    hours: tuple[Decimal, ...]
    month: Decimal

    def levels(self, rpu_hours: Decimal) -> list[Decimal]:
        """Whole RPUs that hours use, where a month has so many RPU-hours; none of a workgroup that never works."""
        if self.month <= ZERO:
            return []
        part, last = quotient(rpu_hours, self.month), len(self.hours) - 1
        places = (self.hours[place * last // LEVELS] * part + CRUMB for place in range(LEVELS + 1))
        whole = dict.fromkeys(one.to_integral_value(ROUND_FLOOR) for one in places)
        return [level for level in whole if level > ZERO]

    def beyond(self, rpus: Decimal, rpu_hours: Decimal, month_hours: Decimal) -> Decimal:
        """RPU-hours of a month beyond so many RPUs in each hour, where it has so many RPU-hours in all."""
        part = quotient(rpu_hours, self.month)
        more = sum((max(ZERO, hour * part - rpus) for hour in self.hours), ZERO)
        return min(rpu_hours, quotient(more * month_hours, Decimal(len(self.hours))))


def rpus_by_hour(seconds: Series, month_hours: Decimal) -> RpusByHour:
    """The RPUs of each hour, from its RPU-seconds."""
    hours = tuple(sorted(quotient(value, SECONDS_PER_HOUR) for value in known(seconds)))
    return RpusByHour(hours, quotient(sum(hours, ZERO) * month_hours, Decimal(len(hours))))
