"""``costkit prices``: list, show and check the price tables; diff and refresh have files of their own."""

from importlib import import_module

import click

from costkit.cli import exit_codes
from costkit.cli.options import price_book, refuse_empty, to_day, to_days, today
from costkit.cli.output import tell, width_of, write
from costkit.cli.price_questions import refuse_unknown, refuse_unknown_meter
from costkit.model.problem import CostkitError, Problem

FORMATS = ("table", "json", "csv", "markdown")
MOST_SHOWN = 10
OVERLAYS = click.option(
    "--prices", type=click.Path(exists=True, file_okay=False), multiple=True, help="Tables laid over the shipped ones."
)
FORMAT = click.option("-f", "--format", "chosen", type=click.Choice(FORMATS), help="How to answer.  [default: table]")
OUTPUT = click.option(
    "-o", "--output", "outputs", multiple=True, metavar="[FORMAT=]FILE", help="Write there; repeatable."
)


class PriceCommands(click.Group):
    """The commands below, and those that are imported only when they are called."""

    elsewhere = ("diff", "refresh")

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *self.elsewhere])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in self.elsewhere:
            command: click.Command = import_module(f"costkit.cli.prices_{name}").command
            return command
        return super().get_command(context, name)


@click.group("prices", cls=PriceCommands)
def command() -> None:
    """List, show, check, compare and refresh the price tables."""


@command.command("list")
@click.argument("table", required=False)
@click.option("--by", type=click.Choice(["meter", "region"]), default="meter", help="A row a meter, or a region.")
@click.option("--region", help="Only this region, or a pattern such as eu-*; by region.")
@OVERLAYS
@FORMAT
@OUTPUT
def list_tables(
    table: str | None,
    by: str,
    region: str | None,
    prices: tuple[str, ...],
    chosen: str | None,
    outputs: tuple[str, ...],
) -> None:
    """What is proven: meters, regions, prices and dates of every table, or of one TABLE."""
    from costkit.pricebook.coverage import coverage, coverage_by_region
    from costkit.reports import as_rows

    book = price_book(prices)
    refuse_unknown(book, (table,) if table else (), region or "*")
    asked = [table] if table else book.table_names()
    regional = by == "region" or region is not None
    rows = list(coverage_by_region(book, asked, region or "*") if regional else coverage(book, asked))
    if not rows:
        raise CostkitError([Problem("CK201", table or "", f"no proven price in {region}")])
    write(lambda form, shown: as_rows.render(form, rows, width=width_of(shown)), chosen, outputs, FORMATS)


@command.command("show")
@click.argument("table")
@click.argument("meter", required=False, default="*")
@click.option("--region", default="*", help="A region, or a pattern such as eu-*.")
@click.option("--on", metavar="DATE", callback=to_day, help="Only the rows that hold on that day.")
@OVERLAYS
@FORMAT
@OUTPUT
def show(
    table: str,
    meter: str,
    region: str,
    on: str | None,
    prices: tuple[str, ...],
    chosen: str | None,
    outputs: tuple[str, ...],
) -> None:
    """The prices of TABLE, of one METER or a pattern of meters: all tiers, dates and sources."""
    from costkit.pricebook.coverage import price_rows
    from costkit.reports import as_rows

    book = price_book(prices)
    refuse_unknown(book, (table,), region)
    rows = list(price_rows(book, table, meter, region, on))
    if not rows:
        refuse_unknown_meter(book, table, meter)
        hint = f"costkit prices list {table} shows what is proven"
        raise CostkitError([Problem("CK201", f"{table} {meter}", f"no proven price in {region}", hint)])
    write(lambda form, shown: as_rows.render(form, rows, width=width_of(shown)), chosen, outputs, FORMATS)


@command.command("check")
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False))
@click.option("--max-age", metavar="DAYS", callback=to_days, help="Exit 4 if a present price was last seen longer ago.")
@click.option("--on", metavar="DATE", callback=to_day, help="The day that age counts from.  [default: today]")
@click.pass_context
def check(context: click.Context, directory: str | None, max_age: int | None, on: str | None) -> None:
    """Check every table of DIRECTORY (the shipped ones by default): units, tiers, dates, sources."""
    from costkit.pricebook.book import shipped_directory
    from costkit.pricebook.checking import check_directory, stale_tables

    if directory is not None:
        refuse_empty(directory)
    found = check_directory(directory or shipped_directory())
    if found.problems:
        raise CostkitError(found.problems)
    click.echo(f"{found.tables} tables, {found.rows} rows: no problem found")
    stale = stale_tables(found, on or today(), max_age) if max_age is not None else []
    for problem in stale[:MOST_SHOWN]:
        tell(str(problem))
    if len(stale) > MOST_SHOWN:
        tell(f"and {len(stale) - MOST_SHOWN} more tables")
    context.exit(exit_codes.INCOMPLETE if stale else exit_codes.ANSWERED)
