"""What a spec costs in other regions: sums by hand from the price tables, and what must hold of every answer."""

import csv
import io
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

from costkit.compare.regions import chosen_regions, compare_regions, moved
from costkit.library import read_spec
from costkit.model.comparison import Comparison
from costkit.model.problem import CostkitError
from costkit.model.spec import Spec
from costkit.pricebook.book import PriceBook
from costkit.reports.compare.regions_words import change, sentence

WAREHOUSE: dict[str, Any] = {
    "type": "redshift_cluster",
    "node_type": "ra3.xlplus",
    "nodes": "2",
    "managed_storage": "1000 GB",
}
# 2 nodes x 730 h x the price of a node-hour + 1,000 GB x that of a GB-month, all in pricing/redshift_cluster.yaml.
BY_HAND = {
    "us-east-1": "1609.56",  # 1460 x 1.086 = 1585.56; 1000 x 0.024 = 24
    "eu-central-1": "1920.68",  # 1460 x 1.298 = 1895.08; 1000 x 0.0256 = 25.60
    "eu-north-1": "1686.94",  # 1460 x 1.139 = 1662.94; 24
    "eu-south-1": "1864.60",  # 1460 x 1.26 = 1839.60; 1000 x 0.025 = 25
    "eu-south-2": "1778.92",  # 1460 x 1.202 = 1754.92; 24
    "eu-west-1": "1778.92",  # as Spain
    "eu-west-3": "1871.90",  # 1460 x 1.265 = 1846.90; 25
}
SPEC = """\
version: 1
name: data
region: us-east-1
resources:
  warehouse: {type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, managed_storage: 1000 GB}
"""


def spec_of(book: PriceBook, resources: dict[str, Any], region: str = "us-east-1", **frame: Any) -> Spec:
    return read_spec({"region": region, "resources": resources, **frame}, on=TODAY, book=book)


def compared(book: PriceBook, spec: Spec, *patterns: str) -> Comparison:
    return compare_regions(spec, book, TODAY, chosen_regions(book, patterns), ", ".join(patterns) or "all")


@pytest.fixture
def warehouse(book: PriceBook) -> Spec:
    return spec_of(book, {"warehouse": WAREHOUSE})


def test_each_region_costs_what_its_own_prices_add_up_to(book: PriceBook, warehouse: Spec) -> None:
    found = compared(book, warehouse, *BY_HAND)
    assert {option.name: option.estimate.cost for option in found.options} == {
        region: Decimal(cost) for region, cost in BY_HAND.items()
    }
    assert {option.kind for option in found.options} == {"region"}
    assert found.present == "us-east-1"


def test_a_residency_rule_costs_the_difference_to_today(book: PriceBook, warehouse: Spec) -> None:
    found = compared(book, warehouse, "group:eu")
    assert found.best is not None
    assert found.best.name == "eu-north-1"
    difference = change(found, found.best)
    assert difference is not None
    # 1686.94 - 1609.56 = 77.38; 77.38 / 1609.56 = 4.807...%
    assert difference.amount == Decimal("77.38")
    assert sentence(found) == (
        "group:eu: the cheapest is eu-north-1 at 1,686.94 USD a month, +4.8 % on us-east-1 today (1,609.56)"
    )


def test_today_differs_from_itself_by_nothing(book: PriceBook, warehouse: Spec) -> None:
    found = compared(book, warehouse)
    present = next(option for option in found.options if option.name == found.present)
    difference = change(found, present)
    assert difference is not None
    assert (difference.amount, difference.percent) == (Decimal(0), Decimal(0))


def test_what_is_in_several_regions_is_compared_as_it_is(book: PriceBook) -> None:
    resources = {"one": WAREHOUSE, "two": {**WAREHOUSE, "region": "eu-central-1"}}
    found = compared(book, spec_of(book, resources), "us-east-1")
    assert found.present == ""
    assert found.today is not None
    assert found.today.name == "us-east-1, eu-central-1"
    # 1609.56 + 1920.68 where they are; 2 x 1609.56 in one region, all of its tiers and allowances shared.
    assert found.today.estimate.cost == Decimal("3530.24")
    assert found.options[0].estimate.cost == Decimal("3219.12")
    difference = change(found, found.options[0])
    assert difference is not None
    assert difference.amount == Decimal("-311.12")


def test_a_region_that_lacks_a_price_is_never_ranked(book: PriceBook) -> None:
    resources = {"warehouse": WAREHOUSE, "gateway": {"type": "api_gateway", "requests": "30M"}}
    found = compared(book, spec_of(book, resources))
    complete = [option.estimate.complete for option in found.options]
    assert complete == sorted(complete, reverse=True)
    assert not all(complete)
    for option in found.options:
        if not option.estimate.complete:
            assert change(found, option) is None
            assert option.name not in found.close
    assert [problem.code for problem in found.problems if problem.hides_cost] == ["CK512"]


