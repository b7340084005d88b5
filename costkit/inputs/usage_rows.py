"""The rows of a file of usage by the hour, CSV or Parquet, as texts."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from costkit.model.problem import CostkitError, Problem

PARQUET = (".parquet", ".pq")
Rows = Iterator[tuple[int, Sequence[str]]]


def rows_of(path: str) -> Rows:
    """Each row with its line, the header first. Raises CostkitError for a file that cannot be read."""
    return _parquet_rows(path) if path.lower().endswith(PARQUET) else _csv_rows(path)


def _csv_rows(path: str) -> Rows:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for row in reader:
                yield reader.line_num, row
    except OSError as error:
        raise CostkitError([Problem("CK101", path, f"cannot be read: {error.strerror}", "name the file")]) from None
    except (csv.Error, UnicodeDecodeError) as error:
        told = str(error) if isinstance(error, csv.Error) else "this is not a text in UTF-8"
        code = "CK111" if isinstance(error, csv.Error) else "CK101"
        raise CostkitError([Problem(code, path, f"cannot be read: {told}", "is it the right file?")]) from None


def _parquet_rows(path: str) -> Rows:
    """By pyarrow or duckdb, whichever is there."""
    for module, read in (("pyarrow.parquet", _by_pyarrow), ("duckdb", _by_duckdb)):
        try:
            library = import_module(module)
        except ImportError:
            continue
        try:
            yield from enumerate(read(library, path), start=1)
        except (OSError, ValueError, getattr(library, "Error", OSError)) as error:
            message = f"cannot be read: {str(error).splitlines()[0]}"
            raise CostkitError([Problem("CK101", path, message, "is it a Parquet file?")]) from None
        return
    hint = "pip install pyarrow or duckdb, or write it as CSV"
    raise CostkitError([Problem("CK531", path, "Parquet needs pyarrow or duckdb, and neither is installed", hint)])


def _by_pyarrow(library: Any, path: str) -> Iterator[Sequence[str]]:
    table = library.ParquetFile(path)
    yield table.schema_arrow.names
    for batch in table.iter_batches():
        yield from _texts(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _by_duckdb(library: Any, path: str) -> Iterator[Sequence[str]]:
    with library.connect() as connection:
        # Texts, in UTC: DuckDB needs another library to hand out times with a zone.
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)", [path])
        yield [column[0] for column in found.description]
        while rows := found.fetchmany(100_000):
            yield from _texts(rows)


def _texts(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[str]]:
    for row in rows:
        yield ["" if value is None else str(value) for value in row]
