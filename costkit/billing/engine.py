"""What a report needs of an engine, so that one text of SQL runs on each: on DuckDB, on Spark and on Athena."""

from collections.abc import Iterator
from typing import Any, Protocol

from costkit.billing.dialect import Dialect
from costkit.billing.files import BillFiles


class Engine(Protocol):
    """Where a bill's lines are read and added up. ``where`` is the bill's name in messages.

    Every method raises CostkitError for what the engine cannot read or do.
    """

    dialect: Dialect

    def scan(self, files: BillFiles) -> str:
        """How SQL names the lines of these files."""

    def rereads(self, files: BillFiles) -> bool:
        """Whether the files may be read once a query: true of columns, false of a compressed text."""

    def columns(self, relation: str, where: str) -> dict[str, str]:
        """The columns of a relation, in order, with the engine's names for their types."""

    def rows(self, sql: str, where: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one after the other: numbers as Decimal or int, the rest as text or None."""

    def name(self, name: str, sql: str, where: str) -> None:
        """Name a query, to be read by others. It runs anew each time."""

    def keep(self, name: str, sql: str, where: str) -> "Engine":
        """Run a query once and keep its rows by name, in the engine that is returned."""

    def export(self, sql: str, path: str, where: str) -> None:
        """Write a query's rows to a file of this machine: Parquet, or CSV if the name ends in ``.csv``."""

    def close(self) -> None:
        """Let go of connections and of what was kept."""
