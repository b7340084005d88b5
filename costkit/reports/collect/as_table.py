"""A plan of a collection for people."""

from collections.abc import Iterator

from costkit.model.collection_plan import CollectionPlan
from costkit.model.exact import plain
from costkit.reports.wording import harmless


def render(plan: CollectionPlan) -> Iterator[str]:
    """The calls by IAM action, what they cost, how long they may take, and the actions that are needed."""
    width = max([len(call.action) for call in plan.calls] + [len("IAM action")])
    yield f"{'IAM action':<{width}}  {'Calls':>8}  {'USD':>10}\n"
    for call in plan.calls:
        yield f"{call.action:<{width}}  {call.calls:>8,}  {plain(call.cost) if call.cost else '-':>10}\n"
    label = "Total" if plan.complete else "AT LEAST"
    yield f"{label:<{width}}  {sum(call.calls for call in plan.calls):>8,}  {plain(plan.cost):>10}\n\n"
    accounts, regions = len(plan.accounts), len(plan.regions)
    yield f"{accounts} account{'s' * (accounts != 1)}, {regions} region{'s' * (regions != 1)}, "
    yield f"{plan.metrics:,} metrics, about {plan.seconds:,} s at the pace of this plan.\n"
    yield "Prices of the API are those of us-east-1; what is free each month is not subtracted.\n\n"
    yield "IAM actions needed:\n"
    yield from (f"  {harmless(action)}\n" for action in plan.actions)
