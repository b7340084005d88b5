"""EC2-12: old snapshots of volumes that are gone, and that no image uses.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html
"""

from collections.abc import Iterator

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, UNPRICED, WASTE, Evidence
from costkit.optimize.check import AccountCheck, Place, Sight

OLD = 90


def look(place: Place) -> Iterator[Sight]:
    """Those of more than 90 days; costkit has no price of them, so nothing is claimed."""
    today = place.found.snapshot.collected
    volumes = {item.id for item in place.of("ebs_volume")}
    used = {
        str((mapping.get("Ebs") or {}).get("SnapshotId"))
        for image in place.of("ec2_image")
        for mapping in image.attributes.get("BlockDeviceMappings") or ()
    }
    for item in place.of("ebs_snapshot"):
        age = days_between(text(item, "StartTime"), today)
        if age is None or age <= OLD or text(item, "VolumeId") in volumes or item.id in used:
            yield Sight(CLEAN, item.id)
            continue
        size = number(item, "VolumeSize") or ZERO
        evidence = (Evidence("volume", size, "GB at most"), Evidence("created", text(item, "StartTime")))
        yield Sight(UNPRICED, item.id, "its volume is gone and no image uses it; costkit has no price of it", evidence)


CHECK = AccountCheck(
    code="EC2-12",
    title="Delete old snapshots of volumes that are gone",
    kinds=("ebs_snapshot", "ebs_volume", "ec2_image"),
    category=WASTE,
    confidence=MEASURED,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html",
    look=look,
)
