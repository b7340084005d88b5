"""The usage of a cluster or workgroup of a spec, and what its alternatives take over from it."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any

from costkit.compare.redshift import Present
from costkit.compare.redshift_profile import CLUSTER, SERVERLESS, Points, Profile
from costkit.inputs.binding import nearest
from costkit.model.exact import EXACT, plain, quotient
from costkit.model.form import running
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import Resource, Setting
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.services import redshift_serverless

FRAME = ("free_tier", "discounts", "month_hours", "days", "month")
EVERYWHERE = ("count", "tags")
OF_CLUSTERS = ("concurrency_scaling", "multi_az")


def present_of(spec: Spec, name: str, tree: Mapping[str, Any], book: PriceBook, on: str) -> tuple[Profile, Present]:
    """The usage of a resource of a spec, by name or because it is the only one of Redshift, and the resource alone.

    ``tree`` is the spec as it was read. Raises CostkitError if there is no such resource.
    """
    place = _place(spec, name)
    points = tuple(_comparable(resources[place]) for resources in (spec.resources, spec.low, spec.high))
    resource = points[0]
    own = _alone(spec, points)
    raw = tree["resources"][resource.name]
    at = setting(book, resource.type, resource.region, on, spec.month_hours, spec.hours_per_week)
    with localcontext(EXACT):
        found = _of_cluster(points, at) if resource.type == CLUSTER else _of_serverless(points, at)
    notes = tuple(_notes(spec, raw, resource))
    return found._replace(
        frame={key: tree[key] for key in FRAME if key in tree},
        carried=_carried(raw, resource),
        notes=notes,
        said=(("resource", resource.name),),
    ), Present(resource.name, own)


def _comparable(resource: Resource) -> Resource:
    """A resource without its snapshots, which each family of nodes bills by rules of its own."""
    return resource._replace(usage=resource.usage._replace(snapshots=None))


def _alone(spec: Spec, points: Sequence[Resource]) -> Spec:
    """A resource as the only one of its account, under the spec's agreements."""
    expected, low, high = ((point,) for point in points)
    if not spec.ranged or expected == low == high:
        low = high = expected
    return spec._replace(
        resources=expected, low=low, high=high, commitments=(), not_priced=(), free={}, problems=(), name=points[0].name
    )


def _place(spec: Spec, name: str) -> int:
    places = [place for place, resource in enumerate(spec.resources) if resource.type in (CLUSTER, SERVERLESS)]
    names = [spec.resources[place].name for place in places]
    if not name and len(places) == 1:
        return places[0]
    if name in names:
        return places[names.index(name)]
    if not name:
        message = "which of several warehouses?" if names else f"no {CLUSTER} or {SERVERLESS} in it"
    else:
        other = any(resource.name == name for resource in spec.resources)
        message = f"no cluster or workgroup of Redshift: {name}" if other else f"no resource {name}"
    hint = nearest(name, names) or (f"name one of: {', '.join(names)}" if names else "or describe it with flags")
    raise CostkitError([Problem("CK117", spec.name or "spec", message, hint)])


def _of_cluster(points: Sequence[Resource], at: Setting) -> Profile:
    """Without a schedule a cluster runs all month; when its queries run, only its user can say."""
    uses = [resource.usage for resource in points]
    hours = _points([running(use.hours, use.schedule, at).number for use in uses])
    scans = [use.spectrum for use in uses]
    spec, nodes = at.specs(CLUSTER)[uses[0].node_type], uses[0].nodes
    return Profile(
        region=points[0].region,
        month_hours=at.month_hours,
        active=hours,
        storage=_points([use.managed_storage for use in uses]),
        scanned=_points([None if scan is None else scan.scanned for scan in scans]),
        queries=_points([None if scan is None else scan.queries for scan in scans]),
        node_types=tuple(kind for kind, own in at.specs(CLUSTER).items() if own["storage"] == "managed")
        if uses[0].multi_az
        else (),
        hides_storage=spec["storage"] == "included",
        least_vcpu=nodes * Decimal(spec.get("vcpu", 0)),
        least_memory=nodes * Decimal(spec.get("memory_gib", 0)),
    )


def _of_serverless(points: Sequence[Resource], at: Setting) -> Profile:
    """RPU-hours, as billed, and the hours in which the base capacity makes them."""
    uses = [resource.usage._replace(purchase=None) for resource in points]
    billed = [next(iter(redshift_serverless.meter(use, at))).amount.number for use in uses]
    rpu_hours, base = _points(billed), uses[0].base_rpu
    active = None if rpu_hours is None or base is None else tuple(quotient(amount, base) for amount in rpu_hours)
    return Profile(
        region=points[0].region,
        month_hours=at.month_hours,
        active=active if active is None or max(active) <= at.month_hours else None,
        rpu_hours=rpu_hours,
        storage=_points([use.managed_storage for use in uses]),
        base_rpu=base,
    )


def _points(values: Sequence[Decimal | None]) -> Points | None:
    known = tuple(value for value in values if value is not None)
    return known if len(known) == len(values) else None


def _carried(raw: Mapping[str, Any], resource: Resource) -> dict[str, dict[str, Any]]:
    """What clusters and workgroups in its place would have too."""
    everywhere = {key: raw[key] for key in EVERYWHERE if key in raw}
    cluster = {key: raw[key] for key in OF_CLUSTERS if resource.type == CLUSTER and key in raw}
    return {CLUSTER: {**everywhere, **cluster}, SERVERLESS: everywhere}


def _notes(spec: Spec, raw: Mapping[str, Any], resource: Resource) -> Iterator[str]:
    if resource.type == CLUSTER:
        yield f"Clusters with less vCPUs or memory than {resource.name} take no part, unless --nodes asks for them."
    if resource.copies != 1:
        yield f"There are {plain(resource.copies)} of each, as there are of {resource.name}."
    if "snapshots" in raw:
        yield "Snapshots are billed by other rules from one family of nodes to the next: they are left out everywhere."
    if resource.type == CLUSTER and resource.usage.multi_az:
        yield "Clusters run in two zones, as today; what serverless does when a zone fails is not compared."
    if spec.commitments:
        yield "The commitments of the account are not applied to a single resource."
