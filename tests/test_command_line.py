"""The command line as people and programs use it: formats, screens, colours, prices, exit codes, completion."""

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from asking import ADDRESS, Answer
from conftest import ROOT, TODAY
from jsonschema import Draft202012Validator

from costkit.inputs.binding import fields_of
from costkit.model.kind import Nested
from costkit.services import command_of, service, types

ESCAPE = "\x1b"
SHOP = """\
version: 1
name: shop
region: us-east-1
tags: {team: web, env: prod}
discounts:
  - {percent: 7, types: ["lambda_*"], reason: EDP}
resources:
  api:
    type: lambda_function
    architecture: arm64
    memory: 512 MB
    requests: {low: 10M, expected: 30M, high: 90M}
    duration: 120 ms
  batch:
    type: lambda_function
    requests: 1M
    duration: 70 ms
    memory: 1769 MB
    tags: {team: data}
  address:
    type: public_ipv4
    count: 3
  elsewhere:
    type: public_ipv4
    region: mx-central-1
  bucket:
    type: s3_bucket
    storage: 1 TB
  database_of_the_department_for_everything_else_and_more:
    type: redshift_cluster
    node_type: ra3.xlplus
    nodes: 2
    managed_storage: 4 TB
    purchase: {term: 1y, payment: all_upfront}
"""
FUNCTION = """\
version: 1
region: us-east-1
resources:
  api:
    type: lambda_function
    architecture: arm64
    memory: 512 MB
    requests: 30M
    duration: 120 ms
"""
OURS = f"""\
table: public_ipv4
currency: USD
meters:
  hour:
    unit: address-hour
    title: Public IPv4 address
    rows:
      - {{region: us-east-1, effective: 2026-01-01, confirmed: 2026-06-30, price: 0.003, source: CONTRACT}}
      - {{region: us-east-1, effective: 2026-07-01, confirmed: {TODAY}, price: 0.004, source: CONTRACT}}
"""
SOURCES = "CONTRACT:\n  title: Our contract with AWS\n  date: 2026-01-01\n"


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A spec with ranges, tags, a discount, an upfront payment, something unpriced and something unstated."""
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    return "shop.yaml"


@pytest.fixture
def function(tmp_path: Path) -> str:
    """A spec of one function; its charges are 6, 24.00012, -0.2 and -5.33336 USD."""
    (tmp_path / "function.yaml").write_text(FUNCTION, encoding="utf-8")
    return "function.yaml"


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A spec of one address: 730 hours x 0.005 USD."""
    (tmp_path / "address.yaml").write_text(ADDRESS, encoding="utf-8")
    return "address.yaml"


