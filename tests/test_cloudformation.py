"""The CloudFormation door: every function, SAM, what belongs together, and templates that mean harm.

The templates in tests/templates are written in the style of AWS's samples. What they come to is worked out
by hand from AWS's documentation; for SAM, names were compared with what AWS's own translator creates.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.inputs.binding import Binder
from costkit.inputs.cloudformation.globals import with_globals
from costkit.inputs.cloudformation.loops import MOST_COPIES
from costkit.inputs.cloudformation.template import entries, is_template
from costkit.inputs.cloudformation.translation import BESIDE, SERVERLESS, TRANSLATED
from costkit.inputs.cloudformation.uncharged import is_free
from costkit.inputs.documents import Document, read_bytes, read_file
from costkit.inputs.entry import BALANCER_ADDRESSES, Entry
from costkit.model.problem import Problem
from costkit.services import service, types

TEMPLATES = ROOT / "tests" / "templates"
REGION = "eu-west-1"
SAM = "AWS::Serverless-2016-10-31"


def read(name: str, region: str | None = REGION, **parameters: str) -> dict[str, Entry]:
    """The entries of a sample, which has to be without problems."""
    document = read_file(str(TEMPLATES / name))
    assert is_template(document.tree)
    found, problems = entries(document, region, parameters)
    assert not problems
    return {entry.name: entry for entry in found}


def of(text: str, region: str | None = REGION, **parameters: str) -> tuple[dict[str, Entry], list[Problem]]:
    """The entries of a template given as text, and its problems."""
    found, problems = entries(read_bytes(text.encode(), "t.yaml"), region, parameters)
    return {entry.name: entry for entry in found}, problems


def brief(found: Mapping[str, Entry]) -> dict[str, Any]:
    """Each entry as one value: its fields, FREE, or its reason."""
    return {name: "FREE" if entry.free else entry.fields or entry.reason for name, entry in found.items()}


def function(memory: str, sections: str = "", region: str | None = REGION, **parameters: str) -> Any:
    """What a function's MemorySize comes to: a number, None if it is left out, or the reason why it has no price."""
    text = (
        f"{sections}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      MemorySize: {memory}\n"
    )
    found, problems = of(text, region, **parameters)
    assert not problems, problems
    return found["F"].reason or (found["F"].fields or {}).get("memory")


def resource(type: str, properties: str, rest: str = "") -> Any:
    """What one resource comes to: its fields, FREE or its reason."""
    found, problems = of(f"Resources:\n  R:\n    Type: {type}\n    Properties: {properties}\n{rest}")
    assert not problems, problems
    return brief(found)["R"]


# The samples, resource by resource.


def test_an_api_over_a_table_in_development() -> None:
    found = read("api_backend.yaml")
    assert brief(found) == {
        "GetAllItems": {
            "type": "lambda_function", "memory": Decimal(256), "architecture": "arm64", "runtime": "nodejs20.x",
        },
        "PutItem": {
            "type": "lambda_function", "memory": Decimal(1024), "architecture": "x86_64", "runtime": "nodejs20.x",
        },
        "Items": {"type": "dynamodb_table"},
        "Logs": {"type": "cloudwatch_logs", "from": "lambda"},
        "ServerlessRestApi": {"type": "api_gateway", "kind": "rest"},
    }  # fmt: skip
    assert found["GetAllItems"].tags == {"team": "web", "stage": "dev"}
    assert found["PutItem"].tags == {"team": "orders", "stage": "dev"}
    assert {entry.region for entry in found.values()} == {REGION}


def test_an_api_over_a_table_in_production() -> None:
    found = read("api_backend.yaml", Stage="prod")
    assert (found["PutItem"].fields or {})["provisioned_concurrency"] == {"concurrency": Decimal(5)}
    assert found["ServerlessRestApi"].fields == {"type": "api_gateway", "kind": "rest", "cache": Decimal("1.6")}
    assert found["GetAllItems"].tags["stage"] == "prod"


def test_entries_know_their_file_line_and_type() -> None:
    found = read("api_backend.yaml")
    places = {name: (entry.where.rpartition("/")[2], entry.type) for name, entry in found.items()}
    assert places == {
        "GetAllItems": ("api_backend.yaml:28", "AWS::Serverless::Function"),
        "PutItem": ("api_backend.yaml:40", "AWS::Serverless::Function"),
        "Items": ("api_backend.yaml:58", "AWS::Serverless::SimpleTable"),
        "Logs": ("api_backend.yaml:62", "AWS::Logs::LogGroup"),
        # Where the first event stands that makes it.
        "ServerlessRestApi": ("api_backend.yaml:37", "AWS::Serverless::Api"),
    }
    assert read("plain.json")["Database"].where.endswith("plain.json:45")


def test_objects_that_arrive_in_a_bucket() -> None:
    found = read("s3_events.yaml")
    assert brief(found) == {
        "Uploads": {"type": "s3_bucket"},
        "Thumbnails": {
            "type": "lambda_function",
            "memory": Decimal(2048),
            "ephemeral_storage": Decimal(1024),
            "runtime": "java21",
        },
        "ThumbnailsAskedQueue": {"type": "sqs_queue", "kind": "standard"},
        "ThumbnailsEventInvokeConfigOnSuccessTopic": {"type": "sns_topic", "kind": "standard"},
        "ThumbnailsEventInvokeConfigOnFailureQueue": {"type": "sqs_queue", "kind": "standard"},
        "Snapshot": {"type": "lambda_function", "snap_start": {}, "runtime": "python3.13"},
        "Wishes": {"type": "sns_topic", "kind": "standard"},
    }
    assert found["Uploads"].tags == {"name": "?", "team": "media"}
    assert list(read("s3_events.yaml", BucketName="holiday")["Uploads"].tags.values()) == ["holiday", "media"]


def test_a_worker_behind_a_queue() -> None:
    assert brief(read("sqs_worker.yaml")) == {
        "Jobs": {"type": "sqs_queue", "kind": "fifo"},
        "DeadJobs": {"type": "sqs_queue", "kind": "fifo"},
        "Worker": {"type": "lambda_function", "runtime": "python3.12"},
        "Alarm": "costkit does not price AWS::CloudWatch::Alarm",
    }


def test_a_stock_trader() -> None:
    found = read("stock_trader.yaml")
    assert brief(found) == {
        "Trading": {"type": "step_functions", "kind": "standard"},
        "TradingDead": {"type": "sqs_queue", "kind": "standard"},
        "TradingNightly": "costkit does not price AWS::Scheduler::Schedule",
        "Quick": {"type": "step_functions", "kind": "express"},
        "Checker": {"type": "lambda_function", "runtime": "nodejs20.x"},
        "Transactions": "provisioned capacity is not priced yet",
    }
    assert found["Trading"].tags == {"team": "trade"}


def test_an_http_api_and_a_schedule() -> None:
    assert brief(read("http_api.yaml")) == {
        "Hello": {"type": "lambda_function", "runtime": "python3.12"},
        "Named": {"type": "api_gateway", "kind": "http"},
        "Chat": {"type": "api_gateway", "kind": "websocket"},
        "Sweeper": {"type": "lambda_function", "runtime": "python3.12"},
        "Layer": "FREE",
        "Nested": "what is in it stands in another template; give costkit that one as well",
        "ServerlessHttpApi": {"type": "api_gateway", "kind": "http"},
    }


