"""Bills that are not as they should be: each is told, or counted right, and none is counted twice or lost."""

import contextlib
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asking import Answer
from conftest import ROOT
from test_report import COLUMNS, EVERY_TYPE, TOTAL, line, rows_of, totals, write_csv

from costkit.billing.duckdb_engine import DuckEngine
from costkit.billing.files import BillFiles
from costkit.billing.versions import refuse_overlaps
from costkit.model.problem import CostkitError

Ask = Callable[..., Answer]
D = Decimal
PLANS = "ComputeSavingsPlans"
CSV = ("--month", "2026-10", "-f", "csv")
HALF, REST = EVERY_TYPE[:6], EVERY_TYPE[6:]


def with_ids(rows: list[dict[str, str]], first: int = 0) -> list[dict[str, str]]:
    interval = "2026-10-01T00:00:00Z/2026-10-01T01:00:00Z"
    numbered = enumerate(rows, first)
    return [row | {"identity_line_item_id": f"id-{n}", "identity_time_interval": interval} for n, row in numbered]


def refused(answer: Answer, code: str, *words: str) -> None:
    assert (answer.code, [told.code for told in answer.told]) == (2, [code]), answer.err
    for word in words:
        assert word in answer.err
    assert answer.out == ""


def warned(answer: Answer, code: str, *words: str) -> None:
    assert (answer.code, [told.code for told in answer.told]) == (0, [code]), answer.err
    for word in words:
        assert word in answer.err


# Versions and copies.


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2026-11-02T10:00:00Z-a1", "2026-11-03T09:00:00Z-00"),
        ("20261102T100000Z", "20261103T090000Z"),
    ],
)
def test_of_two_executions_of_an_export_the_newer_counts(ask: Ask, tmp_path: Path, older: str, newer: str) -> None:
    period = tmp_path / "data" / "BILLING_PERIOD=2026-10"
    for version, rows in ((newer, EVERY_TYPE), (older, [line("Usage", "1000")])):
        (period / version).mkdir(parents=True)
        write_csv(period / version / "cur-00001.csv.gz", rows)
    answer = ask("report", "data", *CSV)
    warned(answer, "CK623", older, newer)
    assert totals(answer) == TOTAL


def test_the_manifest_says_which_assembly_of_a_legacy_report_counts(ask: Ask, tmp_path: Path) -> None:
    period = tmp_path / "cur" / "20261001-20261101"
    for version, rows in (("0a1b", EVERY_TYPE), ("ff00", [line("Usage", "1000")])):
        (period / version).mkdir(parents=True)
        write_csv(period / version / "cur-1.csv.gz", rows)
    refused(ask("report", "cur", *CSV), "CK622", "0a1b", "ff00")
    (period / "cur-Manifest.json").write_text(json.dumps({"assemblyId": "0a1b"}))
    answer = ask("report", "cur", *CSV)
    warned(answer, "CK623", "ff00")
    assert totals(answer) == TOTAL


def test_versions_beside_files_without_one_are_refused(ask: Ask, tmp_path: Path) -> None:
    period = tmp_path / "data" / "BILLING_PERIOD=2026-10"
    (period / "2026-11-02T10:00:00Z-a1").mkdir(parents=True)
    write_csv(period / "2026-11-02T10:00:00Z-a1" / "cur-00001.csv", EVERY_TYPE)
    write_csv(period / "cur-00001.csv", [line("Usage", "1000")])
    refused(ask("report", "data", *CSV), "CK622", "the folder itself")


