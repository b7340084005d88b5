"""RSS-01: a workgroup that is billed without queries.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html
"""

from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, LOW, MEASURED, NOT_ENOUGH_DATA, WASTE
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, known, told

DAYS = 14


def propose(subject: Subject) -> Proposal | Skip:
    """The workgroup without compute: something keeps it awake."""
    observed = subject.observed
    found = observed.series(DAYS, ("ComputeSeconds", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    [compute] = found
    queries = [
        s for s in observed.item.metrics if s.metric in ("QueriesSucceeded", "QueriesFailed") and s.period == DAY
    ]
    if not queries:
        return Skip(NOT_ENOUGH_DATA, "the snapshot has no number of its queries")
    if any(any(known(series)) for series in queries) or not any(known(compute)):
        return Skip(CLEAN)
    return Proposal(
        why="it computes, and no query ran: a connection pool, an open transaction, a refresh or an integration keeps "
        "it awake",
        options=(Option("", {"rpu_hours": ZERO}),),
        confidence=MEASURED,
        evidence=(
            told(compute, max(known(compute)), "RPU-seconds in an hour"),
            *(told(series, max(known(series))) for series in queries),
        ),
    )


CHECK = Check(
    code="RSS-01",
    title="Stop what keeps the workgroup awake",
    types=("redshift_serverless",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html",
    propose=propose,
    kinds=("redshift_serverless_workgroup",),
)
