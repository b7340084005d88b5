"""An estimate beside the bill: each part of the difference by hand, and all parts together to the last decimal."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from asking import Answer
from focus_bill import EVERY_TYPE, PLAN, line, write_bill
from hypothesis import given, settings
from hypothesis import strategies as st

from costkit.billing.against_estimate import against_estimate, is_resource
from costkit.billing.usage import BilledUsage
from costkit.billing.usage_types import meter_of_charge
from costkit.library import estimate, read_spec
from costkit.model.against_estimate import Parts
from costkit.pricebook.book import PriceBook

Ask = Callable[..., Answer]
D = Decimal
DAY = "2026-11-21"
# 730 x 0.096 = 70.08 and 730 x 0.192 = 140.16; 100 GB x 0.08 = 8; 730 x 0.005 = 3.65.
SPEC = """\
version: 1
region: us-east-1
resources:
  small: {type: ec2_instance, instance_type: m5.large, tags: {team: web}}
  large: {type: ec2_instance, instance_type: m5.xlarge, tags: {team: data}}
  disk: {type: ebs_volume, kind: gp3, size: 100 GB, tags: {team: web}}
  address: {type: public_ipv4}
"""


def usage(kind: str, code: str, quantity: str, cost: str, **more: str) -> dict[str, str]:
    operation = "RunInstances" if "BoxUsage" in kind else ""
    return line(
        "Usage", cost, usage_type=kind, product_code=code, usage_amount=quantity, line_item_operation=operation, **more
    )


SMALL = usage("BoxUsage:m5.large", "AmazonEC2", "365", "35.04", resource_id="arn:aws:ec2:us-east-1:1:instance/small",
              resource_tags='{"user_team": "web"}')  # fmt: skip
LARGE = usage("USE1-BoxUsage:m5.xlarge", "AmazonEC2", "1460", "300", resource_id="large",
              resource_tags='{"user_team": "data"}')  # fmt: skip
DISK = usage("EBS:VolumeUsage.gp3", "AmazonEC2", "150", "12", resource_id="vol-1", resource_tags='{"user_team": "web"}')
KEYS = usage("us-east-1-KMS-Requests", "awskms", "10", "0.25")
BILL = [SMALL, LARGE, DISK, KEYS, line("Credit", "-5"), line("Tax", "2")]


@pytest.fixture
def compared(ask: Ask, tmp_path: Path) -> Callable[..., dict[str, dict[str, str]]]:
    def asked(rows: list[dict[str, str]], *arguments: str, spec: str = SPEC) -> dict[str, dict[str, str]]:
        (tmp_path / "spec.yaml").write_text(spec, encoding="utf-8")
        bill = write_bill(tmp_path / "bill.csv", rows)
        answer = ask("report", bill, "--estimate", "spec.yaml", "--on", DAY, "-f", "csv", *arguments)
        assert answer.code == 0, answer.err
        found = list(csv.DictReader(io.StringIO(answer.out)))
        for row in found:
            parts = sum(D(row[f"by_{name}"]) for name in Parts._fields)
            assert parts == D(row["change"]) == D(row["billed_cost"]) - D(row["estimated_cost"])
        return {f"{row['group']} {row['what']}".strip(): row for row in found}

    return asked


Compared = Callable[..., dict[str, dict[str, str]]]


def parts(row: dict[str, str]) -> dict[str, str]:
    return {name: row[f"by_{name}"] for name in Parts._fields if row[f"by_{name}"] != "0"}


def test_price_volume_and_mix_are_told_apart(compared: Compared) -> None:
    rows = compared(BILL)
    # Instance-hours grew from 1,460 to 1,825, a quarter: 70.08 / 4 and 140.16 / 4 by volume. The small one halved,
    # which is 52.56 less than that; the large one doubled, 105.12 more; 300 - 280.32 is its price.
    assert parts(rows["ec2_instance on_demand m5.large"]) == {"volume": "17.52", "mix": "-52.56"}
    assert parts(rows["ec2_instance on_demand m5.xlarge"]) == {"price": "19.68", "volume": "35.04", "mix": "105.12"}
    # 50 GB more at 0.08.
    assert parts(rows["ebs_volume storage.gp3"]) == {"volume": "4"}
    assert parts(rows["public_ipv4 hour"]) == {"gone": "-3.65"}
    assert parts(rows["awskms us-east-1-KMS-Requests"]) == {"new": "0.25"}
    assert parts(rows["Credit"]) == {"credits": "-5"}
    assert parts(rows["Tax"]) == {"new": "2"}
    assert {name: row["status"] for name, row in rows.items()} == {
        "ec2_instance on_demand m5.large": "matched",
        "ec2_instance on_demand m5.xlarge": "matched",
        "ebs_volume storage.gp3": "matched",
        "public_ipv4 hour": "not in the bill",
        "awskms us-east-1-KMS-Requests": "not in the estimate",
        "Credit": "not in the estimate",
        "Tax": "not in the estimate",
    }


def test_by_resource_only_what_is_the_same_resource_meets(compared: Compared) -> None:
    rows = compared(BILL, "--match", "resource")
    assert rows["small ec2_instance on_demand m5.large"]["status"] == "matched"
    assert rows["large ec2_instance on_demand m5.xlarge"]["status"] == "matched"
    # The bill's volume has another name than the spec's.
    assert parts(rows["vol-1 ebs_volume storage.gp3"]) == {"new": "12"}
    assert parts(rows["disk ebs_volume storage.gp3"]) == {"gone": "-8"}


def test_by_a_tag_what_has_the_same_value_meets(compared: Compared) -> None:
    rows = compared(BILL, "--match", "tag:team")
    assert parts(rows["web ebs_volume storage.gp3"]) == {"volume": "4"}
    assert rows["data ec2_instance on_demand m5.xlarge"]["status"] == "matched"
    assert rows["public_ipv4 hour"]["status"] == "not in the bill"


def test_all_of_it_adds_up_in_every_format(ask: Ask, tmp_path: Path, compared: Compared) -> None:
    compared(BILL)
    asked = ("report", "bill.csv", "--estimate", "spec.yaml", "--on", DAY, "-q")
    tree = ask(*asked, "-f", "json", "--strict").tree
    # Billed 35.04 + 300 + 12 + 0.25 - 5 + 2; estimated 70.08 + 140.16 + 8 + 3.65.
    assert (tree["billed"], tree["estimated"], tree["change"]) == ("344.29", "221.89", "122.4")
    assert sum(D(part) for part in tree["parts"].values()) == D("122.4")
    assert sum(D(row["billed"]) for row in tree["rows"]) == D("344.29")
    sentence = "October 2026: 344.29 USD effective, 221.89 estimated (+122.40, +55.2 %): volume +56.56, mix +52.56"
    assert ask(*asked).out.startswith(sentence)
    assert "not in the estimate" in ask(*asked, "-f", "markdown").out


def test_free_allowances_and_commitments_belong_to_their_meter(compared: Compared) -> None:
    spec = """\
