"""The words everyone speaks, asked directly: kinds of field, figures, exact numbers, prices, problems."""

import operator
from collections.abc import Iterator
from decimal import Decimal, FloatOperation, localcontext
from fractions import Fraction

import pytest
from arithmetic import evaluate

from costkit.model.against_estimate import MATCHED, AgainstEstimate, ComparedLine, Parts
from costkit.model.charge import ALLOWANCE, PRICED, Charge, Estimate, ResourceCost
from costkit.model.day import days_after, days_before, month_after
from costkit.model.exact import EXACT, apportion, plain, quotient
from costkit.model.figure import MB_PER_GB, UNKNOWN, Figure, figure
from costkit.model.focus import FocusControl, FocusDataset
from costkit.model.form import (
    Schedule,
    month_share,
    refuse_both,
    refuse_hours,
    refuse_longer_than_the_month,
    refuse_outside,
    running,
)
from costkit.model.kind import (
    Amount,
    Choice,
    Count,
    Daily,
    Flag,
    Kind,
    Money,
    Month,
    Names,
    Refused,
    Share,
    Size,
    Text,
    Time,
    Whole,
    shown,
)
from costkit.model.price import Fact, Price, Tier
from costkit.model.problem import CostkitError, Problem
from costkit.model.rerate import Rerate, RerateRow
from costkit.model.resource import Resource, Setting
from costkit.model.spec import Spec

D = Decimal
MONTH = D(730)
EVERY_KIND = (
    Count("request"),
    Size("MB"),
    Time("ms"),
    Daily(),
    Amount("RPU"),
    Whole("nodes"),
    Share(),
    Money(),
    Text("m7g.large"),
    Month(),
    Names("*"),
    Choice("http", "rest"),
    Flag(),
)


@pytest.fixture(autouse=True)
def exactly() -> Iterator[None]:
    """All doors compute in this context; so do these tests."""
    with localcontext(EXACT):
        yield


# Kinds: what is read


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (7, "7"),
        (D("1e3"), "1000"),
        ("0", "0"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("+5", "5"),
        ("30M", "30000000"),
        (" 30 M ", "30000000"),
        ("250k", "250000"),
        ("2.5K", "2500"),
        ("1B", "1000000000"),
        ("1e6", "1000000"),
        ("3E-2", "0.03"),
        ("40/s", "105120000"),
        ("40 / sec", "105120000"),
        ("2k/s", "5256000000"),
        ("3/min", "131400"),
        ("1000/h", "730000"),
        ("1/hour", "730"),
        ("12/day", "365"),
        ("5/month", "5"),
    ],
)
def test_a_count_is_a_number_or_a_rate_over_the_month(raw: object, number: str) -> None:
    assert Count("request").read(raw, MONTH) == D(number)


@pytest.mark.parametrize(
    ("kind", "raw", "number"),
    [
        (Size("GB"), 3, "3"),
        (Size("GB"), "512 MB", "0.5"),
        (Size("GB"), "1 TB", "1024"),
        (Size("GB"), "2 GiB", "2"),
        (Size("MB"), "1.5GB", "1536"),
        (Size("TB"), "1 PB", "1024"),
        (Size("KB"), "256 B", "0.25"),
        (Time("ms"), "120", "120"),
        (Time("ms"), "1.5 s", "1500"),
        (Time("ms"), "250 us", "0.25"),
        (Time("s"), "2 min", "120"),
        (Time("h"), "2 days", "48"),
        (Time("h"), "90 min", "1.5"),
        (Amount("RPU"), "8", "8"),
        (Amount("RPU"), "8 RPU", "8"),
        (Amount("vCPU"), "0.25", "0.25"),
        (Whole("nodes"), "2", "2"),
        (Whole("nodes"), "2 nodes", "2"),
        (Whole("nodes"), "2.0", "2"),
        (Share(), "0.05", "0.05"),
        (Share(), "5%", "0.05"),
        (Share(), "5", "0.05"),
        (Share(), "1", "1"),
        (Share(), "100 %", "1"),
        (Share(), "0.5%", "0.005"),
        (Money(), "1.50 USD", "1.5"),
        (Money(), D("1.5"), "1.5"),
        (Month(), "2026-02", "672"),
        (Month(), "2024-02", "696"),
        (Month(), "2026-12", "744"),
    ],
)
def test_a_number_is_read_with_its_unit(kind: Kind, raw: object, number: str) -> None:
    assert kind.read(raw, MONTH) == D(number)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Daily(), "5400", (D(5400),)),
        (Daily(), ["1 h", 60, "0"], (D(3600), D(60), D(0))),
        (Text("m7g.large"), " m7g.large ", "m7g.large"),
        (Text("python3.13"), D("3.13"), "3.13"),
        (Names("*"), "lambda_*", ("lambda_*",)),
        (Names("*"), ["a", "b"], ("a", "b")),
        (Choice("http", "rest"), "rest", "rest"),
        (Choice("1"), D(1), "1"),
        (Flag(), True, True),
        (Flag(), "true", True),
        (Flag(), False, False),
        (Flag(), "false", False),
    ],
)
def test_words_and_lists_are_read(kind: Kind, raw: object, value: object) -> None:
    assert kind.read(raw, MONTH) == value


