"""On request: what Cost Explorer, Savings Plans and Budgets say of a whole account."""

from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TEXT, TEXTS, ItemKind

SPAN = {"Start": TEXT, "End": TEXT}
REDSHIFT_NODES = {"NodeType": TEXT, "Region": TEXT, "Family": TEXT, "CurrentGeneration": FLAG}
EC2_INSTANCES = {**REDSHIFT_NODES, "InstanceType": TEXT, "Platform": TEXT, "Tenancy": TEXT, "SizeFlexEligible": FLAG}
EC2_INSTANCES.pop("NodeType")

KINDS = (
    ItemKind(
        "cost",
        "cost-explorer",
        "Cost and usage of a service's usage type, by month; amounts are texts, as AWS gives them",
        {
            "Service": TEXT,
            "UsageType": TEXT,
            "ResultsByTime": [
                {
                    "TimePeriod": SPAN,
                    "UnblendedCost": {"Amount": TEXT, "Unit": TEXT},
                    "UsageQuantity": {"Amount": TEXT, "Unit": TEXT},
                }
            ],
        },
        on_request=True,
    ),
    ItemKind(
        "reservation_recommendation",
        "cost-explorer",
        "A reservation of Redshift nodes or EC2 instances that Cost Explorer recommends (one year, no upfront)",
        {
            "Service": TEXT,
            "TermInYears": TEXT,
            "PaymentOption": TEXT,
            "LookbackPeriodInDays": TEXT,
            "InstanceDetails": {"RedshiftInstanceDetails": REDSHIFT_NODES, "EC2InstanceDetails": EC2_INSTANCES},
            "RecommendedNumberOfInstancesToPurchase": TEXT,
            "MinimumNumberOfInstancesUsedPerHour": TEXT,
            "MaximumNumberOfInstancesUsedPerHour": TEXT,
            "AverageNumberOfInstancesUsedPerHour": TEXT,
            "AverageUtilization": TEXT,
            "EstimatedBreakEvenInMonths": TEXT,
            "EstimatedMonthlySavingsAmount": TEXT,
            "EstimatedMonthlyOnDemandCost": TEXT,
            "UpfrontCost": TEXT,
            "RecurringStandardMonthlyCost": TEXT,
            "CurrencyCode": TEXT,
        },
        on_request=True,
    ),
    ItemKind(
        "cost_anomaly",
        "cost-explorer",
        "An anomaly of the last 30 days that AWS Cost Anomaly Detection found; amounts in USD",
        {
            "AnomalyId": TEXT,
            "AnomalyStartDate": TEXT,
            "AnomalyEndDate": TEXT,
            "DimensionValue": TEXT,
            "RootCauses": [
                {"Service": TEXT, "Region": TEXT, "LinkedAccount": TEXT, "LinkedAccountName": TEXT, "UsageType": TEXT}
            ],
            "Impact": {
                "MaxImpact": NUMBER,
                "TotalImpact": NUMBER,
                "TotalActualSpend": NUMBER,
                "TotalExpectedSpend": NUMBER,
                "TotalImpactPercentage": NUMBER,
            },
            "MonitorArn": TEXT,
            "Feedback": TEXT,
        },
        on_request=True,
    ),
    ItemKind(
        "savings_plan_recommendation",
        "savings-plans",
        "A compute savings plan that Cost Explorer recommends (one year, no upfront)",
        {
            "SavingsPlansType": TEXT,
            "TermInYears": TEXT,
            "PaymentOption": TEXT,
            "LookbackPeriodInDays": TEXT,
            "HourlyCommitmentToPurchase": TEXT,
            "UpfrontCost": TEXT,
            "EstimatedMonthlySavingsAmount": TEXT,
            "EstimatedAverageUtilization": TEXT,
            "EstimatedSPCost": TEXT,
            "EstimatedOnDemandCost": TEXT,
            "CurrentMinimumHourlyOnDemandSpend": TEXT,
            "CurrentMaximumHourlyOnDemandSpend": TEXT,
            "CurrentAverageHourlyOnDemandSpend": TEXT,
            "CurrencyCode": TEXT,
        },
        on_request=True,
    ),
    ItemKind(
        "savings_plan_coverage",
        "savings-plans",
        "How much of a service's spend savings plans cover, by month",
        {
            "Service": TEXT,
            "TimePeriod": SPAN,
            "Coverage": {
                "SpendCoveredBySavingsPlans": TEXT,
                "OnDemandCost": TEXT,
                "TotalCost": TEXT,
                "CoveragePercentage": TEXT,
            },
        },
        on_request=True,
    ),
    ItemKind(
        "savings_plan",
        "savings-plans",
        "A savings plan that the account has",
        {
            "savingsPlanId": TEXT,
            "savingsPlanType": TEXT,
            "state": TEXT,
            "start": TEXT,
            "end": TEXT,
            "region": TEXT,
            "ec2InstanceFamily": TEXT,
            "paymentOption": TEXT,
            "productTypes": TEXTS,
            "commitment": TEXT,
            "upfrontPaymentAmount": TEXT,
            "recurringPaymentAmount": TEXT,
            "termDurationInSeconds": NUMBER,
            "currency": TEXT,
        },
        on_request=True,
    ),
    ItemKind(
        "budget",
        "budgets",
        "A budget of AWS Budgets",
        {
            "BudgetName": TEXT,
            "BudgetType": TEXT,
            "TimeUnit": TEXT,
            "BudgetLimit": {"Amount": TEXT, "Unit": TEXT},
        },
        on_request=True,
    ),
)
