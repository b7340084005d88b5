"""What is wrong or uncertain, as a value: a code, a place, a sentence and a way out."""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing a user should know. Problems are collected, so that one run tells them all.

    ``code`` is stable (``docs/problems.md``), ``where`` is a file and line, a flag or a resource,
    ``hint`` is the way out and may be empty. An ``error`` stops the run; a ``warning`` does not;
    ``hides_cost`` marks what makes a total incomplete.
    """

    code: str
    where: str
    message: str
    hint: str = ""
    severity: str = "error"
    hides_cost: bool = False

    def __str__(self) -> str:
        text = f"{self.where}: {self.code} {self.message}" if self.where else f"{self.code} {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class CostkitError(Exception):
    """Input that cannot be used. ``problems`` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
