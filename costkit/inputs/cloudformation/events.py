"""What SAM creates besides a function or state machine: queues, topics, schedules, and the implicit APIs.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from collections.abc import Iterator

from costkit.inputs.cloudformation.globals import with_globals
from costkit.inputs.cloudformation.networking import serverless_api
from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unpriced
from costkit.inputs.cloudformation.view import Resource, View
from costkit.inputs.entry import Entry

QUEUE, TOPIC = "AWS::SQS::Queue", "AWS::SNS::Topic"
FIELDS = {QUEUE: {"type": "sqs_queue", "kind": "standard"}, TOPIC: {"type": "sns_topic", "kind": "standard"}}
SOURCES = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")
# Events by what they create that is charged, and costkit has no price for.
CHARGED = {"ScheduleV2": "AWS::Scheduler::Schedule", "IoTRule": "AWS::IoT::TopicRule"}
# The API of events that name none: its logical id, the property that would name one, its type.
IMPLICIT = {
    "Api": ("ServerlessRestApi", "RestApiId", "AWS::Serverless::Api"),
    "HttpApi": ("ServerlessHttpApi", "ApiId", "AWS::Serverless::HttpApi"),
}


def generated(resource: Resource, stack: Stack) -> Iterator[Entry]:
    """The queues, topics and schedules that SAM makes for a function or state machine."""
    for name, event in _events(resource):
        own = f"{resource.name}{name}"
        where = resource.resolver.document.where((*resource.path, "Events", name))
        properties = event.part("Properties")
        kind = event.text("Type")
        if kind in CHARGED:
            reason = f"costkit does not price {CHARGED[kind]}"
            yield Entry(own, CHARGED[kind], where, reason=reason)
        # True makes a queue; a mapping names one that is there.
        if kind == "SNS" and properties.value("SqsSubscription") in (True, "true"):
            yield Entry(f"{own}Queue", QUEUE, where, fields=FIELDS[QUEUE])
        letters = properties.part("DeadLetterConfig")
        if letters.text("Type") == "SQS":
            yield Entry(letters.text("QueueLogicalId") or f"{own}Queue", QUEUE, where, fields=FIELDS[QUEUE])
    yield from _destinations(resource)


def _destinations(resource: Resource) -> Iterator[Entry]:
    """Where results of asynchronous calls go, if no queue or topic is named."""
    config = resource.part("EventInvokeConfig").part("DestinationConfig")
    where = resource.resolver.document.where((*resource.path, "EventInvokeConfig"))
    for outcome in ("OnSuccess", "OnFailure"):
        destination = config.part(outcome)
        made = {"SQS": QUEUE, "SNS": TOPIC}.get(destination.text("Type"))
        if made is not None and destination.peek("Destination") is None:
            name = f"{resource.name}EventInvokeConfig{outcome}{made.rpartition('::')[2]}"
            yield Entry(name, made, where, fields=FIELDS[made])


def implicit_apis(stack: Stack) -> Iterator[Entry]:
    """The API that all events share which name none, one of each kind; a resource of that name comes before it."""
    found: dict[str, str] = {}
    for resource in [resource for source in SOURCES for resource in stack.of_type(source)]:
        try:
            for name, event in _events(resource):
                kind = event.text("Type")
                if kind in IMPLICIT and event.part("Properties").peek(IMPLICIT[kind][1]) is None:
                    where = resource.resolver.document.where((*resource.path, "Events", name))
                    found.setdefault(kind, where)
        except Unpriced:
            continue  # told with what the events create
    for kind, (name, _, api) in IMPLICIT.items():
        if kind in found:
            yield _implicit(name, api, found[kind], stack)


def _implicit(name: str, type: str, where: str, stack: Stack) -> Entry:
    entry = Entry(name, type, where)
    if type == "AWS::Serverless::HttpApi":
        return entry._replace(fields={"type": "api_gateway", "kind": "http"})
    properties = with_globals(type, {}, None, stack.globals)
    try:
        api = Resource(name, type, properties, stack.resolver, ("Globals", "Api"))
        return entry._replace(fields=serverless_api(api, stack))
    except Unpriced as reason:
        return entry._replace(reason=str(reason))


def _events(resource: Resource) -> Iterator[tuple[str, View]]:
    events: View = resource.part("Events")
    for name in events.raw:
        yield str(name), events.part(name)
