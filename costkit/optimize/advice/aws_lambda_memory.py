"""LMB-23: a memory size that AWS itself recommends, at our price.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-lambda-recommendations.html
"""

from decimal import Decimal

from costkit.model.exact import ONE, ZERO, quotient
from costkit.model.finding import A_MONTH, CLEAN, DERIVED, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.fragments import Fragment
from costkit.optimize.recommended import opportunity

KIND = "compute_optimizer_lambda"


def propose(subject: Subject) -> Proposal | Skip:
    """The size that Compute Optimizer ranks first, with the duration it expects; AWS's figure stands beside ours."""
    observed, use = subject.observed, subject.usage
    if use.memory is None or use.duration is None:
        return Skip(NOT_APPLICABLE)
    if not observed.found.asked(KIND, observed.item.account, observed.item.region):
        return Skip(NOT_APPLICABLE, "Compute Optimizer was not asked")
    found = observed.others(KIND, "functionArn", observed.item.arn)
    if isinstance(found, Skip):
        return found
    recommended = [one for one in found if one.attributes.get("currentMemorySize") == use.memory]
    options = [one for item in recommended for one in item.attributes.get("memorySizeRecommendationOptions") or ()]
    if not options:
        return Skip(CLEAN)
    first = min(options, key=lambda one: one.get("rank") or ZERO)
    durations = {str(one.get("statistic")): one.get("value") for one in first.get("projectedUtilizationMetrics") or ()}
    expected, worst, best = (_fields(subject, first, durations, name) for name in NAMES)
    saving, _ = opportunity(first)
    return Proposal(
        why="Compute Optimizer recommends it; the range is for the longest and the shortest duration that it expects",
        options=(Option(f"{first['memorySize']} MB", expected, worst, best),),
        confidence=DERIVED,
        aws_saving=saving or None,
        evidence=(Evidence("AWS's own saving", saving or ZERO, A_MONTH, KIND),),
    )


NAMES = ("EXPECTED", "UPPER_BOUND", "LOWER_BOUND")


def _fields(subject: Subject, option: dict[str, object], durations: dict[str, object], name: str) -> Fragment:
    """The memory, and durations in proportion to what AWS expects; as now where it says nothing."""
    expected = durations.get(name, durations.get("EXPECTED"))
    longest = subject.at.value("duration_max")
    factor = ONE if not expected else quotient(Decimal(str(expected)), subject.usage.duration)
    scaled = subject.spread(lambda use: min(use.duration * factor, longest))
    return {"memory": option["memorySize"], "duration": scaled}


CHECK = Check(
    code="LMB-23",
    title="Use the memory that AWS recommends",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-lambda-recommendations.html",
    propose=propose,
    kinds=("lambda_function",),
)
