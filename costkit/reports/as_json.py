"""The estimate as JSON: a stable schema, exact numbers as text, one resource a line."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit import __version__
from costkit.model.charge import Charge, Estimate, ResourceCost
from costkit.model.exact import plain
from costkit.model.problem import Problem
from costkit.reports.wording import overlays_of

SCHEMA_VERSION = 1
# A value in JSON, by one encoder for all: json.dumps would make one for each resource.
encoded = json.JSONEncoder(ensure_ascii=False).encode


def render(estimate: Estimate) -> Iterator[str]:
    """The document in pieces, so that a large fleet is never held as one text."""
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "name": estimate.name,
        "currency": estimate.currency,
        "on": estimate.on,
        "month_hours": plain(estimate.month_hours),
        "complete": estimate.complete,
        "total": {
            "monthly_cost": plain(estimate.cost),
            "low": plain(estimate.low),
            "high": plain(estimate.high),
            "upfront_cost": plain(estimate.upfront),
        },
    }
    yield "{"
    for key, value in head.items():
        yield f"{encoded(key)}: {encoded(value)},\n "
    yield from array("resources", (_resource(cost) for cost in estimate.resources))
    yield from array("account", (_charge(charge) for charge in estimate.account))
    yield from array("problems", map(problem, estimate.problems))
    if estimate.free:
        yield from array("free", ({"type": kind, "count": count} for kind, count in estimate.free.items()))
    yield f'"prices": {encoded(price_range(estimate))}}}\n'


def price_range(*estimates: Estimate) -> dict[str, Any]:
    """The oldest and newest day of the prices used, and the tables of a team's own among them if there are any."""
    dates = [day for estimate in estimates for day in estimate.price_dates or ()]
    overlays = overlays_of(estimates)
    span = {"oldest": min(dates, default=None), "newest": max(dates, default=None)}
    return {**span, "overlays": overlays} if overlays else span


def array(name: str, items: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A key of the document and its items, one a line; another key has to follow."""
    yield f'"{name}": ['
    separator = "\n  "
    for item in items:
        yield separator + encoded(item)
        separator = ",\n  "
    yield "],\n "


def _resource(cost: ResourceCost) -> dict[str, Any]:
    resource = cost.resource
    return {
        "name": resource.name,
        "type": resource.type,
        "region": resource.region,
        "tags": dict(resource.tags),
        "monthly_cost": plain(cost.cost),
        "low": plain(cost.low),
        "high": plain(cost.high),
        "charges": [_charge(charge) for charge in cost.charges],
    }


def _charge(charge: Charge) -> dict[str, Any]:
    cost = number(charge.cost)
    # Without ranges, which is most of the time, the three points are one number.
    low = cost if charge.low is charge.cost else number(charge.low)
    high = cost if charge.high is charge.cost else number(charge.high)
    return {
        "meter": charge.meter,
        "description": charge.title,
        "quantity": number(charge.quantity),
        "unit": charge.unit,
        "unit_price": number(charge.unit_price),
        "monthly_cost": cost,
        "low": low,
        "high": high,
        "status": charge.status,
        "price_date": charge.price_date or None,
        "source": charge.source or None,
        "steps": list(charge.steps),
    }


def problem(found: Problem) -> dict[str, Any]:
    """A problem as every command's JSON has it."""
    return {
        "code": found.code,
        "severity": found.severity,
        "where": found.where,
        "message": found.message,
        "hint": found.hint,
    }


def number(amount: Decimal | None) -> str | None:
    """A plain decimal, or null for what is not known."""
    return None if amount is None else plain(amount)
