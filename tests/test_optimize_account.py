"""Advice about an account: what could not be asked, what belongs to nobody, what AWS says, what holds for all."""

import json
import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from conftest import TODAY
from fleets import ACCOUNT, REGION, Fleet, always, at_hour, in_working_hours
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_optimize_measured import DEV, SILENT, SPEAKS, advised, advised_of, cents, found, provisioned, verdict

from costkit.inputs.documents import read_bytes
from costkit.model.exact import EXACT
from costkit.model.finding import FINDING, VERDICTS
from costkit.optimize.checks import account_checks, checks
from costkit.pricebook.book import PriceBook

D = Decimal
Ask = Callable[..., Answer]
DAY = ("--on", TODAY)


def optimized(ask: Ask, fleet: Fleet, *options: str, form: str = "json") -> Answer:
    Path("snapshot.json").write_text(fleet.text(), encoding="utf-8")
    return ask("optimize", "snapshot.json", *DAY, "-f", form, *options)


# What could not be asked


def test_a_denied_metric_names_the_action_and_claims_nothing(book: PriceBook) -> None:
    fleet = Fleet().deny("ec2_instance", "cloudwatch:GetMetricData", "metrics").instance("i-1")
    fleet.items[0] = fleet.items[0]._replace(metrics=())
    advice = advised(book, fleet, "EC2-01", "EC2-03", "EC2-06")
    assert {verdict(advice, code) for code in ("EC2-01", "EC2-03")} == {"no_permission"}
    assert all("cloudwatch:GetMetricData" in finding.why for finding in advice.findings)
    assert advice.saving.expected == 0


def test_denied_items_are_a_verdict_of_their_region(book: PriceBook) -> None:
    fleet = Fleet().deny("ebs_volume", "ec2:DescribeVolumes").instance("i-1")
    advice = advised(book, fleet, "EC2-08")
    [finding] = advice.findings
    assert (finding.verdict, finding.resource) == ("no_permission", f"ebs_volume in {REGION} of {ACCOUNT}")
    assert "ec2:DescribeVolumes" in finding.why
    [coverage] = advice.coverage
    assert coverage.regions == ((REGION, (("no_permission", 1),)),)


def test_what_nobody_could_ask_of_limits_is_not_taken_for_none(book: PriceBook) -> None:
    fleet = Fleet().deny("redshift_usage_limit", "redshift:DescribeUsageLimits")
    fleet.cluster("dwh", metrics={"ConcurrencyScalingSeconds Sum day": always(60)})
    assert verdict(advised(book, fleet, "RSP-10"), "RSP-10") == "no_permission"


# What belongs to nobody


def test_untagged_cost_is_told_with_what_costs_most(book: PriceBook) -> None:
    bare = Fleet().instance("i-1", tags={}).instance("i-2")
    finding = found(advised(book, bare, "ACC-01"), "ACC-01")
    assert finding.saving is None
    assert "1 resources without any tag are 50 % of the cost" in finding.why
    assert [one.name for one in finding.evidence] == ["i-1"]
    assert verdict(advised(book, Fleet().instance("i-1"), "ACC-01"), "ACC-01") == "clean"


def test_tags_that_nobody_could_ask_for_are_not_missing(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1")
    fleet.items[0] = fleet.items[0]._replace(tags=None)
    assert verdict(advised(book, fleet, "ACC-01"), "ACC-01") == "not_applicable"


def nodes(**more: Any) -> dict[str, Any]:
    fields = {"NodeType": "rg.xlarge", "NodeCount": 6, "State": "active", "Duration": 31536000}
    return {**fields, "StartTime": "2026-06-01T00:00:00Z", "OfferingType": "No Upfront", **more}


def test_reserved_nodes_that_nobody_uses_or_that_end(book: PriceBook) -> None:
    fleet = Fleet().cluster("dwh").add("redshift_reserved_node", "r-1", nodes())
    assert "2 of 6 reserved nodes are not used" in found(advised(book, fleet, "RSP-07"), "RSP-07").why
    assert verdict(advised(book, fleet, "RSP-08"), "RSP-08") == "clean"
    # 365 days from 2025-12-01: ten are left.
    ending = (
        Fleet()
        .cluster("dwh")
        .add("redshift_reserved_node", "r-1", nodes(NodeCount=4, StartTime="2025-12-01T00:00:00Z"))
    )
    assert verdict(advised(book, ending, "RSP-07"), "RSP-07") == "clean"
    assert "ends in 10 days" in found(advised(book, ending, "RSP-08"), "RSP-08").why


def test_reserved_instances_that_end(book: PriceBook) -> None:
    fleet = Fleet()
    for name, end in (("soon", "2026-12-01T00:00:00Z"), ("later", "2027-06-01T00:00:00Z")):
        fleet.add("ec2_reserved_instance", name, {"State": "active", "InstanceType": "m5.large", "End": end})
    assert found(advised(book, fleet, "EC2-23"), "EC2-23").resource == "soon"


def test_old_snapshots_of_nothing_have_no_price(book: PriceBook) -> None:
    old = {"StartTime": "2026-01-01T00:00:00Z", "VolumeId": "vol-gone", "VolumeSize": 100}
    fleet = Fleet().add("ebs_snapshot", "snap-1", old).add("ebs_snapshot", "snap-2", old)
    fleet.add("ec2_image", "ami-1", {"BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-2"}}]})
    [finding] = advised(book, fleet, "EC2-12").findings
    assert (finding.resource, finding.verdict, finding.saving) == ("snap-1", "unpriced", None)


