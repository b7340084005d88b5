"""Lambda functions of a template, plain and SAM, with the aliases and versions that belong to them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

from decimal import Decimal
from typing import Any

from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unpriced, text_of
from costkit.inputs.cloudformation.view import Resource, View
from costkit.model.kind import shown

Fields = dict[str, Any]
FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
ARCHITECTURES = {"x86_64": "x86_64", "arm64": "arm64"}
READY = "ProvisionedConcurrencyConfig"
READY_TYPES = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
# Properties that change what a function costs in ways that costkit has no prices for:
# https://aws.amazon.com/lambda/pricing/
UNKNOWN_TO_COSTKIT = {
    "CapacityProviderConfig": "functions on managed instances are not priced yet",
    "DurableConfig": "durable functions are not priced yet",
    "TenancyConfig": "tenant isolation is not priced yet",
}


def function(resource: Resource, stack: Stack) -> Fields:
    """A function; memory in MB. What is left out is AWS's default: 128 MB, x86_64, 512 MB of /tmp."""
    for name, reason in UNKNOWN_TO_COSTKIT.items():
        if resource.value(name) is not None:
            raise Unpriced(reason)
    fields: Fields = {"type": "lambda_function"}
    memory = resource.number("MemorySize")
    storage = resource.part("EphemeralStorage").number("Size")
    ready = _ready(resource, stack)
    architecture = _architecture(resource)
    if architecture is not None:
        fields["architecture"] = architecture
    if memory is not None:
        fields["memory"] = memory
    if storage is not None:
        fields["ephemeral_storage"] = storage
    if ready:
        fields["provisioned_concurrency"] = {"concurrency": ready}
    if _snap_start(resource, stack):
        fields["snap_start"] = {}
        fields["runtime"] = resource.text("Runtime")
    elif isinstance(runtime := resource.peek("Runtime"), str):
        fields["runtime"] = runtime
    return fields


def _architecture(resource: Resource) -> str | None:
    names = resource.items("Architectures")
    if not names:
        return None
    # Read through a view, so that one that is unknown is told in the same words.
    word = View({"Architectures": names[0]}, resource.resolver, resource.path).text("Architectures")
    if len(names) > 1 or word not in ARCHITECTURES:
        raise Unpriced(f"Architectures is neither x86_64 nor arm64: {shown([text_of(name) or '?' for name in names])}")
    return ARCHITECTURES[word]


def _snap_start(resource: Resource, stack: Stack) -> bool:
    """Whether a snapshot is kept: SnapStart is on, and a version is published.

    https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    if resource.part("SnapStart").text("ApplyOn", "None") != "PublishedVersions":
        return False
    alias = resource.type == "AWS::Serverless::Function" and resource.peek("AutoPublishAlias") is not None
    return alias or bool(stack.owned(resource.name, "AWS::Lambda::Version", "FunctionName"))


def _ready(resource: Resource, stack: Stack) -> Decimal:
    """Environments kept ready by the function's aliases and versions."""
    holders = [resource] if resource.type == "AWS::Serverless::Function" else []
    for kind in READY_TYPES:
        holders += stack.owned(resource.name, kind, "FunctionName")
    total = Decimal(0)
    for holder in holders:
        try:
            total += concurrency(holder)
        except Unpriced as reason:
            raise Unpriced(f"{reason} ({holder.name})" if holder is not resource else str(reason)) from None
    return total


def concurrency(holder: Resource) -> Decimal:
    """Environments that an alias, a version or a SAM function keeps ready."""
    config = holder.part(READY)
    ready = config.number("ProvisionedConcurrentExecutions")
    if ready is None and config.raw:
        raise Unpriced(f"{READY} has no ProvisionedConcurrentExecutions")
    return ready or Decimal(0)


def alias(resource: Resource, stack: Stack) -> Fields | None:
    """An alias or version: free, or part of its function where it keeps environments ready."""
    if resource.value(READY) is None:
        return None
    if stack.get(resource.reference("FunctionName"), *FUNCTIONS) is None:
        raise Unpriced("its provisioned concurrency is that of a function which is not in the template")
    return None
