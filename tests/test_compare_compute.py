"""Lambda, Fargate and EC2 for one workload, against sums that can be done on paper."""

import csv
import io
import json
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.compare.break_even import Crossing, Growth, crossings
from costkit.compare.compute import NOT_NARROWED, Narrowed, compare_compute
from costkit.compare.compute_break_even import Side
from costkit.compare.compute_engine import Engine
from costkit.compare.compute_fleet import instance_types
from costkit.compare.compute_options import Way
from costkit.compare.workload import Workload, read_workload
from costkit.library import read_spec
from costkit.model.comparison import Comparison, Option
from costkit.model.exact import EXACT
from costkit.pricebook.book import PriceBook
from costkit.reports.compare import as_chart, as_csv, as_json, as_markdown, as_svg, as_table
from costkit.reports.compare.plotting import cost_at, short, ticks

CENT = Decimal("0.005")
FLAGS = ("--requests", "30M", "--duration", "120 ms", "--memory", "512 MB", "--region", "us-east-1")
SVG = "{http://www.w3.org/2000/svg}"

# A plan of just the right size is a quotient, cut off after twenty decimals.
CRUMB = Decimal("1e-15")


def workload(
    book: PriceBook,
    requests: str = "30M",
    duration: str = "120 ms",
    memory: str = "512 MB",
    region: str = "us-east-1",
    free_tier: bool = True,
    **needs: Any,
) -> Workload:
    function = {"type": "lambda_function", "requests": requests, "duration": duration, "memory": memory}
    tree = {"region": region, "free_tier": free_tier, "resources": {"workload": function}}
    return read_workload(read_spec(tree, on=TODAY, book=book), "workload", needs, Decimal(128), present=False)


def compared(book: PriceBook, asked: Narrowed = NOT_NARROWED, drawn: bool = False, **told: Any) -> Comparison:
    return compare_compute(workload(book, **told), book, TODAY, asked, drawn=drawn)


def only(kind: str) -> Narrowed:
    return Narrowed((kind,), ("on_demand",))


def option(comparison: Comparison, name: str) -> Option:
    return next(one for one in comparison.options if one.name == name)


def way(engine: Engine, name: str, kind: str = "m7g.large") -> Way:
    ways = [*engine.ways.of_lambda(), *engine.ways.of_fargate(())]
    machine = next(one for one in engine.ways.machines() if one.name == kind)
    return next(one for one in [*ways, engine.ways.of_ec2(machine, "on_demand")] if one.name == name)


# Sums on paper


def test_options_cost_what_their_resources_cost(book: PriceBook) -> None:
    found = compared(book, only("m7g.large"))
    # 30M x 0.0000002 = 6; 1.8M GB-s x 0.0000133334 = 24.00012; free: 0.20 and 400k x 0.0000133334 = 5.33336
    assert option(found, "Lambda arm64 on demand").estimate.cost == Decimal("24.46676")
    # 6 + 1.8M x 0.0000166667 = 30.00006; free: 0.20 and 6.66668
    assert option(found, "Lambda x86_64 on demand").estimate.cost == Decimal("29.13338")
    # 2 x 730 h x 0.0816 = 119.136; 2 x 8 GB x 0.08 = 1.28
    fleet = option(found, "EC2 m7g.large on demand")
    assert (fleet.estimate.cost, fleet.instances) == (Decimal("120.416"), 2)
    # peak: 30M x 0.12 s / 2,628,000 s x 3 = 4.11; a request takes 512/1769 / (0.5 x 0.7) = 0.827 of a task: 4 tasks
    # 4 x 730 x (0.5 x 0.03238 + 1 x 0.00356) = 57.6700
    tasks = option(found, "Fargate 0.5 vCPU 1 GB arm64 on demand")
    assert (tasks.estimate.cost, tasks.instances) == (Decimal("57.67"), 4)
    assert found.options[0].name == "Lambda arm64 on demand"


