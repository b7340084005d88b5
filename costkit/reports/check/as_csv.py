"""The verdict as CSV: a budget or rule a row; ``actual`` is the amount."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.verdict import Check, Result
from costkit.reports.as_csv import cell
from costkit.reports.check.sentences import sentence

COLUMNS = (
    "name",
    "gate",
    "kind",
    "status",
    "against",
    "limit",
    "actual",
    "headroom",
    "before",
    "after",
    "change_percent",
    "missing",
    "currency",
    "resources",
    "waived_until",
    "message",
    "own_prices",
)


def render(check: Check) -> Iterator[str]:
    """The rows, each ending as RFC 4180 wants it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(check, result) for result in check.results)
    yield buffer.getvalue()


def _row(check: Check, result: Result) -> list[str]:
    return [
        cell(check.estimate.name),
        cell(result.name),
        result.kind,
        result.status,
        result.against,
        _number(result.limit),
        _number(result.actual),
        _number(result.headroom),
        _number(result.before),
        _number(result.after),
        _number(result.percent),
        str(result.missing),
        check.estimate.currency,
        cell(" ".join(mover.name for mover in result.movers)),
        result.waiver.until if result.waiver else "",
        cell(sentence(result)),
        cell("; ".join(check.overlays)),
    ]


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
