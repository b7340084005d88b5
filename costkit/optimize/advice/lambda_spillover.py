"""LMB-09: requests that find no provisioned environment free.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from decimal import Decimal

from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, LOW, MEASURED, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS, Observed, known, told

OFTEN = Decimal("0.01")


def propose(subject: Subject) -> Proposal | Skip:
    """A warning: cold starts happen all the same."""
    observed = subject.observed
    if subject.usage.provisioned_concurrency is None:
        return Skip(NOT_APPLICABLE, "it has no provisioned concurrency")
    items = observed.others("lambda_provisioned_concurrency", "FunctionName")
    if isinstance(items, Skip):
        return items
    calls = spilled = ZERO
    evidence: list[Evidence] = []
    for item in items:
        wanted = (
            ("ProvisionedConcurrencyInvocations", "Sum", HOUR),
            ("ProvisionedConcurrencySpilloverInvocations", "Sum", DAY),
        )
        found = Observed(item, observed.found).series(LEAST_DAYS, *wanted)
        if isinstance(found, Skip):
            return found
        served, over = (sum(known(series), ZERO) for series in found)
        calls, spilled = calls + served + over, spilled + over
        evidence.append(told(found[1], over, "requests"))
    if not calls or spilled <= OFTEN * calls:
        return Skip(CLEAN)
    part = plain(quotient(spilled * 100, calls).to_integral_value())
    return Proposal(
        why=f"{part} % of its requests found no environment free and started cold, although some are kept ready",
        options=(),
        confidence=MEASURED,
        evidence=tuple(evidence),
    )


CHECK = Check(
    code="LMB-09",
    title="Its provisioned concurrency does not suffice",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    propose=propose,
    kinds=("lambda_function",),
)
