"""Many names in one sentence."""

from collections.abc import Sequence


def first_of(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are: ``web, api and 3 more``."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
