"""A change's cost as JSON: the resources that differ, with their charges."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit import __version__
from costkit.model.exact import plain, quotient
from costkit.model.verdict import ChargeChange, Difference, ResourceChange
from costkit.reports.as_json import SCHEMA_VERSION, number, price_range, problem

PERCENT = Decimal(100)


def render(difference: Difference) -> Iterator[str]:
    """The document as one piece."""
    before, after = difference.before, difference.after
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "name": after.name,
        "currency": after.currency,
        "on": after.on,
        "complete": difference.complete,
        "before_complete": before.complete,
        "after_complete": after.complete,
        "before": plain(before.cost),
        "after": plain(after.cost),
        "change": plain(difference.change),
        "change_percent": number(percent(difference)),
        "resources": [_resource(resource) for resource in difference.touched],
        "problems": [problem(found) for found in difference.problems],
        "prices": price_range(before, after),
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def percent(difference: Difference) -> Decimal | None:
    """The change in percent of what was before; None from nothing."""
    before = difference.before.cost
    return quotient(difference.change * PERCENT, before) if before > 0 else None


def _resource(resource: ResourceChange) -> dict[str, Any]:
    return {
        "name": resource.name,
        "type": resource.type,
        "region": resource.region,
        "where": resource.where,
        "status": resource.status,
        "before": plain(resource.before),
        "after": plain(resource.after),
        "change": plain(resource.change),
        "complete": resource.complete,
        "charges": [_charge(charge) for charge in resource.charges],
    }


def _charge(charge: ChargeChange) -> dict[str, Any]:
    return {
        "meter": charge.meter,
        "description": charge.title,
        "unit": charge.unit,
        "status": charge.status,
        "status_before": charge.status_before or None,
        "quantity_before": number(charge.quantity_before),
        "quantity_after": number(charge.quantity_after),
        "before": number(charge.before),
        "after": number(charge.after),
        "change": plain(charge.change),
    }
