"""What stands around EC2: addresses, NAT gateways, load balancers and their targets."""

from collections.abc import Iterator
from typing import Any

from costkit.collect.call import MARKER, NEXT_TOKEN, Call
from costkit.collect.keeping import kept, tags_of
from costkit.collect.place import GET_RESOURCES, Found, Place
from costkit.model.snapshot_kinds import kinds

BALANCING = "elasticloadbalancing"
PAGES = ("NextMarker", MARKER[1])
ADDRESSES = Call("ec2", "DescribeAddresses", "Addresses")
GATEWAYS = Call("ec2", "DescribeNatGateways", "NatGateways", NEXT_TOKEN, {"MaxResults": 1000})
BALANCERS = Call(
    "elbv2",
    "DescribeLoadBalancers",
    "LoadBalancers",
    PAGES,
    {"PageSize": 400},
    action=f"{BALANCING}:DescribeLoadBalancers",
)
GROUPS = Call(
    "elbv2",
    "DescribeTargetGroups",
    "TargetGroups",
    PAGES,
    {"PageSize": 400},
    action=f"{BALANCING}:DescribeTargetGroups",
)
CLASSIC_BALANCERS = Call(
    "elb",
    "DescribeLoadBalancers",
    "LoadBalancerDescriptions",
    PAGES,
    {"PageSize": 400},
    action=f"{BALANCING}:DescribeLoadBalancers",
)
HEALTH = Call("elbv2", "DescribeTargetHealth", "TargetHealthDescriptions", action=f"{BALANCING}:DescribeTargetHealth")
CALLS = (ADDRESSES, GATEWAYS, BALANCERS, GROUPS, HEALTH, CLASSIC_BALANCERS, GET_RESOURCES)
BALANCER, GROUP, CLASSIC = "load_balancer", "target_group", "classic_load_balancer"


def collect(place: Place) -> None:
    """Find what stands around the instances of a place."""
    place.collect("elastic_ip", lambda: _addresses(place))
    place.list(
        "nat_gateway",
        GATEWAYS,
        "NatGatewayId",
        lambda one: place.arn("ec2", f"natgateway/{one.get('NatGatewayId', '')}"),
    )
    place.collect(BALANCER, lambda: _balancers(place))
    place.tag(BALANCER, (f"{BALANCING}:loadbalancer",))
    place.list(GROUP, GROUPS, "TargetGroupName", lambda one: str(one.get("TargetGroupArn", "")))
    place.enrich(GROUP, "HealthyTargets", lambda one: _health(place, one))
    place.tag(GROUP, (f"{BALANCING}:targetgroup",))
    place.list(
        CLASSIC,
        CLASSIC_BALANCERS,
        "LoadBalancerName",
        lambda one: place.arn(BALANCING, f"loadbalancer/{one.get('LoadBalancerName', '')}"),
    )
    place.tag(CLASSIC, (f"{BALANCING}:loadbalancer",))


def _addresses(place: Place) -> Iterator[Found]:
    form = kinds()["elastic_ip"].form
    for entry in place.each(ADDRESSES):
        own_id = str(entry.get("AllocationId") or entry.get("PublicIp", ""))
        yield Found(own_id, place.arn("ec2", f"elastic-ip/{own_id}"), kept(form, entry), tags_of(entry))


def _balancers(place: Place) -> Iterator[Found]:
    form = kinds()[BALANCER].form
    for entry in place.each(BALANCERS):
        arn = str(entry.get("LoadBalancerArn", ""))
        attributes = {**kept(form, entry), "LoadBalancer": arn.partition("loadbalancer/")[2]}
        yield Found(str(entry.get("LoadBalancerName", "")), arn, attributes)


def _health(place: Place, group: Found) -> None:
    targets: list[Any] = list(place.each(HEALTH, TargetGroupArn=group.arn))
    states = [(target.get("TargetHealth") or {}).get("State") for target in targets]
    group.attributes.update(HealthyTargets=states.count("healthy"), Targets=len(targets))
