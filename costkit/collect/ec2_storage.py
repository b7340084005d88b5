"""What EC2 stores: volumes, snapshots, images."""

from costkit.collect.call import NEXT_TOKEN, Call
from costkit.collect.place import Place

THOUSAND = {"MaxResults": 1000}
VOLUMES = Call("ec2", "DescribeVolumes", "Volumes", NEXT_TOKEN, {"MaxResults": 500})
SNAPSHOTS = Call("ec2", "DescribeSnapshots", "Snapshots", NEXT_TOKEN, {"OwnerIds": ["self"], **THOUSAND})
IMAGES = Call("ec2", "DescribeImages", "Images", NEXT_TOKEN, {"Owners": ["self"], **THOUSAND})
CALLS = (VOLUMES, SNAPSHOTS, IMAGES)


def collect(place: Place) -> None:
    """Find what is stored in a place."""
    place.list("ebs_volume", VOLUMES, "VolumeId", lambda one: place.arn("ec2", f"volume/{one.get('VolumeId', '')}"))
    place.list(
        "ebs_snapshot", SNAPSHOTS, "SnapshotId", lambda one: place.arn("ec2", f"snapshot/{one.get('SnapshotId', '')}")
    )
    place.list("ec2_image", IMAGES, "ImageId", lambda one: place.arn("ec2", f"image/{one.get('ImageId', '')}"))
