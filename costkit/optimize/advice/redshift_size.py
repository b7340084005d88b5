"""RSP-03: a cluster larger than its peaks need, in sizes that AWS itself offers for it.

https://docs.aws.amazon.com/redshift/latest/mgmt/resizing-cluster.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, DERIVED, HIGH, MEDIUM, NOT_APPLICABLE, OPTIMIZATION
from costkit.model.snapshot import Item
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import HOUR, known, percentile, told

# On average below 20 %, at the 99th percentile below 40 %, and no queue; in the new size no more than 50 and 80 %.
DAYS, P99 = 28, Decimal("0.99")
LOW_MEAN, LOW_PEAK, MOST_QUEUE = Decimal(20), Decimal(40), Decimal(1)
NEW_MEAN, NEW_PEAK, NEW_DISK = Decimal(50), Decimal(80), Decimal(70)


def propose(subject: Subject) -> Proposal | Skip:
    """The size that AWS offers for an elastic or classic resize, has room for data and work, and costs least."""
    observed, use = subject.observed, subject.usage
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "not before its reservation ends")
    wanted = (("CPUUtilization", "Average", HOUR), ("CPUUtilization", "p99", HOUR), ("WLMQueueLength", "Maximum", HOUR))
    found = observed.series(DAYS, *wanted)
    if isinstance(found, Skip):
        return found
    average, peaks, queue = found
    mean = quotient(sum(known(average), ZERO), Decimal(len(known(average))))
    peak = percentile(known(peaks), P99)
    if mean >= LOW_MEAN or peak >= LOW_PEAK or max(known(queue)) > MOST_QUEUE:
        return Skip(CLEAN)
    offered = observed.others("redshift_node_configuration", "ClusterIdentifier")
    if isinstance(offered, Skip):
        return offered
    options = [one for item in offered if (one := _option(subject, item, mean, peak))]
    if not options:
        return Skip(CLEAN)
    return Proposal(
        why=f"its processors are busy for {plain(mean.to_integral_value())} % on average and no query waits; AWS has "
        "smaller sizes whose disks are not full and whose processors keep a fifth",
        options=tuple(options),
        confidence=DERIVED,
        evidence=(told(average, mean, "%"), told(peaks, peak, "%"), told(queue, max(known(queue)), "queries waiting")),
    )


def _option(subject: Subject, item: Item, mean: Decimal, peak: Decimal) -> Option | None:
    specs, use = subject.at.specs("redshift_cluster"), subject.usage
    kind, nodes = text(item, "NodeType"), number(item, "NumberOfNodes")
    disk = number(item, "EstimatedDiskUtilizationPercent")
    if kind not in specs or not nodes or disk is None or disk > NEW_DISK:
        return None
    now, then = (Decimal(specs[name]["vcpu"]) * size for name, size in ((use.node_type, use.nodes), (kind, nodes)))
    if then >= now or mean * now > NEW_MEAN * then or peak * now > NEW_PEAK * then:
        return None
    return Option(f"{plain(nodes)} {kind}", {"node_type": kind, "nodes": nodes})


CHECK = Check(
    code="RSP-03",
    title="Use fewer or smaller nodes",
    types=("redshift_cluster",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=HIGH,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/resizing-cluster.html",
    propose=propose,
    kinds=("redshift_cluster",),
)