def test_a_service_on_fargate_behind_a_load_balancer() -> None:
    task = {
        "type": "fargate_task",
        "vcpu": Decimal("0.5"),
        "memory": "1024 MB",
        "architecture": "arm64",
        "ephemeral_storage": Decimal(40),
    }
    found = read("fargate_service.yaml", Subnets="subnet-1, subnet-2")
    assert brief(found) == {
        "Cluster": "FREE",
        "Task": "FREE",
        "Balancer": {"type": "application_load_balancer"},
        "Internal": "network load balancers are not priced yet",
        "Target": "FREE",
        "Listener": "FREE",
        "Service": {**task, "count": Decimal(3)},
        "Service.AssignPublicIp": {"type": "public_ipv4", "count": Decimal(3)},
        "Batch": {**task, "purchase": {"kind": "spot"}, "count": Decimal(1)},
        "OnInstances": "FREE",
    }
    larger = read("fargate_service.yaml", Subnets="subnet-1", Cpu="1024", Tasks="10")["Service"].fields or {}
    assert (larger["vcpu"], larger["memory"], larger["count"]) == (Decimal(1), "2 GB", Decimal(10))
    assert found["Balancer"].beside == BALANCER_ADDRESSES


def test_a_network_with_its_instances() -> None:
    found = read("network.yaml")
    free = ("Vpc", "Gateway", "Attachment", "Public", "Private", "Routes", "Template", "S3Endpoint")
    assert [name for name, entry in found.items() if entry.free] == list(free)
    assert {name: value for name, value in brief(found).items() if value != "FREE"} == {
        "NatAddress": {"type": "public_ipv4"},
        "Nat": {"type": "nat_gateway"},
        "Bastion": {
            "type": "ec2_instance",
            "instance_type": "t3.micro",
            "volumes": [
                {"kind": "gp3", "size": Decimal(20), "iops": Decimal(4000), "throughput": Decimal(250)},
                {"kind": "io2", "size": Decimal(100), "iops": Decimal(3000)},
            ],
            "public_ipv4": Decimal(1),
        },
        "Bastion.Monitoring": "detailed monitoring is not priced yet",
        "Desktop": {
            "type": "ec2_instance",
            "instance_type": "m5.large",
            "operating_system": "windows",
            "volumes": [{}],
            "public_ipv4": Decimal(1),
        },
        "Data": {"type": "ebs_volume", "kind": "st1", "size": Decimal(500)},
        "Group": {
            "type": "ec2_instance",
            "instance_type": "c7g.large",
            "volumes": [{"size": Decimal(8)}],
            "purchase": {"kind": "spot"},
            "count": Decimal(2),
        },
        "Endpoint": "interface endpoints are not priced yet",
    }
    assert found["Nat"].tags == {"Name": "?"}


def test_a_warehouse_in_development_and_production() -> None:
    bucket, free = {"type": "s3_bucket"}, "FREE"
    small = {"type": "redshift_cluster", "node_type": "ra3.large", "nodes": Decimal(1)}
    large = {"type": "redshift_cluster", "node_type": "ra3.4xlarge", "nodes": Decimal(4), "multi_az": True}
    sandbox = {"type": "redshift_serverless", "base_rpu": Decimal(8)}
    assert brief(read("warehouse.yaml", Environment="prod")) == {"Warehouse": large, "Subnets": free, "Reports": bucket}
    dev = {"Warehouse": small, "Subnets": free, "Sandbox": sandbox, "Namespace": free}
    assert brief(read("warehouse.yaml", Environment="dev")) == {**dev, "Reports": bucket}
    assert brief(read("warehouse.yaml", "us-east-1", Environment="dev")) == dev


def test_a_warehouse_whose_parameter_is_missing_is_no_guess() -> None:
    found = brief(read("warehouse.yaml"))
    missing = "parameter Environment, which has no default; give --parameter Environment=VALUE"
    assert found["Warehouse"] == f"NodeType depends on {missing}"
    assert found["Sandbox"] == f"whether it is created, condition IsDev, depends on {missing}"
    # One true part is enough for Fn::Or, and what is free stays free.
    assert found["Reports"] == {"type": "s3_bucket"}
    assert found["Namespace"] == "FREE"
    assert "AWS::Region; give --region" in read("warehouse.yaml", None, Environment="dev")["Reports"].reason


def test_a_json_template_and_what_belongs_together() -> None:
    assert brief(read("plain.json")) == {
        "Role": "FREE",
        "Function": {
            "type": "lambda_function",
            "memory": Decimal(512),
            "architecture": "arm64",
            "runtime": "python3.13",
            "snap_start": {},
        },
        "Version": "FREE",
        "Ready": {
            "type": "lambda_function",
            "runtime": "python3.13",
            "provisioned_concurrency": {"concurrency": Decimal(10)},
        },
        "Live": "FREE",
        "Api": {"type": "api_gateway", "kind": "rest", "cache": Decimal("0.5")},
        "Stage": "FREE",
        "Machine": {"type": "step_functions", "kind": "express"},
        "Bus": {"type": "eventbridge_bus"},
        "Database": "costkit does not price AWS::RDS::DBInstance",
    }


def test_what_sam_makes_of_events() -> None:
    # The names are those in the output of aws-sam-translator 1.115.
    queue = {"type": "sqs_queue", "kind": "standard"}
    assert brief(read("event_sources.yaml")) == {
        "F": {"type": "lambda_function", "architecture": "arm64", "runtime": "python3.12"},
        "FRQueue": queue,
        "FV": "costkit does not price AWS::Scheduler::Schedule",
        "FVQueue": queue,
        "FI": "costkit does not price AWS::IoT::TopicRule",
        "M": {"type": "step_functions", "kind": "standard"},
        "MEQueue": queue,
        "T": "provisioned capacity is not priced yet",
        "ServerlessRestApi": {"type": "api_gateway", "kind": "rest", "cache": Decimal("0.5")},
    }


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.iterdir()))
def test_fields_of_the_samples_are_those_of_a_spec(name: str) -> None:
    for entry in read(name).values():
        if entry.fields is not None:
            binder = Binder(Decimal(730))
            assert entry.fields["type"] in types()
            binder.bind(service(entry.fields["type"]).Usage, dict(entry.fields), (), known=("type", "count"))
            assert not [(flaw.path, flaw.message) for flaw in binder.flaws]
            assert not {"region", "tags"} & entry.fields.keys()


# Each function.