def test_provisioned_concurrency_holds_the_peak(book: PriceBook) -> None:
    found = option(compared(book, only("m7g.large")), "Lambda arm64 provisioned concurrency")
    # peak 4.11: 5 environments x 0.5 GB x 2,628,000 s = 6,570,000 GB-s; no free seconds for it
    quantities = {charge.meter: charge.quantity for charge in found.estimate.resources[0].charges}
    assert found.instances == 5
    assert quantities["provisioned_concurrency.arm64"] == 6_570_000
    assert quantities["provisioned_duration.arm64"] == 1_800_000


def test_a_plan_covers_all_that_is_not_free(book: PriceBook) -> None:
    found = compared(book, Narrowed(("m7g.large",), ("compute_savings_plan.1y.no_upfront",)))
    # 30M x 0.0000002 - 0.20 = 5.80; the 1.4M GB-s beyond the free ones x 0.0000117 = 16.38
    planned = option(found, "Lambda arm64 compute savings plan 1y no upfront").estimate
    assert abs(planned.cost - Decimal("22.18")) < CRUMB
    # 4 tasks x 730 h x (0.5 x 0.0255 + 1 x 0.0028) = 45.406
    tasks = option(found, "Fargate 0.5 vCPU 1 GB arm64 compute savings plan 1y no upfront").estimate
    assert abs(tasks.cost - Decimal("45.406")) < CRUMB
    # 5 environments: 6.57M GB-s x 0.00000367 = 24.1119; 1.8M GB-s x 0.00000856 = 15.408; 5.80
    ready = option(found, "Lambda x86_64 provisioned concurrency compute savings plan 1y no upfront").estimate
    assert abs(ready.cost - Decimal("45.3199")) < CRUMB
    left_out = next(problem.message for problem in found.problems if problem.code == "CK501")
    assert "Lambda arm64 provisioned concurrency compute savings plan" in left_out


def test_what_stands_beside_the_compute_is_counted(book: PriceBook) -> None:
    needs = {"with_entry": True, "public_ipv4": True, "log_size": "1 KB", "cross_az_size": "2 KB", "ops_cost": "50"}
    found = compared(book, only("m7g.large"), requests="26.28M", volume="0", **needs)
    fleet = {cost.resource.name: cost.cost for cost in option(found, "EC2 m7g.large on demand").estimate.resources}
    # instances 119.136 and 2 addresses x 730 x 0.005 = 7.30; 10 a second / 25 = 0.4 LCU: 730 x (0.0225 + 0.4 x 0.008)
    assert fleet["instances"] == Decimal("126.436")
    assert fleet["balancer"] == Decimal("18.761")
    data = Decimal(26_280_000) / 1024 / 1024
    assert abs(fleet["zones"] - data * 2 * 2 * Decimal("0.01")) < Decimal("1e-12")
    assert fleet["logs"] >= 0
    [operations] = option(found, "EC2 m7g.large on demand").estimate.account
    assert (operations.cost, operations.title) == (50, "Operations, as stated")
    assert not option(found, "Lambda arm64 on demand").estimate.account
    gateway = {cost.resource.name: cost.cost for cost in option(found, "Lambda arm64 on demand").estimate.resources}
    assert gateway["gateway"] == Decimal("26.28")
    assert "zones" not in gateway


def test_a_burstable_fleet_stays_within_its_baseline(book: PriceBook) -> None:
    # on average 300M x 0.12 s / 2,628,000 s = 13.7 requests x 512/1769 vCPU = 3.965; a t4g.small has 2 x 20 % = 0.4
    found = compared(book, only("t4g.small"), requests="300M", peak_concurrency="14", memory="512 MB")
    assert option(found, "EC2 t4g.small on demand").instances == 10
    assert "300000000" in dict(found.subject)["requests"]


