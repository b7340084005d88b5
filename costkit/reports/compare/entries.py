"""What the JSON of every comparison writes alike: the beginning of an option, and a charge."""

from typing import Any

from costkit.model.charge import Charge
from costkit.model.comparison import Option
from costkit.model.exact import plain
from costkit.reports.as_json import number


def option_entry(option: Option) -> dict[str, Any]:
    """What an option is and costs; each comparison adds what only it knows."""
    found = option.estimate
    return {
        "name": option.name,
        "kind": option.kind,
        "purchase": option.purchase or None,
        "monthly_cost": plain(found.cost),
        "low": plain(found.low),
        "high": plain(found.high),
        "upfront_cost": plain(found.upfront),
        "complete": found.complete,
    }


def charge_entry(resource: str, charge: Charge) -> dict[str, Any]:
    """A charge of an option in JSON; ``resource`` is whose it is."""
    return {
        "resource": resource,
        "meter": charge.meter,
        "description": charge.title,
        "quantity": number(charge.quantity),
        "unit": charge.unit,
        "unit_price": number(charge.unit_price),
        "monthly_cost": number(charge.cost),
        "low": number(charge.low),
        "high": number(charge.high),
        "status": charge.status,
        "price_date": charge.price_date or None,
        "source": charge.source or None,
        "steps": list(charge.steps),
    }