def test_dedicated_hosts_that_nothing_runs_on_have_no_price(book: PriceBook) -> None:
    own = {"State": "available", "HostProperties": {"InstanceType": "m5.large"}}
    fleet = Fleet().add("dedicated_host", "empty", {**own, "Instances": []})
    fleet.add("dedicated_host", "used", {**own, "Instances": [{"InstanceId": "i-1"}]})
    fleet.add("dedicated_host", "gone", {"State": "released", "Instances": []})
    advice = advised(book, fleet, "EC2-26")
    [finding] = advice.findings
    assert (finding.resource, finding.verdict, finding.saving) == ("empty", "unpriced", None)
    assert [one.value for one in finding.evidence] == ["m5.large", "no"]
    assert dict(advice.coverage[0].verdicts) == {"unpriced": 1, "clean": 1}
    unknown = Fleet().add("dedicated_host", "h-1", {"State": "available"})
    assert verdict(advised(book, unknown, "EC2-26"), "EC2-26") == "not_enough_data"
    denied = Fleet().deny("dedicated_host", "ec2:DescribeHosts")
    assert verdict(advised(book, denied, "EC2-26"), "EC2-26") == "no_permission"


def test_detailed_monitoring_of_what_is_not_production_has_no_price(book: PriceBook) -> None:
    detailed = {"Monitoring": {"State": "enabled"}}
    fleet = Fleet().instance("i-1", tags=DEV, attributes=detailed).instance("i-2", tags={}, attributes=detailed)
    fleet.instance("i-3", tags=DEV, attributes={"Monitoring": {"State": "disabled"}})
    fleet.instance("i-4", attributes={**detailed, "State": {"Name": "terminated"}}, tags=DEV)
    advice = advised(book, fleet, "EC2-21")
    [finding] = advice.findings
    assert (finding.resource, finding.verdict, finding.saving, finding.evidence[0].value) == (
        "i-1",
        "unpriced",
        None,
        7,
    )
    assert dict(advice.coverage[0].verdicts) == {"unpriced": 1, "clean": 1, "not_applicable": 1}


