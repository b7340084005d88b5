"""The lines of a bill under our names, and the same added up: what is read of a bill, and read only once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from costkit.billing.accounting import (
    AMOUNT,
    DAY,
    MAYBE_REFUNDED_PLAN,
    REFUND_OF_A_PLAN,
    REFUNDED_PLAN,
    any_of,
    basis,
    identifier,
    text,
    total,
)
from costkit.billing.columns import CUR, CUR_COLUMNS, FOCUS_COLUMNS
from costkit.billing.dialect import Dialect

CUR_AMOUNTS = frozenset(
    name
    for name in CUR_COLUMNS
    if name in ("unblended", "net_unblended", "on_demand", "quantity") or name.startswith(("plan_", "reserved_"))
)
FOCUS_AMOUNTS = frozenset(("billed", "effective", "list", "contracted", "quantity"))
# Rows of split cost allocation repeat what their instance already says:
# https://docs.aws.amazon.com/cur/latest/userguide/split-cost-allocation-data.html
SPLIT = ("EKSPod-EC2", "ECSTask-EC2")
# The billing period as the bill writes it; a text of each line's moment would take long.
WRITTEN_PERIOD = "period as written"
# Looked at as text line by line: no bill has so many lines of a moment that a group of them would be smaller.
MOMENTS = ("period", "usage_start", "usage_end")
# A key that is no column of a bill, and told by two of them.
DAY_OF = "day"
# By these a bill is always added up: the accounting and its control totals are told apart by them.
CUR_KEYS = ("account", "service", "currency", "line_type", "plan", "reservation")
FOCUS_KEYS = ("account", "service", "currency", "line_type", "class", "commitment", "commitment_status")


class Source(NamedTuple):
    """Where lines come from: a relation of an engine, its columns' types, and which of its columns means what."""

    kind: str
    relation: str
    columns: Mapping[str, str]
    types: Mapping[str, str]
    dialect: Dialect

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Our names of all columns that this kind of bill may have."""
        return CUR_COLUMNS if self.kind == CUR else FOCUS_COLUMNS

    @property
    def amounts(self) -> frozenset[str]:
        """Those of our names that are amounts."""
        return CUR_AMOUNTS if self.kind == CUR else FOCUS_AMOUNTS

    def type_of(self, name: str) -> str:
        """The engine's type of one of our columns."""
        return AMOUNT if name in self.amounts else self.dialect.string

    def is_text(self, name: str) -> bool:
        """Whether one of our columns is a text whose values are few beside a bill's lines."""
        return name not in self.amounts and name not in MOMENTS

    def value(self, name: str, column: str) -> str:
        """One of our columns out of the bill's column that means it."""
        write = self.dialect.account if name == "account" else self.dialect.text
        return (self.dialect.decimal if name in self.amounts else write)(column, self.types[self.columns[name]])

    def written(self, name: str, column: str) -> str:
        """A text as the bill writes it; account numbers that are numbers stay so until ``value`` makes them ours."""
        return column if name == "account" else self.dialect.written(column, self.types[self.columns[name]])

    @property
    def by_the_hour(self) -> bool:
        """Whether the bill has no month of its own, so that it is found from the hours of usage, which are many."""
        return self.columns["period"] == self.columns.get("usage_start")


def lines_sql(source: Source, tags: Sequence[tuple[str, str]], as_written: bool = False) -> str:
    """The lines of a bill under our names: amounts as decimals, texts without the spellings of null.

    ``tags`` are our names for tag columns and the expressions that find them in the bill. With ``as_written`` texts
    are left as the bill writes them, for ``sums_sql`` to make ours once a group.
    """
    columns = source.columns
    parts = []
    for name in source.names:
        # A column that is not there is null, which is unknown.
        value = f"CAST(NULL AS {source.type_of(name)})"
        if name in columns:
            column = identifier(columns[name])
            value = source.written(name, column) if as_written and source.is_text(name) else source.value(name, column)
        parts.append(f"{value} AS {identifier(name)}")
    if as_written:
        parts.append(f"{identifier(columns['period'])} AS {identifier(WRITTEN_PERIOD)}")
    parts += [f"{expression} AS {identifier(name)}" for name, expression in tags]
    where = ""
    if source.kind == CUR and "operation" in columns:
        operation = source.written("operation", identifier(columns["operation"]))
        where = f" WHERE {operation} IS NULL OR {operation} NOT IN {any_of(SPLIT)}"
    return f"SELECT {', '.join(parts)}, 1 AS lines FROM {source.relation}{where}"


def filled(value: str) -> str:
    """A text, or null if it is empty."""
    return f"NULLIF({value}, '')"


