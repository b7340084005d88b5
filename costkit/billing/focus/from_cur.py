"""The lines of a CUR as rows of FOCUS, one expression a column.

The accounting is the report's own: its charges, unused commitments included, come with what FOCUS wants to
know beside the costs. Which line item type is which kind of charge follows AWS's descriptions of them,
https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html, and the columns' definitions,
https://focus.finops.org/focus-specification/v1-2/.
"""

from collections.abc import Mapping, Sequence

from costkit.billing.accounting import any_of, charges_sql, identifier, text
from costkit.billing.focus.cur_columns import columns_of_cur
from costkit.billing.focus.rules import (
    CATEGORY,
    COMMITMENT_ID,
    COMMITMENT_QUANTITY,
    IS_UNUSED,
    PRICED_UNIT,
    QUANTITY,
    SKU,
)
from costkit.billing.focus.source import LINE_COLUMNS
from costkit.billing.focus.tables import chosen_sql, services, units

CHARGE_COLUMNS = ("month", "account", "service", "region", "resource", "currency", "invoice", "usage_type", "family")
COST_COLUMNS = ("commitment", "charge", "billed", "effective", "list", "contracted", "quantity")


def rows_sql(names: Sequence[str], wide: str, fees: str, residues: Sequence[str], month: str, net: bool) -> str:
    """The month's charges with all that FOCUS wants to know.

    ``names`` are the columns of ``wide``, a query of all lines, beyond the report's; ``fees`` names the same
    of the lines that have unused rows, kept; ``residues`` are queries of rows of their own.
    """
    more = [*LINE_COLUMNS, *names]
    listed = ", ".join(identifier(name) for name in (*CHARGE_COLUMNS, *more, *COST_COLUMNS))
    charges = charges_sql("cur", more, [month] if net else [])
    here = f"month = {text(month)}"
    return " UNION ALL ".join(
        [
            f"SELECT {listed} FROM (WITH lines AS NOT MATERIALIZED ({wide}) {charges}) AS used"
            f" WHERE {here} AND NOT ({IS_UNUSED})",
            f"SELECT {listed} FROM (WITH lines AS NOT MATERIALIZED (SELECT * FROM {fees}) {charges}) AS unused"
            f" WHERE {here} AND {IS_UNUSED}",
            *(f"SELECT {listed} FROM ({residue}) AS residue" for residue in residues),
        ]
    )


def residue_sql(names: Sequence[str], known: Mapping[str, str], billed: str) -> str:
    """What covered usage and its negations leave in an account, as a row that FOCUS calls an adjustment.

    ``known`` are texts by the names of columns; the rest is null.
    """
    own = dict.fromkeys((*CHARGE_COLUMNS, *LINE_COLUMNS, *names, *COST_COLUMNS), "NULL")
    own |= {name: text(value) for name, value in known.items()}
    own |= {"billed": billed, "effective": "0", "list": billed, "contracted": billed}
    return "SELECT " + ", ".join(f"{value} AS {identifier(name)}" for name, value in own.items())


def dataset_sql(rows: str, month: str, net: bool, regions: Mapping[str, str]) -> str:
    """All columns of FOCUS over the rows, with x_ columns of our own after them; ``regions`` are names by code."""
    known = {key: {code: one[key] for code, one in services().items()} for key in ("name", "category", "subcategory")}
    looked_up = {
        "service_name": chosen_sql("service", known["name"], "COALESCE(service, 'AWS')"),
        "service_category": chosen_sql("service", known["category"], "'Other'"),
        "service_subcategory": chosen_sql("service", known["subcategory"], "'Other (Other)'"),
        "focus_unit": chosen_sql("LOWER(unit)", units(), "COALESCE(unit, 'Units')"),
    }
    named = (
        f"SELECT found.*, {CATEGORY} AS category, {IS_UNUSED} AS is_unused,"
        + "".join(f" {value} AS {name}," for name, value in looked_up.items())
        + f" CASE WHEN region IN ('global', '') THEN NULL WHEN region IS NULL AND zone IN {any_of(regions)}"
        f" THEN zone ELSE region END AS region_id FROM ({rows}) AS found"
    )
    priced = (
        f"SELECT named.*, {QUANTITY} AS priced_quantity, {COMMITMENT_ID} AS commitment_id,"
        f" {COMMITMENT_QUANTITY} AS commitment_quantity, {PRICED_UNIT} AS priced_unit, {SKU} AS sku_id"
        f" FROM ({named}) AS named"
    )
    picked = ", ".join(f"{value} AS {identifier(name)}" for name, value in columns_of_cur(month, net, regions).items())
    return f"SELECT {picked} FROM ({priced}) AS priced"
