"""DuckDB as the engine of reports: embedded, exact in decimals, spilling to disk what memory does not hold."""

from collections.abc import Sequence
from typing import Any

from costkit.billing.accounting import text
from costkit.billing.files import PARQUET, BillFiles
from costkit.model.problem import CostkitError, Problem

NULLS = ("", "NULL", "None")
LONGEST_LINE = 64 * 2**20


class DuckEngine:
    """One connection. ``spill`` is a directory for what memory does not hold."""

    def __init__(self, spill: str) -> None:
        """Raises CostkitError if DuckDB is not installed."""
        try:
            import duckdb
        except ImportError:
            hint = "pip install 'costkit[bill]'"
            raise CostkitError([Problem("CK605", "duckdb", "reading bills needs DuckDB", hint)]) from None
        self.error = duckdb.Error
        self.connection = duckdb.connect(config={"temp_directory": spill, "autoinstall_known_extensions": "false"})
        # DuckDB takes the zone of the process, and a bill's months are UTC.
        self.connection.execute("SET TimeZone = 'UTC'")

    def relation(self, files: BillFiles) -> str:
        """How SQL names the files."""
        listed = "[" + ", ".join(map(text, files.paths)) + "]"
        if files.format == PARQUET:
            return f"read_parquet({listed}, union_by_name = true, hive_partitioning = false)"
        nulls = "[" + ", ".join(map(text, NULLS)) + "]"
        return (
            f"read_csv({listed}, all_varchar = true, header = true, union_by_name = true, hive_partitioning = false,"
            f" delim = ',', quote = '\"', escape = '\"', nullstr = {nulls}, max_line_size = {LONGEST_LINE})"
        )

    def columns(self, relation: str, where: str) -> dict[str, str]:
        """The columns of a relation with their types."""
        return {name: str(kind) for name, kind, *_ in self.rows(f"DESCRIBE SELECT * FROM {relation}", where)}

    def rows(self, sql: str, where: str) -> list[tuple[Any, ...]]:
        """The rows of a query. Raises CostkitError, with the bill's name, for what cannot be read."""
        try:
            found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
            return found
        except self.error as error:
            first = " ".join(str(error).split())[:300]
            hint = "is the file whole, and all of one kind of export?"
            raise CostkitError([Problem("CK601", where, f"the bill cannot be read: {first}", hint)]) from None

    def keep(self, name: str, sql: str, where: str) -> None:
        """Keep a query's result as a table, so that a compressed bill is read once."""
        self.rows(f"CREATE TEMP TABLE {name} AS {sql}", where)

    def name(self, name: str, sql: str, where: str) -> None:
        """Name a query."""
        self.rows(f"CREATE TEMP VIEW {name} AS {sql}", where)


def tag_expression(columns: dict[str, str], key: str, kind: str) -> str | None:
    """The expression that finds a tag in a bill: in a column of its own, a map, or a text of JSON; None if nowhere."""
    from costkit.billing.accounting import identifier
    from costkit.billing.columns import CUR, squashed

    own = {squashed(name): name for name in columns}
    parts: list[str] = []
    if kind == CUR and (column := own.get(squashed(f"resource_tags_user_{key}"))):
        parts.append(identifier(column))
    normal = "".join(sign.lower() if sign.isalnum() else "_" for sign in key)
    for name in ("resource_tags", "tags"):
        column = own.get(squashed(name))
        if column is None:
            continue
        keys = (f"user_{normal}", f"resourceTags/user:{key}", f"user:{key}", key)
        parts += _from_map(identifier(column), columns[column], keys)
    return None if not parts else f"COALESCE({', '.join(parts)}, NULL)"


def category_expression(columns: dict[str, str], name: str) -> str | None:
    """The expression that finds a cost category in a bill: in a column of its own or a map; None if nowhere.

    https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
    """
    from costkit.billing.accounting import identifier
    from costkit.billing.columns import squashed

    own = {squashed(column): column for column in columns}
    parts: list[str] = []
    if column := own.get(squashed(f"cost_category_{name}")):
        parts.append(identifier(column))
    normal = "".join(sign.lower() if sign.isalnum() else "_" for sign in name)
    # FOCUS has no cost categories; AWS puts them into a column of its own, and later among the tags.
    for place, prefix in (("cost_category", ""), ("x_cost_categories", ""), ("tags", "costCategory/")):
        if column := own.get(squashed(place)):
            keys = dict.fromkeys((f"{prefix}{name}", f"{prefix}{normal}"))
            parts += _from_map(identifier(column), columns[column], tuple(keys))
    return None if not parts else f"COALESCE({', '.join(parts)}, NULL)"


def _from_map(column: str, kind: str, keys: Sequence[str]) -> list[str]:
    if kind.startswith("MAP"):
        return [f"CAST({column}[{text(key)}] AS VARCHAR)" for key in keys]
    # A key in a path of JSON stands in double quotes, which it may not have itself.
    paths = ["$." + '"' + key.replace('"', "") + '"' for key in keys]
    return [f"CASE WHEN json_valid({column}) THEN json_extract_string({column}, {text(path)}) END" for path in paths]
