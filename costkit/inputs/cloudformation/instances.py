"""EC2 instances of a template: single ones, and groups with a launch template or configuration.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Reference, Unknown, Unpriced
from costkit.inputs.cloudformation.view import Resource, View
from costkit.inputs.cloudformation.volumes import volumes
from costkit.inputs.entry import Entry
from costkit.model.kind import shown

Fields = dict[str, Any]
TEMPLATE, CONFIGURATION = "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"
# The names of public SSM parameters tell the system of an image; the number of an image does not:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html
SYSTEMS = {"/aws/service/ami-windows-latest/": "windows", "/aws/service/suse/": "suse"}


def instance(resource: Resource, stack: Stack) -> Fields:
    """AWS::EC2::Instance; what it leaves out may stand in its launch template."""
    base = _launched_by(resource, stack)
    fields = {} if base is None else _shared(base)
    own = _shared(resource)
    own |= {"volumes": volumes(resource)} if resource.items("BlockDeviceMappings") else {}
    _refuse_tenancy(resource.text("Tenancy", "default"))
    address = _own_address(resource, stack, base)
    fields = {"volumes": [{}] if base is None else volumes(base), **fields, **own}
    return {"type": "ec2_instance", **fields, **({"public_ipv4": Decimal(1)} if address else {})}


def group(resource: Resource, stack: Stack) -> Fields:
    """AWS::AutoScaling::AutoScalingGroup: as many instances as it wants at first, else the fewest it allows."""
    count = resource.number("DesiredCapacity")
    count = resource.number("MinSize") if count is None else count
    if count is None:
        raise Unpriced("neither DesiredCapacity nor MinSize is given")
    view, override = _launch(resource, stack)
    fields = {"volumes": volumes(view), **_shared(view), **override}
    if _public(view, _subnets(resource, "VPCZoneIdentifier"), stack):
        fields["public_ipv4"] = Decimal(1)
    return {"type": "ec2_instance", **fields, "count": count}


def monitoring(resource: Resource, stack: Stack) -> Iterator[Entry]:
    """Detailed monitoring, which CloudWatch charges for by the metric: https://aws.amazon.com/cloudwatch/pricing/.

    Launch configurations have it unless they say otherwise, instances and launch templates if they say so.
    """
    if resource.type == "AWS::EC2::Instance":
        view = _launched_by(resource, stack)
        detailed = resource.flag("Monitoring")
    else:
        view, _ = _launch(resource, stack)
        detailed = False
    if isinstance(view, Resource):
        detailed = view.value("InstanceMonitoring") is None or view.flag("InstanceMonitoring")
    elif view is not None:
        detailed = detailed or view.part("Monitoring").flag("Enabled")
    if detailed:
        name = f"{resource.name}.Monitoring"
        yield Entry(name, resource.type, resource.where, reason="detailed monitoring is not priced yet")


def _launched_by(resource: Resource, stack: Stack) -> View | None:
    """The data of the launch template that an instance names, None if it names none."""
    if resource.value("LaunchTemplate") is None:
        return None
    return _template(resource.part("LaunchTemplate"), stack)


def _template(specification: View, stack: Stack) -> View:
    for key in ("LaunchTemplateId", "LaunchTemplateName"):
        found = stack.get(specification.reference(key), TEMPLATE)
        found = found or stack.named(specification.peek(key), TEMPLATE, "LaunchTemplateName")
        if found is not None:
            return found.part("LaunchTemplateData")
    raise Unpriced("its launch template is not in the template")


def _launch(resource: Resource, stack: Stack) -> tuple[View, Fields]:
    """What a group launches, and what its mixed instances policy makes different."""
    if resource.value("MixedInstancesPolicy") is not None:
        policy = resource.part("MixedInstancesPolicy")
        launch = policy.part("LaunchTemplate")
        view = _template(launch.part("LaunchTemplateSpecification"), stack)
        return view, {**_override(launch), **_distribution(policy.part("InstancesDistribution"))}
    if resource.value("LaunchTemplate") is not None:
        return _template(resource.part("LaunchTemplate"), stack), {}
    found = stack.get(resource.reference("LaunchConfigurationName"), CONFIGURATION)
    if found is None:
        raise Unpriced("its launch template or configuration is not in the template")
    _refuse_tenancy(found.text("PlacementTenancy", "default"))
    return found, {"purchase": {"kind": "spot"}} if found.value("SpotPrice") is not None else {}


def _override(launch: View) -> Fields:
    overrides = launch.parts("Overrides")
    if not overrides:
        return {}
    if len(overrides) > 1 or overrides[0].value("InstanceRequirements") is not None:
        raise Unpriced("which of several instance types run is decided by AWS")
    if overrides[0].value("WeightedCapacity") is not None:
        raise Unpriced("a group that counts in weights is not priced yet")
    kind = overrides[0].text("InstanceType")
    return {"instance_type": kind} if kind else {}


def _distribution(distribution: View) -> Fields:
    """On demand or spot: all above the base is on demand if nothing is said.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html
    """
    base = distribution.number("OnDemandBaseCapacity") or Decimal(0)
    above = distribution.text("OnDemandPercentageAboveBaseCapacity", "100")
    if above == "100":
        return {}
    if above == "0" and not base:
        return {"purchase": {"kind": "spot"}}
    raise Unpriced("a mix of on demand and spot instances is not priced yet")


def _shared(view: View) -> Fields:
    """What an instance and a launch template say in the same words."""
    fields: Fields = {}
    kind = view.text("InstanceType")
    if view.value("InstanceRequirements") is not None:
        raise Unpriced("which of several instance types run is decided by AWS")
    if kind:
        fields["instance_type"] = kind
    image = view.peek("ImageId")
    path = image.path if isinstance(image, Unknown) else str(image)
    system = next((system for start, system in SYSTEMS.items() if start in path), None)
    if system:
        fields["operating_system"] = system
    if isinstance(view.value("Placement"), dict):
        _refuse_tenancy(view.part("Placement").text("Tenancy", "default"))
    if view.part("InstanceMarketOptions").text("MarketType") == "spot":
        fields["purchase"] = {"kind": "spot"}
    return fields


def _own_address(resource: Resource, stack: Stack, base: View | None) -> bool:
    """Whether an instance gets a public address of its own; an Elastic IP takes its place.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    for holder in ("AWS::EC2::EIP", "AWS::EC2::EIPAssociation"):
        if stack.owned(resource.name, holder, "InstanceId"):
            return False
    subnet = resource.peek("SubnetId")
    subnets = [] if subnet is None else [subnet]
    if base is not None and not resource.items("NetworkInterfaces"):
        return _public(base, subnets, stack)
    return _public(resource, subnets, stack)


def _public(view: View, subnets: list[Any], stack: Stack) -> bool:
    """What the first interface says, a launch configuration itself, or else the subnets that it may be in."""
    interfaces = view.parts("NetworkInterfaces")
    for asked in [*interfaces[:1], view]:
        if asked.value("AssociatePublicIpAddress") is not None:
            return asked.flag("AssociatePublicIpAddress")
    own = [interface.peek("SubnetId") for interface in interfaces[:1] if interface.peek("SubnetId") is not None]
    asked_of = own or subnets
    found = [stack.get(part.name, "AWS::EC2::Subnet") for part in asked_of if isinstance(part, Reference)]
    return (
        bool(asked_of)
        and len(found) == len(asked_of)
        and all(subnet is not None and subnet.flag("MapPublicIpOnLaunch") for subnet in found)
    )


def _subnets(resource: Resource, property: str) -> list[Any]:
    found = resource.peek(property)
    return found if isinstance(found, list) else []


def _refuse_tenancy(tenancy: str) -> None:
    if tenancy != "default":
        raise Unpriced(f"{shown(tenancy)} tenancy is not priced")
