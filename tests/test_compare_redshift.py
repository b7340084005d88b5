"""Clusters and serverless for one usage: sums by hand, published examples, and what must hold of every answer."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

from costkit.compare.redshift import Engine, compare_redshift
from costkit.compare.redshift_break_even import at_amount, expected
from costkit.compare.redshift_options import LEAST_CAPACITY, sold_capacity
from costkit.compare.redshift_profile import Profile, read_profile
from costkit.compare.scan import Conversion, loaded_size, scanned_after
from costkit.model.comparison import Comparison, Option
from costkit.model.problem import CostkitError
from costkit.pricebook.book import PriceBook

CENT = Decimal("0.01")


def profile_of(book: PriceBook, *node_types: str, region: str = "us-east-1", **flags: str) -> Profile:
    return read_profile(flags, node_types, Profile(region, Decimal(730)), book, TODAY)


def compared(book: PriceBook, *node_types: str, region: str = "us-east-1", **flags: str) -> Comparison:
    return compare_redshift(profile_of(book, *node_types, region=region, **flags), book, TODAY)


def option(found: Comparison, name: str) -> Option:
    return next(one for one in found.options if one.name == name)


def cost(found: Comparison, name: str) -> Decimal:
    return option(found, name).estimate.cost.quantize(CENT)


# 2 x ra3.xlplus in us-east-1 with 2,048 GB: storage 2048 x 0.024 = 49.152.
@pytest.mark.parametrize(
    ("purchase", "by_hand"),
    [
        ("on demand", "1634.71"),  # 2 x 1.086 x 730 = 1585.56
        ("on demand, paused when idle", "577.67"),  # 8/24 of it: 528.52
        ("reserved 1y no upfront", "1159.04"),  # 2 x 0.7602 x 730 = 1109.892
        ("reserved 1y partial upfront", "1111.49"),  # 2 x 0.363813 x 730 = 531.16698; 2 x 3187 / 12 = 531.16666...
        ("reserved 1y all upfront", "1095.65"),  # 2 x 6279 / 12 = 1046.50
        ("reserved 3y no upfront", "739.00"),  # 2 x 0.4725 x 730 = 689.85
        ("reserved 3y partial upfront", "675.49"),  # 2 x 0.214498 x 730 = 313.16708; 2 x 5637 / 36 = 313.16666...
        ("reserved 3y all upfront", "643.76"),  # 2 x 10703 / 36 = 594.6111...
    ],
)
def test_a_cluster_costs_what_its_prices_add_up_to(book: PriceBook, purchase: str, by_hand: str) -> None:
    found = compared(book, "ra3.xlplus", nodes="2", active_hours="8", storage="2 TB")
    assert cost(found, f"ra3.xlplus x 2, {purchase}") == Decimal(by_hand)


def test_serverless_32_rpu_8_hours_on_30_days(book: PriceBook) -> None:
    # Published as redshift-serverless-32rpu-8h: 7,680 RPU-hours x 0.375 = 2,880; 500 GB x 0.024 = 12.
    found = compared(book, active_hours="8", days="30", base_rpu="32", storage="500 GB")
    assert option(found, "serverless 32 RPU, on demand").estimate.cost == Decimal("2892")
    # Reserved for the month: 32 x 0.293 x 730 = 6844.48; 32 x 2430 / 12 = 6480.
    assert cost(found, "serverless 32 RPU, reserved 1y no upfront") == Decimal("6856.48")
    assert cost(found, "serverless 32 RPU, reserved 1y all upfront") == Decimal("6492.00")


def test_rpu_hours_are_the_same_at_any_base_capacity(book: PriceBook) -> None:
    # Published as redshift-serverless-dbt-100-users-month: 100 users x 60 s x 128 RPU x 30 days = 6,400 RPU-hours.
    found = compared(book, rpu_hours="6400")
    assert option(found, "serverless, on demand").estimate.cost == Decimal("2400")
    # Published as redshift-serverless-rms-10tb: 10,000 GB x 0.024 = 240.
    stored = compared(book, rpu_hours="6400", storage="10000 GB")
    assert option(stored, "serverless, on demand").estimate.cost == Decimal("2640")


def test_node_hours_cost_the_same_in_any_number_of_nodes(book: PriceBook) -> None:
    # Published as redshift-resize-mid-month: 15 d x 5 h x 2 + 15 d x 10 h x 5 = 900 node-hours x 3.26 = 2,934.
    found = compared(book, "ra3.4xlarge", node_hours="900")
    paused = [one for one in found.options if "paused" in one.name]
    assert len(paused) > 2
    assert {one.estimate.cost.quantize(CENT) for one in paused} == {Decimal("2934.00")}
    assert not any(one.kind == "redshift_serverless" for one in found.options)
    assert "--rpus-per-node" in found.notes[1]


def test_an_equivalence_turns_node_hours_into_rpu_hours(book: PriceBook) -> None:
    found = compared(book, "ra3.4xlarge", node_hours="900", rpus_per_node="16")
    # 900 x 16 x 0.375
    serverless = [one for one in found.options if one.purchase == "on demand" and one.kind == "redshift_serverless"]
    assert {one.estimate.cost for one in serverless} == {Decimal("5400")}
    assert found.notes == ("Equal speed: one ra3.4xlarge node is taken for 16 RPU, as given.",)


@pytest.mark.parametrize(
    ("node_type", "nodes", "base", "hours"),
    [
        ("ra3.xlplus", "1", "8", "8.688"),  # 1.086 x 24 / (8 x 0.375)
        ("ra3.4xlarge", "2", "64", "6.52"),  # 2 x 3.26 x 24 / (64 x 0.375)
        ("rg.xlarge", "2", "16", "6.0816"),  # 2 x 0.7602 x 24 / (16 x 0.375)
    ],
)
def test_break_even_is_the_price_of_the_nodes_over_that_of_the_rpus(
    book: PriceBook, node_type: str, nodes: str, base: str, hours: str
) -> None:
    found = compared(book, node_type, nodes=nodes, base_rpu=base, active_hours="5", storage="3 TB")
    met = next(one for one in found.break_even if one.against.endswith(", on demand"))
    assert met.amount == Decimal(hours)
    assert met.below == f"serverless {base} RPU, on demand"
    assert met.above == f"{node_type} x {nodes}, on demand"
    assert found.varied == "active hours a day"
    assert found.amount == Decimal("5")


@pytest.mark.parametrize("flags", [{}, {"days": "22"}, {"scanned": "7 TB", "queries": "900"}, {"rpus_per_node": "8"}])
def test_at_break_even_both_sides_cost_the_same(book: PriceBook, flags: dict[str, str]) -> None:
    types = ("ra3.xlplus",) if "rpus_per_node" in flags else ()
    profile = profile_of(book, *types, active_hours="3..6..9", storage="1 TB", **flags)
    engine = Engine(profile, book, TODAY)
    recipes = {recipe.name: recipe for recipe in engine.recipes()}
    found = compare_redshift(profile, book, TODAY)
    assert len(found.break_even) > 2
    for met in found.break_even:
        there = at_amount(expected(profile), met.unit, met.amount)
        below, above = (engine.price(recipes[name], there).cost for name in (met.below, met.above))
        assert below.quantize(CENT) == above.quantize(CENT)
        less = at_amount(expected(profile), met.unit, met.amount / 2)
        assert engine.price(recipes[met.below], less).cost < engine.price(recipes[met.above], less).cost
        assert 0 < met.amount < 24


def test_the_cheapest_is_beaten_by_no_other(book: PriceBook) -> None:
    found = compared(book, active_hours="2", storage="6 TB", scanned="3 TB")
    assert found.best is not None
    costs = [one.estimate.cost for one in found.options if one.estimate.complete]
    assert found.best.estimate.cost == min(costs)
    assert costs == sorted(costs)
    assert len({one.name for one in found.options}) == len(found.options)


def test_no_cluster_is_too_small_for_the_data(book: PriceBook) -> None:
    specs = book.specs("redshift_cluster")
    found = compared(book, active_hours="8", storage="20 TB")
    clusters = [one for one in found.options if one.kind == "redshift_cluster"]
    for one in clusters:
        node_type, _, size = one.name.partition(",")[0].partition(" x ")
        spec = specs[node_type]
        each = spec.get("storage_tb_single_node", spec["storage_tb"]) if size == "1" else spec["storage_tb"]
        assert Decimal(each) * int(size) >= 20
        assert int(spec["nodes_min"]) <= int(size) <= int(spec["nodes_max"])
    # One ra3.xlplus holds 4 TB, two hold 64; eight dc2.8xlarge hold 20.48 TB, seven do not.
    assert not any(one.name.startswith("ra3.xlplus x 1,") for one in clusters)
    assert any(one.name.startswith("dc2.8xlarge x 8,") for one in clusters)
    assert not any(one.name.startswith("dc2.8xlarge x 7,") for one in clusters)


def test_much_data_needs_a_large_base_capacity(book: PriceBook) -> None:
    bases = {
        terabytes: min(
            int(dict(one.facts)["base_rpu"])
            for one in compared(book, active_hours="1", storage=f"{terabytes} TB").options
            if one.kind == "redshift_serverless"
        )
        for terabytes in (1, 32, 127, 128)
    }
    assert bases == {1: 4, 32: 8, 127: 8, 128: 32}
    assert len(LEAST_CAPACITY) == 2


def test_capacities_are_rounded_up_to_what_is_sold(book: PriceBook) -> None:
    at = Engine(profile_of(book, active_hours="1"), book, TODAY).at
    wanted = ("1", "4", "5", "8", "12", "512", "513", "1024", "1025")
    assert [sold_capacity(Decimal(rpus), at) for rpus in wanted] == [4, 4, 8, 8, 16, 512, 544, 1024, None]


# Spectrum.


@pytest.mark.parametrize(
    ("raw", "conversion", "after"),
    [
        # Published as spectrum-sap49-q35-columnar-partition: 300 TB a month, 3 of 20 columns, 30 % of partitions.
        ("300", Conversion(Decimal(1), Decimal("0.15"), Decimal("0.30")), "13.5"),
        # Published as athena-parquet-10to1-5-of-50-columns.
        ("1", Conversion(Decimal(10), Decimal("0.1"), Decimal(1)), "0.01"),
        ("12", Conversion(Decimal(4), Decimal("0.2"), Decimal("0.1")), "0.06"),
        ("12", Conversion(), "12"),
    ],
)
def test_what_is_scanned_after_conversion(raw: str, conversion: Conversion, after: str) -> None:
    assert scanned_after(Decimal(raw), conversion) == Decimal(after)


def test_converted_data_costs_less_to_scan(book: PriceBook) -> None:
    flags = {"active_hours": "24", "nodes": "2", "column_share": "0.15", "partition_share": "30%"}
    found = compared(book, "ra3.4xlarge", scanned="300 TB", **flags)
    [converted] = [one for one in found.options if one.name.endswith("S3 data converted")]
    plain = option(found, converted.name.removesuffix(", S3 data converted"))
    # 300 x 5 = 1,500.00 as it is; 13.5 x 5 = 67.50 afterwards, as published.
    assert plain.estimate.cost - converted.estimate.cost == Decimal("1432.50")
    assert any("0.15 of columns x 0.3 of partitions" in text for text in converted.assumptions)


def test_loading_is_held_against_scanning(book: PriceBook) -> None:
    flags = {"active_hours": "6", "storage": "1 TB", "external": "3 TB", "compression": "4"}
    found = compared(book, "ra3.xlplus", scanned="12 TB", queries="1000", **flags)
    [loaded] = [one for one in found.options if one.name.endswith("S3 data loaded")]
    plain = option(found, loaded.name.removesuffix(", S3 data loaded"))
    # 12 x 1,048,576 MB / 1,000 queries is billed as 12,583 MB each: 12,583,000 / 1,048,576 x 5 = 60.0004...
    # 3,072 GB / 4 = 768 GB x 0.024 = 18.432 a month instead.
    assert (plain.estimate.cost - loaded.estimate.cost).quantize(CENT) == Decimal("41.57")
    [met] = [one for one in found.break_even if one.unit == "TB scanned a month"]
    # 18.432 / 5
    assert met.amount == Decimal("3.6864")
    assert met.above == loaded.name
    assert loaded_size(Decimal(3072), Conversion(Decimal(4))) == 768


def test_rg_nodes_scan_without_a_charge(book: PriceBook) -> None:
    flags = {"active_hours": "8", "nodes": "2"}
    without, scanning = (compared(book, "rg.xlarge", **flags, **more) for more in ({}, {"scanned": "9 TB"}))
    assert cost(without, "rg.xlarge x 2, on demand") == cost(scanning, "rg.xlarge x 2, on demand")
    assert any(
        "without a charge by the TB" in text for text in option(scanning, "rg.xlarge x 2, on demand").assumptions
    )


# What is not known.


def test_what_has_no_proven_price_is_told_and_not_listed(book: PriceBook) -> None:
    found = compared(book, "rg.xlarge", "ra3.xlplus", active_hours="8")
    assert not any(one.name.startswith("rg.xlarge") and "reserved" in one.name for one in found.options)
    [told] = [problem for problem in found.problems if problem.code == "CK513"]
    assert "rg.xlarge reserved" in told.message
    assert "ra3.xlplus" not in told.message


def test_a_region_without_any_price_is_refused(book: PriceBook) -> None:
    with pytest.raises(CostkitError) as caught:
        compared(book, active_hours="8", region="ap-east-2")
    assert [problem.code for problem in caught.value.problems] == ["CK201"]


def test_equal_speed_is_never_claimed_unasked(book: PriceBook) -> None:
    assert "not claimed" in compared(book, active_hours="8").notes[0]


def test_ranges_go_through_and_decide_what_is_too_close(book: PriceBook) -> None:
    found = compared(book, "ra3.xlplus", active_hours="1..6..20", nodes="1")
    paused = option(found, "ra3.xlplus x 1, on demand, paused when idle").estimate
    # 1.086 x 730 x 1/24, 6/24 and 20/24
    assert (paused.low.quantize(CENT), paused.cost.quantize(CENT), paused.high.quantize(CENT)) == (
        Decimal("33.03"),
        Decimal("198.20"),
        Decimal("660.65"),
    )
    assert found.best is not None
    assert found.best.name == "ra3.xlplus x 1, on demand, paused when idle"
    # 10703 / 36 = 297.31 is less than 660.65; twice the nodes for the same hours never are.
    assert "ra3.xlplus x 1, reserved 3y all upfront" in found.close
    assert "ra3.xlplus x 1, on demand" not in found.close


# The command line.


def test_the_command_answers(ask: Any) -> None:
    call = ("compare", "redshift", "--active-hours", "8", "--storage", "2TB", "--region", "us-east-1", "--on", TODAY)
    answer = ask(*call, "-f", "json", "-q")
    assert answer.code == 0
    tree = answer.tree
    assert tree["workload"]["active_hours"] == "8"
    assert tree["options"][0]["name"] == tree["cheapest"]
    assert {"kind", "purchase", "monthly_cost", "low", "high", "instances", "assumptions", "charges"} <= set(
        tree["options"][0]
    )
    assert {point["unit"] for point in tree["break_even"]} == {"active hours a day"}
    for form in ("table", "csv", "markdown"):
        shown = ask(*call, "-f", form, "-q")
        assert shown.code == 0
        assert tree["cheapest"] in shown.out


def test_the_table_shows_the_cheapest_and_all_on_demand(ask: Any) -> None:
    call = ("compare", "redshift", "--active-hours", "8", "--region", "us-east-1", "--on", TODAY, "-q")
    short, long = ask(*call).out, ask(*call, "--all").out
    assert "more cost more" in short
    assert len(long.splitlines()) > len(short.splitlines()) + 100


SPEC = """\
version: 1
region: eu-west-1
discounts: [{percent: 10}]
resources:
  warehouse: {type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, managed_storage: 1 TB, hours: 300}
  other: {type: redshift_serverless, base_rpu: 16, rpu_hours: 1600}
  queue: {type: sqs_queue}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "costkit.yaml"
    file.write_text(SPEC)
    return file