def test_the_busiest_hour_of_a_profile_sets_the_peak(book: PriceBook) -> None:
    flat = workload(book, profile=",".join(["1"] * 24))
    busy = workload(book, profile=",".join(["1"] * 23 + ["25"]))
    assert flat.peak_factor == 1
    assert busy.peak_factor == Fraction(25 * 24, 48)
    assert busy.peak(busy.loads[0]) == Fraction("12.5") * flat.peak(flat.loads[0])


def test_instance_types_that_cannot_hold_a_request_are_left_out(book: PriceBook) -> None:
    found = compared(book, Narrowed(("t4g.*",), ("on_demand",)), memory="3008 MB")
    # 3,008 MB / 0.75 = 4,011 MB: a t4g.medium has 4,096
    assert {o.name.split()[1] for o in found.options if o.kind == "ec2"} == {
        "t4g.medium",
        "t4g.large",
        "t4g.xlarge",
        "t4g.2xlarge",
    }
    assert any(one.name.startswith("Fargate 1 vCPU 4 GB") for one in found.options)


# Break-even


def points(found: Comparison, rival: str) -> list[tuple[Decimal, bool]]:
    return [(one.amount, one.exact) for one in found.break_even if one.against == rival]


def test_a_fixed_fleet_meets_lambda_where_the_formula_says(book: PriceBook) -> None:
    each = Fraction("0.0000002") + Fraction("0.06") * Fraction("0.0000133334")
    # 6 x 512/1769 vCPU / 1.4 and 6 x 512 / 6,144 MB: two instances
    asked, told = only("m7g.large"), {"peak_concurrency": "6", "volume": "0", "architecture": "arm64"}
    [(amount, exact)] = points(compared(book, asked, free_tier=False, **told), "EC2 m7g.large on demand")
    assert exact
    assert abs(Fraction(amount) - Fraction("119.136") / each) < Fraction(1, 10**15)
    # With the free allowances Lambda is cheaper by 0.20 + 5.33336 for longer.
    [(amount, _)] = points(compared(book, asked, **told), "EC2 m7g.large on demand")
    assert abs(Fraction(amount) - Fraction("124.66936") / each) < Fraction(1, 10**15)


def test_a_peak_given_as_a_number_ends_the_search(book: PriceBook) -> None:
    # 2 requests all month are 43.8M of 0.12 s; two instances (119.136) would be met at 119M.
    found = compared(book, only("m7g.large"), peak_concurrency="2", volume="0", drawn=True)
    assert not points(found, "EC2 m7g.large on demand")
    assert max(volume for curve in found.curves for volume, _ in curve.points) == 43_800_000


def test_a_rival_met_again_and_again_takes_three_rows(book: PriceBook) -> None:
    found = compared(book, only("m7g.large"), with_entry=True, ops_cost="100")
    met = points(found, "EC2 m7g.large on demand")
    assert len(met) > 4
    table = "".join(as_table.render(found)).partition("Break-even")[2].partition("\n\n")[0]
    assert table.count("EC2 m7g.large on demand") == 3
    assert f"in turns, {len(met) - 2} times" in table


def test_too_many_crossings_to_list_are_told_as_a_range() -> None:
    # Both cost 0.10 a unit of volume: in each step of 100 the first side is dearer for the second half.
    def difference(volume: Decimal, number: int) -> Decimal:
        return volume / 10 + 5 - 10 * number

    found, unknown = crossings(difference, [], Growth(1, Fraction(1, 100)), Fraction(100_000))
    assert found[0] == (Decimal(50), True, True)
    assert found[1] == (Decimal(100), False, False)
    assert found[-1] == (Decimal(99_950), True, True)
    [(start, stop)] = unknown
    assert all(not start < one.volume < stop for one in found)
    assert stop - start > 90_000


