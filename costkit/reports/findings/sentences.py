"""Findings in plain sentences."""

from decimal import Decimal

from costkit.model.finding import A_MONTH, FINDING, SAVED, Advice, Evidence, Finding, Saving
from costkit.reports.wording import harmless, money, percentage, quantity

LETTERS = {
    "finding": "F",
    "clean": "C",
    "not_enough_data": "D",
    "no_permission": "P",
    "unpriced": "U",
    "not_applicable": "N",
    "suppressed": "S",
}
GRID = "F finding, C clean, D not enough data, P no permission, U unpriced, N not applicable, S suppressed, - none"
LIST_PRICE = "Savings are differences of two estimates at list price, with the spec's own discounts and commitments."


def amount(saving: Saving) -> str:
    """A saving with its range, if it has one: ``12.50 (10.00 to 15.00)``."""
    text = money(saving.expected)
    if saving.low == saving.expected == saving.high:
        return text
    return f"{text} ({money(saving.low)} to {money(saving.high)})"


def aws_text(finding: Finding) -> str:
    """AWS's own figure, said to be AWS's; empty where it says nothing."""
    return "" if finding.aws_saving is None else f"AWS says {money(finding.aws_saving)}"


def saved_text(finding: Finding) -> str:
    """What a finding saves: costkit's figure, else AWS's own; empty where nobody claims anything."""
    return amount(finding.saving) if finding.saving else aws_text(finding)


def headline(advice: Advice) -> str:
    """The whole answer in one sentence."""
    number = sum(finding.verdict == FINDING for finding in advice.findings)
    if not number:
        return "Nothing found that would save anything."
    found = "1 finding" if number == 1 else f"{number} findings"
    currency, cost = advice.estimate.currency, advice.estimate.cost
    share = f", {percentage(advice.saving.expected / cost * 100)} of {money(cost)}" if cost else ""
    if not any(finding.verdict == FINDING and finding.saving for finding in advice.findings):
        return f"{found} to know of, from which no saving is claimed."
    together = "saves" if number == 1 else "together save"
    return f"{found} {together} {amount(advice.saving)} {currency} a month{share}."


def grid(advice: Advice) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of what each check came to in each region, as letters with numbers: ``F2 C10``."""
    regions = sorted({region for coverage in advice.coverage for region, _ in coverage.regions})
    rows = []
    for coverage in sorted(advice.coverage, key=lambda one: one.code):
        cells = dict(coverage.regions)
        counted = [" ".join(f"{LETTERS[v]}{n}" for v, n in cells.get(region, ())) or "-" for region in regions]
        rows.append([coverage.code, *counted])
    return ["Check", *regions], rows


def evidence_text(evidence: Evidence) -> str:
    """One piece of evidence: ``busy: 12.5 %``."""
    value = evidence.value
    if isinstance(value, Decimal):
        value = money(value) if evidence.unit in (A_MONTH, SAVED) else quantity(value)
    unit = f" {evidence.unit}" if evidence.unit else ""
    return harmless(f"{evidence.name}: {value}{unit}")


def suppressed_by(finding: Finding) -> str:
    """Who decided to live with a finding, why, and until when."""
    told = finding.suppression
    if told is None:
        return ""
    until = f" until {told.until}" if told.until else ""
    return harmless(f"suppressed by {told.owner}{until}: {told.reason}")


def notes(advice: Advice) -> list[str]:
    """What a reader must know beside the findings."""
    lines = []
    if advice.smaller:
        lines.append(f"{advice.smaller} that would save less than was asked for not shown.")
    if len(advice.combined) and any(finding.verdict == FINDING for finding in advice.findings):
        lines.append("Changes of one resource are not added up: each is counted on what the others leave.")
    if advice.aws_saving:
        lines.append(
            f"AWS says that {money(advice.aws_saving)} USD a month more could be saved where costkit claims nothing: "
            "its own figures, each resource counted once, without commitments, and no part of the saving above."
        )
    lines.append(LIST_PRICE)
    return lines


def hint(finding: Finding) -> str:
    """A finding in a line under an estimate."""
    saved = "" if finding.saving is None else f"{money(finding.saving.expected)} USD a month less: "
    title = f"{finding.title[:1].lower()}{finding.title[1:]}"
    return f"{saved}{finding.code} for {harmless(finding.resource)}, {title}"
