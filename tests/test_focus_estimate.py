"""An estimate as a FOCUS bill: the same total, conformant rows, and every report of a bill on it."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from asking import Answer
from test_focus import added, assert_conformant

Ask = Callable[..., Answer]
D = Decimal
DAY = "2026-11-21"
SPEC = """\
version: 1
name: shop
region: us-east-1
tags: {team: web}
commitments: [{kind: compute_savings_plan, hourly: 0.05 USD, term: 1y, payment: no_upfront}]
discounts: [{percent: 5, types: [lambda_function]}]
resources:
  api: {type: lambda_function, requests: 30M, duration: 120 ms, memory: 512 MB}
  warehouse: {type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, managed_storage: 4 TB,
              purchase: {term: 1y, payment: partial_upfront}}
  disk: {type: ebs_volume, kind: gp3, size: 100 GB}
  edge: {type: lambda_edge_function, requests: 1M, duration: 7 ms, memory: 128 MB}
"""


@pytest.fixture
def spec(tmp_path: Path) -> str:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return "spec.yaml"


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_an_estimate_is_a_conformant_dataset_of_the_same_total(ask: Ask, spec: str, version: str) -> None:
    total = D(ask("estimate", spec, "--on", DAY, "-f", "json").total)
    wanted = ("--month", "2026-12", "--columns", "focus", "--focus-version", version)
    answer = ask("report", "--estimate", spec, "--on", DAY, *wanted)
    assert answer.code == 0, answer.err
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert_conformant(rows, version)
    # Datasets have twelve decimals; a rate per hour of an amount per year has none that end.
    assert abs(added(rows, "BilledCost") - total) < D("1e-10")
    assert {row["BillingPeriodStart"] for row in rows} == {"2026-12-01T00:00:00Z"}
    assert {row["ServiceName"] for row in rows} >= {"AWS Lambda", "Amazon Redshift", "Amazon Elastic Compute Cloud"}
    assert {row["ChargeCategory"] for row in rows} == {"Usage", "Credit", "Adjustment"}
    unused = [row for row in rows if row["CommitmentDiscountStatus"] == "Unused"]
    assert [(row["ResourceId"], row["CommitmentDiscountType"]) for row in unused] == [("", "Savings Plan")]


def test_an_estimate_is_reported_like_a_bill(ask: Ask, spec: str) -> None:
    total = D(ask("estimate", spec, "--on", DAY, "-f", "json").total)
    asked = ("report", "--estimate", spec, "--on", DAY, "--by", "tag:team", "-f", "csv")
    answer = ask(*asked)
    assert answer.code == 0
    # Some of its prices were last seen long before.
    assert "CK203" in {told.code for told in answer.told}
    assert ask(*asked, "--strict").code == 4
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert {row["month"] for row in rows} == {"2026-11"}
    assert abs(sum(D(row["effective_cost"]) for row in rows) - total) < D("1e-10")
    assert {row["tag:team"] for row in rows} == {"web", "Credit", "Discount", "Unused commitment"}
    assert "ties to the bill" in answer.err


def test_an_estimate_beside_its_own_dataset_differs_in_nothing(ask: Ask, spec: str) -> None:
    ask("report", "--estimate", spec, "--on", DAY, "--month", "2026-12", "--columns", "focus", "-o", "bill.csv")
    answer = ask("report", "bill.csv", "--estimate", spec, "--on", DAY, "-f", "json")
    # A dataset of ours has our own meters for usage types, which AWS's bills have not.
    assert abs(D(answer.tree["change"])) < D("1e-10")


def test_what_has_no_cost_is_left_out_and_said(ask: Ask, tmp_path: Path) -> None:
    text = "version: 1\nregion: us-east-1\nresources: {api: {type: lambda_function}, ip: {type: public_ipv4}}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    asked = ("report", "--estimate", "spec.yaml", "--on", DAY)
    for more in ((), ("--columns", "focus")):
        answer = ask(*asked, *more, "-f", "csv", "--strict")
        assert answer.code == 4
        assert "CK207" in {told.code for told in answer.told}
        assert ask(*asked, *more, "-f", "csv").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("bill.csv", "--rerate", "--columns", "focus"),
        ("bill.csv", "--estimate", "spec.yaml", "--columns", "focus"),
        ("--estimate", "spec.yaml", "--rerate"),
        ("bill.csv", "--region", "eu-west-1"),
        ("bill.csv", "--columns", "focus", "--on", "2026-10-01"),
        ("bill.csv", "--rerate", "--match", "resource"),
        ("bill.csv", "--rerate", "--month", "2026-09", "--month", "2026-10"),
    ],
)
def test_two_answers_and_idle_options_are_told(ask: Ask, arguments: tuple[str, ...]) -> None:
    answer = ask("report", *arguments)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK645"])


@pytest.mark.parametrize("arguments", [("--rerate",), ("--estimate", "spec.yaml", "--engine", "spark")])
def test_nothing_to_report_and_an_estimate_alone_elsewhere_are_told(ask: Ask, arguments: tuple[str, ...]) -> None:
    answer = ask("report", *arguments)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK620"])
