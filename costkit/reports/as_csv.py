"""The estimate as CSV: a charge a row, plain decimals, text that no spreadsheet will run."""

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from costkit.model.charge import Charge, Estimate
from costkit.model.exact import plain
from costkit.model.resource import Resource
from costkit.reports.wording import harmless

COLUMNS = (
    "name",
    "resource",
    "type",
    "region",
    "meter",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "monthly_cost",
    "low",
    "high",
    "currency",
    "status",
    "price_date",
    "source",
)
# A spreadsheet takes a cell that starts like this for a formula:
# https://owasp.org/www-community/attacks/CSV_Injection; the wide forms are the same signs to an East Asian one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A CI runs what starts a line like this in its log:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
COMMAND = re.compile(r"\n(?=\s*(?:::|##\[))")


def render(estimate: Estimate) -> Iterator[str]:
    """The lines; ``monthly_cost`` adds up to the total."""
    return lines(_rows(estimate))


def _rows(estimate: Estimate) -> Iterator[list[str]]:
    tags = sorted({key for cost in estimate.resources for key in cost.resource.tags})
    yield [*COLUMNS, *(f"tag_{cell(key)}" for key in tags)]
    for cost in estimate.resources:
        own = [cell(cost.resource.tags.get(key, "")) for key in tags]
        for charge in cost.charges:
            yield [*_cells(estimate, cost.resource, charge), *own]
    for charge in estimate.account:
        nobody = Resource("", "account", "", None)
        yield [*_cells(estimate, nobody, charge), *("" for _ in tags)]


def cell(text: str) -> str:
    """Text as a cell that is shown and never run, neither by a spreadsheet, nor by a terminal, nor by a CI's log."""
    shown = text if text.isprintable() else "\n".join(harmless(line) for line in text.split("\n"))
    shown = COMMAND.sub(" ", shown) if "\n" in shown else shown
    return f"'{shown}" if text.startswith(FORMULA_STARTS) else shown


def _cells(estimate: Estimate, resource: Resource, charge: Charge) -> list[str]:
    return [
        cell(estimate.name),
        cell(resource.name),
        resource.type,
        resource.region,
        cell(charge.meter),
        cell(charge.title),
        number(charge.quantity),
        charge.unit,
        number(charge.unit_price),
        number(charge.cost),
        number(charge.low),
        number(charge.high),
        estimate.currency,
        charge.status,
        charge.price_date,
        cell(charge.source),
    ]


def number(amount: Decimal | None) -> str:
    """A plain decimal as a cell, empty for what is not known."""
    return "" if amount is None else plain(amount)


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it; one by one, so that a large report is never held as one text."""
    return map(csv.writer(_Passing(), lineterminator="\r\n").writerow, rows)


class _Passing:
    """A file that hands back what is written to it, so that ``writerow`` returns its line."""

    def write(self, line: str) -> str:
        return line