# Kinds: what is refused


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (Count("request"), "many", "not a number: many"),
        (Count("request"), "", "not a number: "),
        (Count("request"), "1.2.3", "not a number: 1.2.3"),
        (Count("request"), "--5", "not a number: --5"),
        (Count("request"), True, "not a number: true"),
        (Count("request"), None, "not a number: None"),
        (Count("request"), ["30M"], "not a number: [30M]"),
        (Count("request"), 1.5, "not an exact number: 1.5"),
        (Count("request"), "30G", "not a number of requests: 30G"),
        (Count("request"), "5e", "not a number of requests: 5e"),
        (Count("request"), "40/year", "not a number of requests: 40/year"),
        (Count("request"), "40/", "not a number of requests: 40/"),
        (Count("request"), "-5", "negative: -5"),
        (Count("request"), "010", "a number with a leading zero is ambiguous: 010"),
        (Count("request"), "00", "a number with a leading zero is ambiguous: 00"),
        (Count("request"), "1e19", "a number beyond reason: 1e19"),
        (Count("request"), "-1e19", "a number beyond reason: -1e19"),
        (Count("request"), "1e-19", "a number beyond reason: 1e-19"),
        (Count("request"), "1." + "0" * 40, "a number beyond reason: 1." + "0" * 40),
        (Count("request"), "1e99999999999999999999", "not a number: 1e99999999999999999999"),
        (Size("GB"), "5 parsecs", "not a size: 5 parsecs"),
        (Size("GB"), "5 gb", "not a size: 5 gb"),
        (Time("ms"), "3 fortnights", "not a time: 3 fortnights"),
        (Daily(), [], "not a number: []"),
        (Daily(), ["1 h", [60]], "not a number: [60]"),
        (Daily(), ["1 h", "-1"], "negative: -1"),
        (Amount("RPU"), "8 vCPU", "not a number of RPU: 8 vCPU"),
        (Whole("nodes"), "2.5", "not a whole number: 2.5"),
        (Whole("nodes"), "2 RPU", "not a number of nodes: 2 RPU"),
        (Share(), "5 percent", "not a share: 5 percent"),
        (Share(), "150%", "more than the whole: 150%"),
        (Share(), "500", "more than the whole: 500"),
        (Money(), "1.50 EUR", "not an amount in USD: 1.50 EUR"),
        (Text("m7g.large"), "  ", "not a name:   "),
        (Text("m7g.large"), False, "not a name: false"),
        (Text("m7g.large"), ["a"], "not a name: [a]"),
        (Text("m7g.large"), None, "not a name: None"),
        (Month(), "2026-13", "not a month: 2026-13"),
        (Month(), "2026-2", "not a month: 2026-2"),
        (Month(), "0026-01", "not a month: 0026-01"),
        (Names("*"), [], "not a list of names: []"),
        (Names("*"), ["a", " "], "not a list of names: [a,  ]"),
        (Names("*"), D(5), "not a list of names: 5"),
        (Choice("http", "rest"), "soap", "not a choice here: soap"),
        (Choice("True"), True, "not a choice here: true"),
        (Flag(), "yes", "neither true nor false: yes"),
        (Flag(), None, "neither true nor false: None"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(kind: Kind, raw: object, message: str) -> None:
    with pytest.raises(Refused) as refused:
        kind.read(raw, MONTH)
    assert refused.value.message == message
    assert refused.value.hint
    assert refused.value.code == "CK104"


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_a_kind_says_what_may_be_written(kind: Kind) -> None:
    assert kind.wanted()
    assert "\n" not in kind.wanted()


@pytest.mark.parametrize("raw", [D(0), D(1), 0, 1])
def test_a_number_is_neither_true_nor_false(raw: object) -> None:
    with pytest.raises(Refused, match=f"neither true nor false: {raw}"):
        Flag().read(raw, MONTH)


def test_a_number_too_large_for_any_decimal_is_refused_like_any_other() -> None:
    with pytest.raises(Refused, match="a number beyond reason: 1e9999999"):
        Count("request").read("1e9999999", MONTH)


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (Count("request"), {"type": ["number", "string"], "examples": ["30M, 250k or 40/s"]}),
        (Text("m7g.large"), {"type": "string", "examples": ["m7g.large"]}),
        (Month(), {"type": "string", "pattern": r"^[1-9]\d{3}-(0[1-9]|1[0-2])$"}),
        (Names("*"), {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        (Choice("http", "rest"), {"enum": ["http", "rest"]}),
        (Flag(), {"type": "boolean"}),
    ],
)
def test_a_kind_has_a_json_schema(kind: Kind, schema: dict[str, object]) -> None:
    assert kind.schema() == schema


def test_the_schema_of_seconds_a_day_allows_one_value_or_a_list() -> None:
    one = {"type": ["number", "string"], "examples": ["5400 s, or a list with a value a day"]}
    assert Daily().schema() == {"anyOf": [one, {"type": "array", "items": one}]}


def test_only_numbers_may_be_ranges() -> None:
    assert [type(kind).__name__ for kind in EVERY_KIND if not kind.numeric] == [
        "Text",
        "Month",
        "Names",
        "Choice",
        "Flag",
    ]


def test_a_kind_must_say_itself_how_it_reads() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Kind()


def test_a_refused_value_is_quoted_short_on_one_line_and_harmless() -> None:
    assert shown("a\nb\x1b[31m") == "a?b?[31m"
    assert shown("x" * 61) == "x" * 57 + "..."
    assert shown("x" * 60) == "x" * 60
    assert shown(D("1e-7")) == "0.0000001"
    assert shown(D("1e300")) == "1E+300"
    assert shown(None) == "None"


# Exact numbers


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0.00", "0"),
        ("0E-7", "0"),
        ("730.00", "730"),
        ("2E-7", "0.0000002"),
        ("1E+3", "1000"),
        ("-1.50", "-1.5"),
        ("100", "100"),
    ],
)
def test_a_number_is_written_in_full(number: str, text: str) -> None:
    assert plain(D(number)) == text


