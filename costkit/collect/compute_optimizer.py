"""What Compute Optimizer recommends in a region, if the account is enrolled."""

from costkit.collect.call import NEXT_TOKEN_OF_JSON, Call
from costkit.collect.place import Place

CLIENT = "compute-optimizer"
HUNDRED = {"maxResults": 100}
FUNCTIONS = Call(
    CLIENT,
    "GetLambdaFunctionRecommendations",
    "lambdaFunctionRecommendations",
    NEXT_TOKEN_OF_JSON,
    HUNDRED,
    also=("lambda:ListFunctions", "lambda:ListProvisionedConcurrencyConfigs"),
)
INSTANCES = Call(
    CLIENT,
    "GetEC2InstanceRecommendations",
    "instanceRecommendations",
    NEXT_TOKEN_OF_JSON,
    HUNDRED,
    also=("ec2:DescribeInstances",),
)
VOLUMES = Call(
    CLIENT,
    "GetEBSVolumeRecommendations",
    "volumeRecommendations",
    NEXT_TOKEN_OF_JSON,
    HUNDRED,
    also=("ec2:DescribeVolumes",),
)
IDLE = Call(CLIENT, "GetIdleRecommendations", "idleRecommendations", NEXT_TOKEN_OF_JSON, HUNDRED)
CALLS = (FUNCTIONS, INSTANCES, VOLUMES, IDLE)


def collect(place: Place) -> None:
    """Find what Compute Optimizer recommends in a place."""
    prefix = "compute_optimizer"
    place.list(f"{prefix}_lambda", FUNCTIONS, "functionArn", lambda one: str(one.get("functionArn", "")))
    place.list(f"{prefix}_instance", INSTANCES, "instanceArn", lambda one: str(one.get("instanceArn", "")))
    place.list(f"{prefix}_volume", VOLUMES, "volumeArn", lambda one: str(one.get("volumeArn", "")))
    place.list(f"{prefix}_idle", IDLE, "resourceArn", lambda one: str(one.get("resourceArn", "")))
