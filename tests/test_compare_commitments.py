"""How much to commit to: the level against brute force, the answer against the estimate, files that are wrong."""

import csv
import io
import os
import random
from array import array
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import costkit
from costkit.compare import commitments_fast
from costkit.compare.commitments import compare_commitments
from costkit.compare.commitments_candidates import Wanted
from costkit.compare.commitments_exact import ExactDemand, Shrunk
from costkit.compare.commitments_scene import fee_of, size_of
from costkit.compare.commitments_spec import SpecScene
from costkit.compare.commitments_stack import Column, Layer, Stack
from costkit.compare.commitments_usage import UsageScene
from costkit.compare.hourly_usage import read_usage
from costkit.model.comparison import Comparison, Option
from costkit.pricebook.book import PriceBook

DAY = "2026-11-21"
REGION = "us-east-1"
ONE, MILL = Fraction(1), Fraction(1, 1000)
CRUMB = Decimal("1e-12")
patient = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
few = settings(patient, max_examples=25)


# The level, by itself.


def filled(stack: Stack, level: Fraction) -> tuple[Fraction, Fraction]:
    """What a level costs over all hours with all that it does not cover, and what of it is used: hour by hour."""
    cost, used = level * stack.hours, Fraction(0)
    for hour in range(stack.length):
        left = level
        for layer, column in zip(stack.layers, stack.columns, strict=True):
            amount = Fraction(column.values[hour], column.scale)
            covered = min(amount, left / layer.rate)
            left -= covered * layer.rate
            cost += (amount - covered) * layer.price
        used += level - left
    return cost, used


def stacks(in_order: bool = True) -> st.SearchStrategy[Stack]:
    cents = st.integers(1, 30).map(lambda number: Fraction(number, 20))
    kind = st.tuples(cents, cents)

    @st.composite
    def drawn(draw: st.DrawFn) -> Stack:
        kinds = draw(st.lists(kind, min_size=1, max_size=4))
        layers = [Layer(rate, price) for rate, price in kinds]
        if in_order:
            layers.sort(key=lambda layer: -layer.price / layer.rate)
        hours = draw(st.integers(1, 6))
        amounts = st.lists(st.integers(0, 12), min_size=hours, max_size=hours)
        columns = [Column(array("q", draw(amounts)), draw(st.sampled_from([1, 2, 10]))) for _ in kinds]
        return Stack(layers, columns, draw(st.integers(0, 2)))

    return drawn()


def levels_of(stack: Stack) -> set[Fraction]:
    """Every level at which anything changes, every twentieth up to the highest, and one beyond it."""
    found = {Fraction(0)}
    for hour in range(stack.length):
        height = Fraction(0)
        for layer, column in zip(stack.layers, stack.columns, strict=True):
            height += Fraction(column.values[hour], column.scale) * layer.rate
            found.add(height)
    highest = int(max(found)) + 1
    return found | {Fraction(number, 20) for number in range(highest * 20 + 1)}


@patient
@given(stacks())
def test_the_level_is_the_lowest_of_all_that_cost_least(stack: Stack) -> None:
    costs = {level: filled(stack, level)[0] for level in levels_of(stack)}
    least = min(costs.values())
    assert ExactDemand(stack).best(ONE, None) == min(level for level, cost in costs.items() if cost == least)


@patient
@given(stacks(in_order=False))
def test_it_is_so_in_whatever_order_usage_is_covered(stack: Stack) -> None:
    costs = {level: filled(stack, level)[0] for level in levels_of(stack)}
    found = ExactDemand(stack).best(ONE, None)
    assert costs[found] == min(costs.values())


@patient
@given(stacks(in_order=False), st.sampled_from([Fraction(1, 20), Fraction(1, 2), Fraction(1), Fraction(3)]))
def test_what_is_sold_in_steps_is_the_best_of_all_steps(stack: Stack, step: Fraction) -> None:
    most = int(max(levels_of(stack)) / step) + 2
    costs = {count * step: filled(stack, count * step)[0] for count in range(most)}
    found = ExactDemand(stack).best(ONE, step)
    assert found / step == int(found / step)
    assert costs[found] == min(costs.values())


@patient
@given(stacks(in_order=False), st.fractions(0, 40, max_denominator=30))
def test_what_a_level_saves_uses_and_covers_is_what_filling_every_hour_gives(stack: Stack, level: Fraction) -> None:
    demand = ExactDemand(stack)
    cost, used = filled(stack, level)
    assert level * demand.hours + demand.total - demand.saved(level) == cost
    assert demand.used(level) == used == sum(one.units for one in demand.taken(level))
    saved = sum(one.quantity * layer.price for one, layer in zip(demand.taken(level), stack.layers, strict=True))
    assert demand.saved(level) == saved


