"""How each Terraform resource type that costkit prices reads as an entry of a spec.

The attributes are those of the AWS provider: https://registry.terraform.io/providers/hashicorp/aws/latest/docs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from costkit.inputs.terraform.attributes import Attributes, Unpriceable, attributes_of
from costkit.inputs.terraform.instances import autoscaling_group, instance, spot_request, volume
from costkit.inputs.terraform.plan import Item, Plan
from costkit.model.kind import shown

Fields = dict[str, Any]
CPU_UNITS = {"256": "0.25", "512": "0.5", "1024": "1", "2048": "2", "4096": "4", "8192": "8", "16384": "16"}


def lambda_function(item: Item, plan: Plan) -> Fields:
    """aws_lambda_function, with its provisioned concurrency."""
    own = attributes_of(item)
    fields: Fields = {"type": "lambda_function", **own.some(memory="memory_size")}
    architectures = own.get("architectures")
    if isinstance(architectures, list) and architectures:
        fields["architecture"] = architectures[0]
    fields |= own.block("ephemeral_storage").some(ephemeral_storage="size")
    if own.block("snap_start").text("apply_on", "None") == "PublishedVersions":
        fields |= {"snap_start": {}, **own.some(runtime="runtime")}
    ready = [
        attributes_of(other).get("provisioned_concurrent_executions")
        for other in plan.by_type.get("aws_lambda_provisioned_concurrency_config", ())
        if plan.find(other, "function_name", item.type, FUNCTION_KEYS) is item
    ]
    if ready:
        fields["provisioned_concurrency"] = {"concurrency": sum(ready)}
    return fields


FUNCTION_KEYS = ("function_name", "arn", "id", "qualified_arn")


def provisioned_concurrency(item: Item, plan: Plan) -> Fields | None:
    """aws_lambda_provisioned_concurrency_config: part of its function, if that is in the plan."""
    if plan.find(item, "function_name", "aws_lambda_function", FUNCTION_KEYS) is None:
        raise Unpriceable("its function is not in the plan")
    return None


def redshift_cluster(item: Item, plan: Plan) -> Fields:
    """aws_redshift_cluster."""
    own = attributes_of(item)
    fields = own.some(node_type="node_type", nodes="number_of_nodes")
    if own.flag("multi_az"):
        fields["multi_az"] = True
    return {"type": "redshift_cluster", **fields}


def redshift_workgroup(item: Item, plan: Plan) -> Fields:
    """aws_redshiftserverless_workgroup."""
    return {"type": "redshift_serverless", **attributes_of(item).some(base_rpu="base_capacity")}


def ebs_volume(item: Item, plan: Plan) -> Fields:
    """aws_ebs_volume; gp2 unless it says otherwise."""
    return {"type": "ebs_volume", "kind": "gp2", **volume(attributes_of(item), "size", "type")}


def ecs_service(item: Item, plan: Plan) -> Fields | None:
    """aws_ecs_service: its tasks on Fargate; on EC2 the instances are what is charged."""
    own = attributes_of(item)
    providers = [block.text("capacity_provider") for block in own.blocks("capacity_provider_strategy")]
    if own.text("launch_type") != "FARGATE" and not any(name.startswith("FARGATE") for name in providers):
        if own.text("launch_type") == "EC2" or own.get("launch_type") is None:
            return None
        raise Unpriceable(f"tasks on {shown(own.text('launch_type'))} are not priced")
    if "FARGATE_SPOT" in providers and len(set(providers)) > 1:
        raise Unpriceable("tasks that are partly on spot cannot be divided before they run")
    task = plan.find(item, "task_definition", "aws_ecs_task_definition", ("arn", "arn_without_revision", "family"))
    if task is None:
        raise Unpriceable("its task definition is not in the plan")
    fields = task_size(attributes_of(task))
    if "FARGATE_SPOT" in providers:
        fields["purchase"] = "spot"
    return {**fields, "count": own.text("desired_count", "0")}


def task_size(task: Attributes) -> Fields:
    """The vCPU, memory, storage and architecture of a Fargate task definition."""
    platform = task.block("runtime_platform")
    if platform.text("operating_system_family", "LINUX") != "LINUX":
        raise Unpriceable("Windows tasks are not priced")
    cpu, memory = task.text("cpu"), task.text("memory")
    fields: Fields = {"type": "fargate_task"}
    if cpu:
        fields["vcpu"] = CPU_UNITS.get(cpu, cpu.lower().removesuffix("vcpu").strip())
    if memory:
        fields["memory"] = f"{memory} MB" if memory.isdigit() else memory
    if platform.text("cpu_architecture", "X86_64") == "ARM64":
        fields["architecture"] = "arm64"
    storage = task.block("ephemeral_storage").get("size_in_gib")
    return fields if storage is None else {**fields, "ephemeral_storage": storage}


def load_balancer(item: Item, plan: Plan) -> Fields:
    """aws_lb and aws_alb: application load balancers."""
    kind = attributes_of(item).text("load_balancer_type", "application")
    if kind != "application":
        raise Unpriceable(f"{shown(kind)} load balancers are not priced")
    return {"type": "application_load_balancer"}


def rest_api(item: Item, plan: Plan) -> Fields:
    """aws_api_gateway_rest_api, with the cache of its stage."""
    fields: Fields = {"type": "api_gateway", "kind": "rest"}
    caches = [
        attributes_of(stage).get("cache_cluster_size")
        for stage in plan.by_type.get("aws_api_gateway_stage", ())
        if attributes_of(stage).flag("cache_cluster_enabled")
        and plan.find(stage, "rest_api_id", item.type, ("id",)) is item
    ]
    if len(caches) > 1:
        raise Unpriceable("several stages with a cache are not priced")
    return fields if not caches else {**fields, "cache": caches[0]}


def rest_api_stage(item: Item, plan: Plan) -> Fields | None:
    """aws_api_gateway_stage: free without a cache, else part of its API."""
    cached = attributes_of(item).flag("cache_cluster_enabled")
    if cached and plan.find(item, "rest_api_id", "aws_api_gateway_rest_api", ("id",)) is None:
        raise Unpriceable("its API is not in the plan")
    return None


def api(item: Item, plan: Plan) -> Fields:
    """aws_apigatewayv2_api."""
    kind = attributes_of(item).text("protocol_type", "HTTP").lower()
    return {"type": "api_gateway", "kind": kind}


def state_machine(item: Item, plan: Plan) -> Fields:
    """aws_sfn_state_machine."""
    own = attributes_of(item)
    if not own.known("type"):
        raise Unpriceable("type is known only after apply")
    return {"type": "step_functions", "kind": own.text("type", "STANDARD").lower()}


def queue(item: Item, plan: Plan) -> Fields:
    """aws_sqs_queue."""
    return {"type": "sqs_queue", "kind": "fifo" if attributes_of(item).flag("fifo_queue") else "standard"}


def topic(item: Item, plan: Plan) -> Fields:
    """aws_sns_topic."""
    return {"type": "sns_topic", "kind": "fifo" if attributes_of(item).flag("fifo_topic") else "standard"}


def log_group(item: Item, plan: Plan) -> Fields:
    """aws_cloudwatch_log_group; those of functions have tiers of their own."""
    own = attributes_of(item)
    group = own.text("log_group_class", "STANDARD")
    if group != "STANDARD":
        raise Unpriceable(f"the log class {shown(group)} is not priced")
    name = own.text("name") if own.known("name") else ""
    return {"type": "cloudwatch_logs", **({"from": "lambda"} if name.startswith("/aws/lambda/") else {})}


def dynamodb_table(item: Item, plan: Plan) -> Fields:
    """aws_dynamodb_table on demand; provisioned capacity, the default, has other prices."""
    own = attributes_of(item)
    if own.text("billing_mode", "PROVISIONED") != "PAY_PER_REQUEST":
        raise Unpriceable("provisioned capacity is not priced")
    if own.text("table_class", "STANDARD") != "STANDARD":
        raise Unpriceable("the table class for infrequent access is not priced")
    if any(own.blocks("replica")):
        raise Unpriceable("replicas in other regions are not priced")
    return {"type": "dynamodb_table"}


def event_source(item: Item, plan: Plan) -> None:
    """aws_lambda_event_source_mapping: free, but for pollers of its own."""
    if any(attributes_of(item).blocks("provisioned_poller_config")):
        raise Unpriceable("provisioned pollers are not priced")


def certificate(item: Item, plan: Plan) -> None:
    """aws_acm_certificate: public ones are free, unless they can be exported; private ones are their authority's."""
    own = attributes_of(item)
    if own.block("options").text("export", "DISABLED") == "ENABLED" or own.get("certificate_authority_arn"):
        raise Unpriceable("certificates that can be exported or are private are not priced")


