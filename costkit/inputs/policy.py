"""The budget file's door: budgets, rules and waivers, or everything that is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import costkit.model.policy as model
from costkit.inputs.bill_scope import Accounts, read_tags
from costkit.inputs.binding import Binder, nearest
from costkit.inputs.documents import Document, with_lines
from costkit.model.exact import ZERO
from costkit.model.kind import Amount, Choice, Day, Money, Names, Nested, Share, Text, shown
from costkit.model.pattern import fits
from costkit.model.place import Path
from costkit.model.problem import CostkitError
from costkit.pricebook.book import PriceBook
from costkit.services import types

GROUP = "group:"
TYPES_OF_OTHERS = ("aws_", "awscc_")
AGAINST = Choice("expected", "low", "high")


class Scope(NamedTuple):
    """Which resources are meant; what is left out selects everything."""

    types: Annotated[tuple[str, ...], Names("lambda_function"), "Resource types, or patterns"] = ()
    regions: Annotated[tuple[str, ...], Names("eu-*"), "Regions, patterns, or group:eu"] = ()
    resources: Annotated[tuple[str, ...], Names("api-*"), "Names of resources, or patterns"] = ()
    accounts: Annotated[tuple[str, ...], Accounts(), "Accounts of a bill, or patterns"] = ()
    services: Annotated[tuple[str, ...], Names("AmazonEC2"), "Services of a bill, or patterns"] = ()


class Growth(NamedTuple):
    """How much a cost may rise against the baseline."""

    percent: Annotated[Decimal | None, Amount("%"), "At most so many percent"] = None
    amount: Annotated[Decimal | None, Money(), "At most so much a month"] = None
    ignore_below: Annotated[Decimal, Money(), "A smaller rise never fails"] = ZERO


class Budget(NamedTuple):
    """A limit on what a scope costs a month, on its growth, or on both."""

    name: Annotated[str, Text("total"), "Name of the budget"]
    limit: Annotated[Decimal | None, Money(), "At most so much a month"] = None
    warn_at: Annotated[Decimal | None, Share(), "Warn from this share of the limit on"] = None
    against: Annotated[str, AGAINST, "Which end of ranges is judged"] = "expected"
    max_increase: Annotated[Growth | None, Nested(Growth)] = None


class Rule(NamedTuple):
    """What resources of a scope must be like."""

    name: Annotated[str, Text("eu-only"), "Name of the rule"]
    allow_regions: Annotated[tuple[str, ...], Names("group:eu"), "Regions, patterns, or group:eu"] = ()
    forbid_types: Annotated[tuple[str, ...], Names("nat_gateway"), "Resource types, or patterns"] = ()
    require_tags: Annotated[tuple[str, ...], Names("team"), "Tags that every resource needs"] = ()
    max_per_resource: Annotated[Decimal | None, Money(), "At most so much a month for one resource"] = None
    against: Annotated[str, AGAINST, "Which end of ranges max_per_resource judges"] = "expected"


class Waiver(NamedTuple):
    """Somebody answers for a failure for a while."""

    until: Annotated[str, Day(), "Last day"]
    owner: Annotated[str, Text("platform"), "Who answers for it"]
    reason: Annotated[str, Text("launch"), "Why"]
    budget: Annotated[str | None, Text("total"), "Name of a budget"] = None
    rule: Annotated[str | None, Text("owned"), "Name of a rule"] = None


class Frame(NamedTuple):
    """A budget file."""

    version: Annotated[str, Choice("1"), "Version of the format"]


LISTS = ("budgets", "rules", "waivers")


def read_policy(document: Document, book: PriceBook) -> model.Policy:
    """Turn a budget file into a policy. Raises CostkitError with everything that is wrong with it."""
    reader = PolicyReader(document, book)
    found = reader.policy()
    flaws = reader.binder.flaws
    if flaws:
        document = with_lines(document)
    problems = [*document.problems]
    problems += [flaw.at(document.where(flaw.path)) for flaw in flaws]
    if problems:
        raise CostkitError(problems)
    return found


class PolicyReader:
    """Reads one budget file; what is wrong stands in ``binder.flaws``."""

    def __init__(self, document: Document, book: PriceBook) -> None:
        self.document, self.book = with_lines(document), book
        self.binder = Binder(ZERO, ranges=False)

    def policy(self) -> model.Policy:
        """The policy, as far as it can be read."""
        tree = self.document.tree
        if not isinstance(tree, dict):
            hint = "write version: 1 and budgets:"
            self.binder.report((), "CK104", "a budget file is a mapping with version and budgets", hint)
            return model.Policy()
        self.binder.bind(Frame, tree, (), known=LISTS)
        budgets = tuple(self._budget(form, raw, path) for form, raw, path in self._list(Budget, "budgets", ("scope",)))
        rules = tuple(self._rule(form, raw, path) for form, raw, path in self._list(Rule, "rules", ("scope",)))
        names = {"budget": [budget.name for budget in budgets], "rule": [rule.name for rule in rules]}
        waivers = tuple(self._waivers(names))
        if not budgets and not rules and not self.binder.flaws:
            hint = "for example budgets: [{name: total, limit: 500 USD}]"
            self.binder.report((), "CK106", "neither budgets nor rules: nothing to judge", hint)
        return model.Policy(budgets, rules, waivers)

    def _list(self, form: type, key: str, known: Iterable[str] = ()) -> Iterator[tuple[Any, Mapping[str, Any], Path]]:
        """The readable entries of a list, with what they were read from; each name once."""
        raw = self.document.tree.get(key)
        if raw is None:
            return
        if not isinstance(raw, list):
            self.binder.report((key,), "CK104", f"not a list: {shown(raw)}", "write one item a line, with a dash")
            return
        seen: set[str] = set()
        for place, item in enumerate(raw):
            path: Path = (key, place)
            bound = self.binder.bind(form, item, path, known)
            if bound is None:
                continue
            name = getattr(bound, "name", "")
            if name and name in seen:
                self.binder.report((*path, "name"), "CK103", f"duplicate name: {shown(name)}", "names are unique")
            seen.add(name)
            yield bound, item, path

    def _budget(self, form: Budget, raw: Mapping[str, Any], path: Path) -> model.Budget:
        growth = form.max_increase
        if form.limit is None and growth is None and "limit" not in raw and "max_increase" not in raw:
            self.binder.report(path, "CK106", "missing: limit or max_increase", "for example limit: 500 USD")
        if growth is not None and growth.percent is None and growth.amount is None and "max_increase" in raw:
            hint = "for example {percent: 10, amount: 50 USD}"
            self.binder.report((*path, "max_increase"), "CK106", "missing: percent or amount", hint)
        if form.warn_at is not None and "limit" not in raw:
            self.binder.report((*path, "warn_at"), "CK113", "warn_at is a share of limit, which is missing", "add it")
        return model.Budget(
            name=form.name,
            scope=self._scope(raw.get("scope"), path),
            against=form.against,
            limit=form.limit,
            warn_at=form.warn_at,
            growth=None if growth is None else model.Growth(*growth),
            where=self.document.where(path),
        )

    def _rule(self, form: Rule, raw: Mapping[str, Any], path: Path) -> model.Rule:
        wanted = ("allow_regions", "forbid_types", "require_tags", "max_per_resource")
        if not any(key in raw for key in wanted):
            self.binder.report(path, "CK106", "a rule without a rule", f"one of {', '.join(wanted)}")
        self._known_types(form.forbid_types, (*path, "forbid_types"))
        return model.Rule(
            name=form.name,
            scope=self._scope(raw.get("scope"), path),
            allow_regions=self._regions(form.allow_regions, (*path, "allow_regions")),
            forbid_types=form.forbid_types,
            require_tags=form.require_tags,
            max_per_resource=form.max_per_resource,
            against=form.against,
            where=self.document.where(path),
        )

    def _waivers(self, names: Mapping[str, list[str]]) -> Iterator[model.Waiver]:
        for form, _, path in self._list(Waiver, "waivers"):
            given = [kind for kind in ("budget", "rule") if getattr(form, kind) is not None]
            if len(given) != 1:
                hint = "write budget: NAME or rule: NAME"
                self.binder.report(path, "CK106", "a waiver is for one budget or one rule", hint)
                continue
            [kind] = given
            name = getattr(form, kind)
            if name not in names[kind]:
                hint = nearest(name, names[kind]) or f"{kind}s here: {', '.join(names[kind]) or 'none'}"
                self.binder.report((*path, kind), "CK403", f"no {kind} is called {shown(name)}", hint)
            yield model.Waiver(kind, name, form.until, form.owner, form.reason, self.document.where(path))

    def _scope(self, raw: Any, around: Path) -> model.Scope:
        if raw is None:
            return model.EVERYTHING
        path = (*around, "scope")
        form = self.binder.bind(Scope, raw, path, known=("tags",))
        if form is None:
            return model.EVERYTHING
        self._known_types(form.types, (*path, "types"))
        tags = read_tags(self.binder, raw.get("tags"), (*path, "tags"))
        regions = self._regions(form.regions, (*path, "regions"))
        return model.Scope(tags, form.types, regions, form.resources, form.accounts, form.services)

    def _regions(self, given: Iterable[str], path: Path) -> tuple[str, ...]:
        """Regions and patterns, with groups replaced by their members; one that fits nothing is a slip."""
        regions, groups = self.book.regions(), self.book.region_groups()
        found: list[str] = []
        for name in given:
            if name.startswith(GROUP):
                members = groups.get(name.removeprefix(GROUP))
                if members is None:
                    hint = f"groups: {', '.join(GROUP + group for group in groups)}"
                    self.binder.report(path, "CK108", f"no group of regions is called {shown(name)}", hint)
                found += members or ()
            else:
                if not any(fits(region, (name,)) for region in regions):
                    hint = f"write {GROUP}{name}" if name in groups else nearest(name, regions)
                    self.binder.report(path, "CK108", f"AWS has no region {shown(name)}", hint)
                found.append(name)
        return tuple(found)

    def _known_types(self, given: Iterable[str], path: Path) -> None:
        for name in given:
            foreign = name.startswith(TYPES_OF_OTHERS) or "::" in name
            if not foreign and not any(fits(kind, (name,)) for kind in types()):
                self.binder.report(path, "CK107", f"unknown type: {shown(name)}", nearest(name, types()))
