"""Storage of EC2: volumes, snapshots, images, and the launch templates that refer to images."""

from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TEXT, TIME, ItemKind, metrics

ATTACHMENT = {"InstanceId": TEXT, "State": TEXT, "AttachTime": TIME, "DeleteOnTermination": FLAG}
KINDS = (
    ItemKind(
        "ebs_volume",
        "ec2",
        "A volume, attached or not",
        {
            "VolumeId": TEXT,
            "VolumeType": TEXT,
            "Size": NUMBER,
            "Iops": NUMBER,
            "Throughput": NUMBER,
            "State": TEXT,
            "CreateTime": TIME,
            "SnapshotId": TEXT,
            "AvailabilityZone": TEXT,
            "Encrypted": FLAG,
            "MultiAttachEnabled": FLAG,
            "Attachments": [ATTACHMENT],
        },
        metrics(
            "AWS/EBS",
            {"VolumeId": "VolumeId"},
            "VolumeReadOps Sum hour",
            "VolumeWriteOps Sum hour",
            "VolumeReadBytes Sum hour",
            "VolumeWriteBytes Sum hour",
        ),
    ),
    ItemKind(
        "ebs_snapshot",
        "ec2",
        "A snapshot that the account owns",
        {
            "SnapshotId": TEXT,
            "VolumeId": TEXT,
            "VolumeSize": NUMBER,
            "StartTime": TIME,
            "State": TEXT,
            "StorageTier": TEXT,
            "FullSnapshotSizeInBytes": NUMBER,
        },
    ),
    ItemKind(
        "ec2_image",
        "ec2",
        "An image that the account owns",
        {
            "ImageId": TEXT,
            "Name": TEXT,
            "CreationDate": TIME,
            "LastLaunchedTime": TIME,
            "State": TEXT,
            "Public": FLAG,
            "BlockDeviceMappings": [{"DeviceName": TEXT, "Ebs": {"SnapshotId": TEXT, "VolumeSize": NUMBER}}],
        },
    ),
    ItemKind(
        "ec2_launch_template_version",
        "ec2",
        "The latest or the default version of a launch template; of its data only what refers to an image",
        {
            "LaunchTemplateId": TEXT,
            "LaunchTemplateName": TEXT,
            "VersionNumber": NUMBER,
            "DefaultVersion": FLAG,
            "CreateTime": TIME,
            "LaunchTemplateData": {"ImageId": TEXT, "InstanceType": TEXT},
        },
    ),
)
