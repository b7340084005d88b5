"""Lambda: functions, provisioned concurrency, versions, aliases, event source mappings, scaling, account limits."""

from costkit.model.snapshot import ZERO_GAPS
from costkit.model.snapshot_kinds.kind import NUMBER, TEXT, TEXTS, TIME, Form, ItemKind, metrics

INSIGHTS = "insights"

# The environment of a function is not here, and never may be.
FUNCTION: Form = {
    "FunctionName": TEXT,
    "Runtime": TEXT,
    "PackageType": TEXT,
    "Architectures": TEXTS,
    "MemorySize": NUMBER,
    "Timeout": NUMBER,
    "EphemeralStorage": {"Size": NUMBER},
    "SnapStart": {"ApplyOn": TEXT, "OptimizationStatus": TEXT},
    "Version": TEXT,
    "State": TEXT,
    "CodeSize": NUMBER,
    "LastModified": TIME,
    "MasterArn": TEXT,
    "Layers": [{"Arn": TEXT, "CodeSize": NUMBER}],
    "TracingConfig": {"Mode": TEXT},
    "LoggingConfig": {"LogFormat": TEXT, "LogGroup": TEXT},
    "CapacityProviderConfig": {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": TEXT}},
}
BY_NAME = {"FunctionName": "FunctionName"}
BY_QUALIFIER = {"FunctionName": "FunctionName", "Resource": "Resource"}

PROVISIONED: Form = {
    "FunctionArn": TEXT,
    "FunctionName": TEXT,
    "Qualifier": TEXT,
    "Resource": TEXT,
    "RequestedProvisionedConcurrentExecutions": NUMBER,
    "AvailableProvisionedConcurrentExecutions": NUMBER,
    "AllocatedProvisionedConcurrentExecutions": NUMBER,
    "Status": TEXT,
    "LastModified": TIME,
}
MAPPING: Form = {
    "UUID": TEXT,
    "FunctionArn": TEXT,
    "EventSourceArn": TEXT,
    "BatchSize": NUMBER,
    "MaximumBatchingWindowInSeconds": NUMBER,
    "ParallelizationFactor": NUMBER,
    "State": TEXT,
    "LastModified": TIME,
    "ScalingConfig": {"MaximumConcurrency": NUMBER},
    "ProvisionedPollerConfig": {"MinimumPollers": NUMBER, "MaximumPollers": NUMBER},
}

KINDS = (
    ItemKind(
        "lambda_function",
        "lambda",
        "A function, as its unpublished version is configured",
        FUNCTION,
        (
            *metrics(
                "AWS/Lambda",
                BY_NAME,
                "Invocations Sum hour",
                "Duration Sum hour",
                "ConcurrentExecutions Maximum hour",
                "Errors Sum day",
                "Throttles Sum day",
                "Duration Maximum day",
                "Duration p99 day",
                "RecursiveInvocationsDropped Sum day",
                "Invocations Sum day 90",
                gaps=ZERO_GAPS,
            ),
            *(
                metric._replace(only=INSIGHTS)
                for metric in metrics(
                    "LambdaInsights",
                    {"function_name": "FunctionName"},
                    "used_memory_max Maximum day",
                    "cpu_total_time Sum day",
                    "init_duration Sum day",
                    "init_duration SampleCount day",
                    "tmp_max Maximum day",
                    "tmp_used Maximum day",
                )
            ),
        ),
    ),
    ItemKind(
        "lambda_provisioned_concurrency",
        "lambda",
        "Provisioned concurrency of a version or alias",
        PROVISIONED,
        metrics(
            "AWS/Lambda",
            BY_QUALIFIER,
            "ProvisionedConcurrencyInvocations Sum hour",
            "ProvisionedConcurrentExecutions Maximum hour",
            "ProvisionedConcurrencyUtilization Average hour",
            "ProvisionedConcurrencyUtilization Maximum hour",
            "ProvisionedConcurrencySpilloverInvocations Sum day",
            gaps=ZERO_GAPS,
        ),
    ),
    ItemKind(
        "lambda_version",
        "lambda",
        "A published version of a function with SnapStart, which pays for its cache",
        {
            "FunctionName": TEXT,
            "FunctionArn": TEXT,
            "Resource": TEXT,
            "Version": TEXT,
            "MemorySize": NUMBER,
            "Runtime": TEXT,
            "Architectures": TEXTS,
            "LastModified": TIME,
            "SnapStart": {"ApplyOn": TEXT, "OptimizationStatus": TEXT},
            "State": TEXT,
        },
        metrics("AWS/Lambda", BY_QUALIFIER, "Invocations Sum day", gaps=ZERO_GAPS),
    ),
    ItemKind(
        "lambda_alias",
        "lambda",
        "An alias of a function with SnapStart or provisioned concurrency; `AdditionalVersions` get some of its calls",
        {"FunctionName": TEXT, "AliasArn": TEXT, "Name": TEXT, "FunctionVersion": TEXT, "AdditionalVersions": TEXTS},
    ),
    ItemKind("lambda_event_source_mapping", "lambda", "What polls a source for a function", MAPPING),
    ItemKind(
        "lambda_scalable_target",
        "lambda",
        "Provisioned concurrency that Application Auto Scaling may change",
        {"ResourceId": TEXT, "ScalableDimension": TEXT, "MinCapacity": NUMBER, "MaxCapacity": NUMBER},
    ),
    ItemKind(
        "lambda_scheduled_scaling",
        "lambda",
        "A schedule of Application Auto Scaling for provisioned concurrency",
        {
            "ScheduledActionName": TEXT,
            "ResourceId": TEXT,
            "Schedule": TEXT,
            "Timezone": TEXT,
            "StartTime": TIME,
            "EndTime": TIME,
            "ScalableTargetAction": {"MinCapacity": NUMBER, "MaxCapacity": NUMBER},
        },
    ),
    ItemKind(
        "lambda_account",
        "lambda",
        "The account's limits of concurrency in a region",
        {
            "AccountLimit": {
                "ConcurrentExecutions": NUMBER,
                "UnreservedConcurrentExecutions": NUMBER,
                "TotalCodeSize": NUMBER,
            },
            "AccountUsage": {"FunctionCount": NUMBER, "TotalCodeSize": NUMBER},
        },
        metrics("AWS/Lambda", {}, "ConcurrentExecutions Maximum hour", gaps=ZERO_GAPS),
    ),
)
