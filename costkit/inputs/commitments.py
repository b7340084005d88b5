"""The commitments of a spec: which fields each kind needs, and none that it has not."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from costkit.inputs.binding import Flaw, nearest
from costkit.inputs.frame import Commitment as Form
from costkit.model.commitment import (
    COMPUTE_SAVINGS_PLAN,
    EC2_SAVINGS_PLAN,
    RESERVED_INSTANCES,
    RESERVED_NODES,
    RPU_RESERVATION,
    Commitment,
)
from costkit.model.exact import ZERO, plain
from costkit.model.place import Path
from costkit.pricebook.book import PriceBook

# The field that says how much, the one that says of what, and whether it holds in one region only.
FIELDS: Mapping[str, tuple[str, str, bool]] = {
    COMPUTE_SAVINGS_PLAN: ("hourly", "", False),
    EC2_SAVINGS_PLAN: ("hourly", "family", True),
    RESERVED_INSTANCES: ("count_", "instance_type", True),
    RESERVED_NODES: ("count_", "node_type", True),
    RPU_RESERVATION: ("rpus", "", True),
}
ALL = ("hourly", "family", "region", "instance_type", "class_", "node_type", "count_", "rpus")
OPTIONAL = {"region", "class_"}


class CommitmentReader:
    """Turns forms into commitments; what is wrong stands in ``flaws``."""

    def __init__(self, book: PriceBook, region: str | None) -> None:
        self.book, self.region = book, region
        self.flaws: list[Flaw] = []

    def commitments(self, forms: Iterable[Form]) -> list[Commitment]:
        """The commitments that are whole, in their order."""
        read = [self._commitment(form, ("commitments", place)) for place, form in enumerate(forms)]
        return [commitment for commitment in read if commitment is not None]

    def _commitment(self, form: Form, path: Path) -> Commitment | None:
        size, what, regional = FIELDS[form.kind]
        wanted = {
            size,
            what,
            *(["region"] if regional else []),
            *(["class_"] if form.kind == RESERVED_INSTANCES else []),
        }
        before = len(self.flaws)
        for field in ALL:
            given = getattr(form, field) is not None
            if given and field not in wanted:
                self._report(path, field, "CK113", f"{form.kind} has no {field.rstrip('_')}", "leave it out")
            elif not given and field in wanted and field not in OPTIONAL:
                self._report(path, field, "CK106", f"missing: {field.rstrip('_')} of {form.kind}", "add it")
        region = (form.region or self.region or "") if regional else ""
        if regional and not region:
            self._report(path, "region", "CK109", "missing: region", "write region: in the commitment or the spec")
        elif region and region not in self.book.regions():
            hint = nearest(region, self.book.regions())
            self._report(path, "region", "CK108", f"AWS has no region {region}", hint)
        amount: Decimal = getattr(form, size) or ZERO
        if getattr(form, size) is not None and not amount:
            self._report(path, size, "CK104", f"nothing is committed: {plain(amount)}", "more than zero")
        named = getattr(form, what) if what else ""
        self._refuse_unknown(form, path)
        if len(self.flaws) > before:
            return None
        return Commitment(form.kind, form.term, form.payment, amount, region, named or "", form.class_ or "standard")

    def _refuse_unknown(self, form: Form, path: Path) -> None:
        """An instance type, node type or family that AWS does not have."""
        types = self.book.specs("ec2_instance")
        words: dict[str, Any] = {
            "instance_type": types,
            "family": {kind.partition(".")[0] for kind in types},
            "node_type": self.book.specs("redshift_cluster"),
        }
        for field, known in words.items():
            value = getattr(form, field)
            if value is not None and value not in known:
                self._report(
                    path, field, "CK115", f"AWS sells no {field.replace('_', ' ')} {value}", nearest(value, known)
                )

    def _report(self, path: Path, field: str, code: str, message: str, hint: str) -> None:
        self.flaws.append(Flaw((*path, field.rstrip("_")), code, message, hint))
