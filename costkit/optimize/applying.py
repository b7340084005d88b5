"""A changed spec as the text of a new file, which estimates to what its findings promised."""

from typing import Any

from costkit.inputs.documents import Document
from costkit.model.spec import Overrides
from costkit.optimize.fragments import written

LENGTHS = ("month_hours", "days", "month")
HEAD = "# Written by costkit optimize. Comments of the original are not kept.\n"


def spec_text(document: Document, overrides: Overrides) -> str:
    """The document as YAML, with what flags said of the region, the month and the allowances written down."""
    tree: dict[str, Any] = dict(document.tree)
    told: dict[str, Any] = {}
    if overrides.region is not None:
        told["region"] = overrides.region
    if overrides.month_hours is not None:
        tree = {key: value for key, value in tree.items() if key not in LENGTHS}
        told["month_hours"] = overrides.month_hours
    if overrides.free_tier is not None:
        told["free_tier"] = overrides.free_tier
    resources = tree.pop("resources")
    return HEAD + written({**tree, **told, "resources": resources})
