"""EC2-07: a volume of an instance that has been stopped for long.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html
"""

import re

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, WASTE, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.fragments import GONE

LONG = 30
# AWS writes: User initiated (2026-09-01 10:00:00 GMT)
SINCE = re.compile(r"\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) GMT\)")


def propose(subject: Subject) -> Proposal | Skip:
    """The volume deleted, if its instance was stopped a month ago and never started since."""
    observed = subject.observed
    attachments = observed.item.attributes.get("Attachments") or []
    names = [str(one["InstanceId"]) for one in attachments if "InstanceId" in one]
    if not names:
        return Skip(NOT_APPLICABLE, "it is attached to nothing")
    instances: list[Item] = []
    for name in names:
        found = observed.others("ec2_instance", "InstanceId", name)
        if isinstance(found, Skip):
            return found
        instances += found
    if len(instances) != len(names):
        return Skip(NOT_ENOUGH_DATA, "its instance is not in the snapshot")
    if any((one.attributes.get("State") or {}).get("Name") != "stopped" for one in instances):
        return Skip(CLEAN)
    days = [_stopped_days(one, observed.found.snapshot.collected) for one in instances]
    shortest = min((-1 if number is None else number) for number in days)
    if shortest < 0:
        return Skip(NOT_ENOUGH_DATA, "AWS does not say since when its instance is stopped")
    if shortest < LONG:
        return Skip(CLEAN)
    return Proposal(
        why=f"its instance has been stopped for {shortest} days; a snapshot or an image of it costs less",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=tuple(Evidence(one.id, str(one.attributes.get("StateTransitionReason"))) for one in instances),
    )


def _stopped_days(item: Item, today: str) -> int | None:
    match = SINCE.search(str(item.attributes.get("StateTransitionReason") or ""))
    return None if match is None else days_between(f"{match[1]}T{match[2]}Z", today)


CHECK = Check(
    code="EC2-07",
    title="Delete volumes of an instance stopped for long",
    types=("ebs_volume",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html",
    propose=propose,
    kinds=("ebs_volume",),
)
