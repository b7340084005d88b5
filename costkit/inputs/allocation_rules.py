"""The allocation file's door: rules in their order, or everything that is wrong with them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from costkit.inputs.bill_scope import Accounts, read_tags
from costkit.inputs.binding import Binder, nearest
from costkit.inputs.documents import Document, with_lines
from costkit.model.allocation import EVEN, USAGE, WEIGHTED, AllocationRule, Split
from costkit.model.bill import CHARGES
from costkit.model.exact import ONE, ZERO
from costkit.model.kind import Amount, Choice, Names, Refused, Text, shown
from costkit.model.place import Path
from costkit.model.policy import Scope
from costkit.model.problem import CostkitError

TARGETS = ("to", "to_tag", "split")


class Rule(NamedTuple):
    """Which charges go to whom; what is left out selects everything."""

    name: Annotated[str, Text("warehouse"), "Name of the rule"]
    accounts: Annotated[tuple[str, ...], Accounts(), "Accounts, or patterns"] = ()
    services: Annotated[tuple[str, ...], Names("AmazonRedshift"), "Services as the bill names them, or patterns"] = ()
    regions: Annotated[tuple[str, ...], Names("eu-*"), "Regions, or patterns"] = ()
    resources: Annotated[tuple[str, ...], Names("web-*"), "Ids or names of resources, or patterns"] = ()
    charges: Annotated[tuple[str, ...], Names("Tax"), f"Kinds of charges: {', '.join(CHARGES)}"] = ()
    to: Annotated[str, Text("data"), "The owner"] = ""
    to_tag: Annotated[str, Text("team"), "The tag whose value is the owner; without a value the rule does not fit"] = ""


class Division(NamedTuple):
    """How a shared cost is divided."""

    how: Annotated[str, Choice(EVEN, WEIGHTED, USAGE), "How it is divided"]
    among: Annotated[tuple[str, ...], Names("web"), "Owners (default: all of the month)"] = ()


class Frame(NamedTuple):
    """An allocation file."""

    version: Annotated[str, Choice("1"), "Version of the format"]


def read_rules(document: Document) -> tuple[AllocationRule, ...]:
    """Turn an allocation file into rules. Raises CostkitError with everything that is wrong with it."""
    reader = RulesReader(document)
    rules = tuple(reader.rules())
    problems = [*document.problems]
    problems += [flaw.at(reader.document.where(flaw.path)) for flaw in reader.binder.flaws]
    if problems:
        raise CostkitError(problems)
    return rules


class RulesReader:
    """Reads one allocation file; what is wrong stands in ``binder.flaws``."""

    def __init__(self, document: Document) -> None:
        self.document = with_lines(document)
        self.binder = Binder(ZERO, ranges=False)

    def rules(self) -> Iterator[AllocationRule]:
        """The rules, as far as they can be read."""
        tree = self.document.tree
        if not isinstance(tree, dict):
            hint = "write version: 1 and rules:"
            self.binder.report((), "CK104", "an allocation file is a mapping with version and rules", hint)
            return
        self.binder.bind(Frame, tree, (), known=("rules",))
        raw = tree.get("rules")
        if not isinstance(raw, list) or not raw:
            hint = "for example rules: [{name: tagged, to_tag: team}]"
            self.binder.report(("rules",), "CK104" if raw else "CK106", "rules are a list", hint)
            return
        seen: set[str] = set()
        for place, item in enumerate(raw):
            path: Path = ("rules", place)
            form = self.binder.bind(Rule, item, path, known=("tags", "split"))
            if form is None:
                continue
            if form.name in seen:
                message = f"duplicate name: {shown(form.name)}"
                self.binder.report((*path, "name"), "CK103", message, "names are unique")
            seen.add(form.name)
            yield self._rule(form, item, path)

    def _rule(self, form: Rule, raw: Mapping[str, Any], path: Path) -> AllocationRule:
        given = [target for target in TARGETS if target in raw]
        if not given:
            self.binder.report(path, "CK106", "a rule says to whom: to, to_tag or split", "for example to: data")
        elif len(given) > 1:
            message = f"{' and '.join(given)} exclude each other"
            self.binder.report((*path, given[-1]), "CK113", message, "keep the one that you mean")
        tags = read_tags(self.binder, raw.get("tags"), (*path, "tags"))
        return AllocationRule(
            name=form.name,
            scope=Scope(tags, (), form.regions, form.resources, form.accounts, form.services),
            charges=tuple(self._charge(name, (*path, "charges")) for name in form.charges),
            to=form.to,
            to_tag=form.to_tag,
            split=self._split(raw["split"], (*path, "split")) if "split" in raw else None,
            where=self.document.where(path),
        )

    def _charge(self, name: str, path: Path) -> str:
        found = next((kind for kind in CHARGES if kind.lower() == name.lower()), "")
        if not found:
            hint = nearest(name, CHARGES) or f"kinds: {', '.join(CHARGES)}"
            self.binder.report(path, "CK104", f"no kind of charge: {shown(name)}", hint)
        return found

    def _split(self, raw: Any, path: Path) -> Split | None:
        raw = raw if isinstance(raw, dict | list) else {"how": raw}
        form = self.binder.bind(Division, raw, path, known=("weights",))
        if form is None:
            return None
        weights = raw.get("weights")
        if form.how != WEIGHTED:
            if weights is not None:
                hint = f"write how: {WEIGHTED}, or leave them out"
                self.binder.report((*path, "weights"), "CK113", f"weights in a split that is {form.how}", hint)
            return Split(form.how, tuple((owner, ONE) for owner in dict.fromkeys(form.among)))
        if form.among:
            self.binder.report(
                (*path, "among"), "CK113", "the owners of a weighted split are its weights", "leave it out"
            )
        if not isinstance(weights, dict) or not weights:
            self.binder.report(
                (*path, "weights"), "CK106", "missing: weights", "for example weights: {web: 2, data: 1}"
            )
            return None
        return Split(WEIGHTED, tuple(self._weights(weights, (*path, "weights"))))

    def _weights(self, raw: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Decimal]]:
        kind = Amount("parts")
        for owner, value in raw.items():
            try:
                weight: Decimal = kind.read(value, ZERO)
                if not weight:
                    raise Refused("a weight of nothing", "leave the owner out")
            except Refused as refused:
                self.binder.report((*path, owner), refused.code, refused.message, refused.hint)
                continue
            yield owner, weight
