"""``costkit collect`` against a real server: what it finds, what it asks, what it costs, and how it goes on."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from aws import fleet
from aws.asked import EVERYTHING, sent, snapshot
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from costkit.collect import metrics
from costkit.collect.services import calls_of
from costkit.inputs.snapshot_schema import snapshot_schema
from costkit.model.snapshot import ZERO_GAPS, Series
from costkit.model.snapshot_kinds import kinds, services

Run = Callable[..., Answer]
REQUESTED = ",".join(services(on_request=True))


def test_everything_of_an_account_is_found_and_nothing_secret_is_kept(
    collect_process: Run, account: Any, tmp_path: Path
) -> None:
    answer = collect_process("-o", "s.json", "--regions", f"{fleet.REGION},{fleet.EMPTY}", "--with", REQUESTED)
    assert (answer.code, answer.out) == (0, "")
    found = snapshot(tmp_path / "s.json")
    assert found.complete
    assert [one.id for one in found.accounts] == [fleet.ACCOUNT]
    assert found.regions == (fleet.REGION, fleet.EMPTY)
    assert found.api.calls == sent(account)
    asked = {(part.kind, part.region) for part in found.parts}
    for kind in kinds().values():
        wide = kind.service in ("cost-explorer", "savings-plans", "budgets", "cost-optimization-hub")
        for region in ("global",) if wide else (fleet.REGION, fleet.EMPTY):
            assert (kind.name, region) in asked
    here = {item.kind for item in found.items if item.region in (fleet.REGION, "global")}
    few = {"lambda_provisioned_concurrency", "lambda_version", "lambda_alias", "lambda_event_source_mapping"}
    assert here == set(kinds()) - few
    text = (tmp_path / "s.json").read_text(encoding="utf-8")
    for secret in (fleet.SECRET, "DATABASE_PASSWORD", "wJalrXUtnFEMI", "AKIAEXAMPLE"):
        assert secret not in text + answer.err
    Draft202012Validator(snapshot_schema()).validate(json.loads(text))


def test_metrics_stand_at_their_hour_and_gaps_are_what_they_are(collect: Run, tmp_path: Path) -> None:
    assert collect("-o", "s.json", "--regions", fleet.REGION, "--only", "lambda,redshift,redshift-serverless").code == 0
    found = snapshot(tmp_path / "s.json")
    assert (found.start, found.end) == ("2026-11-07T00:00:00Z", "2026-11-21T00:00:00Z")
    api, worker = found.of("lambda_function")
    invocations = api.series("Invocations", "Sum", 3600)
    assert invocations is not None
    # 14 days of 24 hours; 10 o'clock of the last day is hour 13 x 24 + 10.
    assert len(invocations.values) == 336
    assert [hour for hour, value in enumerate(invocations.values) if value is not None] == [322]
    assert invocations.known[322] == 250
    assert invocations.known[0] == 0
    ninety = api.series("Invocations", "Sum", 86400)
    assert ninety is not None
    assert (ninety.start, len(ninety.values), ninety.values[-1]) == ("2026-08-23T00:00:00Z", 90, Decimal(250))
    idle = worker.series("Invocations", "Sum", 3600)
    assert idle is not None
    assert set(idle.values) == {None}
    (warehouse,) = found.of("redshift_cluster")
    scaling = warehouse.series("ConcurrencyScalingSeconds", "Sum")
    assert scaling is not None
    assert scaling.known == (*[None] * 29, Decimal(5400))
    short = warehouse.series("QueriesCompletedPerSecond", "Average", latency="short")
    assert short is not None
    (workgroup,) = found.of("redshift_serverless_workgroup")
    queries = workgroup.series("QueriesSucceeded", "Sum", QueryType="SELECT")
    assert queries is not None
    assert queries.known[-2:] == (0, 7)
    assert api.tags == {"team": "web"}


def test_the_same_account_gives_the_same_file(collect: Run, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        assert collect("-o", name, "--regions", fleet.REGION, "--only", "redshift,logs").code == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_plan_predicts_the_calls_and_makes_no_metric_request(collect: Run, account: Any, tmp_path: Path) -> None:
    where = ("--regions", f"{fleet.REGION},{fleet.EMPTY}")
    plan = collect("--plan", "-f", "json", *where).tree
    assert "cloudwatch:GetMetricData" not in sent(account)
    account.rules()
    assert collect("-o", "s.json", *where).code == 0
    api = snapshot(tmp_path / "s.json").api
    assert {call["action"]: call["calls"] for call in plan["calls"]} == api.calls == sent(account)
    assert (plan["metrics"], plan["cost"]) == (api.metrics, str(api.cost))
    # 0.01 USD for 1,000 metrics, and as much for 1,000 lists of metrics.
    assert api.cost == Decimal("0.00001") * api.metrics
    assert not (tmp_path / "plan.json").exists()


def test_a_plan_counts_cost_explorer_without_asking_it(collect: Run, account: Any) -> None:
    answer = collect("--plan", "-f", "csv", "--only", "cost-explorer,savings-plans", "--regions", fleet.REGION)
    rows = dict(line.split(",", 1) for line in answer.out.splitlines())
    assert rows["ce:GetCostAndUsage"] == "1,1,0.01,USD"
    assert rows["ce:GetReservationPurchaseRecommendation"] == "2,2,0.02,USD"
    assert rows["ce:GetAnomalies"] == "1,1,0.01,USD"
    assert not [entry for entry in account.log() if entry[0] == "ce"]


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_plan_is_readable(collect: Run, form: str) -> None:
    answer = collect("--plan", "-f", form, "--only", "logs", "--regions", fleet.REGION)
    assert answer.code == 0
    assert "logs:DescribeLogGroups" in answer.out


def test_pages_of_cost_explorer_are_put_together_and_paid_one_by_one(collect: Run, tmp_path: Path) -> None:
    assert collect("-o", "s.json", "--only", "cost-explorer", "--regions", fleet.REGION).code == 0
    found = snapshot(tmp_path / "s.json")
    (cost,) = found.of("cost")
    amounts = [one["UnblendedCost"]["Amount"] for one in cost.attributes["ResultsByTime"]]
    assert amounts == ["100.5", "70.25"]
    # Two pages of costs, a recommendation for each of two services and the anomalies: five requests of 0.01 USD.
    assert found.api.cost == Decimal("0.05")


def test_no_call_is_made_beyond_the_limit_of_cost(collect: Run, account: Any, tmp_path: Path) -> None:
    # The account's own 1 metric fits into 0.00001 USD; the functions' 9 do not fit into what is left.
    answer = collect("-o", "s.json", "--only", "lambda", "--regions", fleet.REGION, "--max-api-cost", "0.00001")
    assert answer.code == 5
    found = snapshot(tmp_path / "s.json")
    assert found.api.cost <= Decimal("0.00001")
    assert {gap.reason for gap in found.missing} == {"cost_limit"}
    assert len(list(found.of("lambda_function"))) == 2
    assert [told.code for told in answer.told] == ["CK707"]
    assert sent(account)["cloudwatch:GetMetricData"] == found.api.calls["cloudwatch:GetMetricData"] == 1


def test_several_accounts_are_asked_through_roles(collect: Run, account: Any, tmp_path: Path) -> None:
    own = f"arn:aws:iam::{fleet.ACCOUNT}:role/costkit"
    roles = ("--role-arn", fleet.ROLE, "--role-arn", own, "--external-id", "secret-of-ours")
    assert collect("-o", "s.json", "--only", "lambda", "--regions", fleet.REGION, *roles).code == 0
    found = snapshot(tmp_path / "s.json")
    assert [tuple(one) for one in found.accounts] == [(fleet.ACCOUNT, own), (fleet.OTHER, fleet.ROLE)]
    names = {(item.account, item.id) for item in found.of("lambda_function")}
    assert names == {(fleet.ACCOUNT, "api"), (fleet.ACCOUNT, "worker"), (fleet.OTHER, "elsewhere")}
    assert "secret-of-ours" not in (tmp_path / "s.json").read_text(encoding="utf-8")
    assert sum(operation == "AssumeRole" for _, operation, _ in account.log()) == 2


def test_a_role_that_may_not_be_assumed_leaves_the_other_account(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules({"client": "sts", "operation": "AssumeRole", "fault": "denied", "times": 1})
    roles = ("--role-arn", fleet.ROLE, "--role-arn", f"arn:aws:iam::{fleet.ACCOUNT}:role/costkit")
    answer = collect("-o", "s.json", "--only", "lambda", "--regions", fleet.REGION, *roles)
    assert answer.code == 5
    assert "sts:AssumeRole" in answer.told[0].message
    found = snapshot(tmp_path / "s.json")
    assert {gap.account for gap in found.missing} == {fleet.OTHER}
    assert {item.account for item in found.items} == {fleet.ACCOUNT}
    account.rules()
    assert collect("-o", "s.json", "--resume", "--external-id", "ours").code == 0
    completed = snapshot(tmp_path / "s.json")
    assert completed.accounts == found.accounts
    assert {item.account for item in completed.items} == {fleet.ACCOUNT, fleet.OTHER}


def test_all_regions_are_those_that_are_enabled(collect: Run, account: Any, tmp_path: Path) -> None:
    account.rules(
        {
            "client": "ec2",
            "operation": "DescribeRegions",
            "answer": {"Regions": [{"RegionName": "eu-west-1"}, {"RegionName": "us-east-1"}]},
        }
    )
    assert collect("-o", "s.json", "--only", "logs").code == 0
    assert snapshot(tmp_path / "s.json").regions == ("eu-west-1", "us-east-1")


def test_a_partial_snapshot_is_completed_and_asks_only_for_what_is_missing(
    collect: Run, account: Any, tmp_path: Path
) -> None:
    where = ("-o", "s.json", "--regions", fleet.REGION, "--only", "lambda,redshift,logs")
    assert collect(*where).code == 0
    whole = snapshot(tmp_path / "s.json")
    account.rules({"client": "redshift", "operation": "DescribeUsageLimits", "fault": "denied"})
    assert collect(*where).code == 5
    partial = snapshot(tmp_path / "s.json")
    assert {gap.kind for gap in partial.missing} == {"redshift_usage_limit"}
    account.rules()
    assert collect("-o", "s.json", "--resume").code == 0
    assert {action.split(":")[0] for action in sent(account)} == {"sts", "redshift", "cloudwatch"}
    completed = snapshot(tmp_path / "s.json")
    assert completed.items == whole.items
    assert completed.parts == whole.parts
    assert completed.api.metrics > whole.api.metrics
    again = collect("-o", "s.json", "--resume")
    assert (again.code, again.err) == (0, "s.json is complete already\n")


def test_an_interrupted_collection_is_written_and_can_be_completed(
    collect_process: Run, account: Any, environment: dict[str, str], tmp_path: Path
) -> None:
    account.rules({"client": "redshift", "operation": "DescribeStorage", "fault": "hold"})
    arguments = ["-o", "s.json", "--regions", fleet.REGION, "--only", "lambda,redshift,logs", "--retry-wait", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "costkit", "collect", *arguments],
        cwd=tmp_path,
        env={**environment, **account.environment},
        stderr=subprocess.PIPE,
    )
    account.wait_for("DescribeStorage")
    process.send_signal(signal.SIGINT)
    account.release()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    partial = snapshot(tmp_path / "s.json")
    assert {gap.reason for gap in partial.missing} == {"interrupted"}
    account.rules()
    assert collect_process("-o", "s.json", "--resume").code == 0
    assert snapshot(tmp_path / "s.json").complete


def test_the_policy_permits_what_is_asked_and_nothing_else(collect: Run, account: Any) -> None:
    everything = ("--regions", fleet.REGION, "--with", REQUESTED)
    wanted = {
        "client": "lambda",
        "operation": "ListFunctions",
        "answer": {"Functions": [{"FunctionName": "api", "SnapStart": {"ApplyOn": "PublishedVersions"}}]},
    }
    versions = {"client": "lambda", "operation": "ListVersionsByFunction", "answer": {"Versions": []}}
    aliases = {"client": "lambda", "operation": "ListAliases", "answer": {"Aliases": []}}
    one = {"Regions": [{"RegionName": fleet.REGION}]}
    account.rules(wanted, versions, aliases, {"client": "ec2", "operation": "DescribeRegions", "answer": one})
    assert collect("-o", "s.json", "--with", REQUESTED).code == 0
    asked = set(sent(account)) - {"sts:GetCallerIdentity"}
    policy = collect("--iam-policy", *everything[2:]).tree
    (statement,) = policy["Statement"]
    beside = {action for call in calls_of(EVERYTHING) for action in call.also}
    assert set(statement["Action"]) == asked | beside
    assert statement["Effect"] == "Allow"


def test_an_alias_tells_every_version_that_its_calls_go_to(collect: Run, account: Any, tmp_path: Path) -> None:
    functions = {"Functions": [{"FunctionName": "api", "SnapStart": {"ApplyOn": "PublishedVersions"}}]}
    versions = {"Versions": [{"FunctionName": "api", "Version": "7", "State": "Active"}]}
    aliases = {
        "Aliases": [
            {"Name": "live", "FunctionVersion": "8", "RoutingConfig": {"AdditionalVersionWeights": {"7": 0.1}}},
            {"Name": "next", "FunctionVersion": "8"},
        ]
    }
    asked = {"ListFunctions": functions, "ListVersionsByFunction": versions, "ListAliases": aliases}
    account.rules(*({"client": "lambda", "operation": name, "answer": answer} for name, answer in asked.items()))
    assert collect("-o", "s.json", "--regions", fleet.REGION, "--only", "lambda").code == 0
    found = snapshot(tmp_path / "s.json")
    assert [one.attributes["AdditionalVersions"] for one in found.of("lambda_alias")] == [["7"], []]
    [version] = found.of("lambda_version")
    assert (version.id, version.attributes["State"]) == ("api:7", "Active")


def test_the_policy_names_roles_and_only_the_chosen_services(collect: Run) -> None:
    policy = collect("--iam-policy", "--only", "logs", "--role-arn", fleet.ROLE).tree
    reads, assumes = policy["Statement"]
    assert reads["Action"] == [
        "cloudwatch:GetMetricData",
        "ec2:DescribeRegions",
        "logs:DescribeLogGroups",
        "tag:GetResources",
    ]
    assert (assumes["Action"], assumes["Resource"]) == (["sts:AssumeRole"], [fleet.ROLE])


def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(
    collect_process: Run, account: Any, environment: dict[str, str], tmp_path: Path
) -> None:
    where = ["-o", "s.json", "--regions", fleet.REGION, "--only", "logs"]
    piped = collect_process(*where)
    assert piped.err == "s.json: 1 items of 1 account(s) in 1 region(s), 4 calls, 1 metrics, 0.00001 USD\n"
    assert collect_process(*where, "-q").err == ""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "costkit", "collect", *where],
        cwd=tmp_path,
        env={**environment, **account.environment},
        stderr=theirs,
    )
    assert process.wait(timeout=60) == 0
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert "100%" in shown
    assert "eu-west-1 logs" in shown


WRONG: dict[str, tuple[tuple[str, ...], str, str]] = {
    "no file": (("--regions", "eu-west-1"), "CK106", "no file is named"),
    "a file in no directory": (("-o", "nowhere/s.json"), "CK116", "cannot be written there"),
    "a directory": (("-o", "."), "CK116", "this is a directory"),
    "a region that is none": (("-o", "s.json", "--regions", "eu-wst-1"), "CK108", "no region eu-wst-1"),
    "no region at all": (("-o", "s.json", "--regions", ","), "CK106", "no region is named"),
    "a service that is none": (("-o", "s.json", "--only", "lamda"), "CK107", "no service lamda"),
    "a service that is no extra": (("-o", "s.json", "--with", "lambda"), "CK107", "no service lambda"),
    "a role that is none": (("-o", "s.json", "--role-arn", "admin"), "CK104", "not the ARN of a role"),
    "an external id without role": (("-o", "s.json", "--external-id", "x"), "CK113", "none is named"),
    "resuming nothing": (("-o", "s.json", "--resume"), "CK101", "no such file"),
    "resuming with regions": (("-o", "s.json", "--resume", "--regions", "eu-west-1"), "CK113", "says this itself"),
    "a profile that is none": (("-o", "s.json", "--profile", "nobody"), "CK710", "no profile nobody"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_typed_wrong_is_told_and_nothing_is_asked(
    collect: Run, account: Any, tmp_path: Path, name: str
) -> None:
    arguments, code, words = WRONG[name]
    answer = collect(*arguments)
    assert answer.code == 2
    assert any(told.code == code and words in told.message for told in answer.told), answer.err
    assert not account.log()
    assert not (tmp_path / "s.json").exists()


def test_without_boto3_it_says_what_to_install(command: Run, tmp_path: Path) -> None:
    blocked = "import sys; sys.modules['boto3'] = None; from costkit.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "collect", "-o", "s.json", "--regions", "eu-west-1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "CK709" in done.stderr
    assert "pip install 'costkit[aws]'" in done.stderr


sizes = st.lists(st.sampled_from([(3600, 14), (86400, 14), (86400, 90), (60, 14)]), max_size=1500)


@given(sizes)
def test_questions_keep_their_order_and_never_exceed_what_aws_answers_at_once(chosen: list[tuple[int, int]]) -> None:
    end = "2026-11-21T00:00:00Z"
    queries = []
    for period, days in chosen:
        series = Series("N", "M", "Sum", period, metrics.days_before(end, days), end, ZERO_GAPS, ())
        queries.append(metrics.Query(metrics.Found("x", "", {}), series, {}))
    packed = list(metrics.batches(queries))
    assert [query for batch in packed for query in batch] == queries
    for batch in packed:
        assert 0 < len(batch) <= 500
        assert len(batch) == 1 or sum(query.points for query in batch) <= 100_800
