"""LMB-06: more provisioned concurrency than was ever used at once.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from decimal import ROUND_CEILING, Decimal

from costkit.model.exact import ZERO, plain
from costkit.model.finding import CLEAN, LOW, MEASURED, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, LEAST_DAYS, Observed, known, told

# A tenth more than the most that worked at one time.
ROOM = Decimal("1.1")


def propose(subject: Subject) -> Proposal | Skip:
    """As many environments as ever worked at one time, and a tenth more."""
    observed, provisioned = subject.observed, subject.usage.provisioned_concurrency
    if provisioned is None:
        return Skip(NOT_APPLICABLE, "it has no provisioned concurrency")
    items = observed.others("lambda_provisioned_concurrency", "FunctionName")
    if isinstance(items, Skip):
        return items
    need, evidence = ZERO, []
    for item in items:
        found = Observed(item, observed.found).series(LEAST_DAYS, ("ProvisionedConcurrentExecutions", "Maximum", HOUR))
        if isinstance(found, Skip):
            return found
        most = max(known(found[0]))
        need += (most * ROOM).to_integral_value(ROUND_CEILING)
        evidence.append(told(found[0], most, "environments at one time"))
    if need >= provisioned.concurrency or not need:
        return Skip(CLEAN, "all of it is used at times, or none ever")
    raw = subject.raw["provisioned_concurrency"]
    inner = raw if isinstance(raw, dict) else {}
    return Proposal(
        why=f"of its {plain(provisioned.concurrency)} environments never more than a part worked at one time",
        options=(Option(plain(need), {"provisioned_concurrency": {**inner, "concurrency": need}}),),
        confidence=MEASURED,
        evidence=(*evidence, Evidence("environments", provisioned.concurrency)),
    )


CHECK = Check(
    code="LMB-06",
    title="Provision less concurrency",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    propose=propose,
    kinds=("lambda_function",),
)
