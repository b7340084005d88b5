"""EC2 instances in a Terraform plan: single ones, spot requests, and groups with a launch template."""

from collections.abc import Iterator
from typing import Any

from costkit.inputs.terraform.attributes import Attributes, Unpriceable, attributes_of
from costkit.inputs.terraform.plan import Item, Plan

Fields = dict[str, Any]


def instance(item: Item, plan: Plan) -> Fields:
    """aws_instance, with its volumes and its public address; what it leaves out may stand in its launch template."""
    own, template = attributes_of(item), _template(item, plan, "aws_launch_template")
    fields = _of_template(template) if template is not None else {}
    fields |= own.some(instance_type="instance_type")
    _refuse_tenancy(own.text("tenancy", "default") if own.known("tenancy") else "default")
    if own.block("instance_market_options").text("market_type") == "spot":
        fields["purchase"] = "spot"
    volumes = [volume(block, "volume_size", "volume_type") for block in own.blocks("root_block_device")]
    # Every instance has a root volume; how large it is, an image tells that no plan shows.
    volumes = volumes or fields.get("volumes", [])[:1] or [{}]
    volumes += [
        {"kind": "gp2", **volume(block, "volume_size", "volume_type")} for block in own.blocks("ebs_block_device")
    ]
    address = {"public_ipv4": "1"} if own.known("associate_public_ip_address") and _public(own) else {}
    return {"type": "ec2_instance", **fields, "volumes": volumes, **address}


def spot_request(item: Item, plan: Plan) -> Fields:
    """aws_spot_instance_request: an instance bought on the spot market."""
    return {**instance(item, plan), "purchase": "spot"}


def autoscaling_group(item: Item, plan: Plan) -> Fields:
    """aws_autoscaling_group: as many instances of its launch template as it wants at first."""
    own = attributes_of(item)
    if any(own.blocks("mixed_instances_policy")):
        raise Unpriceable("a group of several instance types cannot be divided before it runs")
    template = _template(item, plan, "aws_launch_template")
    if template is None:
        template = plan.find(item, "launch_configuration", "aws_launch_configuration", ("name", "id"))
        if template is None:
            raise Unpriceable("its launch template is not in the plan")
        fields = _of_configuration(attributes_of(template))
    else:
        fields = _of_template(template)
    wanted = own.get("desired_capacity") if own.known("desired_capacity") else None
    count = own.get("min_size") if wanted is None else wanted
    if count is None:
        raise Unpriceable("neither desired_capacity nor min_size is known")
    return {"type": "ec2_instance", **fields, "volumes": fields.get("volumes") or [{}], "count": count}


def _template(item: Item, plan: Plan, type: str) -> Item | None:
    """The launch template of a ``launch_template`` block, by its id or name, or by the configuration."""
    for block in attributes_of(item).blocks("launch_template"):
        for other in plan.by_type.get(type, ()):
            for key in ("id", "name"):
                value = block.values.get(key)
                if value and value == other.values.get(key):
                    return other
        return plan.find(item, "launch_template", type)
    return None


def _of_template(item: Item) -> Fields:
    own = attributes_of(item)
    _refuse_tenancy(own.block("placement").text("tenancy", "default"))
    fields = own.some(instance_type="instance_type")
    if own.block("instance_market_options").text("market_type") == "spot":
        fields["purchase"] = "spot"
    volumes = [
        {"kind": "gp2", **volume(disk, "volume_size", "volume_type")}
        for mapping in own.blocks("block_device_mappings")
        for disk in mapping.blocks("ebs")
    ]
    if any(_public(block) for block in own.blocks("network_interfaces")):
        fields["public_ipv4"] = "1"
    return {**fields, "volumes": volumes} if volumes else fields


def _of_configuration(own: Attributes) -> Fields:
    """aws_launch_configuration, the older form."""
    fields = own.some(instance_type="instance_type")
    if own.get("spot_price"):
        fields["purchase"] = "spot"
    disks: Iterator[Attributes] = own.blocks("root_block_device")
    volumes = [volume(block, "volume_size", "volume_type") for block in disks] or [{}]
    volumes += [
        {"kind": "gp2", **volume(block, "volume_size", "volume_type")} for block in own.blocks("ebs_block_device")
    ]
    if own.known("associate_public_ip_address") and _public(own):
        fields["public_ipv4"] = "1"
    return {**fields, "volumes": volumes}


def _public(block: Attributes) -> bool:
    return block.known("associate_public_ip_address") and block.flag("associate_public_ip_address")


def volume(block: Attributes, size: str, kind: str) -> Fields:
    """A volume as far as it is known; what a snapshot or an image decides is left out."""
    named = block.text(kind) if block.known(kind) else ""
    fields: Fields = {"kind": named} if named else {}
    wanted = {"size": size}
    if named in ("gp3", "io1", "io2"):
        wanted["iops"] = "iops"
    if named == "gp3":
        wanted["throughput"] = "throughput"
    for field, attribute in wanted.items():
        value = block.get(attribute) if block.known(attribute) else None
        if value:
            fields[field] = value
    return fields


def _refuse_tenancy(tenancy: str) -> None:
    if tenancy != "default":
        raise Unpriceable(f"{tenancy} tenancy is not priced")
