"""A comparison as JSON: a stable schema, exact numbers as text, one option a line."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit import __version__
from costkit.model.comparison import BreakEven, Comparison, Option
from costkit.model.exact import plain
from costkit.reports.as_json import SCHEMA_VERSION, array, encoded, number, price_range, problem
from costkit.reports.compare.entries import charge_entry, option_entry
from costkit.reports.compare.sentences import seconds_of, verdict


def render(comparison: Comparison) -> Iterator[str]:
    """The document in pieces. ``complete`` says that at least one option is known whole, so that there is an answer."""
    first = comparison.options[0].estimate if comparison.options else None
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "currency": first.currency if first else None,
        "on": first.on if first else None,
        "month_hours": plain(first.month_hours) if first else None,
        "complete": comparison.best is not None,
        "workload": dict(comparison.subject),
        "present": comparison.present or None,
        "cheapest": comparison.best.name if comparison.best else None,
        "close": list(comparison.close),
        "verdict": verdict(comparison),
        "assumptions": list(comparison.notes),
    }
    yield "{"
    for key, value in head.items():
        yield f"{encoded(key)}: {encoded(value)},\n "
    yield from array("options", map(_option, comparison.options))
    yield from array("break_even", (_break_even(comparison, one) for one in comparison.break_even))
    yield from array("curves", ({"option": c.option, "points": _points(c.points)} for c in comparison.curves))
    yield from array("problems", map(problem, comparison.problems))
    prices = price_range(*(option.estimate for option in comparison.options))
    yield f'"prices": {encoded(prices)}}}\n'


def _option(option: Option) -> dict[str, Any]:
    found = option.estimate
    charges = [charge_entry(own.resource.name, charge) for own in found.resources for charge in own.charges]
    return {
        **option_entry(option),
        "instances": number(option.instances),
        **dict(option.facts),
        "assumptions": list(option.assumptions),
        "charges": [*charges, *(charge_entry("account", charge) for charge in found.account)],
    }


def _break_even(comparison: Comparison, one: BreakEven) -> dict[str, Any]:
    seconds = seconds_of(comparison, one)
    amount = plain(one.amount)
    requests = {} if seconds is None else {"requests_per_month": amount, "requests_per_second": plain(seconds)}
    sides = {"below": one.below, "above": one.above, "exact": one.exact}
    return {"option": one.option, "against": one.against, **requests, "unit": one.unit, "amount": amount, **sides}


def _points(points: tuple[tuple[Decimal, Decimal], ...]) -> list[list[str]]:
    return [[plain(volume), plain(cost)] for volume, cost in points]
