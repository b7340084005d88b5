"""Regions as JSON: an option a region in the shape of every comparison, each with its difference to today."""

from collections.abc import Iterator
from typing import Any

from costkit import __version__
from costkit.model.comparison import Comparison, Option
from costkit.model.exact import plain
from costkit.reports.as_json import SCHEMA_VERSION, encoded, number, price_range, problem
from costkit.reports.compare.entries import charge_entry, option_entry
from costkit.reports.compare.regions_words import change, sentence


def render(comparison: Comparison) -> Iterator[str]:
    """The document in pieces. ``complete`` says that at least one region is known whole, so that there is an answer."""
    shown, today = comparison.shown, comparison.in_use
    first = shown[0].estimate
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "currency": first.currency,
        "on": first.on,
        "month_hours": plain(first.month_hours),
        "complete": comparison.best is not None,
        "workload": dict(comparison.subject),
        "present": None if today is None else today.name,
        "cheapest": None if comparison.best is None else comparison.best.name,
        "close": list(comparison.close),
        "verdict": sentence(comparison),
        "assumptions": list(comparison.notes),
        "today": None if comparison.today is None else _option(comparison, comparison.today),
    }
    for key, value in head.items():
        yield f"{'{' if key == 'schema_version' else ' '}{encoded(key)}: {encoded(value)},\n"
    yield ' "options": ['
    for place, option in enumerate(comparison.options):
        yield f"{',' if place else ''}\n  {encoded(_option(comparison, option))}"
    tail = {
        "break_even": [],
        "problems": [problem(found) for found in comparison.problems],
        "prices": price_range(*(option.estimate for option in shown)),
    }
    yield "],\n " + ",\n ".join(f"{encoded(key)}: {encoded(value)}" for key, value in tail.items()) + "}\n"


def _option(comparison: Comparison, option: Option) -> dict[str, Any]:
    found, difference = option.estimate, change(comparison, option)
    return {
        **option_entry(option),
        "difference": number(difference and difference.amount),
        "difference_percent": number(difference and difference.percent),
        "instances": None,
        "place": dict(option.facts).get("place"),
        "assumptions": list(option.assumptions),
        "charges": [charge_entry(own.resource.name, charge) for own in found.resources for charge in own.charges],
        "missing": [f"{found.code} {found.message}" for found in found.problems if found.hides_cost],
    }
