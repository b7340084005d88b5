"""EC2: instances, the types they are of, reservations, dedicated hosts, spot prices."""

from costkit.model.snapshot_kinds.kind import FLAG, HOUR, NUMBER, TEXT, TEXTS, TIME, Form, ItemKind, Metric, metrics

BURSTABLE = "burstable"
BY_INSTANCE = {"InstanceId": "InstanceId"}
INSTANCE: Form = {
    "InstanceId": TEXT,
    "InstanceType": TEXT,
    "ImageId": TEXT,
    "State": {"Name": TEXT},
    "StateTransitionReason": TEXT,
    "LaunchTime": TIME,
    "UsageOperationUpdateTime": TIME,
    "Placement": {"AvailabilityZone": TEXT, "Tenancy": TEXT},
    "Platform": TEXT,
    "PlatformDetails": TEXT,
    "UsageOperation": TEXT,
    "Architecture": TEXT,
    "InstanceLifecycle": TEXT,
    "EbsOptimized": FLAG,
    "Monitoring": {"State": TEXT},
    "CpuOptions": {"CoreCount": NUMBER, "ThreadsPerCore": NUMBER},
    "CapacityReservationId": TEXT,
    "PublicIpAddress": TEXT,
    "RootDeviceName": TEXT,
    "RootDeviceType": TEXT,
    "BlockDeviceMappings": [{"DeviceName": TEXT, "Ebs": {"VolumeId": TEXT, "DeleteOnTermination": FLAG}}],
    "NetworkInterfaces": [{"NetworkInterfaceId": TEXT, "Association": {"PublicIp": TEXT, "IpOwnerId": TEXT}}],
}
KINDS = (
    ItemKind(
        "ec2_instance",
        "ec2",
        "An instance in any state, terminated ones as long as AWS shows them",
        INSTANCE,
        (
            *metrics(
                "AWS/EC2",
                BY_INSTANCE,
                "CPUUtilization Average hour",
                "CPUUtilization Maximum hour",
                "NetworkIn Sum day",
                "NetworkOut Sum day",
            ),
            *(
                metric._replace(only=BURSTABLE)
                for metric in metrics(
                    "AWS/EC2", BY_INSTANCE, "CPUCreditBalance Minimum day", "CPUSurplusCreditsCharged Sum day"
                )
            ),
            Metric("CWAgent", "mem_used_percent", "Maximum", HOUR, BY_INSTANCE, discovered=True),
        ),
    ),
    ItemKind(
        "ec2_instance_type",
        "ec2",
        "What a type is made of; only types of instances that are there",
        {
            "InstanceType": TEXT,
            "CurrentGeneration": FLAG,
            "BurstablePerformanceSupported": FLAG,
            "BareMetal": FLAG,
            "ProcessorInfo": {"SupportedArchitectures": TEXTS, "Manufacturer": TEXT},
            "VCpuInfo": {"DefaultVCpus": NUMBER, "DefaultCores": NUMBER},
            "MemoryInfo": {"SizeInMiB": NUMBER},
            "NetworkInfo": {"NetworkPerformance": TEXT},
            "EbsInfo": {
                "EbsOptimizedInfo": {
                    "BaselineIops": NUMBER,
                    "BaselineThroughputInMBps": NUMBER,
                    "MaximumIops": NUMBER,
                    "MaximumThroughputInMBps": NUMBER,
                }
            },
            "GpuInfo": {"TotalGpuMemoryInMiB": NUMBER},
        },
    ),
    ItemKind(
        "ec2_reserved_instance",
        "ec2",
        "A reservation of instances that the account has or had",
        {
            "ReservedInstancesId": TEXT,
            "InstanceType": TEXT,
            "InstanceCount": NUMBER,
            "Start": TIME,
            "End": TIME,
            "Duration": NUMBER,
            "State": TEXT,
            "OfferingClass": TEXT,
            "OfferingType": TEXT,
            "Scope": TEXT,
            "AvailabilityZone": TEXT,
            "ProductDescription": TEXT,
            "InstanceTenancy": TEXT,
            "FixedPrice": NUMBER,
            "UsagePrice": NUMBER,
            "CurrencyCode": TEXT,
            "RecurringCharges": [{"Amount": NUMBER, "Frequency": TEXT}],
        },
    ),
    ItemKind(
        "ec2_capacity_reservation",
        "ec2",
        "Capacity that is reserved, and paid, used or not",
        {
            "CapacityReservationId": TEXT,
            "InstanceType": TEXT,
            "InstancePlatform": TEXT,
            "AvailabilityZone": TEXT,
            "Tenancy": TEXT,
            "TotalInstanceCount": NUMBER,
            "AvailableInstanceCount": NUMBER,
            "State": TEXT,
            "CreateDate": TIME,
            "EndDate": TIME,
        },
    ),
    ItemKind(
        "dedicated_host",
        "ec2",
        "A dedicated host, which is paid whether anything runs on it or not",
        {
            "HostId": TEXT,
            "State": TEXT,
            "AvailabilityZone": TEXT,
            "AllocationTime": TIME,
            "ReleaseTime": TIME,
            "HostReservationId": TEXT,
            "HostProperties": {
                "InstanceType": TEXT,
                "InstanceFamily": TEXT,
                "Sockets": NUMBER,
                "Cores": NUMBER,
                "TotalVCpus": NUMBER,
            },
            "Instances": [{"InstanceId": TEXT, "InstanceType": TEXT}],
        },
    ),
    ItemKind(
        "ec2_spot_price",
        "ec2",
        "Spot prices of a type in a zone over 30 days at least, newest last; only types of instances that are there",
        {
            "InstanceType": TEXT,
            "ProductDescription": TEXT,
            "AvailabilityZone": TEXT,
            "SpotPriceHistory": [{"Timestamp": TIME, "SpotPrice": TEXT}],
        },
    ),
)
