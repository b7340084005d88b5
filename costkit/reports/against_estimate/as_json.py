"""An estimate beside what was billed as JSON: exact amounts as text."""

import json
from collections.abc import Iterator
from typing import Any

from costkit import __version__
from costkit.model.against_estimate import AgainstEstimate, Parts
from costkit.model.exact import plain
from costkit.reports.against_estimate.as_table import sentence
from costkit.reports.as_json import SCHEMA_VERSION, number, problem


def render(result: AgainstEstimate) -> Iterator[str]:
    """The document as one piece."""
    oldest, newest = result.price_dates or (None, None)
    overlays = {"overlays": list(result.overlays)} if result.overlays else {}
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "month": result.month,
        "metric": result.metric,
        "matched_by": result.matched_by,
        "currency": result.currency,
        "on": result.on,
        "complete": result.complete,
        "sentence": sentence(result),
        "estimated": plain(result.estimated),
        "billed": plain(result.billed),
        "change": plain(result.billed - result.estimated),
        "parts": _parts(result.parts),
        "rows": [
            {
                "group": line.group or None,
                "region": line.region or None,
                "what": line.what,
                "unit": line.unit or None,
                "estimated_quantity": number(line.estimated_quantity),
                "billed_quantity": number(line.billed_quantity),
                "estimated": plain(line.estimated),
                "billed": plain(line.billed),
                "change": plain(line.parts.total),
                "parts": _parts(line.parts),
                "status": line.status,
            }
            for line in result.lines
        ],
        "problems": [problem(found) for found in result.problems],
        "prices": {"oldest": oldest, "newest": newest, **overlays},
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _parts(parts: Parts) -> dict[str, str]:
    return {name: plain(part) for name, part in zip(Parts._fields, parts, strict=True)}
