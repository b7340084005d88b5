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
    own = {squashed(name): name for name in columns}
    alone = (f"resource_tags_user_{key}",) if prefix == TAG else (f"cost_category_{key}",)
    parts = []
    for name in alone if kind == CUR else ():
        if column := own.get(squashed(name)):
            parts.append(dialect.text(identifier(column), columns[column]))
    for name, keys in (_tag_keys(key) if prefix == TAG else _category_keys(key)).items():
        if column := own.get(squashed(name)):
            found = (dialect.entry(identifier(column), columns[column], one) for one in dict.fromkeys(keys))
            parts += [f"NULLIF({one}, '')" for one in found]
    return f"COALESCE({', '.join(parts)}, NULL)" if parts else None


def _normal(key: str) -> tuple[str, str]:
    """A key as AWS normalises it: ``cost_center`` of ``CostCenter``, and the same without parting its words."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)
    return _lowered(parted), _lowered(key)


def _lowered(key: str) -> str:
    return "".join(sign.lower() if sign.isalnum() else "_" for sign in key)


def _tag_keys(key: str) -> dict[str, tuple[str, ...]]:
    """The keys that a tag may have in each map. Few of them: looking into maps is what a large bill spends time on."""
    normal = _normal(key)
    named = key.startswith(("aws:", "aws_", "user_"))
    return {
        "resource_tags": normal if named else tuple(f"user_{one}" for one in normal),
        "tags": (f"resourceTags/user:{key}", f"user:{key}", key),
    }


def _category_keys(name: str) -> dict[str, tuple[str, ...]]:
    """The keys that a cost category may have. FOCUS puts it into a column of AWS's, and since 1.2 among the tags."""
    keys = (name, *_normal(name))
    return {"cost_category": keys, "x_CostCategories": keys, "tags": (f"costCategory/{name}",)}
