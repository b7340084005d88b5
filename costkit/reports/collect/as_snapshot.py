"""A snapshot as the text of its file: a line for each item and each of its metrics, in a stable order."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from costkit.model.exact import plain
from costkit.model.snapshot import FORMAT, SCHEMA_VERSION, Item, Series, Snapshot

# Whole numbers of this size are written without a point, as every program reads them.
WHOLE = 2**53


def render(snapshot: Snapshot) -> Iterator[str]:
    """The text of a whole snapshot, in pieces."""
    items = sorted(snapshot.items, key=place)
    return document(snapshot, (item_text(item) for item in items))


def document(snapshot: Snapshot, items: Iterable[str]) -> Iterator[str]:
    """The text of a snapshot whose items are texts already (``item_text``), in order of ``place``."""
    yield _head(snapshot)
    separator = ""
    for item in items:
        yield f"{separator}\n{item}"
        separator = ","
    yield "\n]\n}\n"


def place(item: Item) -> tuple[str, ...]:
    """Where an item stands in the file."""
    return item.account, item.region, item.kind, item.id


def item_text(item: Item, metrics: Iterable[str] | None = None) -> str:
    """An item: its attributes on one line, each metric on a line of its own.

    ``metrics`` are those lines, if they are texts already.
    """
    text = written(
        {
            "kind": item.kind,
            "id": item.id,
            "arn": item.arn,
            "account": item.account,
            "region": item.region,
            "tags": None if item.tags is None else dict(sorted(item.tags.items())),
            "attributes": item.attributes,
        }
    )
    lines = [series_text(series, series.values) for series in item.metrics] if metrics is None else [*metrics]
    joined = ",\n  ".join(lines)
    return f'{text[:-1]}, "metrics": [\n  {joined}]}}' if lines else text


def series_text(series: Series, values: Sequence[Any]) -> str:
    """A metric on one line; without any value in all its time, the list is empty."""
    fields: dict[str, Any] = {
        "namespace": series.namespace,
        "metric": series.metric,
        "statistic": series.statistic,
        "dimensions": dict(sorted(series.dimensions.items())),
        "period": series.period,
        "start": series.start,
        "end": series.end,
        "gaps": series.gaps,
    }
    if not series.dimensions:
        del fields["dimensions"]
    return f'{written(fields)[:-1]}, "values": [{_numbers(values)}]}}'


def _numbers(values: Sequence[Any]) -> str:
    """Numbers between commas; nothing if none is known."""
    types = set(map(type, values))
    if types <= {type(None)}:
        return ""
    if Decimal not in types:
        text = json.dumps(values, separators=(",", ":"))
        # Nearly always: no exponent, and nothing that is no number. A whole number ends in .0 then.
        if not set(text) & set("eENI"):
            return f"{text[1:-1]},".replace(".0,", ",")[:-1]
    return ",".join(map(_number, values))


def written(value: Any) -> str:
    """JSON on one line, with the keys of mappings inside in order of the alphabet, and numbers exact."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_inner(value[key])}" for key in value) + "}"
    return _inner(value)


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_inner(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inner(part) for part in value) + "]"
    if value is None or isinstance(value, int | float | Decimal):
        return _number(value)
    return _text(value)


def _text(value: str) -> str:
    """A text in plain ASCII: no line separator and no half of a surrogate pair can break the file."""
    return json.dumps(value)


def _number(value: Any) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if value == value // 1 and abs(value) < WHOLE:
        return str(int(value))
    text = repr(value)
    return plain(Decimal(text)) if "e" in text else text


def _head(snapshot: Snapshot) -> str:
    api = snapshot.api
    use = {"calls": dict(sorted(api.calls.items())), "metrics": api.metrics, "cost": plain(api.cost), "currency": "USD"}
    parts = [written(part._asdict()) for part in sorted(snapshot.parts)]
    gaps = [written({**gap._asdict(), "ids": sorted(gap.ids)}) for gap in sorted(snapshot.missing)]
    lines = [
        '"format": ' + _text(FORMAT),
        f'"schema_version": {SCHEMA_VERSION}',
        '"tool_version": ' + _text(snapshot.tool_version),
        '"collected": ' + _text(snapshot.collected),
        '"complete": ' + ("true" if snapshot.complete else "false"),
        '"window": ' + written({"start": snapshot.start, "end": snapshot.end}),
        '"accounts": ' + _list([written(account._asdict()) for account in sorted(snapshot.accounts)]),
        '"regions": ' + _inner(sorted(snapshot.regions)),
        '"services": ' + _inner(snapshot.services),
        '"api": ' + _inner(use),
        '"parts": ' + _list(parts),
        '"missing": ' + _list(gaps),
        '"items": [',
    ]
    return "{\n" + ",\n".join(lines)


def _list(lines: Sequence[str]) -> str:
    return "[\n  " + ",\n  ".join(lines) + "\n]" if lines else "[]"
