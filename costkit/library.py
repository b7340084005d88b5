"""The library: the same answers as the command line's, for a program."""

import os
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

from costkit import estimating
from costkit.inputs import documents, spec
from costkit.model.charge import Estimate
from costkit.model.spec import Overrides, Spec
from costkit.pricebook.book import PriceBook

FORMATS = ("table", "json", "csv", "markdown")


@cache
def _shipped() -> PriceBook:
    return PriceBook()


def read_spec(
    source: str | os.PathLike[str] | Mapping[str, Any],
    *,
    on: str,
    book: PriceBook | None = None,
    region: str | None = None,
    month_hours: Decimal | None = None,
    free_tier: bool | None = None,
) -> Spec:
    """Read a spec from a file (YAML, JSON, or a fleet as CSV) or from a mapping of the same shape.

    ``on`` is the ISO day whose limits apply. ``region``, ``month_hours`` (0 to 744) and ``free_tier``
    come before what the source says. Numbers in a mapping are int, Decimal or text, never float.
    Raises CostkitError with everything that is wrong.
    """
    if isinstance(source, Mapping):
        document = documents.Document("spec", {"version": "1", **_plain(source)}, {}, ())
    else:
        document = documents.read_file(os.fspath(source))
    return spec.read_spec(document, book or _shipped(), on, Overrides(region, month_hours, free_tier))


def _plain(value: Any) -> Any:
    """Mappings and sequences of a program as the dicts and lists that files give."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def one_resource(
    type: str,  # the word that a spec has for it
    *,
    on: str,
    region: str | None = None,
    book: PriceBook | None = None,
    **fields: Any,
) -> Spec:
    """A spec of one resource: ``one_resource("lambda_function", region="eu-west-1", requests="30M", ...)``.

    Raises CostkitError with everything that is wrong with the fields.
    """
    entry = {"type": type, **({} if region is None else {"region": region}), **fields}
    return read_spec({"name": type, "resources": {type: entry}}, on=on, book=book)


def estimate(spec: Spec, *, on: str, book: PriceBook | None = None, max_age: int = 90) -> Estimate:
    """Price a spec with the prices of an ISO day; exact, in US dollars a month.

    What has no proven price or no usage has the cost None, is left out of the sums and makes
    ``complete`` False. Prices last seen more than ``max_age`` days before ``on`` are reported as stale.
    """
    return estimating.estimate(spec, book or _shipped(), on, max_age)


def render(result: Estimate, format: str = "table") -> str:  # as the command line calls it
    """The estimate as ``table``, ``json``, ``csv`` or ``markdown``. Raises ValueError for another format."""
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}: one of {', '.join(FORMATS)}")
    return "".join(import_module(f"costkit.reports.as_{format}").render(result))
