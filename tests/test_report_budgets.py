"""Budgets against a bill: what is exceeded, what is on its way to, and what cannot be known."""

import datetime
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from billing_rows import Line, day_line, month_line, write_bill

Ask = Callable[..., Answer]
Budgeted = Callable[..., Answer]
ROWS = [
    month_line("2026-10", "90", service="AmazonEC2", region="eu-west-1", resource="web-1", tags='{"user_team": "web"}'),
    month_line("2026-10", "20", service="AmazonS3", region="us-east-1", account="444455556666"),
    month_line("2026-10", "10", type="Tax"),
    month_line("2026-09", "999"),
]


@pytest.fixture
def budgeted(ask: Ask, tmp_path: Path) -> Budgeted:
    def asked(rows: Iterable[Line], budgets: str, *arguments: str, on: str = "2026-11-21") -> Answer:
        (tmp_path / "budget.yaml").write_text(f"version: 1\nbudgets:\n{budgets}", encoding="utf-8")
        write_bill(tmp_path / "bill.csv", rows)
        moment = datetime.datetime.fromisoformat(f"{on}T12:00:00+00:00")
        given = ("--month", "2026-10", "--budget", "budget.yaml", *arguments)
        return ask("report", "bill.csv", *given, SOURCE_DATE_EPOCH=str(int(moment.timestamp())))

    return asked


def only(answer: Answer) -> dict[str, Any]:
    [found] = answer.tree["budgets"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("scope", "actual"),
    [
        ("", "120"),
        ("scope: {services: [AmazonS3]}, ", "20"),
        ("scope: {services: ['Amazon*']}, ", "120"),
        ("scope: {accounts: [444455556666]}, ", "20"),
        ("scope: {accounts: ['1111*'], regions: ['eu-*']}, ", "90"),
        ("scope: {resources: ['web-*']}, ", "90"),
        ("scope: {tags: {team: web}}, ", "90"),
        ("scope: {tags: {team: data}}, ", "0"),
    ],
)
def test_a_scope_selects_charges_of_the_month(budgeted: Budgeted, scope: str, actual: str) -> None:
    found = only(budgeted(ROWS, f"- {{name: b, {scope}limit: 100}}\n", "-f", "json"))
    assert found["actual"] == actual
    assert int(found["variance"]) == int(actual) - 100
    assert found["variance_percent"] == str(int(actual) - 100)


@pytest.mark.parametrize(
    ("limit", "status", "code"),
    [
        ("119.99", "failed", 3),
        ("120", "passed", 0),
        ("150, warn_at: 80%", "warned", 0),
        ("151, warn_at: 80%", "passed", 0),
    ],
)
def test_a_limit_is_exceeded_beyond_it_and_warned_of_from_its_share_on(
    budgeted: Budgeted, limit: str, status: str, code: int
) -> None:
    answer = budgeted(ROWS, f"- {{name: b, limit: {limit}}}\n", "-f", "json", "--fail-on", "over")
    assert (only(answer)["status"], answer.code) == (status, code)
    assert budgeted(ROWS, f"- {{name: b, limit: {limit}}}\n").code == 0


def test_a_waiver_holds_until_its_last_day(budgeted: Budgeted) -> None:
    waived = "- {name: b, limit: 1}\nwaivers:\n- {budget: b, until: 2026-11-21, owner: me, reason: launch}\n"
    answer = budgeted(ROWS, waived, "-f", "json", "--fail-on", "over")
    assert (only(answer)["status"], answer.code) == ("waived", 0)
    answer = budgeted(ROWS, waived, "-f", "json", "--fail-on", "over", on="2026-11-22")
    assert (only(answer)["status"], answer.code, answer.told[0].code) == ("failed", 3, "CK401")


def test_what_a_bill_cannot_tell_is_never_passed(budgeted: Budgeted) -> None:
    types = "- {name: b, scope: {types: [lambda_function]}, limit: 100}\n"
    answer = budgeted(ROWS, types, "-f", "json", "--strict")
    assert (only(answer)["status"], only(answer)["actual"], answer.code) == ("incomplete", None, 4)
    assert answer.tree["complete"] is False
    assert [(told.where, told.code) for told in answer.told] == [("budget.yaml:3", "CK611")]
    assert budgeted(ROWS, types, "-f", "json").code == 0
    assert "unknown" in budgeted(ROWS, types).out
    assert "b: a bill has no types of resources" in budgeted(ROWS, types).out


