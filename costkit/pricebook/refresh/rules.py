"""Which row of a price list feeds which meter: the rules in ``pricing/offers``, a file an offer.

``pricing/offers/README.md`` explains their keys. A rule names what AWS calls the thing (product family, usage
type, other attributes), the term it is bought under, and how many of the meter's units one of AWS's units holds.
"""

import os
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fnmatch import translate
from typing import Any, NamedTuple

from costkit.model.exact import ONE, ZERO
from costkit.model.place import Lines
from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.refresh.offer import ON_DEMAND, RESERVED, SAVINGS_PLAN, Product, Term
from costkit.yaml_exact import read

FOLDER = "offers"
# AWS puts a region's short name before a usage type, but for some services not in us-east-1: EUC1-NatGateway-Hours.
REGION_PREFIX = r"(?:[A-Z]{2,4}\d?-)?"
# A rate of a savings plan has the usage it discounts, beside the usage type of the plan itself.
USAGE_TYPE = ("discountedusagetype", "usagetype")
LENGTHS = ("1y", "3y")
PAYMENTS = ("no_upfront", "partial_upfront", "all_upfront")
BEHIND_COLON = "usage_type"
RECURRING, UPFRONT, EFFECTIVE = "recurring", "upfront", "effective"
FEE_UNIT = "quantity"
PATTERN_KEYS = frozenset({"family", "usage_type", "where"})
RULE_KEYS = PATTERN_KEYS | {"table", "meter", "type", "region", "units", "tolerance", "specs"}
RULE_KEYS |= {"term", "offering", "lengths", "payments", "part", "from"}
OFFER_KEYS = frozenset({"offer", "savings_plan", "narrow", "rules", "ignore"})
IGNORE_KEYS = PATTERN_KEYS | {"because"}


class Pattern(NamedTuple):
    """What a product must look like: patterns such as ``*-ARM`` for its family, usage type and attributes."""

    family: re.Pattern[str] | None
    usage_type: re.Pattern[str] | None
    where: tuple[tuple[str, re.Pattern[str]], ...]

    def fits(self, product: Product) -> bool:
        """Whether a product is meant."""
        given = product.attributes
        if self.family and not self.family.fullmatch(product.family):
            return False
        if self.usage_type and not self.usage_type.fullmatch(usage_type_of(product)):
            return False
        return all(value.fullmatch(given.get(name, "")) for name, value in self.where)


class Rule(NamedTuple):
    """Products of one pattern feed one meter, or one for each length and payment of a commitment.

    ``type`` is the attribute that holds the instance or node type, ``region`` replaces the product's own,
    ``units`` says how many of the meter's units each of AWS's units holds. ``part`` of a reservation is what
    recurs by the hour, the fee upfront, or both as an effective hourly price. Differences up to ``tolerance``
    are none: the table's figure was rounded by its source. ``specs``: only types that the table describes.
    ``begins``: the product is the tier that begins at this quantity; all rules of the meter make one price.
    ``exact`` holds the attributes that must have one value, which the Query API can be asked for.
    """

    pattern: Pattern
    table: str
    meter: str
    type: str
    region: str
    term: str
    offering: str
    lengths: tuple[str, ...]
    payments: tuple[str, ...]
    part: str
    units: Mapping[str, Decimal]
    tolerance: Decimal
    specs: bool
    begins: Decimal | None
    exact: Mapping[str, str]

    def feeds(self, term: Term) -> bool:
        """Whether a term of a fitting product is the one meant."""
        bought = term.kind == self.term and (not self.offering or term.offering == self.offering)
        return bought and (self.term == ON_DEMAND or (term.length in self.lengths and term.payment in self.payments))

    def meter_of(self, term: Term) -> str:
        """The meter that a term feeds."""
        return self.meter.replace("{length}", term.length).replace("{payment}", term.payment)

    def meters(self) -> Iterator[str]:
        """Every meter that this rule may feed."""
        for length in self.lengths if "{length}" in self.meter else ("",):
            for payment in self.payments if "{payment}" in self.meter else ("",):
                yield self.meter.replace("{length}", length).replace("{payment}", payment)


class Ignored(NamedTuple):
    """Products that are known and feed nothing, and why."""

    pattern: Pattern
    because: str


class OfferRules(NamedTuple):
    """What is known of one offer: the rows that feed meters, and those that are known to feed none.

    A ``narrow`` offer is so large that the Query API is asked only for what the rules name.
    """

    offer: str
    savings_plan: bool
    narrow: bool
    rules: tuple[Rule, ...]
    ignored: tuple[Ignored, ...]

    def of_tables(self, tables: tuple[str, ...]) -> "OfferRules":
        """The same with the rules of some tables only; all of them if none is named."""
        if not tables:
            return self
        others = tuple(
            Ignored(rule.pattern, "of a table not asked for") for rule in self.rules if rule.table not in tables
        )
        mine = tuple(rule for rule in self.rules if rule.table in tables)
        return self._replace(rules=mine, ignored=(*self.ignored, *others))