def test_detailed_monitoring_is_not_judged_without_tags_or_state(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", attributes={"Monitoring": {"State": "enabled"}})
    fleet.items[0] = fleet.items[0]._replace(tags=None)
    assert verdict(advised(book, fleet, "EC2-21"), "EC2-21") == "not_enough_data"
    assert verdict(advised(book, fleet.deny("ec2_instance", "tag:GetResources", "tags"), "EC2-21"), "EC2-21") == (
        "no_permission"
    )
    assert verdict(advised(book, Fleet().instance("i-1"), "EC2-21"), "EC2-21") == "not_enough_data"


def test_images_that_nothing_refers_to(book: PriceBook) -> None:
    def images(fleet: Fleet) -> Fleet:
        disk = [{"Ebs": {"SnapshotId": "snap-1", "VolumeSize": 30}}, {"Ebs": {"VolumeSize": 70}}, {"DeviceName": "x"}]
        for name, day in (("run", "2026-01-01"), ("named", "2026-01-01"), ("new", "2026-11-18"), ("old", "2026-01-01")):
            fleet.add("ec2_image", name, {"CreationDate": f"{day}T00:00:00Z", "BlockDeviceMappings": disk})
        return fleet.instance("i-1", attributes={"ImageId": "run"})

    def template(fleet: Fleet, image: str) -> Fleet:
        return fleet.add("ec2_launch_template_version", f"lt/{image}", {"LaunchTemplateData": {"ImageId": image}})

    advice = advised(book, template(images(Fleet()), "named"), "EC2-13")
    [finding] = advice.findings
    assert (finding.resource, finding.verdict, finding.saving) == ("old", "unpriced", None)
    # 30 + 70 GB
    assert finding.evidence[0].value == 100
    by_parameter = template(template(images(Fleet()), "named"), "resolve:ssm:/golden")
    assert {f.verdict for f in advised(book, by_parameter, "EC2-13").findings} == {"not_enough_data"}
    denied = images(Fleet()).deny("ec2_launch_template_version", "ec2:DescribeLaunchTemplateVersions")
    [finding] = advised(book, denied, "EC2-13").findings
    assert (finding.verdict, "ec2:DescribeLaunchTemplateVersions" in finding.why) == ("no_permission", True)
    gone = (
        Fleet()
        .add("ec2_image", "run", {})
        .instance("i", attributes={"ImageId": "run", "State": {"Name": "terminated"}})
    )
    assert verdict(advised(book, gone, "EC2-13"), "EC2-13") == "unpriced"


def worldwide() -> Fleet:
    return Fleet(region="global")


def cost(fleet: Fleet, service: str, usage_type: str, *months: tuple[str, str, str]) -> Fleet:
    """A usage type with its months: first day, cost and quantity. November has not ended."""
    ends = {
        "2026-08-01": "2026-09-01",
        "2026-09-01": "2026-10-01",
        "2026-10-01": "2026-11-01",
        "2026-11-01": "2026-11-21",
    }
    entries = [
        {
            "TimePeriod": {"Start": start, "End": ends[start]},
            "UnblendedCost": {"Amount": amount, "Unit": "USD"},
            "UsageQuantity": {"Amount": quantity, "Unit": "N/A"},
        }
        for start, amount, quantity in months
    ]
    own = {"Service": service, "UsageType": usage_type, "ResultsByTime": entries}
    return fleet.add("cost", f"{service}/{usage_type}", own)


def test_anomalies_are_told_with_aws_s_amounts(book: PriceBook) -> None:
    says = {
        "AnomalyStartDate": "2026-11-10T00:00:00Z",
        "AnomalyEndDate": "2026-11-12",
        "DimensionValue": "AWS Lambda",
        "Impact": {"TotalImpact": 100, "TotalActualSpend": 130},
        "RootCauses": [{"Service": "AWS Lambda", "Region": "eu-west-1"}],
    }
    fleet = worldwide().add("cost_anomaly", "a-1", says)
    fleet.add("cost_anomaly", "a-2", {**says, "Feedback": "PLANNED_ACTIVITY"}).add("cost_anomaly", "a-3", {})
    advice = advised(book, fleet, "ACC-03")
    told = {finding.resource: finding for finding in advice.findings}
    assert set(told) == {"a-1", "a-3"}
    assert "AWS saw an anomaly of AWS Lambda from 2026-11-10 to 2026-11-12" in told["a-1"].why
    values = [one.value for one in told["a-1"].evidence]
    assert values == [100, 130, "AWS Lambda, eu-west-1"]
    assert (told["a-1"].saving, advice.saving.expected) == (None, 0)
    denied = worldwide().deny("cost_anomaly", "ce:GetAnomalies")
    assert verdict(advised(book, denied, "ACC-03"), "ACC-03") == "no_permission"
    # Not asked for, it is no matter at all.
    assert verdict(advised(book, Fleet().instance("i-1"), "ACC-03"), "ACC-03") == "not_applicable"


def test_what_made_a_month_dearer_is_told_by_usage_type(book: PriceBook) -> None:
    fleet = worldwide()
    cost(fleet, "Amazon Redshift", "Node:ra3", ("2026-09-01", "100", "10"), ("2026-10-01", "150", "15"))
    cost(fleet, "AWS Lambda", "GB-Second", ("2026-09-01", "100", "7"), ("2026-10-01", "90", "6"))
    # New, and 20 of the 200 that September cost; a cent more is no driver; November is not over.
    cost(fleet, "Amazon SQS", "Requests", ("2026-10-01", "20", "1000"), ("2026-11-01", "900", "9"))
    cost(fleet, "Amazon SNS", "Requests", ("2026-09-01", "0", "0"), ("2026-10-01", "0.01", "1"))
    findings = advised(book, fleet, "ACC-04").findings
    assert [finding.resource for finding in findings] == ["Amazon Redshift/Node:ra3", "Amazon SQS/Requests"]
    assert "it rose by 50 % in 2026-10, 25 % of all of 2026-09; more of it was used" in findings[0].why
    assert "it was new in 2026-10, 10 % of all of 2026-09" in findings[1].why
    assert [one.value for one in findings[0].evidence] == [100, 150, 10, 15]


def test_a_price_that_rose_is_told_from_a_quantity_that_did(book: PriceBook) -> None:
    fleet = cost(worldwide(), "A", "B", ("2026-09-01", "100", "10"), ("2026-10-01", "150", "10"))
    assert "no more of it was used: its price changed" in found(advised(book, fleet, "ACC-04"), "ACC-04").why


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ((("2026-09-01", "100", "1"), ("2026-10-01", "104", "1")), "clean"),
        ((("2026-09-01", "100", "1"), ("2026-10-01", "0", "0")), "clean"),
        ((("2026-10-01", "100", "1"), ("2026-11-01", "900", "1")), "not_enough_data"),
        ((("2026-09-01", "nothing", "1"), ("2026-10-01", "NaN", "1")), "clean"),
    ],
)
def test_a_month_that_is_like_the_one_before_has_no_drivers(book: PriceBook, months: Any, expected: str) -> None:
    assert verdict(advised(book, cost(worldwide(), "A", "B", *months), "ACC-04"), "ACC-04") == expected


