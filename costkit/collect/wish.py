"""What is to be collected, as the command line says it."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.snapshot import Snapshot


class Wish(NamedTuple):
    """What to collect, from where, and how far to go.

    Without ``regions`` all that are enabled. ``start`` and ``end`` are midnights in UTC. ``previous`` is a partial
    snapshot to complete: what is whole in it is not asked for again. ``dry`` only plans.
    """

    services: tuple[str, ...]
    regions: tuple[str, ...]
    roles: tuple[str, ...]
    external_id: str
    profile: str | None
    collected: str
    start: str
    end: str
    days: int
    limit: Decimal | None
    first_wait: float
    dry: bool = False
    previous: Snapshot | None = None