SECTIONS = """
Parameters:
  Size: {Type: Number, Default: 512}
  Bare: {Type: Number}
  Word: {Type: String, Default: prod}
  List: {Type: CommaDelimitedList, Default: "128, 256,1024"}
Mappings:
  Sizes:
    eu-west-1: {small: 192, list: ["320", "384"]}
Conditions:
  Yes: !Equals [!Ref Word, prod]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, {Condition: No}]
  Either: !Or [!Condition Yes, !Condition Open]
  Open: !Equals [!Ref Bare, "1"]
  Neither: !And [!Condition No, !Condition Open]
  Numbers: !Equals [!Ref Size, "512"]
  Region: !Equals [!Ref AWS::Region, eu-west-1]
"""
MISSING = "MemorySize depends on parameter Bare, which has no default; give --parameter Bare=VALUE"


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        ("640", 640),
        ('"640"', 640),
        ("!Ref Size", 512),
        ("{Ref: Size}", 512),
        ("!Ref AWS::NoValue", None),
        ("null", None),
        ("!If [Yes, 1, 2]", 1),
        ("!If [No, 1, 2]", 2),
        ("!If [Both, 1, 2]", 2),
        ("!If [Either, 1, 2]", 1),
        ("!If [Neither, 1, 2]", 2),
        ("!If [Numbers, 1, 2]", 1),
        ("!If [Region, 1, 2]", 1),
        ("!If [No, 1, !Ref AWS::NoValue]", None),
        ("!If [Open, 3, 3]", 3),
        ('!Sub "${Size}0"', 5120),
        ('!Sub ["${A}${Size}", {A: !Select [0, !Ref List]}]', 128512),
        ('!Join ["", [1, !Ref Size]]', 1512),
        ("!Select [1, !Ref List]", 256),
        ('!Select ["2", !Split ["-", "a-b-77"]]', 77),
        ("!FindInMap [Sizes, !Ref AWS::Region, small]", 192),
        ("!Select [1, !FindInMap [Sizes, !Ref AWS::Region, list]]", 384),
        ("{Fn::FindInMap: [Sizes, !Ref Word, small, {DefaultValue: !Ref Size}]}", 512),
        ("{Fn::Length: !Ref List}", 3),
        ("{Fn::Length: [a, b]}", 2),
    ],
)
def test_functions_that_can_be_worked_out(memory: str, expected: int | None) -> None:
    assert function(memory, SECTIONS) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("memory", "reason"),
    [
        ("!Ref Bare", MISSING),
        ('!Sub "1${Bare}"', MISSING),
        ('!Join ["", [1, !Ref Bare]]', MISSING),
        ("!Select [!Ref Bare, [1, 2]]", MISSING),
        ('!Select [0, !Split [",", !Ref Bare]]', MISSING),
        ("!FindInMap [Sizes, !Ref Bare, small]", MISSING),
        ("!If [Open, 1, 2]", "MemorySize depends on condition Open, which depends on parameter Bare, which has no "),
        ("!If [Open, 1, !Ref AWS::NoValue]", "MemorySize depends on condition Open"),
        ("!ImportValue size", "MemorySize depends on an export of another stack (Fn::ImportValue)"),
        ('!Select [0, !GetAZs ""]', "MemorySize depends on the account's availability zones (Fn::GetAZs)"),
        ("!Cidr [10.0.0.0/16, 1, 8]", "MemorySize depends on an address range (Fn::Cidr)"),
        ("{Fn::Transform: {Name: Size}}", "MemorySize depends on a macro (Fn::Transform)"),
        ("!GetAtt Other.Size", "MemorySize depends on Other.Size, which only the deployed resource has"),
        ("{Fn::GetAtt: Other.Size}", "MemorySize depends on Other.Size, which only the deployed resource has"),
        ("!Ref Other", "MemorySize depends on Other, which only the deployed resource has"),
        ("!Ref AWS::AccountId", "MemorySize depends on AWS::AccountId, which only the deployment tells"),
        ("!FindInMap [Sizes, us-east-1, small]", "MemorySize depends on mapping Sizes, which has no us-east-1.small"),
        ('"{{resolve:ssm:/size}}"', "MemorySize depends on a dynamic reference, which AWS reads on deployment"),
        ("!Base64 abc", "MemorySize is not a number: YWJj"),
        ("!Sub '${!Literal}'", "MemorySize is not a number: ${Literal}"),
        ("!ToJsonString {a: [1, !Ref Word]}", 'MemorySize is not a number: {"a":[1,"prod"]}'),
        ("!Unheard of", "MemorySize depends on Fn::Unheard, which costkit does not know"),
        ("[1]", "MemorySize is not a number: [1]"),
        ("large", "MemorySize is not a number: large"),
    ],
)
def test_functions_that_cannot_be_worked_out_say_why(memory: str, reason: str) -> None:
    assert function(memory, SECTIONS).startswith(reason)


def test_the_region_is_resolved_only_if_it_is_given() -> None:
    names = "!If [Region, 1, 2]"
    assert function(names, SECTIONS, "us-east-1") == Decimal(2)
    assert function(names, SECTIONS, None).endswith("depends on AWS::Region; give --region")
    partition = "Conditions:\n  China: !Equals [!Ref AWS::Partition, aws-cn]"
    assert [function("!If [China, 1, 2]", partition, region) for region in ("cn-north-1", REGION)] == [1, 2]


def test_parameters_given_come_before_their_defaults() -> None:
    assert function("!Ref Size", SECTIONS, Size="1024") == Decimal(1024)
    assert function("!Ref Bare", SECTIONS, Bare="768") == Decimal(768)
    assert function("!If [Open, 1, 2]", SECTIONS, Bare="1") == Decimal(1)
    assert function("!Select [0, !Ref List]", SECTIONS, List="7,8") == Decimal(7)


def test_what_parameter_store_holds_is_unknown_until_it_is_given() -> None:
    sections = "Parameters:\n  S: {Type: AWS::SSM::Parameter::Value<String>, Default: /size}"
    assert function("!Ref S", sections).startswith("MemorySize depends on parameter S, which AWS reads from Parameter")
    assert function("!Ref S", sections, S="256") == Decimal(256)


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ({"Siz": "1"}, "the template has no parameter Siz", "did you mean Size?"),
        ({"Size": "many"}, "parameter Size: not a number: many", "write a plain number"),
        ({"Size": "5000"}, "parameter Size: 5000 is too large", "at most 1024"),
        ({"Size": "1"}, "parameter Size: 1 is too small", "at least 128"),
        ({"Word": "test"}, "parameter Word: test is not allowed", "one of dev, prod"),
        ({"List": "a,c"}, "parameter List: c is not allowed", "one of a, b"),
    ],
)
def test_parameters_that_the_template_does_not_allow(given: dict[str, str], message: str, hint: str) -> None:
    text = """
Parameters:
  Size: {Type: Number, Default: 512, MinValue: 128, MaxValue: 1024}
  Word: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  List: {Type: CommaDelimitedList, Default: a, AllowedValues: [a, b]}
Resources:
  Q: {Type: AWS::SQS::Queue}
"""
    (name,) = given
    _, problems = of(text, **given)
    assert problems == [Problem("CK118", f"--parameter {name}", message, hint)]
    assert not of(text)[1]


def test_a_default_that_is_not_allowed_is_told_at_its_line() -> None:
    text = "Parameters:\n  P: {Type: String, Default: x, AllowedValues: [y]}\nResources:\n  Q: {Type: AWS::SQS::Queue}"
    assert [(p.code, p.where) for p in of(text)[1]] == [("CK118", "t.yaml:2")]


def test_loops_make_resources_named_as_cloudformation_names_them() -> None:
    text = """
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "a,b"}
  Open: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue${Name}:
        Type: AWS::SQS::Queue
        Properties:
          FifoQueue: !If [!Ref Name, true, false]
          QueueName: !Ref Name
  Fn::ForEach::Outer:
    - One
    - [x.1, y-2]
    - Fn::ForEach::Inner:
        - Two
        - [p]
        - "T&{One}${Two}":
            Type: AWS::SNS::Topic
            Properties:
              Tags: [{Key: which, Value: !Sub "${One}/${Two}"}]
  Fn::ForEach::Unknown:
    - Name
    - !Ref Open
    - B${Name}: {Type: AWS::S3::Bucket}
Conditions:
  a: !Equals [1, 1]
  b: !Equals [1, 2]
"""
    found, problems = of(text)
    assert not problems
    assert brief(found) == {
        "Queuea": {"type": "sqs_queue", "kind": "fifo"},
        "Queueb": {"type": "sqs_queue", "kind": "standard"},
        "Tx1p": {"type": "sns_topic", "kind": "standard"},
        "Ty2p": {"type": "sns_topic", "kind": "standard"},
        "Fn::ForEach::Unknown": "which resources there are depends on parameter Open, which has no default; "
        "give --parameter Open=VALUE",
    }
    assert [found["Tx1p"].tags, found["Ty2p"].tags] == [{"which": "x.1/p"}, {"which": "y-2/p"}]
    assert found["Queuea"].where == "t.yaml:10"
    assert list(of(text, Open="m")[0])[-1] == "Bm"


