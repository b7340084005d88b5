"""What people get wrong, and what they are told: every problem of a file, its line, a code and a way out."""

import csv
import io
import json
import marshal
import os
import re
import signal
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import ADDRESS, Answer, assert_civil
from conftest import ROOT, TODAY

from costkit import CostkitError
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.pricebook import cache
from costkit.pricebook.book import PriceBook

# Six lines; what a case adds stands on line 7.
FUNCTION = """\
version: 1
region: us-east-1
resources:
  api:
    type: lambda_function
    duration: 100 ms
"""
ADDRESS_TABLE = f"""\
table: public_ipv4
currency: USD
meters:
  hour:
    unit: address-hour
    title: Public IPv4 address
    rows:
      - {{region: us-east-1, effective: 2026-01-01, confirmed: {TODAY}, price: 0.004, source: OURS}}
"""


def assert_refused(answer: Answer, *expected: tuple[str, str, str]) -> None:
    """Exit code 2, nothing on standard output, and just these problems: (where, code, part of the hint)."""
    assert answer.code == 2
    assert answer.out == ""
    assert [(told.where, told.code) for told in answer.told] == [(where, code) for where, code, _ in expected]
    for told, (_, _, hint) in zip(answer.told, expected, strict=True):
        assert hint in told.hint, told


def quantity_of(answer: Answer, meter: str) -> str:
    charges = json.loads(answer.out)["resources"][0]["charges"]
    [quantity] = [charge["quantity"] for charge in charges if charge["meter"] == meter]
    return str(quantity)


# Values of one field, on line 7 of a spec: what is written, the code, and a part of the hint.
VALUES = {
    "an unknown key gets the nearest one": ("requsts: 30M", "CK102", "did you mean requests?"),
    "a key far from all others gets the list of them": ("colour: red", "CK102", "fields here: architecture, memory"),
    "the key on: is a key like any other": ("on: 3", "CK102", "fields here"),
    "a field of another type is unknown": ("hours: 10", "CK102", ""),
    "a unit of time where data is meant": ("memory: 512 seconds", "CK104", "512 MB"),
    "a unit that nobody knows": ("requests: 30 parsecs", "CK104", "30M"),
    "a unit in the wrong case": ("memory: 512 mb", "CK104", "512 MB"),
    "a duplicate key": ("duration: 5", "CK103", "line 6"),
    "a leading zero": ("requests: 010", "CK104", "write 10"),
    "a time of day is no number": ("requests: 1:30", "CK104", "30M"),
    "no is no number": ("requests: no", "CK104", "30M"),
    "true is no number": ("requests: true", "CK104", "30M"),
    "a negative number": ("requests: -3", "CK104", "zero or more"),
    "a negative number with a unit": ("memory: -512 MB", "CK104", "zero or more"),
    "NaN": ("requests: .nan", "CK104", "30M"),
    "NaN as a text": ('requests: "NaN"', "CK104", "30M"),
    "infinity": ("requests: .inf", "CK104", "30M"),
    "a number of thirty digits": ("requests: 999999999999999999999999999999", "CK104", "1e18"),
    "a number with a large exponent": ("requests: 1e400", "CK104", "1e18"),
    "a number with an exponent beyond any decimal": ("requests: 1e1000000", "CK104", "1e18"),
    "a number too small to be meant": ("requests: 1e-400", "CK104", "1e18"),
    "a hexadecimal number": ("requests: 0x10", "CK104", "30M"),
    "digits in groups": ("requests: 1_000", "CK104", "30M"),
    "digits with commas": ("requests: 1,000", "CK104", "30M"),
    "two numbers": ("requests: 1 2", "CK104", "30M"),
    "no value": ("requests:", "CK104", "leave the key out"),
    "a list where a number is meant": ("requests: [1, 2]", "CK104", "30M"),
    "a range without its expected value": ("requests: {low: 1, high: 2}", "CK104", "expected"),
    "a range that falls": ("requests: {low: 3, expected: 1, high: 2}", "CK104", "swap"),
    "a range of another number of points": ("requests: 1..2", "CK104", "10M..30M..90M"),
    "memory below what AWS sells": ("memory: 64 MB", "CK105", "128"),
    "memory above what AWS sells": ("memory: 12 GB", "CK105", "10240"),
    "an unknown choice": ("architecture: arm", "CK104", "arm64"),
    "a count of half a copy": ("count: 1.5", "CK104", "whole number"),
    "a negative count": ("count: -1", "CK104", "zero or more"),
    "tags as a list": ("tags: [web]", "CK104", "key: value"),
    "tags as a text": ("tags: web", "CK104", "key: value"),
    "a tag with a list": ("tags: {team: [web]}", "CK104", "quote"),
    "a tag with a mapping": ("tags: {team: {a: b}}", "CK104", "quote"),
    "a tag that is a truth value": ("tags: {prod: true}", "CK104", "quote"),
    "a region of the resource that does not exist": ("region: us-est-1", "CK108", "us-east-1"),
    "a region that is a list": ("region: [us-east-1]", "CK104", "eu-west-1"),
    "a merge key": ("<<: {requests: 3}", "CK111", "write the keys out"),
    "a tag of YAML that makes an object": ("requests: !!python/object:os.system {}", "CK111", "plain value"),
    "a tag of YAML that calls": ('requests: !!python/object/apply:os.system ["true"]', "CK111", "plain value"),
    "a tag of YAML that converts": ("requests: !!int 3", "CK111", "plain value"),
    "an alias without an anchor": ("requests: *nothing", "CK111", ""),
    "an alias inside its own anchor": ("requests: &self {low: *self}", "CK111", ""),
}


@pytest.mark.parametrize("case", VALUES)
def test_a_value_is_refused_at_its_line_with_a_way_out(case: str, ask: Any, tmp_path: Path) -> None:
    line, code, hint = VALUES[case]
    (tmp_path / "spec.yaml").write_text(f"{FUNCTION}    {line}\n", encoding="utf-8")
    assert_refused(ask("estimate", "spec.yaml"), ("spec.yaml:7", code, hint))


