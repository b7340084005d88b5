"""``costkit compare regions``: what a spec would cost elsewhere."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TypeVar

import click

from costkit.cli.answer import exit_code
from costkit.cli.files import Infrastructure, read_specs, with_infrastructure_options
from costkit.cli.options import FORMATS as ALL_FORMATS
from costkit.cli.options import Asked, with_own_prices, with_shared_options
from costkit.cli.output import look_of, warn, write
from costkit.compare.regions import chosen_regions, compare_regions
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.comparison import Comparison
from costkit.model.problem import CostkitError
from costkit.model.spec import Spec

First = TypeVar("First")
Second = TypeVar("Second")
FORMATS = tuple(form for form in ALL_FORMATS if form != "explain")


@click.command("regions")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--regions",
    "patterns",
    multiple=True,
    metavar="REGION,...",
    help="Regions, patterns (eu-*) or groups (group:eu), with commas; repeatable.  [default: all]",
)
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if: api.memory=1GB; repeatable.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    patterns: tuple[str, ...],
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Price specs, plans and templates in other regions, with the difference to where they are.

    Every resource is moved into each region; those that AWS charges in none stay. What a residency rule
    costs is --regions group:eu.
    """
    wanted = [part.strip() for text in patterns for part in text.split(",") if part.strip()]

    def read() -> tuple[Spec, Asked]:
        document = change(read_specs(files, infrastructure, asked.overrides.region), changes)
        own = with_own_prices(asked, document)
        return read_spec(document, own.book, own.on, own.overrides), own

    regions, (spec, asked) = both(lambda: chosen_regions(asked.book, wanted), read)
    found = compare_regions(spec, asked.book, asked.on, regions, ", ".join(wanted) or "all", asked.stale_after)
    context.exit(answered(found, asked, "regions_"))


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Two readings of what was asked for, with what is wrong with either told at once."""
    try:
        one = first()
    except CostkitError as error:
        try:
            second()
        except CostkitError as further:
            raise CostkitError([*error.problems, *further.problems]) from None
        raise
    return one, second()


def answered(found: Comparison, asked: Asked, own: str = "as_", most: int | None = None) -> int:
    """Write a comparison and say what is missing; returns the exit code.

    ``own`` begins the names of its reports; ``most`` is how many options people are shown, None for all.
    """
    only = {} if most is None else {"most": most}

    def rendered(form: str, on_screen: bool) -> Iterable[str]:
        render: Callable[..., Iterable[str]] = import_module(f"costkit.reports.compare.{own}{form}").render
        if form == "table":
            width, color = look_of(on_screen, asked.color)
            return render(found, width, color, **only)
        return render(found, **(only if form == "markdown" else {}))

    write(rendered, asked.format, asked.outputs, FORMATS)
    warn(found.problems, asked.quiet)
    return exit_code(not any(problem.hides_cost for problem in found.problems), found.problems, asked)