@patient
@given(stacks(), st.integers(1, 9))
def test_when_all_usage_shrinks_the_level_shrinks_with_it(stack: Stack, tenths: int) -> None:
    share = Fraction(tenths, 10)
    less = Stack(stack.layers, [Column(column.values, column.scale * 10) for column in stack.columns])
    less = Stack(less.layers, [Column(array("q", (v * tenths for v in c.values)), c.scale) for c in less.columns])
    whole = ExactDemand(Stack(stack.layers, stack.columns))
    shrunk, truly = Shrunk(whole, share), ExactDemand(less)
    level = truly.best(ONE, None)
    assert shrunk.best(ONE, None) == level
    assert shrunk.best(ONE, MILL) == truly.best(ONE, MILL)
    assert shrunk.total == truly.total
    assert (shrunk.saved(level), shrunk.used(level), shrunk.taken(level)) == (
        truly.saved(level),
        truly.used(level),
        truly.taken(level),
    )


@patient
@given(stacks(), st.data())
def test_more_usage_is_never_covered_less(stack: Stack, data: st.DataObject) -> None:
    level = data.draw(st.fractions(0, 20, max_denominator=20))
    more = []
    for column in stack.columns:
        added = data.draw(st.lists(st.integers(0, 5), min_size=stack.length, max_size=stack.length))
        more.append(Column(array("q", map(sum, zip(column.values, added, strict=True))), column.scale))
    before, after = ExactDemand(stack), ExactDemand(Stack(stack.layers, more, int(stack.hours) - stack.length))
    assert after.saved(level) >= before.saved(level)
    assert after.used(level) >= before.used(level)


@few
@given(stacks(), st.integers(0, 12), st.fractions(0, 20, max_denominator=7))
def test_arrays_give_what_integers_give(stack: Stack, places: int, level: Fraction) -> None:
    pytest.importorskip("numpy")
    fine = Stack(stack.layers, [Column(c.values, c.scale * 10**places) for c in stack.columns])
    slow, fast = ExactDemand(fine), commitments_fast.FastDemand(fine)
    assert fast.exact
    for fee in (ONE, Fraction(1, 3), Fraction(2)):
        for step in (None, MILL, Fraction(1, 3)):
            assert fast.best(fee, step) == slow.best(fee, step)
    for one in (level, level / 10**places):
        assert fast.saved(one) == slow.saved(one)
        assert fast.used(one) == slow.used(one)
        assert fast.taken(one) == slow.taken(one)
    assert (fast.total, fast.hours) == (slow.total, slow.hours)


