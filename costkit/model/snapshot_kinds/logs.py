"""CloudWatch Logs: log groups."""

from costkit.model.snapshot import ZERO_GAPS
from costkit.model.snapshot_kinds.kind import NUMBER, TEXT, ItemKind, metrics

KINDS = (
    ItemKind(
        "log_group",
        "logs",
        "A log group; creationTime is in milliseconds since 1970",
        {
            "logGroupName": TEXT,
            "creationTime": NUMBER,
            "retentionInDays": NUMBER,
            "storedBytes": NUMBER,
            "logGroupClass": TEXT,
        },
        metrics("AWS/Logs", {"LogGroupName": "logGroupName"}, "IncomingBytes Sum day", gaps=ZERO_GAPS),
    ),
)
