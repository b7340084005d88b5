"""A change in one sentence."""

from costkit.model.verdict import ADDED, CHANGED, MOVED, REMOVED, Difference
from costkit.reports.wording import money, percentage, signed

COUNTED = {ADDED: "added", CHANGED: "changed", REMOVED: "removed", MOVED: "moved by shared tiers"}


def headline(difference: Difference) -> str:
    """Before, after, change and percent, and how many resources differ how."""
    before, after, currency = difference.before.cost, difference.after.cost, difference.after.currency
    first, last = ("" if side.complete else "AT LEAST " for side in (difference.before, difference.after))
    if not difference.touched and not difference.change:
        return f"No change: {last}{money(after)} {currency} a month"
    share = f" ({signed(difference.change / before * 100, percentage)})" if before > 0 else ""
    counts = {status: sum(r.status == status for r in difference.touched) for status in COUNTED}
    parts = [f"{count} {COUNTED[status]}" for status, count in counts.items() if count]
    text = f"{first}{money(before)} to {last}{money(after)} {currency} a month: {signed(difference.change)}{share}"
    return f"{text}; {', '.join(parts)}"
