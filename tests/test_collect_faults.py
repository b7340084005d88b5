"""Every fault for every collector: retried where that helps, told where it does not, and never a silent zero."""

import socket
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from asking import Answer
from aws import fleet
from aws.asked import ACTIONS, EVERYTHING, sent, snapshot
from aws.shapes import timed
from botocore.validate import ParamValidator

from costkit.collect import connecting
from costkit.collect.asking import MOST_ATTEMPTS, OTHERWISE, Asker
from costkit.collect.call import Call
from costkit.collect.expense import Expense
from costkit.collect.gap import Gap
from costkit.collect.services import IDENTITY, METRIC_DATA, REGIONS, calls_of, module_of
from costkit.model.snapshot import Snapshot
from costkit.model.snapshot_kinds import kinds
from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TEXT, TIME

Run = Callable[..., Answer]
SERVICES = ",".join(EVERYTHING)
HERE = ("-o", "s.json", "--regions", fleet.REGION)
PASSING = ("throttle", "failure", "unavailable", "reset", "torn", "cut", "html", "nothing")
SNAP_START = {"FunctionName": "api", "SnapStart": {"ApplyOn": "PublishedVersions"}}
# What has to be there for some calls to be made at all.
FIRST: dict[str, tuple[dict[str, Any], ...]] = {
    "ListVersionsByFunction": (
        {"client": "lambda", "operation": "ListFunctions", "answer": {"Functions": [SNAP_START]}},
        {"client": "lambda", "operation": "ListAliases", "answer": {"Aliases": []}},
    ),
    "ListAliases": (
        {"client": "lambda", "operation": "ListFunctions", "answer": {"Functions": [SNAP_START]}},
        {"client": "lambda", "operation": "ListVersionsByFunction", "answer": {"Versions": []}},
    ),
}
MODELS = botocore.session.get_session()
ASKED_LATER = "ListProvisionedConcurrencyConfigs DescribeNodeConfigurationOptions DescribeTargetHealth GetResources "
ASKED_LATER += "DescribeInstanceTypes DescribeSpotPriceHistory GetMetricData ListMetrics"
COLLECTORS = [call for call in calls_of(EVERYTHING) if call not in (IDENTITY, REGIONS)]


def service_of(call: Call) -> str:
    """A service whose collection makes this call."""
    measured = {"GetMetricData": "redshift", "ListMetrics": "redshift-serverless"}
    return measured.get(call.operation) or next(name for name in EVERYTHING if call in module_of(name).CALLS)


@pytest.fixture(scope="module")
def unhindered() -> dict[str, Snapshot]:
    """What is collected without any fault, once it was."""
    return {}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_changes_nothing_whoever_it_meets(
    collect: Run, account: Any, tmp_path: Path, unhindered: dict[str, Snapshot], fault: str
) -> None:
    def collected() -> Snapshot:
        assert collect(*HERE, "--only", SERVICES).code == 0
        return snapshot(tmp_path / "s.json")

    whole = unhindered.get("") or unhindered.setdefault("", collected())
    account.rules({"client": "*", "operation": "*", "fault": fault, "each": True, "except": ["AssumeRole"]})
    found = collected()
    assert (found.items, found.parts, found.missing) == (whole.items, whole.parts, ())
    # Each operation was asked once more than otherwise; one action permits two of them.
    operations = Counter(ACTIONS.values())
    assert found.api.calls == {action: number + operations[action] for action, number in whole.api.calls.items()}
    assert found.api.calls == sent(account)


