"""``costkit diff``: what a change does to the cost."""

import click

from costkit.cli.answer import exit_code
from costkit.cli.files import Infrastructure, read, with_infrastructure_options
from costkit.cli.gate_output import FORMATS, write_all
from costkit.cli.options import Asked, with_shared_options
from costkit.cli.output import warn
from costkit.cli.sides import estimated, named, refuse_idle, tells_before
from costkit.gate.difference import difference
from costkit.model.problem import CostkitError, Problem


@click.command("diff")
@click.argument("base")
@click.argument("head", required=False)
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if, in HEAD: api.memory=1GB.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    base: str,
    head: str | None,
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Show what costs more or less in HEAD than in BASE.

    Each is a spec, a plan, a template, a JSON estimate, or REF:FILE in git (main:costkit.yaml). One
    Terraform plan alone is compared with what it finds before.
    """
    if head is None:
        documents = [read(base)]
        if not tells_before(documents):
            hint = "name two files, or one plan of terraform show -json"
            raise CostkitError([Problem("CK406", base, "nothing to compare with: no second file", hint)])
        before = estimated(documents, infrastructure, asked, before=True)
    else:
        documents, base_document = [named(head, "HEAD")], named(base, "BASE")
        refuse_idle(infrastructure, [*documents, base_document])
        before = estimated([base_document], infrastructure, asked)
    found = difference(before, estimated(documents, infrastructure, asked, changes))
    write_all(found, asked)
    warn(found.problems, asked.quiet)
    context.exit(exit_code(found.complete, found.problems, asked))
