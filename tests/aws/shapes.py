"""Answers as JSON carries them, turned into what botocore's shapes hold: times become times."""

from datetime import UTC, datetime
from typing import Any


def timed(shape: Any, value: Any) -> Any:
    """An answer with its times as times."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: timed(shape.members[key], part) for key, part in value.items()}
    if shape.type_name == "list":
        return [timed(shape.member, part) for part in value]
    if shape.type_name == "map":
        return {key: timed(shape.value, part) for key, part in value.items()}
    if shape.type_name == "timestamp":
        return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)
    return value
