"""``costkit report``: the monthly finance report of a bill."""

import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from costkit.cli import exit_codes
from costkit.cli.options import today
from costkit.cli.output import targets_of, tell, warn, width_of, write
from costkit.cli.report_delivery import Delivery, tell_control_total
from costkit.cli.report_engine import Where, of_this_machine, opened, told, with_engine
from costkit.cli.report_instead import Instead, with_other_answers
from costkit.cli.report_months import with_months
from costkit.cli.report_options import Extras, exit_code, with_extras
from costkit.cli.report_parquet import PARQUET, without_parquet, write_parquet
from costkit.cli.report_progress import watching
from costkit.model.bill import FinanceReport
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.billing.reporting import Wanted

FORMATS = ("table", "json", "csv", "markdown")
OWNER = "owner"


@click.command("report")
@click.argument("bills", nargs=-1, metavar="[BILL...]")
@with_months
@with_engine
@click.option("--by", help="Groups: account,service,region,tag:team, ...  [default: service, or owner with --allocate]")
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
@click.option("--strict", is_flag=True, help="Exit 4 if the report does not tie to the bill, or a budget is not known.")
@click.option("-q", "--quiet", is_flag=True, help="No warnings and no control total.")
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of a bug.")
@with_extras
@with_other_answers
@click.pass_context
def command(
    context: click.Context,
    bills: tuple[str, ...],
    months: tuple[str, ...],
    where: Where,
    by: str | None,
    metric: str,
    previous: bool,
    chosen: str | None,
    outputs: tuple[str, ...],
    strict: bool,
    quiet: bool,
    verbose: bool,
    extras: Extras,
    instead: Instead,
) -> None:
    """Report a month of BILL: CUR 2.0, CUR or FOCUS exports, as CSV, CSV.gz or Parquet, files, folders, - or s3://.

    Without a BILL, --estimate SPEC is reported as if it were one.

    Credits, refunds, tax, fees and unused commitments are rows of their own; every cost column adds up to
    the bill, and the control total on standard error says so.
    """
    from costkit.billing.report import BillReader
    from costkit.billing.reporting import Wanted, reported

    _refuse_places(chosen, outputs, instead)
    wanted = Wanted(months, metric, previous, extras.rules, extras.policy, extras.forecast, extras.thresholds)
    groups = _groups(by, wanted)
    with tempfile.TemporaryDirectory(prefix="costkit-") as spill:
        delivery = Delivery(chosen, of_this_machine(outputs), spill, strict, quiet)
        bills, instead = instead.with_bill(bills, where, months, delivery)
        engine, files = opened(where, bills, outputs, spill)
        if instead.wanted:
            extras.refuse()
            with watching(engine, quiet):
                code = instead.answer(engine, files, months, metric, delivery)
            context.exit(code)
        with watching(engine, quiet):
            reader = BillReader(engine, files, groups, wanted.tags, wanted.computed, wanted.details)
            found = reported(reader, wanted, today())
        # Its rows are read while they are written.
        _write(found, delivery)
        reader.close()
    if not quiet:
        _tell(found, told(engine))
    code = exit_code(found, extras.fail_on, strict)
    context.exit(code if instead.complete or not strict else exit_codes.INCOMPLETE)


def _refuse_places(chosen: str | None, outputs: tuple[str, ...], instead: Instead) -> None:
    """Raise CostkitError before a bill is read for an answer that has no place; other answers look at theirs."""
    if not instead.wanted:
        targets_of(chosen, of_this_machine(outputs), (*FORMATS, PARQUET))


def _write(found: FinanceReport, delivery: Delivery) -> None:
    """The report to each output, texts and Parquet."""
    from importlib import import_module

    texts, tables = without_parquet(delivery.outputs)
    for path in tables:
        write_parquet(path, found)
    if texts or delivery.format or not tables:

        def rendered(form: str, on_screen: bool) -> Iterator[str]:
            fitted = (width_of(on_screen),) if form == FORMATS[0] else ()
            lines: Iterator[str] = import_module(f"costkit.reports.bill.as_{form}").render(found, *fitted)
            return lines

        write(rendered, delivery.format, texts, FORMATS)


def _tell(found: FinanceReport, of_the_engine: str) -> None:
    """What there is to know beside the report, on standard error."""
    warn(found.problems)
    tell_control_total(f"{found.months[0].month} to {found.month}" if found.months else found.month, found.controls)
    if of_the_engine:
        tell(of_the_engine)


def _groups(by: str | None, wanted: "Wanted") -> tuple[str, ...]:
    """The groups of ``--by``, each known and named once."""
    from costkit.billing.lines import DAY_OF
    from costkit.billing.report import GROUPS
    from costkit.billing.tags import CATEGORY, TAG
    from costkit.inputs.binding import nearest

    known = (*wanted.computed, *GROUPS)
    groups = (*wanted.computed,) or ("service",)
    if by is not None:
        groups = tuple(part.strip() for part in by.split(",") if part.strip())
    problems = []
    for place, group in enumerate(groups):
        if group not in known and not any(group.startswith(kind) and group != kind for kind in (TAG, CATEGORY)):
            hint = nearest(group, known) or f"groups: {', '.join(known)}, {TAG}KEY, {CATEGORY}NAME"
            hint = "give --allocate RULES" if group == OWNER else hint
            problems.append(Problem("CK607", "--by", f"no group {group}", hint))
        elif group in groups[:place]:
            problems.append(Problem("CK607", "--by", f"{group} is there twice", "remove one of them"))
    problems += [
        Problem("CK607", "--by", f"costs are given to an {group}, which is no group", f"write --by {group},{by}")
        for group in wanted.computed
        if group not in groups
    ]
    if DAY_OF in groups and wanted.previous:
        message = "the days of a month are not those of the month before"
        problems.append(Problem("CK607", "--by", message, f"leave out --previous or {DAY_OF}"))
    if problems:
        raise CostkitError(problems)
    return groups
