"""RSP-14: a cluster that is not production and runs in two zones.

https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-multi-az.html
"""

from costkit.model.finding import CLEAN, DERIVED, LOW, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.environments import not_production


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster in one zone: the nodes of the second one are gone."""
    use = subject.usage
    tag = not_production(subject.expected)
    if not tag:
        return Skip(NOT_APPLICABLE, "no tag says that it is not production")
    if not use.multi_az:
        return Skip(CLEAN)
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "its reserved nodes are paid whether they run or not")
    return Proposal(
        why=f"it is tagged {tag} and has as many nodes again in a second zone, for an outage of the first one",
        options=(Option("", {"multi_az": None}),),
        confidence=DERIVED,
        evidence=(Evidence("tag", tag), Evidence("nodes in each zone", use.nodes)),
    )


CHECK = Check(
    code="RSP-14",
    title="Run in one zone",
    types=("redshift_cluster",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-multi-az.html",
    propose=propose,
)