@pytest.mark.parametrize(
    ("sections", "message", "line"),
    [
        ("Resources:\n  A: 1", "A: a resource is a mapping with a Type: 1", 2),
        ("Resources:\n  A: {Properties: {}}", "A: a resource is a mapping with a Type: {Properties: {}}", 2),
        ("Resources:\n  A: {Type: X::Y, Properties: [1]}", "A: Properties is a mapping", 2),
        ("Resources:\n  A: {Type: AWS::S3::Bucket, Condition: Nope}", "no condition is called Nope", 2),
        (
            "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n"
            "Resources:\n  Q: {Type: AWS::SQS::Queue, Condition: A}",
            "condition A depends on itself",
            3,
        ),
        (
            "Conditions:\n  A: !Equals [1]\nResources:\n  Q: {Type: AWS::SQS::Queue, Condition: A}",
            "Fn::Equals has the wrong number of conditions or values",
            2,
        ),
        (
            "Conditions:\n  A: maybe\nResources:\n  Q: {Type: AWS::SQS::Queue, Condition: A}",
            "not a condition: maybe",
            2,
        ),
        ("Resources: {}\nConditions: 3", "Conditions is a mapping: 3", 2),
        ("Parameters:\n  P: text\nResources: {}", "a parameter is a mapping: text", 2),
    ],
)
def test_malformed_templates_are_told_with_their_line(sections: str, message: str, line: int) -> None:
    _, problems = of(sections)
    assert [(p.code, p.where, p.message) for p in problems] == [("CK119", f"t.yaml:{line}", message)]


@pytest.mark.parametrize(
    ("fifo", "message"),
    [
        ("!FindInMap [Nope, a, b]", "no mapping is called Nope"),
        ("!FindInMap [Sizes]", "Fn::FindInMap: wants a mapping and two keys"),
        ("!If [Nope, 1, 2]", "no condition is called Nope"),
        ("!If [1]", "Fn::If: wants a condition and two values"),
        ("{Ref: [1]}", "Ref: wants a name: [1]"),
        ("!Sub [1, 2, 3]", "Fn::Sub: wants a text, or a list of a text and a mapping"),
        ('!Join ["", 3]', "Fn::Join: wants a delimiter and a list"),
        ('!Join ["", [[1]]]', "Fn::Join: a list or mapping where a text is meant"),
        ("!Select [3, [1, 2]]", "Fn::Select: selects item 3 of 2"),
        ("!Select [x, [1, 2]]", "Fn::Select: wants a number and a list"),
        ('!Split ["", a]', "Fn::Split: wants a delimiter and a text"),
        ("{Fn::GetAtt: 3}", "Fn::GetAtt: wants a resource and an attribute: 3"),
        ("!Base64 [1]", "Fn::Base64: wants a text"),
        ("{Fn::Length: 3}", "Fn::Length: wants a list"),
        ("!ToJsonString 3", "Fn::ToJsonString: wants a list or a mapping"),
    ],
)
def test_bad_arguments_of_functions_are_told_and_leave_the_resource_unpriced(fifo: str, message: str) -> None:
    queue = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      FifoQueue: "
    found, problems = of(f"Mappings: {{Sizes: {{}}}}\n{queue}{fifo}")
    assert [(p.code, p.where, p.message) for p in problems] == [("CK119", "t.yaml:6", message)]
    assert found["Q"].fields is None
    assert found["Q"].reason.startswith("FifoQueue depends on ")
    assert found["Q"].reason.endswith("a function that is malformed")


def test_names_that_are_nearly_right_get_a_hint() -> None:
    text = "Conditions:\n  IsProd: !Equals [1, 1]\nResources:\n  Q: {Type: AWS::SQS::Queue, Condition: IsPord}"
    assert of(text)[1][0].hint == "did you mean IsProd?"


# SAM.


def test_globals_are_merged_as_sam_merges_them() -> None:
    text = f"""
Transform: [AWS::LanguageExtensions, {SAM}]
Globals:
  Function:
    Architectures: [x86_64]
    MemorySize: 256
    EphemeralStorage: {{Size: 2048}}
    Tags: {{team: web, env: !Ref AWS::NoValue}}
    EventInvokeConfig:
      DestinationConfig:
        OnFailure: {{Type: SQS}}
  HttpApi:
    Tags: {{team: web}}
Resources:
  Plain: {{Type: AWS::Serverless::Function}}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Architectures: [arm64]
      MemorySize: 512
      Tags: {{env: prod}}
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {{Type: SNS, Destination: "arn:aws:sns:eu-west-1:1:t"}}
  Ignoring:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [MemorySize, EventInvokeConfig]
  Alone: {{Type: AWS::Serverless::Function, IgnoreGlobals: "*"}}
  Api: {{Type: AWS::Serverless::HttpApi}}
  Lambda: {{Type: AWS::Lambda::Function}}
"""
    found, problems = of(text)
    assert not problems
    queue = {"type": "sqs_queue", "kind": "standard"}
    x86 = {"type": "lambda_function", "architecture": "x86_64", "ephemeral_storage": Decimal(2048)}
    assert brief(found) == {
        "Plain": {**x86, "memory": Decimal(256)},
        "PlainEventInvokeConfigOnFailureQueue": queue,
        "Own": {**x86, "architecture": "arm64", "memory": Decimal(512)},
        "OwnEventInvokeConfigOnFailureQueue": queue,
        "Ignoring": x86,
        "Alone": {"type": "lambda_function"},
        "Api": {"type": "api_gateway", "kind": "http"},
        "Lambda": {"type": "lambda_function"},
    }
    assert found["Plain"].tags == {"team": "web"}
    assert found["Own"].tags == {"team": "web", "env": "prod"}
    assert found["Api"].tags == {"team": "web"}


def test_a_function_of_sam_takes_the_place_of_a_global_as_a_whole() -> None:
    text = f"""
Transform: {SAM}
Parameters: {{P: {{Type: Number, Default: 1024}}}}
Globals: {{Function: {{MemorySize: !If [Nope, 1, 2]}}}}
Resources:
  F: {{Type: AWS::Serverless::Function, Properties: {{MemorySize: !Ref P}}}}
"""
    found, problems = of(text)
    assert not problems
    assert found["F"].fields == {"type": "lambda_function", "memory": Decimal(1024)}


def test_an_api_that_events_name_is_not_made_again() -> None:
    text = f"""
Transform: {SAM}
Resources:
  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1, CacheClusterEnabled: true, CacheClusterSize: "6.1"}}}}
  Socket: {{Type: AWS::Serverless::WebSocketApi}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: {{Type: Api, Properties: {{Path: /, Method: GET, RestApiId: !Ref Api}}}}
"""
    assert brief(of(text)[0]) == {
        "Api": {"type": "api_gateway", "kind": "rest", "cache": Decimal("6.1")},
        "Socket": {"type": "api_gateway", "kind": "websocket"},
        "F": {"type": "lambda_function"},
    }


