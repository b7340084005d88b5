"""Bills made for the tests: lines of CUR 2.0 by day, as few columns as a report needs."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

Line = dict[str, str]
COLUMNS = {
    "period": "bill_billing_period_start_date",
    "invoice": "bill_invoice_id",
    "start": "line_item_usage_start_date",
    "end": "line_item_usage_end_date",
    "account": "line_item_usage_account_id",
    "account_name": "line_item_usage_account_name",
    "service": "line_item_product_code",
    "region": "product_region_code",
    "family": "product_product_family",
    "resource": "line_item_resource_id",
    "type": "line_item_line_item_type",
    "usage_type": "line_item_usage_type",
    "quantity": "line_item_usage_amount",
    "cost": "line_item_unblended_cost",
    "currency": "line_item_currency_code",
    "category": "cost_category",
    "tags": "resource_tags",
}
DEFAULTS = {
    "account": "111122223333",
    "service": "AmazonEC2",
    "type": "Usage",
    "currency": "USD",
    "category": "{}",
    "tags": "{}",
}


def day_line(day: str, cost: str, **more: str) -> Line:
    """A line of an ISO day, that ends with it; keywords are the short names of columns."""
    given = {**DEFAULTS, "period": f"{day[:7]}-01T00:00:00.000Z", "start": f"{day}T00:00:00.000Z", "cost": cost}
    given |= {"end": f"{day}T23:59:59.000Z"} | more
    return {column: given.get(name, "") for name, column in COLUMNS.items()}


def month_line(month: str, cost: str, **more: str) -> Line:
    """A line for a whole month, from its first day to the first of the next one."""
    year, number = int(month[:4]), int(month[5:])
    following = f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02}"
    return day_line(f"{month}-01", cost, **{"end": f"{following}-01T00:00:00.000Z"} | more)


def write_bill(path: Path, lines: Iterable[Mapping[str, str]]) -> str:
    """Write lines as a CSV file; returns its name."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS.values()))
    writer.writeheader()
    writer.writerows(lines)
    path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)
