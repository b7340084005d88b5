"""A gate's results in plain sentences."""

from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.listing import first_of
from costkit.model.verdict import BUDGET, FAILED, GROWTH, INCOMPLETE, PASSED, WAIVED, WARNED, Check, Mover, Result
from costkit.reports.wording import harmless, money, percentage, signed

SHOWN = 3


def verdict(check: Check) -> str:
    """The whole answer in one sentence: ``failed: 2 of 5 gates failed, 1 is waived``."""
    counts = {status: sum(result.status == status for result in check.results) for status in STATUSES}
    parts = [f"{counts[status]} {words}" for status, words in STATUSES.items() if counts[status]]
    if check.verdict == INCOMPLETE and not check.estimate.complete:
        parts.append("costs are unknown")
    elif check.verdict == INCOMPLETE and INCOMPLETE not in {result.status for result in check.results}:
        parts.append("prices are stale")
    total = len(check.results)
    return f"{check.verdict}: of {total} gate{'' if total == 1 else 's'} {', '.join(parts)}"


STATUSES = {
    FAILED: "failed",
    INCOMPLETE: "could not be judged",
    WAIVED: "waived",
    WARNED: "passed with a warning",
    PASSED: "passed",
}


def sentence(result: Result) -> str:
    """What a result says, without its name: ``203.33 USD a month, 83.33 over its limit of 120.00 USD``."""
    text = {BUDGET: _budget, GROWTH: _growth}.get(result.kind, _rule)(result)
    if result.status == INCOMPLETE or (result.missing and result.kind != GROWTH):
        text += f"; {result.missing} charge{'s have' if result.missing > 1 else ' has'} no cost"
    if result.waiver is not None:
        waiver = result.waiver
        text += f"; waived until {waiver.until} by {harmless(waiver.owner)}: {harmless(waiver.reason)}"
    return text


def _budget(result: Result) -> str:
    actual, limit = result.actual or Decimal(0), result.limit or Decimal(0)
    least = "at least " if result.missing else ""
    against = "" if result.against == "expected" else f" at the {result.against} end of its ranges"
    text = f"{least}{money(actual)} USD a month{against}, "
    if actual > limit:
        return text + f"{money(actual - limit)} over its limit of {money(limit)} USD"
    share = f" ({percentage(actual / limit * 100)} used)" if limit else ""
    return text + f"{money(limit - actual)} below its limit of {money(limit)} USD{share}"


def _growth(result: Result) -> str:
    change, before = result.actual or Decimal(0), result.before or Decimal(0)
    share = "from nothing" if result.percent is None else f"{signed(result.percent, percentage)}"
    text = f"{signed(change)} USD a month ({share}) on {money(before)} USD"
    if result.percent is None and not change:
        text = "0.00 USD a month"
    limit = result.limit or Decimal(0)
    allowed, most = f"{money(limit)} USD", result.percent_limit
    if most is not None and limit == before * most / 100:
        allowed = f"{plain(most)} %, {allowed}"
    return f"{text}; allowed are {allowed}"


def _rule(result: Result) -> str:
    if not result.movers:
        return "every resource is as it should be"
    reasons: dict[str, list[str]] = {}
    for mover in result.movers:
        reasons.setdefault(mover.reason, []).append(harmless(mover.name))
    return "; ".join(f"{first_of(names, SHOWN)}: {harmless(reason)}" for reason, names in reasons.items())


def moved(mover: Mover) -> str:
    """A resource that decides a result: ``api 84.47 (+20.00)``."""
    change = "" if mover.change is None else f" ({signed(mover.change)})"
    return f"{harmless(mover.name)} {money(mover.cost)}{change}"
