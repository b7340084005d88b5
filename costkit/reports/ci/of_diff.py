"""What a diff tells a CI platform."""

from collections.abc import Iterator

from costkit.model.exact import plain
from costkit.model.verdict import MOVED, Difference, ResourceChange
from costkit.reports.ci.facts import (
    NOTE,
    OWN_TABLES,
    WARNING,
    Case,
    Facts,
    Metric,
    Notice,
    own_metric,
    own_prices,
    place,
)
from costkit.reports.comment import together
from costkit.reports.diff.as_json import percent
from costkit.reports.diff.headline import headline
from costkit.reports.wording import harmless, money, signed


def facts(difference: Difference) -> Facts:
    """A notice and a case for each resource that differs, and the numbers."""
    touched = [resource for resource in difference.touched if resource.status != MOVED]
    moved = [resource for resource in difference.touched if resource.status == MOVED]
    file = next((place(resource.where)[0] for resource in difference.resources if resource.where), "")
    notices = [Notice(NOTE, "change", "Cost change", headline(difference), file, "total", amount=difference.change)]
    notices += [_notice(resource) for resource in touched]
    if moved:
        message = f"shared tiers and allowances move {len(moved)} untouched resources: {signed(together(moved)[2])} USD"
        notices.append(Notice(NOTE, "moved", "Cost moved", message, file, "moved", amount=together(moved)[2]))
    notices += [
        Notice(WARNING, "incomplete", found.code, found.message, found.where, f"{found.code}|{found.message}")
        for found in difference.problems
        if found.hides_cost
    ]
    notices += own_prices(difference.overlays, file)
    cases = tuple(map(_case, touched))
    metrics, variables = tuple(_metrics(difference)), _variables(difference)
    return Facts("diff", tuple(notices), cases, metrics, variables, difference.overlays)


def _sentence(resource: ResourceChange) -> str:
    amounts = f"{money(resource.before)} to {money(resource.after)} USD a month: {signed(resource.change)}"
    return f"{harmless(resource.name) or 'account'} ({resource.type}) {resource.status}, {amounts}"


def _notice(resource: ResourceChange) -> Notice:
    return Notice(
        level=NOTE,
        rule="change",
        title=f"Cost {resource.status}",
        message=_sentence(resource),
        where=resource.where,
        key=f"{resource.name}|{resource.status}",
        amount=resource.change,
    )


def _case(resource: ResourceChange) -> Case:
    amounts = (("before", resource.before), ("after", resource.after), ("change", resource.change))
    properties = tuple((f"{name}_usd", plain(amount)) for name, amount in amounts)
    name = harmless(resource.name) or "account"
    return Case(name, resource.status, "passed" if resource.complete else "warned", _sentence(resource), properties)


def _metrics(difference: Difference) -> Iterator[Metric]:
    about = "Cost in USD a month."
    for side, estimate in (("before", difference.before), ("after", difference.after)):
        yield Metric("costkit_monthly_cost_usd", (("scope", "total"), ("side", side)), estimate.cost, about)
    labels = (("scope", "total"),)
    yield Metric("costkit_monthly_change_usd", labels, difference.change, "Change of the cost in USD a month.")
    yield from own_metric(difference.overlays)


def _variables(difference: Difference) -> tuple[tuple[str, str], ...]:
    share = percent(difference)
    return (
        ("COSTKIT_BEFORE", plain(difference.before.cost)),
        ("COSTKIT_AFTER", plain(difference.after.cost)),
        ("COSTKIT_CHANGE", plain(difference.change)),
        ("COSTKIT_CHANGE_PERCENT", "" if share is None else plain(share)),
        ("COSTKIT_CURRENCY", difference.after.currency),
        ("COSTKIT_COMPLETE", "true" if difference.complete else "false"),
        *(((OWN_TABLES, ":".join(difference.overlays)),) if difference.overlays else ()),
    )
