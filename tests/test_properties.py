"""What holds for any input: parts add up, more never costs less, doors agree, and other calculators find the same."""

import csv
import io
import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest
import yaml
from arithmetic import step_value
from conftest import TODAY
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from costkit.estimating import estimate
from costkit.inputs.binding import Field, fields_of
from costkit.inputs.documents import Document, read_bytes
from costkit.inputs.spec import read_spec
from costkit.model.charge import ALLOWANCE, PRICED, Charge, Estimate
from costkit.model.exact import EXACT, apportion, plain
from costkit.model.kind import Amount, Choice, Count, Daily, Flag, Nested, Share, Size, Text, Time, Whole, split_number
from costkit.model.price import Price, Tier
from costkit.model.problem import CostkitError
from costkit.pricebook.book import PriceBook
from costkit.reports import as_csv, as_json
from costkit.services import service, types
from costkit.services.ebs_volume import Volume

D, F = Decimal, Fraction
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
# COSTKIT_THOROUGH tries forty times as many examples, and others on each run.
THOROUGH = bool(os.environ.get("COSTKIT_THOROUGH"))
TIMES_MORE = 40 if THOROUGH else 1
modest = settings(
    derandomize=not THOROUGH,
    max_examples=60 * TIMES_MORE,
    deadline=None,
    database=None,
    suppress_health_check=QUIET,
)
few = settings(modest, max_examples=25 * TIMES_MORE)
# What never ends is cut at twenty decimals; a cut quantity times a price, shared by many, is still nothing.
NOTHING = F(1, 10**15)
REGIONS = ("us-east-1", "eu-west-1", "sa-east-1")
Entry = dict[str, Any]


# Random specs


def number(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """A number with or without two decimals, of any magnitude up to the largest."""
    sizes = [10**digits for digits in range(1, 19) if least < 10**digits < most] + [most]
    whole = st.sampled_from(sizes).flatmap(lambda size: st.integers(least, size))
    cents = st.integers(1, 99).map(lambda part: f".{part:02}")
    return st.builds(lambda one, part: f"{one}{part}" if one < most else str(one), whole, cents | st.just(""))


COUNTS = number(10**10) | st.builds(str.__add__, number(5000), st.sampled_from(["k", "M", "/s", "/min", "/h", "/day"]))
SIZES = number(10240) | st.builds(str.__add__, number(50), st.sampled_from([" KB", " MB", " GB", " TB", " GiB"]))
TIMES = {
    "ms": number(900_000) | number(60).map(lambda time: f"{time} s"),
    "s": number(90_000) | number(9).map(lambda time: f"{time} h"),
    "h": number(672) | number(40_000).map(lambda time: f"{time} min"),
}
AMOUNTS = {
    "RPU": st.sampled_from(["4", "8", "32", "512", "1024"]),
    "IOPS": number(70_000, 100),
    "hours": number(168),
}
NAMES = {
    "node_type": ["ra3.xlplus", "ra3.4xlarge", "dc2.large", "rg.xlarge"],
    "instance_type": ["m7g.large", "t3.micro", "c6i.xlarge"],
    "to": ["eu-central-1", "us-west-2", "eu-west-1"],
    "runtime": ["python3.13", "java21"],
}


@st.composite
def volumes(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(["gp3", "gp2", "io1", "io2", "st1"]))
    volume = {"kind": kind, "size": draw(number(16_000, 1))}
    if kind in ("io1", "io2") or (kind == "gp3" and draw(st.booleans())):
        volume["iops"] = draw(AMOUNTS["IOPS"])
    return volume


def written(field: Field) -> st.SearchStrategy[Any]:
    """What somebody may write into a field, by its kind."""
    kind = field.kind
    if isinstance(kind, Nested):
        inner = volumes() if kind.form is Volume else forms(kind.form, often=True)
        return st.lists(inner, min_size=1, max_size=3) if kind.many else inner
    if isinstance(kind, Daily):
        return TIMES["s"] | st.lists(TIMES["s"], min_size=1, max_size=5)
    simple: list[tuple[type, Any]] = [
        (Choice, lambda kind: st.sampled_from(kind.words)),
        (Flag, lambda _: st.sampled_from(["true", "false"])),
        (Text, lambda kind: st.sampled_from(NAMES.get(field.name, [kind.example]))),
        (Share, lambda _: number(100).map(lambda share: f"{share}%")),
        (Count, lambda _: COUNTS),
        (Size, lambda _: SIZES),
        (Time, lambda kind: TIMES[kind.unit]),
        (Whole, lambda _: st.integers(1, 9).map(str)),
        (Amount, lambda kind: AMOUNTS.get(kind.noun, number(200))),
    ]
    return next(make(kind) for base, make in simple if isinstance(kind, base))


@st.composite
def forms(draw: st.DrawFn, form: type, often: bool = False) -> Entry:
    """Fields of a form: the required ones, and some of the others."""
    chance = st.sampled_from([True, True, True, False]) if often else st.booleans()
    return {field.name: draw(written(field)) for field in fields_of(form) if field.required or draw(chance)}


def draw_entry(data: st.DataObject, book: PriceBook, kind: str = "") -> Entry:
    """A resource that AWS sells: what the reader refuses is left out, what it misses is filled in."""
    kind = kind or data.draw(st.sampled_from(types()))
    fields = {field.name: field for field in fields_of(service(kind).Usage)}
    entry = {"type": kind, **data.draw(forms(service(kind).Usage))}
    if not hasattr(service(kind), "REGION"):
        entry["region"] = data.draw(st.sampled_from(REGIONS))
    if kind == "fargate_task":
        vcpu, size = data.draw(st.sampled_from(sorted(book.specs(kind).items())))
        entry |= {"vcpu": vcpu, "memory": size["memory_gb"].split()[0]}
    for _ in range(9):
        try:
            read_spec(document({"r": entry}), book, TODAY)
        except CostkitError as error:
            wrong = {problem.where.removeprefix("spec: resources.r.").partition(".")[0] for problem in error.problems}
            lacking = (wrong & set(fields)) - set(entry)
            entry = {name: value for name, value in entry.items() if name not in wrong}
            entry |= {name: data.draw(written(fields[name])) for name in sorted(lacking)}
        else:
            return entry
    raise AssertionError(f"cannot be made right: {entry}")


def draw_fleet(data: st.DataObject, book: PriceBook, most: int = 4) -> dict[str, Entry]:
    count = data.draw(st.integers(1, most))
    return {f"r{index}": draw_entry(data, book) for index in range(count)}


FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "free_tier": st.sampled_from(["true", "false"]),
        "month_hours": st.sampled_from(["672", "720", "730.5", "744"]),
        "schedule": number(168),
        "discounts": st.lists(st.fixed_dictionaries({"percent": number(100)}), max_size=2),
    },
)


