"""What the server was asked, and what was written."""

from collections import Counter
from pathlib import Path
from typing import Any

from costkit.collect.services import calls_of
from costkit.inputs.documents import read_file
from costkit.inputs.snapshot import read_snapshot
from costkit.model.snapshot import Snapshot
from costkit.model.snapshot_kinds import services

EVERYTHING = (*services(), *services(on_request=True))
# The IAM action of each client and operation; classic load balancers are described with that of the others.
ACTIONS = {(call.client, call.operation): call.iam for call in calls_of(EVERYTHING)}


def snapshot(path: Path) -> Snapshot:
    return read_snapshot(read_file(str(path)))


def sent(account: Any) -> dict[str, int]:
    """The requests that the server saw, by IAM action."""
    return dict(Counter(ACTIONS[client, operation] for client, operation, _ in account.log()))
