"""What the rules took, and the resources that they left to nobody, with a guess from their siblings."""

import re
from collections.abc import Sequence
from typing import Any

from costkit.billing.accounting import UNUSED, any_of, text, total
from costkit.billing.allocation import NOBODY, OWNED, conditions, owner_sql
from costkit.billing.matching import fits_sql, named
from costkit.billing.report import BillReader
from costkit.model.allocation import Allocation, AllocationRule, Guess, Orphan, RuleCost
from costkit.model.problem import Problem

MOST = 50
MILLION = 10**6
# An id that AWS gave says nothing about its owner: i-0123456789abcdef0, 50dc6c495c0c9188.
GIVEN = re.compile(r"([a-z]+-)?[0-9a-f]{8,}")
PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}[-_.]")


def allocation(
    reader: BillReader, months: Sequence[str], metric: str, rules: Sequence[AllocationRule]
) -> tuple[Allocation, list[Problem]]:
    """What the rules took in the months of a bill, and a warning for each that took nothing."""
    taken = _taken(reader, months, metric, rules)
    names = {cost.name for cost in taken}
    hint = "compare what it asks for with the bill, and with the rules above it"
    idle = [
        Problem("CK609", rule.where, f"the rule {rule.name} took nothing", hint, "warning")
        for rule in rules
        if rule.name not in names
    ]
    return Allocation(tuple(taken), *_orphans(reader, months, metric, rules)), idle


def _taken(reader: BillReader, months: Sequence[str], metric: str, rules: Sequence[AllocationRule]) -> list[RuleCost]:
    cases = "".join(f" WHEN {condition} THEN {place}" for place, condition in enumerate(conditions(rules)))
    sql = (
        f"SELECT rule_number, currency, SUM(lines), {total('cost')} FROM (SELECT CASE{cases} END AS rule_number,"
        f" currency, lines, {metric} AS cost FROM facts WHERE month IN {any_of(months)}) AS decided"
        " WHERE rule_number IS NOT NULL GROUP BY rule_number, currency ORDER BY 1, 2"
    )
    rows = reader.held.rows(sql, reader.where)
    return [RuleCost(rules[rule].name, str(currency), int(lines), cost) for rule, currency, lines, cost in rows]


def _orphans(
    reader: BillReader, months: Sequence[str], metric: str, rules: Sequence[AllocationRule]
) -> tuple[tuple[Orphan, ...], int]:
    """The dearest resources that are nobody's, and how many more there are."""
    # A commitment is no resource that somebody forgot to tag.
    charges = f"month IN {any_of(months)} AND resource IS NOT NULL AND charge <> {text(UNUSED)}"
    decided = (
        f"(SELECT {owner_sql(rules)} AS owner, resource, account, service, currency, {metric} AS cost"
        f" FROM facts WHERE {charges}) AS decided"
    )
    nobodys = (
        f"(SELECT resource, account, service, currency, {total('cost')} AS cost FROM {decided}"
        f" WHERE owner = {text(NOBODY)} GROUP BY resource, account, service, currency) AS nobodys"
    )
    [(count,)] = reader.held.rows(f"SELECT COUNT(*) FROM {nobodys}", reader.where)
    if not count:
        return (), 0
    columns = "resource, account, service, currency, cost"
    sql = f"SELECT {columns} FROM {nobodys} ORDER BY cost IS NULL, cost DESC, resource, account, service LIMIT {MOST}"
    rows = list(reader.held.rows(sql, reader.where))
    siblings = _Siblings(reader, decided, [str(row[0]) for row in rows])
    found = tuple(
        Orphan(
            resource=str(resource),
            account=str(account or ""),
            service=str(service or ""),
            currency=str(currency or ""),
            cost=cost,
            guess=siblings.guess(str(resource), account, service),
        )
        for resource, account, service, currency, cost in rows
    )
    return found, count - len(found)


class _Siblings:
    """Owners of the resources beside those that are nobody's: by account and service, and by how names begin."""

    def __init__(self, reader: BillReader, decided: str, resources: Sequence[str]) -> None:
        owned = (
            f"(SELECT owner, resource, account, service FROM {decided} WHERE owner LIKE {text(OWNED + '%')}"
            " GROUP BY owner, resource, account, service) AS owned"
        )
        sql = f"SELECT account, service, owner, COUNT(*) FROM {owned} GROUP BY account, service, owner"
        self.places: dict[Any, dict[str, int]] = {}
        for account, service, owner, count in reader.held.rows(sql, reader.where):
            self.places.setdefault((account, service), {})[str(owner).removeprefix(OWNED)] = count
        self.prefixes: dict[str, dict[str, int]] = {}
        prefixes = [begun for begun in dict.fromkeys(map(beginning, resources)) if begun]
        if not prefixes:
            return
        fitting = [fits_sql("resource", named(f"{begun}*")) for begun in prefixes]
        counts = ", ".join(f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)" for condition in fitting)
        for owner, *found in reader.held.rows(f"SELECT owner, {counts} FROM {owned} GROUP BY owner", reader.where):
            for begun, count in zip(prefixes, found, strict=True):
                if count:
                    self.prefixes.setdefault(begun, {})[str(owner).removeprefix(OWNED)] = int(count)

    def guess(self, resource: str, account: Any, service: Any) -> Guess | None:
        """The owner of most of a resource's siblings; None if no owner has more than half of either kind."""
        begun = beginning(resource)
        guesses = [
            _most(self.prefixes.get(begun, {}), f"names that begin with {begun}"),
            _most(self.places.get((account, service), {}), "same account and service"),
        ]
        # The larger share of siblings, and of equal ones the more siblings.
        found = [guess for guess in guesses if guess is not None]
        return max(found, key=lambda guess: (guess.alike * MILLION // guess.siblings, guess.siblings), default=None)


def _most(owners: dict[str, int], by: str) -> Guess | None:
    """The owner of more than half of the siblings."""
    siblings = sum(owners.values())
    owner = max(sorted(owners), key=lambda name: owners[name], default="")
    return Guess(owner, owners[owner], siblings, by) if owner and owners[owner] * 2 > siblings else None


def beginning(resource: str) -> str:
    """How the name of a resource begins, ``web-`` of ``web-api``; empty where AWS gave it a mere id."""
    names = [name for name in re.split("[:/]", resource) if name and not GIVEN.fullmatch(name)]
    match = PREFIX.match(names[-1]) if names else None
    return match.group() if match else ""
