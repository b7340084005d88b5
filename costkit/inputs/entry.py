"""A resource of a plan or a template, in the words of a spec."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One resource of a Terraform plan or a CloudFormation template.

    ``name`` is its address or logical id, ``type`` the provider's word for what it is, ``where`` its file
    and line. ``fields`` is its entry in a spec (``type`` and the fields of that type, region and tags
    apart), or None where costkit has no price for it: AWS charges nothing if ``free``, else ``reason``
    says why not. ``region`` is empty where the input does not tell it. ``beside`` says what AWS charges
    beside it that is not counted, because the input does not tell how much of it there will be.
    """

    name: str
    type: str
    where: str
    region: str = ""
    tags: Mapping[str, str] = {}
    fields: Mapping[str, Any] | None = None
    free: bool = False
    reason: str = ""
    beside: str = ""


BALANCER_ADDRESSES = "the public IPv4 addresses of a load balancer, one for each subnet, are charged apart"