def document(resources: Mapping[str, Entry], frame: Mapping[str, Any] | None = None) -> Document:
    return Document("spec", {"version": "1", **(frame or {}), "resources": dict(resources)}, {}, ())


def priced(resources: Mapping[str, Entry], book: PriceBook, frame: Mapping[str, Any] | None = None) -> Estimate:
    return estimate(read_spec(document(resources, frame), book, TODAY), book, TODAY)


def priced_or_none(resources: Mapping[str, Entry], book: PriceBook) -> Estimate | None:
    try:
        return priced(resources, book)
    except CostkitError:
        return None


def all_charges(result: Estimate) -> list[Charge]:
    return [charge for cost in result.resources for charge in cost.charges]


def exact_sum(numbers: list[Decimal]) -> Fraction:
    return sum((F(number) for number in numbers), F(0))


def near(one: Decimal | Fraction, other: Decimal | Fraction) -> bool:
    return abs(F(one) - F(other)) <= NOTHING


# Numbers


@modest
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18))
def test_a_number_in_full_has_no_exponent_and_is_the_same_number(some: Decimal) -> None:
    assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", plain(some))
    assert D(plain(some)) == some


@modest
@given(
    st.integers(-(10**15), 10**15),
    st.integers(0, 12),
    st.lists(st.integers(0, 10**12) | st.integers(0, 3), min_size=1, max_size=30).filter(any),
    st.integers(0, 12),
)
def test_shares_add_up_in_any_order_and_none_is_off_by_more_than_the_crumbs(
    amount: int, places: int, weights: list[int], decimals: int
) -> None:
    whole = D(amount).scaleb(-places)
    with localcontext(EXACT):
        shares = apportion(whole, [D(weight).scaleb(-decimals) for weight in weights])
        assert sum(shares, D(0)) == sum(reversed(shares), D(0)) == whole
    for share, weight in zip(shares, weights, strict=True):
        assert abs(F(share) - F(whole) * weight / sum(weights)) <= F(len(weights), 10**20)
        assert share == 0 or (share > 0) == (whole > 0), "a share of something owed is never a gift"


