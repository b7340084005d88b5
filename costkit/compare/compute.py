"""Lambda, Fargate and EC2 for one workload: every way is priced by the engine on its own, then ranked."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import localcontext
from typing import NamedTuple

from costkit.compare.compute_assumptions import notes_of, subject_of
from costkit.compare.compute_break_even import VARIED, Met, break_evens, curves_of
from costkit.compare.compute_engine import Engine
from costkit.compare.compute_fleet import Machine
from costkit.compare.compute_options import PURCHASES, Way, wanted, words
from costkit.compare.workload import Workload
from costkit.estimating import STALE_AFTER_DAYS
from costkit.inputs.binding import nearest
from costkit.model.charge import UNPRICED, Estimate
from costkit.model.comparison import Comparison, Option, overlapping, ranked
from costkit.model.exact import EXACT
from costkit.model.pattern import fits
from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.book import PriceBook

TYPES_A_PURCHASE = 5


class Narrowed(NamedTuple):
    """What narrows the comparison: patterns of instance types and of ways to buy."""

    instance_types: Sequence[str] = ()
    purchases: Sequence[str] = ()


NOT_NARROWED = Narrowed()


def compare_compute(
    workload: Workload,
    book: PriceBook,
    on: str,
    asked: Narrowed = NOT_NARROWED,
    max_age: int = STALE_AFTER_DAYS,
    drawn: bool = False,
) -> Comparison:
    """Rank the ways to run a workload with the prices of an ISO day, and find where Lambda meets its rivals.

    ``drawn`` also samples the cost over the volume, for charts. Raises CostkitError for patterns that
    select nothing.
    """
    with localcontext(EXACT):
        return _compared(Engine(workload, book, on, max_age), asked, drawn)


def _compared(engine: Engine, asked: Narrowed, drawn: bool) -> Comparison:
    workload = engine.workload
    fleets, unproven = _fleets(engine, asked)
    others, more = _others(engine, asked)
    ways = {way.name: way for way in [*others, *fleets]}
    options = ranked([engine.option(way) for way in ways.values()])
    met = break_evens(engine, options, ways)
    return Comparison(
        subject=subject_of(workload),
        options=options,
        break_even=met.points,
        close=overlapping(options),
        problems=(*_problems(options), *_left_out(_together([*more, *unproven], asked), workload.region)),
        present=next((way.name for way in ways.values() if way.present), ""),
        varied=VARIED,
        amount=workload.loads[0].requests,
        curves=curves_of(engine, options, ways, met.points) if drawn else (),
        notes=(*notes_of(workload, None if asked.instance_types else TYPES_A_PURCHASE), *_apart(met)),
    )


def _selected(engine: Engine, asked: Narrowed) -> tuple[list[Machine], list[str]]:
    """The instance types and purchases to compare. Raises CostkitError for patterns that select nothing."""
    machines = engine.ways.machines()
    problems = [*_unknown_types(engine, machines, asked), *_unknown_purchases(asked)]
    if problems:
        raise CostkitError(problems)
    chosen = [one for one in machines if not asked.instance_types or fits(one.name, asked.instance_types)]
    return chosen, [purchase for purchase in PURCHASES if wanted(purchase, asked.purchases)]


def _unknown_types(engine: Engine, machines: Sequence[Machine], asked: Narrowed) -> Iterator[Problem]:
    known = engine.book.specs("ec2_instance")
    for pattern in asked.instance_types:
        if any(fits(machine.name, [pattern]) for machine in machines):
            continue
        if any(fits(name, [pattern]) for name in known):
            message, hint = f"too small for a request, or of another architecture: {pattern}", "name a larger type"
            yield Problem("CK113", "--instance-type", message, hint)
        else:
            message = f"AWS sells no instance type {pattern}"
            yield Problem("CK115", "--instance-type", message, nearest(pattern, known))


def _unknown_purchases(asked: Narrowed) -> Iterator[Problem]:
    families = list(dict.fromkeys(purchase.partition(".")[0] for purchase in PURCHASES))
    for pattern in asked.purchases:
        if not any(wanted(purchase, [pattern]) for purchase in PURCHASES):
            hint = f"one of {', '.join(families)}, or for example standard_reserved.3y.*"
            yield Problem("CK104", "--purchase", f"not a way to buy: {pattern}", hint)


def _fleets(engine: Engine, asked: Narrowed) -> tuple[list[Way], list[tuple[str, str]]]:
    """Fleets of EC2: of each purchase the types that cost least, or all that were asked for by name.

    Also names the purchases for which no type has a proven price.
    """
    machines, purchases = _selected(engine, asked)
    ways: list[Way] = []
    unproven = []
    for purchase in purchases:
        fleets = [engine.ways.of_ec2(machine, purchase) for machine in machines if engine.sells(machine, purchase)]
        if machines and not fleets:
            unproven.append(("EC2", purchase))
        if not asked.instance_types:
            fleets = sorted(fleets, key=lambda way: (engine.expected(way).cost, way.name))[:TYPES_A_PURCHASE]
        ways += fleets
    return ways, unproven


def _others(engine: Engine, asked: Narrowed) -> tuple[list[Way], list[tuple[str, str]]]:
    """Lambda and Fargate as far as they have a proven price; names and purchases of those that have none.

    Lambda on demand stays whatever is known of it: the comparison is about it.
    """
    found = [*engine.ways.of_lambda(asked.purchases), *engine.ways.of_fargate(asked.purchases)]
    kept = [way for way in found if way.is_plain_lambda or way.present or _proven(engine.expected(way))]
    return kept, [(way.base, way.purchase) for way in found if way not in kept]


def _proven(result: Estimate) -> bool:
    """Whether the compute itself has a price in the region, whatever its neighbours have, under a plan wholly."""
    unproven = any(problem.code == "CK302" for problem in result.problems)
    return not unproven and all(charge.status != UNPRICED for charge in result.resources[0].charges)


def _problems(options: Iterable[Option]) -> Iterator[Problem]:
    """What is missing or doubtful: each gap once, and each doubt once a kind, of its cheapest option."""
    seen = set()
    for option in options:
        for problem in option.estimate.problems:
            key = problem.message if problem.hides_cost else (problem.code, option.kind)
            if key not in seen:
                seen.add(key)
                yield problem._replace(where=problem.where or option.name)


def _apart(met: Met) -> Iterator[str]:
    """What the list of break-even points does not show: rivals without any, and with too many."""
    if met.apart:
        names = ", ".join(met.apart)
        yield f"Whatever the number of requests, Lambda on demand does not change places with {names}."
    if met.again:
        names = ", ".join(met.again)
        yield f"Lambda on demand changes places again and again, more often than is listed, with {names}."


def _left_out(names: Sequence[str], region: str) -> Iterator[Problem]:
    """One problem for all that has no proven price in the region and is not compared."""
    if names:
        hint = "costkit prices list shows what is proven"
        message = f"left out, without a proven price in {region}: {', '.join(names)}"
        yield Problem("CK501", "", message, hint, "warning")


def _together(unproven: Sequence[tuple[str, str]], asked: Narrowed) -> list[str]:
    """What is bought how by family: one name where all conditions of it lack, else the conditions in brackets."""
    families: dict[tuple[str, str], list[str]] = {}
    for base, purchase in unproven:
        family, _, condition = purchase.partition(".")
        families.setdefault((base, family), []).append(words(condition))
    sought = [purchase.partition(".")[0] for purchase in PURCHASES if wanted(purchase, asked.purchases)]
    names = []
    for (base, family), conditions in families.items():
        whole = len(conditions) >= sought.count(family)
        names.append(f"{base} {words(family)}" + ("" if whole else f" ({', '.join(conditions)})"))
    return names
