"""On request: what Compute Optimizer and the Cost Optimization Hub recommend."""

from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TEXT, TEXTS, TIME, Form, ItemKind

SAVING = {"savingsOpportunityPercentage": NUMBER, "estimatedMonthlySavings": {"currency": TEXT, "value": NUMBER}}
SAVINGS: Form = {"savingsOpportunity": SAVING, "savingsOpportunityAfterDiscounts": SAVING}
USED = [{"name": TEXT, "statistic": TEXT, "value": NUMBER}]
VOLUME = {
    "volumeType": TEXT,
    "volumeSize": NUMBER,
    "volumeBaselineIOPS": NUMBER,
    "volumeBurstIOPS": NUMBER,
    "volumeBaselineThroughput": NUMBER,
    "volumeBurstThroughput": NUMBER,
    "rootVolume": FLAG,
}
OPTIMIZER = "compute-optimizer"

KINDS = (
    ItemKind(
        "compute_optimizer_lambda",
        OPTIMIZER,
        "A memory size that Compute Optimizer recommends for a function",
        {
            "functionArn": TEXT,
            "functionVersion": TEXT,
            "currentMemorySize": NUMBER,
            "numberOfInvocations": NUMBER,
            "finding": TEXT,
            "findingReasonCodes": TEXTS,
            "lookbackPeriodInDays": NUMBER,
            "lastRefreshTimestamp": TIME,
            "currentPerformanceRisk": TEXT,
            "utilizationMetrics": USED,
            "memorySizeRecommendationOptions": [
                {"rank": NUMBER, "memorySize": NUMBER, "projectedUtilizationMetrics": USED, **SAVINGS}
            ],
        },
        on_request=True,
    ),
    ItemKind(
        "compute_optimizer_instance",
        OPTIMIZER,
        "Instance types that Compute Optimizer recommends for an instance",
        {
            "instanceArn": TEXT,
            "currentInstanceType": TEXT,
            "finding": TEXT,
            "findingReasonCodes": TEXTS,
            "idle": TEXT,
            "lookBackPeriodInDays": NUMBER,
            "lastRefreshTimestamp": TIME,
            "currentPerformanceRisk": TEXT,
            "utilizationMetrics": USED,
            "recommendationOptions": [
                {
                    "rank": NUMBER,
                    "instanceType": TEXT,
                    "performanceRisk": NUMBER,
                    "migrationEffort": TEXT,
                    "platformDifferences": TEXTS,
                    **SAVINGS,
                }
            ],
        },
        on_request=True,
    ),
    ItemKind(
        "compute_optimizer_volume",
        OPTIMIZER,
        "Configurations that Compute Optimizer recommends for a volume",
        {
            "volumeArn": TEXT,
            "currentConfiguration": VOLUME,
            "finding": TEXT,
            "lookBackPeriodInDays": NUMBER,
            "lastRefreshTimestamp": TIME,
            "currentPerformanceRisk": TEXT,
            "utilizationMetrics": USED,
            "volumeRecommendationOptions": [
                {"rank": NUMBER, "configuration": VOLUME, "performanceRisk": NUMBER, **SAVINGS}
            ],
        },
        on_request=True,
    ),
    ItemKind(
        "compute_optimizer_idle",
        OPTIMIZER,
        "A resource that Compute Optimizer holds to be idle",
        {
            "resourceArn": TEXT,
            "resourceId": TEXT,
            "resourceType": TEXT,
            "finding": TEXT,
            "findingDescription": TEXT,
            "lookBackPeriodInDays": NUMBER,
            "lastRefreshTimestamp": TIME,
            "utilizationMetrics": USED,
            **SAVINGS,
        },
        on_request=True,
    ),
    ItemKind(
        "cost_optimization_hub_recommendation",
        "cost-optimization-hub",
        "A recommendation of the Cost Optimization Hub, those that exclude each other counted once",
        {
            "recommendationId": TEXT,
            "accountId": TEXT,
            "region": TEXT,
            "resourceId": TEXT,
            "resourceArn": TEXT,
            "currentResourceType": TEXT,
            "recommendedResourceType": TEXT,
            "currentResourceSummary": TEXT,
            "recommendedResourceSummary": TEXT,
            "estimatedMonthlyCost": NUMBER,
            "estimatedMonthlySavings": NUMBER,
            "estimatedSavingsPercentage": NUMBER,
            "currencyCode": TEXT,
            "implementationEffort": TEXT,
            "restartNeeded": FLAG,
            "rollbackPossible": FLAG,
            "actionType": TEXT,
            "recommendationLookbackPeriodInDays": NUMBER,
            "source": TEXT,
            "lastRefreshTimestamp": TIME,
        },
        on_request=True,
    ),
)
