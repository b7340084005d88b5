"""The services that can be collected, each by the module that knows it, and everything they may call."""

from functools import cache
from importlib import import_module
from types import ModuleType

from costkit.collect.call import NEXT_TOKEN, Call
from costkit.model.snapshot_kinds import kinds

MODULES = {"lambda": "lambda_functions"}
# Services that know of accounts, not of regions: asked once, where they are.
ACCOUNT_WIDE = {
    "cost-explorer": "us-east-1",
    "savings-plans": "us-east-1",
    "budgets": "us-east-1",
    "cost-optimization-hub": "us-east-1",
}
IDENTITY = Call("sts", "GetCallerIdentity", "Account")
REGIONS = Call("ec2", "DescribeRegions", "Regions")
METRIC_DATA = Call("cloudwatch", "GetMetricData", "MetricDataResults", NEXT_TOKEN, meter="metrics_requested")
LIST_METRICS = Call("cloudwatch", "ListMetrics", "Metrics", NEXT_TOKEN)
# Every collection makes these, whatever services it is about.
ALWAYS = (IDENTITY, REGIONS)


@cache
def module_of(service: str) -> ModuleType:
    """The module that collects a service."""
    return import_module(f"costkit.collect.{MODULES.get(service, service.replace('-', '_'))}")


def calls_of(chosen: tuple[str, ...]) -> tuple[Call, ...]:
    """Every call that collecting these services may make."""
    found: list[Call] = [*ALWAYS]
    metrics = [metric for kind in kinds().values() if kind.service in chosen for metric in kind.metrics]
    found += [METRIC_DATA] if metrics else []
    found += [LIST_METRICS] if any(metric.discovered for metric in metrics) else []
    for service in chosen:
        found += module_of(service).CALLS
    return tuple({(call.client, call.operation): call for call in found}.values())
