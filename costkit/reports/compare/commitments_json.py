"""Commitments as JSON: an option each in the shape of every comparison, with its level and what it does."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit import __version__
from costkit.model.comparison import Comparison, Option
from costkit.model.exact import plain
from costkit.reports.as_json import SCHEMA_VERSION, encoded, number, price_range, problem
from costkit.reports.compare.commitments_csv import FACTS
from costkit.reports.compare.commitments_words import best_of, fact, proven, sentence
from costkit.reports.compare.entries import charge_entry, option_entry


def render(comparison: Comparison) -> Iterator[str]:
    """The document in pieces, one option a line."""
    today = comparison.today
    best = best_of(comparison)
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": __version__,
        "currency": today.estimate.currency if today else None,
        "on": today.estimate.on if today else None,
        "month_hours": plain(today.estimate.month_hours) if today else None,
        "complete": not any(found.hides_cost for found in comparison.problems),
        "workload": dict(comparison.subject),
        "present": None,
        "today": None if today is None else {"monthly_cost": plain(today.estimate.cost)},
        "cheapest": None if best is None else best.name,
        "close": [],
        "verdict": sentence(comparison),
        "assumptions": list(comparison.notes),
    }
    yield "{"
    for key, value in head.items():
        yield f"{encoded(key)}: {encoded(value)},\n "
    yield '"options": ['
    for place, option in enumerate(comparison.options):
        yield f"{',' if place else ''}\n  {encoded(_option(option, comparison))}"
    tail = {
        "break_even": [],
        "problems": [problem(found) for found in comparison.problems],
        "prices": price_range(*(option.estimate for option in comparison.shown)),
    }
    yield "],\n " + ",\n ".join(f"{encoded(key)}: {encoded(value)}" for key, value in tail.items()) + "}\n"


def _option(option: Option, comparison: Comparison) -> dict[str, Any]:
    """An option; its charges are those that the commitment changes, ``unchanged`` is the sum of all others."""
    found, today = option.estimate, comparison.today
    known = {own.resource.name: own for own in today.estimate.resources} if today else {}
    changed = [own for own in found.resources if known.get(own.resource.name) != own]
    charges = [charge_entry(own.resource.name, charge) for own in changed for charge in own.charges]
    account = [charge_entry("account", charge) for charge in found.account]
    names = {own.resource.name for own in changed}
    rest = sum((own.cost for own in found.resources if own.resource.name not in names), Decimal(0))
    facts = {name: fact(option, name) or None for name in FACTS if name != "commitment"}
    return {
        **option_entry(option),
        "rates_proven": proven(option),
        "instances": number(option.instances),
        **facts,
        "assumptions": list(option.assumptions),
        "charges": [*charges, *account],
        "unchanged": plain(rest),
    }
