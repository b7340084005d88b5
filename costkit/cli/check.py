"""``costkit check``: the gate of a pipeline."""

from collections.abc import Sequence
from decimal import Decimal

import click

from costkit.cli import exit_codes
from costkit.cli.answer import is_stale
from costkit.cli.files import Infrastructure, both, project_spec, read, read_all, with_infrastructure_options
from costkit.cli.gate_output import FORMATS, annotated, write_all
from costkit.cli.options import Asked, to_amount, with_shared_options
from costkit.cli.output import warn
from costkit.cli.sides import at_reference, estimated, named, nothing, refuse_idle, tells_before, usage_at
from costkit.gate.difference import difference
from costkit.gate.judging import judge
from costkit.inputs.documents import Document
from costkit.inputs.policy import read_policy
from costkit.model.charge import Estimate
from costkit.model.policy import EVERYTHING, Budget, Policy
from costkit.model.problem import CostkitError, Problem
from costkit.model.verdict import FAILED, INCOMPLETE

CODES = {FAILED: exit_codes.GATE_FAILED, INCOMPLETE: exit_codes.INCOMPLETE}


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--budget", metavar="FILE", help="Budgets, rules and waivers.")
@click.option("--max-monthly", metavar="AMOUNT", callback=to_amount, help="A limit for the total, without a file.")
@click.option("--baseline", metavar="FILE", help="Judge growth against a spec, a plan or a JSON estimate.")
@click.option("--baseline-ref", metavar="REF", help="Judge growth against the same files at a git reference.")
@click.option("--allow-incomplete", is_flag=True, help="Judge what is known, and do not exit 4 for what is missing.")
@click.option("--exit-zero", is_flag=True, help="Report only: exit 0 whatever the verdict.")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if: api.memory=1GB; repeatable.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    budget: str | None,
    max_monthly: Decimal | None,
    baseline: str | None,
    baseline_ref: str | None,
    allow_incomplete: bool,
    exit_zero: bool,
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Judge specs, plans or templates by budgets and rules: exit 0 passed, 3 failed, 4 incomplete.

    FILE is costkit.yaml by default, - is stdin.
    """
    if budget is None and max_monthly is None:
        raise click.UsageError("nothing to judge by: give --budget FILE or --max-monthly AMOUNT.", context)
    if baseline is not None and baseline_ref is not None:
        raise click.UsageError("--baseline and --baseline-ref exclude each other.", context)
    paths = files or (project_spec(),)
    documents: list[Document] = []

    def read_head() -> Estimate:
        documents.extend(read_all(paths))
        if baseline is None:
            refuse_idle(infrastructure, documents)
        return estimated(documents, infrastructure, asked, changes)

    with annotated(asked):
        policy, head = both(lambda: _policy(budget, max_monthly, asked), read_head)
        base = _base(policy, documents, paths, baseline, baseline_ref, infrastructure, asked, head)
    change = None if base is None else difference(base, head)
    stale = asked.refuses_stale and is_stale(head.problems)
    found = judge(policy, head, change, asked.on, allow_incomplete, stale)
    write_all(found, asked)
    warn(found.problems, asked.quiet)
    context.exit(exit_codes.ANSWERED if exit_zero else CODES.get(found.verdict, exit_codes.ANSWERED))


def _policy(budget: str | None, limit: Decimal | None, asked: Asked) -> Policy:
    policy = Policy() if budget is None else read_policy(read(budget), asked.book)
    if limit is None:
        return policy
    whole = Budget("max-monthly", EVERYTHING, "expected", limit, where="--max-monthly")
    return policy._replace(budgets=(whole, *policy.budgets))


def _base(
    policy: Policy,
    documents: list[Document],
    paths: Sequence[str],
    baseline: str | None,
    reference: str | None,
    infrastructure: Infrastructure,
    asked: Asked,
    head: Estimate,
) -> Estimate | None:
    """The estimate to compare with: the one asked for, else what a plan found before, where growth needs it."""
    if baseline is not None:
        return estimated([named(baseline, "--baseline")], infrastructure, asked)
    if reference is not None:
        before, missing = at_reference(paths, reference)
        base = estimated(before, usage_at(infrastructure, reference), asked) if before else nothing(head)
        return base._replace(problems=(*missing, *base.problems))
    if not policy.needs_baseline:
        return None
    if tells_before(documents):
        return estimated(documents, infrastructure, asked, before=True)
    growing = next(budget for budget in policy.budgets if budget.growth is not None)
    hint = "give --baseline FILE, or --baseline-ref REF to read it from git"
    raise CostkitError([Problem("CK406", growing.where, f"{growing.name} is about growth and needs a baseline", hint)])
