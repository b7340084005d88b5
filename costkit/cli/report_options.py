"""The options of ``costkit report`` that bring more than rows: allocation."""

from collections.abc import Callable
from typing import Any, NamedTuple

import click

from costkit.model.allocation import AllocationRule


class Extras(NamedTuple):
    """What the options say. ``rules`` None means that costs are not allocated."""

    rules: tuple[AllocationRule, ...] | None


def with_extras(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function these options as one ``extras`` argument."""

    def wrapper(allocate: str | None, **values: Any) -> Any:
        return command(extras=Extras(_rules(allocate)), **values)

    wrapper.__name__, wrapper.__doc__ = command.__name__, command.__doc__
    options = [
        click.Option(["--allocate"], metavar="RULES", help="Give costs to owners by rules; adds the group owner."),
    ]
    vars(wrapper)["__click_params__"] = [*reversed(options), *getattr(command, "__click_params__", [])]
    return wrapper


def _rules(path: str | None) -> tuple[AllocationRule, ...] | None:
    if path is None:
        return None
    from costkit.cli.files import read
    from costkit.inputs.allocation_rules import read_rules

    return read_rules(read(path))
