"""``costkit report --columns focus``: a month of a bill as a FOCUS dataset."""

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from costkit.cli import exit_codes
from costkit.cli.option_groups import grouped
from costkit.cli.output import silence, targets_of, tell, warn, write_bytes
from costkit.cli.report_delivery import Delivery
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.billing.report import BillReader

FORMATS = ("csv", "parquet")
VERSIONS = ("1.0", "1.2")
NEWEST = VERSIONS[-1]
PIECE = 1 << 20


class Focus(NamedTuple):
    """Whether a FOCUS dataset is asked for, and of which version."""

    wanted: bool
    version: str


def with_focus_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function the options of FOCUS datasets, as one ``focus`` argument."""

    def wrapper(columns: str | None, focus_version: str | None, **values: Any) -> Any:
        if focus_version is not None and columns is None:
            message, hint = "--focus-version says nothing here", "it goes with --columns focus"
            raise CostkitError([Problem("CK645", "--focus-version", message, hint)])
        return command(focus=Focus(columns is not None, focus_version or NEWEST), **values)

    options = [
        click.Option(
            ["--columns"], type=click.Choice(["focus"]), help="The month's lines as a FOCUS dataset, CSV or Parquet."
        ),
        click.Option(["--focus-version"], type=click.Choice(VERSIONS), help=f"Of FOCUS.  [default: {NEWEST}]"),
    ]
    return grouped(command, wrapper, options)


def write_focus(reader: "BillReader", month: str, version: str, delivery: Delivery) -> int:
    """Write the month to each output, whole or not at all; returns the exit code.

    Each file is made aside and its sums are read back from there before it goes to its place.
    """
    from costkit.billing.focus.dataset import FocusWriter
    from costkit.cli.options import price_book

    targets = targets_of(_known(delivery.format), delivery.outputs, FORMATS)
    regions = {code: str(region["name"]) for code, region in price_book().regions().items()}
    writer = FocusWriter(reader, month, version, regions)
    made = {}
    for form in dict.fromkeys(form for form, _ in targets):
        made[form] = writer.write(form, os.path.join(delivery.spill, f"dataset.{form}"))
    for form, path in targets:
        if path == "-":
            _print(made[form].path)
        else:
            write_bytes(path, _pieces(made[form].path))
    ties = all(dataset.ties for dataset in made.values())
    hidden = any(problem.hides_cost for dataset in made.values() for problem in dataset.problems)
    dataset = next(iter(made.values()))
    if not delivery.quiet:
        warn(dataset.problems)
        word = "ties" if ties else "DOES NOT TIE"
        sums = f"{dataset.rows} rows, {word} to the bill in {len(dataset.controls)} sums"
        tell(f"FOCUS {version} of {month}: {sums}")
    return exit_codes.INCOMPLETE if delivery.strict and (hidden or not ties) else exit_codes.ANSWERED


def _known(chosen: str | None) -> str | None:
    if chosen is None or chosen in FORMATS:
        return chosen
    hint = "-f csv, or -o parquet=FILE"
    raise CostkitError([Problem("CK642", "--format", f"a FOCUS dataset is CSV or Parquet, not {chosen}", hint)])


def _pieces(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _print(path: str) -> None:
    """A file to standard output."""
    try:
        for piece in _pieces(path):
            sys.stdout.flush()
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