def test_a_break_even_beyond_a_tier_counts_the_cheaper_seconds(book: PriceBook) -> None:
    told = {"memory": "1024 MB", "duration": "1 s", "peak_concurrency": "3000", "volume": "0", "architecture": "x86_64"}
    found = compared(book, only("m7i.large"), free_tier=False, ops_cost="30000", **told)
    cost = option(found, "EC2 m7i.large on demand").estimate.cost
    # 6B GB-s: 1,200 + 100,000.20; from there on 0.0000152 a request
    expected = 6 * 10**9 + (Fraction(cost) - Fraction("101200.2")) / Fraction("0.0000152")
    [(amount, exact)] = points(found, "EC2 m7i.large on demand")
    assert exact
    assert abs(Fraction(amount) - expected) < Fraction(1, 10**9)


def test_a_growing_fleet_changes_places_at_its_steps(book: PriceBook) -> None:
    # A request is 1 s of one vCPU of 1.4 usable: one instance (59.568) for each 3,679,200 requests.
    told = {"memory": "1769 MB", "duration": "1 s", "peak_factor": "1", "min_instances": "1", "volume": "0"}
    found = compared(book, only("m7g.large"), free_tier=False, architecture="arm64", **told)
    each = Fraction("0.0000002") + Fraction(1769, 1024) * Fraction("0.0000133334")
    expected = [Fraction("59.568") * number / each for number in (1, 2, 3)]
    met = points(found, "EC2 m7g.large on demand")
    assert [exact for _, exact in met] == [True, False, True, False, True]
    assert [amount for amount, exact in met if not exact] == [3_679_200, 7_358_400]
    for (amount, _), exactly in zip(met[::2], expected, strict=True):
        assert abs(Fraction(amount) - exactly) < Fraction(1, 10**12)


def test_the_published_free_seconds_are_a_bend(book: PriceBook) -> None:
    # 400,000 GB-s at 512 MB are 800,000 s (AWS CLF-C02 course text, E8), here of one second a request.
    engine = Engine(workload(book, duration="1 s"), book, TODAY)
    bends, end = Side(engine, way(engine, "Lambda x86_64 on demand")).bends()
    assert Fraction(800_000) in bends
    assert Fraction(10**6) in bends
    assert end is None


def test_costs_are_not_compared_beyond_the_last_proven_tier(book: PriceBook) -> None:
    engine = Engine(workload(book, region="me-south-1", memory="1024 MB", duration="1 s"), book, TODAY)
    _, end = Side(engine, next(engine.ways.of_lambda())).bends()
    assert end == 6 * 10**9


@pytest.mark.long
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    memory=st.sampled_from(["128", "512", "1769", "3008"]),
    duration=st.integers(5, 3000),
    factor=st.sampled_from(["1", "3", "7.5"]),
    kind=st.sampled_from(["t4g.medium", "c7g.large", "m7g.xlarge", "m5.large"]),
    free=st.booleans(),
    entry=st.booleans(),
)
def test_both_sides_cost_the_same_at_a_crossing_and_change_at_a_step(
    book: PriceBook, memory: str, duration: int, factor: str, kind: str, free: bool, entry: bool
) -> None:
    told = {"memory": memory, "duration": f"{duration} ms", "peak_factor": factor, "with_entry": entry or None}
    told = {name: value for name, value in told.items() if value is not None}
    load = workload(book, free_tier=free, **told)
    engine = Engine(load, book, TODAY)
    found = compare_compute(load, book, TODAY, Narrowed((kind,), ("on_demand",)))
    for one in found.break_even:
        if one.against != f"EC2 {kind} on demand":
            continue
        ours, rival = Side(engine, way(engine, one.option, kind)), Side(engine, way(engine, one.against, kind))
        if one.exact:
            assert abs(ours.cost(one.amount) - rival.cost(one.amount)) < CENT
            continue
        assert one.amount == one.amount.to_integral_value()
        before = ours.cost(one.amount) - rival.cost(one.amount)
        after = ours.cost(one.amount + 1) - rival.cost(one.amount + 1)
        assert (before > 0) != (after > 0)
        assert (one.below == one.against) == (before > 0)