def large(hours: int, kinds: int, decimals: int) -> Stack:
    """Much usage that looks like none in particular."""
    chance = random.Random(7)
    layers = []
    for _ in range(kinds):
        price = chance.randint(1000, 999_999)
        layers.append(Layer(Fraction(price * chance.randint(30, 95) // 100, 10**6), Fraction(price, 10**6)))
    layers.sort(key=lambda layer: -layer.price / layer.rate)
    most = 5 * 10**decimals
    row = [chance.randrange(most) for _ in range(hours * 2)]
    columns = []
    for _ in layers:
        start = chance.randrange(hours)
        columns.append(Column(array("q", row[start : start + hours]), 10**decimals))
    return Stack(layers, columns)


@pytest.mark.parametrize("decimals", [0, 6, 12, 17])
def test_arrays_are_exact_for_numbers_that_floats_cannot_hold(decimals: int) -> None:
    pytest.importorskip("numpy")
    stack = large(60, 40, decimals)
    slow, fast = ExactDemand(stack), commitments_fast.FastDemand(stack)
    if decimals == 17:
        assert not fast.exact
        return
    level = slow.best(ONE, None)
    assert fast.best(ONE, None) == level
    assert fast.saved(level) == slow.saved(level)
    assert fast.taken(level) == slow.taken(level)


def test_large_usage_takes_arrays_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = large(1100, 200, 3)
    assert commitments_fast.is_large(stack)
    monkeypatch.setattr(commitments_fast, "numpy_is_there", lambda: False)
    slow = commitments_fast.demand_of(stack)
    assert isinstance(slow, ExactDemand)
    monkeypatch.undo()
    pytest.importorskip("numpy")
    fast = commitments_fast.demand_of(stack)
    assert isinstance(fast, commitments_fast.FastDemand)
    assert fast.best(ONE, None) == slow.best(ONE, None)


def test_a_year_of_a_thousand_kinds_has_its_best_level() -> None:
    pytest.importorskip("numpy")
    demand = commitments_fast.demand_of(large(8760, 1000, 6))
    level = demand.best(ONE, MILL)
    for other in (level - MILL, level + MILL):
        assert level * 8760 - demand.saved(level) <= other * 8760 - demand.saved(other)


# AWS's own example: https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html, one hour.
AWS_HOUR = {
    "r5.4xlarge": (4, "0.7", "1"),
    "Fargate GB": (1600, "0.003", "0.004"),
    "Fargate vCPU": (400, "0.03", "0.04"),
    "m5.24xlarge": (1, "8.2", "10"),
    "Lambda duration": (1_500_000, "0.00001275", "0.000015"),
}


def aws_hour(**changes: int) -> Stack:
    def discount(kind: tuple[int, str, str]) -> tuple[Fraction, Fraction]:
        return Fraction(kind[1]) / Fraction(kind[2]), Fraction(kind[1])

    kinds = sorted(AWS_HOUR.items(), key=lambda entry: discount(entry[1]))
    layers = [Layer(Fraction(rate), Fraction(price)) for _, (_, rate, price) in kinds]
    return Stack(layers, [Column(array("q", [changes.get(name, amount)]), 1) for name, (amount, *_) in kinds])


@pytest.mark.parametrize(
    ("commitment", "running", "on_demand"),
    [("50", 4, "0"), ("19.60", 4, "32.5"), ("18.20", 2, "32.5"), ("2.00", 4, "56.04285714285714285714")],
)
def test_the_published_example_of_savings_plans(commitment: str, running: int, on_demand: str) -> None:
    # The page adds 0.20 of Lambda requests, which no plan covers; with two reserved instances two run without.
    # With 2.00 an hour r5 is covered for 2 / 0.7 hours: 1.142857... of 4 stay, beside 54.90 of everything else.
    demand = ExactDemand(aws_hour(**{"r5.4xlarge": running}))
    left = demand.total - demand.saved(Fraction(commitment))
    assert abs(left - Fraction(on_demand)) < Fraction(1, 10**19)


def test_all_of_one_hour_is_worth_committing_to() -> None:
    # 2.80 + 4.80 + 12.00 + 8.20 + 19.125: each kind is cheaper under the plan, so the level is all of it.
    demand = ExactDemand(aws_hour())
    assert demand.best(ONE, None) == Fraction("46.925")
    assert demand.used(Fraction(50)) == Fraction("46.925")


# Specs.

TASKS = st.fixed_dictionaries(
    {"type": st.just("fargate_task"), "vcpu": st.just(1), "memory": st.just(2), "count": st.integers(1, 9)},
    optional={"hours": st.decimals("0.5", "730", places=1), "architecture": st.just("arm64")},
)
FUNCTIONS = st.fixed_dictionaries(
    {
        "type": st.just("lambda_function"),
        "architecture": st.just("arm64"),
        "memory": st.just(1024),
        "duration": st.just(100),
        "requests": st.integers(0, 10**9),
    }
)
INSTANCES = st.fixed_dictionaries(
    {
        "type": st.just("ec2_instance"),
        "instance_type": st.sampled_from(["c5.large", "c5.xlarge", "c5.24xlarge"]),
        "count": st.integers(1, 5),
    },
    optional={"hours": st.decimals("1", "730", places=1)},
)
CLUSTERS = st.fixed_dictionaries(
    {"type": st.just("redshift_cluster"), "node_type": st.just("ra3.xlplus"), "nodes": st.integers(2, 9)},
    optional={"hours": st.decimals("100", "730", places=1)},
)
SERVERLESS = st.fixed_dictionaries({"type": st.just("redshift_serverless"), "rpu_hours": st.integers(0, 50_000)})
RESOURCES = st.lists(TASKS | FUNCTIONS | INSTANCES | CLUSTERS | SERVERLESS, min_size=1, max_size=4)


def described(resources: list[Any], *commitments: dict[str, Any], **more: Any) -> dict[str, Any]:
    tree: dict[str, Any] = {"region": REGION, "resources": {f"r{i}": r for i, r in enumerate(resources)}, **more}
    return {**tree, "commitments": list(commitments)} if commitments else tree


def scene_of(book: PriceBook, tree: dict[str, Any], **wanted: Any) -> SpecScene:
    return SpecScene(costkit.read_spec(tree, on=DAY, book=book), Wanted(**wanted), book, DAY)


def facts(option: Option) -> dict[str, str]:
    return dict(option.facts)


def entry(option: Option, level: str) -> dict[str, Any]:
    """An option as a spec writes it."""
    told = facts(option)
    kind = told["commitment"]
    size, what = {
        "compute_savings_plan": ("hourly", ""),
        "ec2_savings_plan": ("hourly", "family"),
        "reserved_instances": ("count", "instance_type"),
        "redshift_reserved_nodes": ("count", "node_type"),
        "redshift_serverless_reservation": ("rpus", ""),
    }[kind]
    about = {"kind": kind, "term": told["term"], "payment": told["payment"], size: Decimal(level)}
    if size == "count":
        about["count"] = int(level)
    if what:
        about[what] = told["what"]
    if told["region"]:
        about["region"] = told["region"]
    if kind == "reserved_instances":
        about["class"] = "convertible" if "convertible" in option.name else "standard"
    return about


def cost(book: PriceBook, tree: dict[str, Any]) -> Decimal:
    return costkit.estimate(costkit.read_spec(tree, on=DAY, book=book), on=DAY, book=book).cost


@few
@given(RESOURCES, st.data())
def test_the_cost_is_that_of_the_estimate_with_the_commitment_in_it(
    book: PriceBook, resources: Any, data: st.DataObject
) -> None:
    tree = described(resources)
    found = compare_commitments(scene_of(book, tree))
    assume(found.options)
    option = data.draw(st.sampled_from(found.options))
    told = facts(option)
    with_it = costkit.read_spec({**tree, "commitments": [entry(option, told["level"])]}, on=DAY, book=book)
    estimate = costkit.estimate(with_it, on=DAY, book=book)
    assert [own.charges for own in estimate.resources] == [own.charges for own in option.estimate.resources]
    assert (estimate.account, estimate.cost) == (option.estimate.account, option.estimate.cost)
    with localcontext(prec=60):
        assert cost(book, tree) - option.estimate.cost == Decimal(told["saving"])
    if "savings_plan" in told["commitment"]:
        optimum = cost(book, {**tree, "commitments": [entry(option, told["optimum"])]})
        assert optimum == Decimal(told["optimum_cost"])
        assert optimum <= option.estimate.cost + CRUMB


@few
@given(RESOURCES, st.data())
def test_no_level_that_anybody_tries_costs_less(book: PriceBook, resources: Any, data: st.DataObject) -> None:
    scene = scene_of(book, described(resources))
    found = compare_commitments(scene)
    assume(found.options)
    option = data.draw(st.sampled_from(found.options))
    plan = "savings_plan" in facts(option)["commitment"]
    sizes = st.decimals("0.001", "9", places=3) if plan else st.integers(1, 90)
    tree = described(resources, entry(option, str(data.draw(sizes))))
    assert cost(book, tree) >= option.estimate.cost - CRUMB


@few
@given(RESOURCES, st.decimals("0.001", "9", places=3), st.booleans())
def test_the_demand_of_a_spec_agrees_with_its_estimate_at_every_level(
    book: PriceBook, resources: Any, hourly: Decimal, discounted: bool
) -> None:
    more = {"discounts": [{"percent": 7, "types": ["fargate_*"]}, {"percent": 3}]} if discounted else {}
    scene = scene_of(book, described(resources, **more))
    for offer in scene.candidates.offers:
        level = Fraction(hourly) if offer.capacity == 1 else Fraction(offer.capacity)
        demand = scene.demand(offer)
        change = fee_of(offer, Decimal(730)) * 730 * level - demand.saved(level)
        truly = scene.priced(offer, size_of(offer, level)).cost - scene.base.cost
        assert abs(change - Fraction(truly)) < Fraction(CRUMB), offer.commitment


@few
@given(RESOURCES)
def test_an_answer_keeps_its_promises(book: PriceBook, resources: Any) -> None:
    found = compare_commitments(scene_of(book, described(resources)))
    costs = [option.estimate.cost for option in found.options if facts(option)["rates_proven"] == "yes"]
    assert costs == sorted(costs)
    for option in found.options:
        told = facts(option)
        assert 0 < Decimal(told["coverage"]) <= 1
        assert 0 < Decimal(told["utilisation"]) <= 1
        assert all(Decimal(told[f"regret_{fall}"]) >= 0 for fall in (10, 30, 50))
        assert told["break_even_month"] == "0" or told["payment"] != "no_upfront"
        assert Decimal(told["saving"]) > 0


TASK = {"type": "fargate_task", "vcpu": 1, "memory": 2}


def plan_of(found: Comparison, term: str = "1y", payment: str = "no_upfront") -> Option:
    name = f"Compute Savings Plan {term} {payment.replace('_', ' ')}"
    return next(option for option in found.options if option.name == name)


def test_what_runs_all_month_is_committed_to_in_full_and_what_runs_half_of_it_is_not(book: PriceBook) -> None:
    # A task is 0.032384 + 2 x 0.003556 = 0.039496 under the plan and 0.04048 + 2 x 0.004445 = 0.04937 on demand.
    # Half a month of another one costs 365 x 0.04937 = 18.02 on demand, its commitment 730 x 0.039496 = 28.83.
    found = compare_commitments(scene_of(book, described([TASK, {**TASK, "hours": 365}])))
    told = facts(plan_of(found))
    assert told["optimum"] == "0.039496"
    assert told["level"] == "0.039"
    # 730 h x (0.04937 - 0.039496) = 7.20802
    assert plan_of(found).estimate.cost > Decimal(told["optimum_cost"])
    assert found.today is not None
    assert abs(found.today.estimate.cost - Decimal(told["optimum_cost"]) - Decimal("7.20802")) < CRUMB
    assert Decimal(told["coverage"]).quantize(Decimal("0.0001")) == Decimal("0.6583")


def test_existing_commitments_are_kept_and_come_first(book: PriceBook) -> None:
    owned = {"kind": "compute_savings_plan", "term": "3y", "payment": "no_upfront", "hourly": Decimal("0.027")}
    alone = compare_commitments(scene_of(book, described([{**TASK, "count": 2}])))
    beside = compare_commitments(scene_of(book, described([{**TASK, "count": 2}], owned)))
    assert Decimal(facts(plan_of(beside))["optimum"]) < Decimal(facts(plan_of(alone))["optimum"])
    assert len(plan_of(beside).estimate.account) == 2


def test_reserved_instances_take_from_plans_that_come_after_them(book: PriceBook) -> None:
    # The plan covers all five already; reserved instances would come first and leave it unused.
    five = {"type": "ec2_instance", "instance_type": "c5.large", "count": 5}
    owned = {"kind": "compute_savings_plan", "term": "1y", "payment": "no_upfront", "hourly": Decimal("0.31")}
    found = compare_commitments(scene_of(book, described([five], owned), kinds=("reserved_instances",)))
    assert not found.options
    assert "no level saves anything" in found.notes[-1]
    # Half of them: the other half is worth a reservation.
    owned["hourly"] = Decimal("0.124")
    scene = scene_of(book, described([five], owned), kinds=("reserved_instances",), terms=("1y",))
    [best, *_] = compare_commitments(scene).options
    costs = {
        n: scene.priced(next(o for o in scene.candidates.offers if o.commitment.title in best.name), Decimal(n)).cost
        for n in range(1, 8)
    }
    assert best.estimate.cost == min(costs.values())


def test_tiers_and_shared_allowances_are_tried_in_whole_estimates(book: PriceBook) -> None:
    function = {"type": "lambda_function", "memory": 1024, "duration": 100, "requests": 9_000_000}
    both = described([function, {**function, "architecture": "arm64"}])
    huge = described([{**function, "duration": 1000, "requests": 9_000_000_000}])
    for tree in (both, huge):
        scene = scene_of(book, tree, terms=("1y",), payments=("no_upfront",))
        option = plan_of(compare_commitments(scene))
        level = Decimal(facts(option)["level"])
        for other in (level - Decimal("0.001"), level + Decimal("0.001"), level / 2, level * 2):
            assert cost(book, {**tree, "commitments": [entry(option, str(other))]}) >= option.estimate.cost


def test_many_stretches_are_not_all_tried(book: PriceBook) -> None:
    tasks = [{**TASK, "hours": 10 * number, "count": number} for number in range(1, 70)]
    function = {"type": "lambda_function", "memory": 1024, "duration": 100, "requests": 9_000_000}
    tree = described([*tasks, function, {**function, "architecture": "arm64"}])
    scene = scene_of(book, tree, terms=("1y",), payments=("no_upfront",))
    [offer] = scene.candidates.offers
    assert len(list(scene.tried(offer, None))) == 60


def test_upfront_is_paid_back_by_what_is_saved(book: PriceBook) -> None:
    tree = described([{"type": "redshift_cluster", "node_type": "ra3.xlplus", "nodes": 2}])
    found = compare_commitments(scene_of(book, tree, terms=("1y",), payments=("all_upfront",)))
    [option] = found.options
    told = facts(option)
    assert told["level"] == "2"
    # 730 h x 1.086 x 2 nodes are no longer paid each month.
    assert Decimal(told["break_even_month"]) == pytest.approx(option.estimate.upfront / Decimal("1585.56"))
    assert (told["coverage"], told["utilisation"]) == ("1", "1")


def test_an_upfront_part_that_is_not_proven_has_no_break_even(book: PriceBook) -> None:
    tree = described([{"type": "ec2_instance", "instance_type": "c5.large", "count": 3}])
    found = compare_commitments(scene_of(book, tree, kinds=("reserved_instances",), payments=("all_upfront",)))
    assert {facts(option)["break_even_month"] for option in found.options} == {""}
    assert any(problem.code == "CK205" for problem in found.problems)


def test_nothing_to_commit_to(book: PriceBook) -> None:
    found = compare_commitments(scene_of(book, described([{"type": "public_ipv4"}])))
    assert not found.options
    assert [problem.code for problem in found.problems if problem.code != "CK203"] == ["CK534"]


# Usage by the hour.

HEAD = "hour,meter,type,region,quantity\n"
ROWS = [
    ("2026-10-01T00:00Z", "fargate_task vcpu.x86_64", "", REGION, "2"),
    ("2026-10-01T00:00Z", "fargate_task memory.x86_64", "", REGION, "4"),
    ("2026-10-01T01:00Z", "fargate_task vcpu.x86_64", "", REGION, "1.5"),
    ("2026-10-01T02:00Z", "ec2_instance on_demand", "c5.large", REGION, "3"),
    ("2026-10-01T02:00Z", "redshift_cluster node", "ra3.xlplus", REGION, "2"),
    ("2026-10-01T02:00Z", "lambda_function requests", "", REGION, "1000"),
]


def table(*rows: tuple[str, ...], head: str = HEAD) -> str:
    return head + "".join(",".join(row) + "\n" for row in rows)


@pytest.fixture
def usage(tmp_path: Path) -> Any:
    def written(text: str, name: str = "usage.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def test_usage_by_the_hour_is_a_month_of_its_average(book: PriceBook, usage: Any) -> None:
    found = read_usage(usage(table(*ROWS, ("2026-10-01T09:00Z", *ROWS[0][1:]))), None)
    assert (found.hours, found.idle) == (4, 6)
    scene = UsageScene(found, Wanted(), book, DAY, Decimal(730))
    # 5.5 vCPU-hours in 10 hours are 0.55 an hour.
    [vcpu] = [own for own in scene.base.resources if own.resource.name.startswith("fargate_task vcpu")]
    assert vcpu.cost == Decimal("0.55") * 730 * Decimal("0.04048")
    assert scene.base.complete


@few
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400)), min_size=1, max_size=24))
def test_what_a_month_of_usage_costs_with_a_plan_adds_up(book: PriceBook, hours: Any) -> None:
    rows = []
    for hour, (vcpu, memory) in enumerate(hours):
        moment = f"2026-10-01T{hour:02}:00Z"
        rows.append((moment, "fargate_task vcpu.x86_64", "", REGION, str(vcpu)))
        rows.append((moment, "fargate_task memory.x86_64", "", REGION, f"{memory / 100:.2f}"))
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"costkit-usage-{os.getpid()}.csv"
    path.write_text(table(*rows), encoding="utf-8")
    scene = UsageScene(read_usage(str(path), None), Wanted(), book, DAY, Decimal(730))
    path.unlink()
    for option in compare_commitments(scene).options:
        told, estimate = facts(option), option.estimate
        with localcontext(prec=60):
            parts = sum((own.cost for own in estimate.resources), Decimal(0))
            assert parts + sum(charge.cost or 0 for charge in estimate.account) == estimate.cost
            assert scene.base.cost - estimate.cost == Decimal(told["saving"]) > 0
        [offer] = [o for o in scene.candidates.offers if o.commitment.title == option.name]
        demand, level = scene.demand(offer), Fraction(told["level"])
        change = (level * demand.hours - demand.saved(level)) * 730 / demand.hours
        assert abs(change + Fraction(told["saving"])) < Fraction(CRUMB)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "CK101", "empty"),
        ("\n", "CK101", "empty"),
        (HEAD, "CK101", "no rows"),
        ("hour,meter\n", "CK106", "missing column: quantity"),
        ("hour;meter;quantity\n", "CK106", "missing column: hour"),
        ("hour,meter,quantity,hour\n", "CK103", "duplicate column: hour"),
        ("hour,meter,quantity,colour\n", "CK102", "unknown column: colour"),
        (table(ROWS[0], ROWS[0]), "CK103", "twice"),
        (table(ROWS[0], ("2026-10-01T01:00+01:00", *ROWS[0][1:])), "CK103", "twice"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:4], "-1")), "CK104", "negative"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:4], "many")), "CK104", "no quantity"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:4], "NaN")), "CK104", "no quantity"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:4], "")), "CK104", "no quantity"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:4], "1" * 30)), "CK104", "no quantity"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:4], "9" * 15 + ".123456789")), "CK104", "more digits"),
        (
            table(("2026-10-01T00:00Z", *ROWS[0][1:4], "9" * 15), ("2026-10-01T01", *ROWS[0][1:4], ".123456")),
            "CK104",
            "",
        ),
        (table(("yesterday", *ROWS[0][1:])), "CK104", "no hour"),
        (table(("2026-10-01T00:30Z", *ROWS[0][1:])), "CK104", "whole hour"),
        (table(("2026-10-01T00:00Z", "vcpu", "", REGION, "1")), "CK104", "no table and meter"),
        (table(("2026-10-01T00:00Z", "fargate_task vcpu.x86_64", "", "", "1")), "CK109", "region"),
        (table(ROWS[0], ("2028-10-01T00:00Z", *ROWS[0][1:])), "CK101", "at most 8784"),
        (table(ROWS[0], ("2026-10-01T05:00Z", "x")), "CK104", "cells"),
        (HEAD + '"open', "CK111", "cannot be read"),
        (table(("2026-10-01T00:00Z", "fargat_task vcpu.x86_64", "", REGION, "1")), "CK107", "fargat_task"),
        (table(("2026-10-01T00:00Z", "fargate_task vcpus", "", REGION, "1")), "CK102", "no meter vcpus"),
        (table(("2026-10-01T00:00Z", *ROWS[0][1:3], "us-est-1", "1")), "CK108", "us-est-1"),
    ],
)
def test_usage_that_cannot_be_read_is_refused(ask: Any, usage: Any, text: str, code: str, words: str) -> None:
    answer = ask("compare", "commitments", "--hourly", usage(text), "--on", DAY)
    assert answer.code == 2
    assert answer.told[0].code == code, answer.err
    assert words in answer.told[0].message
    assert not answer.out


