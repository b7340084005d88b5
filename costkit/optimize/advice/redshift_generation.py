"""RSP-05: RA3 nodes where RG ones do the same for less, and DC2 nodes, which AWS retires.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from costkit.model.exact import ONE, plain
from costkit.model.finding import (
    DERIVED,
    HEURISTIC,
    HIGH,
    MEDIUM,
    NOT_APPLICABLE,
    OPTIMIZATION,
    SAVED,
    Evidence,
)
from costkit.optimize.check import GENERATION, Check, Option, Proposal, Skip, Subject

# The node types that took the place of others: https://aws.amazon.com/redshift/pricing/. RG sizes come from few
# sources; that a new type has no less of anything is read from the node types' specs.
SAME_SIZE = {
    "ra3.large": "rg.large",
    "ra3.xlplus": "rg.xlarge",
    "ra3.4xlarge": "rg.4xlarge",
    "ra3.16xlarge": "rg.12xlarge",
}
AFTER_DC2 = {"dc2.large": ("rg.large", "ra3.large"), "dc2.8xlarge": ("rg.4xlarge", "ra3.4xlarge")}
GB_PER_TB = Decimal(1024)


def propose(subject: Subject) -> Proposal | Skip:
    """The cluster on nodes of the next family."""
    use = subject.usage
    if use.purchase is not None and use.purchase.term:
        return Skip(NOT_APPLICABLE, "not before its reservation ends")
    specs = subject.at.specs("redshift_cluster")
    if use.node_type in AFTER_DC2:
        return _after_dc2(subject, specs)
    new = SAME_SIZE.get(use.node_type)
    if new is None or not _no_less(specs[use.node_type], specs[new]):
        return Skip(NOT_APPLICABLE, f"nothing replaces {use.node_type}")
    return Proposal(
        why=f"{new} has what {use.node_type} has, and does not bill Spectrum scans; its sizes and prices come from few "
        "sources, so compare them with AWS's page first",
        options=(Option(new, {"node_type": new}),),
        confidence=DERIVED,
        evidence=tuple(_size(name, specs[name]) for name in (use.node_type, new)),
    )


def _no_less(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    parts = ("vcpu", "memory_gib", "storage_tb", "nodes_max")
    return all(Decimal(new[part]) >= Decimal(old[part]) for part in parts)


def _after_dc2(subject: Subject, specs: Mapping[str, Any]) -> Proposal:
    """Nodes with no less memory and vCPUs, and their storage, full at the most, as managed storage."""
    use = subject.usage
    old = specs[use.node_type]
    storage = use.nodes * Decimal(old["storage_tb"]) * GB_PER_TB
    fields: dict[str, Any] = {"managed_storage": storage}
    if "snapshots" in subject.raw:
        fields["snapshots"] = None
    options = []
    for name in AFTER_DC2[use.node_type]:
        each = max(Decimal(old[part]) / Decimal(specs[name][part]) for part in ("vcpu", "memory_gib"))
        nodes = max(ONE, (use.nodes * each).to_integral_value(ROUND_CEILING))
        options.append(Option(f"{plain(nodes)} {name}", {"node_type": name, "nodes": nodes, **fields}))
    return Proposal(
        why=f"AWS retires {use.node_type}; other nodes keep their data in managed storage, which is billed apart",
        options=tuple(options),
        confidence=HEURISTIC,
        evidence=(_size(use.node_type, old), Evidence("storage, if full", storage, "GB")),
        unmeasured="how full its nodes are is not known, so the storage is priced as if they were",
        remarks=lambda outcomes: (
            Evidence(outcome.option.label, outcome.saving.expected, SAVED) for outcome in outcomes
        ),
    )


def _size(name: str, spec: Mapping[str, Any]) -> Evidence:
    vcpu, memory = plain(Decimal(spec["vcpu"])), plain(Decimal(spec["memory_gib"]))
    return Evidence(name, f"{vcpu} vCPU, {memory} GiB a node")


CHECK = Check(
    code="RSP-05",
    title="Use newer nodes",
    types=("redshift_cluster",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=HIGH,
    source="https://aws.amazon.com/redshift/pricing/",
    propose=propose,
)