def test_thirds_of_ten_add_up_to_ten() -> None:
    shares = apportion(D(10), [D(1), D(1), D(1)])
    third = D("3.33333333333333333333")
    assert shares == [third, third, D("3.33333333333333333334")]
    assert sum(shares, D(0)) == 10


def test_a_quotient_is_kept_in_full_if_it_ends_else_to_twenty_decimals() -> None:
    assert quotient(D(1), D(2**30)) == D("0.000000000931322574615478515625")
    assert quotient(D(2), D(3)) == D("0.66666666666666666666")


@pytest.mark.parametrize("digits", [29, 30, 31, 45])
def test_even_an_absurd_amount_can_be_divided(digits: int) -> None:
    third = quotient(D(10) ** digits, D(3))
    assert abs(third * 3 - D(10) ** digits) < 1


def test_crumbs_never_turn_a_small_share_negative() -> None:
    assert all(share >= 0 for share in apportion(D(2), [D(1), D(1), D(1), D("1e-21")]))


def test_a_weight_of_nothing_gets_nothing_and_no_crumbs() -> None:
    assert apportion(D(10), [D(0), D(3), D(1), D(0)]) == [0, D("7.5"), D("2.5"), 0]


def test_a_float_in_a_sum_is_a_bug() -> None:
    with pytest.raises(FloatOperation):
        operator.lt(D(1), 0.5)
    with pytest.raises(TypeError):
        operator.add(D(1), 0.5)


# Figures

TEN, FOUR = figure(D(10), "queries"), figure(D(4), "MB")


