"""Options that belong together, handed to a command as one argument."""

from collections.abc import Callable, Sequence
from typing import Any

import click


def grouped(
    command: Callable[..., Any],
    wrapper: Callable[..., Any],
    last: Sequence[click.Option] = (),
    first: Sequence[click.Option] = (),
) -> Callable[..., Any]:
    """``wrapper`` in place of ``command``: its name, help and options, and further options after or before them.

    click keeps the options of a function in ``__click_params__``, the last one first.
    """
    wrapper.__name__, wrapper.__doc__ = command.__name__, command.__doc__
    own = getattr(command, "__click_params__", [])
    vars(wrapper)["__click_params__"] = [*reversed(last), *own, *reversed(first)]
    return wrapper
