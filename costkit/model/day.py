"""Days as ISO texts: they compare as they are, and only counting needs a calendar."""

import datetime


def days_before(on: str, days: int) -> str:
    """The ISO day so many days before another one, or the first day there is."""
    ordinal = datetime.date.fromisoformat(on).toordinal() - days
    return datetime.date.fromordinal(max(1, ordinal)).isoformat()


def days_after(on: str, days: int) -> str:
    """The ISO day so many days after another one, or the last day there is."""
    ordinal = datetime.date.fromisoformat(on).toordinal() + days
    return datetime.date.fromordinal(min(datetime.date.max.toordinal(), ordinal)).isoformat()


def month_after(month: str) -> str:
    """The month after an ISO month: ``2027-01`` after ``2026-12``."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02}"
