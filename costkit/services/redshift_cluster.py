"""Amazon Redshift clusters: nodes, managed storage, Spectrum, concurrency scaling, snapshots.

https://aws.amazon.com/redshift/pricing/
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple, Protocol

from costkit.model.exact import plain
from costkit.model.figure import MB_PER_TB, SECONDS_PER_HOUR, Figure, figure
from costkit.model.form import (
    Hours,
    Refusal,
    Refusals,
    Schedule,
    month,
    month_share,
    refuse_hours,
    running,
)
from costkit.model.kind import Choice, Count, Flag, Nested, Size, Text, Whole
from costkit.model.reading import Reading
from costkit.model.resource import Setting
from costkit.services import _redshift_scaling, _redshift_storage


class Spectrum(NamedTuple):
    """Queries over data that stays in S3."""

    scanned: Annotated[Decimal | None, Size("TB"), "Data scanned in S3 a month"] = None
    queries: Annotated[Decimal | None, Count("query"), "Queries a month; each is billed a minimum"] = None


class Purchase(NamedTuple):
    """On demand, or nodes reserved for a term."""

    kind: Annotated[str | None, Choice("on_demand", "reserved"), "On demand (default) or reserved"] = None
    term: Annotated[str | None, Choice("1y", "3y"), "Term of the reservation"] = None
    payment: Annotated[str | None, Choice("no_upfront", "partial_upfront", "all_upfront"), "How it is paid"] = None


class Usage(NamedTuple):
    """An Amazon Redshift cluster."""

    node_type: Annotated[str, Text("ra3.xlplus"), "Node type"]
    nodes: Annotated[Decimal, Whole("nodes"), "Number of nodes, in each zone"] = Decimal(1)
    hours: Hours = None
    schedule: Annotated[Schedule | None, Nested(Schedule)] = None
    managed_storage: Annotated[Decimal | None, Size("GB"), "Data in managed storage, on average over the month"] = None
    spectrum: Annotated[Spectrum | None, Nested(Spectrum)] = None
    concurrency_scaling: Annotated[
        _redshift_scaling.ConcurrencyScaling | None, Nested(_redshift_scaling.ConcurrencyScaling)
    ] = None
    snapshots: Annotated[_redshift_storage.Snapshots | None, Nested(_redshift_storage.Snapshots)] = None
    purchase: Annotated[Purchase | None, Nested(Purchase)] = None
    multi_az: Annotated[bool, Flag(), "Run the nodes in two zones"] = False


def check(use: Usage, at: Setting) -> Refusals:
    """Values AWS does not sell: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html."""
    yield from refuse_hours(use.hours, use.schedule, at)
    specs = at.specs(at.table).get(use.node_type)
    if specs is None:
        yield Refusal("node_type", f"AWS sells no node type {use.node_type}", "", "CK115")
        return
    low, high = Decimal(specs["nodes_min"]), Decimal(specs["nodes_max"])
    if not use.nodes:
        yield Refusal("nodes", "a cluster has at least one node", "write 1 or more")
    elif not low <= use.nodes <= high:
        message = f"AWS creates clusters of {plain(low)} to {plain(high)} {use.node_type} nodes, not {plain(use.nodes)}"
        yield Refusal("nodes", message, "the price is that of the nodes all the same", "CK114", "warning")
    if use.managed_storage and specs["storage"] == "included":
        message = f"{use.node_type} nodes have no managed storage: theirs is included"
        yield Refusal("managed_storage", message, "leave it out", "CK113")
    if use.multi_az and specs["storage"] == "included":
        yield Refusal("multi_az", f"AWS does not run {use.node_type} clusters in two zones", "use ra3 or rg nodes")
    yield from _redshift_storage.refuse(use.snapshots, specs["snapshots"], at)
    yield from _redshift_scaling.refuse(use.concurrency_scaling, at)
    yield from refuse_half_a_purchase(use.purchase)


class Bought(Protocol):
    """What a purchase of nodes and one of RPUs have in common."""

    @property
    def kind(self) -> str | None: ...
    @property
    def term(self) -> str | None: ...
    @property
    def payment(self) -> str | None: ...


def refuse_half_a_purchase(purchase: Bought | None) -> Refusals:
    """A reservation has a term and a payment option; on demand has neither."""
    if purchase is None:
        return
    given = [purchase.term, purchase.payment]
    if purchase.kind == "on_demand" and any(given):
        yield Refusal("purchase", "on_demand has neither term nor payment", "leave them out", "CK113")
    elif purchase.kind != "on_demand" and not all(given):
        missing = "term" if purchase.term is None else "payment"
        yield Refusal(
            f"purchase.{missing}",
            f"missing: {missing} of the reservation",
            "1y or 3y; no_upfront, partial_upfront or all_upfront",
            "CK106",
        )


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What a cluster uses in the month, by meter."""
    nodes = figure(use.nodes, "nodes")
    if use.multi_az:
        nodes *= at.rule("multi_az_zones")
    specs = at.specs(at.table)[use.node_type]
    hours = running(use.hours, use.schedule, at)
    if use.purchase is not None and use.purchase.term and use.purchase.payment:
        yield from reserved(nodes, use.node_type, use.purchase.term, use.purchase.payment, "reserved", "node", at)
    else:
        cover = "node" if use.purchase is None else ""
        yield Reading("node", nodes * hours, "node-hour", use.node_type, cover=cover, running=hours)
    if use.managed_storage is not None:
        yield Reading("managed_storage", figure(use.managed_storage, "GB"), "GB-month")
    if use.spectrum is not None and specs["spectrum"] == "billed":
        yield _spectrum(use.spectrum, at)
    if use.concurrency_scaling is not None:
        seconds = _redshift_scaling.billed_seconds(use.concurrency_scaling, hours, at)
        node_hours = seconds * figure(use.nodes, "nodes") / SECONDS_PER_HOUR
        title = f"Concurrency scaling, {use.node_type}"
        yield Reading("concurrency_scaling", node_hours, "node-hour", use.node_type, priced_by="node", title=title)
    if use.snapshots is not None:
        yield from _redshift_storage.snapshots(use.snapshots, specs, nodes, at)


def reserved(
    amount: Figure, kind: str, term: str, payment: str, family: str, unit: str, at: Setting
) -> Iterator[Reading]:
    """A reservation bills the whole month: its hourly part, and the month's share of its upfront part."""
    if payment != "all_upfront":
        hours = amount * month(at)
        yield Reading(f"{family}.{term}.{payment}.recurring", hours, f"{unit}-hour", kind, fee=True)
    if payment != "no_upfront":
        share = amount * month_share(term, at)
        yield Reading(f"{family}.{term}.{payment}.upfront", share, f"{unit}-term", kind, once=amount, fee=True)


def _spectrum(spectrum: Spectrum, at: Setting) -> Reading:
    """Each query is rounded up to whole megabytes and to a minimum.

    https://repost.aws/knowledge-center/redshift-spectrum-query-charges
    """
    scanned = figure(spectrum.scanned, "TB")
    if spectrum.queries and spectrum.scanned is not None:
        queries = figure(spectrum.queries, "queries")
        each = (scanned * MB_PER_TB / queries).in_steps_of(at.rule("spectrum_step"))
        scanned = queries * each.at_least(at.rule("spectrum_minimum")) / MB_PER_TB
    return Reading("spectrum", scanned, "TB")
