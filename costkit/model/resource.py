"""A resource: what someone runs, and the circumstances under which it is metered."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from costkit.model.figure import Figure, figure
from costkit.model.price import Fact

# The region of what AWS sells once for all regions, in specs, price tables and snapshots.
GLOBAL = "global"


class Resource(NamedTuple):
    """One entry of a spec. ``usage`` is the form of its type; ``copies`` multiplies every quantity."""

    name: str
    type: str
    region: str
    usage: Any
    copies: Decimal = Decimal(1)
    tags: Mapping[str, str] = {}
    where: str = ""


class NotPriced(NamedTuple):
    """A resource of a plan or template that costkit has no price for: listed and counted, never taken for free.

    ``type`` is the word that the plan or template has for it; ``reason`` says why it has no price.
    """

    name: str
    type: str
    region: str
    tags: Mapping[str, str]
    where: str
    reason: str


class Setting:
    """Under which circumstances a resource is metered: where, in how long a month, by which rules.

    ``month_hours`` is the length of the month in hours; ``hours_per_week`` the spec's own schedule
    (None: day and night). ``fact`` answers with the rule of the day by table and name, ``specs`` with
    the attributes of the instance or node types of a table, ``priced`` whether a type has any price.
    """

    __slots__ = ("fact", "hours_per_week", "month_hours", "priced", "region", "specs", "table")

    def __init__(
        self,
        table: str,
        region: str,
        month_hours: Decimal,
        hours_per_week: Decimal | None,
        fact: Callable[[str, str], Fact],
        specs: Callable[[str], Mapping[str, Mapping[str, Any]]],
        priced: Callable[[str, str], bool],
    ) -> None:
        self.table = table
        self.region = region
        self.month_hours = month_hours
        self.hours_per_week = hours_per_week
        self.fact = fact
        self.specs = specs
        self.priced = priced

    def value(self, name: str, table: str = "") -> Decimal:
        """The value of a dated fact on the estimate's day."""
        return self.fact(table or self.table, name).value

    def rule(self, name: str, table: str = "") -> Figure:
        """A dated fact as a figure with its unit."""
        fact = self.fact(table or self.table, name)
        return figure(fact.value, fact.unit)
