"""The verdict as CSV: a budget or rule a row; ``actual`` is the amount."""

from collections.abc import Iterator

from costkit.model.verdict import Check, Result
from costkit.reports.as_csv import cell, lines, number
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
    """The lines."""
    return lines([COLUMNS, *(_row(check, result) for result in check.results)])


def _row(check: Check, result: Result) -> list[str]:
    return [
        cell(check.estimate.name),
        cell(result.name),
        result.kind,
        result.status,
        result.against,
        number(result.limit),
        number(result.actual),
        number(result.headroom),
        number(result.before),
        number(result.after),
        number(result.percent),
        str(result.missing),
        check.estimate.currency,
        cell(" ".join(mover.name for mover in result.movers)),
        result.waiver.until if result.waiver else "",
        cell(sentence(result)),
        cell("; ".join(check.overlays)),
    ]