@pytest.mark.parametrize("call", COLLECTORS, ids=lambda call: call.iam)
def test_what_is_denied_is_missing_and_everything_else_is_there(
    collect: Run, account: Any, tmp_path: Path, call: Call
) -> None:
    service = service_of(call)
    refused = {"client": call.client, "operation": call.operation, "fault": "denied"}
    account.rules(*FIRST.get(call.operation, ()), refused)
    answer = collect(*HERE, "--only", service)
    assert answer.code == 5
    (told,) = answer.told
    assert (told.severity, told.where, told.code) == ("error", fleet.ACCOUNT, "CK702")
    assert told.message.startswith(f"AWS does not permit {call.iam}; missing: ")
    assert "AQoDYXdz" not in answer.err + (tmp_path / "s.json").read_text(encoding="utf-8")
    found = snapshot(tmp_path / "s.json")
    assert {gap.action for gap in found.missing} == {call.iam}
    lost = {gap.kind for gap in found.missing}
    for part in found.parts:
        assert part.kind in lost or not found.missing_of(part.kind, part.account, part.region)
    if call.operation != "ListFunctions":
        assert {part.kind for part in found.parts} == {k.name for k in kinds().values() if k.service == service}
    # Denied is denied: it is asked once in every place that needs it.
    assert sent(account)[call.iam] <= len(lost) * (1 + len(list(found.items)))


@pytest.mark.parametrize("fault", ["nothing", "torn", "html"])
def test_answers_that_stay_broken_are_never_empty_ones(collect: Run, account: Any, tmp_path: Path, fault: str) -> None:
    account.rules({"client": "*", "operation": "*", "fault": fault, "except": ["GetCallerIdentity"]})
    answer = collect(*HERE, "--only", SERVICES)
    assert answer.code == 5
    found = snapshot(tmp_path / "s.json")
    assert not found.items
    assert {gap.kind for gap in found.missing} == set(kinds())
    assert {gap.reason for gap in found.missing} == {"broken_answer"}
    numbers = sent(account)
    assert numbers.pop("sts:GetCallerIdentity") == 1
    assert {number % OTHERWISE for number in numbers.values()} == {0}


LATER = [call for call in COLLECTORS if call.operation in FIRST or call.operation in ASKED_LATER]


@pytest.mark.parametrize("call", LATER, ids=lambda call: call.iam)
def test_what_is_asked_of_each_item_is_missing_where_its_answer_is_broken(
    collect: Run, account: Any, tmp_path: Path, call: Call
) -> None:
    broken = {"client": call.client, "operation": call.operation, "fault": "nothing"}
    account.rules(*FIRST.get(call.operation, ()), broken)
    assert collect(*HERE, "--only", service_of(call)).code == 5
    found = snapshot(tmp_path / "s.json")
    assert {(gap.action, gap.reason) for gap in found.missing} == {(call.iam, "broken_answer")}
    assert sent(account)[call.iam] % OTHERWISE == 0


BODIES = (
    '{"Functions": [null]}',
    '{"Functions": null}',
    '{"Functions": "none"}',
    '{"Functions": [{}]}',
    '{"Functions": [{"FunctionName": 7, "MemorySize": "much", "Layers": 3, "LastModified": "soon"}]}',
    "[]",
    "null",
    '"Functions"',
    '{"Functions": [[1, 2]]}',
)


@pytest.mark.parametrize("body", BODIES)
def test_no_answer_whatever_it_holds_is_more_than_broken(collect: Run, account: Any, tmp_path: Path, body: str) -> None:
    account.rules({"client": "lambda", "operation": "ListFunctions", "fault": "raw", "body": body})
    answer = collect(*HERE, "--only", "lambda")
    assert answer.code in (0, 5)
    found = snapshot(tmp_path / "s.json")
    assert found.complete is (answer.code == 0)
    # Either something was found, or it is said that it is not known.
    assert bool(list(found.of("lambda_function"))) is found.complete


def pages(*functions: list[str], last: str | None = None) -> dict[str, Any]:
    """Functions in pages; ``last`` is a token on the last page."""
    answers: list[dict[str, Any]] = []
    for number, names in enumerate(functions, 1):
        token = f"page-{number}" if number < len(functions) else last
        found = [{"FunctionName": name} for name in names]
        answers.append({"Functions": found} | ({"NextMarker": token} if token else {}))
    return {"client": "lambda", "operation": "ListFunctions", "answers": answers}


