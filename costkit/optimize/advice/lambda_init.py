"""LMB-13: cold starts whose INIT phase is a large part of what is billed.

AWS bills it for every kind of package since 2025-08-01:
https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import origin
from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, DERIVED, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS, Observed, known

MUCH, HUNDRED = Decimal("0.1"), Decimal(100)
FIELDS = ("cold_start_rate", "init_duration")


def propose(subject: Subject) -> Proposal | Skip:
    """The function without INIT, which is the most that a smaller package, less at the start or SnapStart can save."""
    observed, use = subject.observed_or_none, subject.usage
    if use.provisioned_concurrency is not None or use.snap_start is not None:
        return Skip(NOT_APPLICABLE, "what is kept ready for it starts in another way")
    source = ""
    if observed is not None:
        seen = _seen(observed)
        if isinstance(seen, Skip):
            return seen
        source = seen
    if use.cold_start_rate is None or use.init_duration is None or use.duration is None:
        return Skip(NOT_APPLICABLE if observed is None else CLEAN, "it has no cold starts that are known")
    if not subject.at.value("init_billed"):
        return Skip(NOT_APPLICABLE, "AWS did not bill INIT yet")
    init = use.cold_start_rate * use.init_duration
    share = quotient(init, init + use.duration) if init else ZERO
    if share < MUCH:
        return Skip(CLEAN)
    return Proposal(
        why=f"{plain((share * HUNDRED).to_integral_value())} % of the time that is billed is the INIT phase of cold "
        "starts; a smaller package, less to load and SnapStart shorten it, at best to nothing",
        options=(Option("", dict.fromkeys(FIELDS), {name: subject.raw[name] for name in FIELDS}),),
        confidence=DERIVED,
        evidence=(
            Evidence("INIT", share * HUNDRED, "% of the time that is billed", source),
            Evidence("cold starts", use.cold_start_rate * HUNDRED, "% of the requests", source),
            Evidence("INIT phase", use.init_duration, "ms", source),
        ),
    )


def _seen(observed: Observed) -> str | Skip:
    """Where cold starts are known from. On a day on which Insights saw the function, no INIT means no cold start."""
    wanted = (("used_memory_max", "Maximum", DAY), ("Invocations", "Sum", HOUR))
    found = observed.series(LEAST_DAYS, *wanted)
    if isinstance(found, Skip):
        return found
    total, starts = (observed.item.series("init_duration", name, DAY) for name in ("Sum", "SampleCount"))
    if total is None or starts is None:
        return Skip(NOT_ENOUGH_DATA, "the snapshot has no init_duration of it")
    if sum(known(starts), ZERO) > sum(known(found[1]), ZERO):
        return Skip(NOT_ENOUGH_DATA, "more cold starts were measured than calls")
    return origin(starts)


CHECK = Check(
    code="LMB-13",
    title="Start faster",
    types=("lambda_function",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/",
    propose=propose,
)
