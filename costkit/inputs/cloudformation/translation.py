"""Which translation turns each CloudFormation and SAM type into an entry of a spec."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from costkit.inputs.cloudformation import containers, data, instances, lambdas, networking, sometimes, volumes
from costkit.inputs.cloudformation.events import generated
from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.view import Resource
from costkit.inputs.entry import Entry

Fields = dict[str, Any]
NESTED = "what is in it stands in another template; give costkit that one as well"


def always(**fields: str) -> Callable[[Resource, Stack], Fields]:
    """A type without properties that matter for its price."""
    return lambda resource, stack: dict(fields)


# None as an answer: it is free, or what it costs is charged with another resource.
TRANSLATED: Mapping[str, Callable[[Resource, Stack], Fields | None]] = {
    "AWS::ApiGateway::Deployment": networking.stage,
    "AWS::ApiGateway::RestApi": networking.rest_api,
    "AWS::ApiGateway::Stage": networking.stage,
    "AWS::ApiGatewayV2::Api": networking.api,
    "AWS::ApplicationAutoScaling::ScalingPolicy": sometimes.scaling_policy,
    "AWS::AutoScaling::AutoScalingGroup": instances.group,
    "AWS::AutoScaling::ScalingPolicy": sometimes.scaling_policy,
    "AWS::CertificateManager::Certificate": sometimes.certificate,
    "AWS::CloudFormation::Stack": sometimes.always(NESTED),
    "AWS::DynamoDB::GlobalTable": data.global_table,
    "AWS::DynamoDB::Table": data.dynamodb_table,
    "AWS::EC2::EIP": networking.address,
    "AWS::EC2::Instance": instances.instance,
    "AWS::EC2::NatGateway": networking.nat_gateway,
    "AWS::EC2::Volume": volumes.volume,
    "AWS::EC2::VPCEndpoint": sometimes.endpoint,
    "AWS::ECS::Service": containers.service,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": networking.load_balancer,
    "AWS::Events::EventBus": always(type="eventbridge_bus"),
    "AWS::Events::Rule": sometimes.rule,
    "AWS::Lambda::Alias": lambdas.alias,
    "AWS::Lambda::EventSourceMapping": sometimes.event_source,
    "AWS::Lambda::Function": lambdas.function,
    "AWS::Lambda::Version": lambdas.alias,
    "AWS::Logs::LogGroup": data.log_group,
    "AWS::Redshift::Cluster": data.redshift_cluster,
    "AWS::RedshiftServerless::Workgroup": data.redshift_workgroup,
    "AWS::S3::Bucket": always(type="s3_bucket"),
    "AWS::SNS::Topic": data.topic,
    "AWS::SQS::Queue": data.queue,
    "AWS::SSM::Parameter": sometimes.parameter,
    "AWS::StepFunctions::StateMachine": data.state_machine,
}
SERVERLESS: Mapping[str, Callable[[Resource, Stack], Fields | None]] = {
    "AWS::Serverless::Api": networking.serverless_api,
    "AWS::Serverless::Application": sometimes.always(NESTED),
    "AWS::Serverless::Function": lambdas.function,
    "AWS::Serverless::HttpApi": always(type="api_gateway", kind="http"),
    "AWS::Serverless::SimpleTable": data.simple_table,
    "AWS::Serverless::StateMachine": data.state_machine,
    "AWS::Serverless::WebSocketApi": always(type="api_gateway", kind="websocket"),
}
# What comes with a resource and is charged beside it: entries of their own, named after it.
BESIDE: Mapping[str, Callable[[Resource, Stack], Iterator[Entry]]] = {
    "AWS::AutoScaling::AutoScalingGroup": instances.monitoring,
    "AWS::EC2::Instance": instances.monitoring,
    "AWS::ECS::Service": containers.addresses,
    "AWS::Serverless::Function": generated,
    "AWS::Serverless::StateMachine": generated,
}
# What is charged beside a resource and cannot be counted: said in words.
UNCOUNTED: Mapping[str, Callable[[Resource], str]] = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": networking.balancer_beside,
}
