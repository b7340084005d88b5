"""``costkit collect``: what runs in an AWS account and how it is used, as a file."""

import json
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from costkit.cli import exit_codes
from costkit.cli.collect_options import Choice, choice_of, days_ago, midnight, now, previous, refuse_unwritable, to_wait
from costkit.cli.collect_progress import Bar
from costkit.cli.options import price_book, to_amount, today
from costkit.cli.output import tell, warn, write, write_file
from costkit.model.problem import CostkitError, Problem
from costkit.model.snapshot import Missing, Snapshot

if TYPE_CHECKING:
    from costkit.collect.wish import Wish

FORMATS = ("table", "json", "csv", "markdown")


@click.command("collect")
@click.option("-o", "--output", metavar="FILE", help="Write the snapshot there; - is standard output.")
@click.option("--regions", metavar="A,B|all", help="Regions to ask.  [default: all that are enabled]")
@click.option(
    "--only", metavar="A,B", help="Services: lambda, redshift, redshift-serverless, ec2, logs.  [default: all]"
)
@click.option(
    "--with", "extra", metavar="A,B", help="Also: cost-explorer, savings-plans, budgets, compute-optimizer, ..."
)
@click.option("--days", type=click.IntRange(1, 455), default=14, show_default=True, help="How far metrics look back.")
@click.option("--profile", metavar="NAME", help="A profile of the AWS configuration.")
@click.option("--role-arn", "roles", multiple=True, metavar="ARN", help="Ask through this role; repeatable.")
@click.option("--external-id", default="", metavar="TEXT", help="For the trust policy of the roles.")
@click.option("--resume", is_flag=True, help="Complete the partial snapshot that is in FILE.")
@click.option("--plan", "planned", is_flag=True, help="Only say what it would ask, take and cost.")
@click.option("--max-api-cost", metavar="USD", callback=to_amount, help="Make no call beyond that cost.")
@click.option("--iam-policy", "wants_policy", is_flag=True, help="Only print the least IAM policy it works with.")
@click.option("--spec", metavar="FILE", help="Also write a spec of what runs, with measured ranges.")
@click.option("-f", "--format", "chosen", type=click.Choice(FORMATS), help="Of the plan.  [default: table]")
@click.option(
    "--retry-wait", default="0.5", metavar="SECONDS", callback=to_wait, help="The first wait; each doubles it."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of a bug.")
@click.pass_context
def command(
    context: click.Context,
    /,
    output: str | None,
    resume: bool,
    planned: bool,
    wants_policy: bool,
    verbose: bool,
    regions: str | None,
    only: str | None,
    extra: str | None,
    roles: tuple[str, ...],
    external_id: str,
    spec: str | None,
    chosen: str | None,
    quiet: bool,
    **settings: Any,
) -> None:
    """Ask an AWS account what runs in it and how it is used, and write a snapshot (needs the extra aws).

    Reads only, with the credentials that boto3 finds. Exit code 5 if AWS refused something: what was
    collected is written all the same, marked partial, and --resume completes it.
    """
    choice = choice_of(regions, only, extra, roles, external_id, price_book(), resume)
    if wants_policy:
        from costkit.collect.policy import policy

        click.echo(json.dumps(policy(choice.services, choice.roles), indent=2))
        return
    if not output and not planned:
        raise CostkitError([Problem("CK106", "--output", "no file is named", "costkit collect -o snapshot.json")])
    if spec and (planned or output == "-"):
        raise CostkitError([Problem("CK113", "--spec", "a spec is made from a snapshot in a file", "name one with -o")])
    refuse_unwritable(output, spec)
    before = previous(context, output or "") if resume else None
    whole = before is not None and before.complete
    if whole:
        tell(f"{output} is complete already")
    code, written = exit_codes.ANSWERED, True
    if not whole:
        code, written = _run(_wish(choice, before, planned, **settings), output or "", chosen, quiet)
    if spec and output and written:
        from costkit.cli.collect_spec import write_spec

        write_spec(output, spec)
    context.exit(code)


def _run(wish: "Wish", output: str, chosen: str | None, quiet: bool) -> tuple[int, bool]:
    """Collect, or plan, and tell of it: the exit code, and whether the snapshot was written."""
    from costkit.collect.collecting import Collection
    from costkit.collect.expense import Expense, api_prices
    from costkit.collect.gap import Gap

    expense = Expense(api_prices(price_book(), today()), wish.limit)
    began = time.monotonic()
    with Bar(quiet) as bar, Collection(wish, expense, bar.show) as collection:
        try:
            found = collection.collect()
        except Gap as gap:
            _complain([Missing("", "", "everything", "items", gap.reason, gap.action, gap.message)])
            return exit_codes.AWS_FAILED, False
        if wish.dry:
            from costkit.collect.planning import plan_of

            plan = plan_of(wish, expense, found, time.monotonic() - began, expense.sent)
            write(lambda name, _: import_module(f"costkit.reports.collect.as_{name}").render(plan), chosen, (), FORMATS)
        else:
            _write(output, found, collection.items())
    if not quiet and not wish.dry:
        tell(_summary(output, found))
    _complain(found.missing)
    if collection.interrupted:
        return exit_codes.INTERRUPTED, True
    return (exit_codes.ANSWERED if found.complete else exit_codes.AWS_FAILED), True


def _wish(
    choice: Choice,
    before: Snapshot | None,
    planned: bool,
    days: int,
    profile: str | None,
    max_api_cost: Decimal | None,
    retry_wait: float,
) -> "Wish":
    from costkit.collect.wish import Wish

    end = before.end if before else midnight()
    return Wish(
        services=before.services if before else choice.services,
        regions=before.regions if before else choice.regions,
        roles=tuple(account.role for account in before.accounts) if before else choice.roles,
        external_id=choice.external_id,
        profile=profile,
        collected=now(),
        start=before.start if before else days_ago(end, days),
        end=end,
        days=days,
        limit=None if planned else max_api_cost,
        first_wait=retry_wait,
        dry=planned,
        previous=before,
    )


def _write(output: str, found: Snapshot, items: Iterable[str]) -> None:
    from costkit.reports.collect.as_snapshot import document

    pieces = document(found, items)
    if output == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        write_file(output, pieces)


def _summary(output: str, found: Snapshot) -> str:
    from costkit.model.exact import plain

    number = sum(part.items for part in found.parts)
    api = found.api
    what = f"{number:,} items of {len(found.accounts)} account(s) in {len(found.regions)} region(s)"
    return f"{output}: {what}, {sum(api.calls.values()):,} calls, {api.metrics:,} metrics, {plain(api.cost)} USD"


def _complain(missing: Sequence[Missing]) -> None:
    from costkit.reports.collect.gaps import gap_problems

    warn(gap_problems(missing))
