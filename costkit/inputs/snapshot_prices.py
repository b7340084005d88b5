"""Prices that a snapshot itself has: the median of the spot prices of a month, which no table can know.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances-history.html
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ZERO
from costkit.model.price import Price, Prices, Tier
from costkit.model.snapshot import Snapshot

TABLE, UNIT = "ec2_instance", "instance-hour"
METERS = {"Linux/UNIX": ("spot", "Linux instance, spot"), "Windows": ("spot.windows", "Windows instance, spot")}


def spot_prices(snapshot: Snapshot, name: str) -> Prices:
    """The median of all prices of a type and system in a region, whatever the zone; USD an hour."""
    histories: dict[tuple[str, str, str], list[tuple[str, Decimal]]] = {}
    for item in snapshot.of("ec2_spot_price"):
        key = (text(item, "ProductDescription"), text(item, "InstanceType"), item.region)
        found = (_entry(entry) for entry in item.attributes.get("SpotPriceHistory") or ())
        histories.setdefault(key, []).extend(one for one in found if one is not None)
    prices: dict[tuple[str, str, str, str], Price] = {}
    for (system, kind, region), history in histories.items():
        if system in METERS and kind and history:
            meter, title = METERS[system]
            first = min(day for day, _ in history)
            last = snapshot.collected[:10]
            origin = f"{name} DescribeSpotPriceHistory"
            tiers = (Tier(ZERO, _median([price for _, price in history])),)
            about = (f"{meter}.{kind}", f"{title}, {kind}", UNIT, region, min(first, last), last, tiers)
            prices[TABLE, meter, kind, region] = Price(*about, origin, note="the median of its spot prices")
    return prices


def _entry(entry: Any) -> tuple[str, Decimal] | None:
    try:
        price = Decimal(str(entry.get("SpotPrice")))
    except InvalidOperation:
        return None
    return (str(entry.get("Timestamp"))[:10], price) if price.is_finite() and price > ZERO else None


def _median(prices: list[Decimal]) -> Decimal:
    ordered, half = sorted(prices), len(prices) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
