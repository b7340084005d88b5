"""The few spots where engines speak differently. All of them are at the door, where a bill's columns get our names.

Everything after that is one text of SQL for all engines: no ``GROUP BY ALL``, no functions of one engine alone.
"""

from collections.abc import Sequence

from costkit.billing.accounting import AMOUNT, text

TEXTS = ("VARCHAR", "STRING", "CHAR", "TEXT")
NUMBERS = (
    "DOUBLE",
    "FLOAT",
    "REAL",
    "DECIMAL",
    "NUMERIC",
    "BIGINT",
    "INTEGER",
    "INT",
    "SMALLINT",
    "TINYINT",
    "HUGEINT",
)


def _is(kind: str, names: Sequence[str]) -> bool:
    """Whether a type is one of these, such as ``decimal(38,18)`` is a DECIMAL."""
    return kind.upper().partition("(")[0].strip() in names


class Dialect:
    """The spelling that DuckDB uses; other engines change what they spell differently."""

    string = "VARCHAR"

    def written(self, column: str, kind: str) -> str:
        """A column as text. A timestamp starts with its month in UTC, such as ``2026-10``."""
        return column if _is(kind, TEXTS) else f"CAST({column} AS {self.string})"

    def text(self, column: str, kind: str) -> str:
        """A column as text; an empty text is null."""
        return f"NULLIF({self.written(column, kind)}, '')"

    def account(self, column: str, kind: str) -> str:
        """An account number as text; one that was written as a number has lost its zeros in front."""
        if not _is(kind, NUMBERS):
            return self.text(column, kind)
        return f"LPAD(CAST(CAST({column} AS DECIMAL(18, 0)) AS {self.string}), 12, '0')"

    def decimal(self, column: str, kind: str) -> str:
        """A column as an exact number. What is neither a number nor empty makes the query fail."""
        if _is(kind, NUMBERS):
            return f"CAST({column} AS {AMOUNT})"
        return f"CAST(NULLIF(TRIM(CAST({column} AS {self.string})), '') AS {AMOUNT})"

    def entry(self, column: str, kind: str, key: str) -> str:
        """What a map, a structure or a text of JSON has under a key; null if nothing, or if it cannot be read."""
        if kind.upper().startswith("MAP"):
            return self.from_map(column, key)
        return self.from_json(column, kind, key)

    def from_map(self, column: str, key: str) -> str:
        """What a map has under a key."""
        return f"CAST({column}[{text(key)}] AS VARCHAR)"

    def from_json(self, column: str, kind: str, key: str) -> str:
        """What a JSON object has under a key. A key in a path stands in quotes, which it may not have itself."""
        plain = column if _is(kind, TEXTS) else f"CAST(to_json({column}) AS VARCHAR)"
        path = text('$."' + key.replace('"', "") + '"')
        return f"CASE WHEN json_valid({plain}) THEN json_extract_string({plain}, {path}) END"
