"""Allocation: each charge to an owner by the first rule that fits, shared costs divided, the rest a row of its own."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

from costkit.billing.accounting import identifier, text
from costkit.billing.matching import scope_sql, tag_column
from costkit.billing.splitting import divided
from costkit.model.allocation import USAGE, AllocationRule, Split
from costkit.model.bill import METRICS, BillRow, BillRows, Costs, FinanceReport
from costkit.model.exact import EXACT, ONE, ZERO
from costkit.model.problem import Problem

OWNER = "owner"
UNALLOCATED = "(unallocated)"
# How the engine says what a rule decided: an owner's name, the number of a rule that shares, or nothing.
OWNED, SHARED, NOBODY = "o:", "s:", "u:"
NOTHING = Costs(ZERO, ZERO, ZERO, ZERO)
Keys = tuple[str, ...]


def conditions(rules: Sequence[AllocationRule]) -> list[str]:
    """The condition of each rule on ``facts``; a rule that takes a tag's value fits only where there is one."""
    found = []
    for rule in rules:
        condition = scope_sql(rule.scope, rule.charges)
        if rule.to_tag:
            condition += f" AND TRIM(COALESCE({identifier(tag_column(rule.to_tag))}, '')) <> ''"
        found.append(condition)
    return found


def owner_sql(rules: Sequence[AllocationRule]) -> str:
    """The owner of a charge by the first rule that fits, as an expression over ``facts``."""
    cases = []
    for place, (rule, condition) in enumerate(zip(rules, conditions(rules), strict=True)):
        if rule.split is not None:
            owner = text(f"{SHARED}{place}")
        elif rule.to_tag:
            owner = f"{text(OWNED)} || TRIM({identifier(tag_column(rule.to_tag))})"
        else:
            owner = text(OWNED + rule.to)
        cases.append(f" WHEN {condition} THEN {owner}")
    return f"CASE{''.join(cases)} ELSE {text(NOBODY)} END"


def tags_of(rules: Sequence[AllocationRule]) -> tuple[str, ...]:
    """The tag columns that rules ask for."""
    keys = [key for rule in rules for key, _ in rule.scope.tags]
    keys += [rule.to_tag for rule in rules if rule.to_tag]
    return tuple(dict.fromkeys(map(tag_column, keys)))


def allocated(report: FinanceReport, rules: Sequence[AllocationRule]) -> FinanceReport:
    """A month's report by the engine's owners as one by people's: shared rows divided, the sums unchanged."""
    place = report.groups.index(OWNER)
    rows: list[BillRow] = []
    problems = [*report.problems]
    with localcontext(EXACT):
        undivided = list(report.rows)
        for currency in dict.fromkeys(row.currency for row in undivided):
            own = [row for row in undivided if row.currency == currency]
            sharing = _Sharing({row.keys: row.costs for row in own}, place, rules, report.metric)
            problems += [_undivided(rule, report.month) for rule in sharing.undivided]
            before = {row.keys: row.previous for row in own if row.previous is not None}
            earlier = _Sharing(before, place, rules, report.metric).amounts if before else None
            for keys in {**sharing.amounts, **(earlier or {})}:
                costs = sharing.amounts.get(keys, NOTHING)
                previous = None if earlier is None else earlier.get(keys, NOTHING)
                rows.append(BillRow(report.month, keys, costs, previous, currency, report.status))
    metric = METRICS.index(report.metric)
    rows.sort(key=lambda row: (row.currency, -(row.costs[metric] or ZERO), row.keys))
    return report._replace(rows=BillRows(len(rows), lambda: iter(rows)), problems=tuple(problems))


class _Sharing:
    """One month and currency: ``amounts`` by keys with people's owners; ``undivided`` rules found nobody to share."""

    def __init__(self, side: Mapping[Keys, Costs], place: int, rules: Sequence[AllocationRule], metric: str) -> None:
        self.place, self.rules = place, rules
        self.amounts: dict[Keys, Costs] = {}
        self.undivided: dict[AllocationRule, None] = {}
        # What each owner's own charges come to: who is there to share, and in what proportion.
        self.direct: dict[str, Decimal | None] = {}
        column = METRICS.index(metric)
        for keys, costs in side.items():
            if keys[place].startswith(OWNED):
                owner = keys[place].removeprefix(OWNED)
                self.direct[owner] = _sum(self.direct.get(owner, ZERO), costs[column])
        for keys, costs in side.items():
            self._take(keys, costs)

    def _take(self, keys: Keys, costs: Costs) -> None:
        decided = keys[self.place]
        if decided.startswith(OWNED):
            self._add(keys, decided.removeprefix(OWNED), costs)
            return
        rule = self.rules[int(decided.removeprefix(SHARED))] if decided.startswith(SHARED) else None
        weights = self._weights(rule.split) if rule is not None and rule.split is not None else {}
        if not weights:
            if rule is not None:
                self.undivided[rule] = None
            self._add(keys, UNALLOCATED, costs)
            return
        parts = [_parts(cost, list(weights.values())) for cost in costs]
        for number, owner in enumerate(weights):
            self._add(keys, owner, Costs(*(part[number] for part in parts)))

    def _weights(self, split: Split) -> dict[str, Decimal]:
        """The owners who share with their weights; nobody if none has a weight."""
        given = dict(split.among) or dict.fromkeys(sorted(self.direct), ONE)
        if split.how == USAGE:
            own = {owner: self.direct.get(owner, ZERO) for owner in given}
            # Who has more credits than costs in a month does not get paid by the others.
            given = {owner: max(cost, ZERO) for owner, cost in own.items() if cost is not None}
            if len(given) < len(own):
                # Shares of what is not known would be wrong for everybody.
                return {}
        return {owner: weight for owner, weight in given.items() if weight}

    def _add(self, keys: Keys, owner: str, costs: Costs) -> None:
        target = (*keys[: self.place], owner, *keys[self.place + 1 :])
        known = self.amounts.get(target)
        self.amounts[target] = costs if known is None else Costs(*map(_sum, known, costs))


def _parts(cost: Decimal | None, weights: list[Decimal]) -> Sequence[Decimal | None]:
    return [None] * len(weights) if cost is None else divided(cost, weights)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """A sum; unknown if a part of it is."""
    return None if one is None or other is None else one + other


def _undivided(rule: AllocationRule, month: str) -> Problem:
    message = f"nobody shares what {rule.name} takes in {month}: no owner has costs of their own that are known"
    hint = "name owners with among, or give charges to owners by other rules; it stays unallocated"
    return Problem("CK610", rule.where, message, hint, "warning")
