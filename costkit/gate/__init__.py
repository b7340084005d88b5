"""The gate: what a change does to the cost, and whether budgets and rules allow it."""
