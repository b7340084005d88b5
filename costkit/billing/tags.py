"""Where a bill keeps a tag or a cost category: in a column of its own, in a map, or in a text of JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping

from costkit.billing.accounting import identifier
from costkit.billing.columns import CUR, squashed
from costkit.billing.dialect import Dialect

TAG, CATEGORY = "tag:", "category:"
AWS = ("aws:", "aws_")
# How the name of a column of one tag or category alone begins.
ALONE = {TAG: "resource_tags_user_", CATEGORY: "cost_category_"}


def expression(columns: Mapping[str, str], group: str, kind: str, dialect: Dialect) -> str | None:
    """The SQL that finds the tag or cost category called ``group`` in a bill's line; None if the bill has none.

    A line without it may have an empty text. AWS writes keys differently by export:
    https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html.
    """
    prefix = TAG if group.startswith(TAG) else CATEGORY
    key = group.removeprefix(prefix)
    own = {squashed(name): name for name in columns}
    # Tags that AWS makes stand beside those of users: resourceTags/aws:createdBy.
    begun = "resource_tags_" if prefix == TAG and key.startswith(AWS) else ALONE[prefix]
    alone = _alone(columns, begun, key) if kind == CUR else []
    parts = [dialect.written(identifier(column), columns[column]) for column in alone]
    for name, keys in (_tag_keys(key) if prefix == TAG else _category_keys(key)).items():
        if column := own.get(squashed(name)):
            parts += [dialect.entry(identifier(column), columns[column], one) for one in dict.fromkeys(keys)]
    if len(parts) < 2:
        return next(iter(parts), None)
    filled = (f"NULLIF({part}, '')" for part in parts)
    return f"COALESCE({', '.join(filled)})"


def _alone(columns: Iterable[str], begun: str, key: str) -> list[str]:
    """The columns that are of this key alone, in the spelling that is nearest to it.

    Keys that differ in case are different tags, and a legacy report has a column of each.
    """
    alike = [(name, written) for name, written in _as_written(columns) if squashed(written) == squashed(begun + key)]
    exact = [name for name, written in alike if written.endswith((f":{key}", f"/{key}"))]
    loose = [name for name, written in alike if written.lower().endswith((f":{key.lower()}", f"/{key.lower()}"))]
    return exact or loose or [name for name, _ in alike]


def _as_written(columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each column with the name that its file has: DuckDB numbers those that differ from others in case alone."""
    names = list(columns)
    lowered = {name.lower() for name in names}
    for name in names:
        written = re.sub(r"_\d+$", "", name)
        numbered = written != name and written not in names and written.lower() in lowered
        yield name, written if numbered else name


def _normal(key: str) -> tuple[str, str]:
    """A key as AWS normalises it: ``cost_center`` of ``CostCenter``, and the same without parting its words."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)
    return _lowered(parted), _lowered(key)


def _lowered(key: str) -> str:
    return "".join(sign.lower() if sign.isalnum() else "_" for sign in key)


def _tag_keys(key: str) -> dict[str, tuple[str, ...]]:
    """The keys that a tag may have in each map. Few of them: looking into maps is what a large bill spends time on."""
    normal = _normal(key)
    named = key.startswith((*AWS, "user_"))
    return {
        "resource_tags": normal if named else tuple(f"user_{one}" for one in normal),
        "tags": (f"resourceTags/user:{key}", f"user:{key}", key),
    }


def _category_keys(name: str) -> dict[str, tuple[str, ...]]:
    """The keys that a cost category may have. FOCUS puts it into a column of AWS's, and since 1.2 among the tags."""
    keys = (name, *_normal(name))
    return {"cost_category": keys, "x_CostCategories": keys, "tags": (f"costCategory/{name}",)}
