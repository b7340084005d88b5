"""The budgets of a whole account."""

from costkit.collect.call import NEXT_TOKEN, Call
from costkit.collect.place import Place

BUDGETS = Call("budgets", "DescribeBudgets", "Budgets", NEXT_TOKEN, {"MaxResults": 100}, action="budgets:ViewBudget")
CALLS = (BUDGETS,)


def collect(place: Place) -> None:
    """Find the budgets of the account."""
    place.list("budget", BUDGETS, "BudgetName", AccountId=place.account)
