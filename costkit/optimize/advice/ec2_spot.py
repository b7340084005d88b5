"""EC2-20: an instance that may stop at any time, bought on the spot.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html
"""

from costkit.model.finding import HEURISTIC, HIGH, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.model.resource import Resource
from costkit.optimize.advice import _instance_types
from costkit.optimize.check import COMMITMENT, Check, Option, Proposal, Skip, Subject

KIND = "ec2_spot_price"
# The tag that Auto Scaling gives its instances, which it replaces anyway:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
GROUP = "aws:autoscaling:groupName"
STATELESS, YES = ("stateless", "interruptible"), ("true", "yes", "1")
PRODUCTS = {"linux": "Linux/UNIX", "windows": "Windows"}


def propose(subject: Subject) -> Proposal | Skip:
    """The same instance at the median spot price of a month; at the worst there is never one to be had."""
    observed, use = subject.observed, subject.usage
    barred = _instance_types.bought_freely(subject)
    if barred is not None:
        return barred
    tag = _may_stop(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it may stop at any time")
    if use.operating_system not in PRODUCTS:
        return Skip(NOT_APPLICABLE, "spot prices of its operating system are not collected")
    found = observed.others(KIND, "InstanceType", use.instance_type)
    if isinstance(found, Skip):
        return found
    zones = [one for one in found if one.attributes.get("ProductDescription") == PRODUCTS[use.operating_system]]
    found_prices = (price.get("SpotPrice") for one in zones for price in one.attributes.get("SpotPriceHistory") or ())
    prices = [price for price in found_prices if price]
    if not prices:
        return Skip(NOT_ENOUGH_DATA, "the snapshot has no spot price of its type")
    return Proposal(
        why=f"its tag {tag} says that it may stop at any time; AWS takes a spot instance back two minutes after it "
        "says so, and the range is for AWS never having one at all",
        options=(Option("", {"purchase": {"kind": "spot"}}, worst={}),),
        confidence=HEURISTIC,
        evidence=(
            Evidence("tag", tag),
            Evidence("spot prices", f"{min(prices)} to {max(prices)}", "USD an hour", "DescribeSpotPriceHistory"),
        ),
    )


def _may_stop(resource: Resource) -> str:
    """The tag that says so, or an empty text."""
    for key, value in resource.tags.items():
        if key == GROUP or (key.lower() in STATELESS and value.lower() in YES):
            return f"{key}: {value}"
    return ""


CHECK = Check(
    code="EC2-20",
    title="Buy it on the spot",
    types=("ec2_instance",),
    stage=COMMITMENT,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=HIGH,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html",
    propose=propose,
    kinds=("ec2_instance",),
)
