"""RSP-16: a cluster that works for a small part of its time, as a serverless workgroup.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html
"""

from decimal import ROUND_CEILING, Decimal

from costkit.inputs.snapshot_resources_measuring import origin
from costkit.model.exact import plain, quotient
from costkit.model.finding import HEURISTIC, HIGH, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.model.snapshot import Series
from costkit.optimize.check import GENERATION, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR
from costkit.optimize.fragments import Fragment

# An RPU has 16 GB of memory: https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
GB_PER_RPU, STEP, SMALLEST = Decimal(16), Decimal(8), Decimal(8)
# How many RPUs do the same is not known: from as much memory as the nodes have to twice of it.
BETWEEN, WORST = Decimal("1.5"), Decimal(2)
DAYS = 28
LATENCIES = ("short", "medium", "long")
KEPT = ("region", "tags", "managed_storage")


def propose(subject: Subject) -> Proposal | Skip:
    """A workgroup with as much memory, active in the hours with queries; with up to twice as much."""
    observed, use = subject.observed, subject.usage
    if (use.purchase is not None and use.purchase.term) or use.multi_az:
        return Skip(NOT_APPLICABLE, "its nodes are reserved, or run in two zones")
    found = observed.series(DAYS, ("DatabaseConnections", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    [connections] = found
    queries = [observed.item.series("QueriesCompletedPerSecond", "Average", HOUR, latency=one) for one in LATENCIES]
    active = _active([one for one in queries if one is not None] or [connections])
    length = Decimal(len(connections.values))
    if not active:
        return Skip(NOT_APPLICABLE, "nobody uses it")
    memory = use.nodes * Decimal(subject.at.specs("redshift_cluster")[use.node_type]["memory_gib"])
    capacity = max(SMALLEST, (memory / GB_PER_RPU / STEP).to_integral_value(ROUND_CEILING) * STEP)
    hours = quotient(active * subject.at.month_hours, length)
    # Snapshots of nodes with storage of their own are counted in another way, and cost nothing up to its size.
    kept = (*KEPT, "snapshots") if use.snapshots is not None and use.snapshots.total is None else KEPT
    gone = {name: None for name in subject.raw if name not in kept}
    return Proposal(
        why=f"queries ran in {plain(active)} of {plain(length)} hours; a workgroup is billed for the time in which it "
        "works, here whole hours with at least the memory of the nodes and at most twice as much",
        options=(
            Option(
                f"{plain(capacity)} to {plain(capacity * WORST)} RPU",
                _workgroup(gone, capacity * hours * BETWEEN),
                _workgroup(gone, capacity * hours * WORST),
                _workgroup(gone, capacity * hours),
            ),
        ),
        confidence=HEURISTIC,
        evidence=(Evidence("hours with queries", active, f"of {plain(length)}", origin(queries[0] or connections)),),
    )


def _active(series: list[Series]) -> Decimal:
    """The hours in which any of them was above zero."""
    return Decimal(
        sum(any(value for value in hour if value) for hour in zip(*(one.known for one in series), strict=False))
    )


def _workgroup(gone: Fragment, rpu_hours: Decimal) -> Fragment:
    return {**gone, "type": "redshift_serverless", "rpu_hours": rpu_hours}


CHECK = Check(
    code="RSP-16",
    title="Use Redshift Serverless",
    types=("redshift_cluster",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=HIGH,
    risk=HIGH,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
