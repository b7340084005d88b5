"""``costkit report``: the monthly finance report of a bill."""

import tempfile

import click

from costkit.cli import exit_codes
from costkit.cli.main import harmless_lines
from costkit.cli.options import today
from costkit.cli.output import write
from costkit.model.problem import CostkitError, Problem

FORMATS = ("table", "json", "csv", "markdown")
MONTH = r"[1-9]\d{3}-(0[1-9]|1[0-2])"


def to_month(context: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A month such as ``2026-10``, as an option's callback."""
    import re

    if value is not None and not re.fullmatch(MONTH, value):
        raise click.BadParameter(f"{value!r} is not a month like 2026-10")
    return value


@click.command("report")
@click.argument("bills", nargs=-1, required=True, metavar="BILL...")
@click.option("--month", callback=to_month, help="The billing month.  [default: the last one in the bill]")
@click.option("--by", default="service", show_default=True, help="Groups: account,service,region,tag:team, ...")
@click.option(
    "--metric",
    type=click.Choice(["effective", "billed", "list", "contracted"]),
    default="effective",
    show_default=True,
    help="The cost that is compared and ranked.",
)
@click.option("--previous", is_flag=True, help="Put the month before beside it.")
@click.option("-f", "--format", "chosen", type=click.Choice(FORMATS), help="How to answer.  [default: table]")
@click.option("-o", "--output", "outputs", multiple=True, metavar="[FORMAT=]FILE", help="Write there; repeatable.")
@click.option("--strict", is_flag=True, help="Exit 4 if the report does not tie to the bill.")
@click.option("-q", "--quiet", is_flag=True, help="No warnings and no control total.")
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of a bug.")
@click.pass_context
def command(
    context: click.Context,
    bills: tuple[str, ...],
    month: str | None,
    by: str,
    metric: str,
    previous: bool,
    chosen: str | None,
    outputs: tuple[str, ...],
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Report a month of BILL: CUR 2.0, CUR or FOCUS exports, as CSV, CSV.gz or Parquet, files or folders.

    Credits, refunds, tax, fees and unused commitments are rows of their own; every cost column adds up to
    the bill, and the control total on standard error says so.
    """
    from importlib import import_module

    from costkit.billing.duckdb_engine import DuckEngine
    from costkit.billing.files import find
    from costkit.billing.report import BillReader

    groups = _groups(by)
    with tempfile.TemporaryDirectory(prefix="costkit-") as spill:
        reader = BillReader(DuckEngine(spill), find(bills), groups)
        months = reader.months()
        if month is None and not months:
            raise CostkitError([Problem("CK606", bills[0], "the bill has no lines", "is it the right export?")])
        found = reader.report(month or months[-1], metric, previous, today())
        reader.close()
    if not found.rows:
        raise CostkitError(found.problems)
    write(lambda form, _: import_module(f"costkit.reports.bill.as_{form}").render(found), chosen, outputs, FORMATS)
    ties = all(control.holds for control in found.controls)
    if not quiet:
        for problem in found.problems:
            click.echo(harmless_lines(f"{problem.severity}: {problem}"), err=True)
        word = "ties" if ties else "DOES NOT TIE"
        click.echo(f"control total of {found.month}: {word} to the bill in {len(found.controls)} sums", err=True)
    context.exit(exit_codes.INCOMPLETE if strict and not ties else exit_codes.ANSWERED)


def _groups(by: str) -> tuple[str, ...]:
    """The groups of ``--by``, each known and named once."""
    from costkit.billing.report import GROUPS, TAG
    from costkit.inputs.binding import nearest

    groups = tuple(part.strip() for part in by.split(",") if part.strip())
    problems = []
    for place, group in enumerate(groups):
        if group not in GROUPS and not (group.startswith(TAG) and len(group) > len(TAG)):
            hint = nearest(group, GROUPS) or f"groups: {', '.join(GROUPS)}, {TAG}KEY"
            problems.append(Problem("CK607", "--by", f"no group {group}", hint))
        elif group in groups[:place]:
            problems.append(Problem("CK607", "--by", f"{group} is there twice", "remove one of them"))
    if problems:
        raise CostkitError(problems)
    return groups
