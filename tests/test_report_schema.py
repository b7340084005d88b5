"""The JSON of a report is what ``costkit schema report`` says: no key more, no key less, amounts as text."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from bill_files import THEN, WHOLE
from conftest import ROOT
from jsonschema import Draft202012Validator
from random_bill import RandomBill, write_cur2
from test_report import EVERY_TYPE, line, write_csv

Ask = Callable[..., Answer]


def closed(schema: Any) -> Any:
    """The same schema without leave for other keys."""
    if isinstance(schema, dict):
        own = {name: closed(value) for name, value in schema.items()}
        return own | ({"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {})
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


def assert_fits(ask: Ask, answer: Answer) -> None:
    schema = ask("schema", "report").tree
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(closed(schema)).iter_errors(answer.tree)] == []
    # A number of JSON would be read as a binary float.
    assert re.findall(r": -?\d+[.e]\d*", re.sub(r'"(?:[^"\\]|\\.)*"', '""', answer.out)) == []


def test_all_that_a_report_can_have_is_in_its_schema(ask: Ask) -> None:
    answer = ask("report", str(ROOT / "examples" / "bill.csv"), *WHOLE, **THEN)
    assert {"allocation", "budgets", "forecasts", "anomalies"} <= {*answer.tree}
    assert all(answer.tree[name] for name in ("rows", "movements", "budgets", "forecasts", "anomalies"))
    assert_fits(ask, answer)


def test_reports_of_several_months_currencies_and_unknown_costs_fit_too(ask: Ask, tmp_path: Path) -> None:
    months = ("2026-08", "2026-09")
    bill = write_cur2(tmp_path / "bill.csv", RandomBill(3, months, months[1:]).lines)
    assert_fits(ask, ask("report", bill, "--months", "2026-08..2026-09", "--by", "account,tag:team", "-f", "json"))
    euros = {"line_item_currency_code": "EUR"}
    write_csv(tmp_path / "two.csv", [*EVERY_TYPE, line("Usage", "1") | euros])
    assert_fits(ask, ask("report", "two.csv", "-f", "json"))


def test_a_report_with_unknown_costs_is_not_complete(ask: Ask, tmp_path: Path) -> None:
    known = write_csv(tmp_path / "known.csv", EVERY_TYPE)
    assert ask("report", known, "-f", "json").tree["complete"] is True
    rows = [{name: value for name, value in row.items() if name != "reservation_effective_cost"} for row in EVERY_TYPE]
    answer = ask("report", write_csv(tmp_path / "less.csv", rows), "-f", "json")
    assert answer.tree["complete"] is False
    assert_fits(ask, answer)


@pytest.mark.parametrize("cost", ["billed", "effective"])
def test_identities_of_two_commitments_of_an_account_are_told_apart(ask: Ask, tmp_path: Path, cost: str) -> None:
    answer = ask("report", write_csv(tmp_path / "bill.csv", EVERY_TYPE), "-f", "json")
    found = [one for one in answer.tree["control"]["identities"] if one["cost"] == cost]
    assert len({(one["account"], one["commitment"], one["currency"]) for one in found}) == len(found) == 3
