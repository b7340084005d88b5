"""EBS volumes of a template: single ones, and those of instances.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html
"""

from typing import Any

from costkit.inputs.cloudformation.stack import Stack
from costkit.inputs.cloudformation.values import Unknown, Unpriced
from costkit.inputs.cloudformation.view import Resource, View

Fields = dict[str, Any]
# gp2, st1 and sc1 take Iops only as a repetition of what they have anyway, or not at all.
WITH_IOPS = ("gp3", "io1", "io2")
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html
ROOTS = ("/dev/xvda", "/dev/sda1", "/dev/sda")


def volume(resource: Resource, stack: Stack) -> Fields:
    """AWS::EC2::Volume; sizes in GB. AWS creates gp2 where no type is given; a snapshot may tell the size."""
    if resource.value("OutpostArn") is not None:
        raise Unpriced("volumes on Outposts are not priced")
    return {"type": "ebs_volume", "kind": "gp2", **disk(resource, "Size")}


def disk(view: View, size: str) -> Fields:
    """What is said of a volume: its kind, its size in GB, its IOPS and its throughput in MiB/s."""
    kind = view.text("VolumeType").lower()
    if kind == "standard":
        raise Unpriced("magnetic volumes (standard) are not priced yet")
    found = {"size": view.number(size)}
    if kind in WITH_IOPS:
        found["iops"] = view.number("Iops")
    if kind == "gp3":
        found["throughput"] = view.number("Throughput")
    fields: Fields = {"kind": kind} if kind else {}
    return fields | {name: value for name, value in found.items() if value is not None}


def volumes(view: View) -> list[Fields]:
    """The volumes of an instance. The image alone tells the size of a root volume that is not listed."""
    found: list[Fields] = []
    root = False
    for mapping in view.parts("BlockDeviceMappings"):
        name = mapping.peek("DeviceName")
        if mapping.value("NoDevice") is not None or mapping.value("VirtualName") is not None:
            continue
        is_root = isinstance(name, Unknown) or name in ROOTS
        root = root or is_root
        # The image decides what kind its own volume is; others are gp2 where nothing is said.
        default = {} if is_root else {"kind": "gp2"}
        found.append({**default, **disk(mapping.part("Ebs"), "VolumeSize")})
    return found if root else [{}, *found]
