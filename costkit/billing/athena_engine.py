"""Amazon Athena as the engine of reports: a bill stays in its lake, and only sums leave it.

https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html. Athena speaks Trino's SQL.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from costkit.billing.accounting import identifier, text
from costkit.billing.dataset import write_rows
from costkit.billing.dialect import TEXTS, Dialect
from costkit.billing.duckdb_engine import DuckEngine
from costkit.billing.engine import Engine
from costkit.billing.files import BillFiles
from costkit.model.problem import CostkitError, Problem

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
NAME = re.compile(r"[A-Za-z0-9_]+")
# Athena's own types of what comes back; all of it comes as text.
NUMBERS: dict[str, Callable[[str], Any]] = {"decimal": Decimal, "bigint": int, "integer": int}


class AthenaDialect(Dialect):
    """What Trino spells differently."""

    def from_map(self, column: str, key: str) -> str:
        # A key that is not in the map is an error with brackets.
        return f"CAST(element_at({column}, {text(key)}) AS VARCHAR)"

    def from_json(self, column: str, kind: str, key: str) -> str:
        plain = column if kind.upper().partition("(")[0] in TEXTS else f"json_format(CAST({column} AS JSON))"
        path = text('$["' + key.replace('"', "") + '"]')
        return f"json_extract_scalar({plain}, {path})"


class AthenaEngine:
    """A workgroup of Athena.

    ``client`` is boto3's for Athena; ``pause`` waits between two looks at a query, and is told how many there were.
    ``output`` is where Athena writes results, empty if the workgroup says so itself; ``spill`` is a directory of
    this machine for the sums.
    """

    def __init__(self, client: Any, workgroup: str, output: str, spill: str, pause: Callable[[int], None]) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        self.dialect: Dialect = AthenaDialect()
        self.client, self.workgroup, self.output, self.spill, self.pause = client, workgroup, output, spill, pause
        self.errors = (BotoCoreError, ClientError)
        self.scanned = 0
        self.named: dict[str, str] = {}

    def scan(self, files: BillFiles) -> str:
        """The table, each part of its name in quotes."""
        table = files.paths[0]
        parts = table.split(".")
        if not all(NAME.fullmatch(part) for part in parts) or not 1 <= len(parts) <= 3:
            raise CostkitError([Problem("CK620", "--table", f"no table is called {table}", "write database.table")])
        return ".".join(map(identifier, parts))

    def rereads(self, files: BillFiles) -> bool:
        """A lake is read with every query."""
        return True

    def columns(self, relation: str, where: str) -> dict[str, str]:
        """The columns of a relation with their types. Athena reads nothing for it."""
        _, columns = self._run(f"SELECT * FROM {relation} LIMIT 0", where)
        return columns

    def rows(self, sql: str, where: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, page by page."""
        query, columns = self._run(sql, where)
        return self._pages(query, list(columns.values()), where)

    def name(self, name: str, sql: str, where: str) -> None:
        """Name a query; each query that uses it carries it along."""
        self.named[name] = sql

    def keep(self, name: str, sql: str, where: str) -> Engine:
        """Run a query once; its rows come to this machine, and the rest of a report is made from them here."""
        query, columns = self._run(sql, where)
        local = DuckEngine(self.spill)
        local.load(name, columns, self._pages(query, list(columns.values()), where))
        return local

    def export(self, sql: str, path: str, where: str) -> None:
        """Write a query's rows to a file of this machine: Parquet, or CSV if the name ends in ``.csv``."""
        query, columns = self._run(sql, where)
        write_rows(path, columns, self._pages(query, list(columns.values()), where))

    def close(self) -> None:
        """Nothing is kept at Athena."""

    def _whole(self, sql: str) -> str:
        """A query with the named queries that it uses, directly or through others."""
        used: dict[str, str] = {}
        pending = [sql]
        while pending:
            text_of = pending.pop()
            for name, body in self.named.items():
                if name not in used and re.search(rf"\bFROM {name}\b", text_of):
                    used[name] = body
                    pending.append(body)
        listed = ", ".join(f"{name} AS ({self.named[name]})" for name in self.named if name in used)
        return f"WITH {listed} {sql}" if listed else sql

    def _run(self, sql: str, where: str) -> tuple[str, dict[str, str]]:
        """Run a query to its end; returns its id and the columns of its result with their types."""
        request: dict[str, Any] = {"QueryString": self._whole(sql), "WorkGroup": self.workgroup}
        if self.output:
            request["ResultConfiguration"] = {"OutputLocation": self.output}
        try:
            query = self.client.start_query_execution(**request)["QueryExecutionId"]
            try:
                execution = self._ended(query)
            except BaseException:
                # Whoever interrupts us does not want to pay for the rest.
                self.client.stop_query_execution(QueryExecutionId=query)
                raise
            self.scanned += execution.get("Statistics", {}).get("DataScannedInBytes", 0)
            status = execution["Status"]
            if status["State"] != "SUCCEEDED":
                reason = " ".join(status.get("StateChangeReason", "Athena does not say why").split())[:300]
                ended = "failed" if status["State"] == "FAILED" else "was cancelled"
                message = f"the query {query} {ended}: {reason}"
                hint = "look it up in Athena's history of queries"
                raise CostkitError([Problem("CK620", where, message, hint)])
            first = self.client.get_query_results(QueryExecutionId=query, MaxResults=1)
        except self.errors as error:
            raise _refused(error, where) from None
        info = first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        return query, {column["Name"]: column["Type"] for column in info}

    def _ended(self, query: str) -> dict[str, Any]:
        looks = 0
        while True:
            execution: dict[str, Any] = self.client.get_query_execution(QueryExecutionId=query)["QueryExecution"]
            if execution["Status"]["State"] in ENDED:
                return execution
            looks += 1
            self.pause(looks)

    def _pages(self, query: str, types: list[str], where: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a result. The first row of the first page is the names of its columns."""
        token: str | None = None
        heading = True
        while True:
            more = {"NextToken": token} if token else {}
            try:
                page = self.client.get_query_results(QueryExecutionId=query, **more)
            except self.errors as error:
                raise _refused(error, where) from None
            for row in page["ResultSet"]["Rows"]:
                if not heading:
                    values = [cell.get("VarCharValue") for cell in row["Data"]]
                    yield tuple(_read(value, kind) for value, kind in zip(values, types, strict=True))
                heading = False
            token = page.get("NextToken")
            if not token:
                return


def _read(value: str | None, kind: str) -> Any:
    return None if value is None else NUMBERS.get(kind.partition("(")[0], str)(value)


def _refused(error: Exception, where: str) -> CostkitError:
    message = " ".join(str(error).split())[:300]
    hint = "may these credentials use the workgroup, its output location and the table?"
    return CostkitError([Problem("CK620", where, f"Athena refuses: {message}", hint)])
