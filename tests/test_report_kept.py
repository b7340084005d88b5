"""What a report keeps of a bill: no more than it is asked for, and days only for those who look at days."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from billing_rows import Line, day_line, month_line, write_bill

from costkit.billing.duckdb_engine import DuckEngine
from costkit.billing.files import find
from costkit.billing.report import BillReader
from costkit.billing.reporting import Wanted
from costkit.model.allocation import AllocationRule
from costkit.model.outlook import Thresholds
from costkit.model.policy import Budget, Policy, Scope

DAYS, HOURS, RESOURCES = 3, 4, 5
PLAIN = Wanted(("2026-10",), "effective", previous=False)
EVERYWHERE = AllocationRule("all", Scope(), to="web")


def scoped(**scope: tuple[str, ...]) -> Policy:
    return Policy((Budget("b", Scope(**scope), "expected"),))


def lines() -> Iterator[Line]:
    """Lines of every hour, and two for the whole month."""
    for day in range(1, DAYS + 1):
        for hour in range(HOURS):
            for number in range(RESOURCES):
                start, end = (f"2026-10-{day:02}T{each:02}:00:00Z" for each in (hour, hour + 1))
                more = {"start": start, "end": end, "resource": f"r{number}", "region": f"region{number % 2}"}
                yield day_line(f"2026-10-{day:02}", "1", **more)
    yield month_line("2026-10", "7", resource="r0", region="region0")
    yield month_line("2026-10", "8", resource="r0", region="region0")


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (PLAIN, 1),
        (PLAIN._replace(policy=scoped()), 1),
        (PLAIN._replace(policy=scoped(regions=("region1",))), 2),
        (PLAIN._replace(policy=scoped(resources=("r1",))), RESOURCES),
        # What is charged for the whole month has no day.
        (PLAIN._replace(forecast=True), DAYS + 1),
        (PLAIN._replace(thresholds=Thresholds()), DAYS + 1),
        (PLAIN._replace(rules=(EVERYWHERE,)), RESOURCES),
        (PLAIN._replace(rules=(EVERYWHERE,), forecast=True), DAYS * RESOURCES + 1),
        (PLAIN._replace(previous=True), 1),
    ],
)
def test_a_bill_is_added_up_by_what_is_asked_for_and_no_more(tmp_path: Path, wanted: Wanted, rows: int) -> None:
    path = write_bill(tmp_path / "bill.csv", lines())
    reader = BillReader(
        DuckEngine(str(tmp_path)), find([path]), ("service",), wanted.tags, wanted.computed, wanted.details
    )
    [(kept, whole)] = reader.held.rows("SELECT COUNT(*), SUM(lines) FROM sums", reader.where)
    assert (kept, whole) == (rows, DAYS * HOURS * RESOURCES + 2)
    days = [day for (day,) in reader.held.rows("SELECT day FROM facts GROUP BY day ORDER BY day NULLS LAST", "")]
    by_day = wanted.forecast or wanted.thresholds is not None
    assert days == ([f"2026-10-{day:02}" for day in range(1, DAYS + 1)] if by_day else []) + [None]
    reader.close()
