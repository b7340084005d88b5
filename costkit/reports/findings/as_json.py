"""Findings as JSON: exact amounts as text."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit import __version__
from costkit.model.exact import plain
from costkit.model.finding import Advice, Coverage, Finding, Saving
from costkit.reports.as_json import SCHEMA_VERSION, number, price_range, problem


def render(advice: Advice) -> Iterator[str]:
    """The document as one piece."""
    estimate, after = advice.estimate, advice.after
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "name": estimate.name,
        "currency": estimate.currency,
        "on": estimate.on,
        "complete": advice.complete,
        "total": {"monthly_cost": plain(estimate.cost), "low": plain(estimate.low), "high": plain(estimate.high)},
        "after": {"monthly_cost": plain(after.cost), "low": plain(after.low), "high": plain(after.high)},
        "saving": _saving(advice.saving),
        "aws_saving": plain(advice.aws_saving),
        "findings": [_finding(finding) for finding in advice.findings],
        "combined": {one.resource: plain(one.saving.expected) for one in advice.combined},
        "stacking": [
            {"resource": one.resource, "codes": list(one.codes), "saving": _saving(one.saving)}
            for one in advice.combined
        ],
        "coverage": [_coverage(one) for one in advice.coverage],
        "below_min_saving": advice.smaller,
        "problems": [problem(found) for found in advice.problems],
        "prices": price_range(estimate),
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _saving(saving: Saving) -> dict[str, str]:
    return {"low": plain(saving.low), "expected": plain(saving.expected), "high": plain(saving.high)}


def _coverage(one: Coverage) -> dict[str, Any]:
    regions = {region: dict(verdicts) for region, verdicts in one.regions}
    return {"code": one.code, "title": one.title, "verdicts": dict(one.verdicts), "regions": regions}


def _finding(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": finding.code,
        "resource": finding.resource,
        "type": finding.type,
        "region": finding.region,
        "title": finding.title,
        "why": finding.why,
        "category": finding.category,
        "confidence": finding.confidence or None,
        "effort": finding.effort,
        "risk": finding.risk,
        "saving": None if finding.saving is None else _saving(finding.saving),
        "aws_saving": number(finding.aws_saving),
        "before": finding.before,
        "after": finding.after,
        "evidence": [
            {"name": one.name, "value": _value(one.value), "unit": one.unit or None, "source": one.source or None}
            for one in finding.evidence
        ],
        "verdict": finding.verdict,
        "where": finding.where,
    }
    if finding.suppression is not None:
        by = finding.suppression
        told["suppression"] = {"owner": by.owner, "reason": by.reason, "until": by.until}
    return told


def _value(value: str | Decimal) -> str:
    return value if isinstance(value, str) else plain(value)
