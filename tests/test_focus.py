"""FOCUS datasets: each line item type as the rows FOCUS wants, held against facts of the specification."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asking import Answer
from conftest import ROOT
from focus_bill import BILLED, BOX, EFFECTIVE, EVERY_TYPE, PLAN, RESERVED, line, write_bill
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.billing.focus.tables import columns, services
from costkit.cli.main import run

Ask = Callable[..., Answer]
Row = dict[str, str]
D = Decimal
FACTS = list(csv.DictReader((ROOT / "tests" / "focus" / "columns_1_2.csv").read_text(encoding="utf-8").splitlines()))
CUSTOM = ["x_CostCategories", "x_Discounts", "x_LineItemType", "x_Operation", "x_ServiceCode", "x_UsageType"]


@pytest.fixture
def dataset(ask: Ask, tmp_path: Path) -> Callable[..., list[Row]]:
    def made(rows: list[Row], *arguments: str) -> list[Row]:
        answer = ask("report", write_bill(tmp_path / "bill.csv", rows), "--columns", "focus", "--strict", *arguments)
        assert answer.code == 0, answer.err
        return list(csv.DictReader(io.StringIO(answer.out)))

    return made


Dataset = Callable[..., list[Row]]


def added(rows: list[Row], column: str) -> Decimal:
    return sum((D(row[column]) for row in rows), D(0))


def one(rows: list[Row], kind: str, **more: str) -> Row:
    [row] = [
        row for row in rows if row["x_LineItemType"] == kind and all(row[name] == value for name, value in more.items())
    ]
    return row


def test_the_columns_are_those_of_the_specification() -> None:
    assert [column.name for column in columns("1.2")] == [fact["column"] for fact in FACTS]
    assert [column.name for column in columns("1.0")] == [fact["column"] for fact in FACTS if fact["feature_level_1_0"]]
    assert (len(columns("1.2")), len(columns("1.0"))) == (57, 43)
    kinds = {"Decimal": "number", "Date/Time": "time", "JSON": "object", "String": "text"}
    for column, fact in zip(columns("1.2"), FACTS, strict=True):
        assert (column.kind, column.needed) == (kinds[fact["type"]], fact["allows_nulls"] == "False")
        if column.name != "ServiceSubcategory":
            assert "|".join(column.values) == fact["allowed_values"]


def test_a_name_of_a_service_has_one_category_and_a_subcategory_of_it() -> None:
    categories: dict[str, set[str]] = defaultdict(set)
    [allowed] = [set(fact["allowed_values"].split("|")) for fact in FACTS if fact["column"] == "ServiceSubcategory"]
    for service in services().values():
        categories[service["name"]].add(service["category"])
        assert f"{service['category']}>{service['subcategory']}" in allowed
    assert all(len(found) == 1 for found in categories.values())


def test_every_line_item_type_becomes_the_rows_that_focus_wants(dataset: Dataset) -> None:
    rows = dataset(EVERY_TYPE)
    seen = sorted(
        (row["x_LineItemType"], row["ChargeCategory"], row["ChargeFrequency"], row["BilledCost"], row["EffectiveCost"])
        for row in rows
    )
    assert seen == sorted(
        [
            ("Usage", "Usage", "Usage-Based", "10", "10"),
            ("Usage", "Usage", "Usage-Based", "0.3", "0.3"),
            ("SavingsPlanCoveredUsage", "Usage", "Usage-Based", "0", "5"),
            ("SavingsPlanRecurringFee", "Purchase", "Recurring", "6", "0"),
            ("SavingsPlanRecurringFee", "Usage", "Usage-Based", "0", "1"),
            ("DiscountedUsage", "Usage", "Usage-Based", "0", "2.5"),
            ("RIFee", "Purchase", "Recurring", "3.25", "0"),
            ("RIFee", "Usage", "Usage-Based", "0", "0.75"),
            ("SavingsPlanUpfrontFee", "Purchase", "One-Time", "100", "0"),
            ("Fee", "Purchase", "One-Time", "50", "0"),
            ("Fee", "Purchase", "One-Time", "1", "1"),
            ("Tax", "Tax", "One-Time", "2", "2"),
            ("Credit", "Credit", "One-Time", "-4", "-4"),
            ("Refund", "Usage", "One-Time", "-6", "-6"),
            ("EdpDiscount", "Adjustment", "One-Time", "-0.5", "-0.5"),
        ]
    )
    assert (added(rows, "BilledCost"), added(rows, "EffectiveCost")) == (D(BILLED), D(EFFECTIVE))
    assert one(rows, "Refund")["ChargeClass"] == "Correction"
    assert {row["ChargeClass"] for row in rows if row["x_LineItemType"] != "Refund"} == {""}


def test_commitments_say_what_they_are_and_what_of_them_was_used(dataset: Dataset) -> None:
    rows = dataset(EVERY_TYPE)
    columns = ("Id", "Category", "Type", "Status", "Quantity", "Unit")

    def commitment(kind: str, category: str) -> tuple[str, ...]:
        row = one(rows, kind, ChargeCategory=category)
        return tuple(row[f"CommitmentDiscount{column}"] for column in columns)

    plan, reserved = (PLAN, "Spend", "ComputeSavingsPlans"), (RESERVED, "Usage", "Reservation")
    assert commitment("SavingsPlanCoveredUsage", "Usage") == (*plan, "Used", "5", "USD")
    assert commitment("SavingsPlanRecurringFee", "Usage") == (*plan, "Unused", "1", "USD")
    assert commitment("SavingsPlanRecurringFee", "Purchase") == (*plan, "", "6", "USD")
    assert commitment("DiscountedUsage", "Usage") == (*reserved, "Used", "16", "Normalized Hours")
    assert commitment("RIFee", "Usage") == (*reserved, "Unused", "4", "Normalized Hours")
    assert commitment("RIFee", "Purchase") == (*reserved, "", "20", "Normalized Hours")
    assert one(rows, "SavingsPlanRecurringFee", ChargeCategory="Usage")["ResourceId"] == PLAN
    for name in (PLAN, RESERVED):
        own = [row for row in rows if row["CommitmentDiscountId"] == name]
        used = added([row for row in own if row["ChargeCategory"] == "Usage"], "EffectiveCost")
        assert used == added([row for row in own if row["ChargeCategory"] == "Purchase"], "BilledCost")


def assert_conformant(rows: list[Row], version: str) -> None:
    """What the specification says of types, nulls, allowed values and products, row by row."""
    facts = [fact for fact in FACTS if version == "1.2" or fact["feature_level_1_0"]]
    assert list(rows[0])[: len(facts)] == [fact["column"] for fact in facts]
    assert all(name.startswith("x_") for name in list(rows[0])[len(facts) :])
    categories: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        categories[row["ServiceName"]].add(row["ServiceCategory"])
        for fact in facts:
            assert_allowed(fact, row)
        assert_related(row, version)
    assert all(len(found) == 1 for found in categories.values())


def assert_allowed(fact: Row, row: Row) -> None:
    value, name = row[fact["column"]], fact["column"]
    if not value:
        assert fact["allows_nulls"] == "True", name
        return
    if fact["type"] == "Decimal":
        assert set(value) <= set("0123456789.-"), name
        assert "UnitPrice" not in name or D(value) >= 0
    elif fact["type"] == "Date/Time":
        assert len(value) == len("2026-10-01T00:00:00Z")
        assert (value[10], value[-1]) == ("T", "Z")
    elif fact["type"] == "JSON":
        assert all(not isinstance(one, dict | list) for one in json.loads(value).values())
    elif name == "ServiceSubcategory":
        assert f"{row['ServiceCategory']}>{value}" in fact["allowed_values"].split("|")
    elif fact["allowed_values"]:
        assert value in fact["allowed_values"].split("|"), name


def assert_related(row: Row, version: str) -> None:
    category, corrected = row["ChargeCategory"], row["ChargeClass"] == "Correction"
    assert (row["CommitmentDiscountId"] == "") == (row["CommitmentDiscountCategory"] == "")
    assert (row["CommitmentDiscountId"] == "") == (row["CommitmentDiscountType"] == "")
    assert (row["CommitmentDiscountStatus"] != "") == (row["CommitmentDiscountId"] != "" and category == "Usage")
    assert (row["RegionId"] == "") == (row["RegionName"] == "")
    assert (row["ResourceId"] == "") == (row["ResourceType"] == "")
    assert (row["PricingQuantity"] == "") == (row["PricingUnit"] == "")
    assert (row["ConsumedQuantity"] == "") == (row["ConsumedUnit"] == "")
    unused = row["CommitmentDiscountStatus"] == "Unused"
    assert category == "Usage" or not row["ConsumedQuantity"]
    assert not (unused and row["ConsumedQuantity"])
    priced = ("SkuId", "SkuPriceId", "PricingCategory", "PricingQuantity", "ListUnitPrice", "ContractedUnitPrice")
    for name in priced:
        assert category != "Tax" or not row[name], name
        assert category not in ("Usage", "Purchase") or corrected or row[name], (name, row["x_LineItemType"])
    for price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
        if row[price] and row["PricingQuantity"] and not corrected:
            # A unit price that was divided is cut at fifteen decimals.
            assert abs(D(row[price]) * D(row["PricingQuantity"]) - D(row[cost])) < D("1e-6"), price
    if category == "Purchase":
        assert row["ChargeFrequency"] != "Usage-Based"
    if version == "1.2":
        assert (row["CommitmentDiscountQuantity"] == "") == (row["CommitmentDiscountUnit"] == "")
        if row["CommitmentDiscountId"] and category in ("Usage", "Purchase") and not corrected:
            assert row["CommitmentDiscountQuantity"], row["x_LineItemType"]
        assert row["PricingCurrency"]


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_all_rows_obey_the_specification(dataset: Dataset, version: str) -> None:
    rows = dataset(EVERY_TYPE, "--focus-version", version)
    assert_conformant(rows, version)
    assert [name for name in rows[0] if name.startswith("x_")] == CUSTOM


def test_names_units_periods_and_prices_are_in_focus_words(dataset: Dataset) -> None:
    rows = dataset(EVERY_TYPE)
    usage = next(row for row in rows if row["ResourceId"] == "i-1")
    wanted = {
        "BillingAccountId": "999988887777",
        "SubAccountId": "111122223333",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "ServiceCategory": "Compute",
        "ServiceSubcategory": "Virtual Machines",
        "RegionId": "us-east-1",
        "RegionName": "N. Virginia",
        "AvailabilityZone": "us-east-1a",
        "ResourceType": "Compute Instance",
        "PricingUnit": "Hours",
        "ConsumedQuantity": "10",
        "ListUnitPrice": "1.2",
        "ContractedUnitPrice": "1",
        "ListCost": "12",
        "SkuPriceDetails": '{"InstanceType":"m5.large"}',
        "SkuMeter": "BoxUsage:m5.large",
        "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "BillingPeriodEnd": "2026-11-01T00:00:00Z",
        "ChargePeriodStart": "2026-10-05T10:00:00Z",
        "ChargePeriodEnd": "2026-10-05T11:00:00Z",
    }
    assert {name: usage[name] for name in wanted} == wanted
    assert json.loads(usage["Tags"]) == {"team": "web", "aws_created_by": "me"}
    # The last second of a month is in it: the end of a period is the first moment behind it.
    assert one(rows, "Tax")["ChargePeriodEnd"] == "2026-11-01T00:00:00Z"
    # 8 / 7, cut after fifteen decimals.
    assert one(rows, "SavingsPlanCoveredUsage")["ListUnitPrice"] == "1.142857142857142"
    assert one(rows, "Usage", ResourceId="i-2")["PricingCategory"] == "Dynamic"


def test_null_is_an_empty_field_and_text_is_quoted(ask: Ask, tmp_path: Path) -> None:
    answer = ask("report", write_bill(tmp_path / "bill.csv", EVERY_TYPE[:1]), "--columns", "focus")
    [_, row] = answer.out.rstrip("\r\n").split("\r\n")
    assert row.startswith('"us-east-1a",10,"999988887777","shop","Payer Account","USD",')
    assert ',,,"Usage",,"Usage line","Usage-Based",' in row
    assert ',"",' not in row


def test_negotiated_discounts_are_in_the_net_costs_and_no_rows(dataset: Dataset) -> None:
    rows = dataset(
        [
            line("Usage", "10", net_unblended_cost="9", usage_amount="9", unblended_rate="1", net_unblended_rate="1",
                 unit="Hrs", public_on_demand_cost="10"),
            line("EdpDiscount", "-1", net_unblended_cost="0"),
            line("Tax", "2"),
        ]
    )  # fmt: skip
    assert [(row["x_LineItemType"], row["BilledCost"], row["ListCost"]) for row in rows] == [
        ("Usage", "9", "10"),
        ("Tax", "2", "2"),
    ]


def test_what_negations_leave_is_one_adjustment(dataset: Dataset) -> None:
    covered = line(
        "SavingsPlanCoveredUsage", "7", **BOX, usage_amount="7", plan_a_r_n=PLAN, plan_savings_plan_effective_cost="5"
    )
    halves = [line("SavingsPlanNegation", cost, plan_a_r_n=PLAN) for cost in ("-3.50", "-3.49")]
    rows = dataset([covered, *halves])
    assert [(row["ChargeCategory"], row["BilledCost"], row["EffectiveCost"]) for row in rows] == [
        ("Usage", "0", "5"),
        ("Adjustment", "0.01", "0"),
    ]
    assert rows[1]["BillingAccountId"] == "999988887777"
    assert rows[1]["CommitmentDiscountId"] == PLAN


def test_tags_are_flat_and_a_tag_without_a_home_is_none(dataset: Dataset) -> None:
    tags = ['{"user_team": {"deep": [1]}}', "not json", "[1]", "", '{"user_a": "1", "a": "2"}', '{"user_=x": "=1+1"}']
    rows = dataset([line("Usage", "1", **BOX, usage_amount="1", resource_tags=text) for text in tags])
    found = [json.loads(row["Tags"]) if row["Tags"] else None for row in rows]
    assert found[:4] == [{"team": '{"deep":[1]}'}, None, None, None]
    # Two keys that would become one keep what the bill calls them.
    assert found[4:] == [{"user_a": "1", "a": "2"}, {"=x": "=1+1"}]


def test_a_csv_cell_is_never_a_formula_and_parquet_keeps_every_text(ask: Ask, tmp_path: Path) -> None:
    bill = write_bill(
        tmp_path / "bill.csv", [line("Usage", "-1", resource_id="=cmd()", line_item_line_item_description="-a\x1b[31m")]
    )
    answer = ask("report", bill, "--columns", "focus", "-f", "csv", "-o", "parquet=out.parquet")
    [row] = csv.DictReader(io.StringIO(answer.out))
    assert (row["ResourceId"], row["ChargeDescription"], row["BilledCost"]) == ("'=cmd()", "'-a?[31m", "-1")
    found = duckdb.sql(f"SELECT ResourceId, ChargeDescription FROM '{tmp_path / 'out.parquet'}'").fetchall()
    assert found == [("=cmd()", "-a\x1b[31m")]


def test_parquet_has_decimals_moments_and_texts(ask: Ask, tmp_path: Path) -> None:
    bill = write_bill(tmp_path / "bill.csv", EVERY_TYPE)
    assert ask("report", bill, "--columns", "focus", "-o", "out.parquet").code == 0
    path = tmp_path / "out.parquet"
    kinds = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
    starts = {"Decimal": "DECIMAL", "Date/Time": "TIMESTAMP WITH TIME ZONE", "JSON": "VARCHAR", "String": "VARCHAR"}
    for fact in FACTS:
        assert kinds[fact["column"]].startswith(starts[fact["type"]]), fact["column"]
    [sums] = duckdb.sql(f"SELECT SUM(BilledCost), SUM(EffectiveCost) FROM '{path}'").fetchall()
    assert sums == (D(BILLED), D(EFFECTIVE))


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_a_dataset_passed_through_is_the_same_byte_for_byte(ask: Ask, tmp_path: Path, version: str) -> None:
    bill = write_bill(tmp_path / "bill.csv", EVERY_TYPE)
    wanted = ("--columns", "focus", "--focus-version", version)
    first = ask("report", bill, *wanted, "-o", "first.csv", "-o", "first.parquet")
    assert (first.code, first.told) == (0, [])
    for name in ("first.csv", "first.parquet"):
        again = ask("report", name, *wanted, "--strict", "-o", "again.csv")
        assert (again.code, again.told) == (0, [])
        assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "first.csv").read_bytes()


def test_a_loose_focus_export_is_normalised_and_what_it_lacks_is_said(ask: Ask, tmp_path: Path) -> None:
    row = {
        "BillingPeriodStart": "2026-10-01 00:00:00",
        "BillingPeriodEnd": "2026-11-01 00:00:00",
        "ChargePeriodStart": "2026-10-01T02:00:00+02:00",
        "BilledCost": "7.0E-7",
        "EffectiveCost": "0.5",
        "ListCost": "NULL",
        "ChargeCategory": "usage",
        "ChargeFrequency": "Usage-based",
        "SubAccountId": "007",
        "ServiceName": "Amazon Redshift",
        "ServiceCategory": "Databases",
        "BillingCurrency": "USD",
        "x_UsageType": "Node:ra3.4xlarge",
        "Id": "17",
        "x_id": "18",
    }
    (tmp_path / "focus.csv").write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    answer = ask("report", "focus.csv", "--columns", "focus")
    [found] = csv.DictReader(io.StringIO(answer.out))
    wanted = {
        "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "ChargePeriodStart": "2026-10-01T00:00:00Z",
        "BilledCost": "0.0000007",
        "ListCost": "",
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "SubAccountId": "007",
        "ServiceSubcategory": "Data Warehouses",
        "SkuMeter": "Node:ra3.4xlarge",
        "x_UsageType": "Node:ra3.4xlarge",
        "x_Id": "17",
        "x_x_id": "18",
    }
    assert {name: found[name] for name in wanted} == wanted
    unruled, lacking, null = answer.told
    assert (unruled.code, "ChargeCategory " in unruled.message) == ("CK625", True)
    assert (lacking.code, "ProviderName" in lacking.message, "ListCost" in lacking.message) == ("CK641", True, False)
    assert (null.code, null.message) == ("CK646", "null where FOCUS wants a value: ListCost (1)")


def test_a_bill_of_maps_and_a_legacy_bill_have_the_same_tags(ask: Ask, tmp_path: Path) -> None:
    source = write_bill(tmp_path / "bill.csv", EVERY_TYPE[:1])
    tags = "MAP {'resourceTags/user:Team': 'web', 'aws:x': 'y'} AS tags"
    duckdb.sql(f"COPY (SELECT * EXCLUDE (resource_tags), {tags} FROM '{source}') TO '{tmp_path / 'm.parquet'}'")
    [row] = csv.DictReader(io.StringIO(ask("report", "m.parquet", "--columns", "focus").out))
    assert json.loads(row["Tags"]) == {"Team": "web", "aws:x": "y"}
    legacy = {name: value for name, value in EVERY_TYPE[0].items() if name != "resource_tags"}
    write_bill(tmp_path / "legacy.csv", [legacy | {"resourceTags/user:Team": "web", "resourceTags/user:None": ""}])
    [row] = csv.DictReader(io.StringIO(ask("report", "legacy.csv", "--columns", "focus").out))
    assert json.loads(row["Tags"]) == {"Team": "web"}


def test_an_account_that_was_written_as_a_number_keeps_its_zeros(ask: Ask, tmp_path: Path) -> None:
    source = write_bill(tmp_path / "bill.csv", EVERY_TYPE[:1])
    ids = "12345678 AS bill_payer_account_id, 87654321 AS line_item_usage_account_id"
    duckdb.sql(f"COPY (SELECT * REPLACE ({ids}) FROM '{source}') TO '{tmp_path / 'cur.parquet'}'")
    assert ask("report", "cur.parquet", "--columns", "focus", "-o", "focus.parquet").code == 0
    numbers = "BillingAccountId::BIGINT AS BillingAccountId, SubAccountId::BIGINT AS SubAccountId"
    focus = tmp_path / "focus.parquet"
    duckdb.sql(f"COPY (SELECT * REPLACE ({numbers}) FROM '{focus}') TO '{tmp_path / 'again.parquet'}'")
    for bill in ("cur.parquet", "again.parquet"):
        [row] = csv.DictReader(io.StringIO(ask("report", bill, "--columns", "focus").out))
        assert (row["BillingAccountId"], row["SubAccountId"]) == ("000012345678", "000087654321")


def test_a_sum_that_is_lost_on_the_way_is_told_and_exits_4(ask: Ask, tmp_path: Path) -> None:
    from costkit.billing.focus import from_cur

    bill = write_bill(tmp_path / "bill.csv", EVERY_TYPE)
    with pytest.MonkeyPatch.context() as patch:
        # As if the accounting had come to think that taxes were fees of a commitment.
        patch.setattr(from_cur, "IS_UNUSED", f"({from_cur.IS_UNUSED} OR line_type = 'Tax')")
        answer = ask("report", bill, "--columns", "focus", "--strict", "-o", "out.csv")
    assert answer.code == 4
    assert "DOES NOT TIE" in answer.err
    assert [told.code for told in answer.told] == ["CK640", "CK640"]


def test_a_bill_that_cannot_be_read_leaves_the_old_file(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    bill = write_bill(tmp_path / "bill.csv", [line("Usage", "1", usage_start_date="yesterday")])
    answer = ask("report", bill, "--columns", "focus", "-o", "out.csv")
    assert (answer.code, answer.told[0].code) == (2, "CK601")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("-f", "json"), "CK642"), (("-o", "json=out.json"), "CK116"), (("--month", "2026-11"), "CK606")],
)
def test_what_is_no_dataset_is_told(ask: Ask, tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    answer = ask("report", write_bill(tmp_path / "bill.csv", EVERY_TYPE), "--columns", "focus", *arguments)
    assert (answer.code, answer.told[0].code) == (2, code)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--engine", "spark"), "CK620"),
        (("--engine", "athena", "--table", "a.b"), "CK620"),
        (("--months", "2026-09..2026-10"), "CK645"),
        (("--forecast",), "CK645"),
    ],
)
def test_a_dataset_is_of_one_month_and_of_duckdb(
    ask: Ask, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    answer = ask("report", write_bill(tmp_path / "bill.csv", EVERY_TYPE), "--columns", "focus", *arguments)
    assert (answer.code, [told.code for told in answer.told]) == (2, [code])


def test_a_cost_that_the_bill_does_not_tell_is_no_sum(ask: Ask, tmp_path: Path) -> None:
    bill = write_bill(tmp_path / "bill.csv", [line("RIFee", "3"), line("RIFee", "2", unused_recurring_fee="0.5")])
    answer = ask("report", bill, "--columns", "focus", "--strict")
    assert (answer.code, [told.code for told in answer.told]) == (4, ["CK602", "CK646"])
    assert "EffectiveCost (1)" in answer.err
    assert "4 rows, ties to the bill in 1 sums" in answer.err


def test_a_dataset_has_no_line_of_an_older_version_or_a_copy(ask: Ask, tmp_path: Path) -> None:
    for version, cost in (("2026-11-01T01:00:00Z", "1"), ("2026-11-02T01:00:00Z", "2")):
        place = tmp_path / "export" / "billing_period=2026-10" / version.replace(":", "%3a")
        place.mkdir(parents=True)
        for name in ("one.csv", "copy.csv"):
            write_bill(place / name, [line("Usage", cost, **BOX, usage_amount="1")])
    answer = ask("report", "export", "--columns", "focus", "--strict")
    assert (answer.code, {told.code for told in answer.told}) == (0, {"CK623"})
    assert [row["BilledCost"] for row in csv.DictReader(io.StringIO(answer.out))] == ["2"]


UNHEARD = "Unheard"
KINDS = ("Usage", "Tax", "Credit", "Refund", "Fee", "EdpDiscount", "SavingsPlanRecurringFee", "RIFee", UNHEARD)
amounts = st.decimals(-(10**9), 10**9, places=10).map(lambda amount: f"{amount:E}")
lines = st.builds(
    lambda kind, cost, quantity, plan, used: line(
        kind,
        cost,
        usage_amount=quantity,
        plan_a_r_n=plan,
        total_commitment_to_date="5",
        used_commitment=used,
        unused_recurring_fee=used,
    ),
    st.sampled_from(KINDS),
    amounts,
    amounts,
    st.sampled_from(["", PLAN]),
    st.sampled_from(["0", "1.25", "5"]),
)


@given(bill=st.lists(lines, min_size=1, max_size=12))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_costs_of_any_bill_are_the_costs_of_its_dataset(tmp_path: Path, bill: list[Row]) -> None:
    path, out = write_bill(tmp_path / "bill.csv", bill), tmp_path / "out.csv"
    unruled = any(row["line_item_line_item_type"] == UNHEARD for row in bill)
    assert run(["report", path, "--columns", "focus", "--strict", "-q", "-o", str(out)]) == (4 if unruled else 0)
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode())))
    assert added(rows, "BilledCost") == sum(D(row["line_item_unblended_cost"]) for row in bill)
    for row in rows:
        for price in ("ListUnitPrice", "ContractedUnitPrice"):
            assert not row[price] or D(row[price]) >= 0


@pytest.fixture
def long_cells() -> Iterator[None]:
    before = csv.field_size_limit(2**31 - 1)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("long_cells")
def test_a_hostile_bill_is_written_whole(dataset: Dataset) -> None:
    long = "x" * 3_000_000
    rows = dataset(
        [
            line("Usage", "9.9E+14", usage_amount="1E-9", unit="Hrs", resource_id=long),
            line("Usage", "-1.5", usage_amount="3", unit="Hrs", currency_code="EUR"),
            line("Usage", "1", usage_amount="0", unit="Hrs", resource_id='a"b,c\nd\x00'),
            line("Usage", "1", usage_amount="", unit="Hrs", product_code=""),
        ]
    )
    assert [row["BilledCost"] for row in rows] == ["990000000000000", "-1.5", "1", "1"]
    # What has no unit price that can be told has none; where money came back the quantity is negative.
    assert [row["ListUnitPrice"] for row in rows] == ["", "0.5", "", ""]
    assert rows[1]["PricingQuantity"] == "-3"
    assert (rows[0]["ResourceId"], rows[2]["ResourceId"]) == (long, 'a"b,c?d?')
    assert (rows[3]["ServiceName"], rows[3]["ServiceCategory"]) == ("AWS", "Other")


def test_an_unknown_service_has_no_category_of_another(dataset: Dataset) -> None:
    [row] = dataset([line("Usage", "1", product_code="AWSMoonbase", usage_amount="1", unit="Moon-Hrs")])
    found = [row[name] for name in ("ServiceName", "ServiceCategory", "ServiceSubcategory", "PricingUnit")]
    assert found == ["AWSMoonbase", "Other", "Other (Other)", "Moon-Hrs"]


def test_a_reader_that_has_enough_ends_it_quietly(command: Any, tmp_path: Path) -> None:
    write_bill(tmp_path / "bill.csv", EVERY_TYPE)
    answer = command("report", "bill.csv", "--columns", "focus", "-f", "csv")
    assert answer.code == 0
    assert answer.out.count("\r\n") == 16
