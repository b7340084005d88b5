"""Rows as a file of a table: Parquet or CSV, written by DuckDB."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from costkit.billing.duckdb_engine import DuckEngine


def write_rows(path: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows in their order: Parquet, or CSV if the name ends in ``.csv``.

    ``types`` are the columns with their types, of any engine. Raises CostkitError if DuckDB is not installed
    or the file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="costkit-") as folder:
        engine = DuckEngine(folder)
        engine.in_order()
        engine.load("exported", types, rows)
        engine.export("SELECT * FROM exported", path, path)
        engine.close()
