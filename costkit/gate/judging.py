"""Judges an estimate by a policy: every budget and rule, then waivers, then the verdict."""

from collections.abc import Iterator
from decimal import localcontext

from costkit.gate.budgets import judge_budget
from costkit.gate.rules import judge_rule
from costkit.gate.scopes import selected
from costkit.model.charge import Estimate
from costkit.model.exact import EXACT
from costkit.model.policy import Policy
from costkit.model.problem import Problem
from costkit.model.verdict import BUDGET, FAILED, INCOMPLETE, PASSED, RULE, WAIVED, Check, Difference, Result


def judge(
    policy: Policy,
    estimate: Estimate,
    difference: Difference | None,
    on: str,
    allow_incomplete: bool = False,
    stale: bool = False,
) -> Check:
    """Judge an estimate, and its ``difference`` to a baseline if there is one, on an ISO day.

    An estimate that lacks something is never passed in silence: the verdict is then incomplete, and a
    result that depends on what is missing too, unless ``allow_incomplete``. ``stale`` prices count as
    missing. Raises ValueError for growth without a baseline.
    """
    if policy.needs_baseline and difference is None:
        raise ValueError("growth is judged against a baseline")
    with localcontext(EXACT):
        results = [
            result
            for budget in policy.budgets
            for result in judge_budget(budget, estimate, difference, allow_incomplete)
        ]
        results += [judge_rule(rule, estimate, allow_incomplete) for rule in policy.rules]
        waived = [_waived(result, policy, on) for result in results]
    problems = estimate.problems if difference is None else difference.problems
    return Check(
        verdict=_verdict(waived, estimate, allow_incomplete, stale),
        results=tuple(waived),
        estimate=estimate,
        difference=difference,
        problems=(*problems, *expired(policy, on), *_idle(policy, estimate)),
    )


def _verdict(results: list[Result], estimate: Estimate, allow_incomplete: bool, stale: bool) -> str:
    """The verdict by the precedence of exit codes: what nobody knows comes before what is too much."""
    statuses = {result.status for result in results}
    if stale or INCOMPLETE in statuses or not (estimate.complete or allow_incomplete):
        return INCOMPLETE
    return FAILED if FAILED in statuses else PASSED


def _waived(result: Result, policy: Policy, on: str) -> Result:
    """The result, waived if it failed and somebody answers for it on that day."""
    if result.status != FAILED:
        return result
    kind = RULE if result.kind == RULE else BUDGET
    for waiver in policy.waivers:
        if waiver.kind == kind and waiver.name == result.name and on <= waiver.until:
            return result._replace(status=WAIVED, waiver=waiver)
    return result


def expired(policy: Policy, on: str) -> Iterator[Problem]:
    """A warning for each waiver that has ended."""
    for waiver in policy.waivers:
        if waiver.until < on:
            message = f"the waiver of {waiver.owner} for {waiver.kind} {waiver.name} ended on {waiver.until}"
            hint = "it no longer waives anything; remove it, or agree on a new one"
            yield Problem("CK401", waiver.where, message, hint, "warning")


def _idle(policy: Policy, estimate: Estimate) -> Iterator[Problem]:
    """Budgets and rules about nothing: most often a slip of the pen in their scope."""
    scopes = [(budget.name, budget.scope, budget.where) for budget in policy.budgets]
    scopes += [(rule.name, rule.scope, rule.where) for rule in policy.rules]
    for name, scope, where in scopes:
        if not scope.everything and not selected(scope, estimate):
            message = f"the scope of {name} selects no resource"
            yield Problem("CK402", where, message, "compare its names with those of the estimate", "warning")
