"""The estimate explained: each number's arithmetic, where its inputs came from, and who said the price."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from costkit.model.charge import ALLOWANCE, Charge, Estimate, ResourceCost
from costkit.model.exact import plain
from costkit.reports.wording import footnotes, harmless, leading, marked, money, total_label

# Fifty digits of a fraction help nobody; the JSON has them all.
LONG = re.compile(r"(\.\d{12})\d{4,}")
SHORT = r"\1..."


class Input(NamedTuple):
    """A field as somebody wrote it, and where: a file's line, a flag, or a default."""

    field: str
    value: str
    where: str


def render(
    estimate: Estimate, inputs: Mapping[str, Sequence[Input]], sources: Mapping[str, str], only: str = ""
) -> Iterator[str]:
    """The lines of the explanation; ``only`` names one resource, ``sources`` the titles of source keys."""
    shown = [cost for cost in estimate.resources if not only or cost.resource.name == only]
    for cost in shown:
        yield from _resource(cost, inputs.get(cost.resource.name, ()), sources)
    for charge in () if only else estimate.account:
        yield from _charge(charge, sources)
    if only and len(estimate.resources) > 1:
        yield f"Part of a total of {total_label(estimate)} a month.\n"
    else:
        yield f"Total a month: {total_label(estimate)}\n"
    for note in footnotes(estimate):
        yield f"{note}\n"


def _resource(cost: ResourceCost, inputs: Sequence[Input], sources: Mapping[str, str]) -> Iterator[str]:
    resource = cost.resource
    copies = "" if resource.copies == 1 else f", {plain(resource.copies)} copies"
    yield f"{leading(resource.name)}  {money(cost.cost)}\n"
    yield f"  {resource.type}, {resource.region}{copies}\n"
    for given in inputs:
        yield f"  {harmless(given.field)}: {harmless(given.value)}  ({harmless(given.where)})\n"
    for charge in cost.charges:
        yield from _charge(charge, sources)
    yield "\n"


def _charge(charge: Charge, sources: Mapping[str, str]) -> Iterator[str]:
    amount = charge.status.replace("_", " ") if charge.cost is None else LONG.sub(SHORT, plain(charge.cost))
    yield f"\n  {charge.meter}  {amount}\n"
    yield f"    {marked(harmless(charge.title), charge)}\n"
    for step in charge.steps:
        yield f"    {LONG.sub(SHORT, step)}\n"
    if charge.source:
        row, _, keys = charge.source.partition(" ")
        what = "allowance" if charge.status == ALLOWANCE else "price"
        yield f"    {what} of {charge.price_date}, last seen {charge.confirmed}: {row}\n"
        for key in keys.split(";"):
            yield f"      {harmless(sources.get(key, key))}\n"
    if charge.doubt:
        yield f"    doubt: {harmless(charge.doubt)}\n"
