"""The monthly finance report: a bill's charges by groups, this month beside the one before, and control totals."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from costkit.billing.accounting import (
    AMOUNT,
    CUR_TYPES,
    FOCUS_TYPES,
    any_of,
    charges_sql,
    control_sql,
    identifier,
    in_month,
    residues_sql,
    text,
    total,
)
from costkit.billing.columns import COLUMNS, CUR, kind_of, parted_by, resolved, twice
from costkit.billing.drivers import drivers
from costkit.billing.engine import Engine
from costkit.billing.files import TABLE, BillFiles
from costkit.billing.lines import DAY_OF, Source, filled, lines_sql, refunds_sql, sums_sql
from costkit.billing.movements import movements
from costkit.billing.strangers import strangers
from costkit.billing.tags import CATEGORY, TAG, expression
from costkit.billing.versions import newest, refuse_overlaps
from costkit.model.bill import METRICS, BillRow, BillRows, Control, Costs, FinanceReport
from costkit.model.kind import shown
from costkit.model.problem import CostkitError, Problem

RESOURCE = "resource"
GROUPS = ("account", "service", "region", RESOURCE, "charge", "commitment", DAY_OF)
WORDS = {TAG: ("tag", "tags", "untagged"), CATEGORY: ("cost category", "cost categories", "without one")}
MISSING = {"region": "(no region)", RESOURCE: "(no resource)", "commitment": "(none)", "service": "(no service)"}
MISSING[DAY_OF] = "(whole month)"
UNTAGGED = "(untagged)"
ONE_KIND = "are all files of one kind of export, and as AWS wrote them?"
MONTH = re.compile(r"[1-9]\d{3}-(0[1-9]|1[0-2])")
SUMS = ", ".join(map(total, METRICS))
# What the meters and reasons of a change are told by.
OF_A_CHANGE = ("usage_type", "family", "account_name")


def month_before(month: str) -> str:
    """The month before an ISO month: ``2025-12`` before ``2026-01``."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02}"


