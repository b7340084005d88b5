"""Findings as CSV: a finding a row, then what the findings of each resource save together.

Savings of one resource are not additive, so that ``saving`` must not be added up; ``combined_saving`` may be:
its sum is the whole saving. What resources gain from each other's changes is the last row.
"""

from collections.abc import Iterator
from itertools import chain

from costkit.model.exact import EXACT, ZERO, plain
from costkit.model.finding import Advice, Finding
from costkit.reports.as_csv import cell, lines, number
from costkit.reports.findings.sentences import suppressed_by

COLUMNS = (
    "kind",
    "name",
    "code",
    "resource",
    "type",
    "region",
    "verdict",
    "title",
    "category",
    "confidence",
    "effort",
    "risk",
    "saving",
    "low",
    "high",
    "combined_saving",
    "currency",
    "why",
    "before",
    "after",
    "suppressed",
    "where",
    "aws_saving",
    "own_prices",
)
TOGETHER = "shared tiers, allowances and commitments"


def render(advice: Advice) -> Iterator[str]:
    """The lines."""
    rows = ([row.get(column, "") for column in COLUMNS] for row in _rows(advice))
    return lines(chain([COLUMNS], rows))


def _rows(advice: Advice) -> Iterator[dict[str, str]]:
    base = {"name": cell(advice.estimate.name), "currency": advice.estimate.currency}
    base["own_prices"] = cell("; ".join(advice.estimate.overlays))
    for finding in advice.findings:
        yield {**base, "kind": "finding", **_finding(finding)}
    rest = advice.saving.expected
    for one in advice.combined:
        rest = EXACT.subtract(rest, one.saving.expected)
        row = {"kind": "combined", "code": " ".join(one.codes), "resource": cell(one.resource)}
        amounts = {"low": plain(one.saving.low), "high": plain(one.saving.high)}
        yield {**base, **row, **amounts, "combined_saving": plain(one.saving.expected)}
    if rest != ZERO:
        yield {**base, "kind": "together", "title": TOGETHER, "combined_saving": plain(rest)}


def _finding(finding: Finding) -> dict[str, str]:
    saving = finding.saving
    return {
        "code": finding.code,
        "resource": cell(finding.resource),
        "type": finding.type,
        "region": finding.region,
        "verdict": finding.verdict,
        "title": cell(finding.title),
        "category": finding.category,
        "confidence": finding.confidence,
        "effort": finding.effort,
        "risk": finding.risk,
        "saving": number(saving and saving.expected),
        "low": number(saving and saving.low),
        "high": number(saving and saving.high),
        "why": cell(finding.why),
        "before": cell(finding.before),
        "after": cell(finding.after),
        "suppressed": cell(suppressed_by(finding)),
        "where": cell(finding.where),
        "aws_saving": number(finding.aws_saving),
    }
