"""What stands in the account that the tests collect: in moto what moto can, in rules what it lacks.

Account 123456789012 has a fleet in eu-west-1 and nothing in us-east-1; account 222222222222, behind a role, has one
function in eu-west-1. Metrics are of 20 November 2026; the clock of the tests stands on the 21st.
"""

import io
import zipfile
from typing import Any

NOW = "1795255200"  # 2026-11-21T10:00:00Z
ACCOUNT, OTHER = "123456789012", "222222222222"
REGION, EMPTY = "eu-west-1", "us-east-1"
ROLE = f"arn:aws:iam::{OTHER}:role/costkit"
HOUR = "2026-11-20T10:00:00Z"
SECRET = "hunter2-do-not-keep-this"
NODE = "ra3.xlplus"
RECURRING = [{"RecurringChargeAmount": 0.5, "RecurringChargeFrequency": "Hourly"}]
NODE_OFFER = {
    "ReservedNodeOfferingId": "offer-1",
    "NodeType": NODE,
    "Duration": 31536000,
    "FixedPrice": 0.0,
    "CurrencyCode": "USD",
    "OfferingType": "No Upfront",
    "RecurringCharges": RECURRING,
}
RPU_OFFER = {
    "offeringId": "rpu-1",
    "duration": 31536000,
    "hourlyCharge": 0.25,
    "upfrontCharge": 0.0,
    "currencyCode": "USD",
}
WORKGROUP_ARN = f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:workgroup/analysts-id"
FUNCTION_ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
SAVING = {"savingsOpportunityPercentage": 30.0, "estimatedMonthlySavings": {"currency": "USD", "value": 12.5}}
CONFIG = {"memorySize": 512, "rank": 1, "savingsOpportunity": SAVING}
MONTH = {"Start": "2026-10-01", "End": "2026-11-01"}
NOVEMBER = {"Start": "2026-11-01", "End": "2026-11-21"}


def group(service: str, usage_type: str, amount: str) -> dict[str, Any]:
    metrics = {"UnblendedCost": {"Amount": amount, "Unit": "USD"}, "UsageQuantity": {"Amount": "10", "Unit": "N/A"}}
    return {"Keys": [service, usage_type], "Metrics": metrics}


