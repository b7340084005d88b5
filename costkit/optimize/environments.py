"""Which resources need not run day and night, by their tags."""

from collections.abc import Mapping
from decimal import Decimal

from costkit.model.resource import Resource

# The keys that teams give the environment of a resource under, and the words for one that is not production:
# https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/building-a-cost-allocation-strategy.html
KEYS = ("env", "environment", "stage")
NOT_PRODUCTION = ("dev", "development", "test", "testing", "staging", "qa", "sandbox")
# Working hours: ten hours on five days, as the AWS Instance Scheduler's office hours are about; not less than
# eight and not more than twelve hours a day: https://aws.amazon.com/solutions/implementations/instance-scheduler-on-aws/
WORKING_HOURS = Decimal(50)
LONG_WORKING_HOURS = Decimal(60)
SHORT_WORKING_HOURS = Decimal(40)


def not_production(resource: Resource) -> str:
    """The tag that says a resource is not production, ``env: dev``, or an empty text."""
    return tagged_not_production(resource.tags)


def tagged_not_production(tags: Mapping[str, str]) -> str:
    """The one of some tags that says so, or an empty text."""
    for key, value in tags.items():
        if key.lower() in KEYS and value.lower() in NOT_PRODUCTION:
            return f"{key}: {value}"
    return ""
