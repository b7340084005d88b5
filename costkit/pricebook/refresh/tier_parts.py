"""Prices whose tiers AWS sells as products of their own, such as io2 IOPS: put together before they count.

https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from costkit.model.price import Tier
from costkit.pricebook.comparing import Key
from costkit.pricebook.refresh.offer import Product
from costkit.pricebook.refresh.rules import Rule


class Part(NamedTuple):
    """One tier of a price: what its product costs per unit, since an ISO day."""

    price: Decimal | None
    since: str
    product: Product


class Whole(NamedTuple):
    """A price put together, or ``reason`` why it cannot be; it holds since its newest part does."""

    tiers: tuple[Tier, ...]
    since: str
    product: Product
    reason: str = ""


class TierParts:
    """Collects the tiers of each price by the quantity they begin at."""

    def __init__(self) -> None:
        self.found: dict[Key, dict[Decimal, Part]] = {}
        self.torn: dict[Key, str] = {}

    def add(self, key: Key, begins: Decimal, tiers: tuple[Tier, ...], since: str, product: Product) -> None:
        """Take what a product says of the tier that begins at a quantity."""
        parts = self.found.setdefault(key, {})
        if len(tiers) > 1:
            self.torn[key] = "tiers within a tier"
        before = parts.setdefault(begins, Part(tiers[0].price, since, product))
        if before.price != tiers[0].price:
            self.torn[key] = f"several rows state different prices for {key[1]}"

    def wholes(self, rules: Iterable[Rule]) -> Iterator[tuple[Key, Whole]]:
        """Every price that has parts; it needs all that the rules name."""
        needed = _starts(rules)
        for key, parts in self.found.items():
            last = parts[max(parts)].product
            since = max(part.since for part in parts.values())
            reason = self.torn.get(key, "")
            if not reason and set(parts) != needed[key[:2]]:
                reason = f"a tier of {key[1]} is missing"
            yield key, Whole(tuple(Tier(start, parts[start].price) for start in sorted(parts)), since, last, reason)


def _starts(rules: Iterable[Rule]) -> Mapping[tuple[str, str], set[Decimal]]:
    """Where the tiers of each meter begin."""
    starts: dict[tuple[str, str], set[Decimal]] = {}
    for rule in rules:
        if rule.begins is not None:
            starts.setdefault((rule.table, rule.meter), set()).add(rule.begins)
    return starts