@st.composite
def tiers_and_quantities(draw: st.DrawFn) -> tuple[Price, Decimal]:
    starts = sorted(draw(st.sets(st.integers(1, 10**6), max_size=4)))
    prices = [D(draw(st.integers(1, 10**4))).scaleb(-6) for _ in range(len(starts) + 1)]
    steps = [Tier(D(start), price) for start, price in zip([0, *starts], prices, strict=True)]
    if starts and draw(st.booleans()):
        steps[-1] = steps[-1]._replace(price=None)
    edge = draw(st.sampled_from([0, *starts]))
    at_edge = st.sampled_from([D(edge), D(edge) + D("0.01"), max(D(0), D(edge) - D("0.01")), D(edge) + 1])
    quantity = draw(at_edge | st.integers(0, 10**9).map(lambda cents: D(cents).scaleb(-2)))
    return Price("out", "Out", "GB", "r", TODAY, TODAY, tuple(steps), "t:1 s"), quantity


@modest
@given(tiers_and_quantities())
def test_parts_of_a_quantity_add_up_to_it_and_each_is_priced_by_its_tier(case: tuple[Price, Decimal]) -> None:
    price, quantity = case
    parts = list(price.split(quantity))
    assert exact_sum([part for part, _ in parts]) == F(quantity)
    assert all(part > 0 for part, _ in parts) or quantity == 0
    ends = [*(tier.start for tier in price.tiers[1:]), max(quantity, price.tiers[-1].start)]
    within = [max(D(0), min(quantity, end) - tier.start) for tier, end in zip(price.tiers, ends, strict=True)]
    costs = [part * tier.price for part, tier in zip(within, price.tiers, strict=True) if tier.price is not None]
    assert F(price.cost(quantity)) == exact_sum(costs)
    assert F(price.unproven(quantity)) == exact_sum(within) - exact_sum(
        [part for part, tier in zip(within, price.tiers, strict=True) if tier.price is not None]
    )


# Pools and allowances

LAMBDA_TIERS = {
    ("us-east-1", "x86_64"): {0: "0.0000166667", 600_000: "0.000015", 1_500_000: "0.0000133334"},
    ("us-east-1", "arm64"): {0: "0.0000133334", 750_000: "0.0000120001", 1_875_000: "0.0000106667"},
    ("eu-west-1", "x86_64"): {0: "0.0000183", 700_001: "0.00001611"},
    ("eu-west-1", "arm64"): {0: "0.0000147"},
}
LAMBDA_REQUESTS = {"us-east-1": "0.0000002", "eu-west-1": "0.00000023"}


@pytest.fixture(scope="session")
def steep(tmp_path_factory: pytest.TempPathFactory) -> PriceBook:
    """Lambda prices whose tiers begin early, so that small fleets reach them."""
    dates = {"effective": "2026-01-01", "confirmed": "2026-11-01", "source": "test"}
    meters: dict[str, Any] = {"requests": {"unit": "request", "title": "Requests", "rows": []}}
    for region, price in LAMBDA_REQUESTS.items():
        meters["requests"]["rows"].append({"region": region, **dates, "price": price})
    for (region, arch), tiers in LAMBDA_TIERS.items():
        meter = meters.setdefault(f"duration.{arch}", {"unit": "GB-second", "title": "Duration", "rows": []})
        meter["rows"].append({"region": region, **dates, "tiers": tiers})
    folder = tmp_path_factory.mktemp("steep")
    text = yaml.safe_dump({"table": "lambda_function", "currency": "USD", "meters": meters}).replace("'", "")
    Path(folder, "lambda_function.yaml").write_text(text, encoding="utf-8")
    return PriceBook([str(folder)])


FUNCTIONS = st.fixed_dictionaries(
    {
        "type": st.just("lambda_function"),
        "region": st.sampled_from(sorted(LAMBDA_REQUESTS)),
        "architecture": st.sampled_from(["x86_64", "arm64"]),
        "memory": st.integers(128, 10240).map(str),
        "requests": number(3 * 10**6) | st.sampled_from(["99999", "1000000", "2345678.5"]),
        "duration": number(20_000) | st.sampled_from(["100", "999.99", "12345"]),
        "count": st.integers(1, 3).map(str),
    }
)
FUNCTION_FLEETS = st.lists(FUNCTIONS, min_size=1, max_size=7).map(
    lambda entries: {f"f{index}": entry for index, entry in enumerate(entries)}
)


def rated(tiers: Mapping[int, str], quantity: Fraction) -> Fraction:
    """Graduated tiers, in fractions."""
    starts = sorted(tiers)
    ends = [*starts[1:], max(quantity, F(starts[-1]))]
    parts = [max(F(0), min(quantity, F(end)) - start) for start, end in zip(starts, ends, strict=True)]
    return sum((part * F(tiers[start]) for start, part in zip(starts, parts, strict=True)), F(0))


