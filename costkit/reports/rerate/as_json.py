"""A bill at other prices as JSON: exact amounts as text."""

import json
from collections.abc import Iterator
from typing import Any

from costkit import __version__
from costkit.model.exact import plain
from costkit.model.rerate import Rerate
from costkit.reports.as_json import SCHEMA_VERSION, number, problem
from costkit.reports.rerate.as_table import sentence


def render(result: Rerate) -> Iterator[str]:
    """The document as one piece."""
    oldest, newest = result.price_dates or (None, None)
    overlays = {"overlays": list(result.overlays)} if result.overlays else {}
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "month": result.month,
        "on": result.on,
        "region": result.region or None,
        "complete": result.complete,
        "sentence": sentence(result),
        "totals": [
            {"currency": currency, "before": plain(before), "after": plain(after), "change": plain(after - before)}
            for currency, (before, after) in sorted(result.totals.items())
        ],
        "rows": [
            {
                "service": row.service,
                "usage_type": row.usage_type,
                "region": row.region,
                "to_region": row.to_region,
                "meter": row.meter or None,
                "quantity": number(row.quantity),
                "unit": row.unit or None,
                "before": plain(row.before),
                "after": plain(row.cost),
                "change": plain(row.cost - row.before),
                "currency": row.currency,
                "status": "kept" if row.after is None else "rerated",
                "reason": row.reason or None,
                "lines": row.lines,
            }
            for row in result.rows
        ],
        "problems": [problem(found) for found in result.problems],
        "prices": {"oldest": oldest, "newest": newest, **overlays},
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"
