"""The ways to run one warehouse: clusters by node type, size and purchase, and serverless by base capacity."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal, localcontext
from typing import Any, NamedTuple

from costkit.compare import scan
from costkit.compare.redshift_profile import CLUSTER, SERVERLESS, Points, Profile
from costkit.model.exact import EXACT, ONE, plain, quotient
from costkit.model.figure import GB_PER_TB
from costkit.model.resource import Setting

ON_DEMAND, PAUSED = "on demand", "on demand, paused when idle"
TERMS = ("1y", "3y")
PAYMENTS = ("no_upfront", "partial_upfront", "all_upfront")
RESERVED = tuple(f"reserved {term} {payment}" for term in TERMS for payment in PAYMENTS)
# How S3 data is met: scanned as it is, scanned once converted, or loaded.
AS_IT_IS, CONVERTED, LOADED = "", "S3 data converted", "S3 data loaded"
SIZES = 4
# So many TB of data or more need a base capacity of so many RPU:
# https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
LEAST_CAPACITY = ((Decimal(32), Decimal(8)), (Decimal(128), Decimal(32)))


class Recipe(NamedTuple):
    """One way to run the warehouse: ``size`` is the nodes of ``node_type``, or the base capacity in RPU."""

    kind: str
    purchase: str
    size: Decimal | None
    node_type: str = ""
    access: str = AS_IT_IS

    @property
    def name(self) -> str:
        """What the option is called."""
        if self.kind == CLUSTER:
            what = f"{self.node_type} x {plain(self.size or ONE)}"
        else:
            what = "serverless" if self.size is None else f"serverless {plain(self.size)} RPU"
        return ", ".join(part for part in (what, self.purchase.replace("_", " "), self.access) if part)


def recipes(profile: Profile, at: Setting) -> Iterator[Recipe]:
    """The ways that AWS sells and that hold the data; ``at`` is the setting of serverless in the region."""
    specs = at.specs(CLUSTER)
    for node_type in profile.node_types:
        for nodes in sizes(profile, specs[node_type]):
            hours = active_hours(profile, nodes)
            paused = hours is not None and max(hours) < profile.month_hours
            for purchase in (ON_DEMAND, *([PAUSED] if paused else []), *RESERVED):
                yield Recipe(CLUSTER, purchase, nodes, node_type)
    for base in bases(profile, at):
        if rpu_hours(profile, base) is not None:
            for purchase in (ON_DEMAND, *(RESERVED if base is not None else ())):
                yield Recipe(SERVERLESS, purchase, base)


def sizes(profile: Profile, spec: Mapping[str, Any]) -> list[Decimal]:
    """Numbers of nodes: the least that AWS creates and that hold the data, and a few above."""
    if profile.nodes is not None:
        return [profile.nodes] if holds(spec, profile.nodes, stored(profile)) is not False else []
    nodes, most = Decimal(spec.get("nodes_min", 1)), Decimal(spec.get("nodes_max", "Infinity"))
    for name, least in (("vcpu", profile.least_vcpu), ("memory_gib", profile.least_memory)):
        if name in spec:
            nodes = max(nodes, (least / Decimal(spec[name])).to_integral_value(ROUND_CEILING))
    if "storage_tb" in spec and profile.storage is not None:
        needed = max(profile.storage) / (Decimal(spec["storage_tb"]) * _gb_per_tb())
        nodes = max(nodes, needed.to_integral_value(ROUND_CEILING))
    if holds(spec, nodes, stored(profile)) is False:
        nodes += 1
    return [nodes + more for more in range(SIZES) if nodes + more <= most]


def holds(spec: Mapping[str, Any], nodes: Decimal, data: Decimal | None) -> bool | None:
    """Whether nodes have room for so many GB; None where either is not known."""
    if data is None or "storage_tb" not in spec:
        return None
    each = spec.get("storage_tb_single_node", spec["storage_tb"]) if nodes == ONE else spec["storage_tb"]
    return data <= nodes * Decimal(each) * _gb_per_tb()


def stored(profile: Profile) -> Decimal | None:
    """The most data that there may be, in GB."""
    return None if profile.storage is None else max(profile.storage)


def bases(profile: Profile, at: Setting) -> list[Decimal | None]:
    """Base capacities to compare, in RPU: doubled from the smallest, or those that were asked for."""
    if profile.base_rpu is not None:
        return [profile.base_rpu]
    if profile.rpus_per_node is not None:
        specs = at.specs(CLUSTER)[profile.node_types[0]]
        wanted = (sold_capacity(nodes * profile.rpus_per_node, at) for nodes in sizes(profile, specs))
        return list(dict.fromkeys(base for base in wanted if base is not None))
    if profile.active is None:
        return [None]
    least = next((need for tb, need in reversed(LEAST_CAPACITY) if (stored(profile) or 0) >= tb * _gb_per_tb()), ONE)
    found: list[Decimal | None] = []
    base = at.value("rpu_min", SERVERLESS)
    while base <= at.value("rpu_large", SERVERLESS):
        if base >= least:
            found.append(base)
        base += base
    return found


def sold_capacity(rpus: Decimal, at: Setting) -> Decimal | None:
    """The least base capacity that AWS sells of at least so many RPUs."""
    least, large = at.value("rpu_min", SERVERLESS), at.value("rpu_large", SERVERLESS)
    if rpus <= least:
        return least
    step = at.value("rpu_step" if rpus <= large else "rpu_large_step", SERVERLESS)
    base = (rpus / step).to_integral_value(ROUND_CEILING) * step
    return base if base <= at.value("rpu_max", SERVERLESS) else None


def active_hours(profile: Profile, nodes: Decimal) -> Points | None:
    """Hours a month in which a cluster of so many nodes has to run, if that can be known."""
    if profile.active is not None:
        return profile.active
    if profile.node_hours is not None:
        return _each(profile.node_hours, nodes)
    worth = profile.base_rpu if profile.rpus_per_node is None else nodes * profile.rpus_per_node
    return None if worth is None or profile.rpu_hours is None else _each(profile.rpu_hours, worth)


def rpu_hours(profile: Profile, base: Decimal | None) -> Points | None:
    """RPU-hours a month at a base capacity, if that can be known."""
    if profile.active is not None and base is not None:
        return tuple(hours * base for hours in profile.active)
    if profile.node_hours is not None and profile.rpus_per_node is not None:
        return tuple(hours * profile.rpus_per_node for hours in profile.node_hours)
    return profile.rpu_hours


def entry(recipe: Recipe, profile: Profile, spec: Mapping[str, Any]) -> dict[str, Any]:
    """The resource of a spec that an option is; ``spec`` are the attributes of its node type."""
    made: dict[str, Any] = {"type": recipe.kind, **profile.carried.get(recipe.kind, {})}
    if recipe.purchase in RESERVED:
        _, term, payment = recipe.purchase.split()
        made["purchase"] = {"kind": "reserved", "term": term, "payment": payment}
    storage, scanned = profile.storage, profile.scanned
    if recipe.access == CONVERTED and scanned is not None:
        scanned = tuple(scan.scanned_after(point, profile.conversion) for point in scanned)
    if recipe.access == LOADED:
        storage, scanned = with_external(profile), None
    if storage is not None and spec.get("storage", "managed") == "managed":
        made["managed_storage"] = ranged(storage)
    if recipe.kind == SERVERLESS:
        made |= {} if recipe.size is None else {"base_rpu": recipe.size}
        return {**made, "rpu_hours": ranged(rpu_hours(profile, recipe.size) or ())}
    made |= {"node_type": recipe.node_type, "nodes": recipe.size}
    if recipe.purchase == PAUSED:
        made["hours"] = ranged(active_hours(profile, recipe.size or ONE) or ())
    if scanned is not None:
        queries = {} if profile.queries is None else {"queries": ranged(profile.queries)}
        made["spectrum"] = {"scanned": ranged(scanned), **queries}
    return made


def with_external(profile: Profile) -> Points:
    """The data in the warehouse once that of S3 is loaded, in GB."""
    loaded = (scan.loaded_size(point, profile.conversion) for point in profile.external or ())
    return tuple(inside + more for inside, more in zip(profile.storage or (Decimal(0),) * 3, loaded, strict=True))


def ranged(points: Points) -> Any:
    """Points as a spec has them: a number, or a range."""
    expected, low, high = points
    return expected if low == expected == high else {"low": low, "expected": expected, "high": high}


def _each(points: Iterable[Decimal], parts: Decimal) -> Points:
    with localcontext(EXACT):
        return tuple(quotient(point, parts) for point in points)


def _gb_per_tb() -> Decimal:
    return GB_PER_TB.number or ONE
