"""``costkit prices refresh``: bring the tables up to date from AWS's Price List, after showing what changed."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from costkit.cli import exit_codes
from costkit.cli.options import price_book
from costkit.cli.output import tell, warn, width_of, write, write_file
from costkit.cli.prices import FORMAT, FORMATS, OUTPUT
from costkit.model.exact import plain
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.pricebook.book import PriceBook
    from costkit.pricebook.refresh.judging import Judged
    from costkit.pricebook.refresh.running import Run

BULK, QUERY = "bulk", "query"
MOST_SHOWN = 10
# Beside a change of price, the rows of a table on the screen.
MOST_ROWS = 200


def to_percent(context: click.Context, param: click.Parameter, value: str) -> Decimal:
    """A percentage such as ``25`` or ``25%``, as an option's callback."""
    text = value.strip().removesuffix("%").strip()
    if not text.replace(".", "", 1).isdecimal() or len(text) > 9:
        raise click.BadParameter(f"{value!r} is not a percentage like 25%")
    return Decimal(text)


class Door(NamedTuple):
    """How the price list is reached: ``kind`` is bulk, query or the first of the files."""

    kind: str
    files: tuple[str, ...]
    endpoint: str
    form: str
    keep: str | None
    timeout: int
    wait: int
    whole: bool


class Refresh(NamedTuple):
    """What is taken, what may be written, and how to answer."""

    tables: tuple[str, ...]
    regions: tuple[str, ...]
    into: str | None
    most_change: Decimal
    accept: bool
    confirm: bool
    dry_run: bool
    strict: bool
    chosen: str | None
    outputs: tuple[str, ...]
    quiet: bool
    verbose: bool


@click.command("refresh")
@click.option(
    "--from", "door", required=True, metavar="bulk|query|FILE...", help="AWS's files, its API, or files here."
)
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option("--table", "tables", multiple=True, help="Only this table; repeatable.")
@click.option("--region", "regions", multiple=True, help="Only this region, or a pattern such as eu-*; repeatable.")
@click.option("--into", type=click.Path(file_okay=False), help="The tables to write.  [default: the shipped ones]")
@click.option("--endpoint", default="", help="Another address of the price list.  [default: AWS's]")
@click.option("--offer-format", type=click.Choice(["json", "csv"]), default="json", help="Which bulk files to fetch.")
@click.option(
    "--keep", type=click.Path(file_okay=False), help="Keep what is fetched there, and fetch only what is new."
)
@click.option("--whole", is_flag=True, help="Of the Query API: ask for all rows of large offers too.")
@click.option("--timeout", type=click.IntRange(1, 3600), default=60, help="Seconds to wait for an answer.")
@click.option("--wait", type=click.IntRange(0, 300), default=2, help="Seconds before a second try; then twice as long.")
@click.option("--most-change", default="25%", callback=to_percent, help="Ask before a larger change.  [default: 25%]")
@click.option("--accept", is_flag=True, help="Write larger changes and ended regions and meters too.")
@click.option("--confirm", is_flag=True, help="Also note on which day unchanged prices were seen.")
@click.option("--dry-run", is_flag=True, help="Show, but write nothing.")
@click.option("--strict", is_flag=True, help="Exit 4 if rows of the price list were not understood.")
@FORMAT
@OUTPUT
@click.option("-q", "--quiet", is_flag=True, help="No progress and no warnings.")
@click.option("-v", "--verbose", is_flag=True, help="List every row that was not understood.")
@click.pass_context
def command(
    context: click.Context,
    /,
    door: str,
    files: tuple[str, ...],
    endpoint: str,
    offer_format: str,
    keep: str | None,
    timeout: int,
    wait: int,
    whole: bool,
    **asked: Any,
) -> None:
    """Bring the tables up to date from AWS's Price List; a changed price is a new row, and old rows stay.

    The changes are shown before anything is written. A run that would change a price by more than the limit, or
    end a region or a meter, stops there with exit code 3, until --accept is given.
    """
    if door in (BULK, QUERY) and files:
        raise click.UsageError(f"--from {door} takes no files")
    if whole and door != QUERY:
        raise click.UsageError("--whole says nothing here: it goes with --from query")
    reached = Door(door, (door, *files), endpoint, offer_format, keep, timeout, wait, whole)
    context.exit(_refresh(reached, Refresh(**asked)))


def _refresh(door: Door, asked: Refresh) -> int:
    from costkit.pricebook.book import PriceBook
    from costkit.pricebook.refresh.judging import judge
    from costkit.pricebook.refresh.rules import all_rules
    from costkit.pricebook.refresh.running import Run, Wish
    from costkit.pricebook.refresh.writing import texts
    from costkit.pricebook.refresh.writing import write as write_tables

    shipped = price_book()
    directory = _target(shipped.shipped, asked)
    book = shipped if directory == shipped.shipped else PriceBook((directory,), shipped.cache_directory)
    rules = all_rules(book.shipped)
    _refuse_unknown(asked.tables, {rule.table for known in rules.values() for rule in known.rules})
    run = Run(book, rules, Wish(asked.tables, asked.regions), _progress(asked.quiet))
    _read(run, door)
    run.refuse_silence()
    judged = judge(book, run.gathered, asked.most_change)
    changed = texts(book, directory, judged, run.gathered.publications, asked.confirm)
    _show(book, run, judged, asked)
    _tell(run, judged, asked)
    if judged.grave and not asked.accept:
        tell(f"nothing was written: {_counted(len(judged.grave), 'change')} to look at twice (asks); --accept writes")
        return exit_codes.AWS_FAILED if run.problems else exit_codes.GATE_FAILED
    if asked.dry_run:
        tell("nothing was written: --dry-run")
    else:
        count = write_tables(changed, write_file)
        tell(f"{_counted(count, 'file')} written in {directory}" if count else "nothing to write")
    if run.problems:
        return exit_codes.AWS_FAILED
    return exit_codes.INCOMPLETE if asked.strict and run.gathered.unknown else exit_codes.ANSWERED


