"""RSP-06: a cluster that runs all month on demand.

https://docs.aws.amazon.com/redshift/latest/mgmt/purchase-reserved-node-instance.html
"""

from costkit.model.finding import DERIVED, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.advice import _running
from costkit.optimize.advice._reserved import reserved
from costkit.optimize.check import COMMITMENT, Check, Proposal, Skip, Subject

# The careful reservation is proposed: a year, nothing upfront. What others save is shown beside it.
CAREFUL = ("1y", "no_upfront")
OTHERS = (("1y", "all_upfront"), ("3y", "no_upfront"), ("3y", "all_upfront"))


def propose(subject: Subject) -> Proposal | Skip:
    """The same nodes reserved for a year without upfront payment."""
    use = subject.usage
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "its nodes are reserved already")
    if subject.at.specs("redshift_cluster")[use.node_type]["storage"] == "included":
        return Skip(NOT_APPLICABLE, f"AWS retires {use.node_type}")
    if not _running.all_month(subject):
        return Skip(NOT_APPLICABLE, "it does not run all month")
    return Proposal(
        why="its nodes run all month on demand; reserved nodes are billed every hour of the term at a lower rate and "
        "are bound to their node type",
        options=(reserved(*CAREFUL), *(reserved(*other)._replace(shown=True) for other in OTHERS)),
        confidence=DERIVED,
        evidence=(Evidence("runs", subject.at.month_hours, "h a month"), Evidence("nodes", use.nodes)),
    )


CHECK = Check(
    code="RSP-06",
    title="Reserve the nodes for a year",
    types=("redshift_cluster",),
    stage=COMMITMENT,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/purchase-reserved-node-instance.html",
    propose=propose,
)