@pytest.mark.parametrize(
    ("made", "text", "number"),
    [
        (figure(D("1.50")), "1.5", "1.5"),
        (TEN, "10 queries", "10"),
        (TEN * FOUR, "10 queries x 4 MB", "40"),
        (TEN / FOUR, "10 queries / 4 MB", "2.5"),
        (TEN + FOUR, "10 queries + 4 MB", "14"),
        (TEN - FOUR, "10 queries - 4 MB", "6"),
        ((TEN + FOUR) * TEN, "(10 queries + 4 MB) x 10 queries", "140"),
        (TEN - (TEN - FOUR), "10 queries - (10 queries - 4 MB)", "4"),
        (TEN / (FOUR * FOUR), "10 queries / (4 MB x 4 MB)", "0.625"),
        ((TEN - FOUR) / FOUR, "(10 queries - 4 MB) / 4 MB", "1.5"),
        (TEN.in_steps_of(FOUR), "ceil(10 queries / 4 MB) x 4 MB", "12"),
        ((TEN * FOUR).in_steps_of(FOUR), "10 queries x 4 MB", "40"),
        (TEN.chunks_of(FOUR), "max(1, ceil(10 queries / 4 MB))", "3"),
        (figure(D(0), "KB").chunks_of(FOUR), "max(1, ceil(0 KB / 4 MB))", "1"),
        (TEN.at_least(FOUR), "10 queries", "10"),
        (TEN.at_least(TEN), "10 queries", "10"),
        (FOUR.at_least(TEN), "max(10 queries, 4 MB)", "10"),
        (TEN.beyond(FOUR), "max(0, 10 queries - 4 MB)", "6"),
        (FOUR.beyond(TEN), "max(0, 4 MB - 10 queries)", "0"),
    ],
)
def test_a_figure_carries_the_arithmetic_that_made_it(made: Figure, text: str, number: str) -> None:
    assert made.text == text
    assert made.number == D(number)
    assert evaluate(made.text) == Fraction(number)


def test_a_fraction_is_kept_as_one_until_it_comes_out_even() -> None:
    hours = figure(D(4080), "s") / figure(D(3600), "s per h")
    assert (hours.top, hours.bottom) == (4080, 3600)
    assert (hours * figure(D("0.375"))).number == D("0.425")
    assert (hours + figure(D(1), "h")).number == D("2.13333333333333333333")
    assert (hours - hours).number == 0
    even = hours * figure(D(3), "nodes") / figure(D("3.4"))
    assert (even.top, even.bottom) == (1, 1)
    assert (even * hours).number == hours.number
    assert hours.at_least(figure(D(1), "h")) is hours
    assert hours.in_steps_of(figure(D(1), "h")).number == 2
    assert hours.chunks_of(figure(D(1), "h")).number == 2


@pytest.mark.parametrize(("top", "bottom"), [(1, 3), (20, 3), (2, 7), (50, 7), (1, 9)])
def test_a_quotient_that_never_ends_is_kept_as_a_fraction(top: int, bottom: int) -> None:
    quotient = figure(D(top)) / figure(D(bottom))
    assert (quotient.top, quotient.bottom) == (top, bottom)


def test_a_figure_is_divided_by_a_fraction_by_turning_it_over() -> None:
    third = figure(D(1)) / figure(D(3))
    assert (figure(D(5), "GB") / third).number == 15
    assert evaluate((figure(D(5), "GB") / third).text) == 15


def test_whatever_is_computed_from_an_unknown_figure_is_unknown() -> None:
    assert UNKNOWN.number is None
    assert figure(None, "requests") is UNKNOWN
    made = []
    for one, other in ((UNKNOWN, TEN), (TEN, UNKNOWN), (UNKNOWN, UNKNOWN)):
        made += [one * other, one / other, one + other, one - other]
        made += [one.in_steps_of(other), one.chunks_of(other), one.at_least(other), one.beyond(other)]
    assert all(unknown is UNKNOWN for unknown in made)


def test_a_gigabyte_has_1024_megabytes() -> None:
    assert (figure(D(512), "MB") / MB_PER_GB).number == D("0.5")


# Forms and settings


def at(hours_per_week: Decimal | None = None) -> Setting:
    rule = Fact("minimum", "second", D(60), "2020-01-01", "2026-01-01", "AWS", "pricing/x.yaml:1")
    return Setting("x", "us-east-1", MONTH, hours_per_week, lambda table, name: rule, lambda table: {}, lambda *_: True)


