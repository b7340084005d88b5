"""A bill's usage at other prices, each sum by hand; what is not priced anew stays at its billed cost and says why."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from asking import Answer
from conftest import ROOT
from focus_bill import BILLED, EVERY_TYPE, PLAN, line, write_bill
from hypothesis import given, settings
from hypothesis import strategies as st

from costkit.billing.focus.tables import services
from costkit.billing.rerate import rerate
from costkit.billing.usage import BilledUsage
from costkit.billing.usage_types import meter_of_usage, service_of
from costkit.pricebook.book import PriceBook
from costkit.services import types
from costkit.yaml_exact import read

Ask = Callable[..., Answer]
D = Decimal
DAY = "2026-11-21"
OURS = """\
table: public_ipv4
currency: USD
meters:
  hour:
    unit: address-hour
    title: Public IPv4 address
    rows:
      - {region: us-east-1, effective: 2026-01-01, confirmed: 2026-11-01, price: 0.003, source: CONTRACT}
"""


def usage(kind: str, code: str, quantity: str, cost: str, operation: str = "", **more: str) -> dict[str, str]:
    return line(
        "Usage", cost, usage_type=kind, product_code=code, usage_amount=quantity, line_item_operation=operation, **more
    )


BOX = usage("BoxUsage:m5.large", "AmazonEC2", "730", "73", "RunInstances")
ADDRESS = usage("USE1-PublicIPv4:InUseAddress", "AmazonVPC", "730", "3.65", "AllocateAddressVPC")


@pytest.fixture
def rerated(ask: Ask, tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    def asked(rows: list[dict[str, str]], *arguments: str, code: int = 0) -> list[dict[str, str]]:
        bill = write_bill(tmp_path / "bill.csv", rows)
        answer = ask("report", bill, "--rerate", "--on", DAY, "-f", "csv", "--strict", *arguments)
        assert answer.code == code, answer.err
        return list(csv.DictReader(io.StringIO(answer.out)))

    return asked


Rerated = Callable[..., list[dict[str, str]]]


def test_usage_is_priced_anew_and_the_rest_is_kept(rerated: Rerated) -> None:
    # The price of an m5.large was last seen more than 90 days before.
    rows = rerated([BOX, *EVERY_TYPE], code=4)
    # 730 x 0.096 = 70.08; the fixture's own lines have no operation, so nobody knows their operating system.
    [box] = [row for row in rows if row["status"] == "rerated"]
    assert (box["usage_type"], box["cost_before"], box["cost_after"], box["change"]) == (
        "BoxUsage:m5.large",
        "73",
        "70.08",
        "-2.92",
    )
    kept = [row for row in rows if row["status"] == "kept"]
    assert sum(D(row["cost_before"]) for row in kept) == sum(D(row["cost_after"]) for row in kept) == D(BILLED)
    reasons = {row["reason"]: row["lines"] for row in kept}
    assert reasons["no usage: Tax"] == "1"
    assert {"covered by a commitment", "no meter is known for it", "no usage: Unused commitment"} <= set(reasons)
    assert sum(int(row["lines"]) for row in kept) == 15


def test_tiers_and_allowances_count_over_the_whole_bill(rerated: Rerated) -> None:
    # 8,000M GB-s: 6,000M x 0.0000166667 + 2,000M x 0.000015 = 130,000.20; the free 400,000 spare the dearest tier's
    # end: 400,000 x 0.000015 = 6.
    halves = [usage("Lambda-GB-Second", "AWSLambda", "4000000000", "1", usage_account_id=name) for name in ("1", "2")]
    [row] = rerated(halves)
    assert (row["quantity"], row["cost_before"], row["cost_after"]) == ("8000000000", "2", "129994.2")
    assert row["lines"] == "2"
    # Two usage types on one meter are one pool: 3M requests, of which 1M are free, at 0.20 a million.
    both = [usage("Request", "AWSLambda", "1000000", "1"), usage("Request-ARM", "AWSLambda", "2000000", "1")]
    assert sum(D(row["cost_after"]) for row in rerated(both)) == D("0.4")


def test_another_region_has_its_own_prices_and_lacks_some(rerated: Rerated, ask: Ask) -> None:
    disk = usage("EBS:VolumeUsage.gp3", "AmazonEC2", "100", "8")
    rows = rerated([disk, ADDRESS], "--region", "eu-central-1", code=4)
    found = {row["usage_type"]: (row["to_region"], row["cost_after"], row["reason"]) for row in rows}
    assert found == {
        "EBS:VolumeUsage.gp3": ("eu-central-1", "9.52", ""),
        "USE1-PublicIPv4:InUseAddress": ("us-east-1", "3.65", "no proven price"),
    }
    answer = ask("report", "bill.csv", "--rerate", "--on", DAY, "--region", "eu-central-1")
    assert answer.code == 0
    assert [told.code for told in answer.told] == ["CK643", "CK203"]
    assert answer.out.startswith(f"October 2026 at the prices of {DAY} in eu-central-1: 13.17 USD instead of 11.65")
    assert "kept at 3.65 USD, 1 line: no proven price" in answer.out


def test_an_overlay_and_a_day_have_their_prices(rerated: Rerated, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "public_ipv4.yaml").write_text(OURS, encoding="utf-8")
    (tmp_path / "ours" / "sources.yaml").write_text(
        'CONTRACT: {title: "Our contract", where: here}\n', encoding="utf-8"
    )
    # 730 x 0.003, and 730 x 0.005 before our own price began.
    assert rerated([ADDRESS], "--prices", "ours")[0]["cost_after"] == "2.19"
    assert rerated([ADDRESS], "--prices", "ours", "--on", "2025-12-31")[0]["cost_after"] == "3.65"


def test_all_formats_say_the_same(ask: Ask, tmp_path: Path) -> None:
    bill = write_bill(tmp_path / "bill.csv", [BOX, line("Tax", "1"), line("Usage", "2", currency_code="EUR")])
    asked = ("report", bill, "--rerate", "--on", DAY, "-q")
    tree = ask(*asked, "-f", "json").tree
    assert (tree["complete"], tree["on"]) == (True, DAY)
    assert tree["totals"] == [
        {"currency": "EUR", "before": "2", "after": "2", "change": "0"},
        {"currency": "USD", "before": "74", "after": "71.08", "change": "-2.92"},
    ]
    assert {row["reason"] for row in tree["rows"]} == {None, "no usage: Tax", "billed in EUR, prices are in USD"}
    assert "71.08 USD instead of 74.00 (-2.92, -3.9 %)" in ask(*asked).out
    assert "BoxUsage:m5.large" in ask(*asked, "-f", "markdown").out


def test_what_cannot_be_asked_is_told(ask: Ask, tmp_path: Path) -> None:
    bill = write_bill(tmp_path / "bill.csv", [BOX])
    answer = ask("report", bill, "--rerate", "--region", "us-moon-1")
    assert (answer.code, answer.told[0].code) == (2, "CK108")
    assert ask("report", bill, "--rerate", "--month", "2026-11").told[0].code == "CK606"
    assert ask("report", bill, "--rerate", "--on", "yesterday").code == 2


def test_covered_usage_of_a_plan_keeps_its_cost(rerated: Rerated) -> None:
    covered = line("SavingsPlanCoveredUsage", "7", usage_type="BoxUsage:m5.large", line_item_operation="RunInstances",
                   usage_amount="7", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="5")  # fmt: skip
    [row, *_] = rerated([covered, line("SavingsPlanNegation", "-7", plan_a_r_n=PLAN)])
    assert (row["cost_after"], row["reason"]) == ("0", "covered by a commitment")


def test_every_usage_type_names_a_meter_that_exists(book: PriceBook) -> None:
    tree, _, _ = read((ROOT / "costkit" / "billing" / "usage_types.yaml").read_text(encoding="utf-8"), "usage_types")
    for row in tree["usage_types"]:
        table, meter = row["meter"].split()
        unit, title = book.unit_and_title(table, meter, "us-east-1")
        assert unit, row
        assert title
        assert row["source"] in tree["sources"]


def test_every_type_of_resource_has_a_service_of_focus() -> None:
    assert [kind for kind in types() if service_of(kind) not in services()] == []


@pytest.mark.parametrize(
    ("service", "usage", "operation", "meter"),
    [
        ("AmazonEC2", "USE1-BoxUsage:m5.large", "RunInstances", "ec2_instance on_demand m5.large"),
        ("Amazon Elastic Compute Cloud", "BoxUsage:t3.nano", "RunInstances", "ec2_instance on_demand t3.nano"),
        ("AmazonEC2", "BoxUsage:m5.large", "RunInstances:0002", None),
        ("AmazonEC2", "SpotUsage:m5.large", "RunInstances:SV001", None),
        ("AmazonRedshift", "APN1-Node:ra3.4xlarge", "RunComputeNode:0001", "redshift_cluster node ra3.4xlarge"),
        ("AWSELB", "EU-LoadBalancerUsage", "LoadBalancing:Application", "application_load_balancer hour"),
        ("AWSELB", "EU-LoadBalancerUsage", "LoadBalancing:Network", None),
        ("AmazonS3", "UGW1-Requests-Tier1", "PutObject", "s3_bucket put_requests"),
        ("AWSQueueService", "Requests-Tier1", "", "sqs_queue requests.standard"),
        ("AmazonS3", "xRequests-Tier1", "", None),
    ],
)  # fmt: skip
def test_a_usage_type_is_one_meter_or_none(service: str, usage: str, operation: str, meter: str | None) -> None:
    found = meter_of_usage(service, usage, operation)
    assert (None if found is None else str(found)) == meter


quantities = st.decimals(-(10**6), 10**12, places=3)


# The first example reads the tables.
@settings(deadline=None)
@given(parts=st.lists(quantities, min_size=1, max_size=5))
def test_the_sum_before_is_the_bill_whatever_is_used(parts: list[Decimal]) -> None:
    used = [
        BilledUsage("Usage", "AWSLambda", kind, "", "us-east-1", "", "USD", False, quantity, quantity * D("0.125"), 1)
        for kind in ("Request", "Lambda-GB-Second", "Nothing known")
        for quantity in parts
    ]
    result = rerate(used, PriceBook(), "2026-10", DAY)
    before, after = result.totals["USD"]
    assert before == sum(one.cost or D(0) for one in used)
    assert after == sum(row.cost for row in result.rows)
    known = [row for row in result.rows if row.usage_type != "Nothing known"]
    assert all(row.after is not None for row in known)
