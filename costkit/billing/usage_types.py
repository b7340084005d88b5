"""Which usage of a bill is which meter of the price tables: the table beside this file, asked both ways."""

import re
from functools import cache
from typing import Any, NamedTuple

# Usage types of most regions begin with the code of the region: USE1-, EUW1-, EU-, UGW1-.
REGION_CODE = r"(?:[A-Z]{2,3}[A-Z0-9]{0,2}-)?"
KINDS = {"{type}": r"(?P<kind>[a-z0-9-]+\.[a-z0-9-]+)", "{any}": r"\S+"}
# In an estimate the commitment that covers a meter stands before it: compute_savings_plan.1y.no_upfront.duration.arm64.
COVERING = re.compile(
    r"(?:compute_savings_plan|ec2_savings_plan|standard_reserved|convertible_reserved|reserved|reservation)"
    r"(?:\.(?:windows|rhel|suse))?\.[13]y\.(?:no|partial|all)_upfront(?:\.(?:recurring|upfront))?\.?"
)
COVERED = {"ec2_instance": "on_demand", "redshift_cluster": "node", "redshift_serverless": "rpu"}


class Meter(NamedTuple):
    """A meter of a price table; ``kind`` is the instance or node type, if it has any."""

    table: str
    name: str
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.table} {self.name}" + (f" {self.kind}" if self.kind else "")


class UsageType(NamedTuple):
    """A row of the table."""

    service: str
    usage: re.Pattern[str]
    operation: str
    meter: Meter


def meter_of_usage(service: str, usage: str, operation: str) -> Meter | None:
    """The meter of a usage type, or None if the table has none; ``service`` is a product code or FOCUS's name."""
    code = _codes().get(service, service)
    for row in _rows():
        if row.service not in ("*", code) or (row.operation and row.operation != operation):
            continue
        if found := row.usage.fullmatch(usage):
            return row.meter._replace(kind=found.groupdict().get("kind") or "")
    return None


def meter_of_charge(type: str, name: str, tables: frozenset[str]) -> Meter:
    """The meter behind a charge of an estimate, whichever commitment covers it; ``type`` is the resource's."""
    table, separator, rest = name.partition(".")
    if not separator or table not in tables:
        table, rest = type, name
    if covering := COVERING.match(rest):
        rest = rest[covering.end() :]
        if not any(rest.startswith(row.meter.name) for row in _rows() if row.meter.table == table):
            rest = f"{COVERED[table]}.{rest}".rstrip(".") if table in COVERED else rest
    known = {row.meter.name for row in _rows() if row.meter.table == table}
    meter = next(
        (one for one in sorted(known, key=len, reverse=True) if rest == one or rest.startswith(f"{one}.")), rest
    )
    return Meter(table, meter, rest[len(meter) + 1 :])


def service_of(table: str) -> str:
    """The product code that AWS's bills have for the meters of a price table, or an empty text."""
    codes = (row.service for row in _rows() if row.meter.table == table)
    named: dict[str, str] = _tree()["services"]
    return next((code for code in codes if code != "*"), named.get(table, ""))


@cache
def _tree() -> Any:
    from costkit.yaml_exact import read_own

    return read_own(__file__, "usage_types")


@cache
def _rows() -> tuple[UsageType, ...]:
    return tuple(
        UsageType(row["service"], _pattern(row["usage"]), row.get("operation", ""), Meter(*row["meter"].split()))
        for row in _tree()["usage_types"]
    )


def _pattern(usage: str) -> re.Pattern[str]:
    parts = re.split(r"(\{type\}|\{any\})", usage)
    return re.compile(REGION_CODE + "".join(KINDS.get(part) or re.escape(part) for part in parts))


@cache
def _codes() -> dict[str, str]:
    """Product codes by FOCUS's names."""
    from costkit.billing.focus.tables import services

    return {service["name"]: code for code, service in services().items()}