def test_a_resource_runs_by_its_hours_else_its_schedule_else_that_of_the_spec_else_always() -> None:
    assert running(D(10), None, at(D(42))).number == 10
    assert running(None, Schedule(D(84)), at(D(42))).number == 365
    assert running(None, None, at(D(42))).number == D("182.5")
    assert running(None, None, at()).number == 730


def test_a_month_is_its_part_of_a_term_of_8760_hours_a_year() -> None:
    assert month_share("1y", at()).number == D("0.08333333333333333333")
    assert month_share("3y", at()).number == D("0.02777777777777777777")
    assert (month_share("3y", at()) * figure(D(36))).number == 1


def test_a_rule_is_a_figure_with_its_unit() -> None:
    assert at().value("minimum") == 60
    assert at().value("minimum", "other") == 60
    assert at().rule("minimum").text == "60 second"


def test_hours_are_refused_beyond_the_month_and_beside_a_schedule() -> None:
    assert list(refuse_hours(D(730), None, at())) == []
    assert list(refuse_hours(None, Schedule(D(168)), at())) == []
    found = [(refusal.field, refusal.code) for refusal in refuse_hours(D("730.1"), Schedule(D("168.1")), at())]
    assert found == [("hours", "CK110"), ("schedule.hours_per_week", "CK110"), ("schedule", "CK113")]


def test_one_run_is_refused_beyond_the_seconds_of_the_month() -> None:
    assert list(refuse_longer_than_the_month("duration", None, at())) == []
    assert list(refuse_longer_than_the_month("duration", D(730 * 3600), at())) == []
    (refusal,) = refuse_longer_than_the_month("duration", D(730 * 3600 + 1), at())
    assert (refusal.field, refusal.code, refusal.message) == ("duration", "CK110", "longer than the month: 2628001 s")


def test_a_value_is_refused_outside_its_limits_only() -> None:
    for inside in (None, D(128), D(10240)):
        assert list(refuse_outside("memory", inside, D(128), D(10240), "MB")) == []
    for outside in (D(127), D(10241)):
        (refusal,) = refuse_outside("memory", outside, D(128), D(10240), "MB")
        assert refusal.message == f"AWS does not sell memory of {outside} MB"
        assert refusal.hint == "from 128 to 10240 MB"


def test_two_fields_that_say_the_same_exclude_each_other() -> None:
    assert list(refuse_both("hours", D(1), "runs", None)) == []
    assert list(refuse_both("hours", None, "runs", D(1))) == []
    (refusal,) = refuse_both("hours", D(1), "runs", D(1))
    assert (refusal.field, refusal.message) == ("runs", "hours and runs exclude each other")


# Prices


def price(*tiers: tuple[str, str | None]) -> Price:
    steps = tuple(Tier(D(start), None if cost is None else D(cost)) for start, cost in tiers)
    return Price("out", "Data out", "GB", "us-east-1", "2026-01-01", "2026-01-01", steps, "pricing/x.yaml:1 AWS")


def test_a_quantity_is_split_at_the_start_of_each_tier() -> None:
    graduated = price(("0", "3"), ("10", "2"), ("30", "1"))
    assert list(graduated.split(D(0))) == [(0, 3)]
    assert list(graduated.split(D(10))) == [(10, 3)]
    assert list(graduated.split(D("10.5"))) == [(10, 3), (D("0.5"), 2)]
    assert list(graduated.split(D(30))) == [(10, 3), (20, 2)]
    assert list(graduated.split(D(31))) == [(10, 3), (20, 2), (1, 1)]
    assert graduated.cost(D(31)) == 71
    assert graduated.unproven(D(31)) == 0


def test_what_lies_beyond_the_proven_tiers_costs_nothing_and_is_counted() -> None:
    unproven = price(("0", "3"), ("10", None))
    assert unproven.cost(D(12)) == 30
    assert unproven.unproven(D(12)) == 2
    assert unproven.unproven(D(10)) == 0


# Problems, estimates, specs


def test_a_problem_is_a_place_a_code_a_sentence_and_a_way_out() -> None:
    assert str(Problem("CK104", "shop.yaml:3", "not a number: x")) == "shop.yaml:3: CK104 not a number: x"
    assert str(Problem("CK301", "", "not applied", "give a purchase")) == "CK301 not applied\n  hint: give a purchase"


