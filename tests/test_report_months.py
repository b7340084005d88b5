"""The finance report over months: side by side, in one sentence, and only what the bill knows."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import example_bill
import pytest
from asking import Answer
from billing_rows import Line, month_line, write_bill

D = Decimal
Ask = Callable[..., Answer]
Reported = Callable[..., Answer]


@pytest.fixture
def reported(ask: Ask, tmp_path: Path) -> Reported:
    def asked(rows: list[Line], *arguments: str) -> Answer:
        return ask("report", write_bill(tmp_path / "bill.csv", rows), *arguments)

    return asked


def rows_of(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.out)))


QUARTER = [
    month_line("2026-08", "40"),
    month_line("2026-09", "50"),
    month_line("2026-09", "5", type="Tax"),
    month_line("2026-10", "60"),
    month_line("2026-10", "6", type="Tax"),
]


@pytest.mark.parametrize(
    "asked",
    [
        ("--months", "2026-08..2026-10"),
        ("--month", "2026-10", "--month", "2026-08", "--month", "2026-09"),
        ("--month", "2026-08", "--months", "2026-09..2026-10"),
    ],
)
def test_months_stand_below_each_other_and_add_up_to_the_total(reported: Reported, asked: tuple[str, ...]) -> None:
    found = rows_of(reported(QUARTER, *asked, "-f", "csv"))
    assert [(row["month"], row["service"], row["billed_cost"], row["previous_cost"]) for row in found] == [
        ("2026-08", "AmazonEC2", "40", ""),
        ("2026-09", "AmazonEC2", "50", "40"),
        ("2026-09", "Tax", "5", "0"),
        ("2026-10", "AmazonEC2", "60", "50"),
        ("2026-10", "Tax", "6", "5"),
    ]
    tree = reported(QUARTER, *asked, "-f", "json").tree
    assert D(tree["total"]["billed_cost"]) == sum(D(row["billed_cost"]) for row in found) == D(161)
    assert [(month["month"], month["totals"][0]["billed_cost"]) for month in tree["months"]] == [
        ("2026-08", "40"),
        ("2026-09", "55"),
        ("2026-10", "66"),
    ]
    # 66 - 55 = 11 more, 20 %; 10 of it are usage: 90.9 %.
    said = "October 2026: 66.00 USD, up 20 % (11.00 USD) on September; 91 % of the rise is EC2 in account 111122223333"
    assert (tree["month"], tree["sentence"]) == ("2026-10", said)


def test_the_sentence_names_what_made_the_rise_as_people_call_it(reported: Reported) -> None:
    scaling = {"service": "AmazonRedshift", "account": "444455556666", "account_name": "data-prod"}
    rows = [
        month_line("2026-09", "43000"),
        month_line("2026-10", "44492.55"),
        month_line("2026-09", "50", family="Redshift Concurrency Scaling", usage_type="CS:ra3.xlplus", **scaling),
        month_line("2026-10", "2000", family="Redshift Concurrency Scaling", usage_type="CS:ra3.xlplus", **scaling),
        month_line("2026-10", "1718", family="Redshift Concurrency Scaling", usage_type="CS:ra3.4xlarge", **scaling),
    ]
    # 48,210.55 - 43,050 = 5,160.55, which is 11.99 %; 3,668 of it is 71.1 %.
    assert reported(rows, "--previous", "-f", "json").tree["sentence"] == (
        "October 2026: 48,210.55 USD, up 12 % (5,161 USD) on September;"
        " 71 % of the rise is Redshift concurrency scaling in account data-prod"
    )


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("10", "10", "January 2026: 10.00 USD, the same as in December 2025"),
        ("10", "9.5", "down 5 % (0.50 USD) on December 2025; 100 % of the fall is EC2 in account 111122223333"),
        ("1000", "1000.5", "up less than 0.1 % (0.50 USD)"),
        ("0", "3", "up 3.00 USD on December 2025"),
        ("-2", "3", "up 5.00 USD on December 2025"),
        ("1", "51", "up 5,000 % (50.00 USD)"),
    ],
)
def test_the_sentence_says_the_change_in_plain_words(reported: Reported, before: str, now: str, said: str) -> None:
    rows = [month_line("2025-12", before), month_line("2026-01", now)]
    assert said in reported(rows, "--previous").out.partition("\n")[0]


def test_a_part_of_a_month_is_neither_dearer_nor_cheaper_than_a_whole_one(ask: Ask, tmp_path: Path) -> None:
    write_bill(tmp_path / "bill.csv", QUARTER)
    # 2026-10-31
    answer = ask("report", "bill.csv", "--previous", "-f", "json", SOURCE_DATE_EPOCH="1793404800")
    assert answer.tree["sentence"] == "October 2026 so far: 66.00 USD; September was 55.00 USD"


def test_the_example_is_what_its_program_writes(tmp_path: Path) -> None:
    written = write_bill(tmp_path / "bill.csv", example_bill.lines())
    assert Path(written).read_bytes() == example_bill.BILL.read_bytes()


def test_the_metric_is_named_unless_it_is_the_usual_one(reported: Reported) -> None:
    assert reported(QUARTER).out.startswith("October 2026: 66.00 USD\n")
    assert reported(QUARTER, "--metric", "billed").out.startswith("October 2026: 66.00 USD billed\n")


def test_a_month_that_is_not_in_the_bill_is_unknown_and_not_zero(reported: Reported) -> None:
    answer = reported(QUARTER, "--month", "2026-08", "--previous", "-f", "csv")
    assert [(row["previous_cost"], row["change"]) for row in rows_of(answer)] == [("", "")]
    assert [(told.code, told.severity) for told in answer.told] == [("CK608", "warning")]


def test_a_month_without_charges_among_others_is_told(reported: Reported) -> None:
    rows = [row for row in QUARTER if "2026-09" not in row["bill_billing_period_start_date"]]
    answer = reported(rows, "--months", "2026-08..2026-10", "-f", "csv")
    assert (answer.code, [told.code for told in answer.told]) == (0, ["CK606"])
    assert [(row["month"], row["previous_cost"]) for row in rows_of(answer)] == [
        ("2026-08", ""),
        ("2026-10", ""),
        ("2026-10", ""),
    ]


def test_a_month_that_is_not_in_the_bill_is_not_said_to_have_cost_nothing(reported: Reported) -> None:
    rows = [row for row in QUARTER if "2026-10" not in row["bill_billing_period_start_date"]]
    asked = ("--months", "2026-08..2026-10")
    first, status = reported(rows, *asked).out.splitlines()[:2]
    assert first == "October 2026 is not in the bill"
    assert status.endswith("Not in the bill: 2026-10.")
    # The total is not that of all months that were asked for.
    assert reported(rows, *asked, "-f", "json").tree["complete"] is False
    assert [reported(rows, *asked, *more).code for more in ((), ("--strict",))] == [0, 4]
    assert reported(QUARTER, *asked, "--strict").code == 0


def test_the_status_of_each_month_is_told(reported: Reported) -> None:
    rows = [month_line("2026-08", "1", invoice="42"), month_line("2026-09", "1"), month_line("2026-10", "1")]
    out = reported(rows, "--months", "2026-08..2026-10").out
    assert "Closed: 2026-08. Provisional: 2026-09, 2026-10.\n" in out
    assert "2026-08  AmazonEC2" in out


@pytest.mark.parametrize("span", ["2026-10", "2026-10..2026-09", "2026-1..2026-09", "1000-01..9999-12", ".."])
def test_a_span_that_is_none_is_refused(reported: Reported, span: str) -> None:
    assert reported(QUARTER, "--months", span).code == 2


def test_cost_categories_are_groups(reported: Reported) -> None:
    rows = [
        month_line("2026-10", "3", category='{"Business_Unit": "shop"}'),
        month_line("2026-10", "4", category='{"business_unit": "lab"}'),
        month_line("2026-10", "5"),
    ]
    answer = reported(rows, "--by", "category:Business_Unit", "-f", "csv")
    assert {row["category:Business_Unit"]: row["billed_cost"] for row in rows_of(answer)} == {
        "(no category)": "5",
        "lab": "4",
        "shop": "3",
    }


def test_a_bill_without_cost_categories_says_so(ask: Ask, tmp_path: Path) -> None:
    lines = write_bill(tmp_path / "bill.csv", QUARTER)
    plain = [row[:-2] for row in csv.reader(Path(lines).read_text(encoding="utf-8").splitlines())]
    (tmp_path / "plain.csv").write_text("\n".join(",".join(row) for row in plain), encoding="utf-8")
    answer = ask("report", "plain.csv", "--by", "category:Unit", "-f", "csv")
    assert (answer.code, answer.told[0].code) == (0, "CK603")
    assert {row["category:Unit"] for row in rows_of(answer)} == {"(no category)", "Tax"}
    assert ask("report", "plain.csv", "--by", "category:").code == 2


def test_a_csv_is_read_alike_by_everyone(reported: Reported) -> None:
    rows = [
        month_line("2026-10", "1.5E-3", service='a "b", c', account="012345678901"),
        month_line("2026-10", "-2", service="=1+1", type="Usage"),
        month_line("2026-10", "3", service="größer"),
    ]
    out = reported(rows, "--by", "account,service", "-f", "csv").out
    # RFC 4180: comma, CR LF, quotes doubled; UTF-8 without a mark; a dot before the decimals and no exponent.
    assert not out.startswith("\ufeff")
    assert out.count("\r\n") == len(out.split("\n")) - 1 == 4
    assert '2026-10,012345678901,"a ""b"", c",0.0015,0.0015,' in out
    assert "2026-10,111122223333,'=1+1,-2,-2," in out
    assert "größer" in out


@pytest.mark.parametrize("period", ["soon", "2026-13-01", "10/01/2026"])
def test_a_period_that_is_no_month_is_told_and_not_left_out(reported: Reported, period: str) -> None:
    answer = reported([*QUARTER, month_line("2026-10", "1", period=period)])
    assert (answer.code, answer.told[0].code) == (2, "CK624")
    assert "a billing period that starts with no month" in answer.err


def test_the_sentence_also_names_what_is_no_usage(reported: Reported) -> None:
    rows = [month_line("2026-09", "1"), month_line("2026-10", "1"), month_line("2026-10", "9", type="Refund")]
    said = reported(rows, "--previous", "--by", "charge", "-f", "json").tree["sentence"]
    assert said.endswith("; 100 % of the rise is refund in account 111122223333")


def test_a_bill_without_lines_or_months_without_charges_are_told(reported: Reported) -> None:
    answer = reported([])
    assert (answer.code, answer.told[0].code, answer.told[0].message) == (2, "CK606", "the bill has no lines")
    answer = reported(QUARTER, "--months", "2027-01..2027-02")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK606", "CK606"])


def test_the_kind_of_charge_beside_other_groups_leaves_their_names_alone(reported: Reported) -> None:
    rows = [month_line("2026-10", "1"), month_line("2026-10", "2", type="Tax")]
    found = rows_of(reported(rows, "--by", "charge,service", "-f", "csv"))
    assert [(row["charge"], row["service"]) for row in found] == [("Tax", "AmazonEC2"), ("Usage", "AmazonEC2")]