def lambda_calculator(fleet: Mapping[str, Entry], free: bool) -> dict[str, Fraction]:
    """What each function costs, by the rules of https://aws.amazon.com/lambda/pricing/, in fractions."""
    requests = {name: F(entry["requests"]) * int(entry["count"]) for name, entry in fleet.items()}
    seconds = {
        name: requests[name] * ceil(F(entry["duration"])) / 1000 * F(entry["memory"]) / 1024
        for name, entry in fleet.items()
    }
    pools: dict[tuple[str, str], Fraction] = {}
    for name, entry in fleet.items():
        pool = (entry["region"], entry["architecture"])
        pools[pool] = pools.get(pool, F(0)) + seconds[name]
    all_requests, all_seconds = sum(requests.values()), sum(pools.values())
    paid_requests = max(F(0), all_requests - 1_000_000) / all_requests if free and all_requests else F(1)
    paid_seconds = max(F(0), all_seconds - 400_000) / all_seconds if free and all_seconds else F(1)
    costs = {}
    for name, entry in fleet.items():
        pool = (entry["region"], entry["architecture"])
        cost = requests[name] * paid_requests * F(LAMBDA_REQUESTS[entry["region"]])
        if pools[pool]:
            cost += rated(LAMBDA_TIERS[pool], pools[pool] * paid_seconds) * seconds[name] / pools[pool]
        costs[name] = cost
    return costs


@modest
@given(fleet=FUNCTION_FLEETS, free=st.booleans())
def test_another_calculator_finds_what_lambda_functions_cost(
    fleet: dict[str, Entry], free: bool, steep: PriceBook
) -> None:
    result = priced(fleet, steep, {"free_tier": free})
    expected = lambda_calculator(fleet, free)
    assert near(result.cost, sum(expected.values()))
    for cost in result.resources:
        assert near(cost.cost, expected[cost.resource.name])


@modest
@given(fleet=FUNCTION_FLEETS)
def test_the_free_allowance_is_given_out_once_and_is_worth_what_it_spares(
    fleet: dict[str, Entry], steep: PriceBook
) -> None:
    result = priced(fleet, steep)
    for allowance, limit in (("free_requests", 1_000_000), ("free_gb_seconds", 400_000)):
        used, free, worth = {}, {}, {}
        for cost in result.resources:
            entry = fleet[cost.resource.name]
            arch = "" if allowance == "free_requests" else f".{entry['architecture']}"
            meter = f"duration{arch}" if arch else "requests"
            pool = (meter, entry["region"])
            for charge in cost.charges:
                if charge.meter == meter:
                    used.setdefault(pool, []).append(charge.quantity)
                if charge.meter == allowance:
                    assert charge.status == ALLOWANCE
                    free.setdefault(pool, []).append(charge.quantity)
                    worth.setdefault(pool, []).append(charge.cost)
        whole = exact_sum([quantity for parts in used.values() for quantity in parts])
        assert exact_sum([quantity for parts in free.values() for quantity in parts]) == min(F(limit), whole)
        for pool in free:
            price = steep.price("lambda_function", pool[0], "", pool[1], TODAY)
            assert price is not None
            tiers = {int(tier.start): str(tier.price) for tier in price.tiers}
            size, spared = exact_sum(used[pool]), exact_sum(free[pool])
            assert exact_sum(worth[pool]) == rated(tiers, size - spared) - rated(tiers, size)


@modest
@given(data=st.data())
def test_the_shares_of_a_pool_add_up_to_its_cost(data: st.DataObject, book: PriceBook) -> None:
    sizes = data.draw(st.lists(st.tuples(number(90_000), st.integers(0, 3)), min_size=2, max_size=12))
    fleet = {
        f"r{index}": {"type": "data_transfer", "region": "us-east-1", "out": size, "count": str(count)}
        for index, (size, count) in enumerate(sizes)
    }
    found = all_charges(priced(fleet, book, {"free_tier": "false"}))
    price = book.price("data_transfer", "out", "", "us-east-1", TODAY)
    assert price is not None
    whole = exact_sum([charge.quantity or D(0) for charge in found])
    assert whole == sum(F(size) * count for size, count in sizes)
    pool_cost = rated({int(tier.start): str(tier.price) for tier in price.tiers}, whole)
    assert exact_sum([charge.cost or D(0) for charge in found]) == pool_cost
    for charge in found:
        assert charge.cost is not None
        assert charge.cost >= 0
        assert not whole or near(charge.cost, pool_cost * F(charge.quantity or 0) / whole)


# Any spec


