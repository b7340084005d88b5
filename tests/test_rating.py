"""Readings in, charges out: pools, tiers, allowances, discounts and what is said about gaps, asked directly."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

from costkit.estimating import estimate
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.model.charge import ALLOWANCE, NEEDS_USAGE, PRICED, UNPRICED, Charge, Estimate
from costkit.model.exact import EXACT
from costkit.model.figure import UNKNOWN, Figure, figure
from costkit.model.price import Allowance, Price, Tier
from costkit.model.problem import CostkitError
from costkit.model.reading import Reading
from costkit.model.resource import Resource
from costkit.model.spec import Discount
from costkit.pricebook.book import PriceBook
from costkit.rating.allowances import allowance_charges
from costkit.rating.discounts import discount_charges
from costkit.rating.gaps import doubt_problems, gap_problems, stale_problems
from costkit.rating.metering import Metered
from costkit.rating.pools import charges_of_pool, per_unit

D = Decimal
FLAT = (("0", "0.10"),)
GRADUATED = (("0", "3"), ("10", "2"), ("30", "1"))
UNPROVEN = (("0", "3"), ("10", None))


@pytest.fixture(autouse=True)
def exactly() -> Iterator[None]:
    """All doors compute in this context; so do these tests."""
    with localcontext(EXACT):
        yield


def price(tiers: tuple[tuple[str, str | None], ...] = FLAT, **changed: Any) -> Price:
    steps = tuple(Tier(D(start), None if cost is None else D(cost)) for start, cost in tiers)
    dates = ("2026-01-01", "2026-11-01")
    made = Price("out", "Data out", "GB", "us-east-1", *dates, steps, "pricing/x.yaml:1 AWS")
    return made._replace(**changed)


def member(
    amount: str | Figure | None,
    cost: Price | None = None,
    *,
    name: str = "web",
    copies: int = 1,
    region: str = "us-east-1",
    reading: dict[str, Any] | None = None,
) -> Metered:
    """A reading of data out, by a resource of the same table."""
    number = figure(D(amount), "GB") if isinstance(amount, str) else amount or UNKNOWN
    read = Reading("out", number, "GB")._replace(**(reading or {}))
    resource = Resource(name, "data_transfer", region, None, D(copies), where=f"shop.yaml: {name}")
    table = read.table or "data_transfer"
    quantity = None if number.number is None else number.number * copies
    title = read.title or (cost.title if cost else "Data out")
    return Metered(0, 0, resource, read, table, quantity, cost, title)


def charges(*members: Metered) -> list[Charge]:
    return [charge for _, charge in charges_of_pool(members)]


def amounts(found: list[Charge]) -> list[Decimal | None]:
    return [charge.cost for charge in found]


# Pools and tiers


def test_a_flat_price_is_multiplied_by_the_quantity_of_all_copies() -> None:
    (charge,) = charges(member("2.5", price(), copies=3))
    assert (charge.quantity, charge.unit_price, charge.cost) == (D("7.5"), D("0.10"), D("0.75"))
    assert charge.steps == ("quantity: 2.5 GB x 3 copies = 7.5 GB", "cost: 7.5 x 0.1 = 0.75 USD")
    assert (charge.status, charge.low, charge.high, charge.source) == (
        PRICED,
        charge.cost,
        charge.cost,
        "pricing/x.yaml:1 AWS",
    )


def test_a_fraction_is_multiplied_by_its_price_before_it_is_divided() -> None:
    hours = figure(D(4080), "s") / figure(D(3600), "s per h")
    (charge,) = charges(member(hours, price((("0", "0.375"),)), copies=2))
    assert charge.cost == D("0.85")
    assert charge.steps[-1] == "cost: 8160 x 0.375 / 3600 = 0.85 USD"


def test_a_pool_within_its_first_tier_is_priced_flat() -> None:
    pooled = price(GRADUATED)
    found = charges(member("4", pooled), member("6", pooled, name="api"))
    assert amounts(found) == [12, 18]
    assert [charge.unit_price for charge in found] == [3, 3]


def test_one_resource_alone_goes_through_the_tiers() -> None:
    (charge,) = charges(member("31", price(GRADUATED)))
    assert (charge.cost, charge.unit_price) == (71, None)
    assert charge.steps[-1] == "cost: 10 x 3 + 20 x 2 + 1 x 1 = 71 USD"


def test_a_pool_goes_through_the_tiers_together_and_shares_the_cost_by_quantity() -> None:
    pooled = price(GRADUATED)
    found = charges(
        member("10", pooled), member("20", pooled, name="api"), member("10", pooled), member("0", pooled, name="idle")
    )
    assert amounts(found) == [20, 40, 20, 0]
    assert found[0].steps == (
        "quantity: 10 GB = 10 GB",
        "pool: 10 x 3 + 20 x 2 + 10 x 1 = 80 USD for 40 GB",
        "cost: 80 x 10 / 40 = 20 USD",
    )
    assert found[2].steps[-1] == "cost: 80 - 60 = 20 USD, the rest of the pool"
    assert found[3].steps[-1] == "cost: 80 x 0 / 40 = 0 USD"


def test_tiers_of_a_resource_count_each_copy_by_itself() -> None:
    alone = price(GRADUATED, pooled=False)
    once, thrice = charges(member("20", alone), member("20", alone, copies=3))
    assert (once.cost, thrice.cost) == (50, 150)
    assert once.steps[-1] == "cost: 10 x 3 + 10 x 2 = 50 USD"
    assert thrice.steps[-1] == "cost: (10 x 3 + 10 x 2) x 3 copies = 150 USD"


def test_nothing_costs_nothing_in_any_tiers() -> None:
    assert amounts(charges(member("0", price(GRADUATED)))) == [0]
    (charge,) = charges(member("0", price(GRADUATED, pooled=False)))
    assert (charge.cost, charge.steps[-1]) == (0, "cost: 0 x 3 = 0 USD")


def test_what_lies_beyond_the_last_proven_tier_is_a_charge_without_a_cost() -> None:
    first, beyond = charges(member("12", price(UNPROVEN)))
    assert (first.quantity, first.cost) == (10, 30)
    assert (beyond.quantity, beyond.cost, beyond.status) == (2, None, UNPRICED)
    assert beyond.title == "Data out, beyond 10 GB (no proven price)"
    assert beyond.steps == ("quantity: 2 = 2 GB",)


def test_two_resources_share_what_lies_beyond_the_last_proven_tier() -> None:
    pooled = price(UNPROVEN)
    found = charges(member("12", pooled), member("4", pooled, name="api"))
    assert [(charge.quantity, charge.cost) for charge in found] == [
        (D("7.5"), D("22.5")),
        (D("4.5"), None),
        (D("2.5"), D("7.5")),
        (D("1.5"), None),
    ]


def test_copies_lie_beyond_the_last_proven_tier_each_by_itself() -> None:
    first, beyond = charges(member("12", price(UNPROVEN, pooled=False), copies=2))
    assert (first.quantity, first.cost, beyond.quantity) == (20, 60, 4)


def test_no_price_is_never_a_price_of_nothing() -> None:
    (charge,) = charges(member("12"))
    assert (charge.cost, charge.status, charge.title) == (None, UNPRICED, "Data out")
    assert charge.steps == ("quantity: 12 GB = 12 GB",)


def test_a_meter_whose_only_tier_is_unproven_is_never_free(tmp_path: Path) -> None:
    (charge,) = result_with(tmp_path, "{0: null}").resources[0].charges
    assert (charge.cost, charge.status) == (None, UNPRICED)


def test_usage_that_nobody_stated_is_said_with_its_unit_price() -> None:
    flat, graduated, unpriced, titled = (
        charges(member(None, price()))
        + charges(member(None, price(GRADUATED)))
        + charges(member(None))
        + charges(member(None, reading={"title": "Scaling"}))
    )
    assert (flat.status, flat.unit_price, flat.steps) == (
        NEEDS_USAGE,
        D("0.10"),
        ("depends on usage: 0.10 per GB",),
    )
    assert (graduated.status, graduated.unit_price) == (NEEDS_USAGE, None)
    assert (unpriced.status, unpriced.title) == (UNPRICED, "Data out")
    assert titled.title == "Scaling"
    assert unpriced.steps == ("depends on usage, and no price is proven",)
    assert amounts([flat, graduated, unpriced]) == [None, None, None]


def test_usage_unstated_by_one_resource_does_not_keep_the_others_from_their_tiers() -> None:
    pooled = price(GRADUATED)
    assert amounts(charges(member("31", pooled), member(None, pooled, name="api"))) == [None, 71]


def test_a_charge_is_called_by_its_meter_its_type_and_a_foreign_table() -> None:
    names = [
        charges(member("1", price(), reading=reading))[0].meter
        for reading in ({}, {"kind": "m7g.large"}, {"table": "ebs_volume"}, {"table": "ebs_volume", "kind": "gp3"})
    ]
    assert names == ["out", "out.m7g.large", "ebs_volume.out", "ebs_volume.out.gp3"]


def test_a_reading_may_have_words_of_its_own() -> None:
    (charge,) = charges(member("1", price(), reading={"title": "Concurrency scaling"}))
    assert charge.title == "Concurrency scaling"


def test_what_is_paid_once_is_told_and_not_added() -> None:
    (charge,) = charges(member("0.5", price(), copies=2, reading={"once": figure(D(6)), "fee": True}))
    assert (charge.cost, charge.upfront, charge.fee) == (D("0.1"), D("1.2"), True)
    (graduated,) = charges(member("31", price(GRADUATED), reading={"once": figure(D(6))}))
    assert graduated.upfront == 0


def test_a_doubtful_price_says_why() -> None:
    doubts = [
        charges(member("1", cost, reading=reading))[0].doubt
        for cost, reading in (
            (price(), {}),
            (price(confidence="B", note="rounded"), {}),
            (price(confidence="C"), {}),
            (price(confidence="C", note="community table"), {}),
            (price(), {"once": UNKNOWN}),
        )
    ]
    unproven = "only its effective hourly rate is proven, not how much of it is paid upfront"
    assert doubts == ["", "", "undated source", "community table", unproven]


@pytest.mark.parametrize(
    ("cost", "unit", "text"),
    [
        ("0.0000002", "request", "0.20 per 1M requests"),
        ("0.000001", "message", "1.00 per 1M messages"),
        ("0.000025", "transition", "25.00 per 1M transitions"),
        ("0.0000166667", "GB-second", "0.0000166667 per GB-second"),
        ("5", "TB", "5.00 per TB"),
        ("0.1", "GB", "0.10 per GB"),
        ("0.045", "GB", "0.045 per GB"),
    ],
)
def test_a_unit_price_is_said_as_people_say_it(cost: str, unit: str, text: str) -> None:
    assert per_unit(D(cost), unit) == text


# Allowances

FREE = Allowance("free_out", "Free data", "GB", ("out",), D(100), "2024-01-01", "2026-01-01", "AWS", "pricing/x.yaml:9")


def shared(*members: Metered) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return [(m.resource.name, charge.quantity, charge.cost) for m, charge in allowance_charges(FREE, members)]


def test_an_allowance_is_shared_over_regions_in_proportion_to_quantity() -> None:
    cheap, dear = price(), price((("0", "0.20"),), region="sa-east-1")
    found = shared(
        member("300", cheap, name="a"),
        member("100", cheap, name="b"),
        member("400", dear, name="c", region="sa-east-1"),
    )
    assert found == [("a", D("37.5"), D("-3.75")), ("b", D("12.5"), D("-1.25")), ("c", 50, -10)]


def test_an_allowance_covers_no_more_than_is_used() -> None:
    assert shared(member("30", price())) == [("web", 30, -3)]


def test_an_allowance_is_worth_what_it_spares_in_the_last_tiers() -> None:
    graduated = price((("0", "3"), ("50", "2"), ("150", "1")))
    # 250 GB: 50 x 3 + 100 x 2 + 100 x 1 = 450; 150 GB: 350; the 100 free GB are worth 100, two fifths for a
    found = shared(member("100", graduated, name="a"), member("150", graduated, name="b"))
    assert found == [("a", 40, -40), ("b", 60, -60)]


def test_an_allowance_that_leaves_the_first_tier_goes_by_the_tiers() -> None:
    graduated = price((("0", "3"), ("50", "2")))
    # 130 GB: 150 + 160 = 310; 30 GB: 90
    assert shared(member("130", graduated)) == [("web", 100, -220)]


def test_usage_without_a_price_takes_its_share_of_the_allowance() -> None:
    found = shared(member("300", price(), name="a"), member("100", None, name="b", region="eu-south-2"))
    assert found == [("a", 75, D("-7.5"))]


def test_nothing_used_needs_no_allowance() -> None:
    assert shared(member("0", price()), member(None, price())) == []
    assert shared() == []


def test_an_allowance_is_a_charge_that_explains_itself() -> None:
    ((_, own),) = allowance_charges(FREE, [member("400", price(), copies=1)])
    assert (own.meter, own.status, own.title) == ("free_out", ALLOWANCE, "Free data")
    assert own.steps == ("free: 100 x 400 / 400 = 100 GB", "cost: 0 - 100 x 0.1 = -10 USD")
    foreign = member("400", price(), reading={"table": "cloudfront"})
    ((_, charge),) = allowance_charges(FREE, [foreign])
    assert charge.meter == "cloudfront.free_out"


# Discounts


def cost_of(amount: str | None, **changed: Any) -> Charge:
    number = None if amount is None else D(amount)
    status = UNPRICED if amount is None else PRICED
    return Charge("m", "M", D(1), "GB", D(1), number, status)._replace(**changed)


def test_discounts_apply_one_after_the_other_and_not_to_fees() -> None:
    usage = [cost_of("100"), cost_of("-20", status=ALLOWANCE), cost_of("50", fee=True), cost_of(None)]
    first, second = discount_charges(
        "ec2_instance", usage, [Discount(D(10), ("ec2_*",), "EDP 2026"), Discount(D(50), ("rds", "*"))]
    )
    assert (first.meter, first.title, first.cost) == ("discount.1", "Discount of 10 %, EDP 2026", -8)
    assert (second.meter, second.title, second.cost) == ("discount.2", "Discount of 50 %", -36)
    assert second.steps == ("cost: 0 - 72 x 50 / 100 = -36 USD",)
    assert (second.low, second.high) == (-36, -36)


def test_a_discount_on_other_types_or_on_nothing_is_no_charge() -> None:
    assert discount_charges("ec2_instance", [cost_of("100")], [Discount(D(10), ("lambda_*", "redshift_*"))]) == []
    assert discount_charges("ec2_instance", [cost_of("0"), cost_of("9", fee=True)], [Discount(D(10))]) == []
    assert len(discount_charges("ec2_instance", [cost_of("1")], [Discount(D(100)), Discount(D(10))])) == 1


# What is said about gaps


def gap(one: Metered) -> tuple[Metered, Charge]:
    return one, charges(one)[-1]


def test_no_price_in_a_region_is_said_once_for_all_that_lack_it(book: PriceBook) -> None:
    lacking = [member("1", name=name, reading={"meter": "no_such"}) for name in ("a", "b", "a", "c", "d", "e")]
    (problem,) = gap_problems([gap(one) for one in lacking], book, TODAY)
    assert (problem.code, problem.where, problem.hides_cost) == ("CK201", "shop.yaml: a", True)
    assert problem.message == "a, b, c and 2 more: no proven price of data_transfer no_such in us-east-1"
    assert problem.severity == "warning"


def test_a_price_known_later_is_hinted_at(book: PriceBook) -> None:
    reading = {"meter": "node", "kind": "ra3.xlplus", "table": "redshift_cluster"}
    (problem,) = gap_problems([gap(member("1", reading=reading))], book, "2015-01-01")
    earliest = book.earliest("redshift_cluster", "node", "ra3.xlplus", "us-east-1")
    assert problem.code == "CK202"
    assert problem.message == (
        f"web: no price of redshift_cluster node of ra3.xlplus in us-east-1 is known before {earliest}"
    )


def test_a_meter_priced_by_another_is_dated_by_that_one(book: PriceBook) -> None:
    reading = {"meter": "scaling", "priced_by": "node", "kind": "ra3.xlplus", "table": "redshift_cluster"}
    (problem,) = gap_problems([gap(member("1", reading=reading))], book, "2015-01-01")
    assert problem.code == "CK202"


def test_what_lies_beyond_the_tiers_is_told_apart_from_what_has_no_price(book: PriceBook) -> None:
    graduated = price((("0", "3"), ("1000000", None)))
    problems = gap_problems([gap(member("2000000", graduated)), gap(member("1", name="api"))], book, TODAY)
    assert [problem.code for problem in problems] == ["CK204", "CK201"]
    assert problems[0].message == ("web: no proven price of data_transfer out in us-east-1 beyond 1000000 GB a month")


def test_missing_usage_is_told_with_what_it_would_cost(book: PriceBook) -> None:
    (problem,) = gap_problems([gap(member(None, price()))], book, TODAY)
    assert (problem.code, problem.message) == ("CK207", "web: Data out: depends on usage: 0.10 per GB")


def test_no_gap_is_no_problem(book: PriceBook) -> None:
    assert gap_problems([], book, TODAY) == []


def test_a_doubt_is_said_once_for_all_that_share_it() -> None:
    sure, doubtful = cost_of("1"), cost_of("1", doubt="undated source")
    problems = doubt_problems([("a", sure), ("a", doubtful), ("b", doubtful), ("b", doubtful)])
    assert [(problem.code, problem.message) for problem in problems] == [("CK205", "a, b: M: undated source")]


def test_prices_are_stale_the_day_after_their_last_day() -> None:
    def told(*days: str) -> list[str]:
        named = [("a", cost_of("1", confirmed=day, title=f"M{index}")) for index, day in enumerate(days)]
        return [problem.message for problem in stale_problems(named, "2026-11-21", 90)]

    assert told("2026-08-23", "") == []
    assert told("2026-08-22") == [
        "a price was last confirmed more than 90 days before 2026-11-21; oldest 2026-08-22: M0"
    ]
    assert told("2026-08-22", "2025-01-01") == [
        "2 prices were last confirmed more than 90 days before 2026-11-21; oldest 2025-01-01: M1"
    ]


# The whole way


def result_with(tmp_path: Path, tiers: str, unit: str = "GB", size: str = "50000 GB") -> Estimate:
    """Data out of a made-up region's price, estimated from a spec."""
    (tmp_path / "data_transfer.yaml").write_text(
        "table: data_transfer\ncurrency: USD\nmeters:\n  out:\n"
        f"    unit: {unit}\n    title: Data out\n    rows:\n"
        "      - {region: us-east-1, effective: 2026-01-01, confirmed: 2026-11-01,"
        f" tiers: {tiers}, source: test}}\n",
        encoding="utf-8",
    )
    book = PriceBook([str(tmp_path)])
    web = {"type": "data_transfer", "region": "us-east-1", "out": size}
    tree = {"version": "1", "free_tier": False, "resources": {"web": web}}
    return estimate(read_spec(Document("spec", tree, {}, ()), book, TODAY), book, TODAY)


def test_a_reading_in_another_unit_than_its_price_is_an_error_and_no_guess(tmp_path: Path) -> None:
    with pytest.raises(CostkitError, match=r"data_transfer.yaml:\d+: CK206 out is priced by the GB, not by the TB"):
        result_with(tmp_path, "{0: 90}", unit="TB")


def test_a_team_may_have_tiers_of_its_own(tmp_path: Path) -> None:
    # 10,000 x 0.09 + 40,000 x 0.05
    assert result_with(tmp_path, "{0: 0.09, 10000: 0.05}").cost == 2900
