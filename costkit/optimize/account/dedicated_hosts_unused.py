"""EC2-26: dedicated hosts that nothing runs on.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-releasing.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.finding import CLEAN, HEURISTIC, LOW, MEDIUM, NOT_ENOUGH_DATA, UNPRICED, WASTE, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight


def look(place: Place) -> Iterator[Sight]:
    """Those without an instance at the time of the snapshot; costkit has no price of them."""
    for item in place.of("dedicated_host"):
        if text(item, "State").startswith("released"):
            continue
        instances = item.attributes.get("Instances")
        if instances is None:
            yield Sight(NOT_ENOUGH_DATA, item.id, "AWS does not say what runs on it")
        elif instances:
            yield Sight(CLEAN, item.id)
        else:
            kind = text(item, "HostProperties", "InstanceType") or text(item, "HostProperties", "InstanceFamily")
            reserved = text(item, "HostReservationId")
            evidence = (Evidence("made for", kind or "not stated"), Evidence("reserved", reserved or "no"))
            why = "nothing ran on it when it was collected, and it is paid by the hour; costkit has no price of it"
            yield Sight(UNPRICED, item.id, why, evidence)


CHECK = AccountCheck(
    code="EC2-26",
    title="Release a dedicated host that nothing runs on",
    kinds=("dedicated_host",),
    category=WASTE,
    confidence=HEURISTIC,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-releasing.html",
    look=look,
)