def test_a_copy_of_a_file_is_counted_once(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    shutil.copy(tmp_path / "bill.csv", tmp_path / "bill (1).csv")
    answer = ask("report", "bill.csv", "bill (1).csv", *CSV)
    warned(answer, "CK623", "bill (1).csv: CK623 not counted: the same file as")
    assert totals(answer) == TOTAL
    assert totals(ask("report", "bill.csv", "bill.csv", "./bill.csv", *CSV)) == TOTAL


@pytest.mark.parametrize("ids", [True, False])
def test_two_downloads_of_a_month_are_not_added_up(ask: Ask, tmp_path: Path, ids: bool) -> None:
    early, late = (with_ids(HALF), with_ids(EVERY_TYPE)) if ids else (HALF, EVERY_TYPE)
    write_csv(tmp_path / "october-early.csv", early)
    write_csv(tmp_path / "october-final.csv.gz", late)
    refused(ask("report", "october-early.csv", "october-final.csv.gz", *CSV), "CK622", "the same lines as", "early")


def test_two_halves_of_a_month_are_added_up(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "one.csv", with_ids(HALF))
    write_csv(tmp_path / "other.csv", with_ids(REST, len(HALF)))
    answer = ask("report", "one.csv", "other.csv", *CSV)
    assert (answer.code, answer.told) == (0, [])
    assert totals(answer) == TOTAL


def test_the_parts_of_an_export_are_not_taken_for_copies(ask: Ask, tmp_path: Path) -> None:
    # Equal lines in two parts are two lines: AWS does not write one twice.
    for part in (1, 2):
        write_csv(tmp_path / f"cur-0000{part}.csv", [line("Usage", "1"), line("Tax", str(part))])
    answer = ask("report", ".", *CSV)
    assert totals(answer)["billed_cost"] == D(5)


def told_apart(days: range, ids: str = "") -> list[dict[str, str]]:
    """A line a day with all that tells it from others; ``ids`` begins the ids that this version of the export has."""
    said = {"line_item_usage_amount": "2", "line_item_usage_type": "Box"}
    return [
        line("Usage", "1")
        | said
        | {"line_item_usage_start_date": f"2026-10-{day:02}T00:00:00.000Z"}
        | {"identity_line_item_id": f"{ids}{day}", "identity_time_interval": f"2026-10-{day:02}"}
        for day in days
    ]


@pytest.mark.parametrize("folder", ["", "late/"])
@pytest.mark.parametrize("names", [("early.csv", "late.csv"), ("bill-2026-10-01.csv", "bill-2026-10-02.csv")])
def test_two_downloads_are_found_out_though_each_has_ids_of_its_own(
    ask: Ask, tmp_path: Path, names: tuple[str, str], folder: str
) -> None:
    (tmp_path / "late").mkdir()
    write_csv(tmp_path / names[0], told_apart(range(1, 5), "a"))
    write_csv(tmp_path / f"{folder}{names[1]}", told_apart(range(1, 9), "z"))
    refused(ask("report", ".", *CSV), "CK622", "the same lines as", *names)


@pytest.mark.parametrize("numbers", [(0, 1), (1, 2, 3), (2, 3), (4, 20261005)])
def test_numbers_from_one_on_are_parts_and_others_are_looked_at(
    ask: Ask, tmp_path: Path, numbers: tuple[int, ...]
) -> None:
    for number in numbers:
        write_csv(
            tmp_path / f"cur-{number}.csv",
            [*told_apart(range(1, 4)), *told_apart(range(10 + number % 10, 11 + number % 10))],
        )
    if numbers[0] in (0, 1):
        answer = ask("report", ".", *CSV)
        assert totals(answer)["billed_cost"] == 4 * len(numbers)
    else:
        refused(ask("report", ".", *CSV), "CK622", f"cur-{numbers[0]}.csv", f"cur-{numbers[1]}.csv")


@pytest.mark.parametrize(("names", "parts"), [(("00026", "00027", "00031"), True), (("10026", "10027"), False)])
def test_parts_in_the_five_digits_of_aws_may_begin_anywhere(
    ask: Ask, tmp_path: Path, names: tuple[str, ...], parts: bool
) -> None:
    for name in names:
        write_csv(tmp_path / f"cur-{name}.csv", [*told_apart(range(1, 4)), line("Usage", name)])
    answer = ask("report", ".", *CSV)
    assert answer.code == (0 if parts else 2), answer.err
    assert parts or "CK622" in answer.err


def test_the_days_of_a_month_in_a_file_each_are_added_up(ask: Ask, tmp_path: Path) -> None:
    for day in range(1, 8):
        write_csv(tmp_path / f"2026-10-{day:02}.csv", told_apart(range(day, day + 1)))
    answer = ask("report", ".", *CSV)
    assert (answer.told, totals(answer)["billed_cost"]) == ([], D(7))


def test_equal_lines_of_two_months_are_no_copies(ask: Ask, tmp_path: Path) -> None:
    for name, month in (("september", "2026-09"), ("october", "2026-10")):
        period = {"bill_billing_period_start_date": f"{month}-01T00:00:00.000Z"}
        write_csv(tmp_path / f"{name}.csv", [line("Usage", "1") | period])
    answer = ask("report", ".", "--months", "2026-09..2026-10", "-f", "csv")
    assert (answer.told, totals(answer)["billed_cost"]) == ([], D(2))


def test_each_of_many_files_is_looked_into_twice(tmp_path: Path) -> None:
    class Counting(DuckEngine):
        asked = 0

        def rows(self, sql: str, where: str) -> Iterator[tuple[Any, ...]]:
            self.asked += 1
            return super().rows(sql, where)

    paths = [
        write_csv(tmp_path / f"{name}.csv", told_apart(range(ord(name) - 96, ord(name) - 95)))
        for name in "abcdefghijkl"
    ]
    (tmp_path / "spill").mkdir()
    engine = Counting(str(tmp_path / "spill"))
    refuse_overlaps(engine, BillFiles("csv", tuple(paths)), "bill")
    engine.close()
    # For each file its columns and some lines, then its columns and the lines of others.
    assert engine.asked == 4 * len(paths)


# Kinds and columns.


def test_two_kinds_of_export_together_are_refused(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "cur.csv", EVERY_TYPE)
    focus = {
        "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "SubAccountId": "1",
        "ServiceName": "EC2",
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "BilledCost": "1",
        "EffectiveCost": "1",
    }
    write_csv(tmp_path / "focus.csv", [focus])
    refused(ask("report", "cur.csv", "focus.csv", *CSV), "CK624", "1 lines")


def test_a_legacy_report_and_cur_2_together_are_refused(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "new.csv", EVERY_TYPE)
    legacy = {
        "bill/BillingPeriodStartDate": "2026-10-01T00:00:00Z",
        "lineItem/UsageAccountId": "1",
        "lineItem/ProductCode": "AmazonS3",
        "lineItem/LineItemType": "Usage",
        "lineItem/UnblendedCost": "5",
        "lineItem/CurrencyCode": "USD",
    }
    write_csv(tmp_path / "old.csv", [legacy])
    refused(ask("report", "new.csv", "old.csv", *CSV), "CK602", "lineItem/UnblendedCost", "line_item_unblended_cost")


def test_columns_that_nobody_knows_are_left_alone(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [row | {"=new column": "x", "billed": "9", "month": "y"} for row in EVERY_TYPE])
    assert totals(ask("report", "bill.csv", *CSV)) == TOTAL


def test_a_cost_whose_column_is_missing_is_unknown_and_never_zero(ask: Ask, tmp_path: Path) -> None:
    gone = ("reservation_effective_cost", "savings_plan_total_commitment_to_date")
    write_csv(tmp_path / "bill.csv", [{n: v for n, v in row.items() if n not in gone} for row in EVERY_TYPE])
    answer = ask("report", "bill.csv", *CSV)
    found = {row["service"]: (row["billed_cost"], row["effective_cost"]) for row in rows_of(answer)}
    assert found["AmazonEC2"] == ("10", "")
    assert found["Unused commitment"] == ("0", "")
    assert found["Tax"] == ("2", "2")
    assert [told.code for told in answer.told] == ["CK602"]
    for name in gone:
        assert name in answer.err
    assert ask("report", "bill.csv", "--strict", *CSV).code == 4


def test_a_line_without_a_cost_is_not_free(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [*EVERY_TYPE, line("Usage", "NULL")])
    refused(ask("report", "bill.csv", *CSV), "CK624")


@pytest.mark.parametrize("period", ["10/1/2026", "", "today", "1793404800"])
def test_a_period_that_is_no_date_is_refused(ask: Ask, tmp_path: Path, period: str) -> None:
    write_csv(tmp_path / "bill.csv", [line("Usage", "1") | {"bill_billing_period_start_date": period}])
    refused(ask("report", "bill.csv"), "CK624")


def test_accounts_written_as_numbers_keep_their_zeros(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.txt", [line("Usage", "1", usage_account_id="12345678")])
    duckdb.sql(
        f"COPY (SELECT * REPLACE (CAST(line_item_usage_account_id AS BIGINT) AS line_item_usage_account_id)"
        f" FROM read_csv('{tmp_path / 'bill.txt'}', all_varchar = true)) TO '{tmp_path / 'b.parquet'}' (FORMAT parquet)"
    )
    assert rows_of(ask("report", "b.parquet", "--by", "account", *CSV))[0]["account"] == "000012345678"


# Amounts and texts.


@pytest.mark.parametrize("cost", ["a lot", "1e30", "1E+400000", "NaN", "inf", "0x10", "1,000", "12.5 USD", "--1"])
def test_what_is_no_amount_is_refused(ask: Ask, tmp_path: Path, cost: str) -> None:
    write_csv(tmp_path / "bill.csv", [*EVERY_TYPE, line("Usage", cost)])
    refused(ask("report", "bill.csv", *CSV), "CK601")


@pytest.mark.parametrize(
    ("costs", "total"),
    [
        (["9999999999999999.999999999999", "-9999999999999999.999999999999", "0.000000000001"], "0.000000000001"),
        (["9999999999999999.5"] * 3, "29999999999999998.5"),
        (["1E-7", "-7.0E-10", "1.5e3", " 2 "], "1502.0000000993"),
        (["-5", "-0.00"], "-5"),
    ],
)
def test_amounts_of_any_size_add_up_exactly(ask: Ask, tmp_path: Path, costs: list[str], total: str) -> None:
    write_csv(tmp_path / "bill.csv", [line("Usage", cost) for cost in costs])
    assert totals(ask("report", "bill.csv", *CSV))["billed_cost"] == D(total)


def test_the_four_spellings_of_null_are_one(ask: Ask, tmp_path: Path) -> None:
    spellings = ("", '""', "NULL", "None")
    header = [*COLUMNS]
    lines = []
    for spelling in spellings:
        row = line("Usage", "1") | {"product_region_code": "@", "line_item_resource_id": "@"}
        lines.append(",".join(spelling if row[name] == "@" else row[name] for name in header))
    (tmp_path / "bill.csv").write_text("\n".join([",".join(header), *lines]) + "\n")
    [row] = rows_of(ask("report", "bill.csv", "--by", "region,resource", *CSV))
    assert (row["region"], row["resource"], row["billed_cost"]) == ("(no region)", "(no resource)", "4")


def test_formulas_and_escapes_in_tags_do_nothing(ask: Ask, tmp_path: Path) -> None:
    hostile = [
        '=HYPERLINK("http://x")',
        "@SUM(A1)",
        "+1",
        "-1",
        "\t=1",
        "\r=1",
        "\uff1d1+1",
        "\u001b[2Jx",
        "a\nb",
        "'; DROP TABLE sums; --",
        "💸",
    ]
    rows = [line("Usage", "1", resource_tags=json.dumps({"user_team": value})) for value in hostile]
    write_csv(tmp_path / "bill.csv", rows)
    answer = ask("report", "bill.csv", "--by", "tag:team", *CSV)
    found = rows_of(answer)
    assert len(found) == len(hostile)
    assert not [row for row in found if row["tag:team"][:1] in "=@+-\t\r\uff1d"]
    assert "\u001b" not in ask("report", "bill.csv", "--by", "tag:team").out


@pytest.mark.parametrize("key", ["te'am", 'te"am', "te\\am", "a]b", "te.am", "x'); DROP TABLE sums; --", "Ünï"])
def test_the_key_of_a_tag_may_be_anything(ask: Ask, tmp_path: Path, key: str) -> None:
    write_csv(tmp_path / "bill.csv", [line("Usage", "1", resource_tags=json.dumps({"user_team": "web"}))])
    answer = ask("report", "bill.csv", "--by", f"tag:{key}", *CSV)
    assert answer.code == 0, answer.err
    assert totals(answer)["billed_cost"] == D(1)


def test_a_tag_in_words_is_found_under_the_key_that_aws_makes_of_it(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [line("Usage", "1", resource_tags='{"user_cost_center": "7"}')])
    assert rows_of(ask("report", "bill.csv", "--by", "tag:CostCenter", *CSV))[0]["tag:CostCenter"] == "7"


def test_a_cell_of_ten_megabytes_is_read(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv.gz", [line("Usage", "1", item_description="x" * 10 * 2**20), line("Usage", "2")])
    assert totals(ask("report", "bill.csv.gz", *CSV))["billed_cost"] == D(3)


@pytest.mark.parametrize(
    ("sign", "words"), [(";", "parted by semicolons"), ("\t", "parted by tabs"), ("|", "parted by bars")]
)
def test_a_bill_without_commas_is_told_by_its_sign(ask: Ask, tmp_path: Path, sign: str, words: str) -> None:
    (tmp_path / "bill.csv").write_text(sign.join(COLUMNS) + "\n")
    refused(ask("report", "bill.csv", *CSV), "CK601", words)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_mark_at_the_start_and_any_ends_of_lines_are_read(ask: Ask, tmp_path: Path, ends: str) -> None:
    write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    lines = (tmp_path / "bill.csv").read_text().splitlines()
    (tmp_path / "bill.csv").write_bytes(("\ufeff" + ends.join(lines) + ends).encode())
    assert totals(ask("report", "bill.csv", *CSV)) == TOTAL


def test_what_is_not_in_utf_8_is_told_with_its_line(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [line("Usage", "1"), line("Usage", "2", resource_id="Büro"), line("Tax", "3")])
    text = (tmp_path / "bill.csv").read_text(encoding="utf-8")
    (tmp_path / "bill.csv").write_text(text, encoding="latin-1")
    refused(ask("report", "bill.csv", *CSV), "CK601", "bill.csv:3: ", "not a text in UTF-8")


def test_an_amount_that_is_none_is_told_with_its_column_and_no_sql(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [line("Usage", "1"), line("Usage", "12 EUR")])
    answer = ask("report", "bill.csv", *CSV)
    refused(answer, "CK601", "not an amount in line_item_unblended_cost: 12 EUR")
    assert "CAST" not in answer.err


def test_a_file_beside_the_bill_that_is_none_is_named(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "bills").mkdir()
    write_csv(tmp_path / "bills" / "bill.csv", EVERY_TYPE)
    write_csv(tmp_path / "bills" / "notes.csv", [{"who": "me", "what": "nothing"}])
    answer = ask("report", "bills", *CSV)
    refused(answer, "CK624")
    assert answer.told[0].hint.endswith("bills/notes.csv")


def test_folders_behind_links_are_read_once(ask: Ask, tmp_path: Path) -> None:
    for folder, cost in (("bills", "1"), ("archive", "2")):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / f"{folder}.csv", [line("Usage", cost)])
    (tmp_path / "bills" / "old").symlink_to(tmp_path / "archive")
    (tmp_path / "archive" / "again").symlink_to(tmp_path / "bills")
    answer = ask("report", "bills", *CSV)
    assert (answer.told, totals(answer)["billed_cost"]) == ([], D(3))


def test_a_folder_that_cannot_be_read_is_no_empty_one(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "bills").mkdir()
    write_csv(tmp_path / "bills" / "october.csv", [line("Usage", "1")])
    # Nobody reads a folder whose name is too long, whatever the rights.
    place = os.open(tmp_path / "bills", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=place)
        inner = os.open("x" * 250, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(place)
    refused(ask("report", "bills", *CSV), "CK601", "bills/xxx", "the folder cannot be read: File name too long")


def test_two_files_in_one_lose_neither(ask: Ask, tmp_path: Path) -> None:
    # Of two headers DuckDB would take the second, if more lines fit that one.
    parts = []
    for columns, count in ((COLUMNS, 3), ([*COLUMNS, "line_item_operation"], 50)):
        head = ",".join(columns)
        values = {**line("Usage", "1"), "line_item_operation": "Run"}
        parts += [head, *[",".join(values[column] for column in columns)] * count]
    (tmp_path / "all.csv").write_text("\n".join(parts) + "\n", encoding="utf-8")
    refused(ask("report", "all.csv", *CSV), "CK601", "do not have the same number of cells")


def test_a_line_that_begins_with_a_hash_is_no_comment(ask: Ask, tmp_path: Path) -> None:
    rows = [{"line_item_resource_id": ""} | line("Usage", "1", item_resource_id=name) for name in ("a", "#1", "c")]
    bill = write_csv(tmp_path / "bill.csv", rows)
    assert totals(ask("report", bill, *CSV))["billed_cost"] == D(3)
    # Beside a comment it would be taken for one more.
    text = (tmp_path / "bill.csv").read_text(encoding="utf-8")
    (tmp_path / "noted.csv").write_text("# by hand\n" + text, encoding="utf-8")
    refused(ask("report", "noted.csv", *CSV), "CK601", "noted.csv")


def test_a_folder_whose_name_reads_like_a_pattern_is_not_taken_for_another(ask: Ask, tmp_path: Path) -> None:
    for folder in ("b[1]", "b1"):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "bill.csv", [line("Usage", "1")])
    (tmp_path / "link").symlink_to(tmp_path / "b[1]")
    refused(ask("report", "link", *CSV), "CK601", "b[1]/bill.csv: CK601 a name that reads like a pattern")


def test_a_name_that_is_no_text_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "bills").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "bills") + b"/\xff.csv")).write_text("a,b\n", encoding="utf-8")
    refused(ask("report", "bills", *CSV), "CK601", "bills/?.csv: CK601 a name that is no text in UTF-8")