@settings(max_examples=200, deadline=None)
@given(
    fixed=st.integers(-200, 200),
    slopes=st.lists(st.integers(0, 12), min_size=3, max_size=3),
    bends=st.lists(st.integers(1, 150), min_size=2, max_size=2, unique=True),
    piece=st.integers(1, 60),
    least=st.integers(1, 4),
    rate=st.fractions(0, Fraction(1, 8), max_denominator=99),
)
def test_crossings_are_those_that_counting_finds(
    fixed: int, slopes: list[int], bends: list[int], piece: int, least: int, rate: Fraction
) -> None:
    end, growth, turns = 300, Growth(least, rate), sorted(bends)

    def straight(volume: Fraction) -> Fraction:
        parts = zip([0, *turns], [*turns, 10**30], slopes, strict=True)
        return fixed + sum(
            (max(Fraction(0), min(volume, stop) - start) * slope for start, stop, slope in parts), Fraction(0)
        )

    def difference(volume: Decimal, number: int) -> Decimal:
        exact = straight(Fraction(volume)) - piece * number
        with localcontext(EXACT):
            return Decimal(exact.numerator) / Decimal(exact.denominator)

    found, unknown = crossings(difference, [Fraction(turn) for turn in turns], growth, Fraction(end))
    assert not unknown
    signs = [(n, difference(Decimal(n), growth.at(Decimal(n)))) for n in range(end + 1)]
    known = [(n, value > 0) for n, value in signs if value]
    counted = [(a, b) for (a, up), (b, over) in pairwise(known) if up != over]
    assert len(found) == len(counted)
    for one, (before_it, after_it) in zip(found, counted, strict=True):
        assert before_it <= one.volume <= after_it
        assert one.first == (difference(Decimal(before_it), growth.at(Decimal(before_it))) < 0)
    for before, after in pairwise(found):
        assert before.first != after.first


def test_a_step_is_told_by_the_last_volume_before_it() -> None:
    # 10 a piece of which one is needed for each 100, against 0.15 each: dearer than the first from 66.7 on
    def difference(volume: Decimal, number: int) -> Decimal:
        return volume * Decimal("0.15") - 10 * number

    found, _ = crossings(difference, [], Growth(1, Fraction(1, 100)), Fraction(150))
    assert [(round(one.volume, 3), one.first, one.exact) for one in found] == [
        (Decimal("66.667"), True, True),
        (Decimal(100), False, False),
        (Decimal("133.333"), True, True),
    ]
    assert isinstance(found[0], Crossing)


# Properties of options


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fewer=st.integers(1, 10**10),
    more=st.integers(0, 10**10),
    name=st.sampled_from(
        [
            "Lambda arm64 on demand",
            "Lambda x86_64 provisioned concurrency",
            "Fargate 0.5 vCPU 1 GB x86_64 on demand",
            "EC2 m7g.large on demand",
        ]
    ),
)
def test_more_requests_never_cost_less(book: PriceBook, fewer: int, more: int, name: str) -> None:
    engine = Engine(workload(book, log_size="1 KB", with_entry=True), book, TODAY)
    side = Side(engine, way(engine, name))
    assert side.cost(Decimal(fewer)) <= side.cost(Decimal(fewer + more))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    requests=st.integers(1, 10**11),
    memory=st.integers(128, 10240),
    least=st.integers(1, 9),
    peak=st.one_of(st.none(), st.integers(1000, 5000)),
)
def test_no_fleet_is_smaller_than_its_peak_needs(
    book: PriceBook, requests: int, memory: int, least: int, peak: int | None
) -> None:
    told = {} if peak is None else {"peak_concurrency": str(peak)}
    load = workload(
        book, requests=str(requests), duration="25 ms", memory=str(memory), min_instances=str(least), **told
    )
    engine = Engine(load, book, TODAY)
    need = load.loads[0]
    for machine in engine.ways.machines()[::97]:
        count = engine.units(engine.ways.of_ec2(machine, "on_demand"), need)
        assert count is not None
        assert count >= least
        assert count * machine.memory * Fraction(3, 4) >= load.peak(need) * memory
        assert count * machine.vcpu * Fraction(7, 10) >= load.peak(need) * min(Fraction(1), Fraction(memory, 1769))


