"""What the checks of Cost Explorer's answers share: its amounts are texts, and its last month is not over."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from costkit.optimize.check import Place

LONGEST = 60


def amount(text: Any) -> Decimal | None:
    """A number that Cost Explorer wrote, or None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and len(text) <= LONGEST and abs(found.adjusted()) <= LONGEST else None


def whole_month(period: Any, place: Place) -> str:
    """The month of a time period, ``2026-10``; empty where it was not over when it was asked for."""
    if not isinstance(period, Mapping):
        return ""
    start, end = str(period.get("Start", "")), str(period.get("End", ""))
    return start[:7] if start and end[:10] <= f"{place.found.snapshot.end[:7]}-01" else ""
