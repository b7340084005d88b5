"""Redshift Serverless: workgroups, namespaces, limits, snapshots, reservations and offers of them."""

from costkit.model.snapshot import ZERO_GAPS
from costkit.model.snapshot_kinds.kind import DAY, FLAG, NUMBER, TEXT, TIME, Form, ItemKind, Metric, metrics

NAMESPACE = "AWS/Redshift-Serverless"
SERVICE = "redshift-serverless"
BY_WORKGROUP = {"Workgroup": "workgroupName"}
OFFERING: Form = {
    "offeringId": TEXT,
    "offeringType": TEXT,
    "duration": NUMBER,
    "hourlyCharge": NUMBER,
    "upfrontCharge": NUMBER,
    "currencyCode": TEXT,
}


def _queries(*names_and_statistics: tuple[str, str]) -> tuple[Metric, ...]:
    """Metrics of queries, which have further dimensions that only AWS knows."""
    return tuple(
        Metric(NAMESPACE, name, statistic, DAY, BY_WORKGROUP, ZERO_GAPS, 30, discovered=True)
        for name, statistic in names_and_statistics
    )


KINDS = (
    ItemKind(
        "redshift_serverless_workgroup",
        SERVICE,
        "A workgroup",
        {
            "workgroupName": TEXT,
            "namespaceName": TEXT,
            "status": TEXT,
            "baseCapacity": NUMBER,
            "maxCapacity": NUMBER,
            "pricePerformanceTarget": {"level": NUMBER, "status": TEXT},
            "creationDate": TIME,
            "publiclyAccessible": FLAG,
            "extraComputeForAutomaticOptimization": FLAG,
        },
        (
            *metrics(
                NAMESPACE,
                BY_WORKGROUP,
                "ComputeSeconds Sum hour 30",
                "ComputeCapacity Maximum hour 30",
                "DatabaseConnections Maximum hour 30",
                gaps=ZERO_GAPS,
            ),
            *_queries(("QueriesSucceeded", "Sum"), ("QueriesFailed", "Sum"), ("QueriesQueued", "Maximum")),
        ),
    ),
    ItemKind(
        "redshift_serverless_namespace",
        SERVICE,
        "A namespace, which holds the data",
        {"namespaceName": TEXT, "namespaceId": TEXT, "status": TEXT, "creationDate": TIME},
        metrics(NAMESPACE, {"Namespace": "namespaceName"}, "DataStorage Maximum day 30"),
    ),
    ItemKind(
        "redshift_serverless_usage_limit",
        SERVICE,
        "A limit of RPU-hours or data sharing",
        {
            "usageLimitId": TEXT,
            "resourceArn": TEXT,
            "usageType": TEXT,
            "amount": NUMBER,
            "period": TEXT,
            "breachAction": TEXT,
        },
    ),
    ItemKind(
        "redshift_serverless_snapshot",
        SERVICE,
        "A snapshot of a namespace",
        {
            "snapshotName": TEXT,
            "namespaceName": TEXT,
            "snapshotCreateTime": TIME,
            "status": TEXT,
            "snapshotRetentionPeriod": NUMBER,
            "snapshotRemainingDays": NUMBER,
            "totalBackupSizeInMegaBytes": NUMBER,
            "actualIncrementalBackupSizeInMegaBytes": NUMBER,
        },
    ),
    ItemKind(
        "redshift_serverless_reservation",
        SERVICE,
        "A reservation of RPUs that the account has",
        {
            "reservationId": TEXT,
            "capacity": NUMBER,
            "startDate": TIME,
            "endDate": TIME,
            "status": TEXT,
            "offering": OFFERING,
        },
    ),
    ItemKind("redshift_serverless_reservation_offering", SERVICE, "A reservation of RPUs that AWS offers", OFFERING),
)
