"""What a FOCUS dataset needs of a CUR beyond what the report reads: names, units, rates, tags.

https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html. The expressions for tags are DuckDB's:
a dataset is written by DuckDB.
"""

from collections.abc import Mapping

from costkit.billing.accounting import AMOUNT, identifier, text
from costkit.billing.columns import squashed
from costkit.billing.dialect import Dialect

CUR_FOCUS_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "payer": ("bill_payer_account_id",),
    "payer_name": ("bill_payer_account_name",),
    "issuer": ("bill_invoicing_entity",),
    "seller": ("line_item_legal_entity",),
    "zone": ("line_item_availability_zone",),
    "tax_type": ("line_item_tax_type",),
    "unit": ("pricing_unit",),
    "sku": ("product_sku",),
    "rate_code": ("pricing_rate_code",),
    "instance_type": ("product_instance_type",),
    "pricing_currency": ("pricing_currency",),
    "plan_type": ("savings_plan_offering_type",),
}
CUR_FOCUS_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "list_rate": ("pricing_public_on_demand_rate",),
    "rate": ("line_item_unblended_rate",),
    "net_rate": ("line_item_net_unblended_rate",),
    "normalized": ("line_item_normalized_usage_amount",),
    "reserved_units": ("reservation_total_reserved_units",),
    "reserved_normalized": ("reservation_total_reserved_normalized_units",),
    "unused_units": ("reservation_unused_quantity",),
    "unused_normalized": ("reservation_unused_normalized_unit_quantity",),
}
# What the report reads already and the dataset needs too.
LINE_COLUMNS = (
    "period",
    "usage_start",
    "usage_end",
    "account_name",
    "line_type",
    "operation",
    "description",
    "plan",
    "reservation",
    "plan_effective",
    "plan_total",
    "plan_used",
)
OWN_TAG, TAG_COLUMNS = "resourceTags/user:", "resourcetagsuser"


def cur_columns(own: Mapping[str, str]) -> list[tuple[str, str]]:
    """Our names and the expressions that find them in a CUR whose columns have these types."""
    by_name = {squashed(name): name for name in own}
    found = []
    for name, candidates in {**CUR_FOCUS_COLUMNS, **CUR_FOCUS_AMOUNTS}.items():
        kind = AMOUNT if name in CUR_FOCUS_AMOUNTS else "VARCHAR"
        column = next((by_name[squashed(one)] for one in candidates if squashed(one) in by_name), None)
        plain = "NULL" if column is None else f"NULLIF(TRIM(CAST({identifier(column)} AS VARCHAR)), '')"
        if column is not None and name == "payer":
            plain = Dialect().account(identifier(column), own[column])
        found.append((name, f"CAST({plain} AS {kind})"))
    categories, discounts = by_name.get("costcategory"), by_name.get("discount")
    found.append(("tags", _tags(own, by_name)))
    found.append(("cost_categories", _object(categories, own)))
    found.append(("discounts", _object(discounts, own)))
    return found


def _object(column: str | None, own: Mapping[str, str]) -> str:
    """A map or a text of JSON as a flat JSON object, null if it is empty or none."""
    return "CAST(NULL AS VARCHAR)" if column is None else _flat(_as_map(column, own), "entry.key")


def _as_map(column: str, own: Mapping[str, str]) -> str:
    name = identifier(column)
    if own[column].startswith("MAP"):
        return f"CAST({name} AS MAP(VARCHAR, VARCHAR))"
    # What is no object is no tags; what is nested in one becomes its text.
    return f"TRY_CAST(TRY_CAST({name} AS JSON) AS MAP(VARCHAR, VARCHAR))"


def _flat(found: str, key: str) -> str:
    """A map as a JSON object with changed keys; with its own keys where the changed ones would be the same."""
    entries = f"map_entries({found})"
    renamed = f"map_from_entries(list_transform({entries}, lambda entry: {{k: {key}, v: entry.value}}))"
    return f"CASE WHEN cardinality({found}) > 0 THEN CAST(to_json(COALESCE(TRY({renamed}), {found})) AS VARCHAR) END"


def _tags(own: Mapping[str, str], by_name: Mapping[str, str]) -> str:
    """The tags under the keys that users gave them: from the original keys, the normal ones, or a column each."""
    original, normal = by_name.get("tags"), by_name.get("resourcetags")
    if original is not None:
        return _flat(_as_map(original, own), _without(OWN_TAG))
    if normal is not None:
        return _flat(_as_map(normal, own), _without("user_"))
    # Legacy bills have a column a tag: resourceTags/user:Team.
    single = [name for name in own if squashed(name).startswith(TAG_COLUMNS)]
    if not single:
        return "CAST(NULL AS VARCHAR)"
    pairs = ", ".join(
        f"{{k: {text(_key(name))}, v: NULLIF(CAST({identifier(name)} AS VARCHAR), '')}}" for name in single
    )
    given = f"list_filter([{pairs}], lambda entry: entry.v IS NOT NULL)"
    return f"CASE WHEN len({given}) > 0 THEN CAST(to_json(map_from_entries({given})) AS VARCHAR) END"


def _without(prefix: str) -> str:
    return (
        f"CASE WHEN starts_with(entry.key, {text(prefix)}) THEN substr(entry.key, {len(prefix) + 1}) ELSE entry.key END"
    )


def _key(column: str) -> str:
    """The key of a tag that has a column: ``Team`` of ``resourceTags/user:Team`` and ``resource_tags_user_team``."""
    for prefix in (OWN_TAG, "resource_tags_user_"):
        if column.startswith(prefix):
            return column.removeprefix(prefix)
    return column
