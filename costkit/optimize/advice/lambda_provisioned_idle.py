"""LMB-05: provisioned concurrency that serves nothing.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from costkit.model.exact import ZERO, plain
from costkit.model.finding import DERIVED, LOW, MEASURED, NOT_APPLICABLE, WASTE, Evidence
from costkit.optimize.advice import _provisioned
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, LEAST_DAYS


def propose(subject: Subject) -> Proposal | Skip:
    """The function without it, where it serves no request at any end of its ranges."""
    observed, provisioned = subject.observed_or_none, subject.usage.provisioned_concurrency
    if provisioned is None or not subject.always(lambda use: _provisioned.served(use) == 0):
        return Skip(NOT_APPLICABLE, "it has none, or it serves requests")
    if observed is not None and observed.item.series("Invocations", "Sum", HOUR) is not None:
        enough = observed.series(LEAST_DAYS, ("Invocations", "Sum", HOUR))
        if isinstance(enough, Skip):
            return enough
    return Proposal(
        why=f"its {plain(provisioned.concurrency)} environments are kept ready and serve no requests",
        options=(Option("", _provisioned.without(subject)),),
        confidence=DERIVED if observed is None else MEASURED,
        evidence=(Evidence("environments", provisioned.concurrency), Evidence("requests served", ZERO)),
    )


CHECK = Check(
    code="LMB-05",
    title="Provisioned concurrency serves nothing",
    types=("lambda_function",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    propose=propose,
)
