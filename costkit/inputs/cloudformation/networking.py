"""Load balancers, NAT gateways, addresses and APIs of a template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html
"""

from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unpriced
from costkit.inputs.cloudformation.view import Resource, View
from costkit.inputs.entry import BALANCER_ADDRESSES
from costkit.model.kind import shown

Fields = dict[str, Any]
STAGES = ("AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment")


def load_balancer(resource: Resource, stack: Stack) -> Fields:
    """AWS::ElasticLoadBalancingV2::LoadBalancer: application load balancers."""
    kind = resource.text("Type", "application")
    if kind != "application":
        raise Unpriced(f"{shown(kind)} load balancers are not priced yet")
    return {"type": "application_load_balancer"}


def balancer_beside(resource: Resource) -> str:
    """A load balancer that faces the internet has a public address in each subnet.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    if resource.text("Scheme") == "internal" or resource.text("IpAddressType") == "dualstack-without-public-ipv4":
        return ""
    return BALANCER_ADDRESSES


def nat_gateway(resource: Resource, stack: Stack) -> Fields:
    """AWS::EC2::NatGateway in one zone."""
    if resource.text("AvailabilityMode", "zonal") != "zonal":
        raise Unpriced("NAT gateways of several zones are not priced yet")
    return {"type": "nat_gateway"}


def address(resource: Resource, stack: Stack) -> Fields | None:
    """AWS::EC2::EIP; addresses that an account brings itself are free: https://aws.amazon.com/vpc/pricing/."""
    if resource.value("IpamPoolId") is not None:
        raise Unpriced("addresses of an IPAM pool are not priced yet")
    if resource.text("PublicIpv4Pool", "amazon") != "amazon":
        return None
    return {"type": "public_ipv4"}


def rest_api(resource: Resource, stack: Stack) -> Fields:
    """AWS::ApiGateway::RestApi, with the cache of its first stage that has one."""
    fields: Fields = {"type": "api_gateway", "kind": "rest"}
    for stage in _cached_stages(resource.name, stack):
        return {**fields, "cache": cache_size(stage)}
    return fields


def stage(resource: Resource, stack: Stack) -> Fields | None:
    """A stage or deployment of a REST API: free, or with a cache that belongs to its API."""
    view = _stage(resource)
    if not view.flag("CacheClusterEnabled"):
        return None
    owner = stack.get(resource.reference("RestApiId"), "AWS::ApiGateway::RestApi")
    if owner is None:
        raise Unpriced("its cache is that of an API which is not in the template")
    # Raises Unpriced here if the size is unknown; the API itself is priced without it then.
    cache_size(view)
    if view.path != _cached_stages(owner.name, stack)[0].path:
        raise Unpriced("a second cache of one API is not priced yet")
    return None


def cache_size(view: View) -> Decimal:
    """The size of a cache in GB."""
    size = view.number("CacheClusterSize")
    if size is None:
        raise Unpriced("CacheClusterSize is not given")
    return size


def _stage(resource: Resource) -> View:
    return resource if resource.type == STAGES[0] else resource.part("StageDescription")


def _cached_stages(owner: str, stack: Stack) -> list[View]:
    """The stages of an API that surely have a cache of a known size."""
    found = []
    for kind in STAGES:
        for resource in stack.owned(owner, kind, "RestApiId"):
            try:
                view = _stage(resource)
                if view.flag("CacheClusterEnabled") and cache_size(view) is not None:
                    found.append(view)
            except Unpriced:
                continue  # the stage's own entry says why
    return found


def serverless_api(resource: Resource, stack: Stack) -> Fields:
    """AWS::Serverless::Api, which has its stage in itself."""
    fields: Fields = {"type": "api_gateway", "kind": "rest"}
    return {**fields, "cache": cache_size(resource)} if resource.flag("CacheClusterEnabled") else fields


def api(resource: Resource, stack: Stack) -> Fields:
    """AWS::ApiGatewayV2::Api; one made by quick create or from a definition speaks HTTP."""
    kind = resource.text("ProtocolType", "HTTP")
    if kind not in ("HTTP", "WEBSOCKET"):
        raise Unpriced(f"ProtocolType is neither HTTP nor WEBSOCKET: {shown(kind)}")
    return {"type": "api_gateway", "kind": kind.lower()}