def check_sums(result: Estimate) -> None:
    """The total is the sum of the resources, of the charges, of the CSV's column, and stands in the JSON."""
    costs = [charge.cost for charge in all_charges(result) if charge.cost is not None]
    assert F(result.cost) == exact_sum(costs) == exact_sum([cost.cost for cost in result.resources])
    rows = list(csv.DictReader(io.StringIO("".join(as_csv.render(result)), newline="")))
    assert exact_sum([D(row["monthly_cost"]) for row in rows if row["monthly_cost"]]) == F(result.cost)
    tree = json.loads("".join(as_json.render(result)))
    assert D(tree["total"]["monthly_cost"]) == result.cost
    assert exact_sum([D(resource["monthly_cost"]) for resource in tree["resources"]]) == F(result.cost)


def check_charge(charge: Charge) -> None:
    """A cost is what its last step says, lies within its range, and is there exactly if it is priced."""
    assert (charge.cost is not None) == (charge.status in (PRICED, ALLOWANCE))
    if charge.cost is None or charge.low is None or charge.high is None:
        return
    assert charge.low <= charge.cost <= charge.high
    with localcontext(EXACT):
        assert step_value(charge.steps[-1]) == (charge.cost, charge.cost), charge
    lowers = charge.status == ALLOWANCE or charge.meter.startswith("discount.")
    assert charge.cost <= 0 if lowers else charge.cost >= 0


@pytest.mark.parametrize("kind", types())
@few
@given(data=st.data(), frame=FRAMES)
def test_any_resource_is_priced_and_explains_its_cost(
    data: st.DataObject, frame: dict[str, Any], book: PriceBook, kind: str
) -> None:
    fleet = {"r0": draw_entry(data, book, kind), "r1": draw_entry(data, book, kind)}
    hours = {"month_hours": "744"} if frame.get("month_hours") in ("672", "720") else {}
    result = priced(fleet, book, {**frame, **hours})
    check_sums(result)
    for charge in all_charges(result):
        check_charge(charge)
    assert result.complete == all(charge.cost is not None for charge in all_charges(result))


@modest
@given(data=st.data(), frame=FRAMES)
def test_every_step_that_is_printed_is_true(data: st.DataObject, frame: dict[str, Any], book: PriceBook) -> None:
    frame.pop("month_hours", None)
    for charge in all_charges(priced(draw_fleet(data, book), book, frame)):
        for step in charge.steps:
            if " = " in step:
                with localcontext(EXACT):
                    computed, said = step_value(step)
                assert computed == said, step


@modest
@given(fleet=FUNCTION_FLEETS)
def test_every_step_of_functions_that_share_an_allowance_is_true(fleet: dict[str, Entry], steep: PriceBook) -> None:
    for charge in all_charges(priced(fleet, steep)):
        with localcontext(EXACT):
            said = {step: step_value(step) for step in charge.steps}
        assert all(computed == value for computed, value in said.values()), said


@modest
@given(data=st.data())
def test_whatever_is_written_is_priced_or_refused(data: st.DataObject, book: PriceBook) -> None:
    kind = data.draw(st.sampled_from(types()))
    entry = {"type": kind, "region": "us-east-1", **data.draw(forms(service(kind).Usage))}
    name = data.draw(st.sampled_from(sorted(entry)))
    odd = [None, "", "1e400", "-1", "010", [], {}, [[]], "..", "1..2..3", True, D("1e-7"), {"expected": "1"}, "\x00"]
    entry[name] = data.draw(st.sampled_from(odd))
    result = priced_or_none({"r": entry}, book)
    if result is not None:
        check_sums(result)


@modest
@given(data=st.data(), frame=FRAMES)
def test_the_order_of_resources_changes_nothing(data: st.DataObject, frame: dict[str, Any], book: PriceBook) -> None:
    frame.pop("month_hours", None)
    fleet = draw_fleet(data, book, 5)
    shuffled = dict(data.draw(st.permutations(list(fleet.items()))))
    one, other = priced(fleet, book, frame), priced(shuffled, book, frame)
    assert near(one.cost, other.cost)
    costs = {cost.resource.name: cost.cost for cost in other.resources}
    assert all(near(cost.cost, costs[cost.resource.name]) for cost in one.resources)


@modest
@given(fleet=FUNCTION_FLEETS, data=st.data())
def test_the_order_of_the_functions_of_a_pool_does_not_change_a_digit_of_the_total(
    fleet: dict[str, Entry], data: st.DataObject, steep: PriceBook
) -> None:
    pool = {name: {**entry, "region": "us-east-1", "architecture": "arm64"} for name, entry in fleet.items()}
    shuffled = dict(data.draw(st.permutations(list(pool.items()))))
    assert priced(pool, steep).cost == priced(shuffled, steep).cost