def test_all_that_is_wrong_is_told_at_once_up_to_twenty(ask: Any, usage: Any) -> None:
    rows = [("2026-10-01T00:00Z", "fargate_task vcpu.x86_64", "", REGION, "x"), ("now", *ROWS[0][1:])]
    answer = ask("compare", "commitments", "--hourly", usage(table(*rows)))
    assert [told.where.rpartition(":")[2] for told in answer.told] == ["2", "3"]
    answer = ask("compare", "commitments", "--hourly", usage(table(*rows * 30)))
    assert len(answer.told) == 20


def test_too_many_kinds(monkeypatch: pytest.MonkeyPatch, ask: Any, usage: Any) -> None:
    monkeypatch.setattr("costkit.compare.hourly_usage.MOST_KINDS", 2)
    answer = ask("compare", "commitments", "--hourly", usage(table(*ROWS)))
    assert answer.code == 2
    assert "more than 2 kinds" in answer.err


def test_files_that_are_no_text_or_not_there(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00h")
    assert ask("compare", "commitments", "--hourly", "bytes.csv").told[0].code == "CK101"
    assert ask("compare", "commitments", "--hourly", "absent.csv").told[0].code == "CK101"


def test_rows_may_be_blank_quantities_small_and_the_region_a_flag(usage: Any) -> None:
    rows = [
        ("2026-10-01T00", "fargate_task vcpu.x86_64", " 1e-3 "),
        ("2026-10-01 01:00", "fargate_task vcpu.x86_64", "0"),
    ]
    found = read_usage(usage("\ufeff" + table(*rows, head="Hour,Meter,Quantity\n") + "\n , ,\n"), REGION)
    [(use, column)] = found.kinds.items()
    assert use.region == REGION
    assert [Fraction(value, column.scale) for value in column.values] == [Fraction(1, 1000), 0]


def test_parquet_needs_a_library(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("costkit.inputs.usage_rows.import_module", absent)
    answer = ask("compare", "commitments", "--hourly", "usage.parquet")
    assert answer.code == 2
    assert answer.told[0].code == "CK531"


def test_parquet_is_read_like_csv(ask: Any, usage: Any, tmp_path: Path) -> None:
    csv_file = usage(table(*ROWS))
    with duckdb.connect() as connection:
        types = "{'hour': 'TIMESTAMPTZ', 'quantity': 'DOUBLE'}"
        rows = f"SELECT * FROM read_csv('{tmp_path / csv_file}', types = {types})"
        connection.execute(f"COPY ({rows}) TO '{tmp_path / 'usage.parquet'}' (FORMAT parquet)")
    told = [ask("compare", "commitments", "--hourly", name, "-f", "csv").out for name in (csv_file, "usage.parquet")]
    assert told[0] == told[1]
    assert told[0].count("\n") > 2
    (tmp_path / "broken.parquet").write_bytes(b"PAR0")
    assert ask("compare", "commitments", "--hourly", "broken.parquet").told[0].code == "CK101"


# The command.

SHOP = """\
version: 1
region: us-east-1
resources:
  worker: {type: fargate_task, vcpu: 1, memory: 2 GB, count: 4}
  api: {type: lambda_function, architecture: arm64, memory: 1 GB, duration: 200 ms, requests: 300M}
"""


@pytest.fixture
def shop(tmp_path: Path) -> str:
    (tmp_path / "costkit.yaml").write_text(SHOP, encoding="utf-8")
    return "costkit.yaml"


def test_the_project_s_own_spec_is_answered_for(ask: Any, shop: str) -> None:
    answer = ask("compare", "commitments", "--on", DAY)
    assert answer.code == 0
    assert answer.out.startswith("Commit ")
    assert "Compute Savings Plan 3y no upfront" in answer.out
    assert "* Some usage has no proven rate" in answer.out


def test_json_is_exact_and_its_charges_add_up(ask: Any, shop: str) -> None:
    tree = ask("compare", "commitments", shop, "-f", "json", "--on", DAY).tree
    assert tree["cheapest"] == tree["options"][0]["name"]
    for option in tree["options"]:
        with localcontext(prec=60):
            charges = sum((Decimal(charge["monthly_cost"]) for charge in option["charges"]), Decimal(0))
            assert charges + Decimal(option["unchanged"]) == Decimal(option["monthly_cost"])
            saving = Decimal(tree["today"]["monthly_cost"]) - Decimal(option["monthly_cost"])
            assert saving == Decimal(option["saving"])
        assert option["complete"] == option["rates_proven"]
    assert not tree["complete"]
    assert {problem["code"] for problem in tree["problems"]} >= {"CK302"}


def test_csv_has_a_row_a_commitment(ask: Any, shop: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("compare", "commitments", shop, "-f", "csv", "--on", DAY).out)))
    assert [row["rank"] for row in rows][:2] == ["1", "2"]
    assert {row["level_unit"] for row in rows} == {"USD an hour"}


