"""How much to commit to: each commitment at its best level, ranked by what everything then costs."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction

from costkit.compare.commitments_candidates import by_usage
from costkit.compare.commitments_exact import cheapest
from costkit.compare.commitments_scene import Scene, decimal, fee_of, size_of, step_of
from costkit.compare.commitments_stack import Demand
from costkit.estimating import STALE_AFTER_DAYS
from costkit.model.charge import Estimate
from costkit.model.commitment import RESERVED_INSTANCES, RPU_RESERVATION, SAVINGS_PLANS, Commitment
from costkit.model.comparison import Comparison, Option
from costkit.model.exact import EXACT, ZERO, plain, quotient
from costkit.model.form import TERM_HOURS
from costkit.model.problem import Problem
from costkit.rating.commitment_offers import Offer
from costkit.rating.gaps import doubt_problems, stale_problems

FALLS = (10, 30, 50)
HUNDRED = Decimal(100)
OF_OPTIONS = ("CK203", "CK205", "CK302")
WITHOUT = "no further commitment"
BOUGHT = (
    "each commitment is judged by itself, on top of what there is: after buying one, ask again",
    "savings plans are bought in USD an hour with three decimals; the optimum is shown beside what can be bought",
    "regret: what the level costs more than the best one if all usage falls",
    "a break-even month is when what was saved has paid back what was paid upfront",
)


def compare_commitments(scene: Scene, max_age: int = STALE_AFTER_DAYS) -> Comparison:
    """Each commitment at its best level, in USD a month; those that save nothing at any level are named in a note.

    Commitments under which a rate of the usage is not proven stand last: that usage stays on demand in them.
    """
    with localcontext(EXACT):
        made = [(offer, _option(scene, offer)) for offer in scene.candidates.offers]
        options = sorted((option for _, option in made if option is not None), key=_place)
        idle = [_name(offer.commitment) for offer, option in made if option is None]
        notes = [*scene.notes, *BOUGHT]
        if idle:
            notes.append(f"no level saves anything: {', '.join(dict.fromkeys(idle))}")
        today = Option(WITHOUT, "present", "", scene.base)
        return Comparison(
            subject=scene.subject,
            options=tuple(options),
            break_even=(),
            close=(),
            problems=tuple(_problems(scene, options, max_age)),
            today=today,
            notes=tuple(notes),
        )


def _place(option: Option) -> tuple[bool, Decimal, str]:
    return dict(option.facts)["rates_proven"] != "yes", option.estimate.cost, option.name


def _option(scene: Scene, offer: Offer) -> Option | None:
    """An offer at its best level, or None if it never saves."""
    demand, step = scene.demand(offer), step_of(offer)
    fee = fee_of(offer, scene.base.month_hours)
    level = _best(scene, offer, fee, step)
    size = size_of(offer, level)
    priced = scene.priced(offer, size) if size else scene.base
    saving = scene.base.cost - priced.cost
    if saving <= 0:
        return None
    commitment = offer.commitment
    counted = commitment.kind not in SAVINGS_PLANS and commitment.kind != RPU_RESERVATION
    exact = level if commitment.kind not in SAVINGS_PLANS else _best(scene, offer, fee, None)
    optimum = priced if exact == level else scene.priced(offer, size_of(offer, exact))
    new = [problem for problem in priced.problems if problem.hides_cost and problem not in scene.base.problems]
    facts = {
        "commitment": commitment.kind,
        "what": commitment.what,
        "region": commitment.region,
        "term": commitment.term,
        "payment": commitment.payment,
        "level": plain(size),
        "level_unit": _unit(commitment),
        "optimum": plain(size_of(offer, exact)),
        "optimum_cost": plain(optimum.cost),
        "saving": plain(saving),
        "saving_percent": plain(quotient(saving * HUNDRED, scene.base.cost)),
        "coverage": _share(demand.saved(level), demand.total),
        "utilisation": _share(demand.used(level), level * demand.hours),
        "break_even_month": _break_even(offer, size, saving, scene.base),
        **{f"regret_{fall}": _regret(scene, offer, fee, level, fall) for fall in FALLS},
        "rates_proven": "no" if new else "yes",
    }
    assumed = tuple(f"{problem.message}: stays on demand" for problem in new)
    about = (_name(commitment), commitment.kind, commitment.terms, priced)
    return Option(*about, size if counted else None, assumed, tuple(facts.items()))


def _best(scene: Scene, offer: Offer, fee: Fraction, step: Fraction | None) -> Fraction:
    """The level at which everything costs least; by whole estimates where the demand alone cannot tell."""
    levels = list(scene.tried(offer, step))
    if not levels:
        return scene.demand(offer).best(fee, step)

    def cost(level: Fraction) -> Decimal:
        return scene.priced(offer, size_of(offer, level)).cost if level else scene.base.cost

    return min(sorted(levels), key=cost)


def _regret(scene: Scene, offer: Offer, fee: Fraction, level: Fraction, fall: int) -> str:
    """What a level costs more in a month than the best one, if usage falls by so many percent."""
    demand = scene.demand(offer, 1 - Fraction(fall, 100))
    best = cheapest(demand, fee, (demand.best(fee, step_of(offer)), level))
    more = _cost(demand, fee, level) - _cost(demand, fee, best)
    return plain(decimal(more * Fraction(scene.base.month_hours) / demand.hours))


def _cost(demand: Demand, fee: Fraction, level: Fraction) -> Fraction:
    """What a level costs over all hours beyond what everything costs on demand."""
    return fee * demand.hours * level - demand.saved(level)


def _break_even(offer: Offer, size: Decimal, saving: Decimal, base: Estimate) -> str:
    """After how many months savings have paid back what was paid upfront; empty where nobody can say."""
    if offer.commitment.payment == "no_upfront":
        return "0"
    if offer.doubt:
        return ""
    upfront = offer.upfront * size
    term = TERM_HOURS[offer.commitment.term].number or ZERO
    monthly = saving + quotient(upfront * base.month_hours, term)
    return plain(quotient(upfront, monthly))


def _share(part: Fraction, whole: Fraction) -> str:
    return plain(decimal(part / whole)) if whole else ""


def _name(commitment: Commitment) -> str:
    """How an option is called: kind, type, term and payment, with the class and region where it has one."""
    offer = f", {commitment.offer}" if commitment.kind == RESERVED_INSTANCES else ""
    return f"{commitment.title}{offer}{f', {commitment.region}' if commitment.region else ''}"


def _unit(commitment: Commitment) -> str:
    if commitment.kind in SAVINGS_PLANS:
        return "USD an hour"
    if commitment.kind == RPU_RESERVATION:
        return "RPUs"
    return "instances" if commitment.kind == RESERVED_INSTANCES else "nodes"


def _problems(scene: Scene, options: list[Option], max_age: int) -> Iterator[Problem]:
    """What is missing or doubtful, each once."""
    base = scene.base
    yield from (problem for problem in base.problems if problem.code not in ("CK203", "CK205"))
    yield from scene.candidates.problems
    found = (problem for option in options for problem in option.estimate.problems if problem not in base.problems)
    yield from by_usage(problem for problem in found if problem.code == "CK302")
    if not scene.candidates.offers and not scene.candidates.problems:
        hint = "commitments cover compute, Redshift nodes and RPUs that are bought on demand"
        yield Problem("CK534", "", "nothing here is covered by a commitment that has a proven price", hint, "warning")
    told = {(p.code, p.message) for p in base.problems}
    for option in options:
        for problem in option.estimate.problems:
            if problem.code not in OF_OPTIONS and (problem.code, problem.message) not in told:
                told.add((problem.code, problem.message))
                yield problem
    charges = {(own.resource.name, charge) for own in base.resources for charge in own.charges}
    for option in options:
        bought = ((own.resource.name, c) for own in option.estimate.resources for c in own.charges if c.fee)
        charges.update(bought)
    ordered = sorted(charges, key=lambda entry: (entry[0], entry[1].meter, entry[1].title))
    yield from doubt_problems(ordered)
    yield from stale_problems(ordered, base.on, max_age)
