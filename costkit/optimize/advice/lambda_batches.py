"""LMB-18: a queue or stream that calls a function for each message.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
"""

from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import CLEAN, HEURISTIC, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject

# So many messages together, of work so short that the call itself counts, and enough calls to matter.
TOGETHER, SHORT, MANY = Decimal(10), Decimal(100), Decimal(10**6)
SOURCES = (":sqs:", ":kinesis:", ":dynamodb:")


def propose(subject: Subject) -> Proposal | Skip:
    """Ten messages a call, each taking as long as before: only the requests are saved for certain."""
    observed, use = subject.observed, subject.usage
    if use.requests is None or use.duration is None or use.provisioned_concurrency is not None:
        return Skip(NOT_APPLICABLE)
    mappings = observed.others("lambda_event_source_mapping", "FunctionArn", observed.item.arn)
    if isinstance(mappings, Skip):
        return mappings
    single = [one for one in mappings if one.attributes.get("BatchSize") == 1 and _polls(one.attributes)]
    if not mappings:
        return Skip(NOT_APPLICABLE, "nothing polls for it")
    if not single or len(single) != len(mappings) or use.duration >= SHORT or use.requests <= MANY:
        return Skip(CLEAN)
    fields = {
        "requests": subject.spread(lambda use: use.requests / TOGETHER),
        "duration": subject.spread(lambda use: use.duration * TOGETHER),
    }
    return Proposal(
        why=f"its source calls it for each message; {plain(TOGETHER)} a call, with a batching window, are a tenth of "
        "the requests, and what each call does but once is saved as well",
        options=(Option("", fields),),
        confidence=HEURISTIC,
        evidence=tuple(
            Evidence("BatchSize", Decimal(1), "", str(one.attributes.get("EventSourceArn", one.id))) for one in single
        ),
    )


def _polls(attributes: object) -> bool:
    source = str(attributes.get("EventSourceArn", "")) if isinstance(attributes, dict) else ""
    return any(part in source for part in SOURCES)


CHECK = Check(
    code="LMB-18",
    title="Take several messages a call",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html",
    propose=propose,
    kinds=("lambda_function",),
)
