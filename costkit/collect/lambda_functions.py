"""What Lambda has: functions, provisioned concurrency, SnapStart's versions, aliases, mappings, scaling, limits."""

from collections.abc import Iterator
from typing import Any

from costkit.collect.call import NEXT_TOKEN, Call
from costkit.collect.keeping import kept
from costkit.collect.place import GET_RESOURCES, Found, Place
from costkit.model.snapshot_kinds import kinds

PAGES = ("NextMarker", "Marker")
FIFTY = {"MaxItems": 50}
LIST_FUNCTIONS = Call("lambda", "ListFunctions", "Functions", PAGES, FIFTY)
LIST_PROVISIONED = Call("lambda", "ListProvisionedConcurrencyConfigs", "ProvisionedConcurrencyConfigs", PAGES, FIFTY)
LIST_VERSIONS = Call("lambda", "ListVersionsByFunction", "Versions", PAGES, FIFTY)
LIST_ALIASES = Call("lambda", "ListAliases", "Aliases", PAGES, FIFTY)
LIST_MAPPINGS = Call("lambda", "ListEventSourceMappings", "EventSourceMappings", PAGES, {"MaxItems": 100})
GET_ACCOUNT = Call("lambda", "GetAccountSettings", "AccountLimit")
SCALED = {"ServiceNamespace": "lambda", "MaxResults": 50}
TARGETS = Call("application-autoscaling", "DescribeScalableTargets", "ScalableTargets", NEXT_TOKEN, SCALED)
SCHEDULES = Call("application-autoscaling", "DescribeScheduledActions", "ScheduledActions", NEXT_TOKEN, SCALED)
CALLS = (
    LIST_FUNCTIONS,
    LIST_PROVISIONED,
    LIST_VERSIONS,
    LIST_ALIASES,
    LIST_MAPPINGS,
    GET_ACCOUNT,
    TARGETS,
    SCHEDULES,
    GET_RESOURCES,
)
FUNCTION = "lambda_function"
PUBLISHED = "PublishedVersions"
LATEST = "$LATEST"


def collect(place: Place) -> None:
    """Find everything of Lambda in a place."""
    place.list(FUNCTION, LIST_FUNCTIONS, "FunctionName", lambda entry: str(entry.get("FunctionArn", "")))
    place.tag(FUNCTION, ("lambda:function",))
    functions = list(place.of(FUNCTION))
    name = "lambda_provisioned_concurrency"
    place.collect(name, lambda: place.for_each(name, functions, lambda one: _provisioned(place, one)), FUNCTION)
    reserved = {item.attributes["FunctionName"] for item in place.of(name)}
    cached = [one for one in functions if one.attributes.get("SnapStart", {}).get("ApplyOn") == PUBLISHED]
    version, alias = "lambda_version", "lambda_alias"
    place.collect(version, lambda: place.for_each(version, cached, lambda one: _versions(place, one)), FUNCTION)
    named = [one for one in functions if one in cached or one.id in reserved]
    place.collect(alias, lambda: place.for_each(alias, named, lambda one: _aliases(place, one)), FUNCTION)
    place.list("lambda_event_source_mapping", LIST_MAPPINGS, "UUID", _mapping_arn)
    for mapping in place.of("lambda_event_source_mapping"):
        # A list of mappings tells no tags: nobody knows whether they have any.
        mapping.tags = None
    place.collect("lambda_scalable_target", lambda: _targets(place))
    place.collect("lambda_scheduled_scaling", lambda: _schedules(place))
    place.collect("lambda_account", lambda: _account(place))


def _mapping_arn(entry: Any) -> str:
    return str(entry.get("EventSourceMappingArn", ""))


def _provisioned(place: Place, function: Found) -> Iterator[Found]:
    form = kinds()["lambda_provisioned_concurrency"].form
    for entry in place.each(LIST_PROVISIONED, FunctionName=function.id):
        arn = str(entry.get("FunctionArn", ""))
        qualifier = arn.rpartition(":")[2]
        own_id = f"{function.id}:{qualifier}"
        own = {"FunctionName": function.id, "Qualifier": qualifier, "Resource": own_id}
        yield Found(own_id, arn, {**kept(form, entry), **own}, {})


def _versions(place: Place, function: Found) -> Iterator[Found]:
    form = kinds()["lambda_version"].form
    for entry in place.each(LIST_VERSIONS, FunctionName=function.id):
        version = str(entry.get("Version", ""))
        if version != LATEST:
            own_id = f"{function.id}:{version}"
            attributes = {**kept(form, entry), "FunctionName": function.id, "Resource": own_id}
            yield Found(own_id, str(entry.get("FunctionArn", "")), attributes, {})


def _aliases(place: Place, function: Found) -> Iterator[Found]:
    form = kinds()["lambda_alias"].form
    for entry in place.each(LIST_ALIASES, FunctionName=function.id):
        routing = (entry.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        own = {"FunctionName": function.id, "AdditionalVersions": sorted(routing)}
        attributes = {**kept(form, entry), **own}
        yield Found(f"{function.id}:{entry.get('Name', '')}", str(entry.get("AliasArn", "")), attributes, {})


def _targets(place: Place) -> Iterator[Found]:
    form = kinds()["lambda_scalable_target"].form
    for entry in place.each(TARGETS):
        own_id = f"{entry.get('ResourceId', '')}/{entry.get('ScalableDimension', '')}"
        yield Found(own_id, str(entry.get("ScalableTargetARN", "")), kept(form, entry), {})


def _schedules(place: Place) -> Iterator[Found]:
    form = kinds()["lambda_scheduled_scaling"].form
    for entry in place.each(SCHEDULES):
        own_id = f"{entry.get('ResourceId', '')}/{entry.get('ScheduledActionName', '')}"
        yield Found(own_id, str(entry.get("ScheduledActionARN", "")), kept(form, entry), {})


def _account(place: Place) -> Iterator[Found]:
    form = kinds()["lambda_account"].form
    yield Found("account", "", kept(form, place.ask(GET_ACCOUNT)), {})
