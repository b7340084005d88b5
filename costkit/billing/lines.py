"""The lines of a bill under our names, and the same added up: what is read of a bill, and read only once."""

from collections.abc import Mapping, Sequence

from costkit.billing.accounting import (
    AMOUNT,
    DAY,
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
# A key that is no column of a bill, and told by two of them.
DAY_OF = "day"
# By these a bill is always added up: the accounting and its control totals are told apart by them.
CUR_KEYS = ("account", "service", "currency", "line_type", "plan", "reservation")
FOCUS_KEYS = ("account", "service", "currency", "line_type", "class", "commitment", "commitment_status")


def lines_sql(
    kind: str,
    relation: str,
    columns: Mapping[str, str],
    types: Mapping[str, str],
    tags: Sequence[tuple[str, str]],
    dialect: Dialect,
) -> str:
    """The lines of a bill under our names: amounts as decimals, texts without the spellings of null.

    ``columns`` are the bill's names for ours, ``types`` the types of the bill's columns; ``tags`` are our
    names for tag columns and the expressions that find them in the bill.
    """
    names = CUR_COLUMNS if kind == CUR else FOCUS_COLUMNS
    amounts = CUR_AMOUNTS if kind == CUR else FOCUS_AMOUNTS
    parts = []
    for name in names:
        column = columns.get(name)
        # A column that is not there is null, which is unknown.
        value = f"CAST(NULL AS {AMOUNT if name in amounts else dialect.string})"
        if column is not None:
            write = dialect.decimal if name in amounts else dialect.account if name == "account" else dialect.text
            value = write(identifier(column), types[column])
        parts.append(f"{value} AS {identifier(name)}")
    parts += ["1 AS lines", *(f"{expression} AS {identifier(name)}" for name, expression in tags)]
    where = ""
    if kind == CUR and "operation" in columns:
        where = f" WHERE COALESCE({identifier(columns['operation'])}, '') NOT IN {any_of(SPLIT)}"
    return f"SELECT {', '.join(parts)} FROM {relation}{where}"


def sums_sql(kind: str, keys: Sequence[str], tags: Sequence[str], net_periods: Sequence[str], dialect: Dialect) -> str:
    """The lines added up by month, by what the accounting needs and by ``keys`` and ``tags``.

    The rows have the columns of ``lines``, so that the accounting is the same text for both. What an amount stands
    in for where another is missing, and what was not used of a commitment, is worked out line by line first:
    after that every cost of the accounting may be taken from sums.
    """
    grouped = [*(CUR_KEYS if kind == CUR else FOCUS_KEYS)]
    grouped += [key for key in keys if key not in grouped and key in (CUR_COLUMNS if kind == CUR else FOCUS_COLUMNS)]
    values = {"period": "substr(period, 1, 7)"} | {key: identifier(key) for key in (*grouped, *tags)}
    if kind == CUR:
        # Few lines are refunds, and only of those is the text looked at.
        refund = f"CASE WHEN {REFUNDED_PLAN} THEN {text(REFUND_OF_A_PLAN)} END"
        values["description"] = f"CASE WHEN line_type = 'Refund' THEN {refund} END"
    if DAY_OF in keys:
        # The hours of a day are one; a day's end would tell whole months from days again.
        values["usage_start"] = DAY
    size = len(values)
    values |= _cur_amounts(net_periods) if kind == CUR else {name: total(name) for name in sorted(FOCUS_AMOUNTS)}
    values |= {"lines": "COUNT(*)", "invoiced": "COUNT(invoice)"}
    for name in CUR_COLUMNS if kind == CUR else FOCUS_COLUMNS:
        typed = AMOUNT if name in (CUR_AMOUNTS if kind == CUR else FOCUS_AMOUNTS) else dialect.string
        values.setdefault(name, f"CAST(NULL AS {typed})")
    listed = ", ".join(f"{value} AS {identifier(name)}" for name, value in values.items())
    return f"SELECT {listed} FROM lines GROUP BY {', '.join(str(place + 1) for place in range(size))}"


def _cur_amounts(net_periods: Sequence[str]) -> dict[str, str]:
    """What is added up of each line of a CUR, by the column that it stands in for.

    What a commitment makes of a line is one amount, whatever the type of the line: the sums are told apart by that.
    """
    ground = basis(net_periods)
    committed = total(
        f"CASE line_type WHEN 'SavingsPlanCoveredUsage' THEN {ground.covered_by_plan}"
        f" WHEN 'DiscountedUsage' THEN {ground.covered_by_reservation}"
        f" WHEN 'SavingsPlanRecurringFee' THEN {ground.unused_plan} WHEN 'RIFee' THEN {ground.unused_reservation} END"
    )
    # A plan's unused part is whole already: nothing more of it is used, and no share of it is net.
    plain = ("plan_effective", "reserved_effective", "plan_total", "reserved_unused_upfront")
    net = ("plan_net_effective", "reserved_net_effective", "reserved_net_unused_upfront")
    return {
        "unblended": total("unblended"),
        "on_demand": "SUM(COALESCE(on_demand, unblended))",
        "quantity": "SUM(quantity)",
        "plan_used": f"CAST(0 AS {AMOUNT})",
        **dict.fromkeys(plain, committed),
        **(dict.fromkeys(net, committed) | {"net_unblended": f"SUM({ground.paid})"} if net_periods else {}),
    }