def test_what_tools_pay_for_asking_is_told(book: PriceBook) -> None:
    fleet = worldwide()
    cost(fleet, "AmazonCloudWatch", "EU-CW:GMD-Metrics", ("2026-10-01", "12.5", "1250000"))
    cost(fleet, "AWS Cost Explorer", "USE1-APIRequest", ("2026-10-01", "3", "300"))
    # Alarms are no questions.
    cost(fleet, "AmazonCloudWatch", "EU-CW:AlarmMonitorUsage", ("2026-10-01", "70", "700"))
    finding = found(advised(book, fleet, "ACC-06"), "ACC-06")
    told = {one.name: one.value for one in finding.evidence}
    own = "this collection of costkit itself"
    assert told == {"AmazonCloudWatch/EU-CW:GMD-Metrics": D("12.5"), "AWS Cost Explorer/USE1-APIRequest": 3, own: 0}
    little = cost(worldwide(), "AWS Cost Explorer", "USE1-APIRequest", ("2026-10-01", "0.99", "99"))
    assert verdict(advised(book, little, "ACC-06"), "ACC-06") == "clean"
    begun = cost(worldwide(), "AWS Cost Explorer", "USE1-APIRequest", ("2026-11-01", "9", "900"))
    assert verdict(advised(book, begun, "ACC-06"), "ACC-06") == "not_enough_data"
    denied = worldwide().deny("cost", "ce:GetCostAndUsage")
    assert verdict(advised(book, denied, "ACC-06"), "ACC-06") == "no_permission"


def test_an_account_without_a_budget(book: PriceBook) -> None:
    none = Fleet().instance("i-1")
    assert verdict(advised(book, none, "ACC-02"), "ACC-02") == "not_applicable"
    one = Fleet().add("budget", "all", {"BudgetName": "all"})
    assert verdict(advised(book, one, "ACC-02"), "ACC-02") == "clean"


# What AWS says


OPTION = {"rank": 1, "instanceType": "m7g.large", "savingsOpportunity": {"estimatedMonthlySavings": {"value": 41}}}
SAYS = {
    "instanceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1",
    "currentInstanceType": "m7g.xlarge",
    "recommendationOptions": [OPTION],
}