@pytest.fixture
def ours(tmp_path: Path) -> str:
    """A directory with prices of our own: an address costs 0.004 USD an hour."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "public_ipv4.yaml").write_text(OURS, encoding="utf-8")
    (tmp_path / "ours" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return "ours"


# Formats.


def test_the_table_is_the_answer_unless_another_format_is_asked_for(function: str, ask: Any) -> None:
    answer = ask("estimate", function, "--on", TODAY)
    assert answer.code == 0
    assert answer.out.splitlines()[0].split() == ["Name", "Quantity", "Unit", "Unit", "price", "Monthly", "cost"]
    # 6 + 24.00012 - 0.2 - 5.33336 = 24.46676
    assert re.search(r"^Total a month +24\.47 USD$", answer.out, re.MULTILINE)


def test_the_json_is_as_its_schema_says(shop: str, ask: Any) -> None:
    schema = ask("schema", "estimate").tree
    Draft202012Validator.check_schema(schema)
    answer = ask("estimate", shop, "-f", "json", "--on", TODAY)
    assert answer.code == 0
    Draft202012Validator(schema).validate(answer.tree)


def test_the_json_of_every_one_line_command_is_as_its_schema_says(ask: Any) -> None:
    validator = Draft202012Validator(ask("schema", "estimate").tree)
    for args in (
        ("lambda", "--requests", "1M"),
        ("redshift", "--node-type", "ra3.xlplus"),
        ("ec2", "--instance-type", "m5.large", "--volume", "kind=gp3,size=100GB", "--volume", "size=8GB"),
        ("fargate", "--vcpu", "1", "--memory", "2GB"),
        ("nat", "--processed", "1..2..3"),
    ):
        answer = ask(*args, "--region", "us-east-1", "-f", "json", "--on", TODAY)
        assert answer.code == 0, answer.err
        validator.validate(answer.tree)


def test_the_json_has_every_key_that_programs_rely_on(shop: str, ask: Any) -> None:
    tree = ask("estimate", shop, "-f", "json", "--on", TODAY).tree
    assert list(tree) == [
        "schema_version",
        "tool_version",
        "name",
        "currency",
        "on",
        "month_hours",
        "complete",
        "total",
        "resources",
        "account",
        "problems",
        "prices",
    ]
    assert (tree["schema_version"], tree["name"], tree["currency"], tree["on"]) == (1, "shop", "USD", TODAY)
    assert (tree["month_hours"], tree["complete"]) == ("730", False)
    assert [resource["name"] for resource in tree["resources"]][:3] == ["api", "batch", "address"]
    assert tree["resources"][1]["tags"] == {"team": "data", "env": "prod"}
    statuses = {charge["status"] for resource in tree["resources"] for charge in resource["charges"]}
    assert statuses == {"priced", "unpriced", "needs_usage", "allowance"}


def test_no_number_in_the_json_is_a_float_or_has_an_exponent(shop: str, ask: Any) -> None:
    def refuse(text: str) -> None:
        raise AssertionError(f"a float in the JSON: {text}")

    answer = ask("estimate", shop, "-f", "json", "--on", TODAY, "--set", "api.requests=1e-9")
    json.loads(answer.out, parse_float=refuse, parse_constant=refuse)
    assert not re.search(r'"-?\d+(\.\d+)?[eE][+-]?\d+"', answer.out)


def amounts(text: str, column: str = "monthly_cost") -> Fraction:
    return sum((Fraction(row[column]) for row in csv.DictReader(io.StringIO(text)) if row[column]), Fraction(0))


@pytest.mark.parametrize("days", ["28", "30", "31"])
def test_the_amounts_of_the_csv_add_up_to_the_total_of_the_json(days: str, ask: Any, tmp_path: Path) -> None:
    # Shares in thirds and sevenths have no last digit; they must add up all the same.
    text = SHOP + f"  third: {{type: lambda_function, requests: 3333333, duration: 7 ms}}\ndays: {days}\n"
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    tree = ask("estimate", "shop.yaml", "-f", "json", "--on", TODAY).tree
    rows = ask("estimate", "shop.yaml", "-f", "csv", "--on", TODAY).out
    assert amounts(rows) == Fraction(tree["total"]["monthly_cost"])
    assert sum(Fraction(one["monthly_cost"]) for one in tree["resources"]) == Fraction(tree["total"]["monthly_cost"])


def test_the_csv_has_the_columns_that_programs_rely_on(shop: str, ask: Any) -> None:
    answer = ask("estimate", shop, "-f", "csv", "--on", TODAY)
    assert answer.out.partition("\r\n")[0] == (
        "name,resource,type,region,meter,description,quantity,unit,unit_price,monthly_cost,low,high,currency,status,"
        "price_date,source,tag_env,tag_team"
    )
    assert "\n" not in answer.out.replace("\r\n", "")
    assert "Total" not in answer.out
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert {row["currency"] for row in rows} == {"USD"}
    assert {row["tag_team"] for row in rows if row["resource"] == "batch"} == {"data"}
    assert all(
        re.fullmatch(r"(-?\d+(\.\d+)?)?", row[column]) for row in rows for column in ("quantity", "monthly_cost")
    )


def test_the_markdown_is_a_table_with_its_total_above(function: str, ask: Any) -> None:
    lines = ask("estimate", function, "-f", "markdown", "--on", TODAY).out.splitlines()
    assert "24.47 USD" in lines[0]
    assert lines[1] == ""
    rows = [line for line in lines if line.startswith("|")]
    assert re.fullmatch(r"\|(:?-+:?\|)+", rows[1])
    assert {line.count("|") for line in rows} == {6}


def test_the_explanation_shows_arithmetic_lines_and_sources(function: str, ask: Any) -> None:
    answer = ask("explain", function, "--on", TODAY)
    assert answer.code == 0
    assert "cost: 30000000 x 0.0000002 = 6 USD" in answer.out
    assert "  requests: 30M  (function.yaml:8)" in answer.out
    assert re.search(
        r"price of \d{4}-\d\d-\d\d, last seen \d{4}-\d\d-\d\d: pricing/lambda_function\.yaml:\d+", answer.out
    )
    assert answer == ask("estimate", function, "-f", "explain", "--on", TODAY)


def test_the_explanation_of_a_json_spec_names_lines_too(ask: Any, tmp_path: Path) -> None:
    text = '{"version": 1, "region": "us-east-1", "resources": {"address":\n{"type": "public_ipv4",\n"count": 3}}}\n'
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    assert "  count: 3  (spec.json:3)" in ask("explain", "spec.json", "--on", TODAY).out


def test_a_warning_about_a_json_spec_names_its_line_too(ask: Any, tmp_path: Path) -> None:
    text = '{"version": 1, "resources": {"address":\n{"type": "public_ipv4",\n"region": "mx-central-1"}}}\n'
    (tmp_path / "spec.json").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.json", "--on", TODAY)
    assert re.match(r"warning: spec\.json:[12]: CK201 ", answer.err)


def test_one_resource_can_be_explained_alone(shop: str, ask: Any) -> None:
    answer = ask("explain", shop, "address", "--on", TODAY)
    # 3 x 730 hours x 0.005 USD
    assert answer.out.startswith("address  10.95\n")
    assert "batch" not in answer.out
    assert "Part of a total of AT LEAST" in answer.out


def test_a_resource_that_is_not_there_cannot_be_explained(shop: str, ask: Any) -> None:
    answer = ask("explain", shop, "batsh")
    assert answer.code == 2
    assert "CK117" in answer.err
    assert "did you mean batch?" in answer.err


def test_several_outputs_are_each_in_their_format(function: str, ask: Any, tmp_path: Path) -> None:
    outputs = [
        "-o",
        "json=a.json",
        "-o",
        "csv=b.csv",
        "-o",
        "markdown=c.md",
        "-o",
        "table=d.txt",
        "-o",
        "explain=e.txt",
    ]
    answer = ask("estimate", function, "--on", TODAY, *outputs)
    assert (answer.code, answer.out) == (0, "")
    for name, form in (
        ("a.json", "json"),
        ("b.csv", "csv"),
        ("c.md", "markdown"),
        ("d.txt", "table"),
        ("e.txt", "explain"),
    ):
        written = (tmp_path / name).read_bytes().decode()
        assert written == ask("estimate", function, "--on", TODAY, "-f", form).out, name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.csv", "c.md", "d.txt", "e.txt", function]


def test_an_output_without_a_format_goes_by_its_name(function: str, ask: Any, tmp_path: Path) -> None:
    assert ask("estimate", function, "--on", TODAY, "-o", "a.json", "-o", "b.csv").code == 0
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["total"]["monthly_cost"] == "24.46676"
    assert (tmp_path / "b.csv").read_text(encoding="utf-8").startswith("name,resource,")


def test_a_format_for_the_screen_goes_beside_files(function: str, ask: Any, tmp_path: Path) -> None:
    answer = ask("estimate", function, "--on", TODAY, "-f", "table", "-o", "json=a.json")
    assert answer.out.startswith("Name ")
    assert (tmp_path / "a.json").exists()


def test_a_file_that_is_there_is_written_over_whole(function: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("x" * 100_000, encoding="utf-8")
    assert ask("estimate", function, "--on", TODAY, "-o", "a.json").code == 0
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["total"]["monthly_cost"] == "24.46676"


def test_a_minus_as_output_is_standard_output(function: str, ask: Any) -> None:
    assert ask("estimate", function, "--on", TODAY, "-o", "json=-").total == "24.46676"


# A spec to start from.


def test_the_spec_to_start_from_is_as_the_schema_says_and_can_be_priced(ask: Any, tmp_path: Path) -> None:
    answer = ask("init", "--region", "us-east-1")
    assert answer.code == 0
    assert "costkit.yaml" in answer.out
    schema = ask("schema", "spec").tree
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(yaml.safe_load((tmp_path / "costkit.yaml").read_text(encoding="utf-8")))
    priced = ask("estimate", "--on", TODAY, "-f", "json")
    assert priced.code == 0
    assert priced.tree["complete"] is True
    # 30M requests: 6 + 24.00012 - 0.2 - 5.33336; an HTTP API: 30; two tasks: 2 x 730 x (0.5 x 0.04048 + 0.004445)
    assert priced.total == "90.50686"


def test_a_spec_that_is_there_is_not_written_over(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "costkit.yaml").write_text("mine", encoding="utf-8")
    answer = ask("init")
    assert answer.code == 2
    assert "CK116" in answer.err
    assert "--force" in answer.err
    assert (tmp_path / "costkit.yaml").read_text(encoding="utf-8") == "mine"
    assert ask("init", "--force").code == 0


def test_a_spec_to_start_from_needs_a_region_that_exists(ask: Any, tmp_path: Path) -> None:
    answer = ask("init", "--region", "eu-wst-1")
    assert answer.code == 2
    assert "eu-west-1" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"requests": [1]}, {"type": "lamda_function"}, {"memory": None}])
def test_the_schema_of_a_spec_refuses_what_costkit_refuses(wrong: dict[str, Any], ask: Any) -> None:
    validator = Draft202012Validator(ask("schema", "spec").tree)
    spec = {"version": 1, "region": "us-east-1", "resources": {"a": {"type": "lambda_function", "requests": "1M"}}}
    assert validator.is_valid(spec)
    spec["resources"] = {"a": {"type": "lambda_function", "requests": "1M", **wrong}}
    assert not validator.is_valid(spec)


def test_every_price_table_that_ships_is_as_the_schema_says(ask: Any) -> None:
    schema = ask("schema", "prices").tree
    Draft202012Validator.check_schema(schema)
    table = {"table": "x", "currency": "USD", "meters": {}}
    assert Draft202012Validator(schema).is_valid(table)
    assert not Draft202012Validator(schema).is_valid({**table, "colour": "red"})


# Screens.


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_is_never_wider_than_the_screen(columns: int, shop: str, ask: Any) -> None:
    answer = ask("estimate", shop, "--on", TODAY, COLUMNS=str(columns))
    assert answer.code == 0
    assert max(len(line) for line in answer.out.splitlines()) <= columns


@pytest.mark.parametrize("columns", [80, 120])
def test_a_long_word_in_a_name_is_not_wider_than_the_screen(columns: int, ask: Any, tmp_path: Path) -> None:
    name = "n" * 150
    (tmp_path / "spec.yaml").write_text(ADDRESS.replace("address", name), encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--on", TODAY, COLUMNS=str(columns))
    assert max(len(line) for line in answer.out.splitlines()) <= columns
    assert answer.out.count("n") >= 150


def test_wide_characters_count_twice(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(ADDRESS.replace("address", "住所" * 30), encoding="utf-8")
    lines = ask("estimate", "spec.yaml", "--on", TODAY, COLUMNS="80").out.splitlines()
    assert max(len(line) + sum("\u4e00" <= letter <= "\u9fff" for letter in line) for line in lines) <= 80


def test_the_amounts_of_the_table_stand_below_each_other(shop: str, ask: Any) -> None:
    for columns in ("80", "120"):
        lines = ask("estimate", shop, "--on", TODAY, "--set", "api.requests=30M", COLUMNS=columns).out.splitlines()
        ends = {len(line) for line in lines if re.search(r"  -?[\d,]+\.\d\d$", line)}
        assert ends == {len(lines[0])}


def test_in_a_pipe_the_table_has_its_natural_width(shop: str, ask: Any) -> None:
    lines = ask("estimate", shop, "--on", TODAY).out.splitlines()
    assert any(
        "database_of_the_department_for_everything_else_and_more (redshift_cluster, us-east-1)" in line
        for line in lines
    )
    assert any(re.match(r"  Public IPv4 address +2,190 +address-hour +0\.005 +10\.95 ", line) for line in lines)


def on_a_screen(environment: dict[str, str], directory: Path, columns: int, *args: str, **changes: str) -> str:
    """What the command writes to a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "costkit", *args],
        cwd=directory,
        env={**environment, **changes},
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(slave)
        read = b""
        try:
            while piece := os.read(master, 1 << 16):
                read += piece
        except OSError:
            pass  # Linux says so when the other end is closed.
        os.close(master)
        assert process.wait(timeout=120) == 0
    return read.decode()


