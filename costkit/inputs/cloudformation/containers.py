"""ECS services of a template: their tasks on Fargate.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unpriced
from costkit.inputs.cloudformation.view import Resource, View
from costkit.inputs.entry import Entry
from costkit.model.exact import plain, quotient
from costkit.model.kind import Refused, number, shown

Fields = dict[str, Any]
# Cpu counts in units of a vCPU: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
UNITS_PER_VCPU = Decimal(1024)
SPOT = "FARGATE_SPOT"
ASSOCIATIONS = "AWS::ECS::ClusterCapacityProviderAssociations"


def service(resource: Resource, stack: Stack) -> Fields | None:
    """AWS::ECS::Service: so many Fargate tasks. On EC2 it is the instances that are charged."""
    provider = _provider(resource, stack)
    if provider is None:
        return None
    fields = _task(_task_definition(resource, stack))
    if provider == SPOT:
        fields["purchase"] = {"kind": "spot"}
    return {**fields, "count": _count(resource)}


def addresses(resource: Resource, stack: Stack) -> Iterator[Entry]:
    """The public address of each task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html."""
    network = resource.part("NetworkConfiguration").part("AwsvpcConfiguration")
    if network.text("AssignPublicIp", "DISABLED") == "ENABLED" and _provider(resource, stack):
        fields = {"type": "public_ipv4", "count": _count(resource)}
        yield Entry(f"{resource.name}.AssignPublicIp", resource.type, resource.where, fields=fields)


def _count(resource: Resource) -> Decimal:
    """One task where the template does not say."""
    count = resource.number("DesiredCount")
    return Decimal(1) if count is None else count


def _provider(resource: Resource, stack: Stack) -> str | None:
    """FARGATE or FARGATE_SPOT, None for tasks on instances that are charged themselves."""
    kind = resource.text("LaunchType")
    strategy = resource.parts("CapacityProviderStrategy")
    if not kind and not strategy:
        strategy = _default_strategy(resource, stack)
    if strategy:
        return _one_of(strategy)
    if kind in ("FARGATE", "EC2", ""):
        return kind if kind == "FARGATE" else None
    raise Unpriced(f"tasks on {shown(kind)} are not priced")


def _default_strategy(resource: Resource, stack: Stack) -> list[View]:
    """The strategy of the cluster, which services follow that say nothing; without one they run on EC2."""
    name = resource.reference("Cluster")
    cluster = stack.get(name, "AWS::ECS::Cluster")
    if cluster is None or name is None:
        raise Unpriced("neither LaunchType nor a strategy is given, and its cluster is not in the template")
    found = cluster.parts("DefaultCapacityProviderStrategy")
    for association in stack.owned(name, ASSOCIATIONS, "Cluster"):
        found = found or association.parts("DefaultCapacityProviderStrategy")
    return found


def _one_of(strategy: list[View]) -> str | None:
    """The provider that all tasks run on; one without a base or a weight gets none if there are others."""
    names = {}
    for item in strategy:
        share = (item.number("Base") or 0) + (item.number("Weight") or 0)
        names[item.text("CapacityProvider")] = share
    used = {name for name, share in names.items() if share or len(names) == 1}
    if len(used) == 1:
        name = used.pop()
        return name if name.startswith("FARGATE") else None
    if any(name.startswith("FARGATE") for name in used):
        raise Unpriced(f"tasks divided between {' and '.join(sorted(used))} are not priced yet")
    return None


def _task_definition(resource: Resource, stack: Stack) -> Resource:
    found = stack.get(resource.reference("TaskDefinition"), "AWS::ECS::TaskDefinition")
    family = resource.peek("TaskDefinition")
    if found is None and isinstance(family, str):
        found = stack.named(family.partition(":")[0], "AWS::ECS::TaskDefinition", "Family")
    if found is None:
        raise Unpriced("its task definition is not in the template")
    return found


def _task(task: Resource) -> Fields:
    """The size of a task: vCPUs, memory, ephemeral storage in GB, architecture."""
    platform = task.part("RuntimePlatform")
    if platform.text("OperatingSystemFamily", "LINUX") != "LINUX":
        raise Unpriced("Windows tasks are not priced")
    fields: Fields = {"type": "fargate_task"}
    cpu, memory = task.text("Cpu"), task.text("Memory")
    if cpu:
        fields["vcpu"] = _vcpu(cpu)
    if memory:
        fields["memory"] = _memory(memory)
    architecture = platform.text("CpuArchitecture", "X86_64")
    if architecture != "X86_64":
        fields["architecture"] = architecture.lower()
    storage = task.part("EphemeralStorage").number("SizeInGiB")
    return fields if storage is None else {**fields, "ephemeral_storage": storage}


def _vcpu(text: str) -> Decimal:
    """``256`` and ``.25 vCPU`` are the same."""
    value, unit = _amount(text, "Cpu")
    if unit.lower() not in ("", "vcpu"):
        raise Unpriced(f"Cpu is not a number of vCPUs: {shown(text)}")
    return value if unit else quotient(value, UNITS_PER_VCPU)


def _memory(text: str) -> str:
    """``512`` is in MB, ``0.5 GB`` says so."""
    value, unit = _amount(text, "Memory")
    if unit.upper() not in ("", "MB", "GB"):
        raise Unpriced(f"Memory is not a size: {shown(text)}")
    return f"{plain(value)} {unit.upper() or 'MB'}"


def _amount(text: str, name: str) -> tuple[Decimal, str]:
    try:
        return number(text, "")
    except Refused as refused:
        raise Unpriced(f"{name}: {refused.message}") from None
