"""EC2-03: an instance larger than its peaks need.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html
"""

from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import CLEAN, DERIVED, HEURISTIC, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.optimize.advice import _instance_types
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, known, percentile, told

# The 99.5th percentile of the processor's peaks with 20 % left, as Compute Optimizer has it:
# https://docs.aws.amazon.com/compute-optimizer/latest/ug/rightsizing-preferences.html
PERCENTILE, MOST, DAYS = Decimal("0.995"), Decimal(80), 14
SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge", "48xlarge")
BURSTABLE = ("t2", "t3", "t3a", "t4g")


def propose(subject: Subject) -> Proposal | Skip:
    """A smaller size of the same family; without a metric of memory no more than the next one, as a guess."""
    barred = _instance_types.bought_freely(subject)
    family, _, size = subject.usage.instance_type.partition(".")
    observed = subject.observed
    if barred is not None or observed is None:
        return barred or Skip(NOT_APPLICABLE)
    if family in BURSTABLE or size not in SIZES:
        return Skip(NOT_APPLICABLE, "burstable types are sized by their credits, metal ones not at all")
    found = observed.series(DAYS, ("CPUUtilization", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    [cpu] = found
    peak = percentile(known(cpu), PERCENTILE)
    memory = observed.item.series("mem_used_percent", "Maximum", HOUR)
    used = max(known(memory)) if memory is not None and known(memory) else None
    smaller = [name for name in SIZES[: SIZES.index(size)][::-1] if _fits(subject, f"{family}.{name}", peak, used)]
    if not smaller:
        return Skip(CLEAN)
    if used is None:
        del smaller[1:]
    best = f"{family}.{smaller[-1]}"
    evidence = [told(cpu, peak, "%", "CPUUtilization, 99.5th percentile")]
    evidence += [told(memory, used, "%")] if memory is not None and used is not None else []
    guess = "" if used is not None else "; how much memory it uses is not measured, so look at that first"
    return Proposal(
        why=f"its processor needs no more than {plain(peak)} %; {best} has {plain(100 - MOST)} % left{guess}",
        options=(Option(best, {"instance_type": best}),),
        confidence=HEURISTIC if used is None else DERIVED,
        evidence=(*evidence, *(_instance_types.sizes(subject, [best]))),
    )


def _fits(subject: Subject, name: str, peak: Decimal, used: Decimal | None) -> bool:
    """Whether a type has enough of what was used."""
    specs = subject.at.specs("ec2_instance")
    old, new = specs.get(subject.usage.instance_type), specs.get(name)
    if old is None or new is None or old.get("arch") != new.get("arch"):
        return False
    needs = {"vcpu": peak, "memory_gib": used}
    return all(need is None or need * Decimal(old[part]) <= MOST * Decimal(new[part]) for part, need in needs.items())


CHECK = Check(
    code="EC2-03",
    title="Use a smaller instance",
    types=("ec2_instance",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html",
    propose=propose,
    kinds=("ec2_instance",),
)
