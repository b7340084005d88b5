"""Reservations and savings plans of a snapshot as the commitments of a spec."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.commitment import (
    COMPUTE_SAVINGS_PLAN,
    EC2_SAVINGS_PLAN,
    RESERVED_INSTANCES,
    RESERVED_NODES,
    RPU_RESERVATION,
)
from costkit.model.problem import Problem
from costkit.model.snapshot import Item, Snapshot

SECONDS_PER_YEAR = Decimal(365 * 86400)
TERMS = {1: "1y", 3: "3y"}
PAYMENTS = ("no_upfront", "partial_upfront", "all_upfront")
LINUX = ("Linux/UNIX", "Linux/UNIX (Amazon VPC)")
Fields = Mapping[str, Any]


def commitments(snapshot: Snapshot, where: Callable[[Item], str]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The active commitments, and a problem for each that costkit cannot apply."""
    found, problems = [], []
    for item in snapshot.items:
        read = READERS.get(item.kind)
        if read is None or text(item, STATES.get(item.kind, "State")).lower() not in ("active", "payment-pending"):
            continue
        for fields in read(item):
            if None in fields.values() or "" in fields.values():
                message = f"{item.kind} {item.id} is of a kind that costkit cannot apply"
                hint = "what it covers is priced on demand"
                problems.append(Problem("CK731", where(item), message, hint, "warning", hides_cost=True))
            else:
                found.append(dict(fields))
    return found, problems


def _term(seconds: Decimal | None) -> str | None:
    return None if seconds is None else TERMS.get(int(seconds // SECONDS_PER_YEAR))


def _payment(offered: str) -> str | None:
    words = offered.lower().replace(" ", "_")
    return words if words in PAYMENTS else None


def _nodes(item: Item) -> Iterator[Fields]:
    yield {
        "kind": RESERVED_NODES,
        "node_type": text(item, "NodeType"),
        "count": number(item, "NodeCount"),
        "region": item.region,
        "term": _term(number(item, "Duration")),
        "payment": _payment(text(item, "OfferingType")),
    }


def _instances(item: Item) -> Iterator[Fields]:
    """Those of Linux in a region; others cover only what a spec cannot say: a zone, or another system."""
    plain = text(item, "ProductDescription") in LINUX and text(item, "Scope") in ("Region", "")
    yield {
        "kind": RESERVED_INSTANCES,
        "instance_type": text(item, "InstanceType"),
        "count": number(item, "InstanceCount"),
        "region": item.region,
        "class": (text(item, "OfferingClass") or "standard") if plain else None,
        "term": _term(number(item, "Duration")),
        "payment": _payment(text(item, "OfferingType")),
    }


def _rpus(item: Item) -> Iterator[Fields]:
    yield {
        "kind": RPU_RESERVATION,
        "rpus": number(item, "capacity"),
        "region": item.region,
        "term": _term(number(item, "offering", "duration")),
        "payment": _payment(text(item, "offering", "offeringType").replace("-", "_")),
    }


def _plan(item: Item) -> Iterator[Fields]:
    kind = {"Compute": COMPUTE_SAVINGS_PLAN, "EC2Instance": EC2_SAVINGS_PLAN}.get(text(item, "savingsPlanType"))
    fields: dict[str, Any] = {
        "kind": kind,
        "hourly": _amount(text(item, "commitment")),
        "term": _term(number(item, "termDurationInSeconds")),
        "payment": _payment(text(item, "paymentOption")),
    }
    if kind == EC2_SAVINGS_PLAN:
        fields |= {"family": text(item, "ec2InstanceFamily"), "region": text(item, "region")}
    yield fields


def _amount(written: str) -> Decimal | None:
    return Decimal(written) if written.replace(".", "", 1).isdecimal() and written.isascii() else None


READERS: Mapping[str, Callable[[Item], Iterator[Fields]]] = {
    "redshift_reserved_node": _nodes,
    "ec2_reserved_instance": _instances,
    "redshift_serverless_reservation": _rpus,
    "savings_plan": _plan,
}
STATES = {"redshift_serverless_reservation": "status", "savings_plan": "state"}
