"""The finance report: each line item type with sums worked by hand, and bills that are not as they should be."""

import csv
import gzip
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asking import Answer

Ask = Callable[..., Answer]
D = Decimal
PLAN, RESERVED = "arn:aws:savingsplans::1:savingsplan/p", "arn:aws:ec2:us-east-1:1:reserved-instances/r"
COLUMNS = [
    "bill_billing_period_start_date",
    "bill_invoice_id",
    "line_item_usage_account_id",
    "line_item_product_code",
    "product_region_code",
    "line_item_resource_id",
    "line_item_line_item_type",
    "line_item_operation",
    "line_item_currency_code",
    "line_item_line_item_description",
    "line_item_usage_type",
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "line_item_net_unblended_cost",
    "pricing_public_on_demand_cost",
    "savings_plan_savings_plan_a_r_n",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
    "savings_plan_recurring_commitment_for_billing_period",
    "savings_plan_net_recurring_commitment_for_billing_period",
    "reservation_reservation_a_r_n",
    "reservation_effective_cost",
    "reservation_net_effective_cost",
    "reservation_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_recurring_fee",
    "reservation_net_unused_amortized_upfront_fee_for_billing_period",
    "reservation_net_unused_recurring_fee",
    "resource_tags",
]


def line(kind: str, cost: str, **more: str) -> dict[str, str]:
    """A line of October; keywords are columns by the ends of their names."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "bill_billing_period_start_date": "2026-10-01T00:00:00.000Z",
        "line_item_usage_account_id": "111122223333",
        "line_item_product_code": "AmazonEC2",
        "product_region_code": "us-east-1",
        "line_item_line_item_type": kind,
        "line_item_currency_code": "USD",
        "line_item_unblended_cost": cost,
        "resource_tags": "{}",
    }
    for name, value in more.items():
        [column] = [column for column in COLUMNS if column.endswith(name)]
        row[column] = value
    return row


# Unblended: 10 + 7 - 7 + 5 + 0 + 3 + 100 + 50 + 1 + 2 - 4 - 6 - 0.5 = 160.50
EVERY_TYPE = [
    line("Usage", "10", public_on_demand_cost="12", resource_tags='{"user_team": "web"}'),
    line("SavingsPlanCoveredUsage", "7", public_on_demand_cost="8", plan_a_r_n=PLAN,
         plan_savings_plan_effective_cost="5"),
    line("SavingsPlanNegation", "-7", plan_a_r_n=PLAN),
    line("SavingsPlanRecurringFee", "5", plan_a_r_n=PLAN, total_commitment_to_date="6", used_commitment="5"),
    line("DiscountedUsage", "0", public_on_demand_cost="4", reservation_a_r_n=RESERVED,
         reservation_effective_cost="2.5"),
    line("RIFee", "3", reservation_a_r_n=RESERVED, reservation_unused_recurring_fee="0.25",
         reservation_unused_amortized_upfront_fee_for_billing_period="0.5"),
    line("SavingsPlanUpfrontFee", "100", plan_a_r_n=PLAN),
    line("Fee", "50", reservation_a_r_n=RESERVED),
    line("Fee", "1", product_code="AWSSupport"),
    line("Tax", "2"),
    line("Credit", "-4"),
    line("Refund", "-6"),
    line("EdpDiscount", "-0.5"),
]  # fmt: skip
# Effective: 10 + 5 + 0 + (6 - 5) + 2.5 + 0.75 + 0 + 0 + 1 + 2 - 4 - 6 - 0.5 = 11.75
# List: 12 + 8 + 5 + 4 + 3 + 100 + 50 + 1 + 2 - 4 - 6 - 0.5 = 174.5
# Contracted: 10 + 7 + 5 + 4 + 3 + 100 + 50 + 1 + 2 - 4 - 6 - 0.5 = 171.5
TOTAL = {
    "billed_cost": D("160.5"),
    "effective_cost": D("11.75"),
    "list_cost": D("174.5"),
    "contracted_cost": D("171.5"),
}


def write_csv(path: Path, rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.getvalue().encode()))
    else:
        path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)


@pytest.fixture
def reported(ask: Ask, tmp_path: Path) -> Callable[..., Answer]:
    def asked(rows: list[dict[str, str]], *arguments: str) -> Answer:
        return ask("report", write_csv(tmp_path / "bill.csv", rows), "--month", "2026-10", *arguments)

    return asked


Reported = Callable[..., Answer]


def rows_of(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.out)))


def totals(answer: Answer) -> dict[str, Decimal]:
    return {name: sum((D(row[name] or 0) for row in rows_of(answer)), D(0)) for name in TOTAL}


def test_every_line_item_type_is_accounted_as_aws_does(reported: Reported) -> None:
    answer = reported(EVERY_TYPE, "--by", "service", "-f", "csv", "--strict")
    assert answer.code == 0
    assert totals(answer) == TOTAL
    found = {row["service"]: (D(row["billed_cost"]), D(row["effective_cost"])) for row in rows_of(answer)}
    assert found == {
        "AmazonEC2": (D(10), D("17.5")),
        "Unused commitment": (D(0), D("1.75")),
        "Commitment fee": (D(158), D(0)),
        "Fee": (D(1), D(1)),
        "Tax": (D(2), D(2)),
        "Credit": (D(-4), D(-4)),
        "Refund": (D(-6), D(-6)),
        "Discount": (D("-0.5"), D("-0.5")),
    }
    assert (
        "control total of 2026-10: ties to the bill in 6 sums" in answer.err
    )  # two identities under a plan, a reservation and none


def test_with_negotiated_discounts_the_net_columns_count_and_discounts_are_in_them(reported: Reported) -> None:
    net = [
        line("Usage", "10", net_unblended_cost="9"),
        line("EdpDiscount", "-1", net_unblended_cost="0"),
        line("SavingsPlanCoveredUsage", "7", net_unblended_cost="7", plan_a_r_n=PLAN,
             plan_savings_plan_effective_cost="5", plan_net_savings_plan_effective_cost="4.5"),
        line("SavingsPlanNegation", "-7", net_unblended_cost="-7", plan_a_r_n=PLAN),
        line("SavingsPlanRecurringFee", "6", net_unblended_cost="5.4", plan_a_r_n=PLAN, total_commitment_to_date="6",
             used_commitment="5", plan_recurring_commitment_for_billing_period="6",
             plan_net_recurring_commitment_for_billing_period="5.4"),
        line("Tax", "2"),
    ]  # fmt: skip
    answer = reported(net, "--by", "account", "-f", "csv", "--strict")
    assert answer.code == 0
    # Billed 9 + 0 + 5.4 + 2; effective 9 + 4.5 + 1 x 5.4 / 6 + 2; the tax has no net column and keeps its cost.
    assert (totals(answer)["billed_cost"], totals(answer)["effective_cost"]) == (D("16.4"), D("16.4"))


def test_a_tag_is_found_and_what_has_none_is_untagged(reported: Reported) -> None:
    rows = [
        line("Usage", "3", resource_tags='{"user_team": "web"}'),
        line("Usage", "4", resource_tags='{"user_team": "=cmd()"}'),
        line("Usage", "5", resource_tags="not json"),
        line("Tax", "1"),
    ]
    answer = reported(rows, "--by", "tag:team", "-f", "csv")
    assert {row["tag:team"]: row["billed_cost"] for row in rows_of(answer)} == {
        "(untagged)": "5",
        "'=cmd()": "4",
        "web": "3",
        "Tax": "1",
    }


def test_the_header_is_the_contracts(reported: Reported) -> None:
    answer = reported(EVERY_TYPE, "--by", "account,service,tag:team", "-f", "csv")
    assert answer.out.partition("\r\n")[0] == (
        "month,account,service,tag:team,billed_cost,effective_cost,list_cost,contracted_cost,previous_cost,change,"
        "change_percent,currency,status"
    )


def test_the_month_before_stands_beside_it(reported: Reported) -> None:
    september = {"bill_billing_period_start_date": "2026-09-01T00:00:00.000Z"}
    rows = [
        line("Usage", "30", product_code="AmazonS3"),
        line("Usage", "20", product_code="AmazonS3") | september,
        line("Usage", "5", product_code="AmazonSQS") | september,
    ]
    answer = reported(rows, "--previous", "-f", "csv")
    found = {row["service"]: (row["previous_cost"], row["change"], row["change_percent"]) for row in rows_of(answer)}
    assert found == {"AmazonS3": ("20", "10", "50"), "AmazonSQS": ("5", "-5", "-100")}
    table = reported(rows, "--previous")
    assert table.out.startswith("October 2026: 30.00 USD, up 20 % (5.00 USD) on September; more than all")
    assert table.out.partition("\n")[0].endswith(" of the rise is S3 in account 111122223333")


def test_what_moved_is_divided_into_volume_and_price_exactly(reported: Reported) -> None:
    september = {"bill_billing_period_start_date": "2026-09-01T00:00:00.000Z"}

    def used(cost: str, amount: str, usage_type: str) -> dict[str, str]:
        return line("Usage", cost, usage_type=usage_type) | {"line_item_usage_amount": amount}

    rows = [
        used("10", "100", "More") | september,
        used("30", "300", "More"),  # three times as much at 0.10: +20 by volume
        used("10", "100", "Dearer") | september,
        used("22", "110", "Dearer"),  # 0.10 to 0.20: +1 by volume, +11 by price
        used("7", "7", "Gone") | september,
        used("4", "4", "New"),
    ]
    answer = reported(rows, "--previous", "-f", "json")
    found = {m["usage_type"]: (m["cause"], D(m["by_volume"]), D(m["by_price"])) for m in answer.tree["movements"]}
    assert found == {
        "More": ("volume", D(20), D(0)),
        "Dearer": ("price", D(1), D(11)),
        "Gone": ("gone", D(-7), D(0)),
        "New": ("new", D(4), D(0)),
    }
    table = reported(rows, "--previous").out
    # 56 - 27 = 29 more; 20 of it are 69.0 %.
    assert "; 69 % of the rise is EC2 More in account 111122223333" in table
    assert "+12.00  by price   AmazonEC2 Dearer 111122223333" in table


@pytest.mark.parametrize("name", ["bill.csv.gz", "export/BILLING_PERIOD=2026-10/data.csv"])
def test_compressed_and_partitioned_bills_are_the_same(ask: Ask, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, EVERY_TYPE)
    bill = name.partition("/")[0]
    assert totals(ask("report", bill, "--month", "2026-10", "-f", "csv", "-q")) == TOTAL


def test_parquet_with_maps_and_numbers_is_the_same(ask: Ask, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    money = [column for column in COLUMNS if column.endswith(("_cost", "_fee", "_period", "_date", "_commitment"))]
    money = [column for column in money if column != "bill_billing_period_start_date"]
    typed = ", ".join(f"TRY_CAST({column} AS DOUBLE) AS {column}" for column in money)
    tags = "CAST(CAST(resource_tags AS JSON) AS MAP(VARCHAR, VARCHAR)) AS resource_tags"
    period = "CAST(bill_billing_period_start_date AS TIMESTAMP) AS bill_billing_period_start_date"
    duckdb.sql(
        f"COPY (SELECT * REPLACE ({typed}, {tags}, {period}) FROM read_csv('{source}', all_varchar = true))"
        f" TO '{tmp_path / 'bill.parquet'}' (FORMAT parquet)"
    )
    answer = ask("report", "bill.parquet", "--by", "tag:team", "--month", "2026-10", "-f", "csv", "-q")
    assert totals(answer) == TOTAL
    assert "web" in {row["tag:team"] for row in rows_of(answer)}


def test_a_legacy_report_has_other_names_for_the_same(ask: Ask, tmp_path: Path) -> None:
    first = ("bill", "line_item", "product", "pricing", "savings_plan", "reservation")

    def legacy(column: str) -> str:
        head = next((name for name in first if column.startswith(name + "_")), "")
        words = column.removeprefix(head + "_").split("_")
        camel = "".join(word.capitalize() for word in head.split("_"))
        return f"{camel[:1].lower()}{camel[1:]}/{''.join(word.capitalize() for word in words)}" if head else column

    rows = [{legacy(column): value for column, value in row.items() if column != "resource_tags"} for row in EVERY_TYPE]
    rows[0]["resourceTags/user:team"] = "web"
    for row in rows[1:]:
        row["resourceTags/user:team"] = ""
    write_csv(tmp_path / "bill.csv", rows)
    answer = ask("report", "bill.csv", "--by", "tag:team", "--month", "2026-10", "-f", "csv", "-q")
    assert totals(answer) == TOTAL
    assert "web" in {row["tag:team"] for row in rows_of(answer)}


def test_a_focus_export_says_its_costs_itself(ask: Ask, tmp_path: Path) -> None:
    common = {
        "BillingPeriodStart": "2026-10-01 00:00:00",
        "SubAccountId": "1",
        "ServiceName": "EC2",
        "BillingCurrency": "USD",
    }
    costs = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")

    def charge(category: str, amounts: tuple[str, ...], **more: str) -> dict[str, str]:
        own = {"ChargeCategory": category, "ChargeClass": "NULL", "CommitmentDiscountStatus": "NULL"}
        return {**common, **own, **dict(zip(costs, amounts, strict=True)), **more}

    rows = [
        charge("Usage", ("1", "2", "4", "3")),
        charge("Usage", ("0", "0.5", "0", "0"), CommitmentDiscountStatus="Unused"),
        charge("Tax", ("7.0E-1", "0.7", "0.7", "NULL")),
        charge("Credit", ("-1", "-1", "-1", "-1")),
    ]
    write_csv(tmp_path / "focus.csv", rows)
    answer = ask("report", "focus.csv", "-f", "csv", "--strict")
    assert answer.code == 0
    assert {row["service"]: row["effective_cost"] for row in rows_of(answer)} == {
        "EC2": "2",
        "Tax": "0.7",
        "Unused commitment": "0.5",
        "Credit": "-1",
    }
    assert totals(answer)["billed_cost"] == D("0.7")


def test_split_cost_allocation_is_not_counted_twice(reported: Reported) -> None:
    rows = [line("Usage", "10"), line("Usage", "6", item_operation="ECSTask-EC2")]
    assert totals(reported(rows, "-f", "csv"))["billed_cost"] == D(10)


def test_currencies_are_never_added_up(reported: Reported) -> None:
    rows = [line("Usage", "10"), line("Usage", "6") | {"line_item_currency_code": "EUR"}]
    answer = reported(rows, "-f", "json")
    assert answer.tree["total"] is None
    assert {total["currency"]: total["billed_cost"] for total in answer.tree["totals"]} == {"EUR": "6", "USD": "10"}


def test_what_one_of_two_months_does_not_tell_has_not_changed(ask: Ask, tmp_path: Path) -> None:
    common = (
        "BillingPeriodStart,SubAccountId,ServiceName,ChargeCategory,BillingCurrency,BilledCost,EffectiveCost,ListCost\n"
    )
    lines = [
        "2026-09-01,1,EC2,Usage,USD,10,10,",
        "2026-10-01,1,EC2,Usage,USD,12,12,13",
        "2026-10-01,1,S3,Usage,USD,2,2,3",
    ]
    (tmp_path / "focus.csv").write_text(common + "\n".join(lines) + "\n", encoding="utf-8")
    answer = ask("report", "focus.csv", "--month", "2026-10", "--previous", "--metric", "list", "-f", "json")
    # EC2 is not new: what it cost at list prices in September is not known, and S3 was not there.
    assert [(moved["service"], moved["before"], moved["now"]) for moved in answer.tree["movements"]] == [
        ("S3", "0", "3")
    ]
    assert [(told.code, told.severity) for told in answer.told] == [("CK608", "warning"), ("CK602", "warning")]
    assert "what 2026-09 cost is not known whole" in answer.err
    before = ask("report", "focus.csv", "--month", "2026-09", "--metric", "list")
    assert before.out.startswith("September 2026: list cost in USD is not known whole\n")
    assert ask("report", "focus.csv", "--month", "2026-10", "--previous", "-q").err == ""


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_amounts_of_several_currencies_stand_beside_their_own(reported: Reported, form: str) -> None:
    september = {"bill_billing_period_start_date": "2026-09-01T00:00:00.000Z"}
    rows = [line("Usage", "10"), line("Usage", "6") | {"line_item_currency_code": "EUR"}]
    answer = reported([*rows, line("Usage", "9") | september], "--month", "2026-10", "--previous", "-f", form)
    words = [text.replace("|", " ").split() for text in answer.out.splitlines()]
    assert ["service", "Currency", "Billed"] in [row[:3] for row in words]
    assert [row[:3] for row in words if row[:1] == ["AmazonEC2"]] == [
        ["AmazonEC2", "EUR", "6.00"],
        ["AmazonEC2", "USD", "10.00"],
    ]
    if form == "table":
        assert ["+6.00", "EUR", "new", "AmazonEC2"] in [row[:4] for row in words]
    alone = reported([line("Usage", "9") | september], "--month", "2026-09", "-f", form)
    assert "Currency" not in alone.out


def test_a_month_is_open_provisional_or_closed(reported: Reported) -> None:
    now = {"SOURCE_DATE_EPOCH": "1793404800"}  # 2026-10-31
    assert reported([line("Usage", "1")], "-f", "csv").out.endswith("provisional\r\n")
    assert reported([line("Usage", "1", invoice_id="42")], "-f", "csv").out.endswith("closed\r\n")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in now.items():
            patch.setenv(name, value)
        assert reported([line("Usage", "1", invoice_id="42")], "-f", "csv").out.endswith("open\r\n")


def test_a_type_without_a_rule_is_counted_as_paid_and_told(reported: Reported) -> None:
    rows = [line("Usage", "1"), line("MoonDiscount", "-2"), line("MoonDiscount", "-3")]
    answer = reported(rows, "--by", "charge", "-f", "csv")
    assert {row["charge"]: row["billed_cost"] for row in rows_of(answer)} == {"Usage": "1", "Other": "-5"}
    [told] = answer.told
    assert (told.code, answer.code) == ("CK625", 0)
    assert "line_item_line_item_type MoonDiscount: Other, at what is paid, in 2 of the lines" in answer.err
    assert reported(rows, "--strict").code == 4


def test_a_negation_that_does_not_cancel_does_not_tie(reported: Reported) -> None:
    rows = [
        line("SavingsPlanCoveredUsage", "7", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="5"),
        line("SavingsPlanNegation", "-6.99", plan_a_r_n=PLAN),
    ]
    answer = reported(rows)
    assert "DOES NOT TIE" in answer.err
    assert (answer.told[0].code, answer.code) == ("CK604", 0)
    assert reported(rows, "--strict").code == 4


@pytest.mark.parametrize("other", [("--rerate",), ("--estimate", "spec.yaml")])
def test_what_does_not_tie_is_told_beside_other_answers_too(
    reported: Reported, tmp_path: Path, other: tuple[str, ...]
) -> None:
    (tmp_path / "spec.yaml").write_text(
        "version: 1\nresources: {ip: {type: public_ipv4, region: us-east-1}}\n", "utf-8"
    )
    covered = line("SavingsPlanCoveredUsage", "7", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="5")
    for left, word, broken in (("-6.99", "DOES NOT TIE", True), ("-7", "ties", False)):
        answer = reported([covered, line("SavingsPlanNegation", left, plan_a_r_n=PLAN)], *other, "--on", "2026-11-21")
        assert f"control total of 2026-10: {word} to the bill" in answer.err
        assert ("CK604" in [told.code for told in answer.told]) == broken
    assert reported([covered], *other, "--on", "2026-11-21", "--strict").code == 4


def test_what_rounding_leaves_of_a_negation_is_a_row_and_the_report_ties(reported: Reported) -> None:
    # A third of an hour each, to ten decimals, and one negation for the hour: one tenth decimal is left of the costs.
    rows = [
        line("SavingsPlanCoveredUsage", "0.3333333333", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="0.2"),
        line("SavingsPlanCoveredUsage", "0.3333333333", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="0.2"),
        line("SavingsPlanCoveredUsage", "0.3333333333", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="0.2"),
        line("SavingsPlanNegation", "-1", plan_a_r_n=PLAN),
    ]
    answer = reported(rows, "--by", "service,charge", "-f", "csv", "--strict")
    assert (answer.code, answer.told) == (0, [])
    found = {row["charge"]: (row["service"], row["billed_cost"], row["effective_cost"]) for row in rows_of(answer)}
    assert found == {"Usage": ("AmazonEC2", "0", "0.6"), "Other": ("AmazonEC2", "-0.0000000001", "0")}


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("none.csv", None, "CK601", "no such file"),
        ("bill.txt", b"a,b\n1,2\n", "CK601", "no bill in here"),
        ("other.csv", b"a,b\n1,2\n", "CK601", "neither a CUR nor a FOCUS export"),
        ("half.csv", b"line_item_unblended_cost,x\n1,2\n", "CK602", "missing columns: bill_billing_period_start_date"),
        (
            "torn.csv.gz",
            gzip.compress(b"line_item_unblended_cost,x\n1,2\n" * 50000, mtime=0)[:200],
            "CK601",
            "cannot be read",
        ),
        ("fake.parquet", b"PAR1 no parquet", "CK601", "cannot be read"),
        ("a[1].csv", b"a,b\n", "CK601", "reads like a pattern"),
    ],
)
def test_what_is_no_bill_is_told(
    ask: Ask, tmp_path: Path, name: str, content: bytes | None, code: str, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    answer = ask("report", name)
    assert answer.code == 2
    assert [told.code for told in answer.told] == [code]
    assert words in answer.err


def test_an_amount_that_is_none_is_an_error_not_zero(reported: Reported) -> None:
    answer = reported([line("Usage", "10"), line("Usage", "a lot")])
    assert (answer.code, answer.told[0].code) == (2, "CK601")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--by", "servce"), "CK607"), (("--by", "service,service"), "CK607"), (("--month", "2026-11"), "CK606")],
)
def test_what_cannot_be_reported_is_told(ask: Ask, tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    write_csv(tmp_path / "bill.csv", EVERY_TYPE)
    answer = ask("report", "bill.csv", *arguments)
    assert (answer.code, answer.told[0].code) == (2, code)
    assert ask("report", "bill.csv", "--month", "2026-13").code == 2


def test_json_has_the_same_sums(reported: Reported) -> None:
    tree: Any = reported(EVERY_TYPE, "-f", "json").tree
    assert {name: D(tree["total"][name]) for name in TOTAL} == TOTAL
    assert tree["control"]["holds"] is True
    assert sum(D(row["effective_cost"]) for row in tree["rows"]) == TOTAL["effective_cost"]


def test_pandas_style_readers_and_spreadsheets_see_no_formula(reported: Reported) -> None:
    rows = [line("Usage", "1", product_code="@SUM(A1)"), line("Usage", "2", product_code="\t=1+1")]
    for row in rows_of(reported(rows, "-f", "csv")):
        assert row["service"].startswith("'")
