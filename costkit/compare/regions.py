"""What a spec would cost in other regions: every resource moved there and the whole priced again, nothing guessed."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from costkit.estimating import STALE_AFTER_DAYS, estimate
from costkit.inputs.binding import nearest
from costkit.model.comparison import Comparison, Option, contested
from costkit.model.listing import first_of
from costkit.model.pattern import fits
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import GLOBAL, Resource
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.rating.gaps import doubt_problems, stale_problems
from costkit.services import service

GROUP = "group:"
# What differs from region to region; all else that hides a cost does so everywhere.
OF_A_REGION = ("CK201", "CK202", "CK204", "CK511")
SUMMED_UP = (*OF_A_REGION, "CK203", "CK205")
SHOWN = 6


def chosen_regions(book: PriceBook, patterns: Sequence[str], where: str = "--regions") -> tuple[str, ...]:
    """The regions that are named or that fit ``eu-*`` or ``group:eu``; all of AWS for no pattern at all.

    Raises CostkitError with every pattern that stands for none.
    """
    known = [region for region in book.regions() if region != GLOBAL]
    groups = book.region_groups()
    found: dict[str, None] = {}
    problems = []
    for pattern in patterns or ("*",):
        if pattern.startswith(GROUP):
            own: Iterable[str] = groups.get(pattern.removeprefix(GROUP), ())
            hint = f"groups: {', '.join(sorted(groups))}"
        else:
            own = [region for region in known if fits(region, (pattern,))]
            hint = nearest(pattern, known) or "write eu-west-1, eu-* or group:eu"
        if not own:
            problems.append(Problem("CK108", where, f"AWS has no region {pattern}", hint))
        found |= dict.fromkeys(own)
    if problems:
        raise CostkitError(problems)
    return tuple(found)


def compare_regions(
    spec: Spec,
    book: PriceBook,
    on: str,
    regions: Sequence[str],
    asked: str = "",
    max_age: int = STALE_AFTER_DAYS,
) -> Comparison:
    """Price a spec in each region, as (USD a month), beside what it costs where it is.

    A region where anything has no proven price, or where AWS does not take a resource, is incomplete
    and never ranked. ``present`` names the option of today: the one region in which all of the spec
    already is, if that is among ``regions``; otherwise ``today`` holds it. ``asked`` is how the regions
    were asked for, for the subject.
    """
    now = _regions_of(spec)
    refused = set(_refusals(spec, book, on))
    options = {region: _option(spec, book, on, region, refused, max_age) for region in regions}
    present = now[0] if len(now) == 1 and now[0] in options else ""
    today = None if present else _today(spec, book, on, now, max_age)
    ordered = tuple(sorted(options.values(), key=_place))
    subject = (("spec", spec.name), ("regions", asked or ", ".join(regions)), ("today", ", ".join(now)))
    return Comparison(
        subject=subject,
        options=ordered,
        break_even=(),
        close=contested(ordered),
        problems=tuple(_problems(ordered, today or options[present], on, max_age)),
        present=present,
        today=today,
    )


def moved(spec: Spec, region: str) -> Spec:
    """The spec with every resource in one region; types that are charged in none stay where they are."""
    expected = tuple(_moved(resource, region) for resource in spec.resources)
    if not spec.ranged:
        ends = expected, expected
    else:
        ends = tuple(_moved(r, region) for r in spec.low), tuple(_moved(r, region) for r in spec.high)
    unknown = tuple(listed._replace(region=region) for listed in spec.not_priced)
    return spec._replace(resources=expected, low=ends[0], high=ends[1], not_priced=unknown)


def _moved(resource: Resource, region: str) -> Resource:
    fixed = getattr(service(resource.type), "REGION", None)
    return resource if fixed is not None else resource._replace(region=region)


def _regions_of(spec: Spec) -> list[str]:
    """The regions in which a spec has its resources, without those that are charged in none."""
    regions = [resource.region for resource in spec.resources]
    regions += [resource.region for resource in spec.not_priced]
    return [region for region in dict.fromkeys(regions) if region not in (GLOBAL, "")]


def _option(spec: Spec, book: PriceBook, on: str, region: str, refused: set[tuple[str, str]], max_age: int) -> Option:
    there = moved(spec, region)
    problems = [
        Problem("CK511", "", f"{name}: {message} (in {region})", "AWS would not take it there", "warning", True)
        for (name, field), message in _refusals(there, book, on).items()
        if (name, field) not in refused
    ]
    priced = estimate(there, book, on, max_age)
    priced = priced._replace(problems=(*priced.problems, *problems))
    place = str(book.regions()[region].get("name", ""))
    return Option(region, "region", "", priced, facts=(("place", place),))


def _refusals(spec: Spec, book: PriceBook, on: str) -> dict[tuple[str, str], str]:
    """What AWS would not accept of the spec where its resources stand, by resource and field."""
    found: dict[tuple[str, str], str] = {}
    for resource in spec.resources:
        rules = service(resource.type)
        if hasattr(rules, "check"):
            at = setting(book, resource.type, resource.region, on, spec.month_hours, spec.hours_per_week)
            for refusal in rules.check(resource.usage, at):
                if refusal.severity == "error":
                    found[resource.name, refusal.field] = refusal.message
    return found


def _today(spec: Spec, book: PriceBook, on: str, now: Sequence[str], max_age: int) -> Option:
    """The spec where it is."""
    place = str(book.regions()[now[0]].get("name", "")) if len(now) == 1 else ""
    priced = estimate(spec, book, on, max_age)
    return Option(", ".join(now) or GLOBAL, "present", "", priced, facts=(("place", place),))


def _place(option: Option) -> tuple[bool, Decimal, str]:
    """Complete regions by cost; the others behind them, those that lack least first."""
    whole = option.estimate.complete
    charges = (charge for own in option.estimate.resources for charge in own.charges)
    lacking = Decimal(sum(charge.cost is None for charge in charges))
    return not whole, option.estimate.cost if whole else lacking, option.name


def _problems(options: Sequence[Option], today: Option, on: str, max_age: int) -> Iterator[Problem]:
    """What is missing or doubtful: all of it where the spec is, in one line of the other regions."""
    lacking = [o.name for o in options if any(p.code in OF_A_REGION for p in o.estimate.problems)]
    if lacking:
        names = first_of(lacking, SHOWN)
        message = f"{len(lacking)} of {len(options)} regions lack a proven price and are not ranked: {names}"
        hint = "-f json tells which charges; costkit prices list TYPE shows what is proven"
        yield Problem("CK512", "", message, hint, "warning", True)
    yield from (problem for problem in today.estimate.problems if problem.code not in ("CK203", "CK205"))
    told = {(problem.code, problem.where) for problem in today.estimate.problems}
    found = {(p.code, p.where): p for option in options for p in option.estimate.problems if p.code not in SUMMED_UP}
    yield from (problem for key, problem in found.items() if key not in told)
    every = [today, *(option for option in options if option is not today)]
    charges = [(option.name, charge) for option in every for own in option.estimate.resources for charge in own.charges]
    yield from doubt_problems(charges)
    yield from stale_problems(charges, on, max_age)