def test_the_cheapest_is_beaten_by_no_other(book: PriceBook, warehouse: Spec) -> None:
    found = compared(book, warehouse)
    assert found.best is not None
    whole = [option.estimate.cost for option in found.options if option.estimate.complete]
    assert found.best.estimate.cost == min(whole)
    assert whole == sorted(whole)


def test_nothing_is_claimed_against_a_present_that_is_not_known(book: PriceBook) -> None:
    spec = spec_of(book, {"warehouse": {**WAREHOUSE, "node_type": "rg.xlarge"}}, region="ap-east-2")
    found = compared(book, spec, "us-east-1")
    assert found.best is not None
    assert change(found, found.best) is None
    assert "not known whole" in sentence(found)
    assert "CK201" in {problem.code for problem in found.problems}


def test_types_that_are_charged_in_no_region_stay(book: PriceBook) -> None:
    edge = {"type": "lambda_edge_function", "requests": "10M", "duration": "5 ms"}
    spec = spec_of(book, {"warehouse": WAREHOUSE, "edge": edge})
    there = moved(spec, "eu-west-1")
    assert [resource.region for resource in there.resources] == ["eu-west-1", "global"]
    found = compared(book, spec, "eu-west-1", "us-east-1")
    # 1778.92 - 1609.56: what is charged nowhere costs the same everywhere.
    assert found.options[1].estimate.cost - found.options[0].estimate.cost == Decimal("169.36")
    assert found.present == "us-east-1"


def test_data_that_goes_to_a_region_cannot_come_from_it(book: PriceBook) -> None:
    transfer = {"type": "data_transfer", "inter_region": {"to": "eu-west-1", "size": "100 GB"}}
    found = compared(book, spec_of(book, {"copy": transfer}), "us-east-1", "eu-west-1")
    there = next(option for option in found.options if option.name == "eu-west-1")
    assert not there.estimate.complete
    assert "CK511" in {problem.code for problem in there.estimate.problems}


def test_regions_that_differ_at_every_usage_are_not_too_close(book: PriceBook) -> None:
    ranged = {**WAREHOUSE, "hours": {"low": "100", "expected": "400", "high": "730"}}
    found = compared(book, spec_of(book, {"warehouse": ranged}), "us-east-1", "eu-west-1", "us-west-2")
    assert found.best is not None
    dear = next(option for option in found.options if option.name == "eu-west-1")
    assert dear.estimate.low < found.best.estimate.high
    assert dear.name not in found.close
    # Oregon has the prices of N. Virginia.
    assert set(found.close) | {found.best.name} == {"us-east-1", "us-west-2"}


def test_ranges_go_through(book: PriceBook) -> None:
    ranged = {**WAREHOUSE, "hours": {"low": "100", "expected": "400", "high": "700"}}
    found = compared(book, spec_of(book, {"warehouse": ranged}), "eu-west-1")
    [option] = found.options
    # 2 x 1.202 x 100, 400, 700 h + 24
    assert option.estimate.low == Decimal("264.4")
    assert option.estimate.cost == Decimal("985.6")
    assert option.estimate.high == Decimal("1706.8")


def test_patterns_and_groups_stand_for_regions(book: PriceBook) -> None:
    assert chosen_regions(book, ("eu-west-1", "eu-west-1")) == ("eu-west-1",)
    assert set(chosen_regions(book, ("eu-west-*",))) == {"eu-west-1", "eu-west-2", "eu-west-3"}
    assert "eu-west-2" not in chosen_regions(book, ("group:eu",))
    assert "global" not in chosen_regions(book, ())
    with pytest.raises(CostkitError) as caught:
        chosen_regions(book, ("eu-wst-1", "group:x", "global"))
    assert [problem.code for problem in caught.value.problems] == ["CK108"] * 3


def test_all_regions_of_a_large_spec_take_a_moment(book: PriceBook) -> None:
    resources: dict[str, Any] = {f"warehouse{number}": WAREHOUSE for number in range(40)}
    resources |= {f"api{n}": {"type": "lambda_function", "requests": "9M", "duration": "50 ms"} for n in range(60)}
    spec = spec_of(book, resources)
    started = time.perf_counter()
    found = compared(book, spec)
    assert time.perf_counter() - started < 5
    assert len(found.options) > 30
    alone = compared(book, moved(spec, "eu-central-1"), "eu-central-1")
    assert alone.options[0].estimate.cost == next(o for o in found.options if o.name == "eu-central-1").estimate.cost


# The command line.


@pytest.fixture
def told(tmp_path: Path) -> Path:
    file = tmp_path / "costkit.yaml"
    file.write_text(SPEC)
    return file