def test_lists_are_appended_to_those_of_globals_but_not_architectures() -> None:
    shared = {"Function": {"Layers": ["a"], "Architectures": ["x86_64"]}}
    own = {"Layers": ["b"], "Architectures": ["arm64"]}
    merged = with_globals("AWS::Serverless::Function", own, None, shared)
    assert merged == {"Layers": ["a", "b"], "Architectures": ["arm64"]}


def test_a_resource_may_have_the_name_of_the_implicit_api() -> None:
    text = f"""
Transform: {SAM}
Resources:
  ServerlessHttpApi: {{Type: AWS::Serverless::HttpApi, Properties: {{Tags: {{team: web}}}}}}
  F: {{Type: AWS::Serverless::Function, Properties: {{Events: {{A: {{Type: HttpApi}}}}}}}}
"""
    found, _ = of(text)
    assert list(found) == ["ServerlessHttpApi", "F"]
    assert found["ServerlessHttpApi"].tags == {"team": "web"}


def test_an_implicit_api_is_not_made_for_a_function_that_is_not_created() -> None:
    text = f"""
Transform: {SAM}
Conditions: {{Never: !Equals [1, 2]}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Condition: Never
    Properties: {{Events: {{A: {{Type: HttpApi}}}}}}
  G: {{Type: AWS::Serverless::Function}}
"""
    assert list(of(text)[0]) == ["G"]


def test_what_sam_may_make_is_told_where_it_is_not_known() -> None:
    text = f"""
Transform: {SAM}
Parameters: {{P: {{Type: String}}}}
Globals: {{Api: {{CacheClusterEnabled: !Ref P}}}}
Resources:
  F: {{Type: AWS::Serverless::Function, Properties: {{Events: {{A: {{Type: Api}}}}}}}}
  G: {{Type: AWS::Serverless::Function, Properties: {{Events: {{A: {{Type: !Ref P}}}}}}}}
  H: {{Type: AWS::Serverless::Function, Properties: {{MemorySize: !Ref P, Events: !Ref P}}}}
"""
    missing = "depends on parameter P, which has no default; give --parameter P=VALUE"
    function = {"type": "lambda_function"}
    assert brief(of(text)[0]) == {
        "F": function,
        "G": function,
        "G.others": f"what comes with it: Events.A.Type {missing}",
        # Why it has no price itself is said once.
        "H": f"MemorySize {missing}",
        "ServerlessRestApi": f"CacheClusterEnabled {missing}",
    }


def test_a_queue_that_two_events_name_is_made_once() -> None:
    letters = "{Type: Schedule, Properties: {DeadLetterConfig: {Type: SQS, QueueLogicalId: Dead}}}"
    events = f"{{Events: {{A: {letters}, B: {letters}}}}}"
    text = f"Transform: {SAM}\nResources:\n  F: {{Type: AWS::Serverless::Function, Properties: {events}}}"
    assert list(of(text)[0]) == ["F", "Dead"]


def test_what_sam_has_needs_its_transform() -> None:
    found, _ = of("Resources:\n  F: {Type: AWS::Serverless::Function}\n  L: {Type: AWS::Serverless::LayerVersion}")
    assert found["F"].reason == "AWS::Serverless::Function needs Transform: AWS::Serverless-2016-10-31"
    assert found["L"].reason == "AWS::Serverless::LayerVersion needs Transform: AWS::Serverless-2016-10-31"
    assert not found["L"].free


def test_macros_that_costkit_does_not_know_may_add_anything() -> None:
    found, _ = of("Transform: [Count, AWS::LanguageExtensions]\nResources:\n  Q: {Type: AWS::SQS::Queue}")
    assert brief(found) == {
        "Q": {"type": "sqs_queue", "kind": "standard"},
        "Count": "what this macro adds is not known",
    }
    assert found["Count"].where == "t.yaml:1"


# One type after the other.


