"""The verdict as JSON: exact amounts as text."""

import json
from collections.abc import Iterator
from typing import Any

from costkit import __version__
from costkit.model.exact import plain
from costkit.model.verdict import Check, Mover, Result
from costkit.reports.as_json import SCHEMA_VERSION, number, price_range, problem


def render(check: Check) -> Iterator[str]:
    """The document as one piece."""
    estimate = check.estimate
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "name": estimate.name,
        "currency": estimate.currency,
        "on": estimate.on,
        "verdict": check.verdict,
        "complete": estimate.complete,
        "total": {"monthly_cost": plain(estimate.cost), "low": plain(estimate.low), "high": plain(estimate.high)},
        "baseline": None if check.difference is None else _baseline(check),
        "results": [_result(result) for result in check.results],
        "problems": [problem(found) for found in check.problems],
        "prices": price_range(estimate, *([] if check.before is None else [check.before])),
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _baseline(check: Check) -> dict[str, Any]:
    difference = check.difference
    assert difference is not None
    return {
        "monthly_cost": plain(difference.before.cost),
        "change": plain(difference.change),
        "complete": difference.before.complete,
        "on": difference.before.on,
    }


def _result(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": result.name,
        "kind": result.kind,
        "status": result.status,
        "limit": number(result.limit),
        "actual": number(result.actual),
        "headroom": number(result.headroom),
        "against": result.against,
        "scope": {
            "tags": dict(result.scope.tags),
            "types": list(result.scope.types),
            "regions": list(result.scope.regions),
            "resources": list(result.scope.resources),
        },
        "missing": result.missing,
        "where": result.where,
        "resources": [_mover(mover) for mover in result.movers],
    }
    if result.before is not None:
        found["before"], found["after"] = number(result.before), number(result.after)
        found["change_percent"], found["percent_limit"] = number(result.percent), number(result.percent_limit)
    if result.waiver is not None:
        waiver = result.waiver
        found["waiver"] = {"owner": waiver.owner, "reason": waiver.reason, "until": waiver.until}
    return found


def _mover(mover: Mover) -> dict[str, Any]:
    return {
        "name": mover.name,
        "where": mover.where,
        "monthly_cost": plain(mover.cost),
        "change": number(mover.change),
        "reason": mover.reason,
    }