def test_markdown_shows_a_table(ask: Any, shop: str) -> None:
    out = ask("compare", "commitments", shop, "-f", "markdown", "--on", DAY).out
    assert out.startswith("**Commit ")
    assert "| Commitment" in out


def test_it_can_be_narrowed(ask: Any, shop: str) -> None:
    options = ask("compare", "commitments", "--term", "1y", "--payment", "no_upfront", "-f", "json").tree["options"]
    assert [option["name"] for option in options] == ["Compute Savings Plan 1y no upfront"]
    answer = ask("compare", "commitments", "--kind", "redshift_reserved_nodes", "--on", DAY)
    assert answer.out.startswith("No commitment with proven rates saves anything on ")
    assert [told.code for told in answer.told if told.code != "CK203"] == ["CK534"]


def test_rates_that_are_missing_end_a_strict_call_with_four(ask: Any, shop: str) -> None:
    chosen = ("compare", "commitments", "--term", "1y", "--max-age", "9999d", "--on", DAY)
    assert ask(*chosen, "--strict", "--payment", "no_upfront").code == 0
    assert ask(*chosen, "--payment", "all_upfront").code == 0
    answer = ask(*chosen, "--strict", "--payment", "all_upfront")
    assert answer.code == 4
    assert "memory.x86_64" in answer.told[0].message