def all_rules(directory: str) -> dict[str, OfferRules]:
    """The rules in a directory of tables, by offer. Raises CostkitError with everything that is wrong in them."""
    folder = os.path.join(directory, FOLDER)
    found: dict[str, OfferRules] = {}
    problems: list[Problem] = []
    names = sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            tree, lines, wrong = read(file.read(), f"{FOLDER}/{name}")
        reader = RuleReader(f"{FOLDER}/{name}", lines)
        problems += wrong
        if isinstance(tree, dict):
            found[name.removesuffix(".yaml")] = reader.offer(tree)
        problems += reader.problems
    if problems:
        raise CostkitError(problems)
    return found


class RuleReader:
    """Reads one file of rules; what is wrong with it stands in ``problems``."""

    def __init__(self, name: str, lines: Lines) -> None:
        self.name, self.lines = name, lines
        self.problems: list[Problem] = []

    def offer(self, tree: dict[str, Any]) -> OfferRules:
        """The rules of a file."""
        for key in sorted(set(tree) - OFFER_KEYS):
            line = self.lines.get((key,), 1)
            self.problems.append(Problem("CK206", f"{self.name}:{line}", f"unknown key: {key}"))
        rules = [self._rule(index, entry) for index, entry in enumerate(tree.get("rules") or ())]
        ignored = [self._ignored(index, entry) for index, entry in enumerate(tree.get("ignore") or ())]
        plan = tree.get("savings_plan") is True
        offer = str(tree.get("offer") or "")
        narrow = tree.get("narrow") is True
        return OfferRules(offer, plan, narrow, tuple(filter(None, rules)), tuple(filter(None, ignored)))

    def _rule(self, index: int, entry: Any) -> Rule | None:
        needed = {"table", "meter", "units"}
        if not self._shaped("rules", index, entry, RULE_KEYS, needed):
            return None
        term = str(entry.get("term", ON_DEMAND))
        if term not in (ON_DEMAND, RESERVED, SAVINGS_PLAN):
            self._wrong("rules", index, f"unknown term: {term}")
        where = entry.get("where") or {}
        exact = {name: value for name, value in where.items() if isinstance(value, str) and "*" not in value}
        if "family" in entry and isinstance(entry["family"], str):
            exact["productFamily"] = entry["family"]
        return Rule(
            pattern=_pattern(entry),
            table=str(entry["table"]),
            meter=str(entry["meter"]),
            type=str(entry.get("type", "")).lower(),
            region=str(entry.get("region", "")),
            term=term,
            offering=str(entry.get("offering", "")),
            lengths=tuple(entry.get("lengths", LENGTHS)),
            payments=tuple(entry.get("payments", PAYMENTS)),
            part=str(entry.get("part", RECURRING)),
            units={str(unit).lower(): Decimal(held) for unit, held in entry["units"].items()},
            tolerance=entry.get("tolerance", ZERO),
            specs=entry.get("specs") is True,
            begins=Decimal(entry["from"]) if "from" in entry else None,
            exact=exact,
        )

    def _ignored(self, index: int, entry: Any) -> Ignored | None:
        if not self._shaped("ignore", index, entry, IGNORE_KEYS, {"because"}):
            return None
        return Ignored(_pattern(entry), str(entry["because"]))

    def _shaped(self, section: str, index: int, entry: Any, known: frozenset[str], needed: set[str]) -> bool:
        if not isinstance(entry, dict):
            self._wrong(section, index, "not a mapping")
            return False
        for key in sorted(set(entry) - known):
            self._wrong(section, index, f"unknown key: {key}")
        for key in sorted(needed - set(entry)):
            self._wrong(section, index, f"missing: {key}")
        return needed <= set(entry)

    def _wrong(self, section: str, index: int, message: str) -> None:
        line = self.lines.get((section, index), 1)
        self.problems.append(Problem("CK206", f"{self.name}:{line}", message))


def _pattern(entry: Mapping[str, Any]) -> Pattern:
    family = _any_of(entry["family"]) if "family" in entry else None
    usage_type = _any_of(entry["usage_type"], REGION_PREFIX) if "usage_type" in entry else None
    where = entry.get("where") or {}
    return Pattern(family, usage_type, tuple((name.lower(), _any_of(value)) for name, value in where.items()))


def _any_of(patterns: Any, prefix: str = "") -> re.Pattern[str]:
    many = patterns if isinstance(patterns, list) else [patterns]
    choices = "|".join(translate(str(one)).removesuffix(r"\Z").removesuffix(r"\z") for one in many)
    return re.compile(f"{prefix}(?:{choices})")


def usage_type_of(product: Product) -> str:
    """What AWS calls the usage, in an offer file or a savings plan."""
    return next((product.attributes[name] for name in USAGE_TYPE if name in product.attributes), "")


def in_our_units(rule: Rule, unit: str) -> Decimal | None:
    """How many of the meter's units one of AWS's units holds; None for a unit that the rule does not know."""
    if unit.lower() == FEE_UNIT and rule.part == UPFRONT:
        return ONE
    return rule.units.get(unit.lower())
