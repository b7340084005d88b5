"""A FOCUS export passed through: its own rows under the columns of a version, in one spelling.

Times, numbers and the words of closed lists are brought to FOCUS's form; nothing is computed anew. What is no
column of the version goes behind the others with x_ before its name.
"""

from collections.abc import Mapping

from costkit.billing.accounting import AMOUNT, identifier, text
from costkit.billing.columns import squashed
from costkit.billing.dialect import Dialect
from costkit.billing.focus.tables import NUMBER, OBJECT, TIME, Column, chosen_sql, services

UNIT_PRICE = "DECIMAL(38, 15)"
ACCOUNTS = ("BillingAccountId", "SubAccountId")


def dataset_sql(
    relation: str, own: Mapping[str, str], period: str, month: str, columns: tuple[Column, ...]
) -> tuple[str, list[str]]:
    """The month's rows, and the needed columns that this bill does not have and that nothing else tells.

    ``own`` are the bill's columns with their types, ``period`` the one that says the month.
    """
    by_name = {squashed(name): name for name in own}
    picked, missing, taken = [], [], set()
    for column in columns:
        source = by_name.get(squashed(column.name))
        taken.add(source)
        if source is not None:
            value = _value(column, identifier(source), own[source])
        else:
            value = _derived(column, by_name)
            if value == _null(column) and column.needed:
                missing.append(column.name)
        picked.append(f"{value} AS {identifier(column.name)}")
    used = {column.name.lower() for column in columns}
    for name, kind in own.items():
        if name not in taken:
            picked.append(f"{_custom(name, kind)} AS {identifier(_custom_name(name, used))}")
    where = f"substr(TRIM(CAST({identifier(period)} AS VARCHAR)), 1, 7) = {text(month)}"
    return f"SELECT {', '.join(picked)} FROM {relation} WHERE {where}", missing


def _value(column: Column, name: str, kind: str) -> str:
    plain = f"NULLIF(TRIM(CAST({name} AS VARCHAR)), '')"
    if column.kind == NUMBER:
        return f"CAST({plain} AS {UNIT_PRICE if column.name.endswith('UnitPrice') else AMOUNT})"
    if column.kind == TIME:
        return f"CAST({plain} AS TIMESTAMPTZ)"
    if column.kind == OBJECT:
        return _json(name, kind)
    if column.name in ACCOUNTS:
        return Dialect().account(name, kind)
    if not column.values:
        return plain
    words = " ".join(f"WHEN {text(word.lower())} THEN {text(word)}" for word in column.values)
    return f"CASE LOWER({plain}) {words} ELSE {plain} END"


def _derived(column: Column, by_name: Mapping[str, str]) -> str:
    """A column of a later version out of what an earlier one said."""
    if column.name == "SkuMeter" and "xusagetype" in by_name:
        return _value(column, identifier(by_name["xusagetype"]), "VARCHAR")
    if column.name == "ServiceSubcategory" and "servicename" in by_name and "servicecategory" in by_name:
        name, category = identifier(by_name["servicename"]), identifier(by_name["servicecategory"])
        known = {f"{service['category']}>{service['name']}": service["subcategory"] for service in services().values()}
        return chosen_sql(f"{category} || '>' || {name}", known, f"'Other (' || {category} || ')'")
    return _null(column)


def _null(column: Column) -> str:
    kinds = {NUMBER: AMOUNT, TIME: "TIMESTAMPTZ"}
    return f"CAST(NULL AS {kinds.get(column.kind, 'VARCHAR')})"


def _json(name: str, kind: str) -> str:
    if kind.startswith(("MAP", "STRUCT")):
        return f"CASE WHEN {name} IS NOT NULL THEN CAST(to_json({name}) AS VARCHAR) END"
    return f"NULLIF(TRIM(CAST({name} AS VARCHAR)), '')"


def _custom(name: str, kind: str) -> str:
    return _json(identifier(name), kind)


def _custom_name(name: str, used: set[str]) -> str:
    """A name that starts with x_ and that no other column has, in any case."""
    found = name if name.startswith("x_") else f"x_{name}"
    while found.lower() in used:
        found = f"x_{found}"
    used.add(found.lower())
    return found
