"""What ``costkit report`` answers with instead of the monthly report: a FOCUS dataset, a bill at other prices, an
estimate beside the bill; and an estimate alone, reported as if it were a bill.
"""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from costkit.cli import exit_codes
from costkit.cli.answer import is_stale
from costkit.cli.option_groups import grouped
from costkit.cli.output import tell, warn
from costkit.cli.report_delivery import Delivery, tell_control_total
from costkit.cli.report_engine import ENGINES, Where, told
from costkit.cli.report_focus import Focus, with_focus_options, write_focus
from costkit.cli.report_prices import (
    RESOURCE,
    TAG,
    Priced,
    estimate_of,
    with_price_options,
    write_against_estimate,
    write_rerate,
)
from costkit.model.problem import CostkitError, Problem

if TYPE_CHECKING:
    from costkit.billing.engine import Engine
    from costkit.billing.files import BillFiles
    from costkit.billing.report import BillReader

DUCKDB = ENGINES[0]


class Instead(NamedTuple):
    """What is asked for instead of the monthly report, if anything."""

    focus: Focus
    priced: Priced
    # Whether nothing is missing or stale in the estimate that stands in for a bill.
    complete: bool = True

    @property
    def wanted(self) -> bool:
        """Whether it is not the monthly report that is asked for."""
        return self.focus.wanted or self.priced.rerate or self.priced.estimate is not None

    def with_bill(
        self, bills: tuple[str, ...], where: Where, months: Sequence[str], delivery: Delivery
    ) -> tuple[tuple[str, ...], "Instead"]:
        """The bills; an estimate without one is written as a bill of the month, and is no longer compared with any.

        Raises CostkitError for two answers at once, and for an engine that cannot give this one.
        """
        there = bool(bills or where.table)
        self._refuse_mixtures(there, months)
        if where.engine != DUCKDB:
            self._refuse_engine(there)
        if there or self.priced.estimate is None:
            return bills, self
        path, complete = _estimate_as_bill(self.priced, "".join(months) or self.priced.day[:7], delivery)
        return (path,), Instead(self.focus, self.priced._replace(estimate=None), complete)

    def _refuse_engine(self, with_bill: bool) -> None:
        """Raise CostkitError for what DuckDB alone does, on this machine."""
        alone = self.priced.estimate is not None and not with_bill
        if self.focus.wanted or alone:
            what = "a FOCUS dataset is written" if self.focus.wanted else "an estimate without a bill is reported"
            hint = "leave --engine out"
            raise CostkitError([Problem("CK620", "--engine", f"{what} by DuckDB alone", hint)])

    def _refuse_mixtures(self, with_bill: bool, months: Sequence[str]) -> None:
        """Raise CostkitError for two answers at once, and for options of an answer that nobody asked for."""
        priced = self.priced
        compared = priced.estimate is not None and (with_bill or priced.rerate)
        answers = {"--columns": self.focus.wanted, "--rerate": priced.rerate, "--estimate": compared}
        asked = [name for name, wanted in answers.items() if wanted]
        if len(asked) > 1:
            message = f"{asked[0]} and {asked[1]} are two answers"
            raise CostkitError([Problem("CK645", asked[0], message, "ask for them one by one")])
        if self.wanted and len(months) > 1:
            message = "only a report has months side by side"
            raise CostkitError([Problem("CK645", "--month", message, "ask for them one by one")])
        options = {"--on": priced.on, "--region": priced.region, "--prices": priced.book_directories}
        idle = [name for name, value in options.items() if value and not priced.rerate and priced.estimate is None]
        if priced.group and priced.estimate is None:
            idle.append("--match")
        if idle:
            message = f"{idle[0]} says nothing here"
            raise CostkitError([Problem("CK645", idle[0], message, "it goes with --estimate or --rerate")])

    @property
    def _tags(self) -> tuple[str, ...]:
        """The tags that the bill is opened with beside its groups: one to match an estimate by."""
        return (self.priced.group,) if self.priced.group.startswith(TAG) else ()

    def _details(self) -> tuple[str, ...]:
        """What the bill's sums are told apart by beside its groups, to find their meters."""
        if self.priced.estimate is None and not self.priced.rerate:
            return ()
        from costkit.billing.usage import OF_USAGE

        return (*OF_USAGE, *((RESOURCE,) if self.priced.group == RESOURCE else ()))

    def answer(
        self, engine: "Engine", files: "BillFiles", months: Sequence[str], metric: str, delivery: Delivery
    ) -> int:
        """Write the answer of the month, or of the last one in the bill; returns the exit code."""
        from costkit.billing.report import BillReader

        reader = BillReader(engine, files, (), self._tags, details=self._details())
        asked = months or reader.months()[-1:]
        if not asked:
            raise CostkitError([Problem("CK606", reader.where, "the bill has no lines", "is it the right export?")])
        code = self._answer(reader, asked[0], metric, delivery)
        reader.close()
        scanned = told(engine)
        if scanned and not delivery.quiet:
            tell(scanned)
        return code

    def _answer(self, reader: "BillReader", month: str, metric: str, delivery: Delivery) -> int:
        if self.focus.wanted:
            code = write_focus(reader, month, self.focus.version, delivery)
            return exit_codes.INCOMPLETE if delivery.strict and not self.complete else code
        if self.priced.rerate:
            complete = write_rerate(reader, month, self.priced, delivery)
        else:
            complete = write_against_estimate(reader, month, metric, self.priced, delivery)
        ties = _tied(reader, month, delivery)
        whole = complete and ties and self.complete
        return exit_codes.INCOMPLETE if delivery.strict and not whole else exit_codes.ANSWERED


def _tied(reader: "BillReader", month: str, delivery: Delivery) -> bool:
    """Whether the month's charges, of which an answer is made, are the bill's; told on standard error."""
    from costkit.billing.report import broken

    controls = reader.controls(month)
    problems = broken(controls)
    warn(problems, delivery.quiet)
    if not delivery.quiet:
        tell_control_total(month, controls)
    return not any(problem.hides_cost for problem in [*reader.problems, *problems])


def with_other_answers(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function the options of all other answers, as one ``instead`` argument."""

    def wrapper(focus: Focus, priced: Priced, **values: Any) -> Any:
        return command(instead=Instead(focus, priced), **values)

    return with_focus_options(with_price_options(grouped(command, wrapper)))


def _estimate_as_bill(priced: Priced, month: str, delivery: Delivery) -> tuple[str, bool]:
    """Write the estimate as a bill; returns its path, and whether nothing in it is missing or stale."""
    from costkit.billing.focus.from_estimate import write_estimate
    from costkit.cli.options import price_book
    from costkit.reports.wording import dated_notes

    found = estimate_of(priced)
    charges = (*(charge for cost in found.resources for charge in cost.charges), *found.account)
    if all(charge.cost is None for charge in charges):
        message = "nothing in this estimate has a cost"
        hint = "costkit estimate says what is missing"
        raise CostkitError([*found.problems, Problem("CK645", str(priced.estimate), message, hint)])
    book = price_book(priced.book_directories)
    regions = {code: str(region["name"]) for code, region in book.regions().items()}
    path = os.path.join(delivery.spill, "estimate.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        write_estimate(found, month, frozenset(book.table_names()), regions, file)
    warn(dict.fromkeys(found.problems), delivery.quiet)
    if not delivery.quiet:
        for note in dated_notes(found.price_dates, found.overlays, found.on):
            tell(note)
    return path, found.complete and not is_stale(found.problems)
