"""LMB-17: logs of a function that is gone.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_APPLICABLE, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, told
from costkit.optimize.fragments import GONE

PREFIX, DAYS = "/aws/lambda/", 14


def propose(subject: Subject) -> Proposal | Skip:
    """The log group deleted, if nothing writes to it any more."""
    observed = subject.observed
    if not observed.item.id.startswith(PREFIX):
        return Skip(NOT_APPLICABLE, "it belongs to no function")
    functions = observed.others("lambda_function", "FunctionName", observed.item.id.removeprefix(PREFIX))
    found = observed.silence(DAYS, ("IncomingBytes", "Sum", DAY))
    if isinstance(functions, Skip):
        return functions
    if isinstance(found, Skip):
        return found
    if functions:
        return Skip(CLEAN)
    return Proposal(
        why="there is no function of that name, and nothing was written",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(told(found[0], ZERO, "bytes a day"), Evidence("stored", subject.usage.stored, "GB")),
    )


CHECK = Check(
    code="LMB-17",
    title="Delete the logs of a function that is gone",
    types=("cloudwatch_logs",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    propose=propose,
    kinds=("log_group",),
)
