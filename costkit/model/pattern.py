"""Names and patterns of names: ``eu-*``, ``module.api[*].aws_lambda_function.this``."""

import re
from collections.abc import Iterable
from functools import cache

# One index of a resource or module with count or for_each: [0] or ["eu"].
ANY_INDEX = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern ready to match: ``[*]`` is any one index, ``*`` anything, all else itself."""
    # Runs of stars would only make a hostile pattern slow.
    escaped = re.escape(re.sub(r"\*+", "*", pattern)).replace(r"\[\*\]", ANY_INDEX)
    return re.compile(escaped.replace(r"\*", ".*"), re.DOTALL)


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of several, or fits a pattern of them."""
    return any(name == pattern or ("*" in pattern and compiled(pattern).fullmatch(name)) for pattern in patterns)
