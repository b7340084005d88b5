"""DuckDB as the engine of reports: embedded, exact in decimals, spilling to disk what memory does not hold."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from costkit.billing.accounting import text
from costkit.billing.dialect import Dialect
from costkit.billing.files import PARQUET, BillFiles
from costkit.billing.unreadable import unreadable
from costkit.model.exact import plain
from costkit.model.problem import CostkitError, Problem

NULLS = ("", "NULL", "None")
# A cell of ten megabytes has room. DuckDB would take sixteen lines as one buffer, and several buffers a thread.
LONGEST_LINE = 16 * 2**20
# DuckDB would take four fifths of the machine before it spills; this much is as fast.
MEMORY, MEMORY_OF_A_THREAD = 768, 256
BATCH = 10_000
# How a row that is loaded spells null; texts of a bill that are the same are not found in any.
NO_VALUE = "\\N"
WIDEST = "DECIMAL(38, 12)"


class DuckEngine:
    """One database in the directory ``spill``, which also takes what ``memory``, in megabytes, does not hold."""

    def __init__(self, spill: str, memory: int | None = None) -> None:
        """Raises CostkitError if DuckDB is not installed."""
        try:
            import duckdb
        except ImportError:
            hint = "pip install 'costkit[bill]'"
            raise CostkitError([Problem("CK605", "duckdb", "reading bills needs DuckDB", hint)]) from None
        self.dialect, self.spill, self.doing = Dialect(), spill, ""
        self.error, self.file_error = duckdb.Error, duckdb.IOException
        threads = os.cpu_count() or 1
        self.connection = duckdb.connect(
            os.path.join(spill, "bill.duckdb"),
            config={
                "temp_directory": spill,
                "autoinstall_known_extensions": "false",
                "memory_limit": f"{memory or max(MEMORY, MEMORY_OF_A_THREAD * threads)}MB",
                "preserve_insertion_order": "false",
            },
        )
        self.connection.execute("SET GLOBAL parquet_metadata_cache = true")
        # DuckDB takes the zone of the process, and a bill's months are UTC.
        self.connection.execute("SET GLOBAL TimeZone = 'UTC'")

    def scan(self, files: BillFiles) -> str:
        """How SQL names the lines of these files."""
        listed = "[" + ", ".join(map(text, files.paths)) + "]"
        if files.format == PARQUET:
            return f"read_parquet({listed}, union_by_name = true, hive_partitioning = false)"
        nulls = "[" + ", ".join(map(text, NULLS)) + "]"
        # Left to itself DuckDB passes over short lines at the start, and over lines that begin with #.
        return (
            f"read_csv({listed}, all_varchar = true, header = true, skip = 0, comment = '', union_by_name = true,"
            f" hive_partitioning = false, delim = ',', quote = '\"', escape = '\"', nullstr = {nulls},"
            f" max_line_size = {LONGEST_LINE}, buffer_size = {2 * LONGEST_LINE})"
        )

    def rereads(self, files: BillFiles) -> bool:
        """Whether the files may be read once a query: true of columns, false of a compressed text."""
        return files.format == PARQUET

    def columns(self, relation: str, where: str) -> dict[str, str]:
        """The columns of a relation with their types."""
        return {name: str(kind) for name, kind, *_ in self.rows(f"DESCRIBE SELECT * FROM {relation}", where)}

    def rows(self, sql: str, where: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query. Raises CostkitError, with the bill's name, for what cannot be read."""
        # A cursor of its own, so that rows may be asked for while others are still coming.
        cursor = self.connection.cursor()
        with self._told(where):
            _execute(cursor, sql)
        return self._batches(cursor, where)

    def _batches(self, result: Any, where: str) -> Iterator[tuple[Any, ...]]:
        with self._told(where):
            while batch := result.fetchmany(BATCH):
                yield from batch

    def name(self, name: str, sql: str, where: str) -> None:
        """Name a query."""
        self._run(f"CREATE VIEW {name} AS {sql}", where)

    def keep(self, name: str, sql: str, where: str) -> "DuckEngine":
        """Keep a query's result as a table, so that a compressed bill is read once."""
        self.doing = name
        self._run(f"CREATE TABLE {name} AS {sql}", where)
        return self

    def watched(self) -> Callable[[], tuple[str, float] | None]:
        """What tells another thread how far the running query is: its name, and percent; None where none runs."""
        for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0"):
            self.connection.execute(f"SET {setting}")

        def look() -> tuple[str, float] | None:
            percent = self.connection.query_progress()
            return None if percent < 0 else (self.doing, percent)

        return look

    def in_order(self) -> None:
        """From now on rows stay in the order of what they are made of; else they come as they are ready."""
        self.connection.execute("SET GLOBAL preserve_insertion_order = true")

    def load(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Keep rows of elsewhere as a table. ``types`` are its columns, with types of any engine."""
        between = os.path.join(self.spill, f"{name}.csv")
        with open(between, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([_cell(value) for value in row] for row in rows)
        columns = ", ".join(f"{text(column)}: {text(_loaded(kind))}" for column, kind in types.items())
        source = (
            f"read_csv({text(between)}, header = false, columns = {{{columns}}}, nullstr = {text(NO_VALUE)},"
            " delim = ',', quote = '\"', escape = '\"', auto_detect = false)"
        )
        self._run(f"CREATE TABLE {name} AS SELECT * FROM {source}", name)
        os.remove(between)

    def export(self, sql: str, path: str, where: str) -> None:
        """Write a query's rows to a file: Parquet, or CSV if the name ends in ``.csv``."""
        self.copy(
            sql, path, "FORMAT csv, HEADER" if path.endswith(".csv") else "FORMAT parquet, COMPRESSION zstd", where
        )

    def copy(self, sql: str, path: str, options: str, where: str) -> None:
        """Write a query's rows to a file as they come, with DuckDB's own options of ``COPY``."""
        self.doing = "writing"
        with self._told(where):
            try:
                _execute(self.connection, f"COPY ({sql}) TO {text(path)} ({options})")
            except self.file_error:
                hint = "is there such a directory, and room in it?"
                raise CostkitError([Problem("CK116", path, "cannot be written", hint)]) from None

    def close(self) -> None:
        """Let go of the database and of what it spilled."""
        self.connection.close()

    def _run(self, sql: str, where: str) -> None:
        with self._told(where):
            _execute(self.connection, sql)

    @contextmanager
    def _told(self, where: str) -> Iterator[None]:
        """What DuckDB raises, as what we raise for the bill called ``where``."""
        try:
            yield
        except self.error as error:
            raise unreadable(error, where) from None


def _execute(connection: Any, sql: str) -> None:
    """Run a query in a thread of its own, so that Ctrl-C ends it at once: DuckDB looks for it only now and then."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        running = thread.submit(connection.execute, sql)
        try:
            running.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def _cell(value: Any) -> str:
    if value is None:
        return NO_VALUE
    return plain(value) if isinstance(value, Decimal) else str(value)


def _loaded(kind: str) -> str:
    """The type of a column that is loaded, by its type elsewhere."""
    name = kind.upper().partition("(")[0]
    return WIDEST if name == "DECIMAL" else "BIGINT" if name in ("BIGINT", "INT", "INTEGER") else "VARCHAR"
