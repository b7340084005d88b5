"""``costkit report --rerate`` and ``--estimate``: a bill beside the prices and plans that costkit knows."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from costkit.cli.answer import is_stale
from costkit.cli.option_groups import grouped
from costkit.cli.options import price_book, to_day, today
from costkit.cli.output import warn, write
from costkit.cli.report_delivery import Delivery
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.billing.report import BillReader
    from costkit.model.against_estimate import AgainstEstimate
    from costkit.model.charge import Estimate
    from costkit.model.rerate import Rerate
    from costkit.pricebook.book import PriceBook

FORMATS = ("table", "json", "csv", "markdown")
RESOURCE, METER, TAG = "resource", "meter", "tag:"


class Priced(NamedTuple):
    """What the options say about prices: re-rating, or an estimate and how it is matched, and which prices."""

    rerate: bool
    estimate: str | None
    match: str
    on: str | None
    region: str | None
    book_directories: tuple[str, ...]

    @property
    def day(self) -> str:
        """The day whose prices apply."""
        return self.on or today()

    @property
    def group(self) -> str:
        """The group of the bill that an estimate is matched by, besides the meter; empty if by nothing."""
        return "" if self.match == METER else self.match


def to_match(context: click.Context, param: click.Parameter, value: str) -> str:
    """What an estimate is matched by, as an option's callback."""
    if value not in (METER, RESOURCE) and not (value.startswith(TAG) and len(value) > len(TAG)):
        raise click.BadParameter(f"{value!r} is none of meter, resource, tag:KEY")
    return value


def with_price_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function these options, as one ``priced`` argument."""

    def wrapper(**values: Any) -> Any:
        names = ("rerate", "estimate", "match", "on", "region", "prices")
        return command(priced=Priced(*(values.pop(name) for name in names)), **values)

    options = [
        click.Option(["--estimate"], metavar="SPEC", help="Say why the bill differs from this spec's estimate."),
        click.Option(
            ["--match"],
            default=METER,
            show_default=True,
            callback=to_match,
            help="Match the estimate by meter, and by resource or tag:KEY too.",
        ),
        click.Option(["--rerate"], is_flag=True, help="Price the bill's usage anew."),
        click.Option(["--on"], metavar="DATE", callback=to_day, help="With the prices of that day.  [default: today]"),
        click.Option(["--region"], help="With the prices of that region (--rerate), or of the spec's resources."),
        click.Option(
            ["--prices"],
            type=click.Path(exists=True, file_okay=False),
            multiple=True,
            help="Price tables laid over the shipped ones.",
        ),
    ]
    return grouped(command, wrapper, options)


def write_rerate(reader: "BillReader", month: str, priced: Priced, delivery: Delivery) -> bool:
    """Answer with the month at other prices; returns whether nothing is missing or stale."""
    from costkit.billing.rerate import rerate
    from costkit.billing.usage import billed_usage

    book = price_book(priced.book_directories)
    if priced.region and priced.region not in book.regions():
        raise CostkitError([Problem("CK108", "--region", f"AWS has no region {priced.region}", "")])
    result = rerate(billed_usage(reader, month, "billed"), book, month, priced.day, priced.region or "")
    stale = _stale(book, priced.day)
    result = result._replace(overlays=book.own_tables(), problems=(*result.problems, *stale))
    if not result.rows:
        raise CostkitError([Problem("CK606", reader.where, f"the bill has nothing of {month}", "take another month")])
    _write("rerate", result, delivery)
    warn(dict.fromkeys([*reader.problems, *result.problems]), delivery.quiet)
    return result.complete and not stale


def _write(room: str, result: "Rerate | AgainstEstimate", delivery: Delivery) -> None:
    """The result to each output, by the reports of a room."""
    reports = f"costkit.reports.{room}"
    write(
        lambda form, _: import_module(f"{reports}.as_{form}").render(result),
        delivery.format,
        delivery.outputs,
        FORMATS,
    )


def _stale(book: "PriceBook", on: str) -> list[Problem]:
    """A warning if some of the prices used were last seen too long before an ISO day."""
    from costkit.estimating import STALE_AFTER_DAYS
    from costkit.model.day import days_before
    from costkit.rating.gaps import stale_problem

    return stale_problem(book.seen_before(days_before(on, STALE_AFTER_DAYS)), on, STALE_AFTER_DAYS)


def estimate_of(priced: Priced) -> "Estimate":
    """The estimate of the spec that is named, at the prices of the day."""
    from costkit.cli.files import Infrastructure, read_specs
    from costkit.estimating import estimate
    from costkit.inputs.own_prices import own_prices
    from costkit.inputs.spec import read_spec
    from costkit.model.spec import Overrides

    document = read_specs((priced.estimate or "",), Infrastructure(None, {}), priced.region)
    book = price_book((*priced.book_directories, *own_prices(document)))
    return estimate(read_spec(document, book, priced.day, Overrides(priced.region)), book, priced.day)


def write_against_estimate(reader: "BillReader", month: str, metric: str, priced: Priced, delivery: Delivery) -> bool:
    """Answer with the month beside the estimate; returns whether nothing is missing or stale."""
    from costkit.billing.against_estimate import against_estimate
    from costkit.billing.usage import billed_usage

    found = estimate_of(priced)
    book = price_book(priced.book_directories)
    usage = billed_usage(reader, month, metric, priced.group)
    result = against_estimate(found, usage, book, month, metric, priced.match)._replace(overlays=found.overlays)
    if not usage:
        raise CostkitError([Problem("CK606", reader.where, f"the bill has nothing of {month}", "take another month")])
    _write("against_estimate", result, delivery)
    warn(dict.fromkeys([*reader.problems, *result.problems]), delivery.quiet)
    return result.complete and not is_stale(found.problems)
