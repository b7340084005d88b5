"""The checks there are, found by their files."""

import os
from functools import cache
from importlib import import_module

from costkit.optimize import advice
from costkit.optimize.check import Check


@cache
def checks() -> tuple[Check, ...]:
    """Every check, in the order in which their changes are applied."""
    files = os.listdir(os.path.dirname(advice.__file__ or ""))
    names = sorted(name[:-3] for name in files if name.endswith(".py") and name[0] != "_")
    found: list[Check] = [import_module(f"costkit.optimize.advice.{name}").CHECK for name in names]
    return tuple(sorted(found, key=lambda check: (check.stage, check.code)))


def codes() -> tuple[str, ...]:
    """The codes of all checks, in alphabetical order."""
    return tuple(sorted(check.code for check in checks()))
