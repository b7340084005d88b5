"""A price table as the book keeps it: the YAML's rows in a compact shape, each with its line.

The compact shape is plain lists, mappings and text, so that it can be stored as it is:

    meters: {name: {unit, title, pooled, rows: {type: {region: [[effective, confirmed, price or
             tiers, source, line, confidence, note], ...]}}}}
    facts: {name: {unit, rows: [[effective, confirmed, value, source, line], ...]}}
    allowances: {name: {unit, title, meters, rows: [[effective, confirmed, quantity, source, line], ...]}}
    specs: {type: {attribute: value}}
"""

from decimal import Decimal
from typing import Any

from costkit.model.exact import plain
from costkit.model.place import Lines, Path

Compact = dict[str, Any]


def compact(tree: dict[str, Any], lines: Lines) -> Compact:
    """Turn a checked table into its compact shape; rows of one price stand by date, oldest first."""
    whole: Compact = {"meters": {}, "facts": {}, "allowances": {}, "specs": {}}
    for name, meter in (tree.get("meters") or {}).items():
        rows: dict[str, dict[str, list[list[Any]]]] = {}
        for index, row in enumerate(meter["rows"]):
            line = lines[("meters", name, "rows", index)]
            region = row.get("region") or tree["region"]
            rows.setdefault(row.get("type", ""), {}).setdefault(region, []).append(_price_row(row, line))
        pooled = meter.get("pool", "account") == "account"
        whole["meters"][name] = {"unit": meter["unit"], "title": meter["title"], "pooled": pooled, "rows": rows}
    for name, fact in (tree.get("facts") or {}).items():
        path: Path = ("facts", name, "rows")
        whole["facts"][name] = {"unit": fact["unit"], "rows": _dated(fact["rows"], "value", lines, path)}
    for name, allowance in (tree.get("allowances") or {}).items():
        path = ("allowances", name, "rows")
        kept = {key: allowance[key] for key in ("unit", "title", "meters")}
        whole["allowances"][name] = kept | {"rows": _dated(allowance["rows"], "quantity", lines, path)}
    whole["specs"] = {
        kind: {key: plain(value) if isinstance(value, Decimal) else value for key, value in attributes.items()}
        for kind, attributes in (tree.get("specs") or {}).items()
    }
    return whole


def _price_row(row: dict[str, Any], line: int) -> list[Any]:
    if "tiers" in row:
        price: Any = [[start, None if step is None else plain(step)] for start, step in row["tiers"].items()]
    else:
        price = None if row["price"] is None else plain(row["price"])
    confidence, note = row.get("confidence", "A"), row.get("note", "")
    return [row["effective"], row["confirmed"], price, row["source"], line, confidence, note]


def _dated(rows: list[dict[str, Any]], key: str, lines: Lines, path: Path) -> list[list[Any]]:
    return [
        [row["effective"], row["confirmed"], plain(row[key]), row["source"], lines[(*path, index)]]
        for index, row in enumerate(rows)
    ]