def test_links_that_lead_nowhere_and_empty_files_are_named_at_once(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "bills").mkdir()
    write_csv(tmp_path / "bills" / "bill.csv", EVERY_TYPE)
    (tmp_path / "bills" / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "bills" / "gone.csv").symlink_to("nowhere")
    (tmp_path / "bills" / "empty.csv").write_text("")
    (tmp_path / "bills" / "again").symlink_to(".")
    answer = ask("report", "bills", *CSV)
    assert (answer.code, answer.out) == (2, "")
    assert [(told.code, told.where) for told in answer.told] == [
        ("CK601", "bills/empty.csv"),
        ("CK601", "bills/gone.csv"),
        ("CK601", "bills/loop.csv"),
    ]


def test_tags_that_differ_in_case_or_signs_are_different_tags(ask: Ask, tmp_path: Path) -> None:
    # A legacy report has a column of each.
    keys = {"Team": "1", "team": "2", "te-am": "4"}
    rows = [{f"resourceTags/user:{one}": one if one == key else "" for one in keys} for key in keys]
    plain = ({n: v for n, v in line("Usage", cost).items() if n != "resource_tags"} for cost in keys.values())
    write_csv(tmp_path / "bill.csv", [own | tags for own, tags in zip(plain, rows, strict=True)])
    for key, cost in keys.items():
        found = rows_of(ask("report", "bill.csv", "--by", f"tag:{key}", *CSV))
        assert {row[f"tag:{key}"]: row["billed_cost"] for row in found} == {key: cost, "(untagged)": str(7 - int(cost))}
    own = line("Usage", "8") | {"resourceTags/aws:createdBy": "me", "resourceTags/user:createdBy": "you"}
    write_csv(tmp_path / "made.csv", [own])
    assert rows_of(ask("report", "made.csv", "--by", "tag:aws:createdBy", *CSV))[0]["tag:aws:createdBy"] == "me"
    # Misspelt in case it is found all the same, if only one can be meant.
    assert rows_of(ask("report", "bill.csv", "--by", "tag:TE-AM", *CSV))[0]["tag:TE-AM"] == "te-am"


