"""The meters whose cost changed most from one month to the next, and why."""

from decimal import Decimal
from typing import Any

from costkit.billing.accounting import in_month, text
from costkit.billing.engine import Engine
from costkit.model.bill import Movement
from costkit.model.exact import quotient

MOST = 10


def movements(engine: Engine, month: str, before: str, metric: str, where: str) -> tuple[Movement, ...]:
    """The largest changes of usage between two months of a bill, by service, account and usage type.

    What is not known of one of the months has not changed by anything that is known.
    """
    now, then = f"month = {text(month)}", f"month = {text(before)}"
    sql = (
        "SELECT service, account, usage_type, currency, old, new, quantity_before, quantity_now FROM ("
        "SELECT service, account, usage_type, currency,"
        f" {in_month(metric, before)} AS old, {in_month(metric, month)} AS new,"
        f" SUM(CASE WHEN {then} THEN quantity END) AS quantity_before,"
        f" SUM(CASE WHEN {now} THEN quantity END) AS quantity_now"
        f" FROM facts WHERE charge = 'Usage' AND ({now} OR {then}) GROUP BY 1, 2, 3, 4"
        f") AS meters WHERE old IS NOT NULL AND new IS NOT NULL ORDER BY ABS(new - old) DESC, 1, 2, 3 LIMIT {MOST}"
    )
    found = [_movement(row) for row in engine.rows(sql, where)]
    return tuple(movement for movement in found if movement.now != movement.before)


def _movement(row: tuple[Any, ...]) -> Movement:
    service, account, meter, currency, before, now, quantity_before, quantity_now = row
    by_volume, cause = now - before, "volume"
    if before and now and quantity_before and quantity_now:
        # At the unit cost of the month before; the rest of the change is the unit cost itself.
        by_volume = quotient(before * (quantity_now - quantity_before), quantity_before)
        cause = "volume" if abs(by_volume) >= abs(now - before - by_volume) else "price"
    elif not before:
        cause = "new"
    elif not now:
        cause = "gone"
    by_price: Decimal = now - before - by_volume
    return Movement(
        service=str(service or ""),
        account=str(account or ""),
        meter=str(meter or ""),
        currency=str(currency or ""),
        before=before,
        now=now,
        by_volume=by_volume,
        by_price=by_price,
        cause=cause,
    )
