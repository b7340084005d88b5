"""The options that commands share, and what they amount to."""

import datetime
import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from costkit.cli.option_groups import grouped
from costkit.model.kind import Amount, Money, Number, Refused
from costkit.model.problem import CostkitError, Problem
from costkit.model.spec import Overrides
from costkit.pricebook.book import PriceBook, shipped_directory

if TYPE_CHECKING:
    from costkit.inputs.documents import Document

FORMATS = ("table", "json", "csv", "markdown", "explain")
NEVER_STALE = 10**6


def to_day(context: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An ISO day, as an option's callback."""
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day like 2026-11-21") from None


def to_number(kind: Number) -> Callable[[click.Context, click.Parameter, str | None], Decimal | None]:
    """An option's callback that reads an exact number as a field of that kind is read in a spec."""

    def read(context: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
        if value is None:
            return None
        try:
            number: Decimal = kind.read(value, Decimal(0))
        except Refused as refused:
            raise click.BadParameter(refused.message) from None
        return number

    return read


to_hours, to_amount = to_number(Amount("h")), to_number(Money())


def to_days(context: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A number of days, ``90`` or ``90d``, as an option's callback."""
    if value is None:
        return None
    text = value.removesuffix("d")
    if not text.isdigit():
        raise click.BadParameter(f"{value!r} is not a number of days like 90d")
    return min(int(text), NEVER_STALE)


class Asked(NamedTuple):
    """What the shared options say."""

    format: str | None
    outputs: tuple[str, ...]
    on: str
    overrides: Overrides
    strict: bool
    max_age: int | None
    book: PriceBook
    color: str
    quiet: bool
    verbose: bool

    @property
    def stale_after(self) -> int:
        """Days after which a price that nobody has seen since is stale."""
        # Imported here: not every command with options estimates.
        from costkit.estimating import STALE_AFTER_DAYS

        return STALE_AFTER_DAYS if self.max_age is None else self.max_age

    @property
    def refuses_stale(self) -> bool:
        """Whether stale prices are no answer."""
        return self.strict or self.max_age is not None


def _complete_region(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [region for region in price_book().regions() if region.startswith(incomplete)]


def shared_options(formats: tuple[str, ...] = FORMATS) -> list[click.Option]:
    """The options of every command that estimates, for help and for the one-liners."""
    return [
        click.Option(["-f", "--format"], type=click.Choice(formats), help="How to answer.  [default: table]"),
        click.Option(
            ["-o", "--output", "outputs"], multiple=True, metavar="[FORMAT=]FILE", help="Write there; repeatable."
        ),
        click.Option(["--region"], shell_complete=_complete_region, help="Region of resources that name none."),
        click.Option(["--on"], metavar="DATE", callback=to_day, help="Use the prices of that day.  [default: today]"),
        click.Option(
            ["--month-hours"], metavar="HOURS", callback=to_hours, help="Length of the month.  [default: 730]"
        ),
        click.Option(
            ["--free-tier/--no-free-tier"], default=None, help="Apply the always-free allowances.  [default: yes]"
        ),
        click.Option(["--strict"], is_flag=True, help="Exit 4 if anything is missing or stale."),
        click.Option(
            ["--max-age"],
            metavar="DAYS",
            callback=to_days,
            help="Exit 4 if prices were last seen longer ago.  [default: warn at 90d]",
        ),
        click.Option(
            ["--prices"],
            type=click.Path(exists=True, file_okay=False),
            multiple=True,
            help="Price tables laid over the shipped ones.",
        ),
        click.Option(
            ["--color"], type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the table."
        ),
        click.Option(["-q", "--quiet"], is_flag=True, help="No warnings."),
        click.Option(["-v", "--verbose"], is_flag=True, help="Say more; show the traceback of a bug."),
    ]


def with_shared_options(formats: tuple[str, ...] = FORMATS) -> Callable[..., Any]:
    """A decorator that gives a function the shared options, as one ``asked`` argument."""

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(**values: Any) -> Any:
            return command(asked=asked_from(values), **values)

        return grouped(command, wrapper, shared_options(formats))

    return decorated


def asked_from(values: dict[str, Any]) -> Asked:
    """Take the shared options out of a command's values."""
    overrides = Overrides(values.pop("region"), values.pop("month_hours"), values.pop("free_tier"))
    return Asked(
        format=values.pop("format"),
        outputs=values.pop("outputs"),
        on=values.pop("on") or today(),
        overrides=overrides,
        strict=values.pop("strict"),
        max_age=values.pop("max_age"),
        book=price_book(values.pop("prices")),
        color=values.pop("color"),
        quiet=values.pop("quiet"),
        verbose=values.pop("verbose"),
    )


def today() -> str:
    """The day in UTC."""
    return present_moment().date().isoformat()


def present_moment() -> datetime.datetime:
    """Now, in UTC; SOURCE_DATE_EPOCH sets it, so that a build can be repeated.

    https://reproducible-builds.org/docs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return datetime.datetime.now(datetime.UTC)


def price_book(overlays: tuple[str, ...] = (), names: Mapping[str, str] = {}) -> PriceBook:
    """The shipped prices under a team's own, shown by ``names``, with compiled copies in the user's cache."""
    for directory in overlays:
        refuse_empty(directory)
    return PriceBook(overlays, cache_directory(), names)


def refuse_empty(directory: str) -> None:
    """Raise CostkitError for a directory without a single table: it would look as if all were well."""
    # Imported here: few commands have tables of a team's own.
    from costkit.pricebook.shipped import RULES, is_table

    known = {RULES, *os.listdir(shipped_directory())}
    found = ((folder, name) for folder, _, names in os.walk(directory) for name in names if name.endswith(".yaml"))
    if not any(
        {name, os.path.basename(folder)} & known or is_table(os.path.join(folder, name)) for folder, name in found
    ):
        hint = "tables are files such as nat_gateway.yaml"
        raise CostkitError([Problem("CK101", directory, "no price table in this directory", hint)])


def with_own_prices(asked: Asked, document: "Document") -> Asked:
    """The same with the tables that a spec names under those of ``--prices``, and with prices that a snapshot has."""
    # Imported here: a one-line command has no document.
    from costkit.inputs.own_prices import own_prices

    named = own_prices(document)
    book = asked.book
    if named:
        names = {**book.names, **dict(document.tables or ())}
        book = price_book((*book.overlays, *named), names)
    return asked._replace(book=book.with_prices(document.prices))


def cache_directory() -> str:
    """The user's own directory for compiled tables (https://specifications.freedesktop.org/basedir-spec/)."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "costkit")
