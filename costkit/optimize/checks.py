"""The checks there are, found by their files."""

import os
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from costkit.optimize import account, advice
from costkit.optimize.check import AccountCheck, Check


@cache
def checks() -> tuple[Check, ...]:
    """Every check of resources, in the order in which their changes are applied."""
    found: list[Check] = [module.CHECK for module in _files(advice)]
    return tuple(sorted(found, key=lambda check: (check.stage, check.code)))


@cache
def account_checks() -> tuple[AccountCheck, ...]:
    """Every check of accounts, by code."""
    found: list[AccountCheck] = [module.CHECK for module in _files(account)]
    return tuple(sorted(found, key=lambda check: check.code))


def _files(folder: ModuleType) -> Iterator[ModuleType]:
    names = sorted(os.listdir(os.path.dirname(folder.__file__ or "")))
    return (
        import_module(f"{folder.__name__}.{name[:-3]}") for name in names if name.endswith(".py") and name[0] != "_"
    )


def codes() -> tuple[str, ...]:
    """The codes of all checks, in alphabetical order."""
    return tuple(sorted([check.code for check in checks()] + [check.code for check in account_checks()]))
