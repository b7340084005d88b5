"""``costkit compare redshift``: clusters and serverless for one usage."""

from collections.abc import Callable
from typing import Any

import click

from costkit.cli.compare_answer import FORMATS, answered
from costkit.cli.files import Infrastructure, read_specs, with_infrastructure_options
from costkit.cli.option_groups import grouped
from costkit.cli.options import Asked, price_book, with_own_prices, with_shared_options
from costkit.compare.redshift import Present, compare_redshift
from costkit.compare.redshift_present import present_of
from costkit.compare.redshift_profile import CLUSTER, Flags, Profile, flag_of, read_profile
from costkit.inputs.binding import fields_of
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.spec import HOURS_PER_MONTH

SHOWN = 20


def with_profile_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function the usage as options, one a field, as one ``told`` argument."""
    fields = fields_of(Flags)

    def wrapper(**values: Any) -> Any:
        given = {field.name: values.pop(field.name) for field in fields}
        return command(told={name: value for name, value in given.items() if value is not None}, **values)

    options = [
        click.Option(
            [flag_of(field.name), field.name],
            metavar="VALUE",
            help=field.about,
        )
        for field in fields
    ]
    return grouped(command, wrapper, first=options)


def _complete_node_type(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [kind for kind in price_book().specs(CLUSTER) if kind.startswith(incomplete)]


@click.command("redshift")
@click.argument("file", required=False)
@click.argument("resource", required=False)
@with_profile_options
@click.option(
    "--node-type",
    "node_types",
    multiple=True,
    metavar="TYPE",
    shell_complete=_complete_node_type,
    help="Only this node type, or pattern (ra3.*); repeatable.",
)
@click.option("--all", "everything", is_flag=True, help=f"Show all options, not only the {SHOWN} cheapest.")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if, in FILE; repeatable.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    file: str | None,
    resource: str | None,
    node_types: tuple[str, ...],
    everything: bool,
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    told: dict[str, Any],
    asked: Asked,
) -> None:
    """Compare Redshift clusters (on demand, paused when idle, reserved) with Redshift Serverless.

    The usage is given by options, or is that of RESOURCE in FILE, over which options come.

    \b
    costkit compare redshift --active-hours 8 --storage 2TB --region us-east-1
    costkit compare redshift costkit.yaml warehouse --active-hours 4..8..12
    """
    month = HOURS_PER_MONTH if asked.overrides.month_hours is None else asked.overrides.month_hours
    basis, present = Profile(asked.overrides.region or "", month), None
    if file is not None:
        document = change(read_specs((file,), infrastructure, asked.overrides.region), changes)
        asked = with_own_prices(asked, document)
        basis, present = _in_use(document, resource or "", asked)
    elif changes or infrastructure.usage is not None:
        raise click.UsageError("--set and --usage are about a FILE, and none is named")
    profile = read_profile(told, node_types, basis, asked.book, asked.on)
    found = compare_redshift(profile, asked.book, asked.on, present, asked.stale_after)
    context.exit(answered(found, asked, most=None if everything else SHOWN))


def _in_use(document: Document, name: str, asked: Asked) -> tuple[Profile, Present]:
    spec = read_spec(document, asked.book, asked.on, asked.overrides)
    return present_of(spec, name, document.tree, asked.book, asked.on)