def test_a_cluster_of_a_spec_is_held_against_its_alternatives(ask: Any, spec: Path) -> None:
    tree = ask("compare", "redshift", str(spec), "warehouse", "--on", TODAY, "-q", "-f", "json").tree
    present = next(one for one in tree["options"] if one["name"] == tree["present"])
    # 2 x 1.202 x 300 = 721.20; 1024 x 0.024 = 24.576; 10 % off: 671.1984
    assert present["monthly_cost"] == "671.1984"
    assert present["name"] == "ra3.xlplus x 2, on demand, paused when idle"
    busier = ask(
        "compare", "redshift", str(spec), "warehouse", "--active-hours", "12", "--on", TODAY, "-f", "json", "-q"
    )
    assert busier.tree["present"] == "warehouse, as it is"
    # None has less than the 8 vCPUs and 64 GiB of today, unless it is asked for.
    assert all(int(one["vcpu"]) >= 8 and int(one["memory_gib"]) >= 64 for one in tree["options"] if "vcpu" in one)
    small = ask("compare", "redshift", str(spec), "warehouse", "--nodes", "1", "--on", TODAY, "-q", "-f", "json").tree
    assert any(one.get("vcpu") == "4" for one in small["options"])


def test_a_workgroup_of_a_spec_keeps_its_capacity(ask: Any, spec: Path) -> None:
    tree = ask("compare", "redshift", str(spec), "other", "--on", TODAY, "-q", "-f", "json").tree
    serverless = [one for one in tree["options"] if one["kind"] == "redshift_serverless"]
    assert {one.get("base_rpu", "16") for one in serverless} == {"16"}
    # 1,600 x 0.387 = 619.20; 10 % off
    same = next(one for one in serverless if one["name"] == "serverless 16 RPU, on demand")
    assert same["monthly_cost"] == "557.28"


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ((), ["CK109", "CK106"]),
        (("--active-hours", "25", "--days", "40", "--region", "us-est-1"), ["CK110", "CK110", "CK108"]),
        (("--active-hours", "8", "--rpu-hours", "9", "--region", "us-east-1"), ["CK113"]),
        (("--active-hours", "8", "--node-type", "ra4.huge", "--region", "us-east-1"), ["CK115"]),
        (("--active-hours", "8", "--base-rpu", "9", "--region", "us-east-1"), ["CK105"]),
        (("--active-hours", "8", "--rpus-per-node", "8", "--region", "us-east-1"), ["CK106"]),
        (("--active-hours", "lots", "--storage", "2 tb", "--region", "us-east-1"), ["CK104", "CK104"]),
        (("--active-hours", "8", "--compression", "4", "--region", "us-east-1"), ["CK113"]),
        (
            ("--active-hours", "8", "--nodes", "1..2..3", "--base-rpu", "8..8..16", "--region", "us-east-1"),
            ["CK104"] * 2,
        ),
        (("--active-hours", "8", "--region", "ap-east-2"), ["CK201"]),
        (("--active-hours", "8", "--storage", "900 PB", "--node-type", "dc2.large", "--region", "us-east-1"), None),
    ],
)
def test_everything_wrong_is_told_at_once(ask: Any, arguments: tuple[str, ...], codes: list[str] | None) -> None:
    answer = ask("compare", "redshift", *arguments, "--on", TODAY, "-q")
    if codes is None:
        assert answer.code == 0
        assert "dc2" not in answer.out
    else:
        assert answer.code == 2
        assert sorted(told.code for told in answer.told) == sorted(codes)


