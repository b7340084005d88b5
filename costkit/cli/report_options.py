"""The options of ``costkit report`` that bring more than rows: allocation, budgets, forecast and anomalies."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import click

from costkit.cli import exit_codes
from costkit.cli.files import both, read
from costkit.cli.option_groups import grouped
from costkit.cli.options import price_book
from costkit.model.allocation import AllocationRule
from costkit.model.bill import FinanceReport
from costkit.model.outlook import Thresholds
from costkit.model.policy import Policy
from costkit.model.problem import CostkitError, Problem
from costkit.model.verdict import FAILED, INCOMPLETE

OVER, FORECAST, ANOMALY = "over", "forecast", "anomaly"


class Extras(NamedTuple):
    """What the options say. ``rules`` None means that costs are not allocated, the others accordingly."""

    rules: tuple[AllocationRule, ...] | None
    policy: Policy | None
    forecast: bool
    thresholds: Thresholds | None
    fail_on: tuple[str, ...]

    def refuse(self) -> None:
        """Raise CostkitError for those that are given where no report of a month is asked for."""
        given = {
            "--allocate": self.rules is not None,
            "--budget": self.policy is not None,
            "--forecast": self.forecast,
            "--anomalies": self.thresholds is not None,
        }
        problems = [
            Problem("CK645", name, f"{name} says nothing here", "it goes with the report of a month")
            for name, wanted in given.items()
            if wanted
        ]
        if problems:
            raise CostkitError(problems)


def with_extras(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function these options as one ``extras`` argument."""

    def wrapper(
        allocate: str | None,
        budget: str | None,
        forecast: bool,
        anomalies: bool,
        changes: tuple[str, ...],
        fail_on: tuple[str, ...],
        **values: Any,
    ) -> Any:
        thresholds = _thresholds(changes) if anomalies or changes else None
        _refuse_idle(fail_on, budget is not None, forecast, thresholds is not None)
        rules, policy = both(lambda: _rules(allocate), lambda: _policy(budget))
        return command(extras=Extras(rules, policy, forecast, thresholds, fail_on), **values)

    options = [
        click.Option(["--allocate"], metavar="RULES", help="Give costs to owners by rules; adds the group owner."),
        click.Option(["--budget"], metavar="FILE", help="Compare with the limits of a budget file."),
        click.Option(["--forecast"], is_flag=True, help="Say what an open month will have cost at its end."),
        click.Option(["--anomalies"], is_flag=True, help="Say which days are not like those before."),
        click.Option(
            ["--threshold", "changes"],
            multiple=True,
            metavar="NAME=NUMBER",
            help=f"Of anomalies: {', '.join(Thresholds._fields)}; repeatable.",
        ),
        click.Option(
            ["--fail-on"],
            multiple=True,
            type=click.Choice([OVER, FORECAST, ANOMALY]),
            help="Exit 3 for a budget that is exceeded, that the forecast exceeds, or for an anomaly.",
        ),
    ]
    return grouped(command, wrapper, options)


def exit_code(found: FinanceReport, fail_on: tuple[str, ...], strict: bool) -> int:
    """4 where something is not certain and ``strict`` wants it so, then 3 for what must not be there."""
    outlook = found.outlook
    budgets = outlook.budgets or ()
    whole = all(control.holds for control in found.controls)
    whole = whole and not any(problem.hides_cost for problem in found.problems)
    # A verdict on what could not be looked at would always pass.
    unjudged = {
        FORECAST: found.status == "open" and not outlook.forecasts,
        ANOMALY: outlook.anomalies is not None and not outlook.anomalies.through,
    }
    whole = whole and not any(unjudged.get(word) for word in fail_on)
    if strict and not (whole and all(budget.status != INCOMPLETE for budget in budgets)):
        return exit_codes.INCOMPLETE
    failed = {
        OVER: any(budget.status == FAILED for budget in budgets),
        FORECAST: any(budget.exceeding for budget in budgets),
        ANOMALY: outlook.anomalies is not None and bool(outlook.anomalies.found),
    }
    return exit_codes.GATE_FAILED if any(failed[word] for word in fail_on) else exit_codes.ANSWERED


def _refuse_idle(fail_on: tuple[str, ...], budget: bool, forecast: bool, anomalies: bool) -> None:
    """Refuse a verdict on what is not looked at: it would always pass."""
    wants = {OVER: "--budget" * (not budget), ANOMALY: "--anomalies" * (not anomalies)}
    wants[FORECAST] = "--budget" * (not budget) or "--forecast" * (not forecast)
    for word in fail_on:
        if wants[word]:
            raise click.UsageError(f"--fail-on {word} needs {wants[word]}.", click.get_current_context())


def _thresholds(changes: tuple[str, ...]) -> Thresholds:
    from costkit.model.kind import Amount, Refused

    found: dict[str, Decimal] = {}
    for change in changes:
        name, _, number = change.partition("=")
        if name not in Thresholds._fields:
            message = f"{name!r} is no threshold; there are {', '.join(Thresholds._fields)}"
            raise click.BadParameter(message, param_hint="--threshold")
        try:
            found[name] = Amount("").read(number, Decimal(0))
        except Refused as refused:
            raise click.BadParameter(f"{change!r}: {refused.message}", param_hint="--threshold") from None
    return Thresholds(**found)


def _rules(path: str | None) -> tuple[AllocationRule, ...] | None:
    if path is None:
        return None
    from costkit.inputs.allocation_rules import read_rules

    return read_rules(read(path))


def _policy(path: str | None) -> Policy | None:
    if path is None:
        return None
    from costkit.inputs.policy import read_policy

    return read_policy(read(path), price_book())