def test_a_terminal_gets_colour_and_its_own_width(shop: str, environment: dict[str, str], tmp_path: Path) -> None:
    shown = on_a_screen(environment, tmp_path, 90, "estimate", shop, "--on", TODAY)
    assert ESCAPE in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert ESCAPE not in plain
    assert max(len(line) for line in plain.splitlines()) <= 90


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(
    changes: dict[str, str], function: str, environment: dict[str, str], tmp_path: Path
) -> None:
    assert ESCAPE not in on_a_screen(environment, tmp_path, 90, "estimate", function, "--on", TODAY, **changes)


def test_a_terminal_of_unknown_width_gets_the_natural_table(
    function: str, environment: dict[str, str], tmp_path: Path, ask: Any
) -> None:
    # Terminals made by programs (docker, CI) often say that they have 0 columns.
    shown = on_a_screen(environment, tmp_path, 0, "estimate", function, "--on", TODAY, NO_COLOR="1")
    assert shown.splitlines() == ask("estimate", function, "--on", TODAY).out.splitlines()


def test_programs_get_no_colour_even_on_a_terminal(function: str, environment: dict[str, str], tmp_path: Path) -> None:
    shown = on_a_screen(environment, tmp_path, 90, "estimate", function, "--on", TODAY, "-f", "json")
    assert ESCAPE not in shown
    assert json.loads(shown)["complete"] is True


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown", "explain"])
def test_a_pipe_gets_no_escape_codes(form: str, shop: str, ask: Any) -> None:
    answer = ask("estimate", shop, "--on", TODAY, "-f", form)
    assert ESCAPE not in answer.out
    assert ESCAPE not in answer.err


