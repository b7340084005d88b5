"""Which months a report is about: ``--month``, repeated, and ``--months`` from one to another."""

import re
from collections.abc import Callable
from typing import Any

import click

from costkit.cli.option_groups import grouped

MONTH = re.compile(r"[1-9]\d{3}-(0[1-9]|1[0-2])")


def to_months(context: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Months such as ``2026-10``, as an option's callback."""
    for value in values:
        if not MONTH.fullmatch(value):
            raise click.BadParameter(f"{value!r} is not a month like 2026-10")
    return values


def to_span(context: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The months of ``2026-07..2026-10``, as an option's callback."""
    from costkit.billing.months import MOST, span

    if value is None:
        return ()
    first, separator, last = value.partition("..")
    if not separator or not MONTH.fullmatch(first) or not MONTH.fullmatch(last):
        raise click.BadParameter(f"{value!r} is not a span of months like 2026-07..2026-10")
    months = span(first, last)
    if not months or len(months) > MOST:
        raise click.BadParameter(f"{value!r} does not go forward, or beyond {MOST} months")
    return months


def with_months(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function both options as one ``months`` argument, in order and each once."""

    def wrapper(month: tuple[str, ...], span: tuple[str, ...], **values: Any) -> Any:
        return command(months=tuple(sorted({*month, *span})), **values)

    options = [
        click.Option(
            ["--month"],
            multiple=True,
            metavar="MONTH",
            callback=to_months,
            help="The billing month; repeatable.  [default: the last one in the bill]",
        ),
        click.Option(["--months", "span"], metavar="FIRST..LAST", callback=to_span, help="Months side by side."),
    ]
    return grouped(command, wrapper, first=options)
