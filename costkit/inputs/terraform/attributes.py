"""The attributes of a Terraform resource: what is known, and what only applying will tell."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.terraform.plan import Item
from costkit.model.exact import plain

# What the configuration decides, never AWS: unknown in a plan, it depends on something that is unknown itself.
DECLARED = frozenset(
    (
        "billing_mode",
        "cache_cluster_enabled",
        "cache_cluster_size",
        "cpu",
        "desired_count",
        "fifo_queue",
        "fifo_topic",
        "load_balancer_type",
        "memory",
        "memory_size",
        "min_size",
        "node_type",
        "number_of_nodes",
        "protocol_type",
        "provisioned_concurrent_executions",
    )
)


class Unpriceable(Exception):
    """A resource that costkit cannot price; the message says why, as the end of a sentence."""


class Attributes:
    """The attributes of a resource or of a block in it.

    Reading one that only applying will tell raises Unpriceable; what the configuration leaves to AWS has
    AWS's default, even where a plan shows it as unknown.
    """

    def __init__(self, values: Any, unknown: Any, name: str = "", stated: frozenset[str] | None = None) -> None:
        self.values: Mapping[str, Any] = values if isinstance(values, dict) else {}
        self.unknown: Mapping[str, Any] = unknown if isinstance(unknown, dict) else {}
        self.name, self.stated = name, stated

    def known(self, attribute: str) -> bool:
        """Whether an attribute is known before applying."""
        return self.unknown.get(attribute) is not True or self.values.get(attribute) is not None

    def get(self, attribute: str) -> Any:
        """A value, None where the configuration leaves it to AWS."""
        value = self.values.get(attribute)
        if not self.known(attribute) and (attribute in DECLARED or self._stated(attribute)):
            raise Unpriceable(f"{self.name}{attribute} is known only after apply")
        return value

    def _stated(self, attribute: str) -> bool:
        """Whether the configuration gives an attribute; a block that is there was given with all that is in it."""
        return self.stated is None or attribute in self.stated

    def text(self, attribute: str, default: str = "") -> str:
        """A value as text."""
        value = self.get(attribute)
        if value is None:
            return default
        return plain(value) if isinstance(value, Decimal) else str(value)

    def flag(self, attribute: str) -> bool:
        """A value that is true or false; some blocks have it as a text."""
        return self.text(attribute).lower() == "true"

    def blocks(self, attribute: str) -> Iterator["Attributes"]:
        """The nested blocks of a name, in order; none where it is left out or not known yet."""
        values, unknown = self.get(attribute), self.unknown.get(attribute)
        for place, block in enumerate(values if isinstance(values, list) else ()):
            inner = unknown[place] if isinstance(unknown, list) and place < len(unknown) else {}
            yield Attributes(block, inner, f"{self.name}{attribute}.")

    def block(self, attribute: str) -> "Attributes":
        """The one nested block of a name; an empty one where it is left out."""
        return next(self.blocks(attribute), Attributes({}, {}, f"{self.name}{attribute}."))

    def some(self, **fields: str) -> dict[str, Any]:
        """Fields of a spec by the attribute that gives each, as far as one does."""
        values = {field: self.get(attribute) for field, attribute in fields.items()}
        return {field: value for field, value in values.items() if value is not None and value != ""}


def attributes_of(item: Item) -> Attributes:
    """The attributes of a resource of a plan."""
    return Attributes(item.values, item.unknown, stated=item.stated)
