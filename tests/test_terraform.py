"""Terraform plans: every resource at its hand-worked cost, on both sides of the change, and hostile ones refused."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.inputs.documents import Document
from costkit.inputs.infrastructure import as_specs
from costkit.model.problem import CostkitError
from costkit.yaml_exact import read

PLANS = ROOT / "tests" / "plans"
SHOP = str(PLANS / "shop.json")
USAGE = ("--usage", str(PLANS / "shop.usage.yml"))
EXACT = (*USAGE, "--no-free-tier", "--on", "2026-11-21", "-f", "json", "-q")
EXPECTED, _, _ = read((PLANS / "shop.expected.yaml").read_text(encoding="utf-8"), "shop.expected.yaml")
Ask = Callable[..., Answer]


def costs(answer: Answer) -> dict[str, Decimal]:
    return {found["name"]: Decimal(found["monthly_cost"]) for found in answer.tree["resources"]}


def test_every_resource_costs_what_was_worked_out_by_hand(ask: Ask) -> None:
    found = costs(ask("estimate", SHOP, *EXACT))
    wanted = {name: Decimal(entry["after"]) for name, entry in EXPECTED["resources"].items() if "after" in entry}
    assert {name: cost for name, cost in found.items() if name in wanted} == wanted
    assert len(wanted) >= 25


def test_the_total_and_its_range_are_the_sums(ask: Ask) -> None:
    total = ask("estimate", SHOP, *EXACT).tree["total"]
    assert Decimal(total["monthly_cost"]) == Decimal(EXPECTED["total_after"])
    assert Decimal(total["low"]) == Decimal(EXPECTED["total_after_low"])
    assert Decimal(total["high"]) == Decimal(EXPECTED["total_after_high"])


def test_one_plan_gives_its_own_diff(ask: Ask) -> None:
    tree = ask("diff", SHOP, *EXACT).tree
    before, after = Decimal(EXPECTED["total_before"]), Decimal(EXPECTED["total_after"])
    assert (Decimal(tree["before"]), Decimal(tree["after"])) == (before, after)
    assert Decimal(tree["change"]) == after - before
    for found in tree["resources"]:
        entry = EXPECTED["resources"].get(found["name"], {})
        assert Decimal(found["before"]) == Decimal(entry.get("before", 0)), found["name"]
        assert Decimal(found["after"]) == Decimal(entry.get("after", 0)), found["name"]
        status = {"create": "added", "delete": "removed"}.get(entry.get("action", ""), "changed")
        if entry:
            assert found["status"] == status, found["name"]
    moved = next(name for name in EXPECTED["resources"] if name == "aws_ebs_volume.archive")
    assert moved not in {found["name"] for found in tree["resources"]}


def test_what_has_no_price_is_listed_and_what_costs_nothing_is_counted(ask: Ask) -> None:
    tree = ask("estimate", SHOP, *EXACT).tree
    unpriced = {r["name"] for r in tree["resources"] if any(c["status"] == "unpriced" for c in r["charges"])}
    assert unpriced == set(EXPECTED["unpriced"])
    assert sum(found["count"] for found in tree["free"]) == len(EXPECTED["free"]) + len(EXPECTED["merged"])
    assert tree["complete"] is False


def test_a_data_source_is_no_resource(ask: Ask) -> None:
    answer = ask("estimate", SHOP, *EXACT)
    assert not [name for name in costs(answer) if name.startswith("data.")]


def test_a_plan_without_changes_and_a_state_are_read_too(ask: Ask) -> None:
    for name in ("small.json", "state.json"):
        answer = ask("estimate", str(PLANS / name), "--no-free-tier", "--on", "2026-11-21", "-f", "json", "-q")
        assert answer.code == 0
        assert costs(answer)


def planned(*resources: dict[str, Any], region: str | None = "us-east-1", **more: Any) -> dict[str, Any]:
    """A plan that creates resources; ``region`` is that of the provider."""
    expressions = {} if region is None else {"region": {"constant_value": region}}
    known = [
        {"mode": "managed", "name": r["address"].rpartition(".")[2], "provider_name": "hashicorp/aws", **r}
        for r in resources
    ]
    listed = [{"type": r["type"], "name": r["name"], "provider_config_key": "aws"} for r in known]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": known}},
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": expressions}},
            "root_module": {"resources": listed},
        },
        **more,
    }


def function(address: str = "aws_lambda_function.api", **values: Any) -> dict[str, Any]:
    return {"address": address, "type": "aws_lambda_function", "values": {"memory_size": 128, **values}}


def write(path: Path, tree: Any) -> str:
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree), encoding="utf-8")
    return path.name


def test_a_resource_without_usage_says_what_it_depends_on(ask: Ask, tmp_path: Path) -> None:
    answer = ask("estimate", write(tmp_path / "plan.json", planned(function())), "--strict")
    assert answer.code == 4
    assert any("depends on usage: 0.20 per 1M requests" in told.message for told in answer.told)
    assert "AT LEAST 0.00 USD" in answer.out


def test_usage_by_address_comes_before_wildcards_and_these_before_defaults(ask: Ask, tmp_path: Path) -> None:
    names = ['module.a["x"].aws_lambda_function.f', 'module.a["y"].aws_lambda_function.f', "aws_lambda_function.g"]
    plan = write(tmp_path / "plan.json", planned(*map(function, names), function("aws_lambda_function.h[0]")))
    usage = """
