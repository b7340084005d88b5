"""A charge as the JSON of every comparison writes it."""

from decimal import Decimal
from typing import Any

from costkit.model.charge import Charge
from costkit.model.exact import plain


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


def number(amount: Decimal | None) -> str | None:
    """A plain decimal, or null for what is not known."""
    return None if amount is None else plain(amount)