@pytest.mark.parametrize(
    ("type", "properties", "expected"),
    [
        ("AWS::Lambda::Function", "{}", {"type": "lambda_function"}),
        ("AWS::Lambda::Function", "{CapacityProviderConfig: {}}", "functions on managed instances are not priced yet"),
        ("AWS::Lambda::Function", "{SnapStart: {ApplyOn: PublishedVersions}}", {"type": "lambda_function"}),
        (
            "AWS::Lambda::Function",
            "{Architectures: [ppc]}",
            "Architectures is neither x86_64 nor arm64: [ppc]",
        ),
        (
            "AWS::Lambda::Alias",
            "{FunctionName: other, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}}",
            "its provisioned concurrency is that of a function which is not in the template",
        ),
        ("AWS::Lambda::EventSourceMapping", "{}", "FREE"),
        (
            "AWS::Lambda::EventSourceMapping",
            "{ProvisionedPollerConfig: {MinimumPollers: 2}}",
            "provisioned event pollers are not priced yet",
        ),
        (
            "AWS::Redshift::Cluster",
            "{ClusterType: multi-node, NodeType: ra3.xlplus}",
            "NumberOfNodes is not given, and a multi-node cluster has no default for it",
        ),
        (
            "AWS::Redshift::Cluster",
            "{ClusterType: multi-node, NodeType: ra3.xlplus, NumberOfNodes: 2}",
            {"type": "redshift_cluster", "node_type": "ra3.xlplus", "nodes": Decimal(2)},
        ),
        ("AWS::RedshiftServerless::Workgroup", "{}", {"type": "redshift_serverless", "base_rpu": Decimal(128)}),
        (
            "AWS::RedshiftServerless::Workgroup",
            "{PricePerformanceTarget: {Status: ENABLED, Level: 50}}",
            {"type": "redshift_serverless"},
        ),
        ("AWS::EC2::Volume", "{Size: 10}", {"type": "ebs_volume", "kind": "gp2", "size": Decimal(10)}),
        ("AWS::EC2::Volume", "{VolumeType: standard}", "magnetic volumes (standard) are not priced yet"),
        ("AWS::EC2::EIP", "{PublicIpv4Pool: ipv4pool-ec2-1}", "FREE"),
        ("AWS::EC2::EIP", "{PublicIpv4Pool: amazon}", {"type": "public_ipv4"}),
        ("AWS::EC2::EIP", "{IpamPoolId: p}", "addresses of an IPAM pool are not priced yet"),
        ("AWS::EC2::NatGateway", "{AvailabilityMode: regional}", "NAT gateways of several zones are not priced yet"),
        (
            "AWS::EC2::Instance",
            "{InstanceType: m5.large, Tenancy: dedicated}",
            "dedicated tenancy is not priced",
        ),
        ("AWS::EC2::Instance", "{InstanceType: t3.nano, ImageId: ami-1}",
         {"type": "ec2_instance", "instance_type": "t3.nano", "volumes": [{}]}),
        (
            "AWS::EC2::Instance",
            "{InstanceType: t3.nano, BlockDeviceMappings: [{DeviceName: /dev/sdf, Ebs: {VolumeType: gp3}}]}",
            {"type": "ec2_instance", "instance_type": "t3.nano", "volumes": [{}, {"kind": "gp3"}]},
        ),
        (
            "AWS::EC2::Instance",
            "{LaunchTemplate: {LaunchTemplateId: lt-1, Version: 1}}",
            "its launch template is not in the template",
        ),
        ("AWS::AutoScaling::AutoScalingGroup", "{}", "neither DesiredCapacity nor MinSize is given"),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            "{MinSize: 1}",
            "its launch template or configuration is not in the template",
        ),
        ("AWS::ECS::Service", "{LaunchType: EC2}", "FREE"),
        ("AWS::ECS::Service", "{LaunchType: EXTERNAL}", "tasks on EXTERNAL are not priced"),
        ("AWS::ECS::Service", "{LaunchType: FARGATE}", "its task definition is not in the template"),
        (
            "AWS::ECS::Service",
            "{}",
            "neither LaunchType nor a strategy is given, and its cluster is not in the template",
        ),
        (
            "AWS::ECS::Service",
            "{CapacityProviderStrategy: [{CapacityProvider: FARGATE, Base: 1}, "
            "{CapacityProvider: FARGATE_SPOT, Weight: 1}]}",
            "tasks divided between FARGATE and FARGATE_SPOT are not priced yet",
        ),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{Type: gateway}", "gateway load balancers are not priced yet"),
        ("AWS::ApiGatewayV2::Api", "{ProtocolType: HTTP}", {"type": "api_gateway", "kind": "http"}),
        ("AWS::ApiGatewayV2::Api", "{ProtocolType: X}", "ProtocolType is neither HTTP nor WEBSOCKET: X"),
        ("AWS::ApiGateway::Stage", "{CacheClusterEnabled: false}", "FREE"),
        (
            "AWS::ApiGateway::Stage",
            '{CacheClusterEnabled: true, CacheClusterSize: "0.5"}',
            "its cache is that of an API which is not in the template",
        ),
        ("AWS::SQS::Queue", "{}", {"type": "sqs_queue", "kind": "standard"}),
        ("AWS::SQS::Queue", "{FifoQueue: perhaps}", "FifoQueue is neither true nor false: perhaps"),
        ("AWS::SNS::Topic", "{FifoTopic: true}", {"type": "sns_topic", "kind": "fifo"}),
        ("AWS::Logs::LogGroup", "{}", {"type": "cloudwatch_logs"}),
        ("AWS::Logs::LogGroup", "{LogGroupName: /aws/lambda/f}", {"type": "cloudwatch_logs", "from": "lambda"}),
        ("AWS::Logs::LogGroup", "{LogGroupName: /ecs/api}", {"type": "cloudwatch_logs"}),
        ("AWS::Logs::LogGroup", "{LogGroupName: !Sub '${AWS::StackName}-x'}", {"type": "cloudwatch_logs"}),
        (
            "AWS::Logs::LogGroup",
            "{LogGroupName: !Join ['', [/aws/lambda/, !Ref F]]}",
            {"type": "cloudwatch_logs", "from": "lambda"},
        ),
        (
            "AWS::Logs::LogGroup",
            "{LogGroupName: !ImportValue name}",
            "LogGroupName depends on an export of another stack (Fn::ImportValue)",
        ),
        (
            "AWS::Logs::LogGroup",
            "{LogGroupClass: INFREQUENT_ACCESS}",
            "the log class INFREQUENT_ACCESS is not priced yet",
        ),
        ("AWS::S3::Bucket", "{}", {"type": "s3_bucket"}),
        ("AWS::DynamoDB::Table", "{BillingMode: PAY_PER_REQUEST}", {"type": "dynamodb_table"}),
        ("AWS::DynamoDB::Table", "{BillingMode: PROVISIONED}", "provisioned capacity is not priced yet"),
        (
            "AWS::DynamoDB::Table",
            "{BillingMode: PAY_PER_REQUEST, TableClass: STANDARD_INFREQUENT_ACCESS}",
            "the table class STANDARD_INFREQUENT_ACCESS is not priced yet",
        ),
        (
            "AWS::DynamoDB::GlobalTable",
            "{BillingMode: PAY_PER_REQUEST, Replicas: [{Region: eu-west-1}]}",
            {"type": "dynamodb_table"},
        ),
        (
            "AWS::DynamoDB::GlobalTable",
            "{BillingMode: PAY_PER_REQUEST, Replicas: [{Region: eu-west-1}, {Region: us-east-1}]}",
            "replicas in several regions are not priced yet",
        ),
        ("AWS::StepFunctions::StateMachine", "{}", {"type": "step_functions", "kind": "standard"}),
        ("AWS::SSM::Parameter", "{Type: String, Value: x}", "FREE"),
        ("AWS::SSM::Parameter", "{Tier: Advanced}", "parameters of the Advanced tier are not priced yet"),
        ("AWS::CertificateManager::Certificate", "{DomainName: a.example}", "FREE"),
        (
            "AWS::CertificateManager::Certificate",
            "{CertificateAuthorityArn: !Ref Ca}",
            "private and exported certificates are not priced yet",
        ),
        ("AWS::Events::Rule", "{ScheduleExpression: rate(1 hour), Targets: [{Arn: x, Id: y}]}", "FREE"),
        (
            "AWS::Events::Rule",
            "{Targets: [{Arn: x, Id: y, EcsParameters: {LaunchType: FARGATE}}]}",
            "the tasks that it starts are not priced; give them as a fargate_task of a spec",
        ),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", "{PolicyType: StepScaling}", "FREE"),
        (
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            "{PolicyType: TargetTrackingScaling}",
            "the CloudWatch alarms that it creates are not priced yet",
        ),
        ("Custom::Thing", "{}", "what a custom resource creates is not in the template"),
        (
            "AWS::CloudFormation::Stack",
            "{}",
            "what is in it stands in another template; give costkit that one as well",
        ),
        ("AWS::SQS::Queue", "{Fn::Transform: {Name: AWS::Include}}", "FifoQueue depends on a macro (Fn::Transform)"),
    ],
)  # fmt: skip
def test_a_resource_of_a_type(type: str, properties: str, expected: Any) -> None:
    assert resource(type, properties) == expected


CHARGED = """AWS::KMS::Key AWS::CloudWatch::Alarm AWS::CloudWatch::Dashboard AWS::SecretsManager::Secret
    AWS::Route53::HostedZone AWS::CloudFront::Distribution AWS::ECR::Repository AWS::EKS::Cluster AWS::RDS::DBCluster
    AWS::ElastiCache::CacheCluster AWS::Kinesis::Stream AWS::WAFv2::WebACL AWS::EC2::VPNConnection
    AWS::EC2::TransitGateway AWS::Cognito::UserPool AWS::Scheduler::Schedule AWS::ECS::TaskSet
    AWS::Logs::MetricFilter AWS::EC2::Host AWS::AutoScaling::WarmPool Vendor::Some::Thing"""


@pytest.mark.parametrize("type", CHARGED.split())
def test_what_costs_money_is_never_called_free(type: str) -> None:
    assert resource(type, "{}") == f"costkit does not price {type}"


UNCHARGED = """AWS::IAM::Role AWS::IAM::ManagedPolicy AWS::EC2::SecurityGroup AWS::EC2::VPC AWS::EC2::Subnet
    AWS::EC2::InternetGateway AWS::Lambda::Permission AWS::Lambda::Url AWS::SQS::QueuePolicy AWS::SNS::Subscription
    AWS::ApiGateway::Method AWS::ApplicationAutoScaling::ScalableTarget AWS::CDK::Metadata"""


@pytest.mark.parametrize("type", UNCHARGED.split())
def test_what_aws_does_not_charge_for_is_free(type: str) -> None:
    assert resource(type, "{}") == "FREE"


def test_no_type_is_both_translated_and_free() -> None:
    assert not [word for word in [*TRANSLATED, *SERVERLESS] if is_free(word)]
    assert set(BESIDE) <= {*TRANSLATED, *SERVERLESS}


