"""Writes a month of a bill as a FOCUS dataset, CSV or Parquet, and reads its sums back from the file.

The engine streams from the bill into the file; only commitment fees are kept, and the few columns that the
report's own sums need.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from costkit.billing.accounting import AMOUNT, Basis, any_of, identifier, text
from costkit.billing.columns import CUR
from costkit.billing.duckdb_engine import DuckEngine
from costkit.billing.files import BillFiles
from costkit.billing.focus import from_cur, from_focus
from costkit.billing.focus.cur_columns import CUSTOM
from costkit.billing.focus.source import cur_columns
from costkit.billing.focus.tables import columns
from costkit.billing.lines import lines_sql
from costkit.billing.report import BillReader
from costkit.model.bill import Control
from costkit.model.focus import FocusControl, FocusDataset
from costkit.model.problem import CostkitError, Problem
from costkit.reports.as_csv import FORMULA_STARTS

CSV, PARQUET = "csv", "parquet"
UNKNOWN_COST = "CK602"
SUMMED = {"billed": "BilledCost", "effective": "EffectiveCost"}
USUAL_LINES = ", all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"'"
COMMITMENT_FEES = "line_type IN ('SavingsPlanRecurringFee', 'RIFee')"


class FocusWriter:
    """A month of a bill as rows of FOCUS. ``regions`` are names by code."""

    def __init__(self, reader: BillReader, month: str, version: str, regions: Mapping[str, str]) -> None:
        """Raises CostkitError if nothing was charged in the month."""
        if not isinstance(reader.engine, DuckEngine):
            raise TypeError("a FOCUS dataset is written by DuckDB")
        self.reader, self.engine, self.month, self.version = reader, reader.engine, month, version
        found = reader.report(month, "billed", False, f"{month}-01")
        if not found.rows:
            raise CostkitError(found.problems)
        # Other warnings of a report are not the dataset's: it has a row for what negations leave, and counts its nulls.
        unknown = [one for one in found.problems if one.code == UNKNOWN_COST and one.hides_cost]
        self.problems: list[Problem] = [*reader.problems, *unknown]
        self.controls = found.controls
        # A cost that the bill does not tell everywhere has no sum to compare; the rows without it are counted.
        self.unknown = {
            (name, currency) for currency, costs in found.totals for name in SUMMED if getattr(costs, name) is None
        }
        self.missing: list[str] = []
        self.engine.in_order()
        self.query = self._from_cur(regions) if reader.source.kind == CUR else self._from_focus()

    def _from_cur(self, regions: Mapping[str, str]) -> str:
        reader, month = self.reader, self.month
        more = cur_columns(reader.source.types)
        names = [name for name, _ in more]
        wide = lines_sql(reader.source, more)
        # Most bills have no commitments, and reading one once more for their fees would be for nothing.
        here = f"substr(period, 1, 7) = {text(month)} AND {COMMITMENT_FEES}"
        [(fees,)] = self.engine.rows(f"SELECT COUNT(*) FROM sums WHERE {here}", reader.where)
        kept = here if fees else "FALSE"
        self.engine.keep("focus_fees", f"SELECT * FROM ({wide}) AS wide WHERE {kept}", reader.where)
        net = month in reader.net_periods
        rows = from_cur.rows_sql(names, wide, "focus_fees", self._residues(names, wide, net), month, net)
        columns_sql = from_cur.dataset_sql(rows, month, net, regions)
        own = [column.name for column in columns(self.version)]
        own += [name for name in CUSTOM if name not in own]
        return f"SELECT {', '.join(map(identifier, own))} FROM ({columns_sql}) AS dataset"

    def _residues(self, names: Sequence[str], wide: str, net: bool) -> list[str]:
        """Rows for negations that do not cancel what they should."""
        paid = Basis("TRUE" if net else "FALSE").paid
        here = f"substr(period, 1, 7) = {text(self.month)}"
        sql = (
            f"SELECT account, MIN(service), plan, currency, SUM({paid}) FROM sums WHERE {here}"
            " AND line_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')"
            f" GROUP BY 1, 3, 4 HAVING SUM({paid}) <> 0 ORDER BY 1, 3, 4"
        )
        found = list(self.engine.rows(sql, self.reader.where))
        if not found:
            return []
        payers = f"SELECT account, MAX(payer) FROM ({wide}) AS wide WHERE {here} GROUP BY 1"
        payer = dict(self.engine.rows(payers, self.reader.where))
        residues = []
        for account, service, plan, currency, amount in found:
            known = {"month": self.month, "account": account, "service": service, "commitment": plan, "plan": plan}
            known |= {"currency": currency, "payer": payer.get(account), "line_type": "SavingsPlanNegation"}
            known |= {"charge": "Other", "description": "Savings Plan negation that does not cancel its covered usage"}
            told = {name: value for name, value in known.items() if value is not None}
            residues.append(from_cur.residue_sql(names, told, f"CAST({text(f'{amount:f}')} AS {AMOUNT})"))
        return residues

    def _from_focus(self) -> str:
        reader, source = self.reader, self.reader.source
        query, missing = from_focus.dataset_sql(
            source.relation, source.types, source.columns["period"], self.month, columns(self.version)
        )
        self.missing = missing
        if missing:
            message = f"FOCUS {self.version} wants columns that this bill does not have: {', '.join(missing)}"
            hint = "they stay empty; export the bill in a later version of FOCUS"
            self.problems.append(Problem("CK641", reader.where, message, hint, "warning"))
        return query

    def write(self, form: str, path: str) -> FocusDataset:
        """Write ``csv`` or ``parquet`` to a path that is ours, and read the sums back from there.

        Raises CostkitError if the bill cannot be read or the file not be written.
        """
        engine, where = self.engine, self.reader.where
        kinds = engine.columns(f"({self.query}) AS dataset", where)
        if form == PARQUET:
            options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440"
            written = self.query
        else:
            words = {column.name for column in columns(self.version) if column.values}
            cells = [f"{_cell(name, kind, name in words)} AS {identifier(name)}" for name, kind in kinds.items()]
            texts = [identifier(name) for name, kind in kinds.items() if not kind.startswith("DECIMAL")]
            written = f"SELECT {', '.join(cells)} FROM ({self.query}) AS dataset"
            options = f"FORMAT csv, HEADER, NULLSTR '', NEW_LINE '\\r\\n', FORCE_QUOTE ({', '.join(texts)})"
        engine.copy(written, path, options, where)
        rows, sums, nulls = self._read_back(form, path)
        controls = [one for one in _controls(self.controls, sums) if (one.name, one.currency) not in self.unknown]
        problems = [*self.problems, *(_broken(control) for control in controls if not control.holds)]
        if nulls:
            listed = ", ".join(f"{name} ({count})" for name, count in nulls.items())
            message = f"null where FOCUS wants a value: {listed}"
            problems.append(Problem("CK646", where, message, "the bill does not say it", "warning"))
        return FocusDataset(path, self.month, self.version, rows, tuple(controls), tuple(problems))

    def _read_back(self, form: str, path: str) -> "ReadBack":
        try:
            return self._sums(f"read_{form}({text(path)}{USUAL_LINES if form == CSV else ''})", path)
        except CostkitError:
            # A line longer than usual needs a reader with more memory.
            return self._sums(self.engine.scan(BillFiles(form, (path,))), path)

    def _sums(self, relation: str, path: str) -> "ReadBack":
        needed = [column.name for column in columns(self.version) if column.needed]
        listed = [f"COALESCE(SUM(CAST({name} AS {AMOUNT})), 0)" for name in SUMMED.values()]
        listed += [f"COUNT(*) - COUNT({name})" for name in needed]
        sql = f"SELECT COALESCE(BillingCurrency, ''), COUNT(*), {', '.join(listed)} FROM {relation} GROUP BY 1"
        found = ReadBack(0, {}, {})
        for currency, count, *values in self.engine.rows(sql, path):
            found = found._replace(rows=found.rows + count)
            for name, amount in zip(SUMMED, values, strict=False):
                found.sums[name, currency] = amount
            for name, nulls in zip(needed, values[len(SUMMED) :], strict=True):
                if nulls and name not in self.missing:
                    found.nulls[name] = found.nulls.get(name, 0) + nulls
        return found


class ReadBack(NamedTuple):
    """What stands in a dataset: rows, sums by cost and currency, and nulls in columns that may have none."""

    rows: int
    sums: dict[tuple[str, str], Decimal]
    nulls: dict[str, int]


def _cell(name: str, kind: str, word: bool) -> str:
    """A value as CSV has it: plain decimals, moments as FOCUS writes them, texts that no spreadsheet runs."""
    column = identifier(name)
    if kind.startswith("DECIMAL"):
        return f"RTRIM(RTRIM(CAST({column} AS VARCHAR), '0'), '.')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    if word or kind != "VARCHAR":
        return f"CAST({column} AS VARCHAR)"
    # A JSON object starts with a brace and stays as it is.
    shown = f"regexp_replace({column}, '[\\x00-\\x1f\\x7f]', '?', 'g')"
    starts = any_of(FORMULA_STARTS)
    return f"CASE WHEN substr({column}, 1, 1) IN {starts} THEN '''' || {shown} ELSE {shown} END"


def _controls(of_bill: Sequence[Control], sums: Mapping[tuple[str, str], Decimal]) -> list[FocusControl]:
    """The bill's sums by currency beside the dataset's."""
    wanted: dict[tuple[str, str], Decimal] = {}
    for control in of_bill:
        key = (control.name, control.currency)
        wanted[key] = wanted.get(key, Decimal(0)) + control.bill
    return [
        FocusControl(name, currency, wanted.get((name, currency), Decimal(0)), sums.get((name, currency), Decimal(0)))
        for name, currency in sorted({*wanted, *sums})
    ]


def _broken(control: FocusControl) -> Problem:
    message = (
        f"{SUMMED[control.name]} of the dataset is {control.dataset:f} {control.currency},"
        f" the bill says {control.bill:f}"
    )
    return Problem("CK640", "", message, "do not import this dataset", "warning", hides_cost=True)