def test_aws_and_costkit_agree_and_count_once(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", always(30), kind="m7g.xlarge").add("compute_optimizer_instance", "c-1", SAYS)
    advice = advised(book, fleet, "EC2-03", "EC2-22")
    assert {finding.code for finding in advice.findings} == {"EC2-03", "EC2-22"}
    # Both say m7g.large: 730 x 0.0816 once, not twice. AWS's own figure is evidence.
    assert f"{advice.saving.expected:.2f}" == "59.57"
    assert [one.codes for one in advice.combined] == [("EC2-03",)]
    assert found(advice, "EC2-22").evidence[0].value == 41


def test_aws_recommends_nothing_for_another_type_than_it_saw(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", kind="m7g.2xlarge").add("compute_optimizer_instance", "c-1", SAYS)
    assert verdict(advised(book, fleet, "EC2-22"), "EC2-22") == "clean"
    assert verdict(advised(book, Fleet().instance("i-1"), "EC2-22"), "EC2-22") == "not_applicable"


def test_the_memory_that_aws_recommends_is_priced_here(book: PriceBook) -> None:
    times = [{"statistic": "EXPECTED", "value": 1000}, {"statistic": "UPPER_BOUND", "value": 2000}]
    says = {
        "functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:api",
        "currentMemorySize": 2048,
        "memorySizeRecommendationOptions": [{"rank": 1, "memorySize": 1024, "projectedUtilizationMetrics": times}],
    }
    fleet = Fleet().function("api", each=1000, memory=2048).add("compute_optimizer_lambda", "c-1", says)
    # 1.46 M GB-s become 0.73 M, or stay as they are if it takes twice as long: 0.73 M x 0.0000133334.
    assert cents(found(advised(book, fleet, "LMB-23"), "LMB-23")) == ("0.00", "9.73", "9.73")


def test_the_hub_s_figures_are_told_and_never_added(book: PriceBook) -> None:
    says = {"resourceId": "db-1", "actionType": "Stop", "estimatedMonthlySavings": 500, "source": "ComputeOptimizer"}
    fleet = Fleet().add("cost_optimization_hub_recommendation", "rec-1", says)
    advice = advised(book, fleet, "ACC-05")
    assert (found(advice, "ACC-05").evidence[0].value, advice.saving.expected) == (500, 0)


# Several changes, and what somebody decided


def test_what_is_deleted_needs_no_schedule(book: PriceBook) -> None:
    idle = Fleet(days=28).instance("i-1", always(1), network=1000, tags=DEV, kind="m5.large")
    advice = advised(book, idle)
    [combined] = advice.combined
    assert combined.codes == ("EC2-01",)
    assert combined.saving.expected == 730 * D("0.096")
    idle = found(advice, "EC2-01")
    assert (idle.before, idle.after) == ("count: 1\n", "count: 0\n")


def test_workflows_beside_several_functions_are_all_counted(book: PriceBook) -> None:
    fleet = Fleet()
    for name in ("one", "two", "three"):
        fleet.function(name, each=60_000, metrics={"cpu_total_time Sum day": always(24 * 1000 * 600)})
    advice = advised(book, fleet, "LMB-24")
    names = {resource.resource.name for resource in advice.after.resources}
    assert names == {"one", "two", "three", "one workflow", "two workflow", "three workflow"}
    assert EXACT.subtract(advice.estimate.cost, advice.after.cost) == advice.saving.expected
    assert "# one workflow:\n#   type: step_functions\n" in advice.findings[0].after


def test_a_suppressed_finding_is_not_counted(ask: Ask) -> None:
    fleet = Fleet().volume("vol-1", ops=always(0)).volume("vol-2", ops=always(0))
    Path("snapshot.json").write_text(fleet.text(), encoding="utf-8")
    decided = "{code: EC2-09, resource: vol-1, owner: dba, reason: spare, until: 2027-01-01}"
    Path("costkit.yaml").write_text(f"version: 1\nsuppressions: [{decided}]\n", encoding="utf-8")
    tree = ask("optimize", "costkit.yaml", "snapshot.json", *DAY, "-f", "json", "--check", "EC2-09").tree
    assert {one["resource"]: one["verdict"] for one in tree["findings"]} == {"vol-1": "suppressed", "vol-2": "finding"}
    assert tree["saving"]["expected"] == "8"


def test_a_resource_may_want_no_advice(book: PriceBook) -> None:
    fleet = Fleet().volume("vol-1", ops=always(0), tags={"costkit:ignore": "true"})
    advice = advised(book, fleet, "EC2-09")
    assert (verdict(advice, "EC2-09"), advice.saving.expected) == ("suppressed", 0)


# Properties

USES = st.sampled_from([always(0), always(1), always(50), in_working_hours(60, 0), at_hour(3, 90), always(None)])
KINDS = st.sampled_from(["instance", "cluster", "function", "volume", "workgroup", "provisioned"])


def built(members: list[tuple[str, Any, dict[str, str]]]) -> Fleet:
    fleet = Fleet(days=28)
    for number, (kind, use, tags) in enumerate(members):
        name = f"{kind}-{number}"
        if kind == "volume":
            fleet.volume(name, ops=use, tags=tags)
        elif kind == "instance":
            fleet.instance(name, use, tags=tags, network=5)
        elif kind == "cluster":
            fleet.cluster(name, used=use, tags=tags)
        elif kind == "workgroup":
            fleet.workgroup(name, use, queries=always(0), tags=tags)
        elif kind == "function" or any(item.id == "api" for item in fleet.items):
            fleet.function(name, use, memory=3008, tags=tags)
        else:
            provisioned(fleet.function("api", use, tags=tags), use, use, use)
    return fleet


@settings(deadline=None, max_examples=12, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(KINDS, USES, st.sampled_from([{}, DEV])), min_size=1, max_size=5))
def test_no_saving_exceeds_the_cost_and_no_whole_its_parts(
    book: PriceBook, members: list[tuple[str, Any, dict[str, str]]]
) -> None:
    advice = advised(book, built(members))
    cost = {one.resource.name: one.high for one in advice.estimate.resources}
    alone: dict[str, list[Decimal]] = {}
    crumb = D("1e-12")
    for finding in advice.findings:
        if finding.saving is None:
            continue
        assert finding.verdict == FINDING
        # What a resource has of a free allowance goes to others when it is gone.
        assert finding.saving.expected <= advice.estimate.cost + crumb
        assert finding.resource in cost
        alone.setdefault(finding.resource, []).append(finding.saving.expected)
    for combined in advice.combined:
        assert combined.saving.expected <= sum(alone[combined.resource]) + crumb
    assert EXACT.subtract(advice.estimate.cost, advice.after.cost) == advice.saving.expected
    assert advice.after.cost >= 0


# The command


def test_the_answer_has_evidence_and_a_grid(ask: Ask) -> None:
    fleet = Fleet(days=28).instance("i-1", always(1), network=1000).function("api").deny("nat_gateway", "ec2:Describe")
    tree = optimized(ask, fleet).tree
    [idle] = [one for one in tree["findings"] if one["code"] == "EC2-01"]
    assert idle["evidence"][0] == {
        "name": "CPUUtilization Maximum",
        "value": "1",
        "unit": "%",
        "source": "AWS/EC2 CPUUtilization Maximum, 2026-10-24 to 2026-11-21",
    }
    assert (idle["after"], idle["category"], idle["confidence"]) == ("count: 0\n", "waste", "measured")
    known = {check.code for check in (*checks(), *account_checks())}
    assert {one["code"] for one in tree["coverage"]} == known
    assert all(set(cells) <= set(VERDICTS) for one in tree["coverage"] for cells in one["regions"].values())
    nat = next(one for one in tree["coverage"] if one["code"] == "EC2-15")
    assert nat["regions"] == {REGION: {"no_permission": 1}}
    amounts = [D(one["saving"]["expected"]) for one in tree["findings"] if one["saving"]]
    assert amounts == sorted(amounts, reverse=True)


def test_the_table_shows_the_grid_when_asked_and_markdown_always(ask: Ask) -> None:
    fleet = Fleet().instance("i-1", always(1), network=1000)
    grid = re.compile(r"^(\| )?EC2-01 +(\| )?F1", re.MULTILINE)
    assert grid.search(optimized(ask, fleet, "-v", form="table").out)
    assert not grid.search(optimized(ask, fleet, form="table").out)
    assert grid.search(optimized(ask, fleet, form="markdown").out)


def test_waste_may_fail_a_pipeline(ask: Ask) -> None:
    fleet = Fleet().volume("vol-1", ops=always(0))
    assert optimized(ask, fleet, "--fail-on", "waste").code == 3
    assert optimized(ask, Fleet().volume("vol-1"), "--fail-on", "waste").code == 0


def test_a_snapshot_is_not_written_as_a_spec(ask: Ask) -> None:
    answer = optimized(ask, Fleet().volume("vol-1"), "--apply", "new.yaml")
    assert (answer.code, answer.told[0].code) == (2, "CK525")


def test_a_warning_claims_nothing_in_any_format(ask: Ask) -> None:
    fleet = Fleet().workgroup("wg", always(3600))
    only = ("--check", "RSS-04")
    assert "no saving claimed" in optimized(ask, fleet, *only, form="table").out
    assert json.loads(optimized(ask, fleet, *only).out)["findings"][0]["saving"] is None
    assert ",RSS-04,wg," in optimized(ask, fleet, *only, form="csv").out
    assert "RSS-04" in optimized(ask, fleet, *only, form="markdown").out
    assert not optimized(ask, fleet, *only, "--min-saving", "1").tree["findings"]


# Files that nobody collected so


def wrecked(value: Any, chance: random.Random) -> Any:
    """Attributes with parts that are gone, empty, negative or huge."""
    if isinstance(value, dict):
        return {key: wrecked(part, chance) for key, part in value.items() if chance.random() > 0.05}
    if isinstance(value, list):
        return [wrecked(part, chance) for part in value if chance.random() > 0.05]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return chance.choice([0, -1, 10**9, 0.5, value, value, value, value, value])
    return chance.choice(["", "x", value, value, value, value]) if isinstance(value, str) else value


def values(series: Any, chance: random.Random) -> list[Any]:
    """The values of a series, most of them as they were."""
    if chance.random() < 0.6:
        return list(series["values"])
    return [chance.choice([None, 0, -5, 10**12, 0.001, value]) for value in series["values"]]


def account_wide(fleet: Fleet) -> None:
    """What checks of accounts look at."""
    fleet.region = "global"
    cost(fleet, "AmazonCloudWatch", "CW:Requests", ("2026-09-01", "1", "1"), ("2026-10-01", "9", "9"))
    fleet.add("cost_anomaly", "a-1", {"RootCauses": [{"Service": "x"}], "Impact": {"TotalImpact": 5}})
    hub = {"resourceId": "i-1", "actionType": "Stop", "estimatedMonthlySavings": 5, "currencyCode": "USD"}
    fleet.add("cost_optimization_hub_recommendation", "r-1", {**hub, "resourceArn": f"arn:aws:ec2:{REGION}:1:volume/v"})
    fleet.region = REGION
    opportunity = {"savingsOpportunity": {"estimatedMonthlySavings": {"currency": "USD", "value": 5}}}
    fleet.add("compute_optimizer_idle", "c-1", {"resourceArn": f"arn:aws:ec2:{REGION}:1:instance/i-1", **opportunity})
    option = {"rank": 1, "configuration": {"volumeType": "gp3", "volumeSize": 9}, **opportunity}
    volume = {"volumeArn": "x", "finding": "NotOptimized", "volumeRecommendationOptions": [option]}
    fleet.add("compute_optimizer_volume", "c-2", volume).instance(
        "i-1", attributes={"Monitoring": {"State": "enabled"}}
    )
    disks = [{"Ebs": {"SnapshotId": "snap-1", "VolumeSize": 8}}]
    fleet.add("ec2_image", "ami-1", {"CreationDate": "2026-01-01T00:00:00Z", "BlockDeviceMappings": disks})
    fleet.add("ec2_launch_template_version", "lt-1/1", {"LaunchTemplateData": {"ImageId": "ami-2"}})
    fleet.add("dedicated_host", "h-1", {"State": "available"}).add("classic_load_balancer", "lb", {})


@pytest.mark.parametrize("seed", range(4))
def test_a_snapshot_of_anything_is_answered(book: PriceBook, seed: int) -> None:
    chance = random.Random(seed)
    builds = [case[1] for case in SPEAKS] + [case[2] for case in SILENT] + [account_wide] * 40
    for build in builds[seed::4]:
        fleet = Fleet(days=chance.choice([1, 3, 14, 28]))
        build(fleet)
        tree = json.loads(fleet.text())
        for item in tree["items"]:
            item["attributes"] = wrecked(item["attributes"], chance)
            kept = [series for series in item.get("metrics", []) if chance.random() > 0.1]
            item["metrics"] = [{**series, "values": values(series, chance)} for series in kept]
        advice = advised_of(book, read_bytes(json.dumps(tree).encode(), "snapshot.json"))
        assert {verdict for coverage in advice.coverage for verdict, _ in coverage.verdicts} <= set(VERDICTS)
        assert all(finding.saving.low <= finding.saving.high for finding in advice.findings if finding.saving)