# (client, operation): the answer, or the pages of it.
ANSWERS: dict[tuple[str, str], Any] = {
    ("lambda", "ListProvisionedConcurrencyConfigs"): {"ProvisionedConcurrencyConfigs": []},
    ("lambda", "GetAccountSettings"): {
        "AccountLimit": {
            "ConcurrentExecutions": 1000,
            "UnreservedConcurrentExecutions": 900,
            "TotalCodeSize": 80530636800,
        },
        "AccountUsage": {"FunctionCount": 2, "TotalCodeSize": 1024},
    },
    ("application-autoscaling", "DescribeScalableTargets"): {
        "ScalableTargets": [
            {
                "ServiceNamespace": "lambda",
                "ResourceId": "function:api:live",
                "ScalableDimension": "lambda:function:ProvisionedConcurrency",
                "MinCapacity": 2,
                "MaxCapacity": 10,
                "RoleARN": "arn:aws:iam::123456789012:role/scaling",
                "CreationTime": HOUR,
            }
        ]
    },
    ("application-autoscaling", "DescribeScheduledActions"): {
        "ScheduledActions": [
            {
                "ScheduledActionName": "night",
                "ScheduledActionARN": "arn:aws:autoscaling:eu-west-1:123456789012:scheduledAction:night",
                "ServiceNamespace": "lambda",
                "ResourceId": "function:api:live",
                "Schedule": "cron(0 20 * * ? *)",
                "CreationTime": HOUR,
                "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0},
            }
        ]
    },
    ("redshift", "DescribeReservedNodes"): {
        "ReservedNodes": [
            {**NODE_OFFER, "ReservedNodeId": "node-1", "StartTime": HOUR, "NodeCount": 2, "State": "active"}
        ]
    },
    ("redshift", "DescribeReservedNodeOfferings"): {"ReservedNodeOfferings": [NODE_OFFER]},
    ("redshift", "DescribeUsageLimits"): {
        "UsageLimits": [
            {
                "UsageLimitId": "limit-1",
                "ClusterIdentifier": "warehouse",
                "FeatureType": "concurrency-scaling",
                "LimitType": "time",
                "Amount": 60,
                "Period": "daily",
                "BreachAction": "disable",
                "Tags": [],
            }
        ]
    },
    ("redshift", "DescribeScheduledActions"): {
        "ScheduledActions": [
            {
                "ScheduledActionName": "pause",
                "TargetAction": {"PauseCluster": {"ClusterIdentifier": "warehouse"}},
                "Schedule": "cron(0 20 * * ? *)",
                "State": "ACTIVE",
                "IamRole": "arn:aws:iam::123456789012:role/scheduler",
            }
        ]
    },
    ("redshift", "DescribeNodeConfigurationOptions"): {
        "NodeConfigurationOptionList": [
            {"NodeType": NODE, "NumberOfNodes": 3, "EstimatedDiskUtilizationPercent": 12.5, "Mode": "standard"}
        ]
    },
    ("redshift", "DescribeStorage"): {
        "TotalBackupSizeInMegaBytes": 1024.0,
        "TotalProvisionedStorageInMegaBytes": 2048.0,
    },
    ("redshift", "ListRecommendations"): {
        "Recommendations": [
            {"Id": "advice-1", "ClusterIdentifier": "warehouse", "ImpactRanking": "HIGH", "Title": "Compress"}
        ]
    },
    ("redshift-serverless", "ListWorkgroups"): {
        "workgroups": [
            {
                "workgroupName": "analysts",
                "workgroupArn": WORKGROUP_ARN,
                "namespaceName": "lake",
                "baseCapacity": 8,
                "creationDate": HOUR,
                "pricePerformanceTarget": {"level": 50, "status": "ENABLED"},
            }
        ]
    },
    ("redshift-serverless", "ListNamespaces"): {
        "namespaces": [{"namespaceName": "lake", "namespaceId": "n-1", "adminUsername": SECRET, "status": "AVAILABLE"}]
    },
    ("redshift-serverless", "ListUsageLimits"): {
        "usageLimits": [
            {"usageLimitId": "u-1", "resourceArn": WORKGROUP_ARN, "usageType": "serverless-compute", "amount": 100}
        ]
    },
    ("redshift-serverless", "ListSnapshots"): {
        "snapshots": [{"snapshotName": "s-1", "namespaceName": "lake", "totalBackupSizeInMegaBytes": 12.5}]
    },
    ("redshift-serverless", "ListReservations"): {
        "reservationsList": [
            {"reservationId": "r-1", "capacity": 8, "startDate": HOUR, "status": "active", "offering": RPU_OFFER}
        ]
    },
    ("redshift-serverless", "ListReservationOfferings"): {"reservationOfferingsList": [RPU_OFFER]},
    ("ec2", "DescribeReservedInstances"): {
        "ReservedInstances": [
            {
                "ReservedInstancesId": "ri-1",
                "InstanceType": "m5.large",
                "InstanceCount": 1,
                "Start": HOUR,
                "Duration": 31536000,
                "State": "active",
                "FixedPrice": 0.0,
                "RecurringCharges": [{"Amount": 0.06, "Frequency": "Hourly"}],
            }
        ]
    },
    ("ec2", "DescribeCapacityReservations"): {
        "CapacityReservations": [
            {
                "CapacityReservationId": "cr-1",
                "InstanceType": "m5.large",
                "TotalInstanceCount": 2,
                "AvailableInstanceCount": 1,
                "State": "active",
            }
        ]
    },
    ("ec2", "DescribeSpotPriceHistory"): {
        "SpotPriceHistory": [
            {
                "InstanceType": "t3.micro",
                "ProductDescription": "Linux/UNIX",
                "AvailabilityZone": "eu-west-1a",
                "SpotPrice": "0.0034",
                "Timestamp": HOUR,
            },
            {
                "InstanceType": "t3.micro",
                "ProductDescription": "Linux/UNIX",
                "AvailabilityZone": "eu-west-1a",
                "SpotPrice": "0.0031",
                "Timestamp": "2026-11-19T10:00:00Z",
            },
        ]
    },
    ("ec2", "DescribeLaunchTemplateVersions"): {
        "LaunchTemplateVersions": [
            {
                "LaunchTemplateId": "lt-1",
                "LaunchTemplateName": "web",
                "VersionNumber": 3,
                "DefaultVersion": True,
                "CreateTime": HOUR,
                "LaunchTemplateData": {"ImageId": "ami-1", "InstanceType": "t3.micro", "UserData": SECRET},
            }
        ]
    },
    ("ce", "GetAnomalies"): {
        "Anomalies": [
            {
                "AnomalyId": "anomaly-1",
                "AnomalyStartDate": "2026-11-10",
                "AnomalyEndDate": "2026-11-12",
                "DimensionValue": "AWS Lambda",
                "RootCauses": [{"Service": "AWS Lambda", "Region": REGION, "UsageType": "EU-Lambda-GB-Second"}],
                "AnomalyScore": {"MaxScore": 0.9, "CurrentScore": 0.4},
                "Impact": {"MaxImpact": 40.0, "TotalImpact": 100.5, "TotalActualSpend": 130.5},
                "MonitorArn": "arn:aws:ce::123456789012:anomalymonitor/m-1",
            }
        ]
    },
    ("ce", "GetCostAndUsage"): [
        {
            "ResultsByTime": [
                {
                    "TimePeriod": MONTH,
                    "Total": {},
                    "Groups": [group("Amazon Redshift", "Node:ra3.xlplus", "100.5")],
                    "Estimated": False,
                }
            ],
            "NextPageToken": "page-1",
        },
        {
            "ResultsByTime": [
                {
                    "TimePeriod": NOVEMBER,
                    "Total": {},
                    "Groups": [group("Amazon Redshift", "Node:ra3.xlplus", "70.25")],
                    "Estimated": True,
                }
            ]
        },
    ],
    ("ce", "GetReservationPurchaseRecommendation"): {
        "Recommendations": [
            {
                "TermInYears": "ONE_YEAR",
                "PaymentOption": "NO_UPFRONT",
                "LookbackPeriodInDays": "THIRTY_DAYS",
                "RecommendationDetails": [
                    {"EstimatedMonthlySavingsAmount": "10.5", "RecommendedNumberOfInstancesToPurchase": "2"}
                ],
            }
        ]
    },
    ("ce", "GetSavingsPlansCoverage"): {
        "SavingsPlansCoverages": [
            {
                "Attributes": {"SERVICE": "AWS Lambda"},
                "TimePeriod": MONTH,
                "Coverage": {"CoveragePercentage": "0", "OnDemandCost": "12"},
            }
        ]
    },
    ("ce", "GetSavingsPlansPurchaseRecommendation"): {
        "SavingsPlansPurchaseRecommendation": {
            "SavingsPlansType": "COMPUTE_SP",
            "TermInYears": "ONE_YEAR",
            "PaymentOption": "NO_UPFRONT",
            "LookbackPeriodInDays": "THIRTY_DAYS",
            "SavingsPlansPurchaseRecommendationDetails": [
                {"HourlyCommitmentToPurchase": "0.5", "RecommendationDetailId": "00000000-0000-0000-0000-000000000001"}
            ],
        }
    },
    ("savingsplans", "DescribeSavingsPlans"): {
        "savingsPlans": [
            {"savingsPlanId": "plan-1", "savingsPlanType": "Compute", "commitment": "0.25", "state": "active"}
        ]
    },
    ("budgets", "DescribeBudgets"): {
        "Budgets": [
            {
                "BudgetName": "all",
                "TimeUnit": "MONTHLY",
                "BudgetType": "COST",
                "BudgetLimit": {"Amount": "100", "Unit": "USD"},
            }
        ]
    },
    ("compute-optimizer", "GetLambdaFunctionRecommendations"): {
        "lambdaFunctionRecommendations": [
            {
                "functionArn": f"{FUNCTION_ARN}:api",
                "currentMemorySize": 1024,
                "finding": "NotOptimized",
                "memorySizeRecommendationOptions": [CONFIG],
            }
        ]
    },
    ("compute-optimizer", "GetEC2InstanceRecommendations"): {
        "instanceRecommendations": [
            {"instanceArn": "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", "finding": "OVER_PROVISIONED"}
        ]
    },
    ("compute-optimizer", "GetEBSVolumeRecommendations"): {
        "volumeRecommendations": [
            {"volumeArn": "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1", "finding": "NotOptimized"}
        ]
    },
    ("compute-optimizer", "GetIdleRecommendations"): {
        "idleRecommendations": [
            {
                "resourceArn": "arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
                "resourceType": "EC2Instance",
                "finding": "Idle",
            }
        ]
    },
    ("cost-optimization-hub", "ListRecommendations"): {
        "items": [
            {
                "recommendationId": "hub-1",
                "actionType": "Rightsize",
                "estimatedMonthlySavings": 12.5,
                "source": "ComputeOptimizer",
            }
        ]
    },
}


