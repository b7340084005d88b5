"""Writes examples/bill.csv: a small CUR 2.0 export of three months, of which the last one is open.

Run ``python tests/example_bill.py`` after a change; a test holds the file against it.
"""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

from billing_rows import Line, day_line, month_line, write_bill

BILL = Path(__file__).parent.parent / "examples" / "bill.csv"
FIRST, LAST = datetime.date(2026, 9, 1), datetime.date(2026, 11, 20)
SHOP = {"account": "111122223333", "account_name": "shop"}
DATA = {"account": "777788889999", "account_name": "data-prod"}
SANDBOX = {"account": "444455556666", "account_name": "sandbox"}
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:"
CLUSTER = "arn:aws:redshift:us-east-1:777788889999:cluster:warehouse"


def team(name: str) -> str:
    """The tags of a resource of a team."""
    return json.dumps({"user_team": name})


def daily(day: datetime.date) -> Iterator[Line]:
    """What one day costs."""
    iso, weekend = day.isoformat(), day.isoweekday() > 5
    compute = {"service": "AmazonEC2", "family": "Compute Instance", "usage_type": "BoxUsage:m7g.large"}
    hours = 144 if weekend else 240
    yield day_line(
        iso,
        f"{hours * 0.0816:.4f}",
        quantity=str(hours),
        resource="i-0a1b2c3d4e5f60718",
        tags=team("web"),
        **compute,
        **SHOP,
    )
    cluster = {"service": "AmazonRedshift", "resource": CLUSTER, **DATA}
    nodes = {"family": "Compute Node", "usage_type": "Node:ra3.large"}
    yield day_line(iso, "26.0640", quantity="48", **cluster, **nodes)
    if day in (datetime.date(2026, 11, 11), datetime.date(2026, 11, 12)):
        scaling = {"family": "Redshift Concurrency Scaling", "usage_type": "CS:ra3.large"}
        yield day_line(iso, "97.7400", quantity="180", **cluster, **scaling)
    functions = {"service": "AWSLambda", "family": "Serverless", "usage_type": "Lambda-GB-Second", **SHOP}
    yield day_line(iso, "1.6667", quantity="100000", resource=f"{FUNCTION}etl-load", tags=team("data"), **functions)
    yield day_line(iso, "0.8333", quantity="50000", resource=f"{FUNCTION}etl-check", **functions)
    if day >= datetime.date(2026, 11, 5):
        trial = {"service": "AmazonSageMaker", "family": "ML Instance", "usage_type": "Notebk:ml.m5.xlarge", **SANDBOX}
        yield day_line(iso, "15.4560", quantity="67.2", resource="trial-notebook", **trial)


def monthly(month: str) -> Iterator[Line]:
    """What a month costs at once."""
    yield month_line(month, "29.00", service="AWSSupportDeveloper", type="Fee", **SHOP)
    gateway = {"service": "AmazonVPC", "family": "VpcEndpoint", "usage_type": "VpcEndpoint-Hours"}
    yield month_line(month, "14.40", quantity="1440", resource="vpce-0123456789abcdef0", **gateway, **SHOP)
    storage = {"service": "AmazonS3", "family": "Storage", "usage_type": "TimedStorage-ByteHrs"}
    yield month_line(month, "23.00", quantity="1000", resource="web-assets", **storage, **SHOP)
    yield month_line(month, "61.80", service="AmazonEC2", type="Tax", **SHOP)


def lines() -> Iterator[Line]:
    """The whole bill; invoices are there for months that are over."""
    day, month = FIRST, ""
    while day <= LAST:
        own = [*(monthly(day.isoformat()[:7]) if day.isoformat()[:7] != month else ()), *daily(day)]
        month = day.isoformat()[:7]
        for line in own:
            yield line | ({"bill_invoice_id": f"INV-{month}"} if day < datetime.date(2026, 11, 1) else {})
        day += datetime.timedelta(days=1)


if __name__ == "__main__":
    write_bill(BILL, lines())
