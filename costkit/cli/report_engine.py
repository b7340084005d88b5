"""Where a report is made and where its bill is: ``--engine`` and what goes with it, and bills in S3."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from costkit.cli.option_groups import grouped
from costkit.cli.output import unwritable
from costkit.cli.report_stdin import CALLED, STDIN, without_stdin
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.billing.engine import Engine
    from costkit.billing.files import BillFiles

ENGINES = ("duckdb", "spark", "athena")
LONGEST_PAUSE = 5.0


class Where(NamedTuple):
    """What the options say of the engine: its name, and what only some engines know."""

    engine: str
    master: str
    table: str
    workgroup: str


def with_engine(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function the options of the engine as one ``where`` argument."""

    def wrapper(engine: str, master: str, table: str, workgroup: str, **values: Any) -> Any:
        return command(where=Where(engine, master, table, workgroup), **values)

    options = [
        click.Option(
            ["--engine"], type=click.Choice(ENGINES), default="duckdb", show_default=True, help="What adds up."
        ),
        click.Option(["--master"], default="local[*]", show_default=True, help="Spark's master: spark://host:7077."),
        click.Option(["--table"], default="", metavar="DATABASE.TABLE", help="Athena's or Spark's, instead of BILL."),
        click.Option(["--workgroup"], default="primary", show_default=True, help="Athena's workgroup."),
    ]
    return grouped(command, wrapper, first=options)


def opened(where: Where, bills: Sequence[str], outputs: Sequence[str], spill: str) -> "tuple[Engine, BillFiles]":
    """The engine, and the files or table that it reads. Raises CostkitError for options that do not go together."""
    from costkit.billing.files import TABLE, BillFiles

    if where.engine == "athena" and not where.table:
        raise _unusable("--engine athena reads a table", "name it: --table database.table")
    if where.table and where.engine == "duckdb":
        raise _unusable("DuckDB reads files, no table", "add --engine athena or --engine spark")
    if where.engine != "athena" and of_this_machine(outputs) != tuple(outputs):
        raise _unusable("only Athena writes to S3", "name a file of this machine")
    if bool(bills) == bool(where.table):
        message, hint = (
            "a report is made of bills or of a table",
            "name one: BILL..., --table, or --estimate SPEC alone",
        )
        raise CostkitError([Problem("CK620", "--table" if where.table else "BILL", message, hint)])
    if where.engine == "athena":
        return _athena(where, outputs, spill), BillFiles(TABLE, (where.table,))
    if where.engine == "spark":
        from costkit.billing.spark_engine import SparkEngine

        files = BillFiles(TABLE, (where.table,)) if where.table else _of_spark(bills) or _found(bills, spill)
        _refuse_places(outputs, files.paths)
        return SparkEngine(where.master, spill), files
    from costkit.billing.duckdb_engine import DuckEngine

    files = _found(bills, spill)
    _refuse_places(outputs, files.paths)
    return DuckEngine(spill), files


def _refuse_places(outputs: Sequence[str], bills: Sequence[str]) -> None:
    """Raise CostkitError if an answer would take the place of its bill."""
    for output in outputs:
        for path in (output, output.partition("=")[2]):
            if os.path.realpath(path) in bills:
                raise unwritable(path, "this is a file of the bill", "name another file")


def of_this_machine(outputs: Sequence[str]) -> tuple[str, ...]:
    """The outputs but for Athena's own place, ``--output s3://...``."""
    return tuple(output for output in outputs if not output.startswith("s3://"))


def told(engine: "Engine") -> str:
    """What a user should know of what the engine did, after it; empty if nothing."""
    scanned = getattr(engine, "scanned", None)
    if scanned is None:
        return ""
    return f"Athena scanned {scanned:,} bytes; what that costs is unknown, since no price of Athena is proven here"


def _of_spark(bills: Sequence[str]) -> "BillFiles | None":
    """Addresses that only the cluster reads, such as ``s3a://`` and ``hdfs://``; None if the bills are no such."""
    from costkit.billing.files import PARQUET, BillFiles, form_of

    if not all("://" in bill and not bill.startswith("s3://") for bill in bills):
        return None
    forms = {form_of(bill) or PARQUET for bill in bills}
    if len(forms) > 1:
        raise _unusable("CSV and Parquet files together", "report them one by one")
    return BillFiles(forms.pop(), tuple(bills))


def _found(bills: Sequence[str], spill: str) -> "BillFiles":
    from costkit.billing.files import find

    files = find(_local(bills, spill))
    return files._replace(called=CALLED) if [*bills] == [STDIN] else files


def _local(bills: Sequence[str], spill: str) -> list[str]:
    """The bills: standard input kept in ``spill``, those in S3 fetched to the user's cache first."""
    from costkit.billing.aws import client
    from costkit.billing.s3 import fetch, is_remote
    from costkit.cli.options import cache_directory

    bills = without_stdin(bills, spill)
    if not any(map(is_remote, bills)):
        return bills
    s3 = client("s3")
    cache = os.path.join(cache_directory(), "bills")
    return [fetch(s3, bill, cache, _progress(bill)) if is_remote(bill) else bill for bill in bills]


def _progress(bill: str) -> Callable[[int, int], None]:
    """A bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda done, total: None
    bars: list[Any] = []

    def show(done: int, total: int) -> None:
        if not bars:
            bars.append(click.progressbar(length=total, label=f"fetching {bill}", file=sys.stderr).__enter__())
        bars[0].update(done - bars[0].pos)
        if done >= total:
            bars[0].render_finish()

    return show


def _athena(where: Where, outputs: Sequence[str], spill: str) -> "Engine":
    from costkit.billing.athena_engine import AthenaEngine
    from costkit.billing.aws import client

    locations = [output for output in outputs if output.startswith("s3://")]
    if len(locations) > 1:
        raise _unusable("Athena writes its results to one place", "give --output s3://... once")
    return AthenaEngine(client("athena"), where.workgroup, "".join(locations), spill, _pause)


def _pause(looks: int) -> None:
    time.sleep(min(LONGEST_PAUSE, 0.1 * 2 ** min(looks, 10)))


def _unusable(message: str, hint: str) -> CostkitError:
    return CostkitError([Problem("CK620", "--engine", message, hint)])
