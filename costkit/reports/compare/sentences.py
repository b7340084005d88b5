"""What is said of a comparison in every format: the verdict, where options change places, what is taken for granted."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from costkit.model.comparison import BreakEven, Comparison
from costkit.model.exact import plain, quotient
from costkit.model.listing import first_of
from costkit.reports.wording import harmless, money, overlay_notes, overlays_of, quantity

REQUESTS = "requests a month"
SECONDS_PER_HOUR = Decimal(3600)
THOUSAND = Decimal(1000)
HUNDREDTH = Decimal("0.01")
NAMES_SHOWN = 2
UNITS = {"ms": "ms", "mb": "MB"}


def verdict(comparison: Comparison) -> str:
    """The answer in one to three sentences: what is cheapest, how sure that is, and where it stops being so."""
    return " ".join([_cheapest(comparison), *_in_use(comparison), *_side(comparison)])


def _cheapest(comparison: Comparison) -> str:
    best = comparison.best
    if best is None:
        return "No option is known whole, so none is ranked."
    cost = f"{money(best.estimate.cost)} {best.estimate.currency} a month"
    if not comparison.close:
        return f"{harmless(best.name)} is the cheapest: {cost}."
    others = harmless(first_of(comparison.close, NAMES_SHOWN))
    span = f"from {money(best.estimate.low)} to {money(best.estimate.high)}"
    return f"{harmless(best.name)} is expected to be the cheapest: {cost} ({span}). Too close to tell from {others}."


def _in_use(comparison: Comparison) -> Iterator[str]:
    present, best = comparison.in_use, comparison.best
    if present is None or best is None:
        return
    if present.name == best.name:
        yield "It is in use already."
    elif present.estimate.complete:
        less = money(present.estimate.cost - best.estimate.cost)
        yield f"That is {less} less than {harmless(present.name)}, which is in use."


def _side(comparison: Comparison) -> Iterator[str]:
    """On which side of a break-even today's volume lies: of the pair that the decision is about."""
    best, amount = comparison.best, comparison.amount
    if best is None or amount is None:
        return
    met = [one for one in comparison.break_even if best.name in (one.option, one.against)]
    if not met:
        return
    pair = [one for one in met if (one.option, one.against) == (met[0].option, met[0].against)]
    before = [one for one in pair if one.amount < amount]
    place = max(len(before) - 1, 0)
    shown, earlier, later = pair[place], pair[:place], pair[place + 1 :]
    today = f"{volume(amount)} {comparison.varied}"
    # Where instances step, two options change places more than once.
    start = f"From {volume(earlier[-1].amount)} to" if earlier else "Up to"
    end = f" up to {volume(later[0].amount)}" if later else ""
    side = "below that" if not before else "between" if later else "beyond that"
    yield (
        f"{start} {volume(shown.amount)} {shown.unit}{per_second(comparison, shown)} {harmless(shown.below)}"
        f" costs less, then {harmless(shown.above)} does{end}; the {today} expected lie {side}."
    )


def volume(amount: Decimal) -> str:
    """A volume as people read it: large ones whole, small ones with their decimals."""
    return quantity(amount.quantize(Decimal(1), ROUND_HALF_UP) if amount >= THOUSAND else amount)


def seconds_of(comparison: Comparison, one: BreakEven) -> Decimal | None:
    """A break-even in requests a second, or None where something else is varied."""
    if one.unit != REQUESTS or not comparison.options:
        return None
    return quotient(one.amount, comparison.options[0].estimate.month_hours * SECONDS_PER_HOUR)


def rate(number: Decimal) -> str:
    """A rate with two decimals, or in full where it is less than that shows."""
    rounded = number.quantize(HUNDREDTH, ROUND_HALF_UP)
    return f"{rounded:,}" if rounded else f"{number:.2g}"


def per_second(comparison: Comparison, one: BreakEven) -> str:
    """A break-even in requests a second, in brackets, or nothing."""
    found = seconds_of(comparison, one)
    return "" if found is None else f" ({rate(found)} a second)"


def subject(comparison: Comparison) -> str:
    """The need, in one line."""
    return harmless(", ".join(_named(name, value) for name, value in comparison.subject))


def _named(name: str, value: str) -> str:
    base, _, unit = name.rpartition("_")
    text = f"{base} {value} {UNITS[unit]}" if unit in UNITS else f"{name} {value}"
    return text.replace("_", " ") if unit not in UNITS else text


def assumptions(comparison: Comparison) -> Iterator[str]:
    """What all options take for granted, then what the cheapest of each kind does."""
    yield from comparison.notes
    kinds = sorted(comparison.options, key=lambda option: option.kind)
    for _, group in groupby(kinds, key=lambda option: option.kind):
        option = next(group)
        if option.assumptions:
            yield f"{harmless(option.name)}: {harmless('; '.join(option.assumptions).rstrip('.'))}."


def footnotes(comparison: Comparison) -> Iterator[str]:
    """How old the prices are, and for which day and month they hold."""
    if any(not option.estimate.complete for option in comparison.options):
        yield "AT LEAST: something has no proven price or no usage; such options are not ranked."
    dates = [day for option in comparison.options for day in option.estimate.price_dates or ()]
    if dates:
        oldest, newest = min(dates), max(dates)
        span = oldest if oldest == newest else f"{oldest} to {newest}"
        first = comparison.options[0].estimate
        yield f"Prices of {span}, for {first.on}; {plain(first.month_hours)} hours a month."
    yield from overlay_notes(overlays_of(option.estimate for option in comparison.options))