def test_a_tag_that_no_line_has_may_be_misspelt(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    warned(ask("report", "bill.csv", "--by", "tag:taem", *CSV), "CK603", "no line of the bill has tag:taem")
    assert ask("report", "bill.csv", "--by", "tag:team", *CSV).told == []


def test_a_narrow_terminal_breaks_the_longest_names_and_loses_nothing(ask: Ask, tmp_path: Path) -> None:
    arn = "arn:aws:redshift:us-east-1:777788889999:cluster:warehouse-of-all-things"
    write_csv(tmp_path / "bill.csv", [line("Usage", "1", resource_id=arn), line("Usage", "2", resource_id="i-1")])
    asked = ("report", "bill.csv", "--by", "resource", "-q")
    wide, narrow = ask(*asked).out, ask(*asked, COLUMNS="80").out
    assert arn in wide
    assert max(map(len, wide.split("\n"))) > 80 >= max(map(len, narrow.split("\n")))
    table = narrow.partition("resource")[2].split("\n")[1:]
    assert arn in "".join(row.split()[0] for row in table if row.strip())


def test_a_directory_without_room_is_no_fault_of_the_bill(ask: Ask, tmp_path: Path) -> None:
    bill = write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    # No file may grow beyond 16 KiB: the database of the report has no room.
    limit = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))"
    limited = f"{limit}; runpy.run_module('costkit', run_name='__main__')"
    command = [sys.executable, "-c", limited, "report", bill]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        f"{bill}: CK620 it needs more memory than costkit takes, or more room in the temporary directory" in done.stderr
    )


