"""Redshift snapshots under both billing models: whole, and by their unique blocks.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from costkit.model.figure import GB_PER_TB, Figure, figure
from costkit.model.form import Refusal, Refusals, refuse_both
from costkit.model.kind import Size
from costkit.model.reading import Reading
from costkit.model.resource import Setting

TABLE = "redshift_cluster"


class Snapshots(NamedTuple):
    """Snapshots kept; automated ones are free where storage is managed."""

    manual: Annotated[Decimal | None, Size("GB"), "Manual snapshots (RA3, RG, serverless)"] = None
    total: Annotated[Decimal | None, Size("GB"), "All snapshots (DC2); those within the nodes' storage are free"] = None
    unique: Annotated[Decimal | None, Size("GB"), "Unique blocks of manual snapshots (RG, serverless)"] = None


def refuse(kept: Snapshots | None, model: str, at: Setting) -> Refusals:
    """Each node family has its own way to count snapshots."""
    if kept is None:
        return
    yield from refuse_both("snapshots.manual", kept.manual, "snapshots.unique", kept.unique)
    if kept.total is not None and model != "beyond_included":
        hint = "write manual, the size of the manual ones"
        yield Refusal("snapshots.total", "only DC2 clusters are billed for all their snapshots", hint, "CK113")
    if model == "beyond_included" and (kept.manual is not None or kept.unique is not None):
        field = "snapshots.manual" if kept.manual is not None else "snapshots.unique"
        yield Refusal(field, "DC2 clusters are billed for all their snapshots", "write total", "CK113")
    if kept.unique is not None and model == "full":
        hint = "write manual, the size of the manual ones"
        yield Refusal("snapshots.unique", "RA3 snapshots are not billed by unique blocks", hint, "CK113")
    if kept.unique is not None and model == "unique" and not at.value("unique_snapshots", TABLE):
        hint = "write manual for days before 2026-06-08"
        yield Refusal("snapshots.unique", "snapshots were not billed by unique blocks on that day", hint, "CK113")


def snapshots(kept: Snapshots, specs: Mapping[str, Any], nodes: Figure, at: Setting) -> Iterator[Reading]:
    """The snapshot storage that is billed, graduated over the account."""
    table = "" if at.table == TABLE else TABLE
    if kept.total is not None:
        included = nodes * figure(Decimal(specs["storage_tb"]), "TB") * GB_PER_TB
        yield Reading("snapshot_storage", figure(kept.total, "GB").beyond(included), "GB-month", table=table)
    billed = kept.manual if kept.unique is None else kept.unique
    if billed is not None:
        yield Reading("snapshot_storage", figure(billed, "GB"), "GB-month", table=table)