def rules() -> list[dict[str, Any]]:
    """The answers as rules: those of a region hold in the region of the fleet, and are empty in any other."""
    found = []
    for (client, operation), answer in ANSWERS.items():
        pages = answer if isinstance(answer, list) else [answer]
        base = {"client": client, "operation": operation}
        found.append({**base, "answers": pages})
        if client not in ("ce", "savingsplans", "budgets", "cost-optimization-hub"):
            empty = {key: [] if isinstance(value, list) else value for key, value in pages[0].items()}
            found.append({**base, "answer": empty, "region": EMPTY})
    return found


def code() -> bytes:
    """A function's code, as small as it can be."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("lambda_function.py", "def handler(event, context): return event\n")
    return buffer.getvalue()


def build(client: Any, other: Any) -> None:
    """Create the fleet. ``client`` and ``other`` make clients of both accounts by a service's name."""
    for make, names in ((client, ("api", "worker")), (other, ("elsewhere",))):
        iam = make("iam")
        role = iam.create_role(RoleName="function", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        for name in names:
            make("lambda").create_function(
                FunctionName=name,
                Runtime="python3.12",
                Role=role,
                Handler="lambda_function.handler",
                Code={"ZipFile": code()},
                MemorySize=1024,
                Timeout=30,
                Environment={"Variables": {"DATABASE_PASSWORD": SECRET}},
                Tags={"team": "web"} if name == "api" else {},
            )
    ec2 = client("ec2")
    image = ec2.register_image(Name="own", RootDeviceName="/dev/sda1")["ImageId"]
    ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        UserData=SECRET,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "env", "Value": "dev"}]}],
    )
    ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=100, VolumeType="gp2")
    ec2.create_snapshot(VolumeId=ec2.describe_volumes()["Volumes"][0]["VolumeId"], Description=SECRET)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
    ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)
    ec2.allocate_hosts(AvailabilityZone=f"{REGION}a", InstanceType="m5.large", Quantity=1)
    listener = {"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}
    client("elb").create_load_balancer(LoadBalancerName="old", Listeners=[listener], AvailabilityZones=[f"{REGION}a"])
    balancing = client("elbv2")
    balancer = balancing.create_load_balancer(Name="front", Subnets=subnets[:2])["LoadBalancers"][0]
    vpc = balancer["VpcId"]
    balancing.create_target_group(Name="targets", Protocol="HTTP", Port=80, VpcId=vpc)
    client("redshift").create_cluster(
        ClusterIdentifier="warehouse",
        NodeType=NODE,
        NumberOfNodes=2,
        MasterUsername="admin",
        MasterUserPassword="Password1",
        DBName="db",
    )
    client("redshift").create_cluster_snapshot(SnapshotIdentifier="manual-1", ClusterIdentifier="warehouse")
    client("logs").create_log_group(logGroupName="/aws/lambda/api", tags={"team": "web"})
    measure(client("cloudwatch"))


def measure(cloudwatch: Any) -> None:
    """Give moto some metrics, on the day before the tests' day."""

    def put(namespace: str, name: str, value: float, dimensions: dict[str, str]) -> None:
        datum = {
            "MetricName": name,
            "Timestamp": HOUR,
            "Value": value,
            "Dimensions": [{"Name": key, "Value": own} for key, own in dimensions.items()],
        }
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])

    put("AWS/Lambda", "Invocations", 250, {"FunctionName": "api"})
    put("AWS/Lambda", "Duration", 1234.5, {"FunctionName": "api"})
    put("AWS/Redshift", "ConcurrencyScalingSeconds", 5400, {"ClusterIdentifier": "warehouse"})
    put("AWS/Redshift-Serverless", "QueriesSucceeded", 7, {"Workgroup": "analysts", "QueryType": "SELECT"})
