"""What is said of regions in every format: the difference to today, what is missing, and the verdict as a sentence."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.charge import Charge, Estimate
from costkit.model.comparison import Comparison, Option
from costkit.model.exact import quotient
from costkit.model.listing import first_of
from costkit.reports.wording import money, percentage, signed

HUNDRED = Decimal(100)
NAMES_SHOWN = 2


class Change(NamedTuple):
    """What an option costs more than today in USD a month; ``percent`` is None of nothing."""

    amount: Decimal
    percent: Decimal | None


def change(comparison: Comparison, option: Option) -> Change | None:
    """An option against today; None where either is incomplete, for no difference can be claimed then."""
    today = comparison.in_use
    if today is None or not (today.estimate.complete and option.estimate.complete):
        return None
    before = today.estimate.cost
    amount = option.estimate.cost - before
    return Change(amount, quotient(amount * HUNDRED, before) if before else None)


def gaps(found: Estimate) -> list[Charge]:
    """The charges without a cost."""
    return [charge for own in found.resources for charge in own.charges if charge.cost is None]


def missing(found: Estimate) -> str:
    """What has no cost, in a few words; empty where nothing is missing."""
    if found.complete:
        return ""
    lacking = gaps(found)
    if not lacking:
        return "; ".join(problem.message for problem in found.problems if problem.hides_cost)
    whole = sum(len(own.charges) for own in found.resources)
    titles = list(dict.fromkeys(charge.title for charge in lacking))
    return f"{len(lacking)} of {whole} charges: {first_of(titles, NAMES_SHOWN)}"


def without_any(comparison: Comparison) -> list[Option]:
    """The regions in which nothing at all has a proven price."""
    return [o for o in comparison.options if all(c.cost is None for own in o.estimate.resources for c in own.charges)]


def sentence(comparison: Comparison) -> str:
    """The answer: the cheapest region, and what being there costs against today."""
    asked = dict(comparison.subject).get("regions", "")
    best, today = comparison.best, comparison.in_use
    if best is None:
        return f"{asked}: no region is known whole, so none is ranked"
    text = f"{asked}: the cheapest is {best.name} at {money(best.estimate.cost)} {best.estimate.currency} a month"
    same = [o.name for o in comparison.options if o.name in comparison.close and _ends(o) == _ends(best)]
    close = [name for name in comparison.close if name not in same]
    text += f", the same in {first_of(same, NAMES_SHOWN)}" if same else ""
    text += f", too close to tell from {first_of(close, NAMES_SHOWN)}" if close else ""
    if today is None:
        return text
    if today.name in (best.name, *same):
        return f"{text}; it is in {today.name} today"
    difference = change(comparison, best)
    if difference is None:
        return f"{text}; today ({today.name}) is not known whole, so nothing is claimed against it"
    if difference.percent is None or not difference.amount:
        return f"{text}, {signed(difference.amount)} on {today.name} today"
    return f"{text}, {signed(difference.percent, percentage)} on {today.name} today ({money(today.estimate.cost)})"


def _ends(option: Option) -> tuple[Decimal, ...]:
    return option.estimate.cost, option.estimate.low, option.estimate.high