# Whole files: name, content, and every problem that must be told.
FILES: dict[str, tuple[str, str | bytes, list[tuple[str, str, str]]]] = {
    "an unknown type": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    type: lamda_function\n",
        [("spec.yaml:5", "CK107", "lambda_function")],
    ),
    "no type": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    requests: 3\n",
        [("spec.yaml:4", "CK106", "lambda_function")],
    ),
    "a resource that is a list": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    - x\n",
        [("spec.yaml:4", "CK104", "type:")],
    ),
    "resources that are a list": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  - {type: public_ipv4}\n",
        [("spec.yaml:3", "CK104", "name:")],
    ),
    "no resources": ("spec.yaml", "version: 1\nregion: us-east-1\n", [("spec.yaml:1", "CK106", "nothing to price")]),
    "empty resources": (
        "spec.yaml",
        "version: 1\nresources: {}\n",
        [("spec.yaml:2", "CK106", "nothing to price")],
    ),
    "resources without a value": (
        "spec.yaml",
        "version: 1\nresources:\n",
        [("spec.yaml:2", "CK106", "nothing to price")],
    ),
    "no version": (
        "spec.yaml",
        "region: us-east-1\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:1", "CK106", "1")],
    ),
    "an unknown version": (
        "spec.yaml",
        "version: 2\nregion: us-east-1\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:1", "CK104", "1")],
    ),
    "an unknown key of the frame": (
        "spec.yaml",
        "version: 1\nregoin: us-east-1\nresources: {a: {type: public_ipv4, region: us-east-1}}\n",
        [("spec.yaml:2", "CK102", "did you mean region?")],
    ),
    "no region": (
        "spec.yaml",
        "version: 1\nresources:\n  a: {type: public_ipv4}\n",
        [("spec.yaml:3", "CK109", "--region")],
    ),
    "a region that does not exist is told once": (
        "spec.yaml",
        "version: 1\nregion: us-east-9\nresources:\n  a: {type: public_ipv4}\n  b: {type: public_ipv4}\n",
        [("spec.yaml:2", "CK108", "us-east-1")],
    ),
    "a region that is a number": (
        "spec.yaml",
        "version: 1\nregion: 5\nresources:\n  a: {type: public_ipv4}\n",
        [("spec.yaml:2", "CK108", "")],
    ),
    "a default region that is a list is told once": (
        "spec.yaml",
        "version: 1\nregion: [us-east-1]\nresources:\n  a: {type: public_ipv4}\n",
        [("spec.yaml:2", "CK104", "us-east-1")],
    ),
    "a month that the calendar lacks": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nmonth: 2026-13\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:3", "CK104", "2026-02")],
    ),
    "a month of no hours": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nmonth_hours: 0\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:3", "CK110", "744")],
    ),
    "a month of 32 days": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\ndays: 32\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:3", "CK110", "744")],
    ),
    "hours beyond the month": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    type: nat_gateway\n    hours: 731\n",
        [("spec.yaml:6", "CK110", "730")],
    ),
    "more hours than a week has": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nschedule: {hours_per_week: 169}\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:3", "CK110", "168")],
    ),
    "a discount of more than everything": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\ndiscounts:\n  - {percent: 107}\nresources: {a: {type: public_ipv4}}\n",
        [("spec.yaml:4", "CK104", "100")],
    ),
    "an unknown instance type": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    type: ec2_instance\n    instance_type: m5.larg\n",
        [("spec.yaml:6", "CK115", "m5.large")],
    ),
    "a missing instance type": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    type: ec2_instance\n",
        [("spec.yaml:4", "CK106", "for example")],
    ),
    "a second item of a list": (
        "spec.yaml",
        "version: 1\nregion: us-east-1\nresources:\n  a:\n    type: ec2_instance\n    instance_type: m5.large\n"
        "    volumes:\n      - {size: 8}\n      - {size: x}\n",
        [("spec.yaml:9", "CK104", "GB")],
    ),
    "an empty file": ("spec.yaml", "", [("spec.yaml", "CK101", "costkit init")]),
    "a file of white space": ("spec.yaml", " \n\t\n  \n", [("spec.yaml", "CK101", "costkit init")]),
    "a file of comments": ("spec.yaml", "# nothing yet\n", [("spec.yaml", "CK104", "costkit init")]),
    "a file of one word": ("spec.yaml", "hello\n", [("spec.yaml:1", "CK104", "costkit init")]),
    "a file that is a list": ("spec.yaml", "- a\n- b\n", [("spec.yaml:1", "CK104", "costkit init")]),
    "a binary file": ("spec.yaml", bytes(range(256)), [("spec.yaml", "CK101", "right file")]),
    "a file with a zero byte": ("spec.yaml", b"version: 1\n\x00\n", [("spec.yaml", "CK101", "right file")]),
    "a file in UTF-16": ("spec.yaml", "version: 1\n".encode("utf-16"), [("spec.yaml", "CK101", "right file")]),
    "a file in UTF-16 without a mark": (
        "spec.yaml",
        "version: 1\n".encode("utf-16-le"),
        [("spec.yaml", "CK101", "right file")],
    ),
    "a file in Latin-1": ("spec.yaml", "name: caf\xe9\n".encode("latin-1"), [("spec.yaml", "CK101", "right file")]),
    "two documents": ("spec.yaml", f"{ADDRESS}---\n{ADDRESS}", [("spec.yaml:4", "CK111", "one document")]),
    "a tab as indentation": ("spec.yaml", "version: 1\nresources:\n\ta: 1\n", [("spec.yaml:3", "CK111", "")]),
    "a bracket that is never closed": ("spec.yaml", "version: 1\nresources: {a: {\n", [("spec.yaml:3", "CK111", "")]),
    "a key that is a list": ("spec.yaml", "version: 1\n? [a]\n: b\n", [("spec.yaml:2", "CK111", "")]),
    "a raw escape character": ("spec.yaml", "version: 1\nname: \x1b[31m\n", [("spec.yaml:2", "CK111", "")]),
    "brackets nested 100,000 deep in YAML": (
        "spec.yaml",
        "version: 1\nresources: " + "[" * 100_000 + "]" * 100_000,
        [("spec.yaml:2", "CK111", "")],
    ),
    "lists nested 100,000 deep in YAML": ("spec.yaml", "- " * 100_000, [("spec.yaml:1", "CK111", "")]),
    "brackets nested 100,000 deep in JSON": (
        "spec.json",
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        [("spec.json", "CK111", "")],
    ),
    "brackets that are never closed in JSON": ("spec.json", "[" * 100_000, [("spec.json", "CK111", "")]),
    "a colon that is missing in JSON": (
        "spec.json",
        '{"version": 1,\n "resources" {}\n}',
        [("spec.json:2", "CK111", "")],
    ),
    "a spec in JSON that is a list": ("spec.json", "[]", [("spec.json:1", "CK104", "costkit init")]),
    "a duplicate key in JSON": (
        "spec.json",
        '{"version": 1,\n"region": "us-east-1",\n"region": "us-east-2",\n"resources": {"a": {"type": "public_ipv4"}}}',
        [("spec.json:3", "CK103", "line 2")],
    ),
    "a fleet without its columns": (
        "fleet.csv",
        "label,kind\na,public_ipv4\n",
        [("fleet.csv:1", "CK106", "name and type"), ("fleet.csv:1", "CK106", "name and type")],
    ),
    "a fleet with a column twice": (
        "fleet.csv",
        "name,type,region,region\na,public_ipv4,us-east-1,us-east-1\n",
        [("fleet.csv:1", "CK103", "remove")],
    ),
    "a fleet without rows": ("fleet.csv", "name,type,region\n", [("fleet.csv:1", "CK106", "nothing to price")]),
    "every row of a fleet that is wrong": (
        "fleet.csv",
        "name,type,region,memory\n"
        "a,lambda_function,us-east-1,512,9\n"
        "b,lambda_function,us-east-1,64\n"
        "c,public_ipv4,us-east-1,\n"
        "c,public_ipv4,us-east-1,\n"
        ",public_ipv4,us-east-1,\n"
        "d,lambda_function,us-est-1,\n"
        "e,lambda,us-east-1,\n",
        [
            ("fleet.csv:2", "CK104", "quote"),
            ("fleet.csv:3", "CK105", "128"),
            ("fleet.csv:5", "CK103", "unique"),
            ("fleet.csv:6", "CK106", ""),
            ("fleet.csv:7", "CK108", "us-east-1"),
            ("fleet.csv:8", "CK107", "lambda_function"),
        ],
    ),
    "a row of a fleet that runs over two lines is named by its first": (
        "fleet.csv",
        'name,type,region,memory,tag_note\na,lambda_function,us-east-1,64,"two\nlines"\n',
        [("fleet.csv:2", "CK105", "128")],
    ),
    "a quote in a fleet that is never closed": (
        "fleet.csv",
        'name,type,region,tag_team\na,public_ipv4,us-east-1,"web\nb,public_ipv4,us-east-1,web\n',
        [("fleet.csv:2", "CK111", "")],
    ),
    "a list in a fleet with a wrong item": (
        "fleet.csv",
        "name,type,region,instance_type,volumes\na,ec2_instance,us-east-1,t3.micro,kind=gp3;kind=gp9\n",
        [("fleet.csv:2", "CK104", "gp3")],
    ),
    "every problem of a spec": (
        "spec.yaml",
        "version: 1\n"
        "nam: shop\n"
        "region: us-east-1\n"
        "resources:\n"
        "  api:\n"
        "    type: lambda_function\n"
        "    requsts: 30M\n"
        "    memory: 64 MB\n"
        "    duration: 5 parsecs\n"
        "    requests: -3\n"
        "  typo:\n"
        "    type: lamda_function\n"
        "  warehouse:\n"
        "    type: redshift_cluster\n"
        "    node_type: ra3.xlpus\n"
        "    nodes: 2\n"
        "    nodes: 3\n"
        "    region: us-est-1\n"
        "  list:\n"
        "    - x\n",
        [
            ("spec.yaml:2", "CK102", "did you mean name?"),
            ("spec.yaml:7", "CK102", "did you mean requests?"),
            ("spec.yaml:8", "CK105", "128"),
            ("spec.yaml:9", "CK104", "120 ms"),
            ("spec.yaml:10", "CK104", "zero or more"),
            ("spec.yaml:12", "CK107", "did you mean lambda_function"),
            ("spec.yaml:15", "CK115", "ra3.xlplus"),
            ("spec.yaml:17", "CK103", "line 16"),
            ("spec.yaml:18", "CK108", "us-east-1"),
            ("spec.yaml:19", "CK104", "type:"),
        ],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_is_refused_with_all_its_problems(case: str, ask: Any, tmp_path: Path) -> None:
    name, content, expected = FILES[case]
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert_refused(ask("estimate", name), *expected)


def test_a_value_is_quoted_as_it_was_written(ask: Any, tmp_path: Path) -> None:
    text = f"{FUNCTION}    requests: [1, 2]\n    memory: true\n    runtime: {{a: 1}}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.yaml")
    assert [told.where for told in answer.told] == ["spec.yaml:7", "spec.yaml:8", "spec.yaml:9"]
    assert "Decimal" not in answer.err
    assert "True" not in answer.err


