"""The closed list of units that are metered. Rating refuses a reading in another unit than its price."""

UNITS = frozenset(
    {
        "request",
        "metric",
        "message",
        "event",
        "transition",
        "read unit",
        "write unit",
        "GB",
        "TB",
        "GB-second",
        "GB-hour",
        "GB-month",
        "IOPS-month",
        "MiB/s-month",
        "vCPU-hour",
        "instance-hour",
        "instance-term",
        "node-hour",
        "node-second",
        "node-term",
        "RPU-hour",
        "RPU-term",
        "hour",
        "LCU-hour",
        "address-hour",
        "connection-minute",
        "poller-hour",
    }
)
