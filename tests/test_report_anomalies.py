"""Unusual days: series whose right answer is known by construction, and those that must stay silent."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from billing_rows import Line, day_line, month_line, write_bill
from hypothesis import given
from hypothesis import strategies as st

from costkit.billing.robust import deviation, mean, median

D = Decimal
Ask = Callable[..., Answer]
Judged = Callable[..., Answer]
Costs = Callable[[int], float]
# Day 1 is 2026-08-01, a Saturday; September has the days 32 to 61, October 62 to 92.
START = datetime.date(2026, 8, 1).toordinal() - 1
LAST = 92


def iso(day: int) -> str:
    return datetime.date.fromordinal(START + day).isoformat()


def weekday(day: int) -> int:
    return datetime.date.fromordinal(START + day).isoweekday()


def lines(costs: Costs, last: int = LAST, first: int = 1, **more: str) -> list[Line]:
    """A line for each day that costs something."""
    days = [(day, costs(day)) for day in range(first, last + 1)]
    return [day_line(iso(day), str(cost), **more) for day, cost in days if cost]


def steady(_: int) -> float:
    return 100


# Another service keeps the bill itself going while one is looked at.
BESIDE = lines(steady, service="AmazonS3")


@pytest.fixture
def judged(ask: Ask, tmp_path: Path) -> Judged:
    def asked(rows: Iterable[Line], *arguments: str, on: str = "2026-11-21") -> Answer:
        write_bill(tmp_path / "bill.csv", rows)
        moment = datetime.datetime.fromisoformat(f"{on}T12:00:00+00:00")
        given = ("--month", "2026-10", "--anomalies", *arguments)
        return ask("report", "bill.csv", *given, SOURCE_DATE_EPOCH=str(int(moment.timestamp())))

    return asked


def found(answer: Answer) -> list[tuple[str, str, str, str, str]]:
    tree: list[dict[str, Any]] = answer.tree["anomalies"]["found"]
    return [(each["kind"], each["day"], each["until"], each["cost"], each["expected"]) for each in tree]


def wavering(day: int) -> float:
    """Between 96 and 104, with no rhythm of a week."""
    return 96 + (day * 7919) % 9


def on_days(days: Iterable[int], value: float, otherwise: Costs = steady) -> Costs:
    chosen = frozenset(days)
    return lambda day: value if day in chosen else otherwise(day)


SILENT: dict[str, Costs] = {
    "always the same": steady,
    "wavering": wavering,
    "less at weekends": lambda day: 100 if weekday(day) < 6 else 20,
    "only on weekdays": lambda day: 100 if weekday(day) < 6 else 0,
    "a job on Mondays": lambda day: 500 if weekday(day) == 1 else 10,
    "only on Mondays": lambda day: 500 if weekday(day) == 1 else 0,
    "once a month": on_days((1, 32, 62), 900, lambda _: 0),
    "more once a month": on_days((1, 32, 62), 900),
    "tiny, whatever it does": lambda day: (day % 10) * 0.9 if day < 70 else 9.9,
    "above the floor, but not by percent": on_days((75,), 149),
    "by percent, but not above the floor": on_days((75,), 29, lambda _: 19),
    "within its own noise": on_days((75,), 340, lambda day: 100 + 40 * (day % 5)),
    "a day that is missing": on_days((75,), 0),
    "two days that are missing": on_days((75, 76), 0),
    "falling": lambda day: 300 - 3 * day,
    "growing slowly": lambda day: 100 + day * 0.4,
    "a step long ago": lambda day: 10 if day < 30 else 100,
    "a refund's day": on_days((75,), -400),
}


@pytest.mark.parametrize("costs", SILENT.values(), ids=SILENT)
def test_what_is_usual_stays_silent(judged: Judged, costs: Costs) -> None:
    answer = judged([*lines(costs), *BESIDE], "-f", "json", "--fail-on", "anomaly")
    assert found(answer) == []
    assert (answer.code, answer.told) == (0, [])


LOUD: dict[str, tuple[Costs, list[tuple[str, str, str, str, str]]]] = {
    "a day": (on_days((75,), 260), [("spike", "2026-10-14", "2026-10-14", "260", "100")]),
    "three days": (on_days((75, 76, 77), 300), [("spike", "2026-10-14", "2026-10-16", "900", "300")]),
    "two days apart": (
        on_days((70,), 400, on_days((80,), 300)),
        [("spike", "2026-10-09", "2026-10-09", "400", "100"), ("spike", "2026-10-19", "2026-10-19", "300", "100")],
    ),
    "a day above noise": (on_days((75,), 200, wavering), [("spike", "2026-10-14", "2026-10-14", "200", "100")]),
    # The level of the last week is the new one from the fourth day on.
    "a step up": (lambda day: 100 if day < 75 else 250, [("spike", "2026-10-14", "2026-10-17", "1000", "400")]),
    "a Saturday like a Monday": (
        on_days((71,), 500, lambda day: 500 if weekday(day) == 1 else 10),
        [("spike", "2026-10-10", "2026-10-10", "500", "10")],
    ),
    "from a day on": (lambda day: 50 * (day >= 80), [("appeared", "2026-10-19", "2026-10-31", "650", "0")]),
    "for three days": (on_days((80, 81, 82), 50, lambda _: 0), [("appeared", "2026-10-19", "2026-10-21", "150", "0")]),
    "until a day": (lambda day: 100 * (day < 80), [("stopped", "2026-10-19", "2026-10-31", "0", "1300")]),
    # It came on 29 September, which is no news of October; its own days are usual after two weeks.
    "days after it appeared": (
        lambda day: 0 if day < 60 else 900 if day in (66, 80) else 100,
        [("spike", "2026-10-19", "2026-10-19", "900", "100")],
    ),
    "again after a month": (
        on_days(range(75, 92), 0),
        [("stopped", "2026-10-14", "2026-10-30", "0", "1700"), ("spike", "2026-10-31", "2026-10-31", "100", "0")],
    ),
    "a silence of three days": (on_days((75, 76, 77), 0), [("stopped", "2026-10-14", "2026-10-16", "0", "300")]),
    # By weeks back from the 31st: 100, 110, 120 and 130 a day, 7 x 460 together, where 4 weeks as the first are 2,800.
    "ten more each week": (
        lambda day: 100 + 10 * max(0, (day - 65) // 7),
        [("growth", "2026-10-04", "2026-10-31", "3220", "2800")],
    ),
}


@pytest.mark.parametrize(("costs", "expected"), LOUD.values(), ids=LOUD)
def test_what_is_unusual_is_found_with_its_days_and_costs(
    judged: Judged, costs: Costs, expected: list[tuple[str, str, str, str, str]]
) -> None:
    answer = judged([*lines(costs), *BESIDE], "-f", "json", "--fail-on", "anomaly")
    assert found(answer) == expected
    assert answer.code == 3
    assert judged([*lines(costs), *BESIDE]).code == 0


def test_each_service_and_account_is_judged_by_itself(judged: Judged) -> None:
    # Together the two accounts cost the same every day.
    one, other = lines(on_days((75,), 300)), lines(on_days((75,), 50, lambda _: 250), account="444455556666")
    tree = judged([*one, *other], "-f", "json").tree["anomalies"]["found"]
    assert [(each["account"], each["service"], each["difference"]) for each in tree] == [
        ("111122223333", "AmazonEC2", "200")
    ]


def test_what_is_no_usage_is_not_judged(judged: Judged) -> None:
    rows = [*BESIDE, day_line("2026-10-14", "5000", type="Fee"), month_line("2026-10", "9000", type="Tax")]
    assert found(judged(rows, "-f", "json")) == []


def test_the_last_day_of_an_open_month_is_not_whole_and_not_judged(judged: Judged) -> None:
    rows = [*lines(on_days((80,), 900), last=80), *lines(steady, last=80, service="AmazonS3")]
    assert found(judged(rows, "-f", "json", on="2026-10-19")) == []
    rows = [*lines(on_days((80,), 900), last=81), *lines(steady, last=81, service="AmazonS3")]
    assert len(found(judged(rows, "-f", "json", on="2026-10-20"))) == 1


def test_days_without_two_weeks_before_them_are_not_judged_and_told(judged: Judged) -> None:
    rows = lines(on_days((65, 80), 900), first=62)
    answer = judged(rows, "-f", "json")
    assert found(answer) == [("spike", "2026-10-19", "2026-10-19", "900", "100")]
    assert (answer.tree["anomalies"]["since"], answer.told[0].code) == ("2026-10-15", "CK614")
    answer = judged(lines(steady, first=80), "-f", "json")
    assert (found(answer), answer.tree["anomalies"]["since"]) == ([], None)
    assert [told.code for told in answer.told] == ["CK614"]


def test_a_month_missing_in_the_bill_is_not_a_month_without_costs(judged: Judged) -> None:
    rows = [*lines(steady, last=31), *lines(steady, first=62)]
    answer = judged(rows, "-f", "json")
    assert (found(answer), answer.tree["anomalies"]["since"]) == ([], "2026-10-15")


def test_thresholds_are_stated_and_can_be_set(judged: Judged) -> None:
    rows = [*lines(on_days((75,), 140)), *BESIDE]
    answer = judged(rows, "-f", "json", "--threshold", "percent=30")
    assert found(answer) == [("spike", "2026-10-14", "2026-10-14", "140", "100")]
    assert answer.tree["anomalies"]["thresholds"] == {
        "floor": "10",
        "deviations": "6",
        "percent": "30",
        "weekly_percent": "5",
    }
    assert found(judged(rows, "-f", "json", "--threshold", "percent=30", "--threshold", "floor=41")) == []
    growing = [*lines(lambda day: 100 + day * 0.5), *BESIDE]
    assert found(judged(growing, "-f", "json")) == []
    assert [each[0] for each in found(judged(growing, "-f", "json", "--threshold", "weekly_percent=1"))] == ["growth"]
    noisy = [*lines(on_days((75,), 340, lambda day: 100 + 40 * (day % 5))), *BESIDE]
    assert [each[0] for each in found(judged(noisy, "-f", "json", "--threshold", "deviations=1"))] == ["spike"]


def test_without_a_floor_a_cent_counts_and_nothing_still_does_not(judged: Judged) -> None:
    rows = [*lines(on_days((80,), 0.01, lambda _: 0)), *BESIDE]
    assert found(judged(rows, "-f", "json", "--threshold", "floor=0")) == [
        ("appeared", "2026-10-19", "2026-10-19", "0.01", "0")
    ]


@pytest.mark.parametrize("threshold", ["floor", "flor=1", "floor=-1", "floor=x", "floor=1 USD", "percent=30%"])
def test_a_threshold_that_is_none_is_refused(judged: Judged, threshold: str) -> None:
    answer = judged(BESIDE, "--threshold", threshold)
    assert (answer.code, answer.out) == (2, "")


def test_people_see_the_days_with_the_thresholds(judged: Judged) -> None:
    rows = [*lines(on_days((75,), 260), service="=cmd()\x1b[31m"), *BESIDE]
    out = judged(rows).out
    assert "Unusual days from 2026-10-01 to 2026-10-31: 1 (a day counts from 10 above what is usual" in out
    assert "2026-10-14 above what is usual =cmd()?[31m 111122223333 260.00 100.00 USD" in " ".join(out.split())
    assert "Unusual days from 2026-10-01 to 2026-10-31: none" in judged(BESIDE).out
    many = [line for name in range(12) for line in lines(on_days((75,), 260), service=f"Service{name:02}", first=40)]
    assert "and 2 more" in judged([*BESIDE, *many], "-f", "markdown").out


amounts = st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=6), min_size=1, max_size=30)


@given(amounts)
def test_statistics_are_those_of_the_textbook(values: list[Decimal]) -> None:
    import statistics

    assert median(values) == statistics.median(values)
    center = statistics.median(values)
    assert deviation(values) == statistics.median([abs(value - center) for value in values]) * D("1.4826")
    assert abs(mean(values) * len(values) - sum(values)) < D("1e-15")


@given(
    st.lists(st.integers(min_value=1, max_value=100), min_size=5, max_size=28), st.integers(min_value=0, max_value=9)
)
def test_one_wild_value_moves_a_deviation_within_the_others(values: list[int], wild: int) -> None:
    calm = [D(value) for value in values]
    assert min(calm) <= median([*calm, D(10) ** wild]) <= max(*calm, D(1))


def test_a_service_of_which_a_day_is_not_known_is_not_judged_and_told(judged: Judged) -> None:
    kinds = (("CoveredUsage", "5"), ("Negation", "-5"))
    ec2, functions = (
        [day_line(iso(70), cost, type=f"SavingsPlan{kind}", service=service) for kind, cost in kinds]
        for service in ("AmazonEC2", "AWSLambda")
    )
    answer = judged([*lines(on_days((75,), 900)), *BESIDE, *ec2], "-f", "json")
    assert found(answer) == []
    assert [told.code for told in answer.told] == ["CK602", "CK614"]
    assert "not judged: AmazonEC2 in account 111122223333; " in answer.err
    rows = [*BESIDE, *ec2, *functions]
    assert "not judged: AWSLambda in account 111122223333 and 1 more; " in judged(rows, "-f", "json").err
