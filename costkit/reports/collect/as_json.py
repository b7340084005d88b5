"""A plan of a collection for programs."""

import json
from collections.abc import Iterator

from costkit import __version__
from costkit.model.collection_plan import CollectionPlan
from costkit.model.exact import plain
from costkit.reports.as_json import problem


def render(plan: CollectionPlan) -> Iterator[str]:
    """One JSON document."""
    calls = [
        {"action": call.action, "calls": call.calls, "units": call.units, "cost": plain(call.cost)}
        for call in plan.calls
    ]
    whole = {
        "schema_version": 1,
        "tool_version": __version__,
        "complete": plan.complete,
        "currency": "USD",
        "cost": plain(plan.cost),
        "metrics": plan.metrics,
        "seconds": plan.seconds,
        "accounts": plan.accounts,
        "regions": plan.regions,
        "calls": calls,
        "actions": plan.actions,
        "problems": [problem(found) for found in plan.problems],
    }
    yield json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