@modest
@given(data=st.data())
def test_one_more_resource_never_lowers_the_total(data: st.DataObject, book: PriceBook) -> None:
    fleet = draw_fleet(data, book)
    before = priced(fleet, book)
    after = priced({**fleet, "one_more": draw_entry(data, book)}, book)
    assert F(after.cost) >= F(before.cost) - NOTHING


@modest
@given(fleet=FUNCTION_FLEETS, more=FUNCTIONS)
def test_one_more_function_never_lowers_the_total(fleet: dict[str, Entry], more: Entry, steep: PriceBook) -> None:
    assert F(priced({**fleet, "more": more}, steep).cost) >= F(priced(fleet, steep).cost) - NOTHING


@settings(modest, max_examples=150)
@given(data=st.data(), factor=st.integers(2, 1000))
def test_more_usage_never_costs_less(data: st.DataObject, factor: int, book: PriceBook) -> None:
    fleet = draw_fleet(data, book, 2)
    name = data.draw(st.sampled_from(sorted(fleet)))
    fields = {field.name: field.kind for field in fields_of(service(fleet[name]["type"]).Usage)}
    usage = [key for key in fleet[name] if isinstance(fields.get(key), Count | Size | Time)]
    if "purchase" in fleet[name] and "hours" in usage:
        # A reservation is billed while paused, and by running it earns credits for concurrency scaling.
        usage.remove("hours")
    assume(usage)
    key = data.draw(st.sampled_from(usage))
    digits, unit = split_number(fleet[name][key])
    more = {**fleet, name: {**fleet[name], key: f"{plain(D(digits) * factor / 100 + D(digits))}{unit}"}}
    before, after = priced(fleet, book), priced_or_none(more, book)
    assume(after is not None)
    assert after is not None
    assert F(after.cost) >= F(before.cost) - NOTHING, (key, before.cost, after.cost)


@modest
@given(data=st.data(), copies=st.integers(0, 4))
def test_a_count_is_as_many_copies_written_out(data: st.DataObject, copies: int, book: PriceBook) -> None:
    entry, beside = draw_entry(data, book), draw_entry(data, book)
    counted = priced({"r": {**entry, "count": str(copies)}, "beside": beside}, book)
    written_out = priced({**{f"r{index}": entry for index in range(copies)}, "beside": beside}, book)
    assert near(counted.cost, written_out.cost)
    assert near(counted.upfront, written_out.upfront)
    assert near(counted.resources[-1].cost, written_out.resources[-1].cost)


@modest
@given(data=st.data(), frame=FRAMES)
def test_no_discounts_and_no_commitments_change_no_charge(
    data: st.DataObject, frame: dict[str, Any], book: PriceBook
) -> None:
    frame.pop("month_hours", None)
    fleet = draw_fleet(data, book)
    bare = {key: value for key, value in frame.items() if key != "discounts"}
    without = priced(fleet, book, bare)
    assert priced(fleet, book, {**bare, "discounts": [], "commitments": []}).resources == without.resources
    lowered = priced(fleet, book, frame)
    own = [[charge for charge in cost.charges if charge.unit] for cost in lowered.resources]
    assert own == [list(cost.charges) for cost in without.resources]
    assert lowered.cost <= without.cost


@modest
@given(fleet=FUNCTION_FLEETS, percents=st.lists(st.integers(0, 100), max_size=3))
def test_each_discount_applies_to_what_the_others_leave(
    fleet: dict[str, Entry], percents: list[int], steep: PriceBook
) -> None:
    left = F(priced(fleet, steep).cost)
    for percent in percents:
        left -= left * percent / 100
    assert near(priced(fleet, steep, {"discounts": [{"percent": str(percent)} for percent in percents]}).cost, left)


