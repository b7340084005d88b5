"""The library: the same answers as the command line's, for a program."""

import os
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from costkit import estimating
from costkit.inputs import documents, spec
from costkit.inputs.infrastructure import as_specs
from costkit.inputs.own_prices import own_prices
from costkit.model.charge import Estimate
from costkit.model.spec import Overrides, Spec
from costkit.pricebook.book import PriceBook

if TYPE_CHECKING:
    from costkit.model.policy import Policy
    from costkit.model.verdict import Check, Difference

FORMATS = ("table", "json", "csv", "markdown")
Source = str | os.PathLike[str] | Mapping[str, Any]


@cache
def _book(overlays: tuple[str, ...] = ()) -> PriceBook:
    """The shipped prices under the tables that a spec names."""
    return PriceBook(overlays)


def read_spec(
    source: Source,
    *,
    on: str,
    book: PriceBook | None = None,
    region: str | None = None,
    month_hours: Decimal | None = None,
    free_tier: bool | None = None,
    usage: Source | None = None,
    parameters: Mapping[str, str] | None = None,
    before: bool = False,
) -> Spec:
    """Read a spec from a file (YAML, JSON, a fleet as CSV, a Terraform plan, a CloudFormation template) or a mapping.

    ``on`` is the ISO day whose limits apply. ``region``, ``month_hours`` (0 to 744) and ``free_tier``
    come before what the source says. ``usage`` is the usage file of a plan or template, ``parameters``
    those of a template; ``before`` takes what stood before a plan's change. Numbers in a mapping are
    int, Decimal or text, never float. Raises CostkitError with everything that is wrong.
    """
    told = None if usage is None else _document(usage, "usage")
    [document] = as_specs([_document(source, "spec")], told, region, parameters, before)
    return spec.read_spec(document, book or _book(own_prices(document)), on, Overrides(region, month_hours, free_tier))


def _document(source: Source, name: str) -> documents.Document:
    """A file, or a mapping as if it were one."""
    if not isinstance(source, Mapping):
        return documents.read_file(os.fspath(source))
    tree = _plain(source)
    described = "format_version" in tree or "Resources" in tree
    return documents.Document(name, tree if described else {"version": "1", **tree}, {}, ())


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
    return estimating.estimate(spec, (book or _book(spec.prices)).with_prices(spec.seen), on, max_age)


def diff(before: Estimate, after: Estimate) -> "Difference":
    """What a change does to the cost: each resource's change, in exact decimals that add up to the total's."""
    from costkit.gate.difference import difference

    return difference(before, after)


def read_budget(source: Source, *, book: PriceBook | None = None) -> "Policy":
    """Read budgets, rules and waivers from a file or a mapping. Raises CostkitError with everything that is wrong."""
    from costkit.inputs.policy import read_policy

    return read_policy(_document(source, "budget"), book or _book())


def check(
    estimate: Estimate,
    policy: "Policy",
    *,
    on: str,
    baseline: Estimate | None = None,
    allow_incomplete: bool = False,
) -> "Check":
    """Judge an estimate by a policy on an ISO day; waivers that ended before it waive nothing.

    The ``verdict`` is passed, failed or incomplete: the last where anything lacks a price or usage,
    unless ``allow_incomplete``. Raises ValueError for a policy about growth without a ``baseline``.
    """
    from costkit.gate.judging import judge

    change = None if baseline is None else diff(baseline, estimate)
    return judge(policy, estimate, change, on, allow_incomplete)


def render(result: Estimate, format: str = "table") -> str:  # as the command line calls it
    """The estimate as ``table``, ``json``, ``csv`` or ``markdown``. Raises ValueError for another format."""
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}: one of {', '.join(FORMATS)}")
    return "".join(import_module(f"costkit.reports.as_{format}").render(result))
