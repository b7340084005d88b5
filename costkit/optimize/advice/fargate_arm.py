"""FGT-02: a Fargate task on arm64 instead of x86_64.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html
"""

from decimal import Decimal
from typing import Any

from costkit.model.finding import DERIVED, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import GENERATION, Check, Option, Proposal, Skip, Subject

# Nobody knows how fast it will be: a tenth slower or faster, as with functions (LMB-01).
SLOWER, FASTER = Decimal("1.1"), Decimal("0.9")
SECONDS_PER_HOUR = 3600


def propose(subject: Subject) -> Proposal | Skip:
    """The same task on arm64; runs may take longer or shorter, a task that always runs is as long as before."""
    use = subject.usage
    if use.architecture != "x86_64":
        return Skip(NOT_APPLICABLE, "it is on arm64 already")
    expected: dict[str, Any] = {"architecture": "arm64"}
    ranged = use.runs is not None and use.duration is not None
    worst, best = ({**expected, **_scaled(subject, factor)} if ranged else None for factor in (SLOWER, FASTER))
    how = "; the range is for runs a tenth longer or shorter" if ranged else ""
    return Proposal(
        why=f"AWS bills less for a vCPU and a GB on arm64; its image must exist for it{how}",
        options=(Option("", expected, worst, best),),
        confidence=DERIVED,
        evidence=(Evidence("vCPU", use.vcpu), Evidence("memory", use.memory, "GB")),
    )


def _scaled(subject: Subject, factor: Decimal) -> dict[str, Any]:
    """The duration of a run times a factor, within the month."""
    longest = subject.at.month_hours * SECONDS_PER_HOUR
    return {"duration": subject.spread(lambda use: min(use.duration * factor, longest))}


CHECK = Check(
    code="FGT-02",
    title="Run on arm64",
    types=("fargate_task",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
    propose=propose,
)