@modest
@given(data=st.data())
def test_the_numbers_of_a_range_are_the_least_and_the_greatest_of_three_runs(
    data: st.DataObject, book: PriceBook
) -> None:
    fleet = draw_fleet(data, book, 3)
    points: list[dict[str, Entry]] = [{name: dict(entry) for name, entry in fleet.items()} for _ in range(3)]
    for name, entry in fleet.items():
        fields = {field.name: field.kind for field in fields_of(service(entry["type"]).Usage)}
        for key in [key for key in entry if isinstance(fields.get(key), Count | Size | Time) and key != "memory"]:
            digits, unit = split_number(entry[key])
            factors = [D(factor) / 100 for factor in sorted(data.draw(st.tuples(*[st.integers(50, 150)] * 3)))]
            values = [f"{plain(D(digits) * factor)}{unit}" for factor in factors]
            for point, value in zip(points, values, strict=True):
                point[name][key] = value
            entry[key] = "..".join(values)
    try:
        low, expected, high = (priced(point, book) for point in points)
    except CostkitError:
        assume(False)
    ranged = priced(fleet, book)
    runs = [low, expected, high]
    check_sums(ranged)
    assert (ranged.cost, ranged.low, ranged.high) == (
        expected.cost,
        min(run.cost for run in runs),
        max(run.cost for run in runs),
    )
    assert ranged.low <= ranged.cost <= ranged.high
    for index, cost in enumerate(ranged.resources):
        three = [run.resources[index] for run in runs]
        assert cost.cost == three[1].cost
        assert (cost.low, cost.high) == (min(one.cost for one in three), max(one.cost for one in three))
        for charge in cost.charges:
            if charge.cost is not None and charge.low is not None and charge.high is not None:
                assert charge.low <= charge.cost <= charge.high
                met = [[one.cost for one in run.charges if one.meter == charge.meter] for run in three]
                if [len(one) for one in met] == [1, 1, 1]:
                    known = [one[0] for one in met if one[0] is not None]
                    assert len(known) == len(met)
                    assert (charge.low, charge.high) == (min(known), max(known))


def test_a_volume_that_needs_more_only_at_the_high_end_keeps_its_own_range(book: PriceBook) -> None:
    first = {"size": "100", "iops": "3000..3000..6000"}
    second = {"size": "100", "iops": "4000"}
    instance = {"type": "ec2_instance", "region": "us-east-1", "instance_type": "m7g.large"}
    (cost,) = priced({"i": {**instance, "volumes": [first, second]}}, book).resources
    # 3,000 IOPS are included; each one more costs 0.005: 0 to 15.00 for the first, 5.00 for the second
    found = [(charge.low, charge.cost, charge.high) for charge in cost.charges if charge.meter.endswith("iops.gp3")]
    assert sorted(found) == [(0, 0, 15), (5, 5, 5)]


@pytest.mark.parametrize(
    "frame",
    [
        {"schedule": {"hours_per_week": "10..20..30"}},
        {"discounts": [{"percent": {"low": "0", "expected": "10", "high": "50"}}]},
        {"month_hours": "672..720..744"},
    ],
    ids=["schedule", "discount", "month"],
)
def test_a_range_in_the_frame_is_priced_or_refused_and_never_dropped(frame: dict[str, Any], book: PriceBook) -> None:
    warehouse = {"type": "redshift_cluster", "region": "us-east-1", "node_type": "ra3.xlplus"}
    try:
        result = priced({"w": warehouse}, book, frame)
    except CostkitError:
        return
    assert result.low < result.cost < result.high


def test_seconds_a_day_must_rise_on_every_day_of_a_range(book: PriceBook) -> None:
    days = {"low": ["1", "9000"], "expected": ["2", "5"], "high": ["3", "9"]}
    warehouse = {"type": "redshift_cluster", "region": "us-east-1", "node_type": "ra3.xlplus"}
    with pytest.raises(CostkitError, match="a range must rise"):
        priced({"w": {**warehouse, "concurrency_scaling": {"seconds_per_day": days}}}, book)


# Doors