def test_thirty_types_cost_what_the_formula_says(book: PriceBook) -> None:
    patterns = ("m7g.*", "c7g.*", "r7g.*", "m5.*", "t4g.*")
    told = {"requests": "2B", "duration": "250 ms", "memory": "1024 MB"}
    found = [one for one in compared(book, Narrowed(patterns, ("on_demand",)), **told).options if one.kind == "ec2"]
    assert len(found) >= 30
    average = Fraction(2 * 10**9) * Fraction("0.25") / 2_628_000
    busy = Fraction(1024, 1769)
    machines = {one.name: one for one in instance_types(book.specs("ec2_instance"))}
    for one in found:
        name = one.name.split()[1]
        machine = machines[name]
        count = max(
            2,
            ceil(average * 3 * 1024 / (machine.memory * Fraction(3, 4))),
            ceil(average * 3 * busy / (machine.vcpu * Fraction(7, 10))),
            ceil(average * busy / (machine.vcpu * machine.baseline)) if machine.baseline < 1 else 0,
        )
        price = book.price("ec2_instance", "on_demand", name, "us-east-1", TODAY)
        assert price is not None
        assert one.instances == count
        [tier] = price.tiers
        assert tier.price is not None
        assert one.estimate.cost == count * (730 * tier.price + 8 * Decimal("0.08"))


def test_options_do_not_share_an_account(book: PriceBook) -> None:
    found = compared(book, only("m7g.large"))
    both = [option(found, f"Lambda {a} on demand") for a in ("arm64", "x86_64")]
    for one in both:
        free = [c.quantity for c in one.estimate.resources[0].charges if c.status == "allowance"]
        assert free == [1_000_000, 400_000]


def test_ranges_flow_through_and_make_it_too_close_to_tell(book: PriceBook) -> None:
    found = compared(book, only("t4g.small"), requests="10M..30M..90M")
    ours = option(found, "Lambda arm64 on demand").estimate
    # 10M: 1.80 + 200k x 0.0000133334; 90M: 17.80 + 5M x 0.0000133334
    assert (ours.low, ours.high) == (Decimal("1.8") + Decimal("2.66668"), Decimal("17.8") + Decimal("66.667"))
    assert "EC2 t4g.small on demand" in found.close
    fleet = option(found, "EC2 t4g.small on demand")
    # 2, 2 and 5 instances: a peak of 12.3 takes 512 of 1,536 MB each
    assert (fleet.estimate.low, fleet.estimate.high) == (Decimal("25.808"), Decimal("64.52"))
    assert "Too close to tell" in "".join(as_table.render(found)).replace("\n", " ")


def test_what_has_no_proven_price_is_told_and_not_compared(book: PriceBook) -> None:
    found = compared(book, region="eu-west-1")
    [told] = [problem for problem in found.problems if problem.code == "CK501"]
    assert "EC2 spot" in told.message
    assert not any(one.purchase == "spot" for one in found.options if one.kind == "ec2")
    nowhere = compared(book, region="us-gov-west-1")
    assert nowhere.best is None
    assert not nowhere.break_even
    assert "No option is known whole" in "".join(as_table.render(nowhere))


# The command line


