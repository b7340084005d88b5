"""What a check tells a CI platform."""

from collections.abc import Iterator

from costkit.model.exact import plain
from costkit.model.problem import Problem
from costkit.model.verdict import FAILED, INCOMPLETE, PASSED, RULE, WARNED, Check, Result
from costkit.reports.check.sentences import moved, sentence, verdict
from costkit.reports.ci.facts import (
    ERROR,
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
from costkit.reports.wording import harmless

TITLES = {"budget": "Budget", "growth": "Growth", "rule": "Rule"}
ENDS = {FAILED: "exceeded", INCOMPLETE: "cannot be judged", WARNED: "nearly used up", "waived": "waived"}


def facts(check: Check) -> Facts:
    """Notices at the lines that matter, a case a gate, and the numbers."""
    notices = [notice for result in check.results for notice in _notices(result)]
    notices += [_missing(found) for found in check.problems if found.hides_cost or found.severity == "warning"]
    file = next((cost.resource.where for cost in check.estimate.resources if cost.resource.where), "")
    notices += own_prices(check.overlays, place(file)[0])
    return Facts(
        source="check",
        notices=tuple(notices),
        cases=tuple(_case(result) for result in check.results),
        metrics=tuple(_metrics(check)),
        variables=tuple(_variables(check)),
        overlays=check.overlays,
    )


def _notices(result: Result) -> Iterator[Notice]:
    if result.status == PASSED:
        return
    level = ERROR if result.status in (FAILED, INCOMPLETE) else WARNING
    waived = "" if result.waiver is None else f"{result.waiver.reason} ({result.waiver.owner})"
    if result.kind == RULE and result.movers:
        for mover in result.movers:
            yield Notice(
                level=level,
                rule=RULE,
                title=f"Rule {result.name}",
                message=f"{mover.name}: {mover.reason}",
                where=mover.where or result.where,
                key=f"{result.name}|{mover.name}|{mover.reason}",
                waived=waived,
                amount=mover.cost,
            )
        return
    first = result.movers[0] if result.movers else None
    moving = "" if first is None else f"; most of it: {moved(first)}"
    yield Notice(
        level=level,
        rule=result.kind,
        title=f"{TITLES[result.kind]} {result.name} {ENDS[result.status]}",
        message=sentence(result) + moving,
        where=(first.where if first else "") or result.where,
        key=f"{result.kind}|{result.name}",
        waived=waived,
        amount=result.actual,
    )


def _missing(found: Problem) -> Notice:
    rule = "incomplete" if found.hides_cost else "doubt"
    message = f"{found.message}; {found.hint}" if found.hint else found.message
    return Notice(
        WARNING,
        rule,
        f"{found.code} Cost unknown" if found.hides_cost else found.code,
        message,
        found.where,
        f"{found.code}|{found.message}",
    )


def _case(result: Result) -> Case:
    properties = [("kind", result.kind), ("against", result.against)]
    for name in ("limit", "actual", "headroom"):
        amount = getattr(result, name)
        if amount is not None:
            properties.append((f"{name}_usd", plain(amount)))
    return Case(harmless(result.name), result.kind, result.status, sentence(result), tuple(properties))


def _metrics(check: Check) -> Iterator[Metric]:
    about = "Cost in USD a month."
    estimate = check.estimate
    for point, amount in (("expected", estimate.cost), ("low", estimate.low), ("high", estimate.high)):
        yield Metric("costkit_monthly_cost_usd", (("scope", "total"), ("point", point)), amount, about)
    for result in check.results:
        labels = (("gate", result.name), ("kind", result.kind))
        if result.actual is not None and result.limit is not None:
            yield Metric("costkit_gate_actual_usd", labels, result.actual, "What a gate looks at, in USD a month.")
            yield Metric("costkit_gate_limit_usd", labels, result.limit, "What a gate allows, in USD a month.")
    yield from own_metric(check.overlays)


def _variables(check: Check) -> Iterator[tuple[str, str]]:
    estimate = check.estimate
    yield "COSTKIT_VERDICT", check.verdict
    yield "COSTKIT_MONTHLY_COST", plain(estimate.cost)
    yield "COSTKIT_LOW", plain(estimate.low)
    yield "COSTKIT_HIGH", plain(estimate.high)
    yield "COSTKIT_CURRENCY", estimate.currency
    yield "COSTKIT_COMPLETE", "true" if estimate.complete else "false"
    if check.difference is not None:
        yield "COSTKIT_BEFORE", plain(check.difference.before.cost)
        yield "COSTKIT_CHANGE", plain(check.difference.change)
    if check.overlays:
        yield OWN_TABLES, ":".join(check.overlays)
    yield "COSTKIT_SUMMARY", verdict(check)