def test_what_memory_cannot_hold_is_no_fault_of_the_bill(tmp_path: Path) -> None:
    engine = DuckEngine(str(tmp_path), memory=20)
    with pytest.raises(CostkitError) as raised:
        engine.keep("lists", "SELECT list(hash(n)) FROM range(10000000) AS t(n)", "bill.csv")
    [problem] = raised.value.problems
    assert (problem.code, problem.where) == ("CK620", "bill.csv")
    assert "TMPDIR" in problem.hint


@pytest.mark.parametrize("kept", [50, 1500, -10])
def test_a_torn_file_is_refused(ask: Ask, tmp_path: Path, kept: int) -> None:
    write_csv(tmp_path / "bill.csv.gz", [line("Usage", str(n)) for n in range(20_000)])
    torn = (tmp_path / "bill.csv.gz").read_bytes()[:kept]
    (tmp_path / "bill.csv.gz").write_bytes(torn)
    refused(ask("report", "bill.csv.gz", *CSV), "CK601", "cannot be read")


def test_a_torn_line_is_refused(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    text = (tmp_path / "bill.csv").read_text()
    (tmp_path / "bill.csv").write_text(text + "2026-10-01T00:00:00.000Z,,111122223333,Ama")
    refused(ask("report", "bill.csv", *CSV), "CK601")


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xff\xfe\x00a", gzip.compress(b"", mtime=0)])
def test_what_is_empty_or_no_text_is_refused(ask: Ask, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bill.csv").write_bytes(content)
    assert ask("report", "bill.csv").code == 2


def test_months_are_those_of_utc_wherever_the_report_is_made(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.txt", EVERY_TYPE)
    period = "CAST(bill_billing_period_start_date AS TIMESTAMPTZ) AS bill_billing_period_start_date"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"COPY (SELECT * REPLACE ({period}) FROM read_csv('{tmp_path / 'bill.txt'}', all_varchar = true))"
            f" TO '{tmp_path / 'b.parquet'}' (FORMAT parquet)"
        )
    for zone in ("America/New_York", "Asia/Tokyo"):
        assert {row["month"] for row in rows_of(ask("report", "b.parquet", "-f", "csv", TZ=zone))} == {"2026-10"}


def test_parquet_as_output_has_the_rows_of_the_csv_as_numbers(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill.csv", [*EVERY_TYPE, line("Usage", "3", product_code="=1+1")])
    answer = ask("report", "bill.csv", "-o", "parquet=out.parquet", "-o", "csv=out.csv", "-q")
    assert (answer.code, answer.out) == (0, "")
    found = duckdb.sql("SELECT service, billed_cost, previous_cost FROM 'out.parquet'").fetchall()
    with (tmp_path / "out.csv").open() as file:
        rows = rows_of(Answer(0, file.read(), ""))
    assert [(row["service"].removeprefix("'"), D(row["billed_cost"]), None) for row in rows] == found
    assert ask("report", "bill.csv", "-o", "parquet=nowhere/out.parquet").told[0].code == "CK116"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bill.csv", "out.csv", "out.parquet"]


def test_a_zip_archive_in_a_folder_is_never_left_out_in_silence(ask: Ask, tmp_path: Path) -> None:
    write_csv(tmp_path / "bill-1.csv", EVERY_TYPE)
    shutil.make_archive(str(tmp_path / "bill-2.csv"), "zip", tmp_path, "bill-1.csv")
    refused(ask("report", ".", *CSV), "CK601", "bill-2.csv.zip", "a zip archive is not read", "unpack it")


@pytest.mark.parametrize("kind", ["DOUBLE", "INTEGER", "BOOLEAN"])
def test_columns_without_a_value_may_have_any_type(ask: Ask, tmp_path: Path, kind: str) -> None:
    # So pandas writes a column in which nothing is.
    empty = ("bill_invoice_id", "line_item_operation", "line_item_line_item_description", "product_region_code")
    rows = write_csv(tmp_path / "rows.txt", [line("Usage", "1"), line("Refund", "-0.25", product_code=PLANS)])
    typed = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name in empty)
    source = f"SELECT * EXCLUDE ({', '.join(empty)}), {typed} FROM read_csv('{rows}', all_varchar = true)"
    duckdb.sql(f"COPY ({source}) TO '{tmp_path / 'bill.parquet'}'")
    for by in ("account,region", "resource"):
        answer = ask("report", "bill.parquet", "--by", by, *CSV, "--strict")
        assert (answer.code, totals(answer)["billed_cost"]) == (0, D("0.75")), answer.err


# Standard input.


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "csv.zst", "parquet"])
def test_a_bill_comes_from_standard_input_in_every_form(command: Ask, tmp_path: Path, ending: str) -> None:
    rows, kept = write_csv(tmp_path / "rows.txt", EVERY_TYPE), tmp_path / f"bill.{ending}"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{rows}', all_varchar = true)) TO '{kept}'")
    named = command("report", str(kept), *CSV)
    piped = command("report", "-", *CSV, stdin=kept.read_bytes())
    assert (piped.code, piped.out) == (0, named.out)


