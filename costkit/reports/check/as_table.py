"""The verdict for a terminal: a line a gate, then what failed and why, then one sentence."""

from collections.abc import Iterator

from costkit.model.verdict import PASSED, RULE, Check, Result
from costkit.reports.check.sentences import SHOWN, moved, sentence, verdict
from costkit.reports.fitted_table import fitted
from costkit.reports.wording import footnotes, harmless, leading, money, signed, total_label

HEADERS = ("Gate", "Kind", "Limit", "Actual", "Headroom", "Status")
LEFT = (0, 1, 5)
BOLD, RED, YELLOW, GREEN, PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[0m"
COLORS = {"failed": RED, "incomplete": YELLOW, "warned": YELLOW, "waived": YELLOW, "passed": GREEN}


def render(check: Check, color: bool = False, width: int | None = None) -> Iterator[str]:
    """The lines of the verdict. ``width`` is the screen's in columns, None where there is none to fit."""
    rows = [_row(result, color) for result in check.results]
    yield fitted(HEADERS, rows, LEFT, width) + "\n"
    for result in check.results:
        if result.status == PASSED:
            continue
        yield f"\n{leading(result.name)} {_painted(result.status, color)}: {sentence(result)}\n"
        for mover in result.movers[:SHOWN]:
            what = f"{harmless(mover.name)}" if result.kind == RULE else moved(mover)
            yield f"  {leading(what)}" + (f"  {harmless(mover.where)}\n" if mover.where else "\n")
        if len(result.movers) > SHOWN:
            yield f"  and {len(result.movers) - SHOWN} more\n"
    total = f"{total_label(check.estimate)} a month"
    if check.difference is not None:
        total += f", {signed(check.difference.change)} on the baseline"
    yield f"\n{total}\n"
    for note in footnotes(check.estimate, check.before):
        yield f"{note}\n"
    text = verdict(check)
    yield f"{BOLD}{COLORS[check.verdict]}{text}{PLAIN}\n" if color else f"{text}\n"


def _row(result: Result, color: bool) -> tuple[str, ...]:
    kind = result.kind if result.against == "expected" else f"{result.kind} ({result.against})"
    amounts = (result.limit, result.actual, result.headroom)
    shown = ["" if amount is None else money(amount) for amount in amounts]
    return (leading(result.name), kind, *shown, _painted(result.status, color))


def _painted(status: str, color: bool) -> str:
    return f"{COLORS[status]}{status}{PLAIN}" if color else status
