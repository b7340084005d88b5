"""A snapshot as a spec: what runs in an account, with the usage that was measured and where each number comes from.

Accounts of one snapshot are priced together, as consolidated billing does: they share tiers and free allowances.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import localcontext
from typing import Any, NamedTuple

from costkit.inputs import snapshot_resources_ec2 as ec2
from costkit.inputs import snapshot_resources_lambda as functions
from costkit.inputs import snapshot_resources_redshift as redshift
from costkit.inputs.documents import Document
from costkit.inputs.snapshot_prices import spot_prices
from costkit.inputs.snapshot_resources_commitments import READERS, commitments
from costkit.inputs.snapshot_resources_translated import Translated
from costkit.model.exact import EXACT, ONE
from costkit.model.listing import first_of
from costkit.model.place import Path
from costkit.model.problem import Problem
from costkit.model.resource import NotPriced
from costkit.model.snapshot import ITEMS, METRICS, Item, Missing, Snapshot
from costkit.model.snapshot_index import SnapshotIndex

Translator = Callable[[Item, SnapshotIndex], Iterator[Translated]]
TRANSLATORS: Mapping[str, Translator] = {
    "lambda_function": functions.lambda_function,
    "lambda_version": functions.lambda_version,
    "lambda_event_source_mapping": functions.event_source_mapping,
    "redshift_cluster": redshift.redshift_cluster,
    "redshift_snapshot": redshift.redshift_snapshot,
    "redshift_serverless_workgroup": redshift.workgroup,
    "redshift_serverless_namespace": redshift.namespace,
    "ec2_instance": ec2.instance,
    "ec2_capacity_reservation": ec2.capacity_reservation,
    "ebs_volume": ec2.volume,
    "elastic_ip": ec2.address,
    "nat_gateway": ec2.nat_gateway,
    "load_balancer": ec2.load_balancer,
    "classic_load_balancer": ec2.classic_load_balancer,
    "dedicated_host": ec2.dedicated_host,
    "log_group": ec2.log_group,
    **dict.fromkeys(ec2.UNPRICED_KINDS, ec2.unpriced_kind),
}
# What else adds to the cost: its absence hides some of it.
ADDED = ("lambda_provisioned_concurrency", "redshift_serverless_snapshot", *READERS)


class Translation(NamedTuple):
    """A snapshot as a spec, the items that its resources were made from by name, and the snapshot ready to be asked."""

    document: Document
    items: Mapping[str, Item]
    found: SnapshotIndex


def as_spec(snapshot: Snapshot, name: str) -> Document:
    """The document of a spec that says what a snapshot found; ``name`` is what messages call the snapshot by."""
    return translated(snapshot, name).document


def translated(snapshot: Snapshot, name: str) -> Translation:
    """The same, with the items behind its resources.

    A resource is called by its item's id where no other is, else by region or account, kind and id. What lacks a
    price is listed; what could not be collected becomes a problem that makes an estimate incomplete.
    """
    with localcontext(EXACT):
        index = SnapshotIndex(snapshot)
        found = [
            one for item in snapshot.items if item.kind in TRANSLATORS for one in TRANSLATORS[item.kind](item, index)
        ]
    priced = [one for one in found if one.fields is not None]
    resources: dict[str, Any] = {}
    items: dict[str, Item] = {}
    origins: dict[Path, str] = {}
    for called, one in zip(_names(priced), priced, strict=True):
        resources[called] = _entry(one)
        items[called] = one.item
        origins["resources", called] = place(name, one.item)
        for path, origin in one.origins.items():
            origins["resources", called, *path] = f"{name}: {origin}"
    tree: dict[str, Any] = {"version": ONE, "resources": resources}
    committed, problems = commitments(snapshot, lambda item: place(name, item))
    if committed:
        tree["commitments"] = committed
    document = Document(
        name=name,
        tree=tree,
        lines={},
        problems=(*problems, *_missing_problems(snapshot, name)),
        origins=origins,
        translated=frozenset(resources),
        not_priced=tuple(_not_priced(name, found)),
        prices=spot_prices(snapshot, name),
        free=Counter(one.item.kind for one in found if one.fields is None and not one.reason),
    )
    return Translation(document, items, index)


def place(name: str, item: Item) -> str:
    """Where an item stands: ``snapshot.json: ec2_instance i-0abc in eu-west-1 of 111122223333``."""
    return f"{name}: {item.kind} {item.id} in {item.region} of {item.account}"


def _entry(one: Translated) -> dict[str, Any]:
    fields = dict(one.fields or {})
    fields["region"] = one.item.region
    if one.item.tags:
        fields["tags"] = dict(one.item.tags)
    return fields


def _names(priced: list[Translated]) -> Iterator[str]:
    """A name for each, as short as tells it from all others."""
    levels = [_levels(one) for one in priced]
    number = [Counter(names[level] for names in levels) for level in range(len(levels[0]) if levels else 0)]
    taken: set[str] = set()
    for names in levels:
        chosen = next((name for level, name in enumerate(names) if number[level][name] == 1), names[-1])
        while chosen in taken:
            chosen += "'"
        taken.add(chosen)
        yield chosen


def _levels(one: Translated) -> tuple[str, ...]:
    item = one.item
    own = item.id if item.id.strip() else item.kind
    typed = f"{item.kind}/{own}"
    return own, typed, f"{item.region}/{typed}", f"{item.account}/{item.region}/{typed}"


def _not_priced(name: str, found: list[Translated]) -> Iterator[NotPriced]:
    """What has no price: one by one, or as a number of a kind of which none ever has."""
    many: dict[tuple[str, str, str], list[Translated]] = {}
    for one in found:
        item = one.item
        if item.kind in ec2.UNPRICED_KINDS:
            many.setdefault((item.kind, item.region, item.account), []).append(one)
        elif one.fields is None and one.reason:
            called = item.id if item.id.strip() else item.kind
            yield NotPriced(called, item.kind, item.region, item.tags or {}, place(name, item), one.reason)
    for (kind, region, account), group in many.items():
        called = f"{len(group)} {kind}"
        yield NotPriced(called, kind, region, {}, f"{name}: {kind} in {region} of {account}", group[0].reason)


def _missing_problems(snapshot: Snapshot, name: str) -> Iterator[Problem]:
    """What could not be collected and would cost something, a problem for each kind and reason."""
    groups: dict[tuple[str, str, str, str], list[Missing]] = {}
    for gap in snapshot.missing:
        if gap.kind in (*TRANSLATORS, *ADDED) and gap.what in (ITEMS, METRICS):
            groups.setdefault((gap.kind, gap.what, gap.reason, gap.action), []).append(gap)
    for (kind, what, reason, action), gaps in groups.items():
        places = list(dict.fromkeys(f"{gap.region} of {gap.account}" for gap in gaps))
        part = "items" if what == ITEMS else "metrics"
        message = f"{part} of {kind} in {first_of(places, 1)} could not be collected: {reason}"
        hint = f"it needs {action}; costkit collect --resume completes the snapshot" if action else ""
        yield Problem("CK732", name, message, hint, "warning", hides_cost=True)