def _target(shipped: str, asked: Refresh) -> str:
    """The tables to write: those of a checkout, or the directory that is named."""
    if asked.into is not None:
        return shipped if os.path.realpath(asked.into) == os.path.realpath(shipped) else asked.into
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if os.path.dirname(shipped) == package and not asked.dry_run:
        hint = "name a directory, and lay it over the shipped tables with --prices"
        raise CostkitError(
            [Problem("CK106", "--into", "missing: the tables of an installed costkit are not written", hint)]
        )
    return shipped


def _read(run: "Run", door: Door) -> None:
    """Read what is wanted through its door. Raises CostkitError if nothing at all could be read."""
    if door.kind == BULK:
        from costkit.pricebook.refresh.bulk import ENDPOINT, Bulk
        from costkit.pricebook.refresh.download import Remote

        with _directory(door.keep) as place:
            remote = Remote(door.endpoint or ENDPOINT, door.timeout, lambda tries: time.sleep(door.wait << tries - 1))
            run.bulk(Bulk(remote, place, door.form), keep=door.keep is not None)
    elif door.kind == QUERY:
        from costkit.pricebook.refresh.query import ask, client_at

        client = client_at(door.endpoint)
        run.query(lambda known, region, narrow: ask(client, known, region, narrow), door.whole)
    else:
        run.files(door.files)
        if run.problems:
            # Files are what the caller names: wrong input, of which nothing is taken.
            raise CostkitError(run.problems)


@contextmanager
def _directory(keep: str | None) -> Iterator[str]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="costkit-") as place:
            yield place
        return
    try:
        os.makedirs(keep, exist_ok=True)
    except OSError as error:
        raise CostkitError([Problem("CK116", keep, f"cannot be written: {error.strerror}")]) from None
    yield keep


def _progress(quiet: bool) -> Callable[[str], None]:
    """Says what is being read, to somebody who watches."""
    watched = sys.stderr.isatty() and not quiet
    return (lambda text: tell(f"reading {text}")) if watched else (lambda text: None)


def _show(book: "PriceBook", run: "Run", judged: "Judged", asked: Refresh) -> None:
    from costkit.reports import as_rows
    from costkit.reports.price_changes import FOR_PEOPLE, PLAN_COLUMNS, plan_rows, refresh_facts

    def unit(change: Any) -> str:
        table, meter, _, region = change.key
        return str(book.unit_and_title(table, meter, region)[0])

    def render(form: str, on_screen: bool) -> Iterator[str]:
        rows = list(plan_rows(judged.plans, unit, form))
        shown = rows[:MOST_ROWS] if form in FOR_PEOPLE else rows
        yield from as_rows.render(form, shown, PLAN_COLUMNS, refresh_facts(run, judged), width_of(on_screen))
        if len(shown) < len(rows):
            yield f"and {len(rows) - len(shown)} more: -f csv or -f json has them all\n"

    write(render, asked.chosen, asked.outputs, FORMATS)


def _tell(run: "Run", judged: "Judged", asked: Refresh) -> None:
    """Problems, rows that were not taken, and one line of numbers, all on standard error."""
    warn(run.problems)
    if asked.quiet:
        return
    unknown = run.gathered.unknown
    shown = unknown if asked.verbose else unknown[:MOST_SHOWN]
    for one in shown:
        where = f"{one.offer} {one.usage_type or one.family} ({_counted(one.rows, 'row')}, such as {one.sku})"
        tell(f"warning: {Problem('CK216', where, f'not taken: {one.reason}')}")
    if more := len(unknown) - len(shown) + run.gathered.unlisted:
        tell(f"and {_counted(more, 'more kind')} of rows not taken" + ("" if asked.verbose else "; -v lists them"))
    if run.narrowed:
        tell(f"asked only for what the rules name: {', '.join(run.narrowed)}; --whole lists unknown rows too")
    _tell_late(judged, asked.verbose)
    kinds = [plan.change.kind for plan in judged.plans]
    counts = [f"{kinds.count(kind)} {kind}" for kind in ("changed", "new", "ended")]
    ignored = plain(Decimal(sum(run.gathered.ignored.values())))
    tell(f"{len(judged.same)} prices as the tables have them, {', '.join(counts)}; {ignored} rows that feed no meter")
    if judged.unnoted and not asked.confirm:
        tell(f"{judged.unnoted} of them are seen later here than the tables say; --confirm notes the day")


def _tell_late(judged: "Judged", verbose: bool) -> None:
    shown = judged.late if verbose else judged.late[:MOST_SHOWN]
    for key, confirmed, published in shown:
        message = f"the price list of {published} states another price, but the table saw its own on {confirmed}"
        tell(f"warning: {Problem('CK217', ' '.join(filter(None, key)), message)}")
    if more := len(judged.late) - len(shown):
        tell(f"and {_counted(more, 'more price')} of which the tables are newer; -v lists them")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _refuse_unknown(tables: tuple[str, ...], known: set[str]) -> None:
    from costkit.inputs.binding import nearest

    problems = [
        Problem(
            "CK107", table, f"no rules for a table {table}", nearest(table, sorted(known)) or ", ".join(sorted(known))
        )
        for table in tables
        if table not in known
    ]
    if problems:
        raise CostkitError(problems)