version: 1
defaults: {lambda_function: {requests: 1M, duration: 100 ms}}
resources:
  "module.a[*].aws_lambda_function.f": {requests: 2M}
  module.a["y"].aws_lambda_function.f: {requests: 3M}
"""
    arguments = ("--usage", write(tmp_path / "usage.yml", usage), "-f", "json", "-q", "--region", "us-east-1")
    tree = ask("estimate", plan, *arguments).tree
    quantities = {
        found["name"]: {c["meter"]: c["quantity"] for c in found["charges"] if c["status"] == "priced"}
        for found in tree["resources"]
    }
    assert [quantities[name]["requests"] for name in names] == ["2000000", "3000000", "1000000"]
    # 128 MB for 100 ms: 0.0125 GB-seconds a request.
    assert [quantities[name]["duration.x86_64"] for name in names] == ["25000", "37500", "12500"]
    assert quantities["aws_lambda_function.h[0]"]["requests"] == "1000000"


def test_a_default_does_not_change_what_the_plan_says(ask: Ask, tmp_path: Path) -> None:
    plan = write(tmp_path / "plan.json", planned(function(memory_size=1024)))
    usage = "version: 1\ndefaults: {aws_lambda_function: {memory: 128, requests: 1000, duration: 1000}}\n"
    tree = ask("estimate", plan, "--usage", write(tmp_path / "u.yml", usage), "-f", "json", "-q").tree
    assert {c["meter"]: c["quantity"] for c in tree["resources"][0]["charges"]}["duration.x86_64"] == "1000"


@pytest.mark.parametrize(
    ("usage", "code", "line", "words"),
    [
        ("version: 1\nresources:\n  aws_lambda_function.ap: {requests: 1}\n", "CK120", 3, "fits no resource"),
        ("version: 1\nresources:\n  aws_iam_role.r: {requests: 1}\n", "CK120", 3, "costs nothing"),
        ("version: 1\nresources:\n  aws_db_instance.d: {requests: 1}\n", "CK120", 3, "does not price"),
        ("version: 1\ndefaults:\n  lambda_functio: {requests: 1}\n", "CK120", 3, "fits no resource"),
        ("version: 1\nresources:\n  aws_lambda_function.api:\n    request: 1\n", "CK102", 4, "unknown key: request"),
        ("version: 1\nresources:\n  aws_lambda_function.api:\n    memory: 64\n", "CK105", 4, "does not sell"),
        ("version: 1\nresource: {}\n", "CK102", 2, "unknown key"),
        ("resources: {}\n", "CK104", 1, "no version"),
        ("version: 1\nresources: [a]\n", "CK104", 2, "not a mapping"),
        ("version: 1\nresources: {aws_lambda_function.api: 3}\n", "CK104", 2, "not a mapping of fields"),
    ],
)
def test_a_slip_in_the_usage_file_is_told_at_its_line(
    ask: Ask, tmp_path: Path, usage: str, code: str, line: int, words: str
) -> None:
    free = {"address": "aws_iam_role.r", "type": "aws_iam_role", "values": {}}
    database = {"address": "aws_db_instance.d", "type": "aws_db_instance", "values": {}}
    plan = write(tmp_path / "plan.json", planned(function(), free, database))
    answer = ask("estimate", plan, "--usage", write(tmp_path / "usage.yml", usage))
    [told] = [told for told in answer.told if told.code == code]
    assert told.where == f"usage.yml:{line}"
    assert words in told.message
    assert answer.code == (0 if code == "CK120" else 2)


def test_what_only_applying_tells_is_not_guessed(ask: Ask, tmp_path: Path) -> None:
    tree = planned(function())
    change = {"actions": ["create"], "before": None, "after": {}, "after_unknown": {"memory_size": True}}
    tree["planned_values"]["root_module"]["resources"][0]["values"] = {}
    resource = tree["planned_values"]["root_module"]["resources"][0]
    tree["resource_changes"] = [{**resource, "change": change}]
    stated = tree["configuration"]["root_module"]["resources"][0]
    stated["expressions"] = {"memory_size": {"references": ["random_integer.size.result"]}}
    answer = ask("estimate", write(tmp_path / "plan.json", tree))
    assert [told.code for told in answer.told] == ["CK208"]
    assert "memory_size is known only after apply" in answer.err
    # Left out of the configuration, AWS decides the instruction set: x86_64, as it documents.
    stated["expressions"] = {}
    change["after_unknown"] = {"architectures": True}
    tree["planned_values"]["root_module"]["resources"][0]["values"] = {"memory_size": 128}
    answer = ask("estimate", write(tmp_path / "plan.json", tree), "-f", "json")
    assert "CK208" not in {told.code for told in answer.told}


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("aws_redshift_cluster", "number_of_nodes"),
        ("aws_lambda_function", "memory_size"),
        ("aws_apigatewayv2_api", "protocol_type"),
        ("aws_lb", "load_balancer_type"),
        ("aws_sqs_queue", "fifo_queue"),
        ("aws_sfn_state_machine", "type"),
    ],
)
def test_an_unknown_that_decides_the_price_is_never_the_default(
    ask: Ask, tmp_path: Path, kind: str, attribute: str
) -> None:
    tree = planned({"address": f"{kind}.x", "type": kind, "values": {}})
    resource = tree["planned_values"]["root_module"]["resources"][0]
    change = {"actions": ["create"], "before": None, "after": {}, "after_unknown": {attribute: True}}
    tree["resource_changes"] = [{**resource, "change": change}]
    answer = ask("estimate", write(tmp_path / "plan.json", tree), "-f", "json")
    assert [c["status"] for r in answer.tree["resources"] for c in r["charges"]] == ["unpriced"]
    assert f"{attribute} is known only after apply" in answer.err


def changed(tree: dict[str, Any], *changes: dict[str, Any]) -> dict[str, Any]:
    """A plan with changes of its resources."""
    known = tree["planned_values"]["root_module"]["resources"]
    own = [{**r, "change": {"actions": ["no-op"], "before": r["values"], "after": r["values"]}} for r in known]
    return tree | {"resource_changes": [*own, *changes]}


def test_a_deposed_object_is_a_removal_of_its_own(ask: Ask, tmp_path: Path) -> None:
    large = {"address": "aws_ebs_volume.v", "type": "aws_ebs_volume", "values": {"type": "gp3", "size": 100}}
    tree = planned(large)
    own = {**tree["planned_values"]["root_module"]["resources"][0]}
    before = {"type": "gp3", "size": 40}
    update = {**own, "change": {"actions": ["update"], "before": before, "after": large["values"]}}
    deposed = {**own, "deposed": "abc", "change": {"actions": ["delete"], "before": {"type": "gp3", "size": 10}}}
    tree["resource_changes"] = [update, deposed]
    found = ask("diff", write(tmp_path / "plan.json", tree), "-f", "json").tree["resources"]
    # 40 to 100 GB at 0.08, and 10 GB that go.
    assert {(entry["name"], entry["status"], entry["change"]) for entry in found} == {
        ("aws_ebs_volume.v", "changed", "4.8"),
        ("aws_ebs_volume.v (deposed abc)", "removed", "-0.8"),
    }


def test_what_is_forgotten_is_still_billed(ask: Ask, tmp_path: Path) -> None:
    address = {"address": "aws_eip.x", "type": "aws_eip", "mode": "managed", "name": "x"}
    forget = {**address, "change": {"actions": ["forget"], "before": {"domain": "vpc"}, "after": None}}
    tree = changed(planned(), forget)
    assert ask("estimate", write(tmp_path / "plan.json", tree), "-f", "json", "--region", "us-east-1").total == "3.65"


def test_an_errored_plan_is_refused_and_a_deferred_change_is_unknown(ask: Ask, tmp_path: Path) -> None:
    errored = planned(function()) | {"errored": True}
    answer = ask("check", write(tmp_path / "plan.json", errored), "--max-monthly", "9")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK121"])
    big = {"address": "aws_instance.big", "type": "aws_instance", "mode": "managed", "change": {"actions": ["create"]}}
    deferred = planned() | {"complete": False, "deferred_changes": [{"reason": "unknown", "resource_change": big}]}
    answer = ask("check", write(tmp_path / "plan.json", deferred), "--max-monthly", "9")
    assert (answer.code, [told.code for told in answer.told]) == (4, ["CK208"])
    nothing = {"format_version": "1.2", "terraform_version": "1.11.4"}
    assert ask("estimate", write(tmp_path / "plan.json", nothing)).code == 2


def test_a_raw_state_file_is_called_by_its_name(ask: Any, tmp_path: Path) -> None:
    state = {"version": 4, "serial": 3, "lineage": "x", "resources": []}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    answer = ask("estimate", "terraform.tfstate")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK121"])
    assert "terraform show -json" in answer.err


def test_a_tag_whose_value_is_not_known_yet_is_there(ask: Ask, tmp_path: Path) -> None:
    tree = planned({"address": "aws_eip.x", "type": "aws_eip", "values": {"tags": {}}})
    resource = tree["planned_values"]["root_module"]["resources"][0]
    change = {"actions": ["create"], "before": None, "after": {}, "after_unknown": {"tags": {"team": True}}}
    tree["resource_changes"] = [{**resource, "change": change}]
    write(tmp_path / "b.yaml", "version: 1\nrules: [{name: owned, require_tags: [team]}]\n")
    assert ask("check", write(tmp_path / "plan.json", tree), "--budget", "b.yaml").code == 0


def test_an_unknown_root_volume_is_asked_for_and_not_taken_for_free(ask: Ask, tmp_path: Path) -> None:
    instance = {"address": "aws_instance.web", "type": "aws_instance", "values": {"instance_type": "m7g.large"}}
    plan = write(tmp_path / "plan.json", planned(instance))
    answer = ask("estimate", plan, "-f", "json")
    assert answer.tree["complete"] is False
    assert any("depends on usage" in told.message for told in answer.told)
    usage = write(tmp_path / "u.yml", "version: 1\ndefaults: {ec2_instance: {volumes: [{size: 8 GB}]}}\n")
    # 730 x 0.0816 + 8 x 0.08
    assert ask("estimate", plan, "--usage", usage, "-f", "json").total == "60.208"


def test_an_instance_type_that_nobody_knows_is_unpriced_not_an_error(ask: Ask, tmp_path: Path) -> None:
    odd = {"address": "aws_instance.odd", "type": "aws_instance", "values": {"instance_type": "m99.large"}}
    answer = ask("estimate", write(tmp_path / "plan.json", planned(odd)), "-f", "json")
    assert answer.code == 0
    assert answer.tree["resources"][0]["charges"][0]["status"] == "unpriced"
    assert "AWS sells no instance type m99.large" in answer.err


def test_without_a_region_one_message_says_so_for_all(ask: Ask, tmp_path: Path) -> None:
    plan = planned(function(), function("aws_lambda_function.b"), region=None)
    answer = ask("estimate", write(tmp_path / "plan.json", plan))
    assert [(told.code, told.message) for told in answer.told] == [("CK109", "missing: region, here and of 1 more")]
    assert ask("estimate", "plan.json", "--region", "eu-west-1").code == 0


def test_a_spec_and_a_plan_share_one_account(ask: Ask, tmp_path: Path) -> None:
    write(tmp_path / "plan.json", planned(function()))
    write(tmp_path / "u.yml", "version: 1\nresources: {aws_lambda_function.api: {requests: 1M, duration: 1 ms}}\n")
    spec = "version: 1\nregion: us-east-1\nresources: {b: {type: lambda_function, requests: 1M, duration: 1 ms}}\n"
    write(tmp_path / "spec.yaml", spec)
    tree = ask("estimate", "plan.json", "spec.yaml", "--usage", "u.yml", "-f", "json").tree
    # Two million requests, one million free between them.
    assert sum(
        Decimal(c["monthly_cost"]) for r in tree["resources"] for c in r["charges"] if "equest" in c["meter"]
    ) == (Decimal("0.2"))


def test_usage_without_a_plan_is_refused(ask: Ask, tmp_path: Path) -> None:
    write(tmp_path / "s.yaml", "version: 1\nregion: us-east-1\nresources: {a: {type: public_ipv4}}\n")
    write(tmp_path / "u.yml", "version: 1\n")
    assert [told.code for told in ask("estimate", "s.yaml", "--usage", "u.yml").told] == ["CK113"]


def test_an_unknown_format_version_is_refused(ask: Ask, tmp_path: Path) -> None:
    plan = planned(function()) | {"format_version": "9.0"}
    answer = ask("estimate", write(tmp_path / "plan.json", plan))
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK121"])


def test_a_usage_file_is_written_to_be_filled_in(ask: Ask, tmp_path: Path) -> None:
    names = [f'module.a["{key}"].aws_lambda_function.f' for key in "xy"]
    write(tmp_path / "plan.json", planned(*map(function, names)))
    answer = ask("init", "--from", "plan.json", "usage.yml")
    assert answer.code == 0
    text = (tmp_path / "usage.yml").read_text(encoding="utf-8")
    assert '"module.a[*].aws_lambda_function.f":   # lambda_function, 2 of them' in text
    empty = ask("estimate", "plan.json", "--usage", "usage.yml", "-f", "json")
    assert empty.code == 0, empty.err
    assert (empty.code, empty.tree["complete"]) == (0, False)
    assert "CK120" not in {told.code for told in empty.told}
    filled = text.replace("requests:   #", "requests: 1M   #").replace("duration:   #", "duration: 100 ms   #")
    write(tmp_path / "usage.yml", filled)
    assert ask("estimate", "plan.json", "--usage", "usage.yml", "-f", "json").tree["complete"] is True
    assert ask("init", "--from", "plan.json", "usage.yml").code == 2


def test_the_starter_asks_for_everything_that_the_shop_needs(ask: Ask, tmp_path: Path) -> None:
    ask("init", "--from", SHOP, "usage.yml")
    tree, _, problems = read((tmp_path / "usage.yml").read_text(encoding="utf-8"), "usage.yml")
    assert not problems
    examples = {"requests": "1M", "duration": "1 s", "lcu": "1", "size": "8 GB", "rpu_hours": "10"}

    def filled(entry: Any) -> Any:
        if isinstance(entry, dict):
            return {
                key: filled(examples.get(key, "1")) if value is None else filled(value) for key, value in entry.items()
            }
        return [filled(item) for item in entry] if isinstance(entry, list) else entry

    usage = {"version": 1, "resources": {name: filled(entry or {}) for name, entry in tree["resources"].items()}}
    write(tmp_path / "full.json", json.dumps(usage, default=str))
    answer = ask("estimate", SHOP, "--usage", "full.json", "-f", "json")
    assert not [told for told in answer.told if told.code == "CK207"]
    assert answer.code == 0


KEYS = "address type mode values resources child_modules root_module change after name references expressions"
KEYS += " region tags launch_template root_block_device instance_type"
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4),
    max_leaves=12,
)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARTS = ("planned_values", "resource_changes", "prior_state", "configuration", "variables", "values")


@patient
@given(st.dictionaries(st.sampled_from(PARTS), TREES), st.booleans())
def test_whatever_stands_in_a_plan_it_is_read_or_refused(parts: dict[str, Any], before: bool) -> None:
    document = Document("plan.json", {"format_version": "1.0", "terraform_version": "1", **parts}, {}, ())
    try:
        codes = {"CK121"} if as_specs([document], before=before) else set()
    except CostkitError as error:
        codes = {problem.code for problem in error.problems}
    assert codes == {"CK121"}


TYPES = ["aws_instance", "aws_lambda_function", "aws_autoscaling_group", "aws_ecs_service", "aws_lb"]


@patient
@given(st.sampled_from(TYPES), TREES)
def test_whatever_the_values_are_no_resource_breaks_the_reading(kind: str, values: Any) -> None:
    known = values if isinstance(values, dict) else {"tags": values}
    [spec] = as_specs([Document("plan.json", planned({"address": f"{kind}.x", "type": kind, "values": known}), {}, ())])
    assert len(spec.tree["resources"]) + len(spec.not_priced) + sum(spec.free.values()) == 1


def test_a_template_is_priced_like_a_spec(ask: Ask, tmp_path: Path) -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Size: {Type: Number, Default: 512}}
Globals: {Function: {Architectures: [arm64], MemorySize: !Ref Size}}
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties: {Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}}
  Role: {Type: AWS::IAM::Role}
"""
    write(tmp_path / "template.yaml", template)
    write(tmp_path / "u.yml", "version: 1\ndefaults: {lambda_function: {requests: 30M, duration: 120 ms}}\n")
    arguments = ("--usage", "u.yml", "--region", "us-east-1", "--no-free-tier", "-f", "json", *("--on", "2026-11-21"))
    answer = ask("estimate", "template.yaml", *arguments)
    found = costs(answer)
    # 30M x 0.20 per million + 1,800,000 GB-seconds x 0.0000133334
    assert found == {"Api": Decimal("30.00012"), "ServerlessHttpApi": Decimal(0)}
    assert answer.tree["free"] == [{"type": "AWS::IAM::Role", "count": 1}]
    assert any("ServerlessHttpApi" in told.message and told.code == "CK207" for told in answer.told)
    doubled = ask("estimate", "template.yaml", *arguments, "--parameter", "Size=1024")
    assert costs(doubled)["Api"] == Decimal("54.00024")
    assert ask("estimate", "template.yaml", *arguments, "--parameter", "Siez=1024").code == 2


