"""Types that are free as they are mostly used, and charged with one of their properties set."""

from collections.abc import Callable

from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unpriced
from costkit.inputs.cloudformation.view import Resource


def event_source(resource: Resource, stack: Stack) -> None:
    """AWS::Lambda::EventSourceMapping: free without event pollers of its own (https://aws.amazon.com/lambda/pricing/)."""
    if resource.value("ProvisionedPollerConfig") is not None:
        raise Unpriced("provisioned event pollers are not priced yet")


def parameter(resource: Resource, stack: Stack) -> None:
    """AWS::SSM::Parameter: standard ones are free (https://aws.amazon.com/systems-manager/pricing/)."""
    tier = resource.text("Tier", "Standard")
    if tier != "Standard":
        raise Unpriced(f"parameters of the {tier} tier are not priced yet")


def endpoint(resource: Resource, stack: Stack) -> None:
    """AWS::EC2::VPCEndpoint: gateways, the default, are free (https://aws.amazon.com/privatelink/pricing/)."""
    if resource.text("VpcEndpointType", "Gateway") != "Gateway":
        raise Unpriced("interface endpoints are not priced yet")


def certificate(resource: Resource, stack: Stack) -> None:
    """AWS::CertificateManager::Certificate: public ones that stay in AWS are free.

    https://aws.amazon.com/certificate-manager/pricing/
    """
    exported = resource.text("CertificateExport", "DISABLED") != "DISABLED"
    if exported or resource.peek("CertificateAuthorityArn") is not None:
        raise Unpriced("private and exported certificates are not priced yet")


def scaling_policy(resource: Resource, stack: Stack) -> None:
    """Scaling policies are free, the alarms that target tracking creates are not.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
    """
    kind = resource.text("PolicyType", "SimpleScaling")
    if kind not in ("SimpleScaling", "StepScaling"):
        raise Unpriced("the CloudWatch alarms that it creates are not priced yet")


def rule(resource: Resource, stack: Stack) -> None:
    """AWS::Events::Rule: free in itself; tasks on Fargate that it starts are seen nowhere else."""
    targets = resource.value("Targets")
    if isinstance(targets, list) and any(isinstance(part, dict) and "EcsParameters" in part for part in targets):
        raise Unpriced("the tasks that it starts are not priced; give them as a fargate_task of a spec")


def always(reason: str) -> Callable[[Resource, Stack], None]:
    """A type that is never priced, for a reason of its own."""

    def refuse(resource: Resource, stack: Stack) -> None:
        raise Unpriced(reason)

    return refuse
