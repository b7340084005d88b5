"""Reports of bills made at random, held row by row against a second accounting that shares nothing with costkit."""

import csv
import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from accounting_by_hand import NOTHING, Sums, report
from asking import Answer
from random_bill import RandomBill, write_cur1, write_cur2, write_parquet

Ask = Callable[..., Answer]
MONTHS = ("2026-08", "2026-09")
COSTS = ("billed_cost", "effective_cost", "list_cost", "contracted_cost")
GROUPS = ("account", "service", "region", "resource", "charge", "commitment", "tag:team", "category:Unit")
# What is divided, a plan's net share of what was not used of it, has twelve decimals.
CRUMB = Fraction(1, 10**11)


def rows_of(answer: Answer, month: str, groups: Sequence[str]) -> dict[tuple[str, ...], dict[str, str]]:
    rows = [row for row in csv.DictReader(io.StringIO(answer.out)) if row["month"] == month]
    found = {tuple(row[group] for group in groups): row for row in rows}
    assert len(found) == len(rows)
    return found


def costs_of(row: dict[str, str]) -> list[Fraction]:
    return [Fraction(row[name]) for name in COSTS]


def unlike(found: Sequence[Fraction], wanted: Sequence[Fraction]) -> bool:
    return any(abs(one - other) > CRUMB for one, other in zip(found, wanted, strict=True))


def assert_same(answer: Answer, lines: list[dict[str, object]], groups: Sequence[str]) -> None:
    """Both months, and the second beside the first; a row that is gone stands there with zeros."""
    assert (answer.code, answer.told) == (0, []), answer.err
    before: dict[tuple[str, ...], Sums] = {}
    for month in MONTHS:
        rows, wanted = rows_of(answer, month, groups), report(lines, month, groups)
        assert set(rows) == {*wanted, *before}
        assert [key for key, row in rows.items() if unlike(costs_of(row), wanted.get(key, NOTHING))] == []
        for key, row in rows.items() if before else ():
            earlier, now = before.get(key, NOTHING).effective, wanted.get(key, NOTHING).effective
            assert not unlike([Fraction(row["previous_cost"]), Fraction(row["change"])], [earlier, now - earlier])
        before = wanted


@pytest.mark.parametrize("net", MONTHS)
@pytest.mark.parametrize(
    ("name", "write"), [("new.csv", write_cur2), ("legacy.csv", write_cur1), ("new.parquet", write_parquet)]
)
def test_every_form_of_a_cur_is_accounted_alike(
    ask: Ask, tmp_path: Path, name: str, write: Callable[..., str], net: str
) -> None:
    lines = RandomBill(MONTHS.index(net), MONTHS, [net]).lines
    asked = ("--months", "..".join(MONTHS), "--by", ",".join(GROUPS), "--strict", "-f", "csv")
    assert_same(ask("report", write(tmp_path / name, lines), *asked), lines, GROUPS)


@pytest.mark.parametrize("groups", [*((group,) for group in GROUPS), ("account", "service"), ("charge", "tag:team")])
def test_every_group_adds_up_to_what_it_should(ask: Ask, tmp_path: Path, groups: tuple[str, ...]) -> None:
    lines = RandomBill(1 + len(groups[0]), MONTHS, MONTHS[1:]).lines
    asked = ("--months", "..".join(MONTHS), "--by", ",".join(groups), "--strict", "-f", "csv")
    assert_same(ask("report", write_cur2(tmp_path / "bill.csv", lines), *asked), lines, groups)


@pytest.mark.parametrize(("version", "name"), [("1.0", "focus.parquet"), ("1.2", "focus.csv")])
@pytest.mark.parametrize("net", [(), MONTHS])
def test_a_dataset_of_a_bill_is_reported_like_the_bill(
    ask: Ask, tmp_path: Path, version: str, name: str, net: tuple[str, ...]
) -> None:
    lines = RandomBill(7, MONTHS, net).lines
    bill, groups = write_cur2(tmp_path / "bill.csv", lines), ("account", "charge")
    month = MONTHS[0]
    wanted = ("--month", month, "--columns", "focus", "--focus-version", version, "-q", "-o", name)
    assert ask("report", bill, *wanted).code == 0
    answer = ask("report", name, "--by", ",".join(groups), "--strict", "-f", "csv")
    assert (answer.code, answer.told) == (0, []), answer.err
    found, by_hand = rows_of(answer, month, groups), report(lines, month, groups)
    assert set(found) == set(by_hand)
    assert [key for key, costs in by_hand.items() if unlike(costs_of(found[key]), costs)] == []