def test_a_resource_that_is_no_warehouse_is_refused(ask: Any, spec: Path) -> None:
    for name in ("queue", "nowhere"):
        answer = ask("compare", "redshift", str(spec), name, "--on", TODAY)
        assert answer.code == 2
        assert [told.code for told in answer.told] == ["CK117"]
    assert ask("compare", "redshift", str(spec), "--on", TODAY).told[0].code == "CK117"


def test_two_zones_and_snapshots_are_compared_on_both_sides_or_on_none(ask: Any, tmp_path: Path) -> None:
    file = tmp_path / "zones.yaml"
    more = "multi_az: true, snapshots: {manual: 5 TB}"
    file.write_text(
        "version: 1\nregion: us-east-1\nresources:\n"
        f"  w: {{type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, managed_storage: 1000 GB, {more}}}\n"
    )
    tree = ask("compare", "redshift", str(file), "--on", TODAY, "-q", "-f", "json").tree
    assert tree["present"] == "ra3.xlplus x 2, on demand"
    # 2 zones x 2 x 1.086 x 730 = 3171.12; 24 of storage; nothing of snapshots
    present = next(one for one in tree["options"] if one["name"] == tree["present"])
    assert present["monthly_cost"] == "3195.12"
    assert not any(one["name"].startswith("dc2") for one in tree["options"])
    assert sum("zone" in text or "Snapshots" in text for text in tree["assumptions"]) == 2