def test_colour_can_be_asked_for_and_refused(function: str, ask: Any) -> None:
    plain = ask("estimate", function, "--on", TODAY).out
    coloured = ask("estimate", function, "--on", TODAY, "--color", "always").out
    assert ESCAPE in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert ask("estimate", function, "--on", TODAY, "--color", "always", NO_COLOR="1").out == coloured
    assert ask("estimate", function, "--on", TODAY, "--color", "never", FORCE_COLOR="1").out == plain


def test_a_file_gets_no_colour_because_the_screen_has_some(function: str, ask: Any, tmp_path: Path) -> None:
    assert ask("estimate", function, "--on", TODAY, "-o", "table=a.txt", FORCE_COLOR="1", COLUMNS="80").code == 0
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == ask("estimate", function, "--on", TODAY).out


# Options.


def test_quiet_silences_warnings_and_not_the_answer(shop: str, ask: Any) -> None:
    loud = ask("estimate", shop, "--on", TODAY)
    quiet = ask("estimate", shop, "--on", TODAY, "-q")
    assert "warning: shop.yaml:" in loud.err
    assert quiet == Answer(loud.code, loud.out, "")


def test_quiet_does_not_silence_errors(ask: Any) -> None:
    assert "CK101" in ask("estimate", "nothing.yaml", "-q").err


def test_what_if_changes_the_price_and_is_named_in_the_explanation(function: str, ask: Any) -> None:
    # 60M requests: 12 + 48.00024 - 0.2 - 5.33336
    answer = ask("estimate", function, "--on", TODAY, "-f", "json", "--set", "api.requests=60M")
    assert answer.total == "54.46688"
    explained = ask("explain", function, "--on", TODAY, "--set", "api.requests=60M")
    assert "  requests: 60M  (--set api.requests=60M)" in explained.out


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        (["api.count=2"], "54.46688"),
        (["resources.api.count=2"], "54.46688"),
        (["free_tier=false"], "30.00012"),
        (["api.requests=30M..60M..90M"], "54.46688"),
        (["api.requests=40/h", "month_hours=700", "free_tier=false"], "0.0280001120"),
    ],
)
def test_what_if_reaches_every_place_of_a_spec(changes: list[str], total: str, function: str, ask: Any) -> None:
    # The last: 40 x 700 = 28,000 requests, 0.0056 USD, and 1,680 GB-seconds, 0.022400112 USD.
    flags = [flag for change in changes for flag in ("--set", change)]
    answer = ask("estimate", function, "--on", TODAY, "-f", "json", *flags)
    assert answer.code == 0, answer.err
    assert Decimal(answer.total) == Decimal(total)


def test_the_free_tier_can_be_left_out(function: str, ask: Any) -> None:
    # 6 + 24.00012
    assert ask("estimate", function, "--on", TODAY, "-f", "json", "--no-free-tier").total == "30.00012"
    assert ask("estimate", function, "--on", TODAY, "-f", "json", "--free-tier").total == "24.46676"


