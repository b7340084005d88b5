"""EC2-22: an instance type that AWS itself recommends, at our price.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html
"""

from costkit.model.exact import ZERO, plain
from costkit.model.finding import A_MONTH, CLEAN, DERIVED, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.recommended import opportunity

KIND = "compute_optimizer_instance"


def propose(subject: Subject) -> Proposal | Skip:
    """The type that Compute Optimizer ranks first; AWS's own figure stands beside ours."""
    observed, use = subject.observed, subject.usage
    if not observed.found.asked(KIND, observed.item.account, observed.item.region):
        return Skip(NOT_APPLICABLE, "Compute Optimizer was not asked")
    found = observed.others(KIND, "instanceArn", observed.item.arn)
    if isinstance(found, Skip):
        return found
    recommended = [one for one in found if one.attributes.get("currentInstanceType") == use.instance_type]
    options = [one for item in recommended for one in item.attributes.get("recommendationOptions") or ()]
    options = [one for one in options if one.get("instanceType") not in (None, use.instance_type)]
    if not options:
        return Skip(CLEAN)
    first = min(options, key=lambda one: one.get("rank") or ZERO)
    name = str(first["instanceType"])
    saving, _ = opportunity(first)
    return Proposal(
        why=f"Compute Optimizer recommends {name}; it knows of the account's discounts, this saving is at list price",
        options=(Option(name, {"instance_type": name}),),
        confidence=DERIVED,
        aws_saving=saving or None,
        evidence=(
            Evidence("AWS's own saving", saving or ZERO, A_MONTH, KIND),
            Evidence("performance risk", plain(first.get("performanceRisk") or ZERO), "", KIND),
        ),
    )


CHECK = Check(
    code="EC2-22",
    title="Use the instance that AWS recommends",
    types=("ec2_instance",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html",
    propose=propose,
    kinds=("ec2_instance",),
)