def test_what_is_not_proven_makes_a_saving_a_least_one(ask: Any, shop: str) -> None:
    chosen = ("compare", "commitments", "--payment", "all_upfront", "--term", "3y", "--on", DAY)
    told = ask(*chosen)
    assert told.out.startswith("Not all rates are proven; by those that are, commit ")
    assert "at least" in " ".join(told.out.split())
    assert "AT LEAST" not in told.out
    (Path(shop).parent / shop).write_text(SHOP + "  more: {type: lambda_function}\n", encoding="utf-8")
    assert "AT LEAST" in ask(*chosen).out


def test_no_rate_at_all_is_said(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "far.yaml").write_text(SHOP.replace("us-east-1", "ap-southeast-7"), encoding="utf-8")
    answer = ask("compare", "commitments", "far.yaml", "--strict", "--on", DAY)
    assert answer.code == 4
    assert "CK302" in {told.code for told in answer.told}


def test_a_narrow_screen_has_fewer_columns(ask: Any, shop: str) -> None:
    for columns in ("60", "80", "120"):
        out = ask("compare", "commitments", shop, "-q", COLUMNS=columns).out
        assert max(map(len, out.split("\n"))) <= int(columns)


@pytest.mark.parametrize(
    "args",
    [
        ("costkit.yaml", "--hourly", "usage.csv"),
        ("--hourly", "usage.csv", "--set", "worker.count=2"),
        ("--kind", "spot"),
        ("--term", "2y"),
        ("absent.yaml",),
    ],
)
def test_calls_that_make_no_sense(ask: Any, shop: str, args: tuple[str, ...]) -> None:
    assert ask("compare", "commitments", *args).code == 2


