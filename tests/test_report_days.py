"""The finance report by day, with sums worked by hand."""

from pathlib import Path

from test_report import Ask, D, line, rows_of, write_csv

START, END = "line_item_usage_start_date", "line_item_usage_end_date"
DAY = ("--month", "2026-10", "-f", "csv")


def during(row: dict[str, str], start: str, end: str) -> dict[str, str]:
    return {**row, START: f"{start}:00:00.000Z", END: f"{end}:00:00.000Z"}


# Two hours of the 1st, one of the 2nd that ends on the 3rd, a fee and tax of the whole month.
ROWS = [
    during(line("Usage", "1"), "2026-10-01T00", "2026-10-01T01"),
    during(line("Usage", "0.25"), "2026-10-01T23", "2026-10-02T00"),
    during(line("Usage", "2"), "2026-10-02T23", "2026-10-03T00"),
    during(line("Credit", "-0.5"), "2026-10-02T00", "2026-10-02T01"),
    during(line("Usage", "8"), "2026-10-01T00", "2026-11-01T00"),
    during(line("Tax", "4"), "2026-10-01T00", "2026-11-01T00"),
]


def test_days_stand_in_their_order_and_what_is_for_the_month_is_said_so(ask: Ask, tmp_path: Path) -> None:
    bill = write_csv(tmp_path / "bill.csv", ROWS)
    alone = [(row["day"], D(row["billed_cost"])) for row in rows_of(ask("report", bill, "--by", "day", *DAY))]
    assert alone == [
        ("(whole month)", D(8)),
        ("(whole month) (Tax)", D(4)),
        ("2026-10-01", D("1.25")),
        ("2026-10-02", D(2)),
        ("2026-10-02 (Credit)", D("-0.5")),
    ]
    found = rows_of(ask("report", bill, "--by", "day,service", *DAY))
    assert [(row["day"], row["service"], D(row["billed_cost"])) for row in found] == [
        ("(whole month)", "AmazonEC2", D(8)),
        ("(whole month)", "Tax", D(4)),
        ("2026-10-01", "AmazonEC2", D("1.25")),
        ("2026-10-02", "AmazonEC2", D(2)),
        ("2026-10-02", "Credit", D("-0.5")),
    ]
    accounts = rows_of(ask("report", bill, "--by", "account,day", *DAY))
    assert [row["day"] for row in accounts] == [day for day, _ in alone]
    assert {row["account"] for row in accounts} == {"111122223333"}


def test_days_have_no_month_before(ask: Ask, tmp_path: Path) -> None:
    answer = ask("report", write_csv(tmp_path / "bill.csv", ROWS), "--by", "day", "--previous", *DAY)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK607"])


def test_a_bill_that_does_not_tell_when_has_no_days(ask: Ask, tmp_path: Path) -> None:
    bill = write_csv(tmp_path / "bill.csv", [line("Usage", "1")])
    answer = ask("report", bill, "--by", "day", *DAY)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK602"])
    assert START in answer.err
