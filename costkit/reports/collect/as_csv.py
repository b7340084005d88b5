"""A plan of a collection as CSV: a row for each IAM action that would be called."""

from collections.abc import Iterator

from costkit.model.collection_plan import CollectionPlan
from costkit.model.exact import plain
from costkit.reports import as_rows


def rows(plan: CollectionPlan) -> list[dict[str, str]]:
    """A row for each IAM action."""
    return [
        {
            "action": call.action,
            "calls": str(call.calls),
            "units": str(call.units),
            "cost": plain(call.cost),
            "currency": "USD",
        }
        for call in plan.calls
    ]


def render(plan: CollectionPlan, form: str = "csv") -> Iterator[str]:
    """The rows in a format of ``as_rows``."""
    return as_rows.render(form, rows(plan))
