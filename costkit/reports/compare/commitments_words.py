"""What is said of commitments in every format: the verdict, the level in words, and how facts read."""

from decimal import Decimal

from costkit.model.comparison import Comparison, Option
from costkit.model.exact import plain
from costkit.reports.wording import (
    days_of,
    harmless,
    money,
    overlay_notes,
    overlays_of,
    percentage,
    total_label,
)

HUNDRED = Decimal(100)
UNKNOWN = "unknown"


def fact(option: Option, name: str) -> str:
    """A fact of an option as it is kept, empty where it is not known."""
    return dict(option.facts).get(name, "")


def proven(option: Option) -> bool:
    """Whether all usage that the commitment could cover has a proven rate."""
    return fact(option, "rates_proven") == "yes"


def best_of(comparison: Comparison) -> Option | None:
    """The cheapest commitment among those whose rates are all proven."""
    return next((option for option in comparison.options if proven(option)), None)


def level(option: Option) -> str:
    """How much is committed: ``1.234 USD an hour``, ``3 nodes``."""
    size, unit = fact(option, "level"), fact(option, "level_unit")
    return f"{size} {unit[:-1] if size == '1' and unit.endswith('s') else unit}"


def share(option: Option, name: str) -> str:
    """A share as a percentage."""
    text = fact(option, name)
    return percentage(Decimal(text) * HUNDRED) if text else UNKNOWN


def amount(option: Option, name: str) -> str:
    """An amount of money in cents."""
    text = fact(option, name)
    return money(Decimal(text)) if text else UNKNOWN


def months(option: Option) -> str:
    """When what was saved has paid back what was paid upfront, in months with one decimal."""
    text = fact(option, "break_even_month")
    if text in ("", "0"):
        return text or UNKNOWN
    return percentage(Decimal(text)).removesuffix(" %")


def sentence(comparison: Comparison) -> str:
    """The answer: what to commit to, what everything then costs, and what is lost if usage falls."""
    best, today = best_of(comparison), comparison.today
    known = today is None or today.estimate.complete
    if best is not None:
        return _advice(best, "Commit", known)
    if comparison.options:
        # What is not proven would only be covered as well: the same commitment then saves more, never less.
        lead = "Not all rates are proven; by those that are, commit"
        return _advice(comparison.options[0], lead, known, "at least ")
    now = "" if today is None else f" on {total_label(today.estimate)} a month"
    return f"No commitment with proven rates saves anything{now}."


def _advice(option: Option, lead: str, known: bool, least: str = "") -> str:
    """What to buy. ``known`` says whether what it is added to has a cost that is known whole."""
    found = option.estimate
    saved = f"{least}{amount(option, 'saving')} ({percentage(Decimal(fact(option, 'saving_percent')))}) less than today"
    cost = f"{'' if known else 'AT LEAST '}{money(found.cost)} {found.currency}"
    text = f"{lead} {level(option)} to {option.name}: {cost} a month, {saved}."
    if found.upfront:
        text += f" {money(found.upfront)} {found.currency} are paid upfront, back after {months(option)} months."
    lost = amount(option, "regret_30")
    return harmless(f"{text} If usage falls by 30 %, it is {lost} a month more than the best level would be.")


def footnotes(comparison: Comparison, most: int | None = None) -> list[str]:
    """What stands below: what is not shown, how the levels are meant, how old the prices are."""
    left = len(comparison.options) - (len(comparison.options) if most is None else most)
    found = [f"{left} more cost more or lack proven rates: --all, or -f json."] if left > 0 else []
    found += [f"{note[:1].upper()}{note[1:]}." for note in comparison.notes]
    if any(not proven(option) for option in comparison.options):
        found.append("* Some usage has no proven rate in it and stays on demand; such commitments stand last.")
    if comparison.today is not None and not comparison.today.estimate.complete:
        found.append("AT LEAST: something has no proven price or no usage, and is left out of every total.")
    estimates = [option.estimate for option in comparison.options]
    dates = [day for one in estimates for day in one.price_dates or ()]
    if dates:
        found.append(
            f"Prices of {days_of(dates)}, for {estimates[0].on}; {plain(estimates[0].month_hours)} hours a month."
        )
    return [*found, *overlay_notes(overlays_of(estimates))]
