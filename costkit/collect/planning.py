"""What a collection would do: a dry walk, which asks for what is free and counts the rest."""

from costkit.collect.expense import Expense
from costkit.collect.policy import actions
from costkit.collect.wish import Wish
from costkit.model.collection_plan import CollectionPlan, PlannedCall
from costkit.model.exact import ZERO
from costkit.model.snapshot import Snapshot
from costkit.reports.collect.gaps import gap_problems


def plan_of(wish: Wish, expense: Expense, found: Snapshot, seconds: float, sent: int) -> CollectionPlan:
    """The plan that a dry collection has led to, after so many seconds and calls that were really sent."""
    planned = []
    for action, calls in sorted(expense.calls.items()):
        charged = [(meter, number) for (name, meter), number in expense.units.items() if name == action]
        cost = sum((expense.prices[meter] * number for meter, number in charged), ZERO)
        planned.append(PlannedCall(action, calls, sum(number for _, number in charged) or calls, cost))
    pace = seconds / sent if sent else 0
    return CollectionPlan(
        calls=tuple(planned),
        actions=actions(wish.services),
        metrics=expense.metrics,
        cost=expense.cost,
        seconds=int(pace * sum(expense.calls.values())) + 1,
        accounts=tuple(account.id for account in found.accounts),
        regions=found.regions,
        problems=tuple(gap_problems(found.missing)),
    )