def ids(found: Snapshot, kind: str = "lambda_function") -> list[str]:
    return [item.id for item in found.of(kind)]


def test_an_empty_page_is_followed(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules(pages(["a"], [], ["b"]))
    assert collect(*HERE, "--only", "lambda").code == 0
    assert ids(snapshot(tmp_path / "s.json")) == ["a", "b"]


def test_the_same_token_twice_ends_it_and_keeps_what_came(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules(pages(["a"], ["b"], last="page-1"))
    answer = collect(*HERE, "--only", "lambda")
    assert answer.code == 5
    assert "gave the same page token twice" in answer.err
    assert ids(snapshot(tmp_path / "s.json")) == ["a", "b"]


def test_credentials_that_expire_half_way_keep_what_came_and_stop_the_rest(
    collect: Run, account: Any, tmp_path: Path
) -> None:
    listed = {"client": "lambda", "operation": "ListFunctions"}
    account.rules(pages(["a"], ["b"]), {**listed, "fault": "expired", "after": 1})
    answer = collect(*HERE, "--only", "lambda,redshift,ec2,logs")
    assert answer.code == 5
    found = snapshot(tmp_path / "s.json")
    assert ids(found) == ["a"]
    assert {gap.reason for gap in found.missing} == {"expired"}
    assert {told.code for told in answer.told} == {"CK703"}
    # Nothing else is asked with credentials that are known to have ended.
    assert set(sent(account)) == {"sts:GetCallerIdentity", "lambda:ListFunctions"}
    account.rules()
    assert collect("-o", "s.json", "--resume").code == 0
    assert ids(snapshot(tmp_path / "s.json")) == ["api", "worker"]


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("expired", "CK703", "the credentials expired"),
        ("clock", "CK703", "this machine's clock"),
        ("disabled", "CK703", "no usable credentials"),
        ("denied", "CK702", "does not permit sts:GetCallerIdentity"),
        ("throttle", "CK704", "kept throttling"),
        ("nothing", "CK704", "lacks what it must contain"),
    ],
)
def test_an_account_that_cannot_be_asked_at_all_writes_nothing(
    collect: Run, account: Any, tmp_path: Path, fault: str, code: str, words: str
) -> None:
    account.rules({"client": "sts", "operation": "GetCallerIdentity", "fault": fault})
    answer = collect(*HERE)
    assert answer.code == 5
    (told,) = answer.told
    assert told.code == code
    assert words in told.message
    assert not (tmp_path / "s.json").exists()