def test_an_error_tells_all_its_problems() -> None:
    problems = [Problem("CK104", "a:1", "one"), Problem("CK105", "a:2", "two")]
    error = CostkitError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a:1: CK104 one\na:2: CK105 two"


def estimate_of(charges: tuple[Charge, ...], *problems: Problem) -> Estimate:
    cost = ResourceCost(Resource("api", "lambda_function", "us-east-1", None), charges, D(0), D(0), D(0))
    return Estimate("", "USD", "2026-11-21", MONTH, (cost,), (), problems, D(0), D(0), D(0), D(0))


def test_an_estimate_is_complete_unless_a_problem_hides_a_cost() -> None:
    assert estimate_of(()).complete
    assert estimate_of((), Problem("CK203", "", "stale", severity="warning")).complete
    assert not estimate_of((), Problem("CK201", "", "no price", severity="warning", hides_cost=True)).complete


def test_the_dates_of_an_estimate_are_those_of_its_prices_and_not_of_its_allowances() -> None:
    priced = Charge("requests", "Requests", D(1), "request", D(1), D(1), PRICED)
    days = ("2026-03-01", "2025-01-01", "2026-02-01", "")
    charges = tuple(priced._replace(price_date=day) for day in days)
    free = priced._replace(price_date="2014-11-13", status=ALLOWANCE)
    assert estimate_of((*charges, free)).price_dates == ("2025-01-01", "2026-03-01")
    assert estimate_of((free,)).price_dates is None


def test_a_spec_is_ranged_as_soon_as_one_end_differs() -> None:
    one = (Resource("api", "lambda_function", "us-east-1", None),)
    other = (one[0]._replace(copies=D(2)),)
    assert not Spec(one, one, one).ranged
    assert Spec(one, other, one).ranged
    assert Spec(one, one, other).ranged


def test_a_mapping_is_quoted_as_it_is_written() -> None:
    assert shown({"a": Decimal("1.50"), "b": [True]}) == "{a: 1.5, b: [true]}"


def test_a_dataset_ties_if_every_sum_is_the_bills() -> None:
    same = FocusControl("billed", "USD", Decimal("1.10"), Decimal("1.1"))
    lost = FocusControl("effective", "USD", Decimal(1), Decimal(0))
    assert FocusDataset("out.csv", "2026-10", "1.2", 1, (same,), ()).ties
    assert not FocusDataset("out.csv", "2026-10", "1.2", 1, (same, lost), ()).ties


def test_months_follow_each_other() -> None:
    assert (month_after("2026-09"), month_after("2026-12")) == ("2026-10", "2027-01")


def test_a_rerated_bill_adds_up_by_currency() -> None:
    row = RerateRow("S3", "Requests", "us-east-1", "us-east-1", "USD", "", None, "", Decimal(3), None, "why", 1)
    priced = row._replace(after=Decimal(1))
    euros = row._replace(currency="EUR")
    result = Rerate("2026-10", "2026-11-21", "", (row, priced, euros), None, ())
    assert result.totals == {"USD": (Decimal(6), Decimal(4)), "EUR": (Decimal(3), Decimal(3))}
    assert result.complete
    assert not result._replace(problems=(Problem("CK643", "", "", hides_cost=True),)).complete


def test_what_differs_from_an_estimate_is_the_sum_of_its_parts() -> None:
    lines = tuple(
        ComparedLine(
            "", "", "", "", None, None, Decimal(before), Decimal(now), MATCHED, Parts(price=Decimal(now - before))
        )
        for before, now in ((1, 5), (3, 2))
    )
    result = AgainstEstimate("2026-10", "effective", "meter", "USD", "2026-11-21", lines, True, None, ())
    assert (result.estimated, result.billed, result.parts.total) == (4, 7, 3)
    assert AgainstEstimate("2026-10", "", "", "", "", (), True, None, ()).parts == Parts()


def test_days_are_counted_over_the_ends_of_months_and_not_beyond_the_calendar() -> None:
    # 2028 is a leap year.
    assert days_after("2028-02-28", 2) == "2028-03-01"
    assert days_before("2028-03-01", 2) == "2028-02-28"
    assert days_after("9999-12-30", 5) == "9999-12-31"
    assert days_before("0001-01-02", 5) == "0001-01-01"
