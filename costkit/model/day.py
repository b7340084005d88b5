"""Days as ISO texts: they compare as they are, and only counting back needs a calendar."""

import datetime


def days_before(on: str, days: int) -> str:
    """The ISO day so many days before another one, or the first day there is."""
    ordinal = datetime.date.fromisoformat(on).toordinal() - days
    return datetime.date.fromordinal(max(1, ordinal)).isoformat()