def test_a_flag_for_the_free_tier_comes_before_the_spec(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"{FUNCTION}free_tier: false\n", encoding="utf-8")
    assert ask("estimate", "spec.yaml", "--on", TODAY, "-f", "json").total == "30.00012"
    assert ask("estimate", "spec.yaml", "--on", TODAY, "-f", "json", "--free-tier").total == "24.46676"


def test_the_length_of_the_month_can_be_given(address: str, ask: Any) -> None:
    # 720 and 744 hours x 0.005 USD
    assert ask("estimate", address, "--on", TODAY, "-f", "json", "--month-hours", "720").total == "3.6"
    answer = ask("public-ipv4", "--region", "us-east-1", "--on", TODAY, "-f", "json", "--month-hours", "744")
    assert (answer.total, answer.tree["month_hours"]) == ("3.72", "744")


def test_a_region_flag_is_for_resources_that_name_none(ask: Any, tmp_path: Path) -> None:
    text = "version: 1\nresources:\n  a: {type: public_ipv4}\n  b: {type: public_ipv4, region: us-east-1}\n"
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    answer = ask("estimate", "spec.yaml", "--on", TODAY, "-f", "json", "--region", "mx-central-1")
    assert [resource["region"] for resource in answer.tree["resources"]] == ["mx-central-1", "us-east-1"]
    assert answer.total == "3.65"


def test_several_files_are_one_account(function: str, address: str, ask: Any) -> None:
    answer = ask("estimate", function, address, "--on", TODAY, "-f", "json")
    # 24.46676 + 3.65
    assert answer.total == "28.11676"
    assert [resource["name"] for resource in answer.tree["resources"]] == ["api", "address"]


