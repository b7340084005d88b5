"""What EC2 stores: volumes, snapshots, images, and the launch templates that refer to images."""

from collections.abc import Iterator

from costkit.collect.call import NEXT_TOKEN, Call
from costkit.collect.gap import Gap
from costkit.collect.keeping import kept, tags_of
from costkit.collect.place import Found, Place
from costkit.model.snapshot import BROKEN_ANSWER
from costkit.model.snapshot_kinds import kinds

THOUSAND = {"MaxResults": 1000}
VOLUMES = Call("ec2", "DescribeVolumes", "Volumes", NEXT_TOKEN, {"MaxResults": 500})
SNAPSHOTS = Call("ec2", "DescribeSnapshots", "Snapshots", NEXT_TOKEN, {"OwnerIds": ["self"], **THOUSAND})
IMAGES = Call("ec2", "DescribeImages", "Images", NEXT_TOKEN, {"Owners": ["self"], **THOUSAND})
# Without a template's name the latest and the default versions of all of them, which are those that start anything new.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html
TEMPLATES = Call(
    "ec2",
    "DescribeLaunchTemplateVersions",
    "LaunchTemplateVersions",
    NEXT_TOKEN,
    {"Versions": ["$Latest", "$Default"], "MaxResults": 200},
)
CALLS = (VOLUMES, SNAPSHOTS, IMAGES, TEMPLATES)
TEMPLATE = "ec2_launch_template_version"


def collect(place: Place) -> None:
    """Find what is stored in a place."""
    place.list("ebs_volume", VOLUMES, "VolumeId", lambda one: place.arn("ec2", f"volume/{one.get('VolumeId', '')}"))
    place.list(
        "ebs_snapshot", SNAPSHOTS, "SnapshotId", lambda one: place.arn("ec2", f"snapshot/{one.get('SnapshotId', '')}")
    )
    place.list("ec2_image", IMAGES, "ImageId", lambda one: place.arn("ec2", f"image/{one.get('ImageId', '')}"))
    place.collect(TEMPLATE, lambda: _templates(place))


def _templates(place: Place) -> Iterator[Found]:
    """One item a version; of what a template starts only the image and the type, never the user data."""
    form = kinds()[TEMPLATE].form
    for entry in place.each(TEMPLATES):
        name, version = entry.get("LaunchTemplateId"), entry.get("VersionNumber")
        if not isinstance(name, str) or not name:
            raise Gap(BROKEN_ANSWER, TEMPLATES.iam)
        yield Found(f"{name}/{version}", place.arn("ec2", f"launch-template/{name}"), kept(form, entry), tags_of(entry))
