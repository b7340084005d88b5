"""What is missing or doubtful in an estimate, said once a meter and region, however many resources share it."""

from collections.abc import Collection, Iterable, Sequence

from costkit.model.charge import NEEDS_USAGE, UNPRICED, Charge
from costkit.model.day import days_before
from costkit.model.listing import first_of
from costkit.model.problem import Problem
from costkit.model.resource import NotPriced
from costkit.pricebook.book import PriceBook
from costkit.rating.metering import Metered

NAMES_SHOWN = 3
LEFT_OUT = "left out of the total"


def gap_problems(gaps: Iterable[tuple[Metered, Charge]], book: PriceBook, on: str) -> list[Problem]:
    """A problem for each meter and region that has no cost."""
    groups: dict[tuple[str, ...], list[tuple[Metered, Charge]]] = {}
    for member, charge in gaps:
        beyond = charge.status == UNPRICED and member.price is not None
        groups.setdefault((charge.status, "beyond" if beyond else "", *member.pool), []).append((member, charge))
    problems = []
    for (status, part, *_), group in groups.items():
        member, charge = group[0]
        names = list(dict.fromkeys(other.resource.name for other, _ in group))
        problems.append(_problem(member, charge, status, part == "beyond", first_of(names, NAMES_SHOWN), book, on))
    return problems


def _problem(
    member: Metered, charge: Charge, status: str, beyond: bool, names: str, book: PriceBook, on: str
) -> Problem:
    where, region = member.resource.where, member.resource.region
    if status == NEEDS_USAGE:
        message = f"{names}: {charge.title}: {charge.steps[0]}"
        return Problem("CK207", where, message, "state the usage, or leave the resource out", "warning", True)
    what = f"{member.table} {member.reading.meter}"
    if member.reading.kind:
        what += f" of {member.reading.kind}"
    if beyond and member.price is not None:
        start = member.price.tiers[-1].start
        message = f"{names}: no proven price of {what} in {region} beyond {start:f} {charge.unit} a month"
        return Problem("CK204", where, message, "what lies beyond is left out of the total", "warning", True)
    meter = member.reading.priced_by or member.reading.meter
    earliest = book.earliest(member.table, meter, member.reading.kind, region)
    if earliest > on:
        message = f"{names}: no price of {what} in {region} is known before {earliest}"
        return Problem("CK202", where, message, f"price a day from {earliest} on with --on", "warning", True)
    hint = f"left out of the total; costkit prices list {member.table} shows what is proven"
    return Problem("CK201", where, f"{names}: no proven price of {what} in {region}", hint, "warning", True)


def not_priced_problems(resources: Iterable[NotPriced]) -> list[Problem]:
    """A problem for each reason why resources of a plan or template have no price."""
    groups: dict[str, list[NotPriced]] = {}
    for resource in resources:
        groups.setdefault(resource.reason, []).append(resource)
    problems = []
    for reason, group in groups.items():
        names = first_of([resource.name for resource in group], NAMES_SHOWN)
        problems.append(Problem("CK208", group[0].where, f"{names}: {reason}", LEFT_OUT, "warning", True))
    return problems


def doubt_problems(charges: Sequence[tuple[str, Charge]]) -> list[Problem]:
    """A problem for each doubt about a price, with the resources it touches."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name, charge in charges:
        if charge.doubt:
            groups.setdefault((charge.title, charge.doubt), []).append(name)
    hint = "the row's note is in costkit explain"
    return [
        Problem("CK205", "", f"{first_of(list(dict.fromkeys(names)), NAMES_SHOWN)}: {title}: {doubt}", hint, "warning")
        for (title, doubt), names in groups.items()
    ]


def stale_problems(charges: Sequence[tuple[str, Charge]], on: str, max_age: int) -> list[Problem]:
    """One problem for all prices that nobody has seen for longer than ``max_age`` days before ``on``."""
    last_day = days_before(on, max_age)
    stale = {(c.confirmed, c.title) for _, c in charges if c.confirmed and c.confirmed < last_day}
    return stale_problem(stale, on, max_age)


def stale_problem(stale: Collection[tuple[str, str]], on: str, max_age: int) -> list[Problem]:
    """One problem for prices as (day last seen, title), seen longer than ``max_age`` days before ``on``; or none."""
    if not stale:
        return []
    confirmed, title = min(stale)
    count = "a price was" if len(stale) == 1 else f"{len(stale)} prices were"
    message = f"{count} last confirmed more than {max_age} days before {on}; oldest {confirmed}: {title}"
    return [Problem("CK203", "", message, "compare with AWS's price page before you rely on it", "warning")]