def test_without_credentials_it_says_so(collect: Run, account: Any, tmp_path: Path) -> None:
    answer = collect(*HERE, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert answer.code == 5
    assert [told.code for told in answer.told] == ["CK703"]
    assert "no usable credentials" in answer.err
    assert not account.log()


def test_without_a_network_it_says_so(collect: Run, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        answer = collect(*HERE, AWS_ENDPOINT_URL=address)
    assert answer.code == 5
    assert [told.code for told in answer.told] == ["CK704"]
    assert "could not be reached" in answer.err


def test_a_region_that_is_not_enabled_leaves_the_others(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules(
        {"client": "*", "operation": "*", "region": fleet.EMPTY, "fault": "disabled", "except": ["GetCallerIdentity"]}
    )
    answer = collect("-o", "s.json", "--regions", f"{fleet.REGION},{fleet.EMPTY}", "--only", "lambda,logs")
    assert answer.code == 5
    assert {told.code for told in answer.told} == {"CK705"}
    found = snapshot(tmp_path / "s.json")
    assert {gap.region for gap in found.missing} == {fleet.EMPTY}
    assert ids(found) == ["api", "worker"]
    assert sum(region == fleet.EMPTY for _, _, region in account.log()) == 2  # whose identity, and one refusal


@pytest.mark.parametrize(("region", "complete"), [("eu-west-1", False), ("me-south-1", True)])
def test_a_service_without_endpoint_is_missing_only_where_it_exists(
    collect: Run, account: Any, tmp_path: Path, region: str, complete: bool
) -> None:
    known = MODELS.get_available_regions("redshift-serverless")
    assert (region not in known) is complete
    account.rules({"client": "redshift-serverless", "operation": "*", "fault": "reset"})
    answer = collect("-o", "s.json", "--regions", region, "--only", "redshift-serverless")
    assert answer.code == (0 if complete else 5)
    found = snapshot(tmp_path / "s.json")
    assert found.asked("redshift_serverless_workgroup", fleet.ACCOUNT, region)
    assert {gap.reason for gap in found.missing} == (set() if complete else {"unreachable"})
    assert not found.items


def test_an_account_that_is_not_enrolled_is_told_to(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules({"client": "compute-optimizer", "operation": "*", "fault": "enroll"})
    answer = collect(*HERE, "--only", "compute-optimizer")
    assert answer.code == 5
    assert {told.code for told in answer.told} == {"CK706"}


def test_throttling_is_outlasted(collect: Run, account: Any, tmp_path: Path) -> None:
    listed = {"client": "lambda", "operation": "ListFunctions", "fault": "throttle"}
    account.rules({**listed, "times": MOST_ATTEMPTS["throttled"] - 1})
    assert collect(*HERE, "--only", "lambda").code == 0
    account.rules(listed)
    assert collect(*HERE, "--only", "lambda").code == 5
    assert sent(account)["lambda:ListFunctions"] == MOST_ATTEMPTS["throttled"]
    assert {gap.reason for gap in snapshot(tmp_path / "s.json").missing} == {"throttled"}


def result(number: int, **changes: Any) -> dict[str, Any]:
    return {"Id": f"q{number}", "Timestamps": [], "Values": [], "StatusCode": "Complete", **changes}


@pytest.mark.parametrize(
    "broken",
    [result(2, StatusCode="InternalError"), result(2, StatusCode="PartialData"), result(99), result(2, Values=[1.0])],
)
def test_a_metric_without_a_whole_answer_is_missing_and_not_zero(
    collect: Run, account: Any, tmp_path: Path, broken: dict[str, Any]
) -> None:
    # A log group has one metric: its query is q0. The workgroup has three that need no list: q0 to q2.
    answers = {"MetricDataResults": [result(0), result(1), broken]}
    lists = {"client": "cloudwatch", "operation": "ListMetrics", "answer": {"Metrics": []}}
    account.rules({"client": "cloudwatch", "operation": "GetMetricData", "answer": answers}, lists)
    assert collect(*HERE, "--only", "redshift-serverless").code == 5
    found = snapshot(tmp_path / "s.json")
    (workgroup,) = found.of("redshift_serverless_workgroup")
    assert [series.metric for series in workgroup.metrics] == ["ComputeSeconds", "ComputeCapacity"]
    gaps = found.missing_of("redshift_serverless_workgroup", fleet.ACCOUNT, fleet.REGION)
    assert [(gap.what, gap.reason, gap.ids) for gap in gaps] == [("metrics", "broken_answer", ("analysts",))]


def test_percentiles_that_cannot_be_had_cost_no_sums(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules({"client": "cloudwatch", "operation": "GetMetricData", "fault": "failure", "containing": '"p99"'})
    assert collect(*HERE, "--only", "lambda").code == 5
    found = snapshot(tmp_path / "s.json")
    api = next(item for item in found.of("lambda_function") if item.id == "api")
    assert api.series("Invocations", "Sum", 3600)
    assert api.series("Duration", "Sum", 3600)
    assert not api.series("Duration", "p99", 86400)
    (gap,) = found.missing_of("lambda_function", fleet.ACCOUNT, fleet.REGION)
    assert (gap.what, gap.reason) == ("metrics", "failed")


def test_metrics_on_several_pages_are_put_together(collect: Run, account: Any, tmp_path: Path) -> None:
    first = result(0, StatusCode="PartialData", Timestamps=["2026-11-19T00:00:00Z"], Values=[3.0])
    then = result(0, Timestamps=["2026-11-20T00:00:00Z"], Values=[4.5])
    answers = [{"MetricDataResults": [first], "NextToken": "page-1"}, {"MetricDataResults": [then]}]
    account.rules({"client": "cloudwatch", "operation": "GetMetricData", "answers": answers})
    assert collect(*HERE, "--only", "logs").code == 0
    (group,) = snapshot(tmp_path / "s.json").of("log_group")
    assert group.metrics[0].values == (*[None] * 12, Decimal(3), Decimal("4.5"))


def asker(account: Any, calls: tuple[Call, ...], monkeypatch: pytest.MonkeyPatch, url: str = "") -> Asker:
    for name, value in {**account.environment, "AWS_ENDPOINT_URL": url or account.url}.items():
        monkeypatch.setenv(name, value)
    session = connecting.asking_session(connecting.own_session(None), calls, fleet.REGION)
    return Asker(session, Expense({}), first_wait=0)


FORBIDDEN = (
    ("ec2", "terminate_instances", {"InstanceIds": ["i-1"]}),
    ("lambda", "delete_function", {"FunctionName": "api"}),
    ("lambda", "get_function", {"FunctionName": "api"}),
    ("lambda", "invoke", {"FunctionName": "api"}),
    ("redshift", "pause_cluster", {"ClusterIdentifier": "warehouse"}),
    ("sts", "assume_role", {"RoleArn": fleet.ROLE, "RoleSessionName": "xx"}),
    ("secretsmanager", "list_secrets", {}),
)


@pytest.mark.parametrize(("client", "method", "parameters"), FORBIDDEN)
def test_nothing_but_the_listed_reads_is_ever_sent(
    account: Any, monkeypatch: pytest.MonkeyPatch, client: str, method: str, parameters: dict[str, Any]
) -> None:
    account.rules()
    asking = asker(account, calls_of(EVERYTHING), monkeypatch)
    made = connecting.client_of(asking.session, client, fleet.REGION)
    with pytest.raises(connecting.Refused, match="not one of the reads"):
        getattr(made, method)(**parameters)
    own = connecting.client_of(connecting.own_session(None), "lambda", fleet.REGION)
    with pytest.raises(connecting.Refused):
        own.list_functions()
    made.close()
    own.close()
    assert not account.log()


def test_what_is_permitted_only_reads() -> None:
    for call in calls_of(EVERYTHING):
        assert call.operation.startswith(("Get", "List", "Describe")), call


def test_an_answer_that_does_not_come_is_not_waited_for(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "READ_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asking = asker(account, (IDENTITY,), monkeypatch, f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Gap) as caught:
            asking.ask(IDENTITY, fleet.REGION)
        asking.close()
    assert caught.value.reason == "unreachable"
    assert asking.expense.calls["sts:GetCallerIdentity"] == OTHERWISE


def test_waits_grow_to_a_limit_and_are_spread(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account.rules({"client": "sts", "operation": "GetCallerIdentity", "fault": "throttle"})
    asking = asker(account, (IDENTITY,), monkeypatch)
    waits: list[float] = []
    asking.first_wait, asking.sleep = 4, waits.append
    with pytest.raises(Gap):
        asking.ask(IDENTITY, fleet.REGION)
    asking.close()
    assert len(waits) == MOST_ATTEMPTS["throttled"] - 1
    for number, wait in enumerate(waits):
        assert 0 <= wait <= min(20, 4 * 2**number)


@pytest.mark.parametrize("pair", fleet.ANSWERS, ids=":".join)
def test_canned_answers_are_of_the_shape_that_aws_s_model_has(pair: tuple[str, str]) -> None:
    client, operation = pair
    shape = MODELS.get_service_model(client).operation_model(operation).output_shape
    answer = fleet.ANSWERS[pair]
    for page in answer if isinstance(answer, list) else [answer]:
        report = ParamValidator().validate(timed(shape, page), shape)
        # Validators are made for questions: in answers nothing is required.
        errors = [line for line in report.generate_report().splitlines() if not line.startswith("Missing required")]
        assert not errors
        assert set(page) <= set(shape.members)


# Where in an operation's answer the entries of a kind are; kinds that are put together here are not in it.
SHAPES = {
    "lambda_function": ("lambda", "ListFunctions", "Functions"),
    "lambda_version": ("lambda", "ListVersionsByFunction", "Versions"),
    "lambda_alias": ("lambda", "ListAliases", "Aliases"),
    "lambda_provisioned_concurrency": ("lambda", "ListProvisionedConcurrencyConfigs", "ProvisionedConcurrencyConfigs"),
    "lambda_event_source_mapping": ("lambda", "ListEventSourceMappings", "EventSourceMappings"),
    "lambda_scalable_target": ("application-autoscaling", "DescribeScalableTargets", "ScalableTargets"),
    "lambda_scheduled_scaling": ("application-autoscaling", "DescribeScheduledActions", "ScheduledActions"),
    "lambda_account": ("lambda", "GetAccountSettings", ""),
    "redshift_cluster": ("redshift", "DescribeClusters", "Clusters"),
    "redshift_reserved_node": ("redshift", "DescribeReservedNodes", "ReservedNodes"),
    "redshift_reserved_node_offering": ("redshift", "DescribeReservedNodeOfferings", "ReservedNodeOfferings"),
    "redshift_usage_limit": ("redshift", "DescribeUsageLimits", "UsageLimits"),
    "redshift_scheduled_action": ("redshift", "DescribeScheduledActions", "ScheduledActions"),
    "redshift_snapshot": ("redshift", "DescribeClusterSnapshots", "Snapshots"),
    "redshift_node_configuration": ("redshift", "DescribeNodeConfigurationOptions", "NodeConfigurationOptionList"),
    "redshift_storage": ("redshift", "DescribeStorage", ""),
    "redshift_recommendation": ("redshift", "ListRecommendations", "Recommendations"),
    "redshift_serverless_workgroup": ("redshift-serverless", "ListWorkgroups", "workgroups"),
    "redshift_serverless_namespace": ("redshift-serverless", "ListNamespaces", "namespaces"),
    "redshift_serverless_usage_limit": ("redshift-serverless", "ListUsageLimits", "usageLimits"),
    "redshift_serverless_snapshot": ("redshift-serverless", "ListSnapshots", "snapshots"),
    "redshift_serverless_reservation": ("redshift-serverless", "ListReservations", "reservationsList"),
    "redshift_serverless_reservation_offering": (
        "redshift-serverless",
        "ListReservationOfferings",
        "reservationOfferingsList",
    ),
    "ec2_instance": ("ec2", "DescribeInstances", "Reservations.Instances"),
    "ec2_instance_type": ("ec2", "DescribeInstanceTypes", "InstanceTypes"),
    "ec2_reserved_instance": ("ec2", "DescribeReservedInstances", "ReservedInstances"),
    "ec2_capacity_reservation": ("ec2", "DescribeCapacityReservations", "CapacityReservations"),
    "ebs_volume": ("ec2", "DescribeVolumes", "Volumes"),
    "ebs_snapshot": ("ec2", "DescribeSnapshots", "Snapshots"),
    "ec2_image": ("ec2", "DescribeImages", "Images"),
    "ec2_launch_template_version": ("ec2", "DescribeLaunchTemplateVersions", "LaunchTemplateVersions"),
    "dedicated_host": ("ec2", "DescribeHosts", "Hosts"),
    "classic_load_balancer": ("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions"),
    "cost_anomaly": ("ce", "GetAnomalies", "Anomalies"),
    "elastic_ip": ("ec2", "DescribeAddresses", "Addresses"),
    "nat_gateway": ("ec2", "DescribeNatGateways", "NatGateways"),
    "load_balancer": ("elbv2", "DescribeLoadBalancers", "LoadBalancers"),
    "target_group": ("elbv2", "DescribeTargetGroups", "TargetGroups"),
    "log_group": ("logs", "DescribeLogGroups", "logGroups"),
    "savings_plan": ("savingsplans", "DescribeSavingsPlans", "savingsPlans"),
    "savings_plan_coverage": ("ce", "GetSavingsPlansCoverage", "SavingsPlansCoverages"),
    "budget": ("budgets", "DescribeBudgets", "Budgets"),
    "compute_optimizer_lambda": (
        "compute-optimizer",
        "GetLambdaFunctionRecommendations",
        "lambdaFunctionRecommendations",
    ),
    "compute_optimizer_instance": ("compute-optimizer", "GetEC2InstanceRecommendations", "instanceRecommendations"),
    "compute_optimizer_volume": ("compute-optimizer", "GetEBSVolumeRecommendations", "volumeRecommendations"),
    "compute_optimizer_idle": ("compute-optimizer", "GetIdleRecommendations", "idleRecommendations"),
    "cost_optimization_hub_recommendation": ("cost-optimization-hub", "ListRecommendations", "items"),
}
OWN = {"Resource", "Qualifier", "FunctionName", "LoadBalancer", "HealthyTargets", "Targets", "Service"}
OWN_OF = {"redshift_node_configuration": {"ClusterIdentifier"}, "lambda_alias": {"AdditionalVersions"}}
TOGETHER = {"cost", "ec2_spot_price", "reservation_recommendation", "savings_plan_recommendation"}
TYPES = {
    NUMBER: {"integer", "long", "double", "float"},
    TEXT: {"string"},
    FLAG: {"boolean"},
    TIME: {"timestamp", "string"},
}


def compare(form: Any, shape: Any, where: str, own: set[str]) -> None:
    if isinstance(form, list):
        assert shape.type_name == "list", where
        compare(form[0], shape.member, where, own)
    elif isinstance(form, dict):
        assert shape.type_name == "structure", where
        for key, inner in form.items():
            if key in shape.members:
                compare(inner, shape.members[key], f"{where}.{key}", own)
            else:
                assert key in own, f"{where}.{key}"
    else:
        assert shape.type_name in TYPES[form], where


@pytest.mark.parametrize("kind", sorted(set(kinds()) - TOGETHER))
def test_every_attribute_is_one_that_aws_s_model_has(kind: str) -> None:
    client, operation, path = SHAPES[kind]
    shape = MODELS.get_service_model(client).operation_model(operation).output_shape
    for key in filter(None, path.split(".")):
        shape = shape.members[key]
        shape = shape.member if shape.type_name == "list" else shape
    compare(kinds()[kind].form, shape, kind, OWN | OWN_OF.get(kind, set()))


@pytest.mark.parametrize("call", [*COLLECTORS, IDENTITY, REGIONS], ids=lambda call: call.iam)
def test_every_call_pages_and_expects_as_aws_s_model_says(call: Call) -> None:
    model = MODELS.get_service_model(call.client).operation_model(call.operation)
    given, wanted = call.token
    assert call.expects in model.output_shape.members
    assert set(call.fixed) <= set(model.input_shape.members if model.input_shape else ())
    pageable = {"NextToken", "nextToken", "Marker", "NextMarker", "NextPageToken", "PaginationToken"}
    members = set(model.output_shape.members)
    assert (given in members and wanted in model.input_shape.members) if given else not members & pageable
    assert call.method == botocore.xform_name(call.operation)


def test_every_iam_action_names_one_call() -> None:
    assert len(ACTIONS) == len(calls_of(EVERYTHING))
    assert METRIC_DATA.iam in ACTIONS.values()