def test_the_command_answers_in_every_format(ask: Any) -> None:
    found = ask("compare", "compute", *FLAGS, "-f", "json")
    assert found.code == 0
    tree = found.tree
    assert list(tree)[:6] == ["schema_version", "tool_version", "currency", "on", "month_hours", "complete"]
    assert {"workload", "options", "break_even", "verdict", "problems", "prices"} <= set(tree)
    assert tree["workload"]["requests"] == "30000000"
    one = next(o for o in tree["options"] if o["name"] == "Lambda arm64 on demand")
    assert {"kind", "purchase", "monthly_cost", "low", "high", "instances", "assumptions", "charges"} <= set(one)
    for found_option in tree["options"]:
        known = [Decimal(charge["monthly_cost"]) for charge in found_option["charges"] if charge["monthly_cost"]]
        assert sum(known, Decimal(0)) == Decimal(found_option["monthly_cost"])
    first = tree["break_even"][0]
    per_second = Decimal(first["requests_per_month"]) / 2_628_000
    assert abs(Decimal(first["requests_per_second"]) - per_second) < Decimal("1e-15")
    rows = list(csv.DictReader(io.StringIO(ask("compare", "compute", *FLAGS, "-f", "csv").out)))
    assert [row["monthly_cost"] for row in rows] == [o["monthly_cost"] for o in tree["options"]]
    table = ask("compare", "compute", *FLAGS).out
    assert f"{len(rows) - 10} more cost more" in table
    assert "more cost more" not in ask("compare", "compute", *FLAGS, "--all").out
    assert ask("compare", "compute", *FLAGS, "-f", "markdown").out.startswith("**EC2 ")
    assert max(map(len, ask("compare", "compute", *FLAGS, COLUMNS="70").out.splitlines())) <= 70


def test_the_picture_is_sound_xml_and_says_what_it_shows(ask: Any, tmp_path: Path) -> None:
    assert ask("compare", "compute", *FLAGS, "-o", "workload.svg").code == 0
    tree = ElementTree.parse(tmp_path / "workload.svg").getroot()
    assert tree.tag == f"{SVG}svg"
    assert tree.findtext(f"{SVG}title") == "Monthly cost by requests a month"
    assert "costs less" in (tree.findtext(f"{SVG}desc") or "")
    assert not list(tree.iter(f"{SVG}script"))
    assert len(list(tree.iter(f"{SVG}polyline"))) == 6
    texts = [element.text for element in tree.iter(f"{SVG}text")]
    assert {"USD a month", "requests a month", "expected: 30,000,000"} <= set(texts)
    assert list(tree.iter(f"{SVG}circle"))
    assert "requests a month, as expected" in ask("compare", "compute", *FLAGS, "-f", "chart").out


def test_names_cannot_become_markup(book: PriceBook) -> None:
    found = compared(book, only("m7g.large"), drawn=True)
    bad = "<script>\x1b[31m&"
    hostile = found._replace(
        options=tuple(one._replace(name=bad) for one in found.options), curves=(), subject=(("name", bad),)
    )
    text = "".join(as_svg.render(hostile))
    assert ElementTree.fromstring(text).tag == f"{SVG}svg"
    assert "<script>" not in text
    for form in (as_table, as_markdown, as_chart, as_csv):
        assert "\x1b" not in "".join(form.render(hostile))
    assert json.loads("".join(as_json.render(hostile)))["options"][0]["name"] == bad


def test_without_a_volume_to_vary_the_charts_are_bars(book: PriceBook) -> None:
    found = compared(book, only("m7g.*"))
    bars = list(ElementTree.fromstring("".join(as_svg.render(found))).iter(f"{SVG}rect"))
    assert len(bars) == 1 + 12
    assert "\u2588" in "".join(as_chart.render(found))


def test_a_function_of_a_spec_is_compared_with_what_is_in_use(ask: Any, tmp_path: Path) -> None:
    spec = (
        "version: 1\nregion: us-east-1\ndiscounts: [{percent: 10}]\nresources:\n"
        "  api: {type: lambda_function, requests: 15M, duration: 120, memory: 512, count: 2}\n"
        "  other: {type: public_ipv4}\n"
    )
    (tmp_path / "costkit.yaml").write_text(spec)
    tree = ask("compare", "compute", "costkit.yaml", "api", "-f", "json").tree
    assert tree["present"] == "Lambda x86_64 on demand"
    one = next(o for o in tree["options"] if o["name"] == tree["present"])
    # 29.13338 as two copies of 15M, less 10 %
    assert Decimal(one["monthly_cost"]) == Decimal("26.220042")
    changed = ask("compare", "compute", "costkit.yaml", "--requests", "60M", "-f", "json").tree
    assert changed["workload"]["requests"] == "120000000"
    assert "in use" in ask("compare", "compute", "costkit.yaml", "api").out


