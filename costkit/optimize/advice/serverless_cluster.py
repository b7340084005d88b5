"""RSS-06: a workgroup that works nearly all the time, as a cluster.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-serverless.html
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from costkit.inputs.snapshot_resources_measuring import origin
from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import CLEAN, HEURISTIC, HIGH, NOT_APPLICABLE, NOT_ENOUGH_DATA, OPTIMIZATION, SAVED, Evidence
from costkit.optimize.advice.redshift_serverless_fit import BETWEEN, GB_PER_RPU, WORST
from costkit.optimize.check import GENERATION, Check, Option, Outcome, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, known, percentile, told
from costkit.optimize.fragments import Fragment

# Four whole weeks, in each of which it worked for more than half of the hours: else a cluster stands idle. It must
# have room for all but the busiest tenth of the hours, as it does not grow.
WEEK, WEEKS, STEADY, BUSY = 168, 4, Decimal("0.5"), Decimal("0.9")
GB_PER_TB, SECONDS_PER_HOUR = Decimal(1024), Decimal(3600)
KEPT = ("region", "tags", "managed_storage", "snapshots")


def propose(subject: Subject) -> Proposal | Skip:
    """Nodes with as much memory as its RPUs have at the worst, half of it at best, of each node type that AWS sells."""
    observed, use = subject.observed, subject.usage
    if use.purchase is not None or use.base_rpu is None or not use.rpu_hours:
        return Skip(NOT_APPLICABLE)
    found = observed.series(WEEKS * 7, ("ComputeSeconds", "Sum", HOUR))
    if isinstance(found, Skip):
        return found
    age = observed.age_in_days("creationDate")
    if age is not None and age < WEEKS * 7:
        return Skip(NOT_ENOUGH_DATA, f"it is {age} days old, {WEEKS * 7} are needed")
    hours = known(found[0])[-WEEK * WEEKS :]
    weeks = [sum(bool(hour) for hour in hours[first : first + WEEK]) for first in range(0, len(hours), WEEK)]
    if min(weeks) <= STEADY * WEEK:
        return Skip(CLEAN, "in a week it worked for less than half of the hours")
    capacity = max(use.base_rpu, quotient(percentile(hours, BUSY), SECONDS_PER_HOUR))
    specs = subject.at.specs("redshift_cluster")
    options = [one for kind, spec in specs.items() if (one := _option(subject, kind, spec, capacity))]
    if not options:
        return Skip(CLEAN, "no cluster holds its data")
    return Proposal(
        why="in every week it worked for more than half of the hours, with up to "
        f"{plain(capacity.to_integral_value())} RPU in nearly all of them; a cluster runs all month with half of their "
        "memory to all of it, and only a trial tells how fast",
        options=tuple(options),
        confidence=HEURISTIC,
        evidence=(
            Evidence("least week", Decimal(min(weeks)), f"h of {WEEK} in which it worked", origin(found[0])),
            Evidence("capacity in nine of ten hours", capacity, "RPU at most", origin(found[0])),
            told(found[0], max(hours), "RPU-seconds in the busiest hour"),
        ),
        remarks=_best,
    )


def _option(subject: Subject, kind: str, spec: Mapping[str, Any], capacity: Decimal) -> Option | None:
    """A cluster of a node type, if AWS sells so many nodes, they hold the data, and snapshots cost there as here."""
    use, high = subject.usage, subject.high.usage
    if spec["storage"] != "managed" or (use.snapshots is not None and spec["snapshots"] != "unique"):
        return None
    memory, stored = Decimal(spec["memory_gib"]), high.managed_storage or ZERO
    each = Decimal(spec["storage_tb"]) * GB_PER_TB
    # A single node holds less than each of several.
    alone = Decimal(spec.get("storage_tb_single_node", spec["storage_tb"])) * GB_PER_TB
    least = max(Decimal(spec["nodes_min"]), _whole(stored, each), ONE if stored <= alone else ONE + ONE)

    def nodes(part: Decimal) -> Decimal:
        return max(least, _whole(capacity * GB_PER_RPU, memory * part))

    expected, most, fewest = nodes(BETWEEN), nodes(ONE), nodes(WORST)
    if max(expected, most, fewest) > Decimal(spec["nodes_max"]):
        return None
    gone = {name: None for name in subject.raw if name not in KEPT}
    cluster, worst, best = (_cluster(gone, kind, size) for size in (expected, most, fewest))
    return Option(f"{plain(fewest)} to {plain(most)} {kind}", cluster, worst, best)


def _whole(top: Decimal, bottom: Decimal) -> Decimal:
    return quotient(top, bottom).to_integral_value(ROUND_CEILING)


def _cluster(gone: Fragment, kind: str, nodes: Decimal) -> Fragment:
    return {**gone, "type": "redshift_cluster", "node_type": kind, "nodes": nodes}


def _best(outcomes: Sequence[Outcome]) -> tuple[Evidence, ...]:
    """The cheapest three node types."""
    best = sorted(outcomes, key=lambda one: -one.saving.expected)[:3]
    return tuple(Evidence(one.option.label, one.saving.expected, SAVED) for one in best)


CHECK = Check(
    code="RSS-06",
    title="Use a cluster",
    types=("redshift_serverless",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=HIGH,
    risk=HIGH,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-serverless.html",
    propose=propose,
    kinds=("redshift_serverless_workgroup",),
)
