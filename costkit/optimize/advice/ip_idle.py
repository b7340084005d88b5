"""EC2-14: an Elastic IP address that belongs to nothing.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
"""

from costkit.model.finding import CLEAN, LOW, MEASURED, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.fragments import GONE

IN_USE = ("AssociationId", "InstanceId", "NetworkInterfaceId")


def propose(subject: Subject) -> Proposal | Skip:
    """The address released; one of a stopped instance counts as associated."""
    attributes = subject.observed.item.attributes
    if any(attributes.get(name) for name in IN_USE):
        return Skip(CLEAN)
    return Proposal(
        why="it is associated with nothing, and an address costs the same whether it is used or not",
        options=(Option("", GONE),),
        confidence=MEASURED,
        evidence=(Evidence("address", str(attributes.get("PublicIp", ""))),),
    )


CHECK = Check(
    code="EC2-14",
    title="Release an address that is not used",
    types=("public_ipv4",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
    propose=propose,
    kinds=("elastic_ip",),
)
