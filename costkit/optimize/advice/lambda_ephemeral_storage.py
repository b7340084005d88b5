"""LMB-15: ephemeral storage beyond what is free, whose use a spec does not tell.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
"""

from costkit.model.exact import plain
from costkit.model.finding import HEURISTIC, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, SAVED, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject


def propose(subject: Subject) -> Proposal | Skip:
    """What the storage beyond the free part costs; whether it is used has to be measured."""
    free = subject.at.value("ephemeral_storage_included")
    size = subject.usage.ephemeral_storage
    if size is None or size <= free:
        return Skip(NOT_APPLICABLE, "it has no more than is free")
    return Proposal(
        why=f"it has {plain(size)} MB of ephemeral storage, of which {plain(free)} MB are free",
        options=(Option(f"{plain(free)} MB", {"ephemeral_storage": free}),),
        confidence=HEURISTIC,
        evidence=(Evidence("ephemeral storage", size, "MB"), Evidence("free", free, "MB")),
        unmeasured="how much of it is used is not known: compare tmp_used of Lambda Insights",
        remarks=lambda outcomes: (
            Evidence(f"at {plain(free)} MB", outcome.saving.expected, SAVED) for outcome in outcomes
        ),
    )


CHECK = Check(
    code="LMB-15",
    title="Ephemeral storage beyond what is free",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html",
    propose=propose,
)