def test_the_command_answers_with_a_sentence_and_the_resources(ask: Any, told: Path) -> None:
    answer = ask("compare", "regions", "--regions", "eu-west-1,eu-central-1", "--on", TODAY, "-q")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("eu-west-1, eu-central-1: the cheapest is eu-west-1 at 1,778.92 USD a month, +10.5 % on")
    assert lines[2].split() == ["us-east-1", "(today)", "eu-west-1", "eu-central-1"]
    assert lines[3].split() == ["warehouse", "1,609.56", "1,778.92", "1,920.68"]
    # 169.36 / 1609.56 = 10.52 %; 311.12 / 1609.56 = 19.33 %
    assert lines[5].split() == ["Difference", "0.00", "+169.36", "+311.12"]
    assert lines[6].split() == ["Percent", "0.0", "%", "+10.5", "%", "+19.3", "%"]


def test_many_regions_are_lines(ask: Any, told: Path) -> None:
    answer = ask("compare", "regions", "--on", TODAY, "-q")
    assert any(line.startswith("us-east-1 (today)  N. Virginia") for line in answer.out.splitlines())
    assert "Nothing has a proven price in" in answer.out
    narrow = ask("compare", "regions", "--regions", "group:us,group:eu", "--on", TODAY, "-q", COLUMNS="90")
    assert max(map(len, narrow.out.splitlines())) <= 90


def test_csv_adds_up_to_the_totals_of_json(ask: Any, told: Path) -> None:
    call = ("compare", "regions", "--regions", "group:eu", "--on", TODAY, "-q")
    rows = list(csv.DictReader(io.StringIO(ask(*call, "-f", "csv").out)))
    tree = ask(*call, "-f", "json").tree
    for option in [tree["today"], *tree["options"]]:
        own = [Decimal(row["monthly_cost"] or 0) for row in rows if row["region"] == option["name"]]
        assert sum(own) == Decimal(option["monthly_cost"])
    assert {row["present"] for row in rows if row["region"] == "us-east-1"} == {"yes"}
    missing = [row for row in rows if row["region"] == "eusc-de-east-1"]
    assert {(row["status"], row["monthly_cost"]) for row in missing} == {("unpriced", "")}


def test_json_has_the_shape_of_every_comparison(ask: Any, told: Path) -> None:
    tree = ask("compare", "regions", "--regions", "us-east-1,eu-west-1", "--on", TODAY, "-q", "-f", "json").tree
    assert tree["schema_version"] == 1
    assert tree["complete"] is True
    assert tree["present"] == "us-east-1"
    first = tree["options"][1]
    assert (first["name"], first["kind"], first["monthly_cost"]) == ("eu-west-1", "region", "1778.92")
    assert first["difference"] == "169.36"
    assert {"purchase", "low", "high", "instances", "assumptions", "charges"} <= set(first)
    assert {"break_even", "verdict", "problems", "prices", "tool_version"} <= set(tree)


def test_markdown_is_a_table_of_the_same(ask: Any, told: Path) -> None:
    out = ask("compare", "regions", "--regions", "eu-west-1", "--on", TODAY, "-q", "-f", "markdown").out
    assert out.startswith("**eu-west-1: the cheapest is eu-west-1")
    assert "|          1,609.56 |  1,778.92 |" in out or "1,609.56" in out


def test_strict_is_4_only_where_something_is_missing(ask: Any, told: Path) -> None:
    call = ("compare", "regions", "--on", "2025-04-01", "-q", "--strict")
    assert ask(*call, "--regions", "eu-west-1,us-east-1").code == 0
    assert ask(*call, "--regions", "eu-west-1,ap-east-2").code == 4


def test_everything_wrong_is_told_at_once(ask: Any) -> None:
    answer = ask("compare", "regions", "nowhere.yaml", "--regions", "eu-wst-1,group:x")
    assert answer.code == 2
    assert [told.code for told in answer.told] == ["CK108", "CK108", "CK101"]


def test_several_files_and_a_what_if(ask: Any, told: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("version: 1\nregion: eu-west-1\nresources: {second: {type: public_ipv4}}\n")
    call = ("compare", "regions", str(told), str(more), "--on", TODAY, "-q", "-f", "json", "--regions", "us-east-1")
    tree = ask(*call, "--set", "warehouse.nodes=4").tree
    assert {charge["resource"] for charge in tree["options"][0]["charges"]} == {"warehouse", "second"}
    # 4 x 730 x 1.086 = 3171.12; 24; an address 730 x 0.005 = 3.65
    assert tree["options"][0]["monthly_cost"] == "3198.77"
    assert tree["present"] == "us-east-1, eu-west-1"
