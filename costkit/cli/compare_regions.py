"""``costkit compare regions``: what a spec would cost elsewhere."""

import click

from costkit.cli.compare_answer import FORMATS, answered
from costkit.cli.files import Infrastructure, both, read_specs, with_infrastructure_options
from costkit.cli.options import Asked, with_own_prices, with_shared_options
from costkit.compare.regions import chosen_regions, compare_regions
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.spec import Spec


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
