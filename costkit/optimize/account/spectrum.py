"""RSP-11: Redshift Spectrum that costs much beside its nodes, as Cost Explorer has it.

https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-external-performance.html
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from costkit.billing.usage_types import meter_of_usage
from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ZERO, plain, quotient
from costkit.model.finding import CLEAN, FINDING, HEURISTIC, LOW, MEDIUM, NOT_ENOUGH_DATA, OPTIMIZATION, Evidence
from costkit.model.snapshot import Item
from costkit.optimize.account._cost_explorer import amount, whole_month
from costkit.optimize.check import AccountCheck, Place, Sight

SERVICE, CODE = "Amazon Redshift", "AmazonRedshift"
MUCH, HUNDRED = Decimal("0.1"), Decimal(100)
SCANNED, NODE, RESERVED = "DataScanned", "Node:", "HeavyUsage:"
Money = Mapping[str, Decimal]


def look(place: Place) -> Iterator[Sight]:
    """A warning for each region whose scans cost more than a tenth of its nodes in the last whole month."""
    scans: dict[str, Money] = {}
    nodes: dict[str, dict[str, Decimal]] = {}
    for item in place.of("cost"):
        usage = text(item, "UsageType")
        meter = meter_of_usage(CODE, usage, "") if text(item, "Service") == SERVICE else None
        if meter is not None and meter.name == "spectrum":
            scans[usage.removesuffix(SCANNED)] = _by_month(item, place)
        elif (meter is not None and meter.name == "node") or RESERVED in usage:
            region = usage.partition(RESERVED if RESERVED in usage else NODE)[0]
            for month, cost in _by_month(item, place).items():
                nodes.setdefault(region, {})[month] = nodes.get(region, {}).get(month, ZERO) + cost
    for region, months in sorted(scans.items()):
        yield _sight(f"{region}{SCANNED}", months, nodes.get(region, {}))


def _by_month(item: Item, place: Place) -> dict[str, Decimal]:
    """What a usage type cost in each whole month."""
    found = {}
    for entry in item.attributes.get("ResultsByTime") or ():
        month = whole_month(entry.get("TimePeriod"), place)
        cost = amount((entry.get("UnblendedCost") or {}).get("Amount"))
        if month and cost is not None:
            found[month] = cost
    return found


def _sight(about: str, scans: Money, nodes: Money) -> Sight:
    month = max({*scans, *nodes}, default="")
    if not month:
        return Sight(NOT_ENOUGH_DATA, about, "Cost Explorer was asked for no whole month of it")
    spent, beside = scans.get(month, ZERO), nodes.get(month, ZERO)
    if spent > ZERO and beside <= ZERO:
        return Sight(NOT_ENOUGH_DATA, about, "the nodes cost nothing in that month: paid upfront, or gone")
    if spent <= MUCH * beside:
        return Sight(CLEAN, about)
    percent = plain((quotient(spent, beside) * HUNDRED).to_integral_value())
    source = f"GetCostAndUsage, {month}"
    why = (
        f"scans cost {percent} % of what its nodes cost; partitions and columnar files let queries scan less, and RG "
        "nodes do not bill scans at all"
    )
    evidence = (Evidence("Spectrum", spent, "USD", source), Evidence("nodes", beside, "USD", source))
    return Sight(FINDING, about, why, evidence)


CHECK = AccountCheck(
    code="RSP-11",
    title="Scan less, or on RG nodes",
    kinds=("cost",),
    category=OPTIMIZATION,
    confidence=HEURISTIC,
    effort=MEDIUM,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-external-performance.html",
    look=look,
)
