"""The forecast of an open month: series whose end is known by construction, and months that are not forecast."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from billing_rows import Line, day_line, month_line, write_bill

D = Decimal
Ask = Callable[..., Answer]
Foreseen = Callable[..., Answer]


def epoch(day: str) -> str:
    moment = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return str(int(moment.timestamp()))


def days(first: str, last: str) -> list[str]:
    start, end = (datetime.date.fromisoformat(day).toordinal() for day in (first, last))
    return [datetime.date.fromordinal(number).isoformat() for number in range(start, end + 1)]


def weekday(day: str) -> int:
    return datetime.date.fromisoformat(day).isoweekday()


@pytest.fixture
def foreseen(ask: Ask, tmp_path: Path) -> Foreseen:
    def asked(rows: Iterable[Line], on: str, *arguments: str) -> Answer:
        write_bill(tmp_path / "bill.csv", rows)
        return ask("report", "bill.csv", "--month", "2026-10", "--forecast", *arguments, SOURCE_DATE_EPOCH=epoch(on))

    return asked


def forecast(answer: Answer) -> dict[str, Any]:
    [found] = answer.tree["forecasts"]
    assert isinstance(found, dict)
    return found


def test_a_steady_month_ends_as_it_began(foreseen: Foreseen) -> None:
    # 20 whole days at 10, of the 21st only a part is in the bill: 31 x 10, and nothing spreads.
    rows = [*(day_line(day, "10") for day in days("2026-10-01", "2026-10-20")), day_line("2026-10-21", "3")]
    found = forecast(foreseen(rows, "2026-10-21", "-f", "json"))
    assert found.pop("method")
    assert found == {
        "month": "2026-10",
        "currency": "USD",
        "so_far": "203",
        "expected": "310",
        "low": "310",
        "high": "310",
        "through": "2026-10-20",
        "past_days": 20,
        "days_left": 11,
    }


def test_a_day_that_has_begun_gives_nothing_back(foreseen: Foreseen) -> None:
    # 20 days at 10, the 21st has cost 500 already, ten more days at 10: never less than the 700 so far.
    rows = [*(day_line(day, "10") for day in days("2026-10-01", "2026-10-20")), day_line("2026-10-21", "500")]
    found = forecast(foreseen(rows, "2026-10-21", "-f", "json"))
    assert (found["so_far"], found["expected"], found["low"], found["high"]) == ("700", "800", "800", "800")


def test_weekdays_are_told_from_weekends(foreseen: Foreseen) -> None:
    # October 2026 has 22 weekdays and 9 days of weekends.
    rows = [day_line(day, "10" if weekday(day) < 6 else "1") for day in days("2026-10-01", "2026-10-16")]
    found = forecast(foreseen(rows, "2026-10-16", "-f", "json"))
    assert (found["expected"], found["low"], found["high"]) == ("229", "229", "229")
    assert "the mean of its weekday over the last 15 days" in found["method"]


def test_under_two_weeks_all_days_count_alike(foreseen: Foreseen) -> None:
    # Six days at 10 and one at 24 are 12 a day: 84 + 24 x 12 = 372. Squares 6 x 4 + 144 = 168, by 6 days: 28. The 24
    # days to come: 28 x (24 + 24 x 24 / 7) = 2976, and two roots of that are 109.105453577.
    costs = ["10", "10", "10", "24", "10", "10", "10", "1"]
    rows = [day_line(day, cost) for day, cost in zip(days("2026-10-01", "2026-10-08"), costs, strict=True)]
    found = forecast(foreseen(rows, "2026-10-08", "-f", "json"))
    assert (found["expected"], found["low"], found["high"]) == ("372", "262.894546", "481.105454")
    assert "the mean of all days of the last 7 days" in found["method"]


def test_the_range_is_wider_where_dear_days_follow_each_other(foreseen: Foreseen) -> None:
    # Four days at 10 and four at 20 are off by 5 each: squares 200. Neighbours agree six times and differ once: 125 of
    # 200, r = 5/8, and (1 + r) / (1 - r) = 13/3. 200 / 7 x 13/3 x (23 + 23 x 23 / 8), and two roots: 210.0907.
    costs = [*["10"] * 4, *["20"] * 4, "1"]
    rows = [day_line(day, cost) for day, cost in zip(days("2026-10-01", "2026-10-09"), costs, strict=True)]
    found = forecast(foreseen(rows, "2026-10-09", "-f", "json"))
    assert found["expected"] == "465"
    assert [found["low"][:8], found["high"][:8]] == ["254.9093", "675.0906"]


def test_what_is_no_daily_usage_is_kept_and_tax_grows_with_usage(foreseen: Foreseen) -> None:
    rows = [
        *(day_line(day, "10") for day in days("2026-10-01", "2026-10-10")),
        month_line("2026-10", "50"),  # usage, for the whole month
        day_line("2026-10-01", "7", type="Fee"),
        day_line("2026-10-01", "-20", type="Credit"),
        month_line("2026-10", "5", type="Tax"),
    ]
    # 310 of days, 50 + 7 - 20 as they stand, and the tax of 100 grows to that of 310.
    found = forecast(foreseen(rows, "2026-10-10", "-f", "json"))
    assert (found["so_far"], found["expected"]) == ("142", "362.5")


def test_the_month_before_helps_on_the_first_days(foreseen: Foreseen) -> None:
    rows = [day_line(day, "4") for day in days("2026-09-01", "2026-10-02")]
    found = forecast(foreseen(rows, "2026-10-02", "-f", "json"))
    assert (found["expected"], found["past_days"], found["days_left"]) == ("124", 28, 30)


def test_a_discount_follows_its_usage(foreseen: Foreseen) -> None:
    rows = [day_line(day, "10") for day in days("2026-10-01", "2026-10-08")]
    rows += [day_line(day, "-1", type="EdpDiscount") for day in days("2026-10-01", "2026-10-08")]
    assert forecast(foreseen(rows, "2026-10-08", "-f", "json"))["expected"] == "279"


def test_an_amount_falls_never_below_what_is_known(foreseen: Foreseen) -> None:
    rows = [day_line(day, "1") for day in days("2026-10-01", "2026-10-06")]
    rows += [day_line("2026-10-07", "200"), day_line("2026-10-08", "1")]
    # Seven whole days are 206, and the eighth has cost 1 already.
    assert forecast(foreseen(rows, "2026-10-08", "-f", "json"))["low"] == "207"


def test_currencies_are_foreseen_apart(foreseen: Foreseen) -> None:
    rows = [day_line(day, "1") for day in days("2026-10-01", "2026-10-10")]
    rows += [day_line(day, "2", currency="EUR") for day in days("2026-10-01", "2026-10-10")]
    found = foreseen(rows, "2026-10-10", "-f", "json").tree["forecasts"]
    assert [(each["currency"], each["expected"]) for each in found] == [("EUR", "62"), ("USD", "31")]


@pytest.mark.parametrize(
    ("last", "on", "code"),
    [
        ("2026-10-07", "2026-10-07", "CK612"),  # six complete days
        ("2026-10-31", "2026-11-01", "CK613"),
        ("2026-10-31", "2026-12-01", "CK613"),
    ],
)
def test_a_month_with_few_days_or_none_to_come_is_not_foreseen(
    foreseen: Foreseen, last: str, on: str, code: str
) -> None:
    answer = foreseen([day_line(day, "1") for day in days("2026-10-01", last)], on, "-f", "json")
    assert (answer.code, answer.tree["forecasts"], [told.code for told in answer.told]) == (0, [], [code])


def test_a_bill_without_days_is_not_foreseen(foreseen: Foreseen) -> None:
    answer = foreseen([month_line("2026-10", "1")], "2026-10-20", "-f", "json")
    assert [told.code for told in answer.told] == ["CK612"]


def test_a_gap_of_a_month_is_not_days_without_costs(foreseen: Foreseen) -> None:
    rows = [day_line(day, "10") for day in (*days("2026-08-01", "2026-08-31"), *days("2026-10-01", "2026-10-10"))]
    found = forecast(foreseen(rows, "2026-10-10", "-f", "json"))
    assert (found["expected"], found["low"]) == ("310", "310")


def test_people_read_the_forecast_with_its_method(foreseen: Foreseen) -> None:
    rows = [day_line(day, "10") for day in days("2026-10-01", "2026-10-20")]
    out = foreseen(rows, "2026-10-20").out
    assert "Forecast for 2026-10: 310.00 USD, from 310.00 to 310.00; 200.00 USD so far, 12 days are left" in out
    assert "tax grows with usage" in out
    assert "Forecast for 2026-10: 310.00 USD" in foreseen(rows, "2026-10-20", "-f", "markdown").out


def test_a_day_that_is_none_is_told(foreseen: Foreseen) -> None:
    answer = foreseen([day_line("2026-10-01", "10", start="2026-10-0x")], "2026-10-20")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK601"])
    assert "not a day: 2026-10-0x" in answer.err


def test_a_stray_line_of_long_ago_tells_nothing_of_the_days_since(foreseen: Foreseen) -> None:
    rows = [day_line(day, "10") for day in days("2026-10-01", "2026-10-20")]
    rows.append(day_line("2026-10-01", "10", start="2019-05-05T00:00:00Z"))
    # What is dated elsewhere is kept: 310 and 10.
    found = forecast(foreseen(rows, "2026-10-20", "-f", "json"))
    assert (found["expected"], found["past_days"]) == ("320", 19)


def test_the_last_month_of_the_calendar_has_an_end(foreseen: Foreseen) -> None:
    answer = foreseen([day_line("9999-12-31", "1")], "2026-10-20", "--month", "9999-12")
    assert (answer.code, answer.told[-1].code) == (0, "CK612")


def test_a_focus_export_has_days_too(ask: Ask, tmp_path: Path) -> None:
    columns = "BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,SubAccountId,ServiceName,ChargeCategory"
    text = [f"{columns},BillingCurrency,BilledCost,EffectiveCost"]
    for day, end in zip(days("2026-10-01", "2026-10-09"), days("2026-10-02", "2026-10-10"), strict=True):
        text.append(f"2026-10-01 00:00:00,{day} 00:00:00,{end} 00:00:00,1,S3,Usage,USD,10,10")
    text.append("2026-10-01 00:00:00,2026-10-01 00:00:00,2026-11-01 00:00:00,1,S3,Usage,USD,5,5")
    (tmp_path / "focus.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    answer = ask("report", "focus.csv", "--forecast", "-f", "json", SOURCE_DATE_EPOCH=epoch("2026-10-10"))
    assert forecast(answer)["expected"] == "315"


def test_hours_are_added_up_to_days(foreseen: Foreseen) -> None:
    rows = [
        day_line(day, "0.5", start=f"{day}T{hour:02}:00:00Z", end=f"{day}T{hour:02}:59:59Z")
        for day in days("2026-10-01", "2026-10-20")
        for hour in range(20)
    ]
    rows.append(day_line("2026-10-19", "0.5", start="2026-10-19T23:00:00Z", end="2026-10-20T00:00:00Z"))
    found = forecast(foreseen(rows, "2026-10-20", "-f", "json"))
    # 190.5 of 19 days, and 12 days to come, of which one is a Monday at (10 + 10 + 10.5) / 3.
    assert (found["so_far"], found["expected"], found["past_days"]) == ("200.5", "310.666667", 19)


def covered(day: str) -> list[Line]:
    """Usage under a plan, whose rate has no column in this bill."""
    return [
        day_line(day, cost, type=f"SavingsPlan{kind}") for kind, cost in (("CoveredUsage", "9"), ("Negation", "-9"))
    ]


def test_a_cost_that_the_bill_does_not_tell_is_not_forecast(foreseen: Foreseen) -> None:
    rows = [day_line(day, "10") for day in days("2026-10-01", "2026-10-20")]
    answer = foreseen(
        [*rows, *covered("2026-10-05"), day_line("2026-10-05", "1", currency="EUR")], "2026-10-20", "-f", "json"
    )
    assert [found["currency"] for found in answer.tree["forecasts"]] == ["EUR"]
    assert [told.code for told in answer.told] == ["CK602", "CK612"]
    assert "2026-10 is not forecast in USD" in answer.err
    # In the month before it stands among the days that the mean is made of.
    past = [day_line(day, "10") for day in days("2026-09-01", "2026-09-30")]
    answer = foreseen([*past, *rows, *covered("2026-09-25")], "2026-10-20", "-f", "json")
    assert (answer.tree["forecasts"], answer.told[-1].code) == ([], "CK612")
    # Long before, it does not matter.
    assert forecast(foreseen([*past, *rows, *covered("2026-09-02")], "2026-10-20", "-f", "json"))["expected"] == "310"


def test_days_below_zero_may_come_again(foreseen: Foreseen) -> None:
    # Seven days of -10 and six of 10 are known, -10 in all; the days to come may be below zero too.
    rows = [day_line(day, "10" if number % 2 else "-10") for number, day in enumerate(days("2026-10-01", "2026-10-14"))]
    found = forecast(foreseen(rows, "2026-10-14", "-f", "json"))
    assert D(found["low"]) < -10 < 0 < D(found["high"])