def test_other_currencies_are_not_added_up_and_told(budgeted: Budgeted) -> None:
    rows = [*ROWS, month_line("2026-10", "1", currency="EUR")]
    found = only(budgeted(rows, "- {name: b, limit: 500}\n", "-f", "json"))
    assert (found["status"], found["actual"], found["reason"]) == ("incomplete", "120", "costs in EUR are not in it")
    # Too much is too much, whatever else there is.
    assert only(budgeted(rows, "- {name: b, limit: 5}\n", "-f", "json"))["status"] == "failed"


def test_a_cost_that_the_bill_does_not_have_is_unknown(ask: Ask, tmp_path: Path) -> None:
    common = "BillingPeriodStart,SubAccountId,ServiceName,ChargeCategory,BillingCurrency,BilledCost,EffectiveCost\n"
    (tmp_path / "focus.csv").write_text(common + "2026-10-01,1,S3,Usage,USD,1,1\n", encoding="utf-8")
    (tmp_path / "budget.yaml").write_text("version: 1\nbudgets: [{name: b, limit: 5}]\n", encoding="utf-8")
    found = only(ask("report", "focus.csv", "--budget", "budget.yaml", "--metric", "list", "-f", "json"))
    assert (found["status"], found["reason"]) == ("incomplete", "the bill does not tell all of its list cost")


def test_a_scope_that_selects_nothing_is_told(budgeted: Budgeted) -> None:
    answer = budgeted(ROWS, "- {name: b, scope: {services: [AmazonEC22]}, limit: 100}\n", "-f", "json")
    assert [(told.where, told.code) for told in answer.told] == [("budget.yaml:3", "CK402")]


def test_growth_and_rules_are_for_the_gate(budgeted: Budgeted) -> None:
    mixed = "- {name: g, max_increase: {percent: 1}}\nrules:\n- {name: r, require_tags: [team]}\n"
    answer = budgeted(ROWS, mixed, "-f", "json")
    assert (answer.tree["budgets"], answer.told) == ([], [])


def october(cost: str, last: int = 20) -> list[Line]:
    return [day_line(f"2026-10-{day:02}", cost) for day in range(1, last + 1)]


@pytest.mark.parametrize(
    ("limit", "status", "ahead", "code"),
    [
        ("200", "warned", "310", 3),  # 200 so far, 310 at the end
        ("310", "passed", "310", 0),
        ("199", "failed", "310", 3),
    ],
)
def test_an_open_month_on_its_way_beyond_a_limit_is_warned_of(
    budgeted: Budgeted, limit: str, status: str, ahead: str, code: int
) -> None:
    given = (f"- {{name: b, limit: {limit}}}\n", "-f", "json", "--forecast", "--fail-on", "forecast")
    answer = budgeted(october("10"), *given, on="2026-10-20")
    assert (only(answer)["status"], only(answer)["forecast"], answer.code) == (status, ahead, code)
    # A month that is over has no forecast, and exceeds what it exceeds.
    assert only(budgeted(october("10", 31), *given))["forecast"] is None


def test_a_scope_has_a_forecast_of_its_own_end(budgeted: Budgeted) -> None:
    rows = [*october("10"), *(line | {"line_item_product_code": "AmazonS3"} for line in october("3"))]
    rows[25]["line_item_unblended_cost"] = "5"
    ends = {}
    for against in ("low", "expected", "high"):
        text = f"- {{name: b, scope: {{services: [AmazonS3]}}, limit: 900, against: {against}}}\n"
        ends[against] = float(only(budgeted(rows, text, "-f", "json", "--forecast", on="2026-10-20"))["forecast"])
    # 19 days come to 59. The Tuesdays were 5 and 3, so the two to come are 4 each, and the other ten days 3.
    assert ends["expected"] == 59 + 8 + 30
    assert ends["low"] < ends["expected"] < ends["high"]


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        (("--fail-on", "over"), "--budget"),
        (("--fail-on", "anomaly"), "--anomalies"),
        (("--fail-on", "forecast"), "--budget"),
        (("--fail-on", "forecast", "--budget", "budget.yaml"), "--forecast"),
        (("--fail-on", "never"), "'never' is not one of"),
    ],
)
def test_a_verdict_on_nothing_is_refused(ask: Ask, tmp_path: Path, arguments: tuple[str, ...], needs: str) -> None:
    write_bill(tmp_path / "bill.csv", ROWS)
    answer = ask("report", "bill.csv", *arguments)
    assert answer.code == 2
    assert needs in answer.err