def test_an_address_that_cannot_be_counted_is_told(ask: Ask, tmp_path: Path) -> None:
    balancers = [
        {"address": f"aws_lb.{name}", "type": "aws_lb", "values": {"internal": name == "in"}} for name in ("in", "out")
    ]
    answer = ask("estimate", write(tmp_path / "plan.json", planned(*balancers)))
    assert [told.message for told in answer.told if told.code == "CK209"] == [
        "aws_lb.out: the public IPv4 addresses of a load balancer, one for each subnet, are charged apart"
    ]


def test_each_task_with_a_public_address_pays_for_it(ask: Ask, tmp_path: Path) -> None:
    network = [{"assign_public_ip": True}]
    task = {"cpu": "512", "memory": "1024", "arn": "arn:task"}
    service = {
        "launch_type": "FARGATE",
        "desired_count": 3,
        "task_definition": "arn:task",
        "network_configuration": network,
    }
    plan = planned(
        {"address": "aws_ecs_task_definition.t", "type": "aws_ecs_task_definition", "values": task},
        {"address": "aws_ecs_service.s", "type": "aws_ecs_service", "values": service},
    )
    found = costs(ask("estimate", write(tmp_path / "plan.json", plan), "-f", "json"))
    # 3 x 730 x (0.5 x 0.04048 + 0.004445), and 3 x 730 x 0.005
    assert found == {
        "aws_ecs_service.s": Decimal("54.06015"),
        "aws_ecs_service.s.assign_public_ip": Decimal("10.95"),
    }