version: 1
region: us-east-1
commitments: [{kind: compute_savings_plan, hourly: 0.001 USD, term: 1y, payment: no_upfront}]
discounts: [{percent: 10, types: ["*"]}]
resources:
  api: {type: lambda_function, requests: 3M, duration: 100 ms, memory: 1024 MB}
"""
    bill = [
        usage("Request", "AWSLambda", "3000000", "0.4"),
        line("SavingsPlanCoveredUsage", "1", usage_type="Lambda-GB-Second", product_code="AWSLambda",
             usage_amount="300000", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="0.73"),
        line("SavingsPlanNegation", "-1", plan_a_r_n=PLAN),
        line("SavingsPlanRecurringFee", "1", plan_a_r_n=PLAN, total_commitment_to_date="1", used_commitment="0.9"),
        line("EdpDiscount", "-0.04"),
    ]  # fmt: skip
    rows = compared(bill, spec=spec)
    # 3M at 0.20 a million, 1M of them free: what is billed.
    assert (rows["lambda_function requests"]["estimated_cost"], parts(rows["lambda_function requests"])) == ("0.4", {})
    assert rows["lambda_function duration.x86_64"]["status"] == "matched"
    # 730 h x 0.001 is all unused, since the free GB-seconds come first.
    assert rows["Unused commitment"]["estimated_cost"] == "0.73"
    assert rows["Discount"]["by_credits"] == rows["Discount"]["change"]


def test_what_is_counted_in_another_unit_is_not_divided(compared: Compared) -> None:
    scaling = "{type: redshift_cluster, node_type: ra3.xlplus, nodes: 1, concurrency_scaling: {seconds: 180000}}"
    spec = f"version: 1\nregion: us-east-1\nresources: {{warehouse: {scaling}}}\n"
    bill = [
        usage("CS:ra3.xlplus", "AmazonRedshift", "360000", "100"),
        usage("Node:ra3.xlplus", "AmazonRedshift", "730", "792.78"),
    ]
    row = compared(bill, spec=spec)["redshift_cluster concurrency_scaling ra3.xlplus"]
    # The estimate counts node-hours, the bill seconds: what differs is no price and no mix.
    assert (row["unit"], row["estimated_quantity"], row["status"]) == ("node-hour", "", "matched")
    assert list(parts(row)) == ["volume"]


def test_what_the_estimate_cannot_price_is_no_saving(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC.replace("us-east-1", "eu-central-1"), encoding="utf-8")
    bill = write_bill(tmp_path / "bill.csv", [DISK | {"product_region_code": "eu-central-1"}])
    asked = ("report", bill, "--estimate", "spec.yaml", "--on", DAY)
    answer = ask(*asked, "-f", "json")
    assert answer.tree["complete"] is False
    statuses = {row["what"]: row["status"] for row in answer.tree["rows"]}
    assert statuses["public_ipv4 hour"] == "without a cost in the estimate"
    assert "at least" in ask(*asked).out
    assert ask(*asked, "--strict").code == 4


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--estimate", "none.yaml"), "CK101"),
        (("--estimate", "spec.yaml", "--month", "2026-11"), "CK606"),
        (("--estimate", "euro.yaml"), "CK644"),
    ],
)
def test_what_cannot_be_compared_is_told(ask: Ask, tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "euro.yaml").write_text(SPEC, encoding="utf-8")
    currency = "EUR" if "euro.yaml" in arguments else "USD"
    bill = write_bill(tmp_path / "bill.csv", [line("Usage", "1", currency_code=currency)])
    answer = ask("report", bill, *arguments)
    assert (answer.code, answer.told[0].code) == (2, code)


def test_match_is_by_meter_resource_or_tag(ask: Ask, tmp_path: Path) -> None:
    bill = write_bill(tmp_path / "bill.csv", EVERY_TYPE)
    answer = ask("report", bill, "--estimate", "spec.yaml", "--match", "colour")
    assert answer.code == 2
    assert "none of meter, resource, tag:KEY" in answer.err


def test_a_focus_bill_meets_an_estimate_like_a_cur(ask: Ask, compared: Compared) -> None:
    direct = compared(BILL)
    ask("report", "bill.csv", "--columns", "focus", "-o", "focus.parquet")
    answer = ask("report", "focus.parquet", "--estimate", "spec.yaml", "--on", DAY, "-f", "csv")
    rows = {row["what"]: row for row in csv.DictReader(io.StringIO(answer.out))}
    for name in ("ec2_instance on_demand m5.large", "ec2_instance on_demand m5.xlarge", "ebs_volume storage.gp3"):
        assert rows[name] == direct[name]


@pytest.mark.parametrize(
    ("id", "name", "same"),
    [
        ("arn:aws:lambda:us-east-1:1:function:api", "api", True),
        ("arn:aws:lambda:us-east-1:1:function:my-api", "api", False),
        ("i-1", "i-1", True),
        ("", "api", False),
    ],
)
def test_a_resource_is_known_by_the_end_of_its_arn(id: str, name: str, same: bool) -> None:
    assert is_resource(id, name) is same


@pytest.mark.parametrize(
    ("type", "name", "meter"),
    [
        ("ec2_instance", "on_demand.m5.large", "ec2_instance on_demand m5.large"),
        ("ec2_instance", "standard_reserved.1y.no_upfront.m5.large", "ec2_instance on_demand m5.large"),
        ("ec2_instance", "ebs_volume.storage.gp3", "ebs_volume storage.gp3"),
        ("redshift_cluster", "reserved.1y.all_upfront.upfront.ra3.xlplus", "redshift_cluster node ra3.xlplus"),
        ("lambda_function", "compute_savings_plan.3y.no_upfront.duration.arm64", "lambda_function duration.arm64"),
        ("lambda_function", "snap_start_cache", "lambda_function snap_start_cache"),
    ],
)
def test_a_charge_is_its_meter_whichever_commitment_covers_it(type: str, name: str, meter: str) -> None:
    assert str(meter_of_charge(type, name, frozenset(("ebs_volume", "public_ipv4")))) == meter


amounts = st.decimals(-(10**6), 10**6, places=9)
billed = st.builds(
    BilledUsage,
    st.sampled_from(["Usage", "Usage", "Usage", "Credit", "Tax", "Unused commitment"]),
    st.sampled_from(["AmazonEC2", "AmazonVPC"]),
    st.sampled_from(["BoxUsage:m5.large", "BoxUsage:m5.xlarge", "EBS:VolumeUsage.gp3", "PublicIPv4:InUseAddress"]),
    st.just("RunInstances"),
    st.sampled_from(["us-east-1", "eu-west-1"]),
    st.just(""),
    st.just("USD"),
    st.booleans(),
    st.none() | amounts,
    amounts,
    st.just(1),
)
BOOK = PriceBook()


@given(bill=st.lists(billed, max_size=8), hours=st.integers(0, 730))
@settings(max_examples=60, deadline=None)
def test_the_parts_of_any_bill_are_its_difference(bill: list[BilledUsage], hours: int) -> None:
    spec = {
        "region": "us-east-1",
        "resources": {
            "small": {"type": "ec2_instance", "instance_type": "m5.large", "hours": hours},
            "large": {"type": "ec2_instance", "instance_type": "m5.xlarge"},
            "disk": {"type": "ebs_volume", "kind": "gp3", "size": "100 GB"},
        },
    }
    found = estimate(read_spec(spec, on=DAY, book=BOOK), on=DAY, book=BOOK)
    result = against_estimate(found, bill, BOOK, "2026-10", "effective", "meter")
    assert result.estimated == found.cost
    assert result.billed == sum((one.cost or D(0) for one in bill), D(0))
    assert result.parts.total == result.billed - result.estimated
    for row in result.lines:
        assert row.parts.total == row.billed - row.estimated
