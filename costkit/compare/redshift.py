"""Redshift clusters and Redshift Serverless for one usage: what each way to run it costs, and where they meet."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from costkit.compare import redshift_options as ways
from costkit.compare.redshift_break_even import amount_of, break_evens
from costkit.compare.redshift_options import Recipe
from costkit.compare.redshift_profile import CLUSTER, SERVERLESS, Profile
from costkit.compare.redshift_words import assumptions, facts, notes, subject
from costkit.estimating import STALE_AFTER_DAYS, estimate
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.model.charge import UNPRICED, Charge, Estimate
from costkit.model.comparison import Comparison, Option, contested, ranked
from costkit.model.exact import EXACT
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import Setting
from costkit.model.spec import Overrides, Spec
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.rating.gaps import doubt_problems, stale_problems

COMPUTE = ("node", "reserved", "rpu", "reservation")
SUMMED_UP = ("CK203", "CK205")


class Engine:
    """Prices ways to run a warehouse, each as the only resource of its account."""

    def __init__(self, profile: Profile, book: PriceBook, on: str, max_age: int = STALE_AFTER_DAYS) -> None:
        self.profile, self.book, self.on, self.max_age = profile, book, on, max_age
        self.at: Setting = setting(book, SERVERLESS, profile.region, on, profile.month_hours, None)

    def price(self, recipe: Recipe, profile: Profile | None = None) -> Estimate:
        """The cost of one way to run the warehouse, at another profile than its own if one is given."""
        need = profile or self.profile
        with localcontext(EXACT):
            made = ways.entry(recipe, need, self.book.specs(CLUSTER).get(recipe.node_type, {}))
        tree = {"version": "1", **need.frame, "region": need.region, "resources": {recipe.name: made}}
        overrides = Overrides(month_hours=need.month_hours)
        spec = read_spec(Document(recipe.name, tree, {}, ()), self.book, self.on, overrides)
        return estimate(spec, self.book, self.on, self.max_age)

    def recipes(self) -> list[Recipe]:
        """The ways that AWS sells and that hold the data."""
        with localcontext(EXACT):
            return list(ways.recipes(self.profile, self.at))

    def option(self, recipe: Recipe, found: Estimate) -> Option:
        """A priced way as an option."""
        nodes = recipe.size if recipe.kind == CLUSTER else None
        said = assumptions(recipe, self.profile, self.at)
        return Option(recipe.name, recipe.kind, recipe.purchase, found, nodes, said, facts(recipe, self.at))


class Present(NamedTuple):
    """The resource in use today, alone in its spec."""

    name: str
    spec: Spec


def compare_redshift(
    profile: Profile, book: PriceBook, on: str, present: Present | None = None, max_age: int = STALE_AFTER_DAYS
) -> Comparison:
    """Rank the ways to run a warehouse with the prices of an ISO day, in USD a month.

    Ways whose compute has no proven price are named in ``problems`` and not listed. Raises CostkitError
    if none has one in the region.
    """
    engine = Engine(profile, book, on, max_age)
    priced: dict[Recipe, Estimate] = {}
    unproven: list[Recipe] = []
    for recipe in engine.recipes():
        found = engine.price(recipe)
        if any(_is_unproven_compute(charge) for charge in found.resources[0].charges):
            unproven.append(recipe)
        else:
            priced[recipe] = found
    if not priced:
        raise CostkitError([_nothing(profile, unproven, on)])
    priced |= {recipe: engine.price(recipe) for recipe in _of_s3(priced, engine)}
    options = [engine.option(recipe, found) for recipe, found in priced.items()]
    today = None if present is None else _in_use(present, options, estimate(present.spec, book, on, max_age))
    if today is not None and today not in options:
        options.append(today)
    ordered = ranked(options)
    points = tuple(break_evens(engine.price, profile, priced))
    return Comparison(
        subject=subject(profile),
        options=ordered,
        break_even=points,
        close=contested(ordered),
        problems=tuple(_problems(ordered, unproven, profile, on, max_age)),
        present="" if today is None else today.name,
        varied=points[0].unit if points else "",
        amount=amount_of(profile, points[0].unit) if points else None,
        notes=notes(profile),
    )


def _in_use(present: Present, options: Iterable[Option], found: Estimate) -> Option:
    """The option of today: one of those listed if it is charged for the same, else one more."""
    same = (option for option in options if _charged(option.estimate) == _charged(found))
    kind = present.spec.resources[0].type
    return next(same, Option(f"{present.name}, as it is", kind, "as it is", found))


def _charged(found: Estimate) -> list[tuple[str, Decimal | None, Decimal | None, Decimal | None]]:
    return [(charge.meter, charge.cost, charge.low, charge.high) for charge in found.resources[0].charges]


def _is_unproven_compute(charge: Charge) -> bool:
    return charge.status == UNPRICED and charge.meter.partition(".")[0] in COMPUTE


def _of_s3(priced: dict[Recipe, Estimate], engine: Engine) -> Iterator[Recipe]:
    """The cheapest cluster that pays for its scans, with its S3 data converted, and with it loaded."""
    profile = engine.profile
    paying = [r for r, found in priced.items() if any(c.meter == "spectrum" for c in found.resources[0].charges)]
    if not paying:
        return
    best = min(paying, key=lambda recipe: (not priced[recipe].complete, priced[recipe].cost))
    if profile.conversion != type(profile.conversion)():
        yield best._replace(access=ways.CONVERTED)
    if profile.external is not None:
        spec = engine.book.specs(CLUSTER)[best.node_type]
        with localcontext(EXACT):
            data = max(ways.with_external(profile))
            fits = ways.holds(spec, best.size or Decimal(1), data)
        if fits is not False:
            yield best._replace(access=ways.LOADED)


def _nothing(profile: Profile, unproven: Sequence[Recipe], on: str) -> Problem:
    if not unproven:
        hint = "larger ones: --nodes, --node-type, --base-rpu"
        return Problem("CK105", "--storage", "none of these clusters and workgroups holds the data", hint)
    message = f"no proven price of Redshift in {profile.region} on {on}"
    hint = f"costkit prices list {CLUSTER} and {SERVERLESS} show what is proven"
    return Problem("CK201", "--region", message, hint)


def _problems(
    options: Sequence[Option], unproven: Iterable[Recipe], profile: Profile, on: str, max_age: int
) -> Iterator[Problem]:
    """What is missing or doubtful, said once and not once an option."""
    lacking = _listed(unproven)
    if lacking:
        message = f"no proven price in {profile.region}, not compared: {', '.join(lacking)}"
        yield Problem("CK513", "", message, "bring prices with --prices if you have them", "warning")
    if profile.rpus_per_node is not None and not any(option.kind == SERVERLESS for option in options):
        message = "AWS sells no base capacity as large as these nodes: serverless is not compared"
        yield Problem("CK513", "--rpus-per-node", message, "fewer nodes: --nodes", "warning")
    found = [problem for option in options for problem in option.estimate.problems]
    yield from {(p.code, p.message.partition(": ")[2]): p for p in found if p.code not in SUMMED_UP}.values()
    charges = [(o.name, charge) for o in options for own in o.estimate.resources for charge in own.charges]
    yield from doubt_problems(charges)
    yield from stale_problems(charges, on, max_age)


def _listed(unproven: Iterable[Recipe]) -> list[str]:
    """What has no proven price: a type, and how it is bought where some ways to buy it have one."""
    bought: dict[str, dict[str, None]] = {}
    for recipe in unproven:
        bought.setdefault(recipe.node_type or "serverless", {})[recipe.purchase.replace("_", " ")] = None
    lacking: list[str] = []
    for kind, purchases in bought.items():
        names = [name for name in purchases if name not in (ways.ON_DEMAND, ways.PAUSED)]
        every = len(names) == len(ways.RESERVED)
        lacking += [kind] if ways.ON_DEMAND in purchases else []
        lacking += [f"{kind} reserved"] if every else [f"{kind} {name}" for name in names]
    return lacking