def test_two_lengths_of_the_month_are_one_too_many(ask: Any, tmp_path: Path) -> None:
    text = f"{ADDRESS}month: 2026-02\ndays: 30\nmonth_hours: 700\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.yaml")
    assert answer.code == 2
    assert [told.code for told in answer.told] == ["CK113", "CK113"]
    assert {told.where for told in answer.told} < {"spec.yaml:4", "spec.yaml:5", "spec.yaml:6"}


def test_hours_and_a_schedule_are_one_too_many(ask: Any, tmp_path: Path) -> None:
    text = (
        "version: 1\nregion: us-east-1\nresources:\n  nat:\n    type: redshift_cluster\n    node_type: ra3.xlplus\n"
        "    hours: 10\n    schedule: {hours_per_week: 50}\n"
    )
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.yaml")
    assert answer.code == 2
    [told] = answer.told
    assert told.code == "CK113"
    assert told.where in ("spec.yaml:7", "spec.yaml:8")
    assert "keep one" in told.hint


@pytest.mark.parametrize("written", ["1e-7", "0.0000001", ".0000001"])
def test_a_small_number_in_yaml_is_read_exactly(written: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"{FUNCTION}    requests: {written}\n", encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "-f", "json", "--on", TODAY)
    assert answer.code == 0
    assert quantity_of(answer, "requests") == "0.0000001"


