"""Which charges of a bill a scope is about, as a condition of portable SQL."""

from collections.abc import Iterable

from costkit.billing.accounting import any_of, identifier, text
from costkit.model.policy import Scope

EVERYTHING = "1 = 1"
# What is no pattern in a pattern of SQL stands behind this sign.
ESCAPE = "!"


def fits_sql(column: str, patterns: Iterable[str]) -> str:
    """The condition that a column is one of several texts, or fits a pattern such as ``eu-*`` of them."""
    return "(" + " OR ".join(_one(column, pattern) for pattern in patterns) + ")"


def like(pattern: str) -> str:
    """A pattern with ``*`` for anything as one of SQL's LIKE."""
    for sign in (ESCAPE, "%", "_"):
        pattern = pattern.replace(sign, ESCAPE + sign)
    return pattern.replace("*", "%")


def _one(column: str, pattern: str) -> str:
    if "*" not in pattern:
        return f"{column} = {text(pattern)}"
    return f"{column} LIKE {text(like(pattern))} ESCAPE {text(ESCAPE)}"


def named(pattern: str) -> tuple[str, ...]:
    """Patterns of a resource's whole id, and of its name behind the parts of an ARN."""
    return pattern, f"*:{pattern}", f"*/{pattern}"


def scope_sql(scope: Scope, charges: Iterable[str] = ()) -> str:
    """The condition on ``facts`` that everything the scope states fits; kinds of charges too if any are named."""
    parts = [
        fits_sql(column, patterns)
        for column, patterns in (
            ("account", scope.accounts),
            ("service", scope.services),
            ("region", scope.regions),
            ("resource", [one for pattern in scope.resources for one in named(pattern)]),
        )
        if patterns
    ]
    parts += [fits_sql(identifier(tag_column(key)), (value,)) for key, value in scope.tags]
    kinds = tuple(charges)
    if kinds:
        parts.append(f"charge IN {any_of(kinds)}")
    return " AND ".join(parts) or EVERYTHING


def tag_column(key: str) -> str:
    """How ``facts`` calls a tag."""
    return f"tag:{key}"
