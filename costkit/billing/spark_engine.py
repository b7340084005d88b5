"""Spark as the engine of reports: where bills are too large for one machine, or lie where only a cluster reads them."""

import gzip
import os
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from costkit.billing.accounting import identifier, text
from costkit.billing.dataset import write_rows
from costkit.billing.dialect import TEXTS, Dialect
from costkit.billing.duckdb_engine import NULLS, DuckEngine
from costkit.billing.engine import Engine
from costkit.billing.files import PARQUET, TABLE, BillFiles
from costkit.model.problem import CostkitError, Problem

# How Spark is made to read the same text of SQL: names in double quotes, months in UTC, an error instead of a null
# for what is no number, and the last of two equal keys of a JSON object instead of an error.
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
    "spark.sql.session.timeZone": "UTC",
    # A torn line is an error also where only some of its columns are read.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
}


class SparkDialect(Dialect):
    """What Spark spells differently."""

    string = "STRING"

    def from_map(self, column: str, key: str) -> str:
        # A backslash in Spark's literals escapes what follows.
        literal = "'" + key.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return f"CAST(try_element_at({column}, {literal}) AS STRING)"

    def from_json(self, column: str, kind: str, key: str) -> str:
        plain = column if kind.upper() in TEXTS else f"to_json({column})"
        return self.from_map(f"from_json({plain}, 'map<string,string>')", key)


class SparkEngine:
    """A session of Spark; one that runs already is used and left running.

    ``spill`` is a directory of this machine for the sums: they are small, so the rest of a report is made here.
    """

    def __init__(self, master: str, spill: str) -> None:
        """Raises CostkitError if PySpark is not installed or the cluster does not answer."""
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.logger import PySparkLogger
            from pyspark.sql import SparkSession
        except ImportError:
            hint = "pip install 'costkit[bill,spark]'"
            raise CostkitError([Problem("CK605", "spark", "this engine needs PySpark", hint)]) from None
        self.dialect: Dialect = SparkDialect()
        self.spill = spill
        self.errors = (PySparkException, Py4JError)
        # What goes wrong is told by us, in a sentence.
        PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
        self.own = SparkSession.getActiveSession() is None
        builder = SparkSession.builder.appName("costkit").config("spark.ui.enabled", "false")
        try:
            self.session = (builder.master(master) if self.own else builder).getOrCreate()
            self.session.sparkContext.setLogLevel("OFF")
            for name, value in SETTINGS.items():
                self.session.conf.set(name, value)
        except (PySparkException, Py4JError, RuntimeError, OSError) as error:
            hint = "is Java 17 or later installed, and does the master answer?"
            raise CostkitError([Problem("CK620", master, f"Spark does not start: {_first(error)}", hint)]) from None
        self.views: list[str] = []

    def scan(self, files: BillFiles) -> str:
        """The files, or a table of the catalog, as a view called ``bill``."""
        if files.format == TABLE:
            return ".".join(map(identifier, files.paths[0].split(".")))
        try:
            if files.format == PARQUET:
                reader = self.session.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
                found = reader.parquet(*map(_address, files.paths))
            else:
                parts = [self._csv(paths) for paths in _by_header(files.paths)]
                found = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), parts)
            self._view("bill", found)
        except self.errors as error:
            raise _unreadable(error, files.paths[0]) from None
        return "bill"

    def _csv(self, paths: Sequence[str]) -> Any:
        """Files of the same columns: all texts, and the spellings of null as null."""
        options: dict[str, Any] = {
            "header": True,
            "multiLine": True,
            "escape": '"',
            "mode": "FAILFAST",
            "enforceSchema": False,
        }
        raw = self.session.read.options(**options).csv([_address(path) for path in paths])
        nulls = ", ".join(map(text, NULLS))
        columns = (identifier(name) for name in raw.columns)
        return raw.selectExpr(*(f"CASE WHEN {name} NOT IN ({nulls}) THEN {name} END AS {name}" for name in columns))

    def rereads(self, files: BillFiles) -> bool:
        """Whether the files may be read once a query: true of columns, false of a compressed text."""
        return files.format in (PARQUET, TABLE)

    def columns(self, relation: str, where: str) -> dict[str, str]:
        """The columns of a relation with their types."""
        try:
            return dict(self.session.sql(f"SELECT * FROM {relation} LIMIT 0").dtypes)
        except self.errors as error:
            raise _unreadable(error, where) from None

    def rows(self, sql: str, where: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query. Raises CostkitError, with the bill's name, for what cannot be read."""
        try:
            return iter([tuple(row) for row in self.session.sql(sql).collect()])
        except self.errors as error:
            raise _unreadable(error, where) from None

    def name(self, name: str, sql: str, where: str) -> None:
        """Name a query."""
        try:
            self._view(name, self.session.sql(sql))
        except self.errors as error:
            raise _unreadable(error, where) from None

    def keep(self, name: str, sql: str, where: str) -> Engine:
        """Keep a bill's lines in the cluster, if they would be read anew; its sums come to this machine."""
        if name == "lines":
            self.name(name, sql, where)
            self.session.table(name).persist()
            return self
        local = DuckEngine(self.spill)
        local.load(name, self.columns(f"({sql}) AS kept", where), self.rows(sql, where))
        return local

    def _view(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self.views.append(name)

    def export(self, sql: str, path: str, where: str) -> None:
        """Write a query's rows to a file of this machine: Parquet, or CSV if the name ends in ``.csv``."""
        write_rows(path, self.columns(f"({sql}) AS exported", where), self.rows(sql, where))

    def close(self) -> None:
        """Let go of what was kept, and of the session if it is ours."""
        self.session.catalog.clearCache()
        for name in self.views:
            self.session.catalog.dropTempView(name)
        if self.own:
            self.session.stop()


def _address(path: str) -> str:
    return path if "://" in path else f"file://{path}"


def _by_header(paths: Sequence[str]) -> list[list[str]]:
    """Files whose first lines are the same together: Spark takes the columns of a CSV by their place."""
    groups: dict[bytes, list[str]] = {}
    for path in paths:
        groups.setdefault(_header(path), []).append(path)
    return list(groups.values())


def _header(path: str) -> bytes:
    if "://" in path:
        return b""
    if path.lower().endswith(".zst"):
        return os.fsencode(path)
    try:
        with gzip.open(path, "rb") if path.lower().endswith(".gz") else open(path, "rb") as file:
            return bytes(file.readline(1 << 20))
    except (OSError, EOFError) as error:
        raise _unreadable(error, path) from None


def _first(error: Exception) -> str:
    """The first sentences of an error, without Java's stack."""
    return " ".join(str(error).partition("JVM stacktrace")[0].split())[:300]


def _unreadable(error: Exception, where: str) -> CostkitError:
    hint = "is the file whole, and all of one kind of export?"
    return CostkitError([Problem("CK601", where, f"the bill cannot be read: {_first(error)}", hint)])
