"""A plan of a collection as a Markdown table."""

from collections.abc import Iterator

from costkit.model.collection_plan import CollectionPlan
from costkit.reports.collect import as_csv


def render(plan: CollectionPlan) -> Iterator[str]:
    """The same rows as the CSV."""
    return as_csv.render(plan, "markdown")