def test_two_files_share_one_free_tier(function: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(FUNCTION.replace("api:", "other:"), encoding="utf-8")
    # 2 x 30.00012 - 0.2 - 5.33336
    assert ask("estimate", function, "two.yaml", "--on", TODAY, "-f", "json").total == "54.46688"


def test_a_second_file_keeps_its_own_region_and_tags(address: str, ask: Any, tmp_path: Path) -> None:
    two = "version: 1\nregion: eu-west-1\ntags: {team: data}\nresources: {b: {type: lambda_function, tags: {x: y}}}\n"
    (tmp_path / "two.yaml").write_text(two, encoding="utf-8")
    tree = ask("estimate", address, "two.yaml", "--on", TODAY, "-f", "json").tree
    assert [(one["region"], one["tags"]) for one in tree["resources"]] == [
        ("us-east-1", {}),
        ("eu-west-1", {"team": "data", "x": "y"}),
    ]


# The spec of a project.


def test_the_spec_is_found_upward_to_the_root_of_the_repository(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "repository" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / "costkit.yaml").write_text(ADDRESS, encoding="utf-8")
    monkeypatch.chdir(inner)
    answer = ask("estimate", "--on", TODAY, "-f", "json", "--region", "us-east-1")
    assert (answer.code, answer.total) == (0, "3.65")


def test_the_spec_is_not_looked_for_beyond_the_repository(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "repository" / "a"
    inner.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "costkit.yaml").write_text(ADDRESS, encoding="utf-8")
    monkeypatch.chdir(inner)
    for command in ("estimate", "explain"):
        answer = ask(command)
        assert answer.code == 2
        assert answer.err.startswith("costkit.yaml: CK101 ")
        assert "costkit init" in answer.err


def test_a_worktree_whose_git_is_a_file_is_a_root_too(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    (tmp_path / "costkit.yaml").write_text(ADDRESS, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "tree")
    assert ask("estimate").code == 2


def test_a_spec_found_above_is_named_without_the_machine(
    ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "costkit.yaml").write_text("version: 1\nregoin: x\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "a")
    answer = ask("estimate")
    assert "../costkit.yaml:2: CK102 " in answer.err
    assert str(tmp_path) not in answer.err


# Prices.


def test_prices_of_our_own_come_before_the_shipped_ones(address: str, ours: str, ask: Any) -> None:
    answer = ask("estimate", address, "--on", TODAY, "-f", "json", "--prices", ours)
    # 730 x 0.004
    assert answer.total == "2.92"
    [charge] = answer.tree["resources"][0]["charges"]
    assert charge["source"] == "overlay:ours/public_ipv4.yaml:9 CONTRACT"
    assert (charge["unit_price"], charge["price_date"]) == ("0.004", "2026-07-01")


def test_prices_of_our_own_go_by_their_dates(address: str, ours: str, ask: Any) -> None:
    # 730 x 0.003 in the first half of the year; before that the shipped 0.005
    assert ask("estimate", address, "--on", "2026-06-30", "-f", "json", "--prices", ours).total == "2.19"
    assert ask("estimate", address, "--on", "2025-12-31", "-f", "json", "--prices", ours).total == "3.65"


def test_prices_of_our_own_are_explained_by_their_title(address: str, ours: str, ask: Any) -> None:
    answer = ask("explain", address, "--on", TODAY, "--prices", ours)
    assert "ours/public_ipv4.yaml:9" in answer.out
    assert "CONTRACT: Our contract with AWS" in answer.out


def test_the_first_of_several_price_directories_wins(address: str, ours: str, ask: Any, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "public_ipv4.yaml").write_text(OURS.replace("0.004", "0.001"), encoding="utf-8")
    flags = ("--on", TODAY, "-f", "json")
    assert ask("estimate", address, *flags, "--prices", "theirs", "--prices", ours).total == "0.73"
    assert ask("estimate", address, *flags, "--prices", ours, "--prices", "theirs").total == "2.92"


@pytest.mark.parametrize(
    ("flags", "on", "code", "warned"),
    [
        ([], "2026-11-21", 0, False),
        ([], "2027-02-19", 0, False),
        ([], "2027-02-20", 0, True),
        (["--strict"], "2027-02-19", 0, False),
        (["--strict"], "2027-02-20", 4, True),
        (["--max-age", "0"], "2026-11-21", 0, False),
        (["--max-age", "0d"], "2026-11-22", 4, True),
        (["--max-age", "30d"], "2026-12-22", 4, True),
        (["--max-age", "31"], "2026-12-22", 0, False),
        (["--strict", "--max-age", "1000"], "2027-02-20", 0, False),
        (["-q", "--max-age", "0"], "2026-11-22", 4, False),
    ],
)
def test_stale_prices_warn_or_fail(
    flags: list[str], on: str, code: int, warned: bool, address: str, ours: str, ask: Any
) -> None:
    # Last confirmed on 2026-11-21: 90 days later it is 2027-02-19, 31 days later 2026-12-22.
    answer = ask("estimate", address, "--prices", ours, "--on", on, *flags)
    assert answer.code == code
    assert ("CK203" in answer.err) == warned
    assert "2.92 USD" in answer.out


@pytest.mark.parametrize("age", ["old", "-1", "", "1.5"])
def test_an_age_that_is_no_number_of_days_is_refused(age: str, address: str, ask: Any) -> None:
    answer = ask("estimate", address, "--max-age", age)
    assert (answer.code, answer.out) == (2, "")
    assert "--max-age" in answer.err


def test_strict_fails_for_usage_that_is_not_stated(ask: Any) -> None:
    args = ("lambda", "--region", "us-east-1", "--requests", "1M", "--on", TODAY)
    loud, strict = ask(*args), ask(*args, "--strict")
    assert (loud.code, strict.code) == (0, 4)
    assert loud.out == strict.out
    assert "AT LEAST" in loud.out
    assert "depends on usage" in loud.err


def test_strict_fails_after_the_files_are_written(ask: Any, tmp_path: Path) -> None:
    args = ("public-ipv4", "--region", "mx-central-1", "--on", TODAY, "--strict", "-o", "a.json", "-o", "b.csv")
    assert ask(*args).code == 4
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["complete"] is False
    assert (tmp_path / "b.csv").exists()


def test_the_list_of_prices_says_what_is_proven(ask: Any) -> None:
    answer = ask("prices", "list", "public_ipv4", "-f", "csv")
    assert answer.code == 0
    [row] = csv.DictReader(io.StringIO(answer.out))
    assert (row["table"], row["meter"], row["unit"]) == ("public_ipv4", "hour", "address-hour")
    tables = {row["table"] for row in csv.DictReader(io.StringIO(ask("prices", "list", "-f", "csv").out))}
    assert set(types()) <= tables


def test_the_list_of_prices_contains_our_own(ours: str, ask: Any) -> None:
    [row] = ask("prices", "list", "public_ipv4", "--prices", ours, "-f", "json").tree["rows"]
    assert row["last_seen"] == TODAY


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_prices_are_shown_in_every_format(form: str, ask: Any) -> None:
    answer = ask("prices", "show", "lambda_function", "requests", "--region", "eu-*", "-f", form)
    assert answer.code == 0
    assert "eu-west-1" in answer.out
    assert "us-east-1" not in answer.out
    assert "0.0000002" in answer.out


def test_prices_of_a_day_are_those_that_hold_on_it(ours: str, ask: Any) -> None:
    rows = ask("prices", "show", "public_ipv4", "--prices", ours, "--on", TODAY, "-f", "json").tree["rows"]
    assert [row["price"] for row in rows if row["row"].startswith("overlay:ours/")] == ["0.004"]
    rows = ask("prices", "show", "public_ipv4", "--prices", ours, "--on", "2026-03-01", "-f", "json").tree["rows"]
    assert [row["price"] for row in rows if row["row"].startswith("overlay:ours/")] == ["0.003"]


def test_what_has_no_price_cannot_be_shown(ask: Any) -> None:
    asked = {
        ("reqests",): "CK107",
        ("requests", "--region", "mars-1"): "CK108",
        ("response_streaming.*", "--region", "af-south-1"): "CK201",
    }
    for args, code in asked.items():
        answer = ask("prices", "show", "lambda_function", *args)
        assert (answer.code, [told.code for told in answer.told]) == (2, [code])


def test_an_unknown_table_gets_the_nearest_one(ask: Any) -> None:
    for command in ("list", "show"):
        answer = ask("prices", command, "lamda_function")
        assert answer.code == 2
        assert "CK107" in answer.err
        assert "did you mean lambda_function" in answer.err


def test_the_shipped_tables_have_no_problem(ask: Any) -> None:
    answer = ask("prices", "check")
    assert (answer.code, answer.err) == (0, "")
    assert "no problem found" in answer.out


def test_our_own_tables_are_checked_with_their_age(ours: str, ask: Any) -> None:
    assert ask("prices", "check", ours).out == "1 tables, 2 rows: no problem found\n"
    assert ask("prices", "check", ours, "--max-age", "1d", "--on", "2026-11-22").code == 0
    stale = ask("prices", "check", ours, "--max-age", "1d", "--on", "2026-11-23")
    assert stale.code == 4
    assert "public_ipv4: CK203" in stale.err


def test_every_problem_of_every_broken_table_is_told_with_its_line(ask: Any, tmp_path: Path) -> None:
    rows = (
        "      - {region: us-east-1, effective: 2026-13-01, confirmed: 2026-06-30, price: 1, source: CONTRACT}\n"
        "      - {region: us-east-1, effective: 2026-07-01, confirmed: 2026-11-21, price: -1, source: CONTRACT}\n"
        "      - {region: us-east-1, effective: 2026-09-01, confirmed: 2026-08-01, price: 1, source: CONTRACT}\n"
        "      - {region: us-east-1, effective: 2026-10-01, confirmed: 2026-11-21, tiers: {5: 1}, source: CONTRACT}\n"
        "      - {region: us-east-1, effective: 2026-11-01, confirmed: 2026-11-21, price: 1, colour: red}\n"
    )
    head = "currency: USD\nmeters:\n  hour:\n    unit: address-hour\n    title: X\n    rows:\n"
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (broken / "public_ipv4.yaml").write_text(f"table: public_ipv4\n{head}{rows}", encoding="utf-8")
    good = "      - {region: us-east-1, effective: 2026-07-01, confirmed: 2026-11-21, price: 1, source: CONTRACT}\n"
    between = good + good + good.replace("CONTRACT", "RUMOUR").replace("07", "08")
    nat = f"table: nat_gateway\n{head}{between}".replace("address-hour", "parsec")
    (broken / "nat_gateway.yaml").write_text(nat, encoding="utf-8")
    (broken / "sns_topic.yaml").write_text("table: [\n", encoding="utf-8")
    answer = ask("prices", "check", "broken")
    assert (answer.code, answer.out) == (2, "")
    told = re.findall(r"^broken/(\w+)\.yaml:(\d+): (CK\d+)", answer.err, re.MULTILINE)
    assert told == [
        ("nat_gateway", "5", "CK206"),
        ("nat_gateway", "9", "CK206"),
        ("nat_gateway", "10", "CK206"),
        ("public_ipv4", "8", "CK206"),
        ("public_ipv4", "9", "CK206"),
        ("public_ipv4", "10", "CK206"),
        ("public_ipv4", "11", "CK206"),
        ("public_ipv4", "12", "CK206"),
        ("public_ipv4", "12", "CK206"),
        ("sns_topic", "2", "CK111"),
    ]


def test_problems_of_the_shape_do_not_hide_those_between_rows(ours: str, ask: Any, tmp_path: Path) -> None:
    text = OURS.replace("address-hour", "parsec").replace("0.003", "-0.003")
    (tmp_path / "ours" / "public_ipv4.yaml").write_text(text, encoding="utf-8")
    answer = ask("prices", "check", "ours")
    assert "ours/public_ipv4.yaml:5: CK206" in answer.err
    assert "ours/public_ipv4.yaml:8: CK206" in answer.err


# Help, suggestions, completion.


def flags_of(form: type, path: tuple[str, ...] = ()) -> list[str]:
    """The options that a form's fields have on the command line, worked out from the names in a spec."""
    flags = []
    for field in fields_of(form):
        inner = (*path, field.name)
        if isinstance(field.kind, Nested) and not field.kind.many:
            flags += flags_of(field.kind.form, inner)
        else:
            flag = "-".join(inner).replace("_", "-")
            flags.append(f"--{flag.removesuffix('s') if isinstance(field.kind, Nested) else flag}")
    return flags


@pytest.mark.parametrize("kind", types())
def test_every_type_has_a_one_line_command_with_all_its_fields(kind: str, ask: Any) -> None:
    answer = ask(command_of(kind), "--help")
    assert (answer.code, answer.err) == (0, "")
    for flag in [*flags_of(service(kind).Usage), "--region", "--count", "--tag", "--format", "--on"]:
        assert re.search(rf"{flag}\b", answer.out), flag


def test_the_one_line_commands_have_the_names_people_script_against(ask: Any) -> None:
    short = ["lambda", "lambda-edge", "redshift", "redshift-serverless", "ec2", "fargate", "ebs", "api-gateway", "alb"]
    short += ["step-functions", "sqs-queue", "sns-topic", "eventbridge-bus", "nat", "public-ipv4", "data-transfer"]
    short += ["cloudwatch-logs", "s3-bucket", "dynamodb-table"]
    assert sorted(command_of(kind) for kind in types()) == sorted(short)
    overview = ask("--help").out
    assert all(re.search(rf"\b{name}\b", overview) for name in short)


@pytest.mark.parametrize(
    "args",
    [(), ("estimate",), ("explain",), ("init",), ("schema",), ("prices",), ("prices", "show"), ("lambda",)],
    ids=" ".join,
)
def test_help_can_be_asked_for_with_one_letter(args: tuple[str, ...], ask: Any) -> None:
    answer = ask(*args, "-h")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == ask(*args, "--help").out


def test_help_of_an_optional_block_does_not_call_its_fields_required(ask: Any) -> None:
    assert "[required]" not in ask("lambda", "--help").out
    assert re.search(r"--node-type VALUE[^-]*\[required\]", ask("redshift", "--help").out)


def test_a_short_and_a_spelt_out_name_of_a_flag_are_the_same(ask: Any) -> None:
    flags = ("--region", "us-east-1", "--node-type", "ra3.xlplus", "--on", TODAY, "-f", "json")
    one = ask("redshift", *flags, "--spectrum", "12TB", "--spectrum-queries", "40k")
    other = ask("redshift", *flags, "--spectrum-scanned", "12TB", "--spectrum-queries", "40k")
    assert one.code == 0, one.err
    assert one.out == other.out


def test_a_range_on_the_command_line_goes_through_to_the_total(ask: Any) -> None:
    args = ("--requests", "10M..30M..90M", "--duration", "120 ms", "--memory", "512 MB", "--architecture", "arm64")
    total = ask("lambda", *args, "--region", "us-east-1", "--on", TODAY, "-f", "json").tree["total"]
    # 10M: 2 + 8.00004 - 5.53336; 90M: 18 + 72.00036 - 5.53336
    assert (total["low"], total["monthly_cost"], total["high"]) == ("4.46668", "24.46676", "84.467")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("lmbda", "lambda"), ("estimat", "estimate"), ("redshft", "redshift")],
)
def test_an_unknown_command_gets_the_nearest_one(wrong: str, right: str, ask: Any) -> None:
    answer = ask(wrong)
    assert (answer.code, answer.out) == (2, "")
    assert f"did you mean {right}" in answer.err


def test_an_unknown_option_gets_the_nearest_one(ask: Any) -> None:
    answer = ask("lambda", "--requsts", "3")
    assert answer.code == 2
    assert "--requests" in answer.err


def test_the_version_is_that_of_the_package(ask: Any) -> None:
    assert re.fullmatch(r"costkit \d+\.\d+\.\d+\S*\n", ask("--version").out)


def completed(command: Any, *words: str) -> list[str]:
    line = {"COMP_WORDS": " ".join(("costkit", *words)), "COMP_CWORD": str(len(words))}
    answer = command(_COSTKIT_COMPLETE="bash_complete", **line)
    assert answer.code == 0
    assert answer.err == ""
    return [line.removeprefix("plain,") for line in answer.out.split()]


def test_the_shell_completes_regions(command: Any) -> None:
    for words in (("lambda", "--region"), ("estimate", "--region")):
        found = completed(command, *words, "eu-")
        assert {"eu-west-1", "eu-central-1"} <= set(found)
        assert all(region.startswith("eu-") for region in found)


def test_the_shell_completes_instance_types_and_node_types(command: Any) -> None:
    assert "m7g.2xlarge" in completed(command, "ec2", "--instance-type", "m7g.2")
    assert set(completed(command, "redshift", "--node-type", "ra3.")) >= {"ra3.large", "ra3.xlplus", "ra3.4xlarge"}


def test_the_shell_completes_commands(command: Any) -> None:
    assert {"estimate", "explain", "ec2", "ebs"} <= set(completed(command, "e"))


def test_the_shell_completes_formats(command: Any) -> None:
    assert completed(command, "estimate", "--format", "j") == ["json"]


# Start-up.


def imported(command: Any, *args: str, **changes: str) -> set[str]:
    """The modules that a command imports."""
    answer = command(*args, python=("-X", "importtime"), **changes)
    assert answer.code == 0
    return {line.rpartition("|")[2].strip() for line in answer.err.splitlines() if line.startswith("import time:")}


def test_a_one_liner_imports_nothing_that_it_does_not_need(command: Any, tmp_path: Path) -> None:
    # boto3 is an extra: where it is not installed, an empty one shows whether anybody asks for it.
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "boto3.py").touch()
    path = os.pathsep.join([str(ROOT), str(tmp_path / "empty")])
    line = ("lambda", "--requests", "30M", "--duration", "120", "--region", "eu-west-1")
    assert command(*line).code == 0
    found = imported(command, *line, PYTHONPATH=path)
    assert "click" in found
    assert not found & {"yaml", "pydantic", "tabulate", "boto3", "botocore", "json", "csv", "jsonschema", "asyncio"}


