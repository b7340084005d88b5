"""FGT-01: tasks that are not production and run at night.

https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-how-it-works.html
"""

from costkit.model.finding import LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice import _running
from costkit.optimize.check import SCHEDULE, Check, Proposal, Skip, Subject


def propose(subject: Subject) -> Proposal | Skip:
    """The task in working hours; tasks that run on their own occasion have a schedule already."""
    if subject.usage.runs is not None:
        return Skip(NOT_APPLICABLE, "it runs when it is needed")
    return _running.in_working_hours(subject, "scaled to none")


CHECK = Check(
    code="FGT-01",
    title="Scale to none outside working hours",
    types=("fargate_task",),
    stage=SCHEDULE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-how-it-works.html",
    propose=propose,
)
