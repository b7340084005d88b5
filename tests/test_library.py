"""The library gives a program the same answers as the command line gives a person."""

import json
import operator
import subprocess
import sys
from decimal import Decimal, getcontext

import pytest
from conftest import ROOT, TODAY

import costkit
from costkit.estimating import estimate
from costkit.pricebook.book import PriceBook


def test_there_are_about_fifteen_public_names_and_each_exists_and_is_documented() -> None:
    assert len(costkit.__all__) <= 15
    for name in costkit.__all__:
        assert getattr(costkit, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        operator.attrgetter("nonsense")(costkit)


def test_a_file_and_a_mapping_give_the_same_estimate() -> None:
    spec = costkit.read_spec(ROOT / "examples" / "shop.yaml", on=TODAY)
    result = costkit.estimate(spec, on=TODAY)
    mapping = {
        "name": "one",
        "region": "us-east-1",
        "resources": {"worker": {"type": "fargate_task", "vcpu": Decimal("0.5"), "memory": 1, "count": 2}},
    }
    one = costkit.estimate(costkit.read_spec(mapping, on=TODAY), on=TODAY)
    # 2 x 730 h x (0.5 x 0.04048 + 1 x 0.004445) = 1460 x 0.024685
    assert one.cost == Decimal("36.0401")
    assert result.complete
    assert sum(cost.cost for cost in result.resources) == result.cost


def test_the_library_and_the_command_line_agree() -> None:
    spec = costkit.read_spec(ROOT / "examples" / "shop.yaml", on=TODAY)
    result = costkit.estimate(spec, on=TODAY)
    command = [sys.executable, "-m", "costkit", "estimate", "examples/shop.yaml", "--on", TODAY, "-f", "json", "-q"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    ours, theirs = json.loads(costkit.render(result, "json")), json.loads(done.stdout)
    for document in (ours, theirs):
        document.pop("problems")
    assert ours == theirs


def test_one_resource_takes_keywords() -> None:
    spec = costkit.one_resource("public_ipv4", region="us-east-1", on=TODAY)
    assert costkit.estimate(spec, on=TODAY).cost == Decimal("3.65")


def test_a_float_is_refused_and_everything_wrong_is_listed() -> None:
    with pytest.raises(costkit.CostkitError) as raised:
        costkit.one_resource("lambda_function", on=TODAY, memory=0.5, requests="many")
    codes = sorted(problem.code for problem in raised.value.problems)
    assert codes == ["CK104", "CK104", "CK109"]


def test_an_unknown_format_is_a_value_error() -> None:
    spec = costkit.one_resource("public_ipv4", region="us-east-1", on=TODAY)
    with pytest.raises(ValueError, match="pdf"):
        costkit.render(costkit.estimate(spec, on=TODAY), "pdf")


def test_the_callers_decimal_context_neither_matters_nor_changes() -> None:
    context = getcontext()
    before = (context.prec, dict(context.traps))
    context.prec = 5
    try:
        spec = costkit.one_resource("redshift_serverless", region="us-east-1", rpu_hours="123456789.123", on=TODAY)
        # 123,456,789.123 x 0.375
        assert costkit.estimate(spec, on=TODAY).cost == Decimal("46296295.921125")
    finally:
        context.prec = before[0]
    assert (context.prec, dict(context.traps)) == before


def test_the_book_answers_by_meter_region_and_day() -> None:
    book = costkit.PriceBook()
    price = book.price("nat_gateway", "hour", "", "us-east-1", TODAY)
    assert price is not None
    assert price.tiers[0].price == Decimal("0.045")
    assert book.price("nat_gateway", "hour", "", "eu-west-1", TODAY) is None
    assert book.price("nat_gateway", "hour", "", "us-east-1", "2010-01-01") is None


def test_usage_in_another_unit_than_its_price_is_never_multiplied_with_it() -> None:
    book = PriceBook()
    hour = ("public_ipv4", "hour", "", "us-east-1")
    price = book.price(*hour, TODAY)
    assert price is not None
    mapping = {"region": "us-east-1", "resources": {"ip": {"type": "public_ipv4"}}}
    spec = costkit.read_spec(mapping, on=TODAY)
    with pytest.raises(ValueError, match="is read in address-hour and priced in GB"):
        estimate(spec, book.with_prices({hour: price._replace(unit="GB")}), TODAY)
