"""What a value of a template can be once its functions are resolved: plain, a reference, or unknown."""

from decimal import Decimal
from typing import Any, Final, NamedTuple

from costkit.model.exact import plain
from costkit.model.kind import MOST_DIGITS

# Far above any name or size that matters for a price; a text beyond it only grows to do harm. AWS's own limits:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LONGEST = 2**16


class Unpriced(Exception):
    """A resource cannot be priced; the message says why, as the user will read it."""


class Malformed(Exception):
    """A function's argument has a shape that CloudFormation refuses; the message says which."""


class Unknown(NamedTuple):
    """A value that only AWS or another parameter can tell.

    ``reason`` completes "it depends on ...". ``text`` is the text as far as it is known, with ``${Name}``
    where it is not. ``path`` is the name of the SSM parameter that holds the value, if one does.
    """

    reason: str
    text: str = ""
    path: str = ""


class Reference(NamedTuple):
    """A resource of the template by its logical id, or one of its attributes."""

    name: str
    attribute: str = ""

    def unknown(self) -> Unknown:
        """The text that AWS will put in its place, which nobody knows before."""
        text = f"{self.name}.{self.attribute}" if self.attribute else self.name
        return Unknown(f"{text}, which only the deployed resource has", f"${{{text}}}")


class NoValue:
    """What AWS::NoValue stands for: the property is not there."""


NO_VALUE: Final = NoValue()
TOO_LONG: Final = Unknown("a text longer than any template")


def text_of(value: Any) -> str | None:
    """A scalar as CloudFormation writes it into a text, None if it is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() and abs(value.adjusted()) < MOST_DIGITS else str(value)
    return value if isinstance(value, str) else None


def joined(parts: list[Any], separator: str = "") -> str | Reference | Unknown:
    """Resolved scalars as one text, or as what is left of it if a part is unknown.

    Raises Malformed if a part is no scalar.
    """
    texts: list[str] = []
    text: str | None
    reason, length = "", 0
    for part in parts:
        unknown = part.unknown() if isinstance(part, Reference) else part
        if isinstance(unknown, Unknown):
            reason, text = reason or unknown.reason, unknown.text or "${?}"
        else:
            text = text_of(unknown)
            if text is None:
                raise Malformed("a list or mapping where a text is meant")
        length += len(text) + len(separator)
        if length > LONGEST:
            return TOO_LONG
        texts.append(text)
    if not reason:
        return separator.join(texts)
    if len(parts) == 1 and isinstance(parts[0], Reference | Unknown):
        return parts[0]
    return Unknown(reason, separator.join(texts))


def first_unknown(value: Any) -> Unknown | None:
    """The first part of a resolved value that is not known, if there is one."""
    if isinstance(value, Reference):
        return value.unknown()
    if isinstance(value, Unknown):
        return value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for part in inner if (found := first_unknown(part)) is not None), None)


def same(one: Any, other: Any) -> bool:
    """Whether two known values are equal; CloudFormation compares scalars as texts."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return text_of(one) == text_of(other) if text_of(one) is not None else one is None and other is None
