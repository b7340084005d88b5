"""Advice about Lambda beside its calls, for specs and where several things decide.

Prices of us-east-1 on 2026-11-21, from pricing/lambda_function.yaml; a month has 730 hours.
"""

from decimal import Decimal

import pytest
from fleets import Fleet
from measured_lambda import polled, steady
from test_optimize import advised, amounts, only_one, text_of, verdicts
from test_optimize_measured import advised as measured
from test_optimize_measured import found

from costkit.pricebook.book import PriceBook

D = Decimal
COLD = "{type: lambda_function, memory: 1 GB, requests: 10M, duration: 100 ms, cold_start_rate: 0.05, %s}"


def test_init_of_a_spec_is_a_part_of_its_duration(book: PriceBook) -> None:
    finding = only_one(advised(book, text_of(COLD % "init_duration: 1 s"), "LMB-13"))
    # 1M GB-s of requests and 500,000 x 1 s of INIT: 500,000 x 0.0000166667
    assert amounts(finding) == ("0", "8.33335", "8.33335")
    assert finding.after == "# without cold_start_rate\n# without init_duration\n"
    assert "33 % of the time" in finding.why


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # 5 ms of 105
        ("init_duration: 100 ms", "clean"),
        ("runtime: python3.12", "not_applicable"),
        ("init_duration: 1 s, snap_start: {restores: 1}", "not_applicable"),
        ("init_duration: 1 s, provisioned_concurrency: 1", "not_applicable"),
    ],
)
def test_init_that_is_small_or_not_known_is_left_alone(book: PriceBook, fields: str, expected: str) -> None:
    assert verdicts(advised(book, text_of(COLD % fields), "LMB-13")) == {"LMB-13": expected}


def test_a_steady_function_is_shown_with_the_fleet_that_takes_its_place(book: PriceBook) -> None:
    finding = found(measured(book, steady(Fleet(), 172_800, 50), "LMB-20"), "LMB-20")
    assert finding.title == "Run it on instances or tasks: 9 c7g.2xlarge"
    assert finding.after.startswith(
        "count: 0\n# api instances:\n#   type: ec2_instance\n#   instance_type: c7g.2xlarge\n"
    )
    told = {evidence.name: evidence.value for evidence in finding.evidence}
    assert (told["on average"], told["at most"]) == (48, 50)
    # 72 x 730 x (0.03238 + 3 x 0.00356)
    task = "72 Fargate tasks of 1 vCPU and 3 GB"
    assert abs(D(told[task]) - (D("2925.2924679125") - 72 * 730 * D("0.04306"))) < D("1e-9")


def test_a_steady_function_on_x86_stays_on_x86(book: PriceBook) -> None:
    fleet = steady(Fleet(), 172_800, 50, attributes={"Architectures": ["x86_64"]})
    [finding] = measured(book, fleet, "LMB-20").findings
    # Lambda costs a quarter more on x86_64: 9 c7i.2xlarge at 0.357 are 2,351.25 with their volumes.
    assert "c7i.2xlarge" in finding.after


def test_a_fleet_without_a_price_claims_nothing(book: PriceBook) -> None:
    # No architecture has both a function's and an instance's price there.
    fleet = steady(Fleet(region="ap-east-2"), 172_800, 50)
    [finding] = measured(book, fleet, "LMB-20").findings
    assert (finding.verdict, finding.saving) == ("unpriced", None)


def test_pollers_without_a_proven_price_claim_nothing(book: PriceBook) -> None:
    [finding] = measured(book, polled(Fleet(region="eu-west-1")), "LMB-19").findings
    assert (finding.verdict, finding.saving) == ("unpriced", None)


def test_pollers_are_of_the_mapping_and_the_function_is_asked_about_none(book: PriceBook) -> None:
    fleet = polled(Fleet().function("api"))
    fleet.items[-1] = fleet.items[-1]._replace(tags=None)
    advice = measured(book, fleet)
    assert [one.resource for one in advice.findings if one.code == "LMB-19"] == ["m-1"]
    about = {one.code for one in advice.findings if one.resource == "m-1"}
    # Nobody has asked for its tags, so that it is no resource without any.
    assert about == {"LMB-19"}