def flat(entry: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """A resource as the cells of a fleet."""
    cells = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            cells |= flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            cells[prefix + key] = ";".join(",".join(f"{name}={text}" for name, text in item.items()) for item in value)
        else:
            cells[prefix + key] = value
    return cells


def as_a_row_can_say(entry: Entry) -> Entry:
    """A fleet has no empty blocks, and one time of scaling for all days: its cells are no lists of numbers."""
    scaling = entry.get("concurrency_scaling", {})
    if isinstance(scaling.get("seconds_per_day"), list):
        entry["concurrency_scaling"] = {**scaling, "seconds_per_day": scaling["seconds_per_day"][0]}
    return {name: value for name, value in entry.items() if value != {}}


@modest
@given(data=st.data())
def test_yaml_json_and_csv_are_the_same_spec(data: st.DataObject, book: PriceBook) -> None:
    fleet = {name: as_a_row_can_say(entry) for name, entry in draw_fleet(data, book).items()}
    tree = {"version": 1, "resources": fleet}
    rows = [{"name": name, **flat(entry)} for name, entry in fleet.items()]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    texts = {"f.yaml": yaml.safe_dump(tree, sort_keys=False), "f.json": json.dumps(tree), "f.csv": buffer.getvalue()}
    found = []
    for name, text in texts.items():
        result = estimate(read_spec(read_bytes(text.encode(), name), book, TODAY), book, TODAY)
        resources = [(cost.resource._replace(where=""), *cost[1:]) for cost in result.resources]
        said = [(problem.code, problem.message) for problem in result.problems]
        found.append((resources, said, result.cost, result.low, result.high))
    assert found[0] == found[1] == found[2]


# Redshift, by brute force


def one_charge(entry: Entry, meter: str, book: PriceBook, frame: Mapping[str, Any] | None = None) -> Charge:
    warehouse = {"type": "redshift_cluster", "region": "us-east-1", "node_type": "ra3.xlplus", **entry}
    (found,) = (charge for charge in all_charges(priced({"w": warehouse}, book, frame)) if charge.meter == meter)
    return found


@modest
@given(scanned=number(500), queries=st.integers(1, 2000), copies=st.integers(1, 3))
def test_each_spectrum_query_is_rounded_up_by_itself(scanned: str, queries: int, copies: int, book: PriceBook) -> None:
    spectrum = {"scanned": f"{scanned} GB", "queries": str(queries)}
    charge = one_charge({"spectrum": spectrum, "count": str(copies)}, "spectrum", book)
    megabytes = sum(max(10, ceil(F(scanned) * 1024 / queries)) for _ in range(queries))
    assert charge.quantity is not None
    assert charge.unit_price is not None
    assert charge.cost is not None
    assert near(charge.quantity, F(megabytes * copies, 1024 * 1024))
    assert near(charge.cost, F(megabytes * copies, 1024 * 1024) * F(charge.unit_price))


def simulated_seconds(used_by_day: list[Fraction], running: Fraction, month: Fraction) -> Fraction:
    """Billed seconds of scaling: an hour of credit for a day's running, thirty kept, spent before money."""
    balance, billed, day, left = F(0), F(0), 0, month
    while left > 0:
        hours = min(F(24), left)
        balance = min(F(30 * 3600), balance + 3600 * running / month * hours / 24)
        used = used_by_day[day % len(used_by_day)] * hours / 24
        covered = min(balance, used)
        balance, billed = balance - covered, billed + used - covered
        left, day = left - hours, day + 1
    return billed


@modest
@given(data=st.data())
def test_scaling_credits_are_earned_and_spent_day_by_day(data: st.DataObject, book: PriceBook) -> None:
    seconds = st.integers(0, 200_000) | st.sampled_from([0, 1, 59, 60, 61, 3599, 3600, 3601])
    month = data.draw(st.sampled_from(["672", "720", "730", "730.5", "744", "36", "10"]))
    hours = data.draw(st.none() | st.integers(0, 100))
    running = F(month) if hours is None else F(month) * hours / 100
    nodes, copies = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    if data.draw(st.booleans()):
        days = [0] * data.draw(st.integers(0, 30)) + data.draw(st.lists(seconds, min_size=1, max_size=9))
        scaling: Entry = {"seconds_per_day": [str(day) for day in days]}
        used = [F(max(60, day)) if day else F(0) for day in days]
    else:
        whole = data.draw(seconds)
        scaling = {"seconds": str(whole)}
        used = [(F(max(60, whole)) if whole else F(0)) * 24 / F(month)]
    entry: Entry = {"concurrency_scaling": scaling, "nodes": str(nodes), "count": str(copies)}
    if hours is not None:
        entry["hours"] = plain(D(month) * hours / 100)
    charge = one_charge(entry, "concurrency_scaling.ra3.xlplus", book, {"month_hours": month})
    billed = simulated_seconds(used, running, F(month)) * nodes * copies / 3600
    assert charge.quantity is not None
    assert charge.unit_price is not None
    assert charge.cost is not None
    assert near(charge.quantity, billed)
    assert near(charge.cost, billed * F(charge.unit_price))


@modest
@given(busy=st.integers(100_000, 200_000))
def test_no_more_than_thirty_hours_of_credit_are_saved_for_the_last_day(busy: int, book: PriceBook) -> None:
    days = [0] * 30 + [busy]
    entry: Entry = {"concurrency_scaling": {"seconds_per_day": [str(day) for day in days]}}
    charge = one_charge(entry, "concurrency_scaling.ra3.xlplus", book, {"month_hours": "744"})
    assert charge.quantity is not None
    assert near(charge.quantity, F(max(0, busy - 30 * 3600), 3600))
    assert near(charge.quantity, simulated_seconds([F(day) for day in days], F(744), F(744)) / 3600)
