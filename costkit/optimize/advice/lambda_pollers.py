"""LMB-19: event pollers that are kept for a queue or for Kafka, whether messages come or not.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-provisioned-mode
"""

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO
from costkit.model.finding import LOW, MEASURED, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject

CONFIG = "ProvisionedPollerConfig"


def propose(subject: Subject) -> Proposal | Skip:
    """The mapping in the mode in which AWS scales its pollers and charges nothing for them."""
    observed = subject.observed
    if subject.usage.event_pollers is None:
        return Skip(NOT_APPLICABLE)
    item = observed.item
    least = number(item, CONFIG, "MinimumPollers")
    most = number(item, CONFIG, "MaximumPollers")
    function = text(item, "FunctionArn").partition(":function:")[2]
    return Proposal(
        why=f"its pollers for {function or 'a function'} are paid for all month; without provisioned mode AWS charges "
        "nothing for them, and reacts later when many messages come at once",
        options=(Option("", {"event_pollers": None}),),
        confidence=MEASURED,
        evidence=(
            Evidence("source", text(item, "EventSourceArn") or "self-managed Kafka"),
            Evidence("least pollers", ZERO if least is None else least, "", CONFIG),
            *(() if most is None else (Evidence("most pollers", most, "", CONFIG),)),
        ),
    )


CHECK = Check(
    code="LMB-19",
    title="Poll without provisioned mode",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html",
    propose=propose,
    kinds=("lambda_event_source_mapping",),
)
