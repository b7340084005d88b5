"""What CloudWatch Logs has: log groups."""

from costkit.collect.call import NEXT_TOKEN_OF_JSON, Call
from costkit.collect.place import GET_RESOURCES, Place

GROUPS = Call("logs", "DescribeLogGroups", "logGroups", NEXT_TOKEN_OF_JSON, {"limit": 50})
CALLS = (GROUPS, GET_RESOURCES)


def collect(place: Place) -> None:
    """Find the log groups of a place."""
    place.list("log_group", GROUPS, "logGroupName", lambda one: str(one.get("arn", "")).removesuffix(":*"))
    place.tag("log_group", ("logs:log-group",))