class BillReader:
    """A bill opened: its kind, its columns, and its charges as a table of the engine."""

    def __init__(
        self,
        engine: Engine,
        files: BillFiles,
        groups: Sequence[str],
        more: Sequence[str] = (),
        computed: Mapping[str, str] = MappingProxyType({}),
        details: Sequence[str] = OF_A_CHANGE,
    ) -> None:
        """Raises CostkitError for files that are no bill.

        ``more`` names tags that are no group but are asked for later. ``computed`` are groups that are not in the
        bill, with the SQL over its charges that finds them. ``details`` are columns that the sums are told apart by
        beside the groups: what made a change, or what computed groups ask for.
        """
        self.engine, self.groups, self.more, self.computed = engine, tuple(groups), tuple(more), computed
        self.where = files.name
        files, self.problems = _without_copies(engine, files, self.where)
        relation = engine.scan(files)
        self.source = source = self._source(relation, engine.columns(relation, self.where))
        self.absent: set[str] = set()
        # Lines that are kept are kept once, as we write them. Resources are so many that grouping twice does not pay.
        few = RESOURCE not in (*self.groups, *details)
        rereads = engine.rereads(files)
        as_written = rereads and few
        tags = [(name, found if as_written else filled(found)) for name, found in self._tags()]
        (engine.name if rereads else engine.keep)("lines", lines_sql(source, tags, as_written), self.where)
        self.net_periods = self._net_periods() if "net_unblended" in source.columns else []
        names = [name for name, _ in tags]
        keys = (*self.groups, *details)
        sums = sums_sql(source, keys, names, self.net_periods, self._refunds(), as_written)
        self.held = engine.keep("sums", sums, self.where)
        charges = charges_sql(source.kind, names, self.net_periods) + self._residues(names)
        facts = f"WITH lines AS (SELECT * FROM sums) {charges}"
        (self.held.keep if few else self.held.name)("facts", facts, self.where)
        self._months: list[str] | None = None
        self._refuse_gaps(files)
        self._tell_unknown_types()
        self._tell_empty(names)

    def _source(self, relation: str, types: dict[str, str]) -> Source:
        kind = kind_of(types)
        if not kind:
            hint = "CUR 2.0, CUR and FOCUS exports are"
            if sign := parted_by([*types]):
                hint = f"its columns are parted by {sign}; write it with commas, as AWS does"
            raise CostkitError([Problem("CK601", self.where, "neither a CUR nor a FOCUS export", hint)])
        columns, missing = resolved(kind, types)
        if DAY_OF in self.groups and "usage_start" not in columns:
            missing.append(COLUMNS[kind]["usage_start"][0])
        if missing:
            message = f"missing columns: {', '.join(missing)}"
            raise CostkitError([Problem("CK602", self.where, message, "export them too")])
        if doubled := twice(kind, types):
            message = f"columns of two versions of an export: {', '.join(doubled)}"
            raise CostkitError([Problem("CK602", self.where, message, "report them one by one")])
        return Source(kind, relation, columns, types, self.engine.dialect)

    def _residues(self, tags: Sequence[str]) -> str:
        """More charges for what savings plan negations leave by rounding; few bills have any, and no other is asked."""
        if self.source.kind != CUR:
            return ""
        residues = residues_sql(tags, self.net_periods)
        found = self.held.rows(f"WITH lines AS (SELECT * FROM sums) {residues}", self.where)
        return f" UNION ALL {residues}" if any(True for _ in found) else ""

    def _refuse_gaps(self, files: BillFiles) -> None:
        """Lines without a cost, a type or a month would be lost. Two kinds of export together have such."""
        cost = "unblended" if self.source.kind == CUR else "billed"
        needed = " OR ".join(f"{name} IS NULL" for name in (cost, "line_type", "currency", "period"))
        sql = f"SELECT COALESCE(SUM(lines), 0) FROM sums WHERE {needed}"
        [(gaps,)] = self.held.rows(sql, self.where)
        if gaps:
            message = f"some of {int(gaps):,} lines have no {cost} cost, type, currency or billing period"
            others = strangers(self.engine, files, self.source.kind, self.where)
            hint = f"leave these out, they are no such export: {', '.join(others)}" if others else ONE_KIND
            raise CostkitError([Problem("CK624", self.where, message, hint)])
        for month in self.months():
            if not MONTH.fullmatch(month):
                # Its lines would be in no month, and missed by nobody.
                message = f"a billing period that starts with no month: {shown(month)}"
                raise CostkitError([Problem("CK624", self.where, message, "is it the right export?")])

    def _tell_unknown_types(self) -> None:
        """A word on line item types without a rule: what a commitment makes of them nobody knows."""
        known = CUR_TYPES if self.source.kind == CUR else FOCUS_TYPES
        sql = (
            f"SELECT line_type, SUM(lines) FROM sums WHERE line_type NOT IN {any_of(known)}"
            " GROUP BY line_type ORDER BY line_type"
        )
        for line_type, lines in self.held.rows(sql, self.where):
            named = self.source.columns["line_type"]
            message = f"no rule for {named} {shown(line_type)}: Other, at what is paid, in {int(lines):,} of the lines"
            hint = "ask for a newer costkit if AWS has a new type"
            self.problems.append(Problem("CK625", self.where, message, hint, "warning", hides_cost=True))

    def _tags(self) -> list[tuple[str, str]]:
        tags = []
        for group in dict.fromkeys((*self.groups, *self.more)):
            kind = next((kind for kind in WORDS if group.startswith(kind)), "")
            if not kind:
                continue
            key = group.removeprefix(kind)
            found = expression(self.source.types, group, self.source.kind, self.engine.dialect)
            if found is None:
                one, many, all_of_it = WORDS[kind]
                message = f"the bill has no {many}, so no {one} called {key}"
                self.problems.append(Problem("CK603", self.where, message, f"all of it is {all_of_it}", "warning"))
                self.absent.add(group)
                found = f"CAST(NULL AS {self.engine.dialect.string})"
            tags.append((group, found))
        return tags

    def _tell_empty(self, tags: Sequence[str]) -> None:
        """A word on each tag and cost category to report by that no line has: it may be misspelt."""
        asked = [tag for tag in tags if tag in self.groups and tag not in self.absent]
        counted = ", ".join(f"COUNT({identifier(tag)})" for tag in asked)
        counts = next(self.held.rows(f"SELECT {counted} FROM sums", self.where), ()) if asked else ()
        for tag, count in zip(asked, counts, strict=False):
            if not count:
                _, many, all_of_it = WORDS[TAG if tag.startswith(TAG) else CATEGORY]
                message = f"no line of the bill has {tag}, so all of it is {all_of_it}"
                hint = f"compare the spelling with the {many} of the bill"
                self.problems.append(Problem("CK603", self.where, message, hint, "warning"))

    def _net_periods(self) -> list[str]:
        """The months whose net columns are filled: only there has AWS negotiated discounts in the bill."""
        sql = "SELECT substr(period, 1, 7) FROM lines WHERE net_unblended IS NOT NULL GROUP BY 1"
        return [str(month) for (month,) in self.engine.rows(sql, self.where)]

    def _refunds(self) -> bool:
        """Whether lines may be refunds of savings plans: only then are the many descriptions of a bill read."""
        if self.source.kind != CUR or "description" not in self.source.columns:
            return False
        return any(True for _ in self.engine.rows(refunds_sql(), self.where))

    def close(self) -> None:
        """Let go of the engine and of what it kept."""
        if self.held is not self.engine:
            self.held.close()
        self.engine.close()

    def months(self) -> list[str]:
        """The billing months in the bill, in order."""
        if self._months is None:
            sql = "SELECT month FROM facts GROUP BY month ORDER BY month"
            self._months = [str(month) for (month,) in self.held.rows(sql, self.where)]
        return self._months

    def report(self, month: str, metric: str, previous: bool, on: str) -> FinanceReport:
        """The report of a month, beside the month before if ``previous``; ``on`` is the day it is made."""
        problems = [*self.problems]
        if previous and month_before(month) not in self.months():
            hint = "name its bill too; what it cost is unknown, not zero"
            message = f"the month before {month} is not in the bill"
            problems.append(Problem("CK608", self.where, message, hint, "warning"))
            previous = False
        # A month that is not in the bill did not fall to zero: nobody knows.
        previous = previous and month in self.months()
        status = self._status(month, on)
        rows = self._rows(month, metric, previous, status)
        totals, earlier = self._totals(month), self._totals(month_before(month)) if previous else ()
        if any(costs[METRICS.index(metric)] is None for _, costs in earlier):
            message = (
                f"what {month_before(month)} cost is not known whole: the bill does not tell all of its {metric} cost"
            )
            hint = "what is missing there is compared with nothing; another --metric may be there"
            problems.append(Problem("CK608", self.where, message, hint, "warning"))
        controls = self.controls(month)
        problems += [*broken(controls), *self._unknown(totals, metric)]
        if not rows:
            listed = ", ".join(self.months()) or "none"
            problems.append(Problem("CK606", self.where, f"the bill has nothing of {month}", f"months here: {listed}"))
        found = FinanceReport(month, self.groups, metric, rows, totals, earlier, controls, status, (), tuple(problems))
        if not previous:
            return found
        then = month_before(month)
        return found._replace(
            movements=movements(self.held, month, then, metric, self.where),
            drivers=drivers(self.held, month, then, metric, self.where),
        )

    def _unknown(self, totals: Sequence[tuple[str, Costs]], metric: str) -> list[Problem]:
        """A word on costs that the bill does not tell, with the columns that it would tell them by."""
        unknown = [name for name, *sums in zip(METRICS, *(costs for _, costs in totals), strict=True) if None in sums]
        source = self.source
        absent = [source.names[name][0] for name in sorted(source.amounts - {"quantity", *source.columns})]
        absent = [name for name in absent if "_net_" not in name]
        if not unknown:
            return []
        message = f"{' and '.join(unknown)} cost is unknown where the bill does not tell it"
        hint = f"export them too: {', '.join(absent)}" if absent else "some of its cells are empty"
        hides = bool({"billed", "effective", metric} & set(unknown))
        return [Problem("CK602", self.where, message, hint, "warning", hides_cost=hides)]

    def _rows(self, month: str, metric: str, previous: bool, status: str) -> BillRows:
        """The rows of a month, the dearest first; days are read in their order. What is gone has no cost now."""
        keys = [self._key(group) for group in self.groups]
        months = [month, month_before(month)] if previous else [month]
        sums = [in_month(name, one) for one in months for name in METRICS]
        places = ["1", *(str(place + 2) for place in range(len(keys)))]
        days = [place for place, group in zip(places[1:], self.groups, strict=True) if group == DAY_OF]
        cost = f"COALESCE({in_month(metric, month)}, 0) DESC"
        grouped = f" FROM facts WHERE month IN {any_of(months)} GROUP BY {', '.join(places)}"
        ordered = f"{grouped} ORDER BY {', '.join(['1', *days, cost, *places[1:]])}"
        listed = ", ".join(["currency", *keys])
        [(count,)] = self.held.rows(f"SELECT COUNT(*) FROM (SELECT {listed}{grouped}) AS counted", self.where)

        def read() -> Iterator[BillRow]:
            for currency, *found in self.held.rows(f"SELECT {', '.join([listed, *sums])}{ordered}", self.where):
                own = tuple("" if key is None else str(key) for key in found[: len(keys)])
                amounts = found[len(keys) :]
                now, before = Costs(*amounts[: len(METRICS)]), amounts[len(METRICS) :]
                yield BillRow(month, own, now, Costs(*before) if previous else None, str(currency or ""), status)

        return BillRows(int(count), read)

    def _key(self, group: str) -> str:
        """A group's value; what is no usage has its own row by the kind of charge, unless that is a group itself."""
        column = identifier(group)
        if group in self.computed:
            return self.computed[group]
        if group == "charge":
            return column
        missing = UNTAGGED if group.startswith(TAG) else MISSING.get(group, "(none)")
        missing = "(no category)" if group.startswith(CATEGORY) else missing
        value = f"COALESCE({column}, {text(missing)})"
        if "charge" in self.groups:
            return value
        if group in ("account", DAY_OF):
            only = f"CASE WHEN charge = 'Usage' THEN {value} ELSE {value} || ' (' || charge || ')' END"
            return value if set(self.groups) - {"account", DAY_OF} or group != self.groups[-1] else only
        return f"CASE WHEN charge = 'Usage' THEN {value} ELSE charge END"

    def _totals(self, month: str) -> tuple[tuple[str, Costs], ...]:
        sql = f"SELECT currency, {SUMS} FROM facts WHERE month = {text(month)} GROUP BY 1 ORDER BY 1"
        return tuple((str(currency), Costs(*sums)) for currency, *sums in self.held.rows(sql, self.where))

    def _status(self, month: str, on: str) -> str:
        """Open while the month runs, closed once every line has its invoice, provisional between."""
        if on[:7] <= month:
            return "open"
        sql = f"SELECT SUM(lines), SUM(invoiced) FROM sums WHERE period = {text(month)}"
        [(lines, invoiced)] = self.held.rows(sql, self.where)
        return "closed" if lines and lines == invoiced else "provisional"

    def controls(self, month: str) -> tuple[Control, ...]:
        """The identities of the month: each sum once from the bill's lines, once from the report's charges."""
        found: list[Control] = []
        commitment = "COALESCE(plan, reservation)" if self.source.kind == CUR else "commitment"
        for name, formula in control_sql(self.source.kind, month in self.net_periods).items():
            sql = (
                "SELECT account, commitment, currency, COALESCE(SUM(bill), 0), COALESCE(SUM(report), 0) FROM ("
                f"SELECT account, {commitment} AS commitment, currency, {formula} AS bill, {NO_AMOUNT} AS report"
                f" FROM sums WHERE period = {text(month)}"
                f" UNION ALL SELECT account, commitment, currency, {NO_AMOUNT}, {name}"
                f" FROM facts WHERE month = {text(month)}"
                ") AS both_sides GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            )
            for account, own, currency, bill, report in self.held.rows(sql, self.where):
                keys = (str(account or ""), str(own or ""), str(currency or ""))
                found.append(Control(name, month, *keys, bill, report))
        return tuple(found)


NO_AMOUNT = f"CAST(NULL AS {AMOUNT})"


def _without_copies(engine: Engine, files: BillFiles, where: str) -> tuple[BillFiles, list[Problem]]:
    """The files of a bill without older versions and copies, and a word on each that is left out."""
    if files.format == TABLE or any("://" in path for path in files.paths):
        return files, []
    paths, problems = newest(files.paths)
    files = files._replace(paths=tuple(paths))
    refuse_overlaps(engine, files, where)
    return files, problems


def broken(controls: Iterable[Control]) -> list[Problem]:
    """A word on each identity of the accounting that does not hold."""
    return [_broken(control) for control in controls if not control.holds]


def _broken(control: Control) -> Problem:
    under = f" under {control.commitment}" if control.commitment else ""
    message = (
        f"{control.name} cost of account {control.account}{under} in {control.month}: the bill says {control.bill:f}"
        f" {control.currency}, the report {control.report:f}"
    )
    hint = "a line item type that costkit does not know, or lines that are missing; do not book this report"
    return Problem("CK604", "", message, hint, "warning", hides_cost=True)