def test_both_files_are_read_before_anything_is_refused(budgeted: Budgeted, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("version: 1\nrules: [{name: a}]\n", encoding="utf-8")
    answer = budgeted(ROWS, "- {name: b}\n", "--allocate", "rules.yaml")
    assert (answer.code, [told.where for told in answer.told]) == (2, ["rules.yaml:2", "budget.yaml:3"])


def test_people_see_the_variance_and_nothing_in_a_name_is_run(budgeted: Budgeted) -> None:
    name = json.dumps("\x1b[31m|x")
    out = budgeted(ROWS, f"- {{name: {name}, limit: 100}}\n- {{name: zero, limit: 0}}\n").out
    assert "?[31m|x failed 100.00 120.00 +20.00 +20.0 %" in " ".join(out.split())
    assert "zero failed 0.00 120.00 +120.00" in " ".join(out.split())
    assert "\\|x" in budgeted(ROWS, f"- {{name: {name}, limit: 100}}\n", "-f", "markdown").out


def test_a_scope_that_no_bill_can_answer_has_no_forecast_either(budgeted: Budgeted) -> None:
    answer = budgeted(
        october("10"),
        "- {name: b, scope: {types: [lambda_function]}, limit: 9}\n",
        "--forecast",
        "-f",
        "json",
        on="2026-10-21",
    )
    found = only(answer)
    assert (found["status"], found["actual"], found["forecast"]) == ("incomplete", None, None)
    assert len(answer.tree["forecasts"]) == 1


def test_what_a_bill_does_not_tell_is_never_passed(budgeted: Budgeted) -> None:
    kinds = (("CoveredUsage", "9"), ("Negation", "-9"))
    rows = [*ROWS, *(month_line("2026-10", cost, type=f"SavingsPlan{kind}") for kind, cost in kinds)]
    answer = budgeted(rows, "- {name: b, limit: 1000}\n", "-f", "json", "--strict", "--fail-on", "over")
    found = only(answer)
    assert (found["status"], found["reason"]) == ("incomplete", "the bill does not tell all of its effective cost")
    assert answer.code == 4
    assert [told.code for told in answer.told] == ["CK602", "CK611"]
    # A cost of which all is known is judged.
    assert only(budgeted(rows, "- {name: b, limit: 1000}\n", "-f", "json", "--metric", "billed"))["status"] == "passed"


def test_no_budget_passes_in_a_month_that_is_not_in_the_bill(budgeted: Budgeted) -> None:
    answer = budgeted(ROWS, "- {name: b, limit: 100}\n", "--month", "2026-11", "--fail-on", "over", "-f", "json")
    found = only(answer)
    assert (found["status"], found["actual"], found["reason"]) == (
        "incomplete",
        None,
        "the bill has nothing of 2026-11",
    )
    assert [told.code for told in answer.told] == ["CK606", "CK611"]
    assert budgeted(ROWS, "- {name: b, limit: 100}\n", "--month", "2026-11", "--strict").code == 4


@pytest.mark.parametrize("asked", [("--forecast", "--fail-on", "forecast"), ("--anomalies", "--fail-on", "anomaly")])
def test_a_verdict_on_what_cannot_be_judged_is_incomplete(budgeted: Budgeted, asked: tuple[str, ...]) -> None:
    few = [day_line(f"2026-10-0{day}", "1") for day in (1, 2, 3)]
    codes = [
        budgeted(few, "- {name: b, limit: 100}\n", *asked, *more, on="2026-10-04").code for more in ((), ("--strict",))
    ]
    assert codes == [0, 4]
    # Twenty days are enough for both, and nothing is wrong with them.
    many = [day_line(f"2026-10-{day:02}", "1") for day in range(1, 21)]
    assert budgeted(many, "- {name: b, limit: 100}\n", *asked, "--strict", on="2026-10-21").code == 0
    # A closed month has no forecast, and needs none.
    closed = [row | {"bill_invoice_id": "42"} for row in many]
    assert budgeted(closed, "- {name: b, limit: 100}\n", *asked, "--strict").code == 0
