"""``costkit estimate``: price a spec."""

import click

from costkit.cli.answer import answer
from costkit.cli.files import read_all
from costkit.cli.options import Asked, with_shared_options
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change, merged


@click.command("estimate")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if: api.memory=1GB; repeatable.")
@with_shared_options
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], changes: tuple[str, ...], asked: Asked) -> None:
    """Price a spec: YAML, JSON, or a fleet as CSV. FILE is costkit.yaml by default, - is stdin."""
    document = change(merged(read_all(files)), changes)
    context.exit(answer(document, read_spec(document, asked.book, asked.on, asked.overrides), asked))
