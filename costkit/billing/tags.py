"""Where a bill keeps a tag or a cost category: in a column of its own, in a map, or in a text of JSON."""

import re
from collections.abc import Mapping

from costkit.billing.accounting import identifier
from costkit.billing.columns import CUR, squashed
from costkit.billing.dialect import Dialect

TAG, CATEGORY = "tag:", "category:"


def expression(columns: Mapping[str, str], group: str, kind: str, dialect: Dialect) -> str | None:
    """The SQL that finds the tag or cost category called ``group`` in a bill's line; None if the bill has none.

    AWS writes keys differently by export: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html.
    """
    prefix = TAG if group.startswith(TAG) else CATEGORY
    key = group.removeprefix(prefix)
    normal = "".join(sign.lower() if sign.isalnum() else "_" for sign in key)
    # AWS parts the words of CostCenter: cost_center.
    parted = "".join(sign.lower() if sign.isalnum() else "_" for sign in re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key))
    own = {squashed(name): name for name in columns}
    alone: tuple[str, ...]
    maps: tuple[str, ...]
    keys: tuple[str, ...]
    if prefix == TAG:
        alone = (f"resource_tags_user_{key}", f"resourceTags/aws:{key}")
        maps = ("resource_tags", "tags")
        keys = (f"user_{normal}", f"user_{parted}", f"resourceTags/user:{key}", f"user:{key}", key)
    else:
        alone = (f"cost_category_{key}",)
        maps = ("cost_category", "x_CostCategories", "tags")
        keys = (normal, parted, f"costCategory/{key}", f"cost_category/{key}", key)
    parts = []
    for name in alone if kind == CUR else ():
        if column := own.get(squashed(name)):
            parts.append(dialect.text(identifier(column), columns[column]))
    for name in maps:
        if column := own.get(squashed(name)):
            found = (dialect.entry(identifier(column), columns[column], one) for one in dict.fromkeys(keys))
            parts += [f"NULLIF({one}, '')" for one in found]
    return f"COALESCE({', '.join(parts)}, NULL)" if parts else None
