"""Redshift, DynamoDB, S3, SQS, SNS, EventBridge, Step Functions and logs of a template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html
"""

from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.lambdas import FUNCTIONS
from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unknown, Unpriced, text_of
from costkit.inputs.cloudformation.view import Resource
from costkit.model.kind import shown

Fields = dict[str, Any]
PROVISIONED = "provisioned capacity is not priced yet"
# https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
DEFAULT_RPU = Decimal(128)
LAMBDA_LOGS = "/aws/lambda/"


def redshift_cluster(resource: Resource, stack: Stack) -> Fields:
    """AWS::Redshift::Cluster; a single-node cluster has one node whatever else is said."""
    fields: Fields = {"type": "redshift_cluster"}
    kind = resource.text("NodeType")
    if kind:
        fields["node_type"] = kind
    nodes = Decimal(1) if resource.text("ClusterType") == "single-node" else resource.number("NumberOfNodes")
    if nodes is None:
        raise Unpriced("NumberOfNodes is not given, and a multi-node cluster has no default for it")
    if resource.flag("MultiAZ"):
        fields["multi_az"] = True
    return {**fields, "nodes": nodes}


def redshift_workgroup(resource: Resource, stack: Stack) -> Fields:
    """AWS::RedshiftServerless::Workgroup; a price-performance target leaves the capacity to AWS."""
    fields: Fields = {"type": "redshift_serverless"}
    if resource.part("PricePerformanceTarget").text("Status") == "ENABLED":
        return fields
    base = resource.number("BaseCapacity")
    return {**fields, "base_rpu": DEFAULT_RPU if base is None else base}


def dynamodb_table(resource: Resource, stack: Stack) -> Fields:
    """AWS::DynamoDB::Table; provisioned capacity is CloudFormation's default."""
    if resource.text("BillingMode", "PROVISIONED") != "PAY_PER_REQUEST":
        raise Unpriced(PROVISIONED)
    _refuse_class(resource.text("TableClass", "STANDARD"))
    return {"type": "dynamodb_table"}


def global_table(resource: Resource, stack: Stack) -> Fields:
    """AWS::DynamoDB::GlobalTable, as long as it has one replica."""
    if resource.text("BillingMode", "PROVISIONED") != "PAY_PER_REQUEST":
        raise Unpriced(PROVISIONED)
    replicas = resource.parts("Replicas")
    if len(replicas) > 1:
        raise Unpriced("replicas in several regions are not priced yet")
    for replica in replicas:
        _refuse_class(replica.text("TableClass", "STANDARD"))
    return {"type": "dynamodb_table"}


def simple_table(resource: Resource, stack: Stack) -> Fields:
    """AWS::Serverless::SimpleTable: on demand unless it has provisioned throughput."""
    if resource.value("ProvisionedThroughput") is not None:
        raise Unpriced(PROVISIONED)
    return {"type": "dynamodb_table"}


def _refuse_class(name: str) -> None:
    if name != "STANDARD":
        raise Unpriced(f"the table class {shown(name)} is not priced yet")


def queue(resource: Resource, stack: Stack) -> Fields:
    """AWS::SQS::Queue."""
    return {"type": "sqs_queue", "kind": "fifo" if resource.flag("FifoQueue") else "standard"}


def topic(resource: Resource, stack: Stack) -> Fields:
    """AWS::SNS::Topic."""
    return {"type": "sns_topic", "kind": "fifo" if resource.flag("FifoTopic") else "standard"}


def state_machine(resource: Resource, stack: Stack) -> Fields:
    """AWS::StepFunctions::StateMachine, and SAM's, which calls its type Type."""
    name = "Type" if resource.type == "AWS::Serverless::StateMachine" else "StateMachineType"
    kind = resource.text(name, "STANDARD")
    if kind not in ("STANDARD", "EXPRESS"):
        raise Unpriced(f"{name} is neither STANDARD nor EXPRESS: {shown(kind)}")
    return {"type": "step_functions", "kind": kind.lower()}


def _logs_of_function(resource: Resource, stack: Stack) -> bool:
    return any(stack.owned(resource.name, kind, "LoggingConfig.LogGroup") for kind in FUNCTIONS)


def log_group(resource: Resource, stack: Stack) -> Fields:
    """AWS::Logs::LogGroup; logs of Lambda functions have tiers of their own, and names that tell."""
    group = resource.text("LogGroupClass", "STANDARD")
    if group != "STANDARD":
        raise Unpriced(f"the log class {shown(group)} is not priced yet")
    name = resource.peek("LogGroupName")
    known = name.text if isinstance(name, Unknown) else text_of(name) or ""
    if known.startswith(LAMBDA_LOGS) or _logs_of_function(resource, stack):
        return {"type": "cloudwatch_logs", "from": "lambda"}
    # Whatever AWS puts in place of its own parameters begins with no slash.
    start = known.partition("${")[0]
    if isinstance(name, Unknown) and LAMBDA_LOGS.startswith(start) and not known.startswith("${AWS::"):
        resource.value("LogGroupName")
    return {"type": "cloudwatch_logs"}