def test_an_estimate_imports_nothing_that_talks_to_a_network(command: Any, tmp_path: Path, function: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "boto3.py").touch()
    path = os.pathsep.join([str(ROOT), str(tmp_path / "empty")])
    assert command("estimate", function).code == 0
    found = imported(command, "estimate", function, PYTHONPATH=path)
    assert "yaml" in found
    assert not found & {"pydantic", "boto3", "botocore", "socket", "ssl", "urllib.request", "http.client", "asyncio"}


@pytest.mark.parametrize("command", ["check", "diff"])
def test_the_tables_of_the_gate_are_no_wider_than_the_screen(ask: Any, tmp_path: Path, command: str) -> None:
    node = "{type: redshift_cluster, node_type: ra3.xlplus, nodes: NODES}"
    spec = f"version: 1\nregion: us-east-1\nresources: {{a_long_name_of_a_warehouse_for_the_whole_company: {node}}}\n"
    for name, nodes in (("before.yaml", "2"), ("after.yaml", "3")):
        (tmp_path / name).write_text(spec.replace("NODES", nodes), encoding="utf-8")
    files = ("before.yaml", "after.yaml") if command == "diff" else ("after.yaml", "--max-monthly", "1000")
    wide, narrow = (ask(command, *files, "-q", "--on", TODAY, COLUMNS=columns).out for columns in ("200", "70"))
    table, narrow_table = wide.partition("\n\n")[0], narrow.partition("\n\n")[0]
    assert max(map(len, narrow_table.splitlines())) <= 70
    assert sorted("".join(narrow_table.split())) == sorted("".join(table.split()))
