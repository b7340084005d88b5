"""A service on loopback that speaks Athena's protocol and runs each query for real, in DuckDB.

It answers as Athena does: a query is queued, runs and ends; results come page by page with a heading; it may be made
to throttle, to fail a query, to cancel it, or to refuse.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import duckdb

PAGE = 3
# What Trino calls these, over what DuckDB has.
MACROS = (
    "CREATE MACRO element_at(found, key) AS found[key]",
    "CREATE MACRO json_extract_scalar(found, path) AS"
    " CASE WHEN json_valid(found) THEN json_extract_string(found, '$.' || path[3:-2]) END",
)
TYPES = {
    "MAP": "map",
    "DECIMAL": "decimal",
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "DOUBLE": "double",
    "TIMESTAMP": "timestamp",
}


class AthenaServer:
    """The service; ``queries`` are the texts that were run, ``troubles`` what the next calls meet, by operation."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database
        for macro in MACROS:
            database.execute(macro)
        self.queries: list[str] = []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.troubles: dict[str, list[str]] = {}
        self.ends: list[str] = []
        self.results: dict[str, dict[str, Any]] = {}
        self.operations = {
            "StartQueryExecution": self.start,
            "GetQueryExecution": self.state,
            "GetQueryResults": self.results_of,
            "StopQueryExecution": self.stop,
        }
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def start(self, request: dict[str, Any]) -> dict[str, Any]:
        sql = request["QueryString"]
        self.queries.append(sql)
        query = f"query-{len(self.queries)}"
        end = self.ends.pop(0) if self.ends else "SUCCEEDED"
        result: dict[str, Any] = {"states": ["QUEUED", "RUNNING", end], "rows": [], "columns": [], "reason": "the line"}
        try:
            found = self.database.cursor().execute(sql)
            result["columns"] = [(column[0], str(column[1])) for column in found.description]
            result["rows"] = found.fetchall()
        except duckdb.Error as error:
            result |= {"states": ["RUNNING", "FAILED"], "reason": str(error)}
        self.results[query] = result
        return {"QueryExecutionId": query}

    def state(self, request: dict[str, Any]) -> dict[str, Any]:
        query = request["QueryExecutionId"]
        result = self.results[query]
        state = result["states"].pop(0) if len(result["states"]) > 1 else result["states"][0]
        status = {"State": state}
        if state in ("FAILED", "CANCELLED"):
            status["StateChangeReason"] = result["reason"]
        scanned = {"DataScannedInBytes": 1_000_000}
        return {"QueryExecution": {"QueryExecutionId": query, "Status": status, "Statistics": scanned}}

    def results_of(self, request: dict[str, Any]) -> dict[str, Any]:
        result = self.results[request["QueryExecutionId"]]
        columns = result["columns"]
        rows = [tuple(name for name, _ in columns), *result["rows"]]
        start = int(request.get("NextToken", "0"))
        end = start + min(PAGE, request.get("MaxResults", PAGE))
        listed = [
            {"Data": [{} if cell is None else {"VarCharValue": str(cell)} for cell in row]} for row in rows[start:end]
        ]
        info = [{"Name": name, "Type": TYPES.get(kind.partition("(")[0], "varchar")} for name, kind in columns]
        answer: dict[str, Any] = {"ResultSet": {"Rows": listed, "ResultSetMetadata": {"ColumnInfo": info}}}
        return answer | ({"NextToken": str(end)} if end < len(rows) else {})

    def stop(self, request: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                operation = self.headers["X-Amz-Target"].rpartition(".")[2]
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.requests.append((operation, request))
                troubles = service.troubles.get(operation, [])
                if troubles:
                    self._answer(400, {"__type": troubles.pop(0), "Message": "not now"})
                else:
                    self._answer(200, service.operations[operation](request))

            def _answer(self, status: int, tree: dict[str, Any]) -> None:
                body = json.dumps(tree).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        return Handler
