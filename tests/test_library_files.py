"""The library on files and mappings that are wrong: always a CostkitError, with the same problems as the command's."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

import costkit
from costkit import CostkitError, PriceBook

FUNCTION = "version: 1\nregion: us-east-1\nresources:\n  api:\n    type: lambda_function\n    memory: 64 MB\n"


def problems_of(source: Any, book: PriceBook, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(CostkitError) as raised:
        costkit.read_spec(source, on=TODAY, book=book, **options)
    return [(problem.where, problem.code) for problem in raised.value.problems]


def test_a_file_can_be_named_by_a_text_or_a_path(book: PriceBook, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text("version: 1\nregion: us-east-1\nresources: {a: {type: public_ipv4}}\n", encoding="utf-8")
    for source in (path, os.fspath(path)):
        spec = costkit.read_spec(source, on=TODAY, book=book)
        # 730 hours x 0.005 USD
        assert costkit.estimate(spec, on=TODAY, book=book).cost == Decimal("3.65")


def test_a_file_that_is_wrong_is_refused_at_its_line(book: PriceBook, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(FUNCTION, encoding="utf-8")
    assert problems_of(path, book) == [(f"{path}:6", "CK105")]


def test_what_is_no_file_is_a_costkit_error_and_no_other(book: PriceBook, tmp_path: Path) -> None:
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "empty.yaml").touch()
    for place in (tmp_path, tmp_path / "nothing.yaml", tmp_path / "binary.yaml", tmp_path / "empty.yaml"):
        assert problems_of(place, book) == [(str(place), "CK101")]


def test_a_mapping_is_refused_by_its_keys(book: PriceBook) -> None:
    resources = {"api": {"type": "lambda_function", "requsts": 1}, "b": {"type": "lambda_function", "memory": 64}}
    assert sorted(problems_of({"region": "us-east-1", "resources": resources}, book)) == [
        ("spec: resources.api.requsts", "CK102"),
        ("spec: resources.b.memory", "CK105"),
    ]


@pytest.mark.parametrize("number", [0.1, float("nan"), float("inf"), True, None, b"1", object(), -1, Decimal("NaN")])
def test_what_is_no_exact_number_is_refused(number: Any, book: PriceBook) -> None:
    resources = {"api": {"type": "lambda_function", "duration": 1, "requests": number}}
    [(where, code)] = problems_of({"region": "us-east-1", "resources": resources}, book)
    assert (where, code) == ("spec: resources.api.requests", "CK104")


@pytest.mark.parametrize("key", [1, None, True, ("a", "b")])
def test_a_key_that_is_no_text_is_refused(key: Any, book: PriceBook) -> None:
    resources = {"api": {"type": "lambda_function", key: 1}}
    assert [code for _, code in problems_of({"region": "us-east-1", "resources": resources}, book)] == ["CK102"]


@pytest.mark.parametrize("day", ["nonsense", "2026-02-30", "21.11.2026", ""])
def test_a_day_that_is_none_is_refused(day: str, book: PriceBook) -> None:
    resources = {"a": {"type": "public_ipv4", "region": "us-east-1"}}
    with pytest.raises((CostkitError, ValueError)):
        costkit.estimate(costkit.read_spec({"resources": resources}, on=day, book=book), on=day, book=book)


@pytest.mark.parametrize("hours", [Decimal(0), Decimal(-1), Decimal(745), Decimal("NaN")])
def test_a_month_of_impossible_length_is_refused(hours: Decimal, book: PriceBook) -> None:
    resources = {"a": {"type": "public_ipv4", "region": "us-east-1"}}
    [(_, code)] = problems_of({"resources": resources}, book, month_hours=hours)
    assert code == "CK110"


def test_a_wrong_type_of_one_resource_is_refused(book: PriceBook) -> None:
    with pytest.raises(CostkitError) as raised:
        costkit.one_resource("lamda_function", on=TODAY, region="us-east-1", book=book)
    [problem] = raised.value.problems
    assert problem.code == "CK107"
    assert "lambda_function" in problem.hint


def test_an_error_reads_like_the_messages_of_the_command(book: PriceBook, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(FUNCTION, encoding="utf-8")
    with pytest.raises(CostkitError, match=r"spec\.yaml:6: CK105 .*64 MB\n  hint: .*128"):
        costkit.read_spec(path, on=TODAY, book=book)


def test_the_answer_can_be_rendered_as_the_command_does(book: PriceBook) -> None:
    spec = costkit.one_resource("public_ipv4", on=TODAY, region="us-east-1", book=book)
    text = costkit.render(costkit.estimate(spec, on=TODAY, book=book), "json")
    assert json.loads(text)["total"]["monthly_cost"] == "3.65"
