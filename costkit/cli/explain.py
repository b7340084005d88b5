"""``costkit explain``: the arithmetic behind each number, where inputs and prices came from."""

import click

from costkit.cli.answer import answer
from costkit.cli.files import Infrastructure, read_specs, with_infrastructure_options
from costkit.cli.options import Asked, with_own_prices, with_shared_options
from costkit.inputs.binding import nearest
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.problem import CostkitError, Problem


@click.command("explain")
@click.argument("file", required=False)
@click.argument("resource", required=False)
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if: api.memory=1GB; repeatable.")
@with_infrastructure_options
@with_shared_options()
@click.pass_context
def command(
    context: click.Context,
    file: str | None,
    resource: str | None,
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Show the arithmetic behind each number of FILE, or of one RESOURCE in it."""
    files = () if file is None else (file,)
    document = change(read_specs(files, infrastructure, asked.overrides.region), changes)
    asked = with_own_prices(asked, document)
    spec = read_spec(document, asked.book, asked.on, asked.overrides)
    names = [one.name for one in spec.resources]
    if resource is not None and resource not in names:
        hint = nearest(resource, names) or f"resources: {', '.join(names[:10])}"
        raise CostkitError([Problem("CK117", document.name, f"no resource {resource}", hint)])
    if asked.format is None:
        asked = asked._replace(format="explain")
    context.exit(answer(document, spec, asked, resource or ""))
