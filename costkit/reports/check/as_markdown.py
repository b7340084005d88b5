"""The verdict as the body of a comment on a pull request, or as a step summary."""

from collections.abc import Iterator

from tabulate import tabulate

from costkit.model.verdict import PASSED, RULE, Check, Result
from costkit.reports.as_markdown import escaped
from costkit.reports.check.sentences import sentence, verdict
from costkit.reports.comment import assembled, change_rows, marker
from costkit.reports.wording import footnotes, money, percentage, signed, total_label

SIGNS = {"passed": "✅", "warned": "⚠️", "waived": "⏸️", "failed": "❌", "incomplete": "❓"}


def render(check: Check) -> Iterator[str]:
    """The body, with a hidden marker first and at most 65,536 bytes, so that a comment can be updated in place."""
    yield assembled(_head(check), _details(check), _foot(check))


def _head(check: Check) -> str:
    estimate, difference = check.estimate, check.difference
    headline = f"{total_label(estimate)} a month"
    if difference is not None:
        headline += f", {signed(difference.change)} USD"
        if difference.before.cost > 0:
            headline += f" ({signed(difference.change / difference.before.cost * 100, percentage)})"
    lines = [
        marker("check", estimate.name),
        f"**costkit: {escaped(estimate.name) + ': ' if estimate.name else ''}{headline}**",
        "",
        f"{SIGNS[check.verdict]} {escaped(verdict(check))}",
        "",
    ]
    headers = ["Gate", "Before", "After", "Change", "Budget", "Status"]
    align = ("left", "right", "right", "right", "right", "left")
    rows = [_row(result) for result in check.results]
    if rows:
        lines += [tabulate(rows, headers, tablefmt="pipe", disable_numparse=True, colalign=align), ""]
    lines += [f"- **{escaped(r.name)}**: {escaped(sentence(r))}" for r in check.results if r.status != PASSED]
    return "\n".join(lines) + "\n"


def _row(result: Result) -> list[str]:
    after = result.after if result.after is not None else result.actual
    growth = result.before is not None
    return [
        f"{escaped(result.name)} ({result.kind})",
        money(result.before) if result.before is not None else "",
        "" if after is None or (result.kind == RULE and result.limit is None) else money(after),
        signed(result.actual) if growth and result.actual is not None else "",
        "" if result.limit is None else ("+" if growth else "") + money(result.limit),
        f"{SIGNS[result.status]} {result.status}",
    ]


def _details(check: Check) -> list[str]:
    if check.difference is not None:
        return change_rows(check.difference)
    costs = sorted(check.estimate.resources, key=lambda cost: -cost.cost)
    return [f"| {escaped(c.resource.name)} | {escaped(c.resource.type)} | | {money(c.cost)} | |" for c in costs]


def _foot(check: Check) -> str:
    notes = [
        *footnotes(check.estimate, check.before),
        *(f"{p.code}: {p.message}" for p in check.problems if p.hides_cost),
    ]
    return "".join(f"\n{escaped(note)}\n" for note in notes[:20])
