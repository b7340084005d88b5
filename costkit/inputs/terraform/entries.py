"""The resources of a Terraform plan as entries: priced, free, or listed with the reason why not."""

from collections.abc import Iterator

from costkit.inputs.documents import Document
from costkit.inputs.entry import BALANCER_ADDRESSES, Entry
from costkit.inputs.terraform.attributes import Unpriceable, attributes_of
from costkit.inputs.terraform.plan import Item, Plan
from costkit.inputs.terraform.resources import TRANSLATED
from costkit.inputs.terraform.uncharged import is_free

ARN_PARTS = 6
LATER = "known after apply"
INSTANCES = ("aws_instance", "aws_spot_instance_request")
BALANCERS = ("aws_lb", "aws_alb")


def entries(document: Document, before: bool = False) -> Iterator[Entry]:
    """The managed resources of a plan after the change, or ``before`` it, each with its region and tags.

    Raises CostkitError if the document is no plan that can be read.
    """
    plan = Plan(document, before)
    yield from _deferred(document)
    for item in plan.items:
        entry = _entry(item, plan)
        yield entry
        if item.type == "aws_ecs_service" and entry.fields is not None:
            yield from _task_addresses(item, entry)
        if item.type in INSTANCES and _monitored(item):
            reason = "detailed monitoring is not priced"
            yield entry._replace(name=f"{entry.name}.monitoring", fields=None, free=False, reason=reason, beside="")


def _deferred(document: Document) -> Iterator[Entry]:
    """Changes that Terraform puts off to a later plan: they will cost something, and nobody knows what."""
    changes = document.tree.get("deferred_changes")
    for place, deferred in enumerate(changes if isinstance(changes, list) else ()):
        raw = deferred.get("resource_change") if isinstance(deferred, dict) else None
        if isinstance(raw, dict) and raw.get("mode") != "data":
            where = document.where(("deferred_changes", place))
            name, kind = str(raw.get("address", "?")), str(raw.get("type", "unknown"))
            yield Entry(f"{name} (deferred)", kind, where, reason="its change is deferred to a later plan")


def _entry(item: Item, plan: Plan) -> Entry:
    entry = Entry(
        name=item.address,
        type=item.type,
        where=plan.document.where(item.path),
        region=_region(item, plan),
        tags=_tags(item),
    )
    translate = TRANSLATED.get(item.type)
    if translate is None:
        if is_free(item.type, item.provider):
            return entry._replace(free=True)
        return entry._replace(reason=f"costkit does not price {item.type}")
    try:
        fields = translate(item, plan)
        beside = BALANCER_ADDRESSES if item.type in BALANCERS and _faces_the_internet(item) else ""
    except Unpriceable as reason:
        return entry._replace(reason=str(reason))
    return entry._replace(fields=fields, free=fields is None, beside=beside)


def _task_addresses(item: Item, entry: Entry) -> Iterator[Entry]:
    """The public address of each task of a service that asks for one."""
    network = attributes_of(item).block("network_configuration")
    if network.known("assign_public_ip") and network.flag("assign_public_ip") and entry.fields is not None:
        fields = {"type": "public_ipv4", "count": entry.fields["count"]}
        yield entry._replace(name=f"{entry.name}.assign_public_ip", fields=fields)


def _monitored(item: Item) -> bool:
    own = attributes_of(item)
    return own.known("monitoring") and own.flag("monitoring")


def _faces_the_internet(item: Item) -> bool:
    own = attributes_of(item)
    return not own.flag("internal") and own.text("ip_address_type") != "dualstack-without-public-ipv4"


def _region(item: Item, plan: Plan) -> str:
    """Where a resource is: said by itself, its name in AWS, its zone, or its provider."""
    if not item.type.startswith("aws"):
        return ""
    region = item.values.get("region")
    if isinstance(region, str) and region:
        return region
    arn = item.values.get("arn")
    if isinstance(arn, str) and arn.count(":") >= ARN_PARTS - 1 and arn.split(":")[3]:
        return arn.split(":")[3]
    return plan.configuration.region(item.modules, item.type, item.name)


def _tags(item: Item) -> dict[str, str]:
    """All tags, with the provider's default ones where the plan tells them; some values only applying will."""
    for key in ("tags_all", "tags"):
        tags, unknown = item.values.get(key), item.unknown.get(key)
        known = (
            {str(name): str(value) for name, value in (tags or {}).items() if value is not None}
            if isinstance(tags, dict)
            else {}
        )
        later = dict.fromkeys(map(str, unknown), LATER) if isinstance(unknown, dict) else {}
        if known or later:
            return {**later, **known}
    return {}