def test_what_if_and_a_plan_s_own_usage(ask: Any, shop: str) -> None:
    less = ask("compare", "commitments", "--set", "worker.count=1", "-f", "json").tree
    more = ask("compare", "commitments", "--set", "worker.count=9", "-f", "json").tree
    assert Decimal(less["options"][0]["level"]) < Decimal(more["options"][0]["level"])


def test_many_commitments_are_cut_short_for_people(ask: Any, tmp_path: Path) -> None:
    kinds = ["c5.large", "c5.xlarge", "m5.large", "m5.xlarge", "r5.large"]
    entries = "".join(f"  {kind}: {{type: ec2_instance, instance_type: {kind}, count: 4}}\n" for kind in kinds)
    (tmp_path / "many.yaml").write_text(f"version: 1\nregion: us-east-1\nresources:\n{entries}", encoding="utf-8")
    for form in ("table", "markdown"):
        short = ask("compare", "commitments", "many.yaml", "-q", "-f", form).out
        assert "more cost more or lack proven rates" in short
        assert len(ask("compare", "commitments", "many.yaml", "-q", "-f", form, "--all").out) > len(short)


def test_very_many_types_are_bought_in_their_smallest_sizes(
    book: PriceBook, monkeypatch: pytest.MonkeyPatch, usage: Any
) -> None:
    monkeypatch.setattr("costkit.compare.commitments_candidates.MOST_TYPES", 1)
    types = ("c5.xlarge", "c5.large", "m5.large")
    rows = [("2026-10-01T00:00Z", "ec2_instance on_demand", kind, REGION, "3") for kind in types]
    scene = UsageScene(read_usage(usage(table(*rows)), None), Wanted(("reserved_instances",)), book, DAY, Decimal(730))
    assert {offer.commitment.what for offer in scene.candidates.offers} == {"c5.large", "m5.large"}


def test_usage_is_warned_about_tiers_and_about_time(
    book: PriceBook, monkeypatch: pytest.MonkeyPatch, usage: Any
) -> None:
    rows = [("2026-10-01T00:00Z", "lambda_function duration.x86_64", "", REGION, "9" * 8)]
    monkeypatch.setattr("costkit.compare.commitments_usage.numpy_is_there", lambda: False)
    monkeypatch.setattr("costkit.compare.commitments_usage.is_large", lambda stack: True)
    scene = UsageScene(read_usage(usage(table(*rows)), None), Wanted(), book, DAY, Decimal(730))
    assert [problem.code for problem in compare_commitments(scene).problems][:2] == ["CK532", "CK533"]


def test_usage_without_a_price_is_incomplete(ask: Any, usage: Any) -> None:
    rows = [*ROWS, ("2026-10-01T02:00Z", "ec2_instance on_demand", "x9.huge", REGION, "3")]
    answer = ask("compare", "commitments", "--hourly", usage(table(*rows)), "--strict", "--on", DAY)
    assert answer.code == 4
    assert "CK201" in {told.code for told in answer.told}
    assert "AT LEAST" in answer.out
