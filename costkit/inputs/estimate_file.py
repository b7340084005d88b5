"""An estimate that costkit wrote as JSON, read back: a baseline to compare with."""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from costkit.inputs.documents import Document
from costkit.model.charge import ALLOWANCE, NEEDS_USAGE, PRICED, UNPRICED, Charge, Estimate, ResourceCost
from costkit.model.exact import EXACT, ZERO
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import Resource
from costkit.pricebook.book import CURRENCY

STATUSES = (PRICED, UNPRICED, NEEDS_USAGE, ALLOWANCE)
MOST_PLACES = 60


def is_estimate(tree: Any) -> bool:
    """Whether a document is the JSON of ``costkit estimate``."""
    return isinstance(tree, dict) and "schema_version" in tree and "total" in tree and "resources" in tree


def read_estimate(document: Document) -> Estimate:
    """Read an estimate back. Raises CostkitError if it is none that this version can read."""
    reader = _Reader(document)
    if str(document.tree["schema_version"]) != "1":
        raise reader.wrong(("schema_version",), "an estimate of another version", "write it again with this costkit")
    return reader.estimate()


class _Reader:
    """Takes an estimate's tree apart; whatever has another shape than costkit writes ends the reading."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def wrong(self, path: Path, message: str, hint: str = "costkit estimate -o json=FILE writes one") -> CostkitError:
        return CostkitError([Problem("CK122", self.document.where(path), message, hint)])

    def estimate(self) -> Estimate:
        with localcontext(EXACT):
            found = self._estimate()
            parts = sum((cost.cost for cost in found.resources), ZERO)
            parts += sum((charge.cost for charge in found.account if charge.cost is not None), ZERO)
            if parts != found.cost:
                raise self.wrong(("total", "monthly_cost"), "the resources do not add up to the total")
        return found

    def _estimate(self) -> Estimate:
        tree = self.document.tree
        total = self.mapping(tree["total"], ("total",))
        if str(tree.get("currency")) != CURRENCY:
            raise self.wrong(("currency",), f"an estimate in {shown(tree.get('currency'))}, not in {CURRENCY}")
        hidden = not tree.get("complete", False)
        problems = (Problem("CK201", self.document.name, "the estimate is incomplete", "", "warning", True),)
        low, high = self.amount(total, "low", ("total",)), self.amount(total, "high", ("total",))
        cost = self.amount(total, "monthly_cost", ("total",))
        return Estimate(
            name=str(tree.get("name", "")),
            currency=str(tree.get("currency", "")),
            on=str(tree.get("on", "")),
            month_hours=self.amount(tree, "month_hours", ()),
            resources=tuple(
                self.resource(raw, ("resources", place)) for place, raw in enumerate(self.list(tree, "resources", ()))
            ),
            account=tuple(
                self.charge(raw, ("account", place)) for place, raw in enumerate(self.list(tree, "account", ()))
            ),
            problems=problems if hidden else (),
            cost=cost,
            low=low,
            high=high,
            upfront=self.amount(total, "upfront_cost", ("total",)),
            ranged=low != high,
        )

    def resource(self, raw: Any, path: Path) -> ResourceCost:
        raw = self.mapping(raw, path)
        tags = {str(key): str(value) for key, value in self.mapping(raw.get("tags", {}), (*path, "tags")).items()}
        name, kind, region = (self.text(raw, key, path) for key in ("name", "type", "region"))
        charges = [
            self.charge(charge, (*path, "charges", place))
            for place, charge in enumerate(self.list(raw, "charges", path))
        ]
        return ResourceCost(
            resource=Resource(name, kind, region, None, tags=tags, where=self.document.name),
            charges=tuple(charges),
            cost=self.amount(raw, "monthly_cost", path),
            low=self.amount(raw, "low", path),
            high=self.amount(raw, "high", path),
        )

    def charge(self, raw: Any, path: Path) -> Charge:
        raw = self.mapping(raw, path)
        status = self.text(raw, "status", path)
        if status not in STATUSES:
            raise self.wrong((*path, "status"), f"a charge that is {shown(status)}")
        return Charge(
            meter=self.text(raw, "meter", path),
            title=self.text(raw, "description", path),
            quantity=self.optional(raw, "quantity", path),
            unit=self.text(raw, "unit", path),
            unit_price=self.optional(raw, "unit_price", path),
            cost=self.optional(raw, "monthly_cost", path),
            status=status,
            price_date=str(raw.get("price_date") or ""),
            source=str(raw.get("source") or ""),
            low=self.optional(raw, "low", path),
            high=self.optional(raw, "high", path),
        )

    def mapping(self, raw: Any, path: Path) -> Mapping[str, Any]:
        if not isinstance(raw, dict):
            raise self.wrong(path, f"not a mapping: {shown(raw)}")
        return raw

    def list(self, raw: Mapping[str, Any], key: str, path: Path) -> list[Any]:
        found = raw.get(key, [])
        if not isinstance(found, list):
            raise self.wrong((*path, key), f"not a list: {shown(found)}")
        return found

    def text(self, raw: Mapping[str, Any], key: str, path: Path) -> str:
        found = raw.get(key)
        if not isinstance(found, str):
            raise self.wrong((*path, key), f"not a text: {shown(found)}")
        return found

    def amount(self, raw: Mapping[str, Any], key: str, path: Path) -> Decimal:
        found = self.optional(raw, key, path)
        if found is None:
            raise self.wrong((*path, key), f"missing: {key}")
        return found

    def optional(self, raw: Mapping[str, Any], key: str, path: Path) -> Decimal | None:
        found = raw.get(key)
        if found is None:
            return None
        try:
            number = Decimal(found) if isinstance(found, str | Decimal) else Decimal("NaN")
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite() or (number != ZERO and abs(number.adjusted()) > MOST_PLACES):
            raise self.wrong((*path, key), f"not an amount: {shown(found)}")
        return number