def sums_sql(
    source: Source,
    keys: Sequence[str],
    tags: Sequence[str],
    net_periods: Sequence[str],
    refunds: bool = True,
    as_written: bool = False,
) -> str:
    """The lines added up by month, by what the accounting needs and by ``keys`` and ``tags``.

    The rows have the columns of ``lines``, so that the accounting is the same text for both. What an amount stands
    in for where another is missing, and what was not used of a commitment, is worked out line by line first:
    after that every cost of the accounting may be taken from sums. ``refunds`` says whether lines may be refunds of
    savings plans, which their description tells. With ``as_written`` lines are grouped by what the bill wrote, and
    these groups once more by what it means: to make texts ours line by line is what would take the time. That pays
    where groups are few.
    """
    as_found, as_meant = _keys(source, keys, tags, refunds, as_written)
    whole, told = _cur_amounts(net_periods) if source.kind == CUR else (_themselves(FOCUS_AMOUNTS), {})
    counts = {"lines": "COUNT(*)", "invoiced": f"COUNT({filled('invoice')})"}
    sums = {name: total(one) for name, one in whole.items()} | {name: f"SUM({one})" for name, one in told.items()}
    absent = {name: f"CAST(NULL AS {source.type_of(name)})" for name in source.names if name not in as_meant}
    if source.kind == CUR:
        absent["plan_used"] = f"CAST(0 AS {AMOUNT})"
    if not as_written:
        return _grouped(as_found, absent | sums | counts, "lines")
    groups = _grouped(as_found, sums | counts, "lines")
    again = {name: total(name) for name in whole} | {name: f"SUM({name})" for name in (*told, *counts)}
    return _grouped(as_meant, absent | again, f"({groups}) AS found")


def refunds_sql() -> str:
    """A line of a CUR that may be the refund of a savings plan, if there is one: few bills have any."""
    return f"SELECT 1 FROM lines WHERE {MAYBE_REFUNDED_PLAN} LIMIT 1"


def _keys(
    source: Source, keys: Sequence[str], tags: Sequence[str], refunds: bool, as_written: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """What lines are grouped by, and what it means, made once a group. What is not there tells nothing apart."""
    wanted = dict.fromkeys(("period", *(CUR_KEYS if source.kind == CUR else FOCUS_KEYS), *keys))
    as_found = {key: identifier(key) for key in (*wanted, *tags) if key in source.columns or key in tags}
    as_found["period"] = "substr(period, 1, 7)"
    as_meant = {key: source.value(key, identifier(key)) for key in as_found if source.is_text(key) and key not in tags}
    as_meant = {key: filled(identifier(key)) for key in as_found} | as_meant | {"period": "period"}
    if as_written and not source.by_the_hour:
        as_found["period"] = identifier(WRITTEN_PERIOD)
        as_meant["period"] = f"substr({source.value('period', 'period')}, 1, 7)"
    if source.kind == CUR and refunds:
        as_found["description"] = f"CASE WHEN {REFUNDED_PLAN} THEN {text(REFUND_OF_A_PLAN)} END"
        as_meant["description"] = "description"
    if DAY_OF in keys:
        # The hours of a day are one; a day's end would tell whole months from days again.
        as_found["usage_start"], as_meant["usage_start"] = DAY, "usage_start"
    return as_found, as_meant


def _themselves(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in sorted(names)}


def _grouped(keys: Mapping[str, str], sums: Mapping[str, str], relation: str) -> str:
    listed = ", ".join(f"{value} AS {identifier(name)}" for name, value in {**keys, **sums}.items())
    return f"SELECT {listed} FROM {relation} GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}"


def _cur_amounts(net_periods: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is added up of each line of a CUR, by the column that it stands in for.

    First what is unknown if any line's is, then what is added up where it is told. What a commitment makes of a line
    is one amount, whatever the type of the line: the sums are told apart by that.
    """
    ground = basis(net_periods)
    committed = (
        f"CASE line_type WHEN 'SavingsPlanCoveredUsage' THEN {ground.covered_by_plan}"
        f" WHEN 'DiscountedUsage' THEN {ground.covered_by_reservation}"
        f" WHEN 'SavingsPlanRecurringFee' THEN {ground.unused_plan} WHEN 'RIFee' THEN {ground.unused_reservation} END"
    )
    # A plan's unused part is whole already: nothing more of it is used, and no share of it is net.
    plain = ("plan_effective", "reserved_effective", "plan_total", "reserved_unused_upfront")
    net = ("plan_net_effective", "reserved_net_effective", "reserved_net_unused_upfront") if net_periods else ()
    whole = {"unblended": "unblended", **dict.fromkeys((*plain, *net), committed)}
    told = {"on_demand": "COALESCE(on_demand, unblended)", "quantity": "quantity"}
    return whole, told | ({"net_unblended": ground.paid} if net_periods else {})