def test_a_small_number_in_json_is_read_exactly(ask: Any, tmp_path: Path) -> None:
    text = (
        '{"version": 1, "region": "us-east-1", "resources": {"a": '
        '{"type": "lambda_function", "duration": 1, "requests": 1e-7}}}'
    )
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.json", "-f", "json", "--on", TODAY)
    assert answer.code == 0
    assert quantity_of(answer, "requests") == "0.0000001"


def test_a_number_with_more_digits_than_a_float_keeps_them_all(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"{FUNCTION}    requests: 9007199254740993.0000000001\n", encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "-f", "json", "--on", TODAY)
    assert quantity_of(answer, "requests") == "9007199254740993.0000000001"


def test_a_float_of_a_program_is_refused(book: PriceBook) -> None:
    entry = {"type": "lambda_function", "region": "us-east-1", "requests": 0.1, "duration": 1}
    document = Document("spec", {"version": "1", "resources": {"a": entry}}, {}, ())
    with pytest.raises(CostkitError) as raised:
        read_spec(document, book, TODAY)
    [problem] = raised.value.problems
    assert (problem.code, problem.where) == ("CK104", "spec: resources.a.requests")
    assert "Decimal" in problem.hint


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e1000000", "1e99999999999999999999"])
def test_what_is_no_number_in_json_is_refused_at_its_line(number: str, ask: Any, tmp_path: Path) -> None:
    text = (
        '{"version": 1, "region": "us-east-1", "resources": {"a": {"type": "lambda_function",\n'
        f'"duration": 10,\n"requests": {number}}}}}}}'
    )
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    assert_refused(ask("estimate", "spec.json"), ("spec.json:3", "CK104", ""))


def test_no_copies_cost_nothing(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS.replace("public_ipv4", "public_ipv4, count: 0"), encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "-f", "json", "--on", TODAY)
    assert answer.code == 0
    assert json.loads(answer.out)["total"]["monthly_cost"] == "0"