def test_standard_input_without_a_bill_is_refused(command: Ask) -> None:
    for nothing in (b"", b"no bill", b"\x1f\x8b torn"):
        answer = command("report", "-", *CSV, stdin=nothing)
        assert (answer.code, answer.err.startswith("stdin: CK601"), answer.out) == (2, True, "")


# Where answers go.


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        (("bill.csv",), ("bill.csv: CK116 this is a file of the bill",)),
        (("csv=./bill.csv",), ("./bill.csv: CK116 this is a file of the bill",)),
        (("october.xlsx",), ("october.xlsx: CK116 no .xlsx is written", "table, json, csv, markdown, parquet")),
        (("october.csv.GZ",), ("no .gz is written",)),
        (("csv=one", "parquet=one"), ("two answers would go to one place",)),
        (("parquet=one", "parquet=one"), ("two answers would go to one place",)),
        (("parquet=there/one.parquet",), ("there/one.parquet: CK116 cannot be written", "is there such a directory")),
    ],
)
def test_an_answer_that_has_no_place_is_told_and_nothing_is_written(
    ask: Ask, tmp_path: Path, outputs: tuple[str, ...], words: tuple[str, ...]
) -> None:
    write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    bill = (tmp_path / "bill.csv").read_bytes()
    refused(ask("report", "bill.csv", *(part for output in outputs for part in ("-o", output))), "CK116", *words)
    assert [path.name for path in tmp_path.iterdir()] == ["bill.csv"]
    assert (tmp_path / "bill.csv").read_bytes() == bill


