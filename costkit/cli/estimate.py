"""``costkit estimate``: price a spec."""

import click

from costkit.cli.answer import answer
from costkit.cli.files import Infrastructure, read_specs, with_infrastructure_options
from costkit.cli.options import Asked, with_own_prices, with_shared_options
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change


@click.command("estimate")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if: api.memory=1GB; repeatable.")
@with_infrastructure_options
@with_shared_options()
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Price specs (YAML, JSON, a fleet as CSV), Terraform plans (terraform show -json) and CloudFormation templates.

    FILE is costkit.yaml by default, - is stdin.
    """
    document = change(read_specs(files, infrastructure, asked.overrides.region), changes)
    asked = with_own_prices(asked, document)
    spec = read_spec(document, asked.book, asked.on, asked.overrides)
    context.exit(answer(document, spec, asked, hints=True))
