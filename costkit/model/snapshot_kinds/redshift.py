"""Redshift: clusters, reserved nodes and offers of them, limits, schedules, snapshots, sizes, storage, advice."""

from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TEXT, TIME, Form, ItemKind, metrics

NAMESPACE = "AWS/Redshift"
BY_CLUSTER = {"ClusterIdentifier": "ClusterIdentifier"}
RECURRING = [{"RecurringChargeAmount": NUMBER, "RecurringChargeFrequency": TEXT}]
OFFERING: Form = {
    "ReservedNodeOfferingId": TEXT,
    "NodeType": TEXT,
    "Duration": NUMBER,
    "FixedPrice": NUMBER,
    "UsagePrice": NUMBER,
    "CurrencyCode": TEXT,
    "OfferingType": TEXT,
    "ReservedNodeOfferingType": TEXT,
    "RecurringCharges": RECURRING,
}
CLUSTER: Form = {
    "ClusterIdentifier": TEXT,
    "NodeType": TEXT,
    "NumberOfNodes": NUMBER,
    "ClusterStatus": TEXT,
    "ClusterAvailabilityStatus": TEXT,
    "ClusterCreateTime": TIME,
    "AvailabilityZone": TEXT,
    "VpcId": TEXT,
    "AutomatedSnapshotRetentionPeriod": NUMBER,
    "ManualSnapshotRetentionPeriod": NUMBER,
    "MultiAZ": TEXT,
    "Encrypted": FLAG,
    "ClusterVersion": TEXT,
    "HsmStatus": {"Status": TEXT},
    "ClusterSnapshotCopyStatus": {
        "DestinationRegion": TEXT,
        "RetentionPeriod": NUMBER,
        "ManualSnapshotRetentionPeriod": NUMBER,
    },
    "ElasticResizeNumberOfNodeOptions": TEXT,
    "TotalStorageCapacityInMegaBytes": NUMBER,
    "ClusterNamespaceArn": TEXT,
    "ExtraComputeForAutomaticOptimization": TEXT,
}
NAMED = {"ClusterIdentifier": TEXT}
LATENCIES = ("short", "medium", "long")

KINDS = (
    ItemKind(
        "redshift_cluster",
        "redshift",
        "A provisioned cluster, running or paused",
        CLUSTER,
        (
            *metrics(
                NAMESPACE,
                BY_CLUSTER,
                "CPUUtilization Average hour 30",
                "CPUUtilization Maximum hour 30",
                "CPUUtilization p99 hour 30",
                "DatabaseConnections Maximum hour 30",
                "WLMQueueLength Maximum hour 30",
                "PercentageDiskSpaceUsed Maximum day 30",
                "RedshiftManagedStorageTotalCapacity Maximum day 30",
                "ConcurrencyScalingSeconds Sum day 30",
                "ConcurrencyScalingActiveClusters Maximum day 30",
                "ReadIOPS Average day 30",
                "WriteIOPS Average day 30",
            ),
            *(
                metric._replace(beside={"latency": latency})
                for latency in LATENCIES
                for metric in metrics(NAMESPACE, BY_CLUSTER, "QueriesCompletedPerSecond Average hour 30")
            ),
        ),
    ),
    ItemKind(
        "redshift_reserved_node",
        "redshift",
        "A reservation of nodes that the account has or had",
        {**OFFERING, "ReservedNodeId": TEXT, "StartTime": TIME, "NodeCount": NUMBER, "State": TEXT},
    ),
    ItemKind("redshift_reserved_node_offering", "redshift", "A reservation of nodes that AWS offers", OFFERING),
    ItemKind(
        "redshift_usage_limit",
        "redshift",
        "A limit of concurrency scaling, Spectrum or data sharing of a cluster",
        {
            "UsageLimitId": TEXT,
            "ClusterIdentifier": TEXT,
            "FeatureType": TEXT,
            "LimitType": TEXT,
            "Amount": NUMBER,
            "Period": TEXT,
            "BreachAction": TEXT,
        },
    ),
    ItemKind(
        "redshift_scheduled_action",
        "redshift",
        "A schedule that pauses, resumes or resizes a cluster",
        {
            "ScheduledActionName": TEXT,
            "Schedule": TEXT,
            "State": TEXT,
            "StartTime": TIME,
            "EndTime": TIME,
            "TargetAction": {
                "PauseCluster": NAMED,
                "ResumeCluster": NAMED,
                "ResizeCluster": {**NAMED, "NodeType": TEXT, "NumberOfNodes": NUMBER},
            },
        },
    ),
    ItemKind(
        "redshift_snapshot",
        "redshift",
        "A snapshot of a cluster, manual or automated",
        {
            "SnapshotIdentifier": TEXT,
            "ClusterIdentifier": TEXT,
            "ClusterCreateTime": TIME,
            "SnapshotCreateTime": TIME,
            "SnapshotType": TEXT,
            "Status": TEXT,
            "NodeType": TEXT,
            "NumberOfNodes": NUMBER,
            "TotalBackupSizeInMegaBytes": NUMBER,
            "ActualIncrementalBackupSizeInMegaBytes": NUMBER,
            "ManualSnapshotRetentionPeriod": NUMBER,
            "ManualSnapshotRemainingDays": NUMBER,
            "SourceRegion": TEXT,
        },
    ),
    ItemKind(
        "redshift_node_configuration",
        "redshift",
        "A size that AWS would let a cluster be resized to (ActionType resize-cluster)",
        {
            "ClusterIdentifier": TEXT,
            "NodeType": TEXT,
            "NumberOfNodes": NUMBER,
            "EstimatedDiskUtilizationPercent": NUMBER,
            "Mode": TEXT,
        },
    ),
    ItemKind(
        "redshift_storage",
        "redshift",
        "The account's storage of clusters and snapshots in a region",
        {"TotalBackupSizeInMegaBytes": NUMBER, "TotalProvisionedStorageInMegaBytes": NUMBER},
    ),
    ItemKind(
        "redshift_recommendation",
        "redshift",
        "Advice of Amazon Redshift Advisor",
        {
            "Id": TEXT,
            "ClusterIdentifier": TEXT,
            "NamespaceArn": TEXT,
            "CreatedAt": TIME,
            "RecommendationType": TEXT,
            "Title": TEXT,
            "Observation": TEXT,
            "ImpactRanking": TEXT,
            "RecommendationText": TEXT,
        },
    ),
)