def endpoint(item: Item, plan: Plan) -> None:
    """aws_vpc_endpoint: gateways are free, interfaces are charged by the hour."""
    kind = attributes_of(item).text("vpc_endpoint_type", "Gateway")
    if kind != "Gateway":
        raise Unpriceable(f"{shown(kind)} endpoints are not priced")


def always(type: str) -> Callable[[Item, Plan], Fields]:
    """A type without attributes that matter for its price."""
    return lambda item, plan: {"type": type}


# None as an answer: what it costs is charged elsewhere.
TRANSLATED: Mapping[str, Callable[[Item, Plan], Fields | None]] = {
    "aws_acm_certificate": certificate,
    "aws_alb": load_balancer,
    "aws_api_gateway_rest_api": rest_api,
    "aws_api_gateway_stage": rest_api_stage,
    "aws_apigatewayv2_api": api,
    "aws_autoscaling_group": autoscaling_group,
    "aws_cloudwatch_event_bus": always("eventbridge_bus"),
    "aws_cloudwatch_log_group": log_group,
    "aws_dynamodb_table": dynamodb_table,
    "aws_ebs_volume": ebs_volume,
    "aws_ecs_service": ecs_service,
    "aws_eip": always("public_ipv4"),
    "aws_instance": instance,
    "aws_lambda_event_source_mapping": event_source,
    "aws_lambda_function": lambda_function,
    "aws_lambda_provisioned_concurrency_config": provisioned_concurrency,
    "aws_lb": load_balancer,
    "aws_nat_gateway": always("nat_gateway"),
    "aws_redshift_cluster": redshift_cluster,
    "aws_redshiftserverless_workgroup": redshift_workgroup,
    "aws_s3_bucket": always("s3_bucket"),
    "aws_sfn_state_machine": state_machine,
    "aws_sns_topic": topic,
    "aws_spot_instance_request": spot_request,
    "aws_sqs_queue": queue,
    "aws_vpc_endpoint": endpoint,
}
