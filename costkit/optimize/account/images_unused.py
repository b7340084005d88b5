"""EC2-13: images that nothing starts from any more, whose snapshots cost something.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/deregister-ami.html
"""

from collections.abc import Iterator
from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import days_between
from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, LOW, MEDIUM, NOT_ENOUGH_DATA, UNPRICED, UPPER_BOUND, WASTE, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.check import AccountCheck, Place, Sight
from costkit.optimize.evidence import LEAST_DAYS

GONE = ("terminated", "shutting-down")
# A template may name a parameter that holds the image's id:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
BY_PARAMETER = "resolve:ssm:"


def look(place: Place) -> Iterator[Sight]:
    """Those that no instance and no launch template refers to; costkit has no price of their snapshots."""
    started = {text(item, "ImageId") for item in place.of("ec2_instance") if text(item, "State", "Name") not in GONE}
    named = {text(item, "LaunchTemplateData", "ImageId") for item in place.of("ec2_launch_template_version")}
    unknown = any(name.startswith(BY_PARAMETER) for name in named)
    for item in place.of("ec2_image"):
        age = days_between(text(item, "CreationDate"), place.found.snapshot.collected)
        if item.id in started | named or (age is not None and age < LEAST_DAYS):
            yield Sight(CLEAN, item.id)
        elif unknown:
            yield Sight(
                NOT_ENOUGH_DATA, item.id, "a launch template names its image by a parameter that is not collected"
            )
        else:
            yield _unused(item)


def _unused(item: Item) -> Sight:
    why = (
        "no instance and no latest or default version of a launch template refers to it; other accounts, older "
        "versions and launch configurations may. costkit has no price of its snapshots"
    )
    disks = [mapping.get("Ebs") or {} for mapping in item.attributes.get("BlockDeviceMappings") or ()]
    sizes = [disk["VolumeSize"] for disk in disks if isinstance(disk.get("VolumeSize"), Decimal)]
    last = text(item, "LastLaunchedTime") or "not known"
    snapshots = Evidence("snapshots", sum(sizes, ZERO), "GB at most", "DescribeImages")
    return Sight(UNPRICED, item.id, why, (snapshots, Evidence("last started", last, "", "DescribeImages")))


CHECK = AccountCheck(
    code="EC2-13",
    title="Deregister an image that nothing refers to",
    kinds=("ec2_image", "ec2_instance", "ec2_launch_template_version"),
    category=WASTE,
    confidence=UPPER_BOUND,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/deregister-ami.html",
    look=look,
)
