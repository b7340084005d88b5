"""Changes of prices as rows: of ``costkit prices diff`` and ``costkit prices refresh``."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from costkit.model.exact import plain
from costkit.pricebook.comparing import Change, percent, price_at, steps
from costkit.pricebook.refresh.judging import Judged, Plan
from costkit.pricebook.refresh.running import Run
from costkit.reports.as_json import problem
from costkit.reports.wording import percentage, signed

Row = dict[str, str]
FOR_PEOPLE = ("table", "markdown")
CHANGE_COLUMNS = ("table", "meter", "region", "from", "old", "new", "percent", "unit", "change")
PLAN_COLUMNS = (*CHANGE_COLUMNS, "effective", "published", "source", "asks", "note")


def change_rows(changes: Iterable[Change], unit: Callable[[Change], str], form: str) -> Iterator[Row]:
    """A row for each tier of each change; percent rounded for people and exact for programs."""
    for change in changes:
        table, meter, kind, region = change.key
        for start, old, new in steps(change.old, change.new):
            if old == new:
                continue  # a tier that stays as it is
            yield {
                "table": table,
                "meter": f"{meter}.{kind}" if kind else meter,
                "region": region,
                "from": plain(start),
                "old": _price(change.old is not None and price_at(change.old, start) is None, old),
                "new": _price(change.new is not None and price_at(change.new, start) is None, new),
                "percent": _percent(percent(old, new), form),
                "unit": unit(change),
                "change": change.kind,
            }


def plan_rows(plans: Iterable[Plan], unit: Callable[[Change], str], form: str) -> Iterator[Row]:
    """The same for rows that a refresh would append, with their days and why they need a second look."""
    for plan in plans:
        for row in change_rows([plan.change], unit, form):
            yield row | {
                "effective": plan.effective,
                "published": plan.confirmed,
                "source": plan.source,
                "asks": plan.grave,
                "note": plan.note,
            }


def used_days(days: Iterable[str | None]) -> tuple[str, str] | None:
    """The first and the last of the days since which prices hold; None where there is no price."""
    known = [day for day in days if day]
    return (min(known), max(known)) if known else None


def _price(unproven: bool, price: Decimal | None) -> str:
    return "unproven" if unproven else "" if price is None else plain(price)


def _percent(number: Decimal | None, form: str) -> str:
    if number is None:
        return ""
    return signed(number, percentage) if form in FOR_PEOPLE else plain(number)


def refresh_facts(run: Run, judged: Judged) -> dict[str, Any]:
    """What a refresh says in JSON beside its rows: what was read, what was not taken and why."""
    gathered = run.gathered
    kinds = [plan.change.kind for plan in judged.plans]
    return {
        "complete": not run.problems and not gathered.unknown,
        "problems": [problem(one) for one in run.problems],
        "counts": {"same": len(judged.same), **{kind: kinds.count(kind) for kind in ("changed", "new", "ended")}},
        "unnoted": judged.unnoted,
        "asks": bool(judged.grave),
        "publications": [
            {"source": key, "offer": one.offer, "version": one.version, "published": one.published, "place": one.place}
            for key, one in sorted(gathered.publications.items())
        ],
        "unknown": [one._asdict() for one in gathered.unknown],
        "narrowed": run.narrowed,
        "late": [
            {"price": " ".join(filter(None, key)), "confirmed": confirmed, "published": published}
            for key, confirmed, published in judged.late
        ],
        "ignored": dict(sorted(gathered.ignored.items())),
    }
