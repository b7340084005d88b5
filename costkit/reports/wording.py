"""How amounts and foreign text are shown: rounded half up for people, harmless in every terminal."""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from costkit.model.charge import Charge, Estimate
from costkit.model.exact import plain

CENT = Decimal("0.01")
TENTH = Decimal("0.1")
COMMANDS = ("::", "##[", "##vso")
MARK = "(own)"
THOUSANDTH = Decimal("0.001")


def money(amount: Decimal) -> str:
    """An amount in cents, rounded half up: ``1,743.86``."""
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,}"


def percentage(number: Decimal) -> str:
    """A number of percent with one decimal, rounded half up: ``12.5 %``."""
    rounded = number.quantize(TENTH, rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,} %"


def signed(amount: Decimal, shown: Callable[[Decimal], str] = money) -> str:
    """A change with its sign: ``+20.00``, ``-3.10``, and ``0.00`` for none that shows."""
    text = shown(amount)
    return f"+{text}" if amount > 0 and any(digit in "123456789" for digit in text) else text


def quantity(number: Decimal) -> str:
    """A quantity with thousands separated and at most three decimals; a smaller one in full."""
    rounded = number.quantize(THOUSANDTH, rounding=ROUND_HALF_UP)
    if not rounded and number:
        return plain(number)
    whole, _, decimals = plain(rounded).partition(".")
    return f"{int(whole):,}" + (f".{decimals}" if decimals else "")


def harmless(text: str) -> str:
    """Text from a file with everything that could steer a terminal replaced by a question mark."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def leading(text: str) -> str:
    """Harmless text at the start of a line, where a CI would run what looks like a command of its own.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    shown = harmless(text)
    return f"'{shown}" if shown.lstrip().startswith(COMMANDS) else shown


def total_label(estimate: Estimate) -> str:
    """The total as it may be said: exact, or ``AT LEAST`` where something is missing."""
    amount = f"{money(estimate.cost)} {estimate.currency}"
    return amount if estimate.complete else f"AT LEAST {amount}"


def span(estimate: Estimate) -> str:
    """The range of the total; without an upper end where something is missing."""
    low = f"from {money(estimate.low)}"
    return f"{low} to {money(estimate.high)}" if estimate.complete else low


def footnotes(estimate: Estimate, before: Estimate | None = None) -> list[str]:
    """What a reader must know beside the numbers: what is missing, what is paid once, how old prices are.

    ``before`` is what the estimate is compared with; its prices count too.
    """
    notes = []
    statuses = [charge.status for cost in estimate.resources for charge in cost.charges]
    unpriced, needs_usage = statuses.count("unpriced"), statuses.count("needs_usage")
    if unpriced:
        notes.append(f"{_charges(unpriced)} no proven price and {_are(unpriced)} left out of the total.")
    if needs_usage:
        notes.append(f"{needs_usage} depend{'s' if needs_usage == 1 else ''} on usage that is not stated.")
    if estimate.free:
        number = sum(estimate.free.values())
        kinds = f"{len(estimate.free)} types" if len(estimate.free) > 1 else next(iter(estimate.free))
        noun = "resources" if number > 1 else "resource"
        notes.append(f"{number} {noun} of {harmless(kinds)}: AWS charges nothing for {'them' if number > 1 else 'it'}.")
    if estimate.upfront:
        notes.append(
            f"Paid upfront, once: {money(estimate.upfront)} {estimate.currency}; the total contains its share."
        )
    both = [estimate] if before is None else [before, estimate]
    days = [day for one in both for day in one.price_dates or ()]
    if days:
        notes.append(f"Prices of {days_of(days)}, for {estimate.on}; {plain(estimate.month_hours)} hours a month.")
    return [*notes, *overlay_notes(overlays_of(both))]


def days_of(days: Sequence[str]) -> str:
    """The first and the last of some days, or the only one."""
    oldest, newest = min(days), max(days)
    return oldest if oldest == newest else f"{oldest} to {newest}"


def overlays_of(estimates: Iterable[Estimate]) -> list[str]:
    """The tables of a team's own that estimates have prices from."""
    return sorted({table for estimate in estimates for table in estimate.overlays})


def dated_notes(days: tuple[str, str] | None, overlays: Sequence[str], on: str) -> list[str]:
    """How old the prices of a report are, and which tables of a team's own they come from."""
    return [*([f"Prices of {days_of(days)}, for {on}."] if days else []), *overlay_notes(overlays)]


def overlay_notes(tables: Sequence[str]) -> list[str]:
    """What a reader must know where prices are not AWS's own."""
    return [f"{MARK} priced by tables of your own, not AWS's list: {harmless(', '.join(tables))}."] if tables else []


def marked(title: str, charge: Charge) -> str:
    """A charge's title, with a mark if its price stands in a table of a team's own."""
    return f"{title} {MARK}" if charge.overlaid else title


def _charges(number: int) -> str:
    return "1 charge has" if number == 1 else f"{number} charges have"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
