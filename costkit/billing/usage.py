"""A month's charges of a bill with the operation beside the usage type, added up: what a meter is found by."""

from decimal import Decimal
from typing import NamedTuple

from costkit.billing.accounting import charges_sql, identifier, text, total
from costkit.billing.report import BillReader
from costkit.billing.tags import TAG

# What a bill's sums are told apart by, so that they say which meter they are of.
OF_USAGE = ("usage_type", "operation", "region")


class BilledUsage(NamedTuple):
    """Charges of one kind on one usage type. ``quantity`` and ``cost`` are None where the bill does not say.

    ``group`` is the resource or the tag's value that the charges were asked for by, else empty.
    """

    charge: str
    service: str
    usage_type: str
    operation: str
    region: str
    group: str
    currency: str
    covered: bool
    quantity: Decimal | None
    cost: Decimal | None
    lines: int


def billed_usage(reader: BillReader, month: str, metric: str, by: str = "") -> list[BilledUsage]:
    """The month's charges by usage type, region and ``by`` (a resource, a tag, or nothing).

    The reader must have been opened with ``OF_USAGE`` as details, and with ``by`` as a detail or a tag.
    """
    own = [*([by] if by.startswith(TAG) else []), "operation"]
    charges = charges_sql(reader.source.kind, own, reader.net_periods)
    group = f"COALESCE({identifier(by)}, '')" if by else "''"
    texts = ", ".join(f"COALESCE({name}, '')" for name in ("service", "usage_type", "operation", "region"))
    sql = (
        f"SELECT charge, {texts}, {group}, COALESCE(currency, ''), commitment IS NOT NULL,"
        f" SUM(quantity), {total(metric)}, SUM(lines)"
        f" FROM (WITH lines AS (SELECT * FROM sums) {charges}) AS found WHERE month = {text(month)}"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"
    )
    return [BilledUsage(*row) for row in reader.held.rows(sql, reader.where)]
