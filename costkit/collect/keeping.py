"""Keeps of an answer what a kind's form names, in plain values; everything else is dropped at the door."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from costkit.model.snapshot_kinds.kind import FLAG, NUMBER, TIME, Form

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def kept(form: Form, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a form that an answer has; those of another shape than the form's are left out."""
    found = {}
    for key, wanted in form.items():
        value = _value(wanted, answer.get(key))
        if value is not None:
            found[key] = value
    return found


def _value(wanted: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(wanted, list):
        if not isinstance(value, list):
            return None
        parts = [_value(wanted[0], part) for part in value]
        return [part for part in parts if part is not None]
    if isinstance(wanted, dict):
        return (kept(wanted, value) or None) if isinstance(value, dict) else None
    if wanted == TIME:
        return iso_time(value)
    if wanted == FLAG:
        return value if isinstance(value, bool) else None
    if wanted == NUMBER:
        return value if isinstance(value, int | float) and not isinstance(value, bool) and value == value else None
    return value if isinstance(value, str) else None


def iso_time(value: Any) -> str | None:
    """A time as AWS sends it, text or seconds since 1970, as an ISO text in UTC, to the second."""
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
            moment = datetime.fromisoformat(value)
        else:
            moment = datetime.fromtimestamp(float(value), UTC)
        return moment.astimezone(UTC).strftime(TIME_FORMAT)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def tags_of(answer: Mapping[str, Any], key: str = "Tags") -> dict[str, str]:
    """AWS's list of keys and values as a mapping."""
    return {str(tag.get("Key")): str(tag.get("Value", "")) for tag in answer.get(key) or () if isinstance(tag, dict)}


def days_before(end: str, days: int) -> str:
    """The time so many days before another."""
    return (datetime.strptime(end, TIME_FORMAT) - timedelta(days=days)).strftime(TIME_FORMAT)