def test_provisioned_concurrency_of_several_aliases_adds_up() -> None:
    text = """
Parameters: {Ready: {Type: Number}}
Resources:
  F: {Type: AWS::Lambda::Function}
  A:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref F, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 3}}
  B:
    Type: AWS::Lambda::Version
    Properties:
      FunctionName: !GetAtt F.Arn
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: !Ref Ready}
"""
    assert (of(text, Ready="4")[0]["F"].fields or {})["provisioned_concurrency"] == {"concurrency": Decimal(7)}
    reason = of(text)[0]["F"].reason
    assert reason.startswith("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions depends on parameter Ready")
    assert reason.endswith("(B)")


def test_the_caches_of_an_api() -> None:
    text = """
Parameters: {Size: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Deployed:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api, StageDescription: {CacheClusterEnabled: true, CacheClusterSize: "1.6"}}
  Second:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, CacheClusterEnabled: true, CacheClusterSize: "0.5"}
  Unknown:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, CacheClusterEnabled: true, CacheClusterSize: !Ref Size}
"""
    found = brief(of(text)[0])
    assert (found["Api"]["cache"], found["Second"]) == (Decimal("0.5"), "FREE")
    assert found["Deployed"] == "a second cache of one API is not priced yet"
    assert found["Unknown"].startswith("CacheClusterSize depends on parameter Size")


def test_instances_take_from_their_launch_template_what_they_do_not_say() -> None:
    text = """
Resources:
  T:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateName: base
      LaunchTemplateData:
        InstanceType: c7g.large
        Monitoring: {Enabled: true}
        BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 30, VolumeType: gp2, Iops: 100}}]
  Same: {Type: AWS::EC2::Instance, Properties: {LaunchTemplate: {LaunchTemplateName: base, Version: "1"}}}
  Other:
    Type: AWS::EC2::Instance
    Properties: {InstanceType: c7g.xlarge, LaunchTemplate: {LaunchTemplateId: !Ref T, Version: "1"}}
"""
    found = brief(of(text)[0])
    volumes = [{"kind": "gp2", "size": Decimal(30)}]
    assert found["Same"] == {"type": "ec2_instance", "instance_type": "c7g.large", "volumes": volumes}
    assert found["Other"] == {"type": "ec2_instance", "instance_type": "c7g.xlarge", "volumes": volumes}
    assert {"Same.Monitoring", "Other.Monitoring"} <= found.keys()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", {"instance_type": "m5.large"}),
        ("Overrides: [{InstanceType: c5.large}]", {"instance_type": "c5.large"}),
        ("Overrides: [{InstanceType: a}, {InstanceType: b}]", "which of several instance types run is decided by AWS"),
        ("Overrides: [{InstanceRequirements: {}}]", "which of several instance types run is decided by AWS"),
        ("Overrides: [{InstanceType: a, WeightedCapacity: 2}]", "a group that counts in weights is not priced yet"),
    ],
)
def test_groups_of_several_instance_types(policy: str, expected: Any) -> None:
    found = brief(of(_mixed(policy, "{OnDemandPercentageAboveBaseCapacity: 100}"))[0])["G"]
    if isinstance(expected, dict):
        assert found == {"type": "ec2_instance", "volumes": [{}], "count": Decimal(4), **expected}
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        ("{}", None),
        ("{OnDemandPercentageAboveBaseCapacity: 0}", {"kind": "spot"}),
        ("{OnDemandPercentageAboveBaseCapacity: 0, OnDemandBaseCapacity: 1}", "mixed"),
        ("{OnDemandPercentageAboveBaseCapacity: 50}", "mixed"),
    ],
)
def test_groups_on_demand_and_spot(distribution: str, expected: Any) -> None:
    found = brief(of(_mixed("", distribution))[0])["G"]
    if expected == "mixed":
        assert found == "a mix of on demand and spot instances is not priced yet"
    else:
        assert found.get("purchase") == expected


def _mixed(policy: str, distribution: str) -> str:
    return f"""
Resources:
  T: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{InstanceType: m5.large}}}}}}
  G:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      DesiredCapacity: 4
      MixedInstancesPolicy:
        InstancesDistribution: {distribution}
        LaunchTemplate:
          LaunchTemplateSpecification: {{LaunchTemplateId: !Ref T, Version: 1}}
          {policy}
"""


def test_groups_with_a_launch_configuration() -> None:
    text = """
Resources:
  C:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: {InstanceType: m5.large, SpotPrice: "0.1", AssociatePublicIpAddress: true}
  G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 0, LaunchConfigurationName: !Ref C}}
"""
    assert brief(of(text)[0]) == {
        "C": "FREE",
        "G": {
            "type": "ec2_instance",
            "instance_type": "m5.large",
            "volumes": [{}],
            "purchase": {"kind": "spot"},
            "public_ipv4": Decimal(1),
            "count": Decimal(0),
        },
        # Launch configurations turn it on unless they say otherwise.
        "G.Monitoring": "detailed monitoring is not priced yet",
    }


def test_an_elastic_ip_takes_the_place_of_an_instances_own_address() -> None:
    text = """
Resources:
  S: {Type: AWS::EC2::Subnet, Properties: {MapPublicIpOnLaunch: true}}
  I: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.nano, SubnetId: !Ref S}}
  J: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.nano, SubnetId: !Ref S}}
  E: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref I}}
"""
    found = brief(of(text)[0])
    assert ["public_ipv4" in found[name] for name in ("I", "J")] == [False, True]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("{Subnets: [a, b, c]}", BALANCER_ADDRESSES),
        ("{}", BALANCER_ADDRESSES),
        ("{Scheme: internal, Subnets: [a]}", ""),
        ("{IpAddressType: dualstack-without-public-ipv4, Subnets: [a]}", ""),
    ],
)
def test_the_public_addresses_of_a_load_balancer_are_said_to_be_missing(properties: str, expected: str) -> None:
    found, _ = of(f"Resources:\n  B: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {properties}}}")
    assert found["B"].beside == expected


@pytest.mark.parametrize(
    ("cpu", "memory", "vcpu", "expected"),
    [
        ('"256"', '"512"', "0.25", "512 MB"),
        ('".25 vCPU"', '"0.5 GB"', "0.25", "0.5 GB"),
        ('"1 vcpu"', "2GB", "1", "2 GB"),
        ("4096", "8192", "4", "8192 MB"),
    ],
)
def test_sizes_of_tasks(cpu: str, memory: str, vcpu: str, expected: str) -> None:
    task = f"  T: {{Type: AWS::ECS::TaskDefinition, Properties: {{Family: web, Cpu: {cpu}, Memory: {memory}}}}}"
    found = resource("AWS::ECS::Service", "{LaunchType: FARGATE, TaskDefinition: web}", task)
    assert found == {"type": "fargate_task", "vcpu": Decimal(vcpu), "memory": expected, "count": Decimal(1)}


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ("{Cpu: large}", "Cpu: not a number: large"),
        ("{Cpu: 1 core}", "Cpu is not a number of vCPUs: 1 core"),
        ("{Memory: 1 TB}", "Memory is not a size: 1 TB"),
        ("{RuntimePlatform: {OperatingSystemFamily: WINDOWS_SERVER_2022_CORE}}", "Windows tasks are not priced"),
    ],
)
def test_tasks_that_have_no_price(properties: str, reason: str) -> None:
    task = f"  T: {{Type: AWS::ECS::TaskDefinition, Properties: {properties}}}"
    assert resource("AWS::ECS::Service", "{LaunchType: FARGATE, TaskDefinition: !Ref T}", task) == reason


