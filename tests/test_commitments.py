"""Commitments by their properties: what is covered and what is not adds up, and no commitment changes nothing."""

from decimal import Decimal, localcontext
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import costkit
from costkit.model.charge import Estimate
from costkit.pricebook.book import PriceBook

DAY = "2026-11-21"
patient = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
AMOUNTS = st.decimals("0.001", "20", places=3)
TASKS = st.fixed_dictionaries(
    {"type": st.just("fargate_task"), "vcpu": st.just(1), "memory": st.just(2), "count": st.integers(1, 9)},
    optional={"hours": st.decimals("0.5", "730", places=2)},
)
FUNCTIONS = st.fixed_dictionaries(
    {
        "type": st.just("lambda_function"),
        "architecture": st.sampled_from(["arm64", "x86_64"]),
        "memory": st.just(1024),
        "duration": st.just(100),
        "requests": st.integers(0, 10**9),
    }
)
INSTANCES = st.fixed_dictionaries(
    {
        "type": st.just("ec2_instance"),
        "instance_type": st.sampled_from(["m5.large", "m5.xlarge", "c5.large", "c5.4xlarge"]),
        "count": st.integers(1, 5),
    },
    optional={"hours": st.decimals("1", "730", places=1)},
)
RESOURCES = st.lists(TASKS | FUNCTIONS | INSTANCES, min_size=1, max_size=4)
PLAN = {"kind": "compute_savings_plan", "term": "1y", "payment": "no_upfront"}


def priced(book: PriceBook, resources: list[Any], *commitments: dict[str, Any]) -> Estimate:
    spec: dict[str, Any] = {"region": "us-east-1", "resources": {f"r{i}": r for i, r in enumerate(resources)}}
    if commitments:
        spec["commitments"] = list(commitments)
    return costkit.estimate(costkit.read_spec(spec, on=DAY, book=book), on=DAY, book=book)


def quantities(result: Estimate, plan: bool | None = None) -> dict[str, Decimal]:
    """Quantities of compute by resource and unit: of those in a plan, of those that are not, or of all."""
    found: dict[str, Decimal] = {}
    for cost in result.resources:
        for charge in cost.charges:
            covered = "savings_plan" in charge.meter
            compute = charge.unit in ("vCPU-hour", "GB-hour", "instance-hour", "GB-second")
            if compute and charge.status == "priced" and plan in (None, covered) and charge.quantity is not None:
                key = f"{cost.resource.name} {charge.unit}"
                found[key] = found.get(key, Decimal(0)) + charge.quantity
    return found


@patient
@given(RESOURCES, AMOUNTS)
def test_what_is_covered_and_what_is_not_is_all_that_is_used(book: PriceBook, resources: Any, hourly: Decimal) -> None:
    with localcontext(prec=60):
        without, with_plan = priced(book, resources), priced(book, resources, {**PLAN, "hourly": hourly})
        assert quantities(with_plan) == quantities(without)
        paid = sum(c.cost or 0 for r in with_plan.resources for c in r.charges if "savings_plan" in c.meter)
        [unused] = [charge.cost for charge in with_plan.account]
        assert unused is not None
        assert paid + unused == hourly * 730
        assert unused >= 0
        parts = sum((cost.cost for cost in with_plan.resources), Decimal(0)) + unused
        assert parts == with_plan.cost


@patient
@given(RESOURCES, AMOUNTS, AMOUNTS)
def test_a_larger_plan_never_covers_less(book: PriceBook, resources: Any, one: Decimal, other: Decimal) -> None:
    small, large = sorted((one, other))
    less = quantities(priced(book, resources, {**PLAN, "hourly": small}), plan=False)
    more = quantities(priced(book, resources, {**PLAN, "hourly": large}), plan=False)
    # A crumb of what had to be cut off at twenty decimals is no usage.
    assert all(amount <= less.get(key, Decimal(0)) + Decimal("1e-15") for key, amount in more.items())


@patient
@given(RESOURCES)
def test_a_plan_that_is_used_up_saves_and_one_that_covers_nothing_costs_its_fee(
    book: PriceBook, resources: Any
) -> None:
    without = priced(book, resources)
    tiny = priced(book, resources, {**PLAN, "hourly": Decimal("0.001")})
    saving = without.cost - tiny.cost
    assert Decimal("-0.73") <= saving
    if tiny.account[0].cost == 0:
        assert saving >= 0


def test_no_commitments_are_the_same_as_an_empty_list(book: PriceBook) -> None:
    resources = [{"type": "fargate_task", "vcpu": 1, "memory": 2}]
    spec = {"region": "us-east-1", "resources": {"r0": resources[0]}, "commitments": []}
    assert costkit.estimate(costkit.read_spec(spec, on=DAY, book=book), on=DAY, book=book) == priced(book, resources)


def test_ranges_go_through_a_plan(book: PriceBook) -> None:
    # 1 to 3 tasks of 1 vCPU for the month; the plan pays two at 0.032384 an hour: 0.064768 x 730 = 47.28064.
    task = {"type": "fargate_task", "vcpu": 1, "memory": 2, "hours": {"low": 365, "expected": 730, "high": 730}}
    memory = Decimal("0.007112")
    result = priced(book, [task], {**PLAN, "hourly": Decimal("0.032384") + memory})
    assert (result.low, result.high) == (result.cost, result.cost)
    [unused] = result.account
    assert (unused.low, unused.cost, unused.high) == (0, 0, (Decimal("0.032384") + memory) * 365)
