"""A change's cost for a terminal: a line a resource that differs, and what moved the rest."""

from collections.abc import Iterator
from decimal import Decimal

from costkit.model.listing import first_of
from costkit.model.verdict import ADDED, CHANGED, MOVED, REMOVED, ChargeChange, Difference, ResourceChange
from costkit.reports.comment import together
from costkit.reports.diff.headline import headline
from costkit.reports.fitted_table import fitted
from costkit.reports.wording import footnotes, harmless, money, percentage, quantity, signed

HEADERS = ("", "Name", "Before", "After", "Change", "%")
NAMES, NAMES_SHOWN = 1, 3
SIGNS = {ADDED: "+", REMOVED: "-", CHANGED: "~", MOVED: "="}
ORDER = (ADDED, CHANGED, REMOVED)
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def render(difference: Difference, color: bool = False, width: int | None = None) -> Iterator[str]:
    """The lines: added, changed, removed, then one line for all that only moved.

    ``width`` is the screen's in columns, None where there is none to fit.
    """
    rows: list[tuple[str, ...]] = []
    for status in ORDER:
        for resource in difference.resources:
            if resource.status == status:
                rows.append(_resource(resource))
                rows += [_charge(charge) for charge in resource.charges if _differs(charge)]
    moved = [resource for resource in difference.resources if resource.status == MOVED]
    if moved:
        names = first_of([harmless(resource.name) for resource in moved], NAMES_SHOWN)
        rows.append((SIGNS[MOVED], "shared tiers and allowances", *_amounts(*together(moved))))
        rows.append(("", f"  untouched: {names}", "", "", "", ""))
    if rows:
        yield fitted(HEADERS, rows, (0, NAMES), width, NAMES) + "\n\n"
    text = headline(difference)
    yield f"{BOLD}{text}{PLAIN}\n" if color else f"{text}\n"
    for note in footnotes(difference.after, difference.before):
        yield f"{note}\n"


def _resource(resource: ResourceChange) -> tuple[str, ...]:
    name = f"{resource.name or 'account'} ({resource.type}{', ' if resource.region else ''}{resource.region})"
    amounts = _amounts(resource.before, resource.after, resource.change)
    before = "" if resource.status == ADDED else amounts[0]
    after = "" if resource.status == REMOVED else amounts[1]
    return (SIGNS[resource.status], harmless(name), before, after, *amounts[2:])


def _amounts(before: Decimal, after: Decimal, change: Decimal) -> tuple[str, str, str, str]:
    share = signed(change / before * 100, percentage) if before > 0 else ""
    return money(before), money(after), signed(change), share


def _differs(charge: ChargeChange) -> bool:
    return bool(charge.change) or charge.quantity_before != charge.quantity_after or charge.before != charge.after


def _charge(charge: ChargeChange) -> tuple[str, ...]:
    title = f"  {harmless(charge.title)}"
    title += _quantities(charge)
    before = charge.status_before.replace("_", " ") if charge.before is None else money(charge.before)
    after = charge.status.replace("_", " ") if charge.after is None else money(charge.after)
    return ("", title, before, after, signed(charge.change), "")


def _quantities(charge: ChargeChange) -> str:
    """How much is used on both sides, where that differs."""
    first, last = charge.quantity_before, charge.quantity_after
    if first == last:
        return ""
    if first is None or last is None:
        only = first if last is None else last
        return "" if only is None else f": {quantity(only)} {charge.unit}"
    return f": {quantity(first)} to {quantity(last)} {charge.unit}"
