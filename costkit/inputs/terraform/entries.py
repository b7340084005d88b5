"""The resources of a Terraform plan as entries: priced, free, or listed with the reason why not."""

from collections.abc import Iterator, Mapping

from costkit.inputs.documents import Document
from costkit.inputs.entry import BALANCER_ADDRESSES, Entry
from costkit.inputs.terraform.attributes import Unpriceable, attributes_of
from costkit.inputs.terraform.plan import Item, Plan
from costkit.inputs.terraform.resources import TRANSLATED
from costkit.inputs.terraform.uncharged import is_free

ARN_PARTS = 6
BALANCERS = ("aws_lb", "aws_alb")


def entries(document: Document, before: bool = False) -> Iterator[Entry]:
    """The managed resources of a plan after the change, or ``before`` it, each with its region and tags.

    Raises CostkitError if the document is no plan that can be read.
    """
    plan = Plan(document, before)
    for item in plan.items:
        entry = _entry(item, plan)
        yield entry
        if item.type == "aws_ecs_service" and entry.fields is not None:
            yield from _task_addresses(item, entry)


def _entry(item: Item, plan: Plan) -> Entry:
    entry = Entry(
        name=item.address,
        type=item.type,
        where=plan.document.where(item.path),
        region=_region(item, plan),
        tags=_tags(item.values),
    )
    translate = TRANSLATED.get(item.type)
    if translate is None:
        if is_free(item.type, item.provider):
            return entry._replace(free=True)
        return entry._replace(reason=f"costkit does not price {item.type}")
    try:
        fields = translate(item, plan)
    except Unpriceable as reason:
        return entry._replace(reason=str(reason))
    beside = BALANCER_ADDRESSES if item.type in BALANCERS and _faces_the_internet(item) else ""
    return entry._replace(fields=fields, free=fields is None, beside=beside)


def _task_addresses(item: Item, entry: Entry) -> Iterator[Entry]:
    """The public address of each task of a service that asks for one."""
    network = attributes_of(item).block("network_configuration")
    if network.known("assign_public_ip") and network.flag("assign_public_ip") and entry.fields is not None:
        fields = {"type": "public_ipv4", "count": entry.fields["count"]}
        yield entry._replace(name=f"{entry.name}.assign_public_ip", fields=fields)


def _faces_the_internet(item: Item) -> bool:
    own = attributes_of(item)
    return not own.flag("internal") and own.text("ip_address_type") != "dualstack-without-public-ipv4"


def _region(item: Item, plan: Plan) -> str:
    """Where a resource is: said by itself, its name in AWS, its zone, or its provider."""
    region = item.values.get("region")
    if isinstance(region, str) and region:
        return region
    arn = item.values.get("arn")
    if isinstance(arn, str) and arn.count(":") >= ARN_PARTS - 1 and arn.split(":")[3]:
        return arn.split(":")[3]
    return plan.configuration.region(item.modules, item.type, item.name)


def _tags(values: Mapping[str, object]) -> dict[str, str]:
    """All tags, with the provider's default ones where the plan tells them."""
    for key in ("tags_all", "tags"):
        tags = values.get(key)
        if isinstance(tags, dict) and tags:
            return {str(name): str(value) for name, value in tags.items() if value is not None}
    return {}