def test_the_function_as_it_is_stays_an_option(ask: Any, tmp_path: Path) -> None:
    spec = (
        "version: 1\nregion: us-east-1\nresources:\n  api: {type: lambda_function, requests: 15M, duration: 120,"
        " memory: 512, provisioned_concurrency: {concurrency: 3, hours: 100}}\n"
    )
    (tmp_path / "costkit.yaml").write_text(spec)
    tree = ask("compare", "compute", "costkit.yaml", "-f", "json").tree
    assert tree["present"] == "Lambda x86_64 as it is"
    alone = ask("estimate", "-f", "json").tree["total"]["monthly_cost"]
    assert next(o for o in tree["options"] if o["name"] == tree["present"])["monthly_cost"] == alone


@pytest.mark.parametrize(
    ("flags", "codes"),
    [
        (("--region", "us-east-1"), ["CK106", "CK106"]),
        (("--region", "mars", "--requests", "x", "--min-instances", "0"), ["CK108", "CK104", "CK104"]),
        ((*FLAGS, "--peak-factor", "2", "--peak-concurrency", "3"), ["CK113"]),
        ((*FLAGS, "--peak-concurrency", "1"), ["CK113"]),
        ((*FLAGS, "--peak-factor", "0.5"), ["CK113"]),
        ((*FLAGS, "--utilization", "170"), ["CK104"]),
        ((*FLAGS, "--profile", "1,2"), ["CK104"]),
        ((*FLAGS, "--profile", ",".join(["0"] * 24)), ["CK104"]),
        ((*FLAGS, "--instance-type", "m7h.large", "--purchase", "gift"), ["CK115", "CK104"]),
        ((*FLAGS, "--instance-type", "t4g.nano"), ["CK113"]),
        ((*FLAGS[:5], "64 MB", *FLAGS[6:]), ["CK105"]),
        (("--requests", "0", *FLAGS[2:]), ["CK104"]),
        (("costkit.yaml", "nobody"), ["CK117"]),
        (("costkit.yaml", "address"), ["CK113"]),
        (("costkit.yaml",), ["CK117"]),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(ask: Any, tmp_path: Path, flags: Any, codes: list[str]) -> None:
    (tmp_path / "costkit.yaml").write_text("version: 1\nregion: us-east-1\nresources: {address: {type: public_ipv4}}\n")
    found = ask("compare", "compute", *flags)
    assert found.code == 2
    assert sorted(told.code for told in found.told) == sorted(codes)


def test_strict_ends_with_4_if_nothing_is_known_whole(ask: Any) -> None:
    flags = (*FLAGS[:7], "us-gov-west-1")
    assert ask("compare", "compute", *flags).code == 0
    assert ask("compare", "compute", *flags, "--strict").code == 4
    assert json.loads(ask("compare", "compute", *flags, "-f", "json").out)["complete"] is False


def test_axes_have_round_numbers() -> None:
    assert ticks(Decimal(60)) == [0, 10, 20, 30, 40, 50, 60]
    assert ticks(Decimal("0.37"))[-1] >= Decimal("0.37")
    assert [short(Decimal(n)) for n in ("0", "2500", "30000000", "1234567890")] == ["0", "2.5k", "30M", "1.23B"]


def test_curves_pass_through_the_crossings(book: PriceBook) -> None:
    found = compared(book, only("t4g.small"), drawn=True)
    lines = {curve.option: curve for curve in found.curves}
    drawn = [one for one in found.break_even if {one.option, one.against} <= set(lines) and one.exact]
    for one in drawn:
        assert abs(cost_at(lines[one.option], one.amount) - cost_at(lines[one.against], one.amount)) < CENT
    assert len(lines) == 3