def test_places_are_looked_at_before_the_bill_is(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "bill.csv").write_text("no bill", encoding="utf-8")
    refused(ask("report", "bill.csv", "-o", "xlsx=october"), "CK116", "no format xlsx")


@contextlib.contextmanager
def reading(pipe: Path, process: subprocess.Popen[bytes]) -> Iterator[None]:
    """While a process reads a pipe that nobody writes to, from the moment on that it has opened it."""
    opened = None
    while opened is None:
        assert process.poll() is None
        # Until somebody reads there is nothing to write to.
        with contextlib.suppress(OSError):
            opened = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    yield
    os.close(opened)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_report_that_is_ended_leaves_nothing_of_a_bill(tmp_path: Path, ending: signal.Signals) -> None:
    (tmp_path / "room").mkdir()
    # It waits for a spec that never comes.
    os.mkfifo(tmp_path / "spec.yaml")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "room")}
    # Whoever runs the tests under nohup has its children ignore a hang-up; this one listens all the same.
    listening = f"import signal, runpy; signal.signal({ending.value}, signal.SIG_DFL)"
    command = [sys.executable, "-c", f"{listening}; runpy.run_module('costkit', run_name='__main__')"]
    process = subprocess.Popen([*command, "report", "--estimate", "spec.yaml"], cwd=tmp_path, env=environment)
    try:
        with reading(tmp_path / "spec.yaml", process):
            assert len(list((tmp_path / "room").iterdir())) == 1
            process.send_signal(ending)
            assert process.wait(timeout=60) == -ending
    finally:
        process.kill()
    assert list((tmp_path / "room").iterdir()) == []
