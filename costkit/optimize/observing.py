"""Snapshots among the files of one question: their resources as specs, and what was measured of each."""

from collections.abc import Sequence

from costkit.inputs.documents import Document
from costkit.inputs.infrastructure import SNAPSHOT, kind_of
from costkit.model.snapshot_index import SnapshotIndex
from costkit.optimize.evidence import Measurements, Observed


def with_evidence(documents: Sequence[Document]) -> tuple[list[Document], Measurements]:
    """The documents with snapshots turned into specs, and what they know of each resource."""
    found: list[Document] = []
    observed: dict[str, Observed] = {}
    snapshots: list[SnapshotIndex] = []
    for document in documents:
        if kind_of(document) != SNAPSHOT:
            found.append(document)
            continue
        # Imported here: most questions are about specs.
        from costkit.inputs.snapshot import read_snapshot
        from costkit.inputs.snapshot_resources import translated

        translation = translated(read_snapshot(document), document.name)
        found.append(translation.document)
        snapshots.append(translation.found)
        observed |= {name: Observed(item, translation.found) for name, item in translation.items.items()}
    # The first file gives the frame, and a snapshot has none.
    return sorted(found, key=lambda document: document.translated is not None), Measurements(observed, tuple(snapshots))