def test_data_in_dc2_nodes_has_to_be_told(ask: Any, tmp_path: Path) -> None:
    file = tmp_path / "dc2.yaml"
    old = "version: 1\nregion: us-east-1\nresources: {old: {type: redshift_cluster, node_type: dc2.large, nodes: 4}}\n"
    file.write_text(old)
    call = ("compare", "redshift", str(file), "--on", TODAY, "-q", "-f", "json")
    assert [told.code for told in ask(*call).told] == ["CK106"]
    tree = ask(*call, "--storage", "500 GB").tree
    # 4 x 0.25 x 730
    assert next(one for one in tree["options"] if one["name"] == tree["present"])["monthly_cost"] == "730"
    # 4 x ra3.large have the vCPUs, and more memory: 4 x 0.543 x 730 = 1585.56; 500 x 0.024 = 12.
    ra3 = next(one for one in tree["options"] if one["name"] == "ra3.large x 4, on demand")
    assert ra3["monthly_cost"] == "1597.56"


def test_stale_prices_are_4_only_when_asked(ask: Any) -> None:
    call = ("compare", "redshift", "--active-hours", "8", "--region", "us-east-1", "--node-type", "ra3.xlplus", "-q")
    assert ask(*call, "--on", TODAY).code == 0
    assert ask(*call, "--on", TODAY, "--strict").code == 4
    assert ask(*call, "--on", "2025-04-01", "--strict").code == 0
