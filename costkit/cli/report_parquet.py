"""``-o parquet=FILE``: the rows of a finance report as a table for other programs."""

import os
from collections.abc import Sequence

from costkit.cli.output import replacing, unwritable
from costkit.model.bill import FinanceReport

PARQUET = "parquet"
PREFIX, SUFFIX = f"{PARQUET}=", f".{PARQUET}"


def without_parquet(outputs: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The outputs that are written as text, and the paths of those that are Parquet."""
    parquet = [output for output in outputs if output.startswith(PREFIX) or output.endswith(SUFFIX)]
    named = tuple(output.removeprefix(PREFIX) for output in parquet)
    return tuple(output for output in outputs if output not in parquet), named


def write_parquet(path: str, report: FinanceReport) -> None:
    """Write the rows beside their final place, then rename. Raises CostkitError if they cannot be written."""
    from costkit.billing.dataset import write_rows
    from costkit.reports.bill.as_csv import AMOUNTS, header, values

    if not path or path == "-" or os.path.isdir(path):
        raise unwritable(path, "Parquet goes into a file", "write for example parquet=october.parquet")
    types = {name: "DECIMAL" if name in AMOUNTS else "VARCHAR" for name in header(report)}
    with replacing(path) as temporary:
        write_rows(temporary, types, (values(row, report) for row in report.rows))