def test_anchors_that_explode_are_refused_before_they_do(ask: Any, tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    (tmp_path / "spec.yaml").write_text("\n".join(lines), encoding="utf-8")
    answer = ask("estimate", "spec.yaml")
    assert answer.code == 2
    [told] = answer.told
    assert told.code == "CK111"
    assert re.fullmatch(r"spec\.yaml:\d+", told.where)


def test_an_alias_stands_for_what_it_names(ask: Any, tmp_path: Path) -> None:
    text = "version: 1\nregion: us-east-1\nresources:\n  a: &a {type: public_ipv4}\n  b: *a\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "-f", "json", "--on", TODAY)
    # 2 addresses x 730 hours x 0.005 USD
    assert json.loads(answer.out)["total"]["monthly_cost"] == "7.3"


def test_a_file_of_fifty_megabytes_is_refused_with_a_better_way(ask: Any, tmp_path: Path) -> None:
    line = "  name_of_a_resource_{:07}: {{type: public_ipv4}}\n"
    with (tmp_path / "spec.yaml").open("w", encoding="utf-8") as file:
        file.write("version: 1\nregion: us-east-1\nresources:\n")
        file.writelines(line.format(number) for number in range(1_050_000))
    assert (tmp_path / "spec.yaml").stat().st_size > 50 * 10**6
    assert_refused(ask("estimate", "spec.yaml"), ("spec.yaml", "CK101", "JSON or CSV"))


def test_a_directory_is_no_file(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    assert_refused(ask("estimate", "specs"), ("specs", "CK101", "name a file in it"))


def test_a_missing_file_is_named_with_a_way_to_start(ask: Any) -> None:
    assert_refused(ask("estimate", "nothing.yaml"), ("nothing.yaml", "CK101", "costkit init"))
    assert_refused(ask("explain", "nothing.yaml"), ("nothing.yaml", "CK101", "costkit init"))


def test_a_file_in_a_directory_that_is_a_file_is_missing(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    answer = ask("estimate", "spec.yaml/spec.yaml")
    assert answer.code == 2
    assert [told.code for told in answer.told] == ["CK101"]


# What is not there, and what it costs not to know.


def test_a_region_without_a_price_is_left_out_and_said(ask: Any, tmp_path: Path) -> None:
    text = (
        "version: 1\nregion: us-east-1\nresources:\n  here: {type: public_ipv4}\n"
        "  there: {type: public_ipv4, region: mx-central-1}\n"
    )
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--on", TODAY)
    assert answer.code == 0
    # 730 hours x 0.005 USD for the one that has a price
    assert "AT LEAST 3.65 USD" in answer.out
    assert "unpriced" in answer.out
    [told] = answer.told
    assert (told.severity, told.where, told.code) == ("warning", "spec.yaml:5", "CK201")
    assert "costkit prices list public_ipv4" in told.hint
    assert ask("estimate", "spec.yaml", "--on", TODAY, "--strict").code == 4


def test_an_unpriced_charge_is_null_in_json_and_empty_in_csv(ask: Any, tmp_path: Path) -> None:
    text = "version: 1\nregion: mx-central-1\nresources:\n  there: {type: public_ipv4}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    found = json.loads(ask("estimate", "spec.yaml", "--on", TODAY, "-f", "json").out)
    assert found["complete"] is False
    assert found["total"]["monthly_cost"] == "0"
    [charge] = found["resources"][0]["charges"]
    assert (charge["status"], charge["monthly_cost"]) == ("unpriced", None)
    [row] = csv.DictReader(io.StringIO(ask("estimate", "spec.yaml", "--on", TODAY, "-f", "csv").out))
    assert (row["status"], row["monthly_cost"]) == ("unpriced", "")


def test_a_day_before_the_first_price_says_which_day_is_the_first(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--on", "2019-01-01")
    assert answer.code == 0
    assert "AT LEAST 0.00 USD" in answer.out
    [told] = answer.told
    assert (told.severity, told.where, told.code) == ("warning", "spec.yaml:3", "CK202")
    assert "2024-07-01" in told.hint
    assert ask("estimate", "spec.yaml", "--on", "2019-01-01", "--strict").code == 4


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(day: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--on", day)
    assert answer.code == 0
    assert [told.severity for told in answer.told] == ["warning"]


def test_an_age_of_many_years_is_an_age(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    assert ask("estimate", "spec.yaml", "--on", TODAY, "--max-age", "999999d").code == 0


@pytest.mark.parametrize("day", ["nonsense", "2026-02-30", "2026-13-01", "21.11.2026", ""])
def test_a_day_that_is_none_is_refused(day: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--on", day)
    assert (answer.code, answer.out) == (2, "")
    assert "--on" in answer.err
    assert "2026-11-21" in answer.err


# Flags that lead nowhere.


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("api", "path=value"),
        ("=3", "path=value"),
        ("apii.memory=1GB", "did you mean api?"),
        ("wholly.different=1GB", "path=value"),
        ("api.duration.x.y=3", "shorten"),
        ("api=3", "api.memory=1GB"),
    ],
)
def test_a_change_that_leads_nowhere_is_refused(change: str, hint: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(FUNCTION, encoding="utf-8")
    assert_refused(ask("estimate", "spec.yaml", "--set", change), (f"--set {change}", "CK112", hint))


def test_every_change_that_leads_nowhere_is_told_at_once(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(FUNCTION, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--set", "x", "--set", "apii.memory=1GB")
    assert [told.where for told in answer.told] == ["--set x", "--set apii.memory=1GB"]


def test_a_change_to_a_wrong_value_is_told_at_its_flag(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(FUNCTION, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--set", "api.memory=64MB", "--set", "api.requsts=3")
    assert sorted((told.where, told.code) for told in answer.told) == [
        ("--set api.memory=64MB", "CK105"),
        ("--set api.requsts=3", "CK102"),
    ]


def test_a_region_flag_that_is_wrong_is_told_at_the_flag(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    assert_refused(ask("estimate", "spec.yaml", "--region", "eu-west-99"), ("--region", "CK108", "eu-west-1"))


@pytest.mark.parametrize("hours", ["0", "800", "-3", "nan", "many"])
def test_a_length_of_the_month_that_no_month_has_is_told_at_the_flag(hours: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--month-hours", hours)
    assert (answer.code, answer.out) == (2, "")
    assert "--month-hours" in answer.err


def test_every_wrong_flag_of_a_one_liner_is_told_at_once(ask: Any) -> None:
    answer = ask("lambda", "--region", "us-est-1", "--memory", "64", "--duration", "-4", "--count", "1.5")
    assert answer.code == 2
    assert sorted((told.where, told.code) for told in answer.told) == [
        ("--count", "CK104"),
        ("--duration", "CK104"),
        ("--memory", "CK105"),
        ("--region", "CK108"),
    ]


def test_a_region_far_from_all_others_gets_a_hint_too(ask: Any) -> None:
    [told] = ask("public-ipv4", "--region", "xyz").told
    assert (told.where, told.code) == ("--region", "CK108")
    assert told.hint


def test_a_one_liner_without_a_region_names_the_flag(ask: Any) -> None:
    assert_refused(ask("public-ipv4"), ("--region", "CK109", "--region"))


# Files that cannot be written.


def left_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("output", ["json=missing/a.json", "missing/a.json"])
def test_a_file_in_a_missing_directory_cannot_be_written(output: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    assert_refused(ask("estimate", "spec.yaml", "-o", output), ("missing/a.json", "CK116", "directory"))
    assert left_in(tmp_path) == ["spec.yaml"]


@pytest.mark.parametrize("place", ["reports", "."])
def test_a_directory_is_not_written_over(place: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    (tmp_path / "reports").mkdir()
    answer = ask("estimate", "spec.yaml", "-o", f"json={place}")
    assert answer.code == 2
    [told] = answer.told
    assert (told.where, told.code) == (place, "CK116")
    assert "directory" in told.message
    assert left_in(tmp_path) == ["reports", "spec.yaml"]


def test_an_output_without_a_name_is_refused(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "-o", "json=")
    assert answer.code == 2
    assert "json=" in answer.err
    assert left_in(tmp_path) == ["spec.yaml"]


def test_a_pipe_with_a_name_is_written_to_and_not_replaced(command: Any, tmp_path: Path) -> None:
    # The same goes for /dev/stdout and /dev/null, which a test run as root must not put at risk.
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert command("estimate", "spec.yaml", "-o", "json=pipe", "--on", TODAY).code == 0
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert json.loads(os.read(reader, 1 << 16))["total"]["monthly_cost"] == "3.65"
    finally:
        os.close(reader)


def test_a_link_to_a_file_stays_a_link(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    (tmp_path / "real.json").write_text("old", encoding="utf-8")
    (tmp_path / "latest.json").symlink_to("real.json")
    assert ask("estimate", "spec.yaml", "-o", "latest.json", "--on", TODAY).code == 0
    assert (tmp_path / "latest.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text(encoding="utf-8"))["total"]["monthly_cost"] == "3.65"


def test_a_file_written_over_keeps_its_permissions(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    (tmp_path / "a.json").touch(mode=0o640)
    assert ask("estimate", "spec.yaml", "-o", "a.json").code == 0
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


def test_a_refused_spec_leaves_the_old_answer_alone(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "a.json").write_text("old", encoding="utf-8")
    assert ask("estimate", "spec.yaml", "-o", "a.json").code == 2
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "old"


# Text from files that would do harm where it is shown.

EVIL = "\x1b[31m\x1b]0;title\x07\x9b2J\u202e\x7f\r\n\tend"
STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def evil_spec(**frame: Any) -> str:
    """A spec that can be priced, with escapes wherever a text may stand."""
    function = {"type": "lambda_function", "requests": 1, "duration": 1, "tags": {f"k{EVIL}": f"v{EVIL}"}}
    gap = {"type": "public_ipv4", "region": "mx-central-1"}
    resources = {f"api{EVIL}": function, f"gap{EVIL}": gap}
    return json.dumps({"version": 1, "name": f"n{EVIL}", "region": "us-east-1", "resources": resources, **frame})


@pytest.mark.parametrize("form", ["table", "markdown", "explain"])
def test_terminal_escapes_in_names_and_tags_are_defused(form: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(evil_spec(), encoding="utf-8")
    answer = ask("estimate", "spec.json", "-f", form, "--on", TODAY)
    assert answer.code == 0
    assert "api?[31m" in answer.out.replace("\\", "")
    assert STEERING.search(answer.out) is None
    assert STEERING.search(answer.err) is None


def test_terminal_escapes_in_wrong_values_are_defused(ask: Any, tmp_path: Path) -> None:
    wrong = {"type": f"x{EVIL}", "tags": {f"k{EVIL}": [EVIL]}}
    keys = {"type": "lambda_function", f"f{EVIL}": 1, "memory": f"m{EVIL}", "region": f"r{EVIL}"}
    text = evil_spec(**{f"frame{EVIL}": 1, "resources": {f"a{EVIL}": wrong, "b": keys, f"c{EVIL}": EVIL}})
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.json")
    assert answer.code == 2
    assert len(answer.told) == 7
    assert STEERING.search(answer.err) is None


@pytest.mark.parametrize(
    "args",
    [
        ("estimate", f"{EVIL}.yaml"),
        ("estimate", "spec.yaml", "--set", f"{EVIL}=1"),
        ("estimate", "spec.yaml", "--set", f"api.memory={EVIL}"),
        ("estimate", "spec.yaml", "--on", EVIL),
        ("estimate", "spec.yaml", "--region", EVIL),
        ("estimate", "spec.yaml", f"--{EVIL}"),
        ("estimate", "spec.yaml", "-f", EVIL),
        ("explain", "spec.yaml", EVIL),
        ("lambda", "--region", "us-east-1", "--memory", EVIL),
        ("prices", "show", EVIL),
        ("prices", EVIL),
        (EVIL,),
    ],
    ids=lambda args: " ".join(args).replace(EVIL, "EVIL"),
)
def test_terminal_escapes_in_arguments_are_defused(args: tuple[str, ...], ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(FUNCTION, encoding="utf-8")
    answer = ask(*args)
    assert answer.code == 2
    assert STEERING.search(answer.err) is None


def test_half_a_character_in_json_does_no_harm(command: Any, tmp_path: Path) -> None:
    text = r'{"version": 1, "region": "us-east-1", "resources": {"a\ud800": {"type": "public_ipv4"}}}'
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    for form in ("table", "json", "csv", "markdown", "explain"):
        assert command("estimate", "spec.json", "-f", form, "--on", TODAY).code in (0, 2), form


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_in_a_csv_is_text(start: str, ask: Any, tmp_path: Path) -> None:
    formula = f"{start}cmd|' /C calc'!A0"
    entry = {"type": "public_ipv4", "tags": {formula: formula}}
    spec = {"version": 1, "name": formula, "region": "us-east-1", "resources": {formula: entry}}
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    answer = ask("estimate", "spec.json", "-f", "csv", "--on", TODAY)
    assert answer.code == 0
    header, row = csv.reader(io.StringIO(answer.out, newline=""))
    for cell in (*header, *row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert row[header.index("resource")].endswith("cmd|' /C calc'!A0")
    assert row[header.index("monthly_cost")] == "3.65"


def test_a_negative_amount_in_a_csv_stays_a_number(ask: Any) -> None:
    answer = ask("lambda", "--requests", "1", "--duration", "1", "--region", "us-east-1", "-f", "csv", "--on", TODAY)
    amounts = {row["meter"]: row["monthly_cost"] for row in csv.DictReader(io.StringIO(answer.out))}
    assert amounts["free_requests"] == "-0.0000002"


def test_commas_quotes_and_line_breaks_survive_a_csv(ask: Any, tmp_path: Path) -> None:
    name = 'a, "b"\nc'
    spec = {"version": 1, "region": "us-east-1", "resources": {name: {"type": "public_ipv4"}}}
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    answer = ask("estimate", "spec.json", "-f", "csv", "--on", TODAY)
    [row] = csv.DictReader(io.StringIO(answer.out, newline=""))
    assert row["resource"] == name


def test_markup_and_mentions_in_markdown_are_text(ask: Any, tmp_path: Path) -> None:
    name = "a|b @all <img src=x> `c` [d](e) **f** #12 &lt;"
    spec = {"version": 1, "name": name, "region": "us-east-1", "resources": {name: {"type": "public_ipv4"}}}
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    answer = ask("estimate", "spec.json", "-f", "markdown", "--on", TODAY)
    assert answer.code == 0
    [row] = [line for line in answer.out.splitlines() if "img" in line and line.startswith("|")]
    assert len(re.split(r"(?<!\\)\|", row)) == 7
    assert "@" not in answer.out
    assert "<" not in answer.out
    assert not re.search(r"(?<!\\)[`\[\]]", answer.out)
    assert not re.search(r"(?<!\\)(?<!&)#", answer.out)


# Several files.


def test_two_files_with_the_same_resource_are_refused_with_both_places(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(FUNCTION, encoding="utf-8")
    (tmp_path / "two.yaml").write_text(FUNCTION, encoding="utf-8")
    assert_refused(ask("estimate", "one.yaml", "two.yaml"), ("two.yaml:4", "CK103", "one.yaml:4"))


def test_every_missing_file_is_told_at_once(ask: Any) -> None:
    answer = ask("estimate", "one.yaml", "two.yaml")
    assert_refused(answer, ("one.yaml", "CK101", ""), ("two.yaml", "CK101", ""))


@pytest.mark.parametrize("content", ["- a\n", "hello\n", "# nothing\n", "version: 1\n", "version: 1\nresources: [a]\n"])
def test_a_second_file_without_resources_is_refused(content: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(ADDRESS, encoding="utf-8")
    (tmp_path / "two.yaml").write_text(content, encoding="utf-8")
    answer = ask("estimate", "one.yaml", "two.yaml")
    assert answer.code == 2
    assert [told.where.partition(":")[0] for told in answer.told] == ["two.yaml"]


def test_an_unknown_key_in_the_frame_of_a_second_file_is_told(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(ADDRESS, encoding="utf-8")
    two = "version: 1\nregion: us-east-1\ndiscount: 3\nresources: {b: {type: public_ipv4}}\n"
    (tmp_path / "two.yaml").write_text(two, encoding="utf-8")
    assert_refused(ask("estimate", "one.yaml", "two.yaml"), ("two.yaml:3", "CK102", "did you mean discounts?"))


def test_a_second_file_with_another_month_is_not_priced_by_the_first_in_silence(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(ADDRESS, encoding="utf-8")
    two = "version: 1\nregion: us-east-1\nmonth_hours: 100\nresources: {b: {type: public_ipv4}}\n"
    (tmp_path / "two.yaml").write_text(two, encoding="utf-8")
    answer = ask("estimate", "one.yaml", "two.yaml", "--on", TODAY)
    assert "two.yaml:3" in [told.where for told in answer.told]


# Standard input, pipes and signals.


def test_standard_input_is_a_file_like_any_other(command: Any) -> None:
    answer = command("estimate", "-", "-f", "json", "--on", TODAY, stdin=ADDRESS.encode())
    assert answer.code == 0
    assert json.loads(answer.out)["total"]["monthly_cost"] == "3.65"


def test_json_on_standard_input_is_known_by_its_look(command: Any) -> None:
    spec = {"version": 1, "region": "us-east-1", "resources": {"a": {"type": "public_ipv4"}}}
    answer = command("estimate", "-", "-f", "json", "--on", TODAY, stdin=json.dumps(spec).encode())
    assert json.loads(answer.out)["total"]["monthly_cost"] == "3.65"


def test_problems_of_standard_input_have_lines(command: Any) -> None:
    text = f"{FUNCTION}    memory: 64 MB\n"
    assert_refused(command("estimate", "-", stdin=text.encode()), ("stdin:7", "CK105", "128"))
    assert_refused(command("estimate", "-"), ("stdin", "CK101", "costkit init"))


def test_an_answer_that_nobody_reads_is_no_failure(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    for args in (["estimate", "spec.yaml", "--on", TODAY], ["schema", "spec"], ["prices", "list"], ["--help"]):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as nobody:
            done = subprocess.run(
                [sys.executable, "-m", "costkit", *args],
                cwd=tmp_path,
                env=environment,
                stdout=nobody,
                stderr=subprocess.PIPE,
                timeout=120,
                check=False,
            )
        assert (done.returncode, done.stderr) == (0, b""), args


def test_a_reader_that_stops_after_a_line_is_no_failure(tmp_path: Path, environment: dict[str, str]) -> None:
    resources = {f"r{number}": {"type": "public_ipv4", "region": "us-east-1"} for number in range(2000)}
    (tmp_path / "spec.json").write_text(json.dumps({"version": 1, "resources": resources}), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "costkit", "estimate", "spec.json", "-f", "csv", "--on", TODAY],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"name,resource,type")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=120) == 0


def test_a_full_disk_is_a_sentence_and_no_bug(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS, encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "costkit", "estimate", "spec.yaml", "--on", TODAY],
            cwd=tmp_path,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    assert done.returncode not in (0, 1)
    assert_civil(done.stderr.decode())
    assert b"No space left" in done.stderr


def test_ctrl_c_ends_with_130_and_without_a_traceback(tmp_path: Path, environment: dict[str, str]) -> None:
    pipe = tmp_path / "spec.yaml"
    os.mkfifo(pipe)
    # Whoever runs the tests in the background has its children ignore Ctrl-C; this one listens all the same.
    listening = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from costkit.cli.main import main; sys.argv = ['costkit', 'estimate', 'spec.yaml']; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", listening], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        # Opening the pipe for writing works from the moment that the command has it open for reading.
        writer = None
        while writer is None:
            assert process.poll() is None
            try:
                writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                continue
        out = err = b""
        for _ in range(60):
            # A signal in the moment before a system call starts to wait interrupts nothing: it is sent again.
            process.send_signal(signal.SIGINT)
            try:
                out, err = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                continue
        os.close(writer)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in err


# The compiled tables: derived, never trusted more than their source.

ONE = ("public-ipv4", "--region", "us-east-1", "--on", TODAY, "-f", "json")


def test_a_cache_directory_that_cannot_be_written_is_done_without(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file in its place stops root too, whom permissions do not.
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    answer = ask(*ONE)
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out)["total"]["monthly_cost"] == "3.65"


def flip(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


DAMAGE = {
    "empty": lambda content: b"",
    "half of it": lambda content: content[: len(content) // 2],
    "all but the last byte": lambda content: content[:-1],
    "one byte more": lambda content: content + b"\x00",
    "a bit of the header": lambda content: flip(content, 3),
    "a bit of the body": lambda content: flip(content, len(content) // 2),
    "the last bit": lambda content: flip(content, -1),
    "something else": lambda content: b"<html>captive portal</html>",
}


# A team's own table has no compiled copy but the one in the user's cache.
OURS = (*ONE, "--prices", "ours")


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a table, and an empty cache, which is returned: 730 x 0.004 = 2.92."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "public_ipv4.yaml").write_text(ADDRESS_TABLE, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "costkit"


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_copy_of_a_table_is_not_believed(damage: str, ask: Any, cached: Path) -> None:
    right = ask(*OURS)
    assert right.total == "2.92"
    copies = {path: path.read_bytes() for path in cached.iterdir()}
    assert copies
    for path, content in copies.items():
        path.write_bytes(DAMAGE[damage](content))
    assert ask(*OURS) == right
    assert {path: path.read_bytes() for path in cached.iterdir()} == copies


def test_a_copy_in_a_directory_that_others_may_write_to_is_not_believed(ask: Any, cached: Path) -> None:
    right = ask(*OURS)
    assert right.total == "2.92"
    # The shipped table may have a copy beside ours.
    made_of = cache.fingerprint(ADDRESS_TABLE.encode()).encode()
    [path] = [path for path in cached.iterdir() if path.read_bytes().startswith(made_of)]
    header, _, body = path.read_bytes().partition(b"\n")
    table = marshal.loads(body)
    table["meters"]["hour"]["rows"][""]["us-east-1"][0][2] = "0"
    forged = marshal.dumps(table, cache.MARSHAL_FORMAT)
    digest = header.split(b" ")[0]
    path.write_bytes(digest + b" " + cache.fingerprint(forged).encode() + b"\n" + forged)
    assert json.loads(ask(*OURS).out)["total"]["monthly_cost"] == "0"
    cached.chmod(0o777)
    assert ask(*OURS) == right


def test_an_edited_table_is_read_anew(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    table = tmp_path / "ours" / "public_ipv4.yaml"
    table.write_text(ADDRESS_TABLE, encoding="utf-8")
    # 730 x 0.004, then 730 x 0.003
    assert json.loads(ask(*ONE, "--prices", "ours").out)["total"]["monthly_cost"] == "2.92"
    table.write_text(ADDRESS_TABLE.replace("0.004", "0.003"), encoding="utf-8")
    assert json.loads(ask(*ONE, "--prices", "ours").out)["total"]["monthly_cost"] == "2.19"


def test_eight_processes_with_an_empty_cache_all_answer(
    tmp_path: Path, cached: Path, environment: dict[str, str]
) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "costkit", *OURS],
            cwd=tmp_path,
            env={**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(8)
    ]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in running]
    assert len(set(ended)) == 1
    out, err, code = ended[0]
    assert (code, err) == (0, b"")
    assert json.loads(out)["total"]["monthly_cost"] == "2.92"
    names = [path.name for path in cached.iterdir()]
    assert names
    assert all(name.endswith(".table") for name in names)


# Price tables that are wrong.

BAD_TABLES: dict[str, tuple[str | bytes, int]] = {
    "a day that the calendar lacks": (ADDRESS_TABLE.replace("2026-01-01", "2026-13-01"), 8),
    "a number of seconds as a day": (ADDRESS_TABLE.replace("2026-01-01", "1700006400"), 8),
    "a time of day": (ADDRESS_TABLE.replace("2026-01-01", "2026-01-01T00:00:00"), 8),
    "a negative price": (ADDRESS_TABLE.replace("0.004", "-0.004"), 8),
    "no price": (ADDRESS_TABLE.replace(", price: 0.004", ""), 8),
    "no source": (ADDRESS_TABLE.replace(", source: OURS", ""), 8),
    "an unknown key": (ADDRESS_TABLE.replace("source: OURS", "source: OURS, colour: red"), 8),
    "another currency": (ADDRESS_TABLE.replace("USD", "EUR"), 2),
    "an unknown unit": (ADDRESS_TABLE.replace("address-hour", "parsec"), 5),
    "a region that does not exist": (ADDRESS_TABLE.replace("us-east-1", "us-east-99"), 8),
    "the name of another table": (ADDRESS_TABLE.replace("table: public_ipv4", "table: nat_gateway"), 1),
    "a tier that starts late": (ADDRESS_TABLE.replace("price: 0.004", "tiers: {5: 1}"), 8),
    "tiers that fall": (ADDRESS_TABLE.replace("price: 0.004", "tiers: {0: 1, 5: 2, 3: 4}"), 8),
    "an empty table": ("# nothing\n", 1),
    "a table that is a list": ("- a\n", 1),
    "a table that is no YAML": (ADDRESS_TABLE + "  [\n", 10),
    "a table that is no text": (b"\xff\xfe\x00", 0),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_table_that_is_wrong_is_refused_at_its_line(case: str, ask: Any, tmp_path: Path) -> None:
    content, line = BAD_TABLES[case]
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "public_ipv4.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    place = f"ours/public_ipv4.yaml:{line}" if line else "ours/public_ipv4.yaml"
    for args in (("prices", "check", "ours"), ("public-ipv4", "--region", "us-east-1", "--prices", "ours")):
        answer = ask(*args)
        assert (answer.code, answer.out) == (2, ""), args
        assert [told.where for told in answer.told] == [place], args


def test_a_list_of_sources_that_is_wrong_is_refused(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "public_ipv4.yaml").write_text(ADDRESS_TABLE, encoding="utf-8")
    (tmp_path / "ours" / "sources.yaml").write_text("- OURS\n", encoding="utf-8")
    answer = ask("prices", "check", "ours")
    assert answer.code == 2
    assert answer.told[0].where == "ours/sources.yaml:1"
    assert ask("public-ipv4", "--region", "us-east-1", "--prices", "ours", "-f", "explain").code == 2


def test_amounts_in_a_broken_month_stay_decimals(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"{ADDRESS}month: 2026-02\n", encoding="utf-8")
    found = json.loads(ask("estimate", "spec.yaml", "-f", "json", "--on", TODAY).out)
    # 28 days x 24 hours x 0.005 USD
    assert found["month_hours"] == "672"
    assert Decimal(found["total"]["monthly_cost"]) == Decimal("3.36")


# The page that explains the codes.


def test_every_code_is_explained_once() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "costkit").rglob("*.py")]
    told = {code for source in sources for code in re.findall(r"\bCK\d{3}\b", source)}
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (CK\d{3}) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert [code for code, _, _ in rows] == sorted(told)
