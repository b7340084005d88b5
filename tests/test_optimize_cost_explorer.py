"""Advice that rests on Cost Explorer's own figures: nothing is priced here, and nothing is claimed."""

from typing import Any

import pytest
from fleets import Fleet
from test_optimize_measured import advised, found, verdict

from costkit.pricebook.book import PriceBook

OCTOBER = {"Start": "2026-10-01", "End": "2026-11-01"}
NOVEMBER = {"Start": "2026-11-01", "End": "2026-11-21"}
PLAN = {"HourlyCommitmentToPurchase": "0.5", "EstimatedMonthlySavingsAmount": "44.1"}


def covered(open_: str, total: str, period: dict[str, str] = OCTOBER, service: str = "AWS Lambda") -> dict[str, Any]:
    coverage = {"OnDemandCost": open_, "TotalCost": total, "CoveragePercentage": "50"}
    return {"Service": service, "TimePeriod": period, "Coverage": coverage}


def lambdas(*coverages: dict[str, Any]) -> Fleet:
    fleet = Fleet()
    for number, coverage in enumerate(coverages):
        fleet.add("savings_plan_coverage", f"c-{number}", coverage)
    return fleet.add("savings_plan_recommendation", "r-1", PLAN)


def test_duration_on_demand_is_told_with_the_plan_that_aws_recommends(book: PriceBook) -> None:
    # The month that is not over counts for nothing.
    advice = advised(book, lambdas(covered("150", "300"), covered("1", "300", NOVEMBER)), "LMB-21")
    finding = found(advice, "LMB-21")
    assert (finding.saving, advice.saving.expected) == (None, 0)
    assert {one.name: (str(one.value), one.source) for one in finding.evidence} == {
        "on demand": ("150", "GetSavingsPlansCoverage, 2026-10"),
        "covered": ("50", "GetSavingsPlansCoverage, 2026-10"),
        "AWS recommends for all compute": ("0.5", "GetSavingsPlansPurchaseRecommendation"),
        "AWS's own saving": ("44.1", "GetSavingsPlansPurchaseRecommendation"),
    }


@pytest.mark.parametrize(
    ("coverages", "expected"),
    [
        # A fifth on demand, or next to nothing.
        ([covered("60", "300")], "clean"),
        ([covered("9", "9")], "clean"),
        ([covered("150", "300", NOVEMBER)], "not_enough_data"),
        ([covered("", "300")], "not_enough_data"),
        ([covered("NaN", "300")], "not_enough_data"),
        ([covered("9e999999", "300")], "not_enough_data"),
        ([covered("150", "300", service="AWS Fargate")], "not_applicable"),
    ],
)
def test_what_is_covered_or_not_known_is_no_finding(
    book: PriceBook, coverages: list[dict[str, Any]], expected: str
) -> None:
    assert verdict(advised(book, lambdas(*coverages), "LMB-21"), "LMB-21") == expected


def test_nobody_asked_cost_explorer_or_aws_did_not_let_them(book: PriceBook) -> None:
    assert verdict(advised(book, Fleet().instance("i-1"), "LMB-21", "RSP-11"), "LMB-21") == "not_applicable"
    denied = lambdas().deny("savings_plan_coverage", "ce:GetSavingsPlansCoverage")
    assert verdict(advised(book, denied, "LMB-21"), "LMB-21") == "no_permission"


def costs(usage: str, *months: tuple[dict[str, str], str]) -> dict[str, Any]:
    results = [{"TimePeriod": period, "UnblendedCost": {"Amount": amount, "Unit": "USD"}} for period, amount in months]
    return {"Service": "Amazon Redshift", "UsageType": usage, "ResultsByTime": results}


def redshift(*usages: dict[str, Any]) -> Fleet:
    fleet = Fleet()
    for usage in usages:
        fleet.add("cost", f"Amazon Redshift/{usage['UsageType']}", usage)
    return fleet


def test_scans_that_cost_more_than_a_tenth_of_the_nodes_are_told(book: PriceBook) -> None:
    fleet = redshift(
        costs("USW2-DataScanned", (OCTOBER, "500"), (NOVEMBER, "1")),
        costs("USW2-Node:ra3.xlplus", (OCTOBER, "1600")),
        costs("USW2-HeavyUsage:ra3.xlplus", (OCTOBER, "400")),
        # Another region has nodes enough.
        costs("DataScanned", (OCTOBER, "50")),
        costs("Node:ra3.4xlarge", (OCTOBER, "4000")),
    )
    advice = advised(book, fleet, "RSP-11")
    finding = found(advice, "RSP-11")
    assert (finding.resource, finding.saving) == ("USW2-DataScanned", None)
    # 500 of 1,600 + 400
    assert "scans cost 25 % of what its nodes cost" in finding.why
    assert [str(one.value) for one in finding.evidence] == ["500", "2000"]
    [coverage] = advice.coverage
    assert dict(coverage.verdicts) == {"finding": 1, "clean": 1}


@pytest.mark.parametrize(
    ("usages", "expected"),
    [
        ([costs("DataScanned", (OCTOBER, "50")), costs("Node:ra3.4xlarge", (OCTOBER, "500"))], "clean"),
        # All upfront: the nodes' month costs nothing.
        ([costs("DataScanned", (OCTOBER, "50")), costs("Node:ra3.4xlarge", (OCTOBER, "0"))], "not_enough_data"),
        ([costs("DataScanned", (NOVEMBER, "50"))], "not_enough_data"),
        ([costs("Node:ra3.4xlarge", (OCTOBER, "500"))], "not_applicable"),
    ],
)
def test_scans_that_cost_little_or_beside_unknown_nodes_are_no_finding(
    book: PriceBook, usages: list[dict[str, Any]], expected: str
) -> None:
    assert verdict(advised(book, redshift(*usages), "RSP-11"), "RSP-11") == expected
