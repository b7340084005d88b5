"""Which smaller size of its family would have been enough for an instance, by what was measured of it."""

from decimal import Decimal

from costkit.model.exact import plain
from costkit.model.finding import CLEAN, DERIVED, HEURISTIC, NOT_APPLICABLE
from costkit.model.snapshot import Series
from costkit.optimize.advice import _instance_types
from costkit.optimize.check import Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, known, percentile, told

# The 99.5th percentile of the processor's peaks with 20 % left, as Compute Optimizer has it:
# https://docs.aws.amazon.com/compute-optimizer/latest/ug/rightsizing-preferences.html
PERCENTILE, MOST = Decimal("0.995"), Decimal(80)
SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge", "48xlarge")
BURSTABLE = ("t2", "t3", "t3a", "t4g")


def barred(subject: Subject) -> Skip | None:
    """Why no smaller size can be advised, or None."""
    bought = _instance_types.bought_freely(subject)
    if bought is not None:
        return bought
    observed, now = subject.observed, subject.usage.instance_type
    family, _, size = now.partition(".")
    if family in BURSTABLE or size not in SIZES:
        return Skip(NOT_APPLICABLE, "burstable types are sized by their credits, metal ones not at all")
    if observed.item.attributes.get("InstanceType") != now:
        # A change before this one has made it smaller: what was measured says nothing of the new type.
        return Skip(CLEAN, "it was measured as another type")
    return None


def smaller(subject: Subject, cpu: Series) -> Proposal | Skip:
    """A smaller size of the same family; without a metric of memory no more than the next one, as a guess.

    ``cpu`` are hourly peaks of its processor in percent.
    """
    family, _, size = subject.usage.instance_type.partition(".")
    peak = percentile(known(cpu), PERCENTILE)
    memory = subject.observed.item.series("mem_used_percent", "Maximum", HOUR)
    used = max(known(memory)) if memory is not None and known(memory) else None
    names = [name for name in SIZES[: SIZES.index(size)][::-1] if _fits(subject, f"{family}.{name}", peak, used)]
    if not names:
        return Skip(CLEAN)
    if used is None:
        del names[1:]
    best = f"{family}.{names[-1]}"
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