def test_a_service_follows_the_strategy_of_its_cluster() -> None:
    rest = """
  T: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: 256, Memory: 512}}
  C: {Type: AWS::ECS::Cluster}
  A:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties:
      Cluster: !Ref C
      DefaultCapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]
"""
    found = resource("AWS::ECS::Service", "{Cluster: !Ref C, TaskDefinition: !Ref T}", rest)
    assert found["purchase"] == {"kind": "spot"}


def test_logs_that_a_function_writes_elsewhere_have_its_tiers_too() -> None:
    rest = "  F: {Type: AWS::Lambda::Function, Properties: {LoggingConfig: {LogGroup: !Ref R}}}"
    assert resource("AWS::Logs::LogGroup", "{LogGroupName: /team/logs}", rest)["from"] == "lambda"


# Templates that mean harm.


def document(tree: Any) -> Document:
    return Document("t.json", tree, {}, ())


def test_a_text_that_doubles_forty_times_is_given_up() -> None:
    name: Any = "xxxxxxxxxx"
    for _ in range(18):
        name = {"Fn::Sub": ["${a}${a}${a}${a}", {"a": name}]}
    tree = {"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": name}}}}
    found, problems = entries(document(tree), REGION, {})
    assert not problems
    assert found[0].reason == "FifoQueue depends on a text longer than any template"


@pytest.mark.parametrize("depth", [30, 70, 99, 900, 5000])
def test_nesting_never_ends_the_program(depth: int) -> None:
    for wrap in (lambda inner: [inner], lambda inner: {"Fn::Not": [inner]}, lambda inner: {"Fn::If": ["A", inner, 1]}):
        value: Any = True
        for _ in range(depth):
            value = wrap(value)
        queue = {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": value}, "Condition": "A"}
        tree = {"Conditions": {"A": value}, "Resources": {"Q": queue}}
        found, problems = entries(document(tree), REGION, {})
        assert problems or found


def test_long_chains_of_conditions_never_end_the_program() -> None:
    chain: dict[str, Any] = {f"C{n}": {"Fn::Not": [{"Condition": f"C{n + 1}"}]} for n in range(5000)}
    tree = {
        "Conditions": {**chain, "C5000": {"Fn::Equals": ["1", "1"]}},
        "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Condition": "C0"}},
    }
    found, problems = entries(document(tree), REGION, {})
    assert [problem.message for problem in problems] == ["conditions depend on each other too deeply"]
    assert found[0].reason


def test_loops_in_loops_are_given_up() -> None:
    body: Any = {"Q${a}${b}${c}": {"Type": "AWS::SQS::Queue"}}
    for name in "abc":
        body = {f"Fn::ForEach::{name}": [name, [str(n) for n in range(1000)], body]}
    found, problems = entries(document({"Resources": body}), REGION, {})
    assert [problem.code for problem in problems] == ["CK119"]
    assert len(found) <= MOST_COPIES


def test_two_resources_of_one_name_are_told() -> None:
    body = {"Same": {"Type": "AWS::SQS::Queue"}}
    tree = {"Resources": {"Fn::ForEach::L": ["x", ["1", "2"], body]}}
    assert [p.message for p in entries(document(tree), REGION, {})[1]] == ["two resources are called Same"]


FUNCTIONS = """Ref Fn::Sub Fn::GetAtt Fn::Join Fn::Select Fn::Split Fn::FindInMap Fn::If Fn::Equals Fn::And Fn::Or
Fn::Not Condition Fn::Base64 Fn::ImportValue Fn::GetAZs Fn::Transform Fn::Cidr Fn::Length Fn::ToJsonString
Fn::ForEach::L Fn::Other"""
PROPERTIES = """MemorySize Architectures EphemeralStorage Size SnapStart ApplyOn Events Type Properties Tags Key Value
BlockDeviceMappings Ebs VolumeType NetworkInterfaces LaunchTemplate LaunchTemplateData LaunchTemplateId MinSize
MixedInstancesPolicy Overrides InstancesDistribution CapacityProviderStrategy LaunchType TaskDefinition Cpu Memory
StageDescription CacheClusterEnabled RestApiId FunctionName ProvisionedConcurrencyConfig Replicas BillingMode Subnets
EventInvokeConfig DestinationConfig OnFailure DeadLetterConfig LogGroupName NumberOfNodes Targets Scheme"""
WORDS = ["A", "B", "P", "${A}", "${P}", "&{A}", "true", "0", "512", "AWS::NoValue", "AWS::Region", "SQS", "Api", "A.B"]
leaves = (
    st.none()
    | st.booleans()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=4)
)
keys = st.sampled_from([*FUNCTIONS.split(), *PROPERTIES.split(), "A", "B"])
json_trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=4)
        | st.builds(lambda key, value: {key: value}, st.sampled_from(FUNCTIONS.split()), inner)
    ),
    max_leaves=20,
)
resources = st.fixed_dictionaries(
    {"Type": st.sampled_from([*sorted(TRANSLATED), *sorted(SERVERLESS)])},
    optional={
        "Properties": st.dictionaries(st.sampled_from(PROPERTIES.split()), json_trees, max_size=6),
        "Condition": leaves,
    },
)
hostile = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.sampled_from(["A", "B", "Fn::ForEach::X", "Z"]), resources | json_trees)},
    optional={
        "Transform": st.just(SAM) | json_trees,
        "Parameters": st.dictionaries(st.sampled_from("ABP"), json_trees) | json_trees,
        "Mappings": json_trees,
        "Conditions": st.dictionaries(st.sampled_from("ABP"), json_trees) | json_trees,
        "Globals": st.dictionaries(st.sampled_from(["Function", "Api"]), json_trees) | json_trees,
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile, st.dictionaries(st.sampled_from("AP"), st.text(max_size=3), max_size=1))
def test_any_tree_is_answered_and_every_entry_says_what_it_is(tree: Any, parameters: dict[str, str]) -> None:
    is_template(tree)
    found, problems = entries(document(tree), REGION, parameters)
    assert len({entry.name for entry in found}) == len(found)
    for entry in found:
        assert [entry.fields is not None, entry.free, bool(entry.reason)].count(True) == 1
        assert _plain(dict(entry.fields or {}))
        assert all(isinstance(part, str) for pair in entry.tags.items() for part in pair)
    assert all(problem.code in ("CK118", "CK119") and problem.where for problem in problems)


def _plain(value: Any) -> bool:
    """Whether a value could stand in a spec: nothing that is unknown or a reference is left in it."""
    if isinstance(value, dict):
        return all(map(_plain, value.values()))
    return all(map(_plain, value)) if type(value) is list else type(value) in (str, Decimal, bool)


# Which documents are templates.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resources: {Q: {Type: AWS::SQS::Queue}}", True),
        ("AWSTemplateFormatVersion: 2010-09-09\nResources: {}", True),
        (f"Transform: {SAM}\nResources: {{}}", True),
        ("Resources: {api: {type: lambda_function}}", False),
        ("Resources: {Q: {Type: lambda_function}}", False),
        ("Resources: [1]", False),
        ("resources: {Q: {Type: AWS::SQS::Queue}}", False),
        ("[]", False),
    ],
)
def test_what_a_template_is(text: str, expected: bool) -> None:
    assert is_template(read_bytes(text.encode(), "t.yaml").tree) is expected


def test_a_json_template_reads_as_the_same_yaml(tmp_path: Path) -> None:
    tree = {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": {"Fn::Sub": "${!x}"}}}}}
    (tmp_path / "t.json").write_text(json.dumps(tree))
    (entry,), _ = entries(read_file(str(tmp_path / "t.json")), REGION, {})
    assert entry.reason == "MemorySize is not a number: ${x}"
