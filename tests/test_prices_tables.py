"""A team's own tables, prices side by side, and questions about prices."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from price_list import OfferFile, shipped_offer

import costkit
from costkit.pricebook.book import PriceBook
from costkit.pricebook.coverage import files_of
from costkit.pricebook.refresh.rules import all_rules

NAT = (
    "version: 1\nregion: us-east-1\nresources: {nat: {type: nat_gateway, processed: 100 GB}, ip: {type: public_ipv4}}\n"
)
OWN = """table: nat_gateway
currency: USD
meters:
  hour:
    unit: hour
    title: NAT gateway
    rows:
      - {region: us-east-1, effective: 2026-06-01, confirmed: 2026-11-01, price: 0.03, source: CONTRACT}
"""
SOURCES = 'CONTRACT: {title: "Private price list 2026", where: "signed by both", date: "2026-05-31"}\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A team's own table with one negotiated price."""
    place = tmp_path / "our prices"
    place.mkdir()
    (place / "nat_gateway.yaml").write_text(OWN, encoding="utf-8")
    (place / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "costkit.yaml").write_text(NAT, encoding="utf-8")
    return place


def named_in_spec(tmp_path: Path) -> None:
    (tmp_path / "costkit.yaml").write_text(
        NAT.replace("resources", 'prices: "our prices"\nresources'), encoding="utf-8"
    )


class TestOwnTables:
    # 730 h x 0.03 = 21.90 of their own, 100 GB x 0.045 = 4.50 and 730 h x 0.005 = 3.65 of AWS's.
    @pytest.mark.parametrize("by_spec", [True, False])
    def test_rows_of_their_own_come_first_and_the_rest_is_aws(
        self, ask: Any, own: Path, tmp_path: Path, by_spec: bool
    ) -> None:
        options = [] if by_spec else ["--prices", "our prices"]
        if by_spec:
            named_in_spec(tmp_path)
        answer = ask("estimate", "-f", "json", *options)
        assert answer.total == "30.05"
        hour, processed = answer.tree["resources"][0]["charges"]
        assert hour["monthly_cost"] == "21.9"
        assert hour["source"] == "overlay:our%20prices/nat_gateway.yaml:8 CONTRACT"
        assert processed["source"].startswith("pricing/nat_gateway.yaml:")
        assert answer.tree["prices"]["overlays"] == ["our%20prices/nat_gateway.yaml"]

    def test_before_their_first_day_the_price_is_aws(self, ask: Any, own: Path) -> None:
        # 730 x 0.045 = 32.85, + 4.50 + 3.65.
        assert ask("estimate", "-f", "json", "--prices", "our prices", "--on", "2026-05-31").total == "41"

    @pytest.mark.parametrize("form", ["table", "markdown", "explain", "csv"])
    def test_every_output_marks_what_is_not_aws(self, ask: Any, own: Path, tmp_path: Path, form: str) -> None:
        named_in_spec(tmp_path)
        out = ask("estimate", "-f", form, "-q").out
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(out)))
            assert [row["source"].startswith("overlay:") for row in rows] == [True, False, False]
            return
        assert out.count("(own)") == 2  # at the charge, and where the mark is explained
        assert "priced by tables of your own, not AWS's list: our%20prices/nat_gateway.yaml" in " ".join(out.split())

    def test_the_explanation_names_their_row_and_their_source(self, ask: Any, own: Path, tmp_path: Path) -> None:
        named_in_spec(tmp_path)
        out = ask("explain", "-q").out
        assert "price of 2026-06-01, last seen 2026-11-01: overlay:our%20prices/nat_gateway.yaml:8" in out
        assert "CONTRACT: Private price list 2026, signed by both, 2026-05-31" in out

    @pytest.mark.parametrize("form", ["table", "json", "markdown"])
    @pytest.mark.parametrize(
        "command",
        [
            ("diff", "costkit.yaml", "costkit.yaml"),
            ("check", "costkit.yaml", "--max-monthly", "100"),
            ("compare", "regions", "costkit.yaml", "--regions", "us-east-1"),
            ("optimize", "costkit.yaml"),
        ],
    )
    def test_comparisons_gates_and_advice_use_and_mark_them_too(
        self, ask: Any, own: Path, tmp_path: Path, command: tuple[str, ...], form: str
    ) -> None:
        named_in_spec(tmp_path)
        answer = ask(*command, "-f", form, "-q")
        assert "our%20prices/nat\\_gateway.yaml" in answer.out or "our%20prices/nat_gateway.yaml" in answer.out

    def test_a_flag_comes_before_the_spec(self, ask: Any, own: Path, tmp_path: Path) -> None:
        named_in_spec(tmp_path)
        shutil.copytree(own, tmp_path / "other")
        text = OWN.replace("price: 0.03", "price: 0.02")
        (tmp_path / "other" / "nat_gateway.yaml").write_text(text, encoding="utf-8")
        # 730 x 0.02 = 14.60, + 4.50 + 3.65.
        assert ask("estimate", "-f", "json", "--prices", "other").total == "22.75"

    def test_the_directory_is_seen_from_the_spec_and_not_from_here(self, ask: Any, own: Path, tmp_path: Path) -> None:
        named_in_spec(tmp_path)
        (tmp_path / "project").mkdir()
        for name in ("our prices", "costkit.yaml"):
            shutil.move(tmp_path / name, tmp_path / "project" / name)
        assert ask("estimate", "project/costkit.yaml", "-f", "json").total == "30.05"

    def test_a_directory_that_is_not_there_is_told_with_its_line(self, ask: Any, tmp_path: Path) -> None:
        (tmp_path / "costkit.yaml").write_text(NAT.replace("resources", "prices: nowhere\nresources"), encoding="utf-8")
        answer = ask("estimate")
        assert answer.code == 2
        [told] = answer.told
        assert (told.code, told.where) == ("CK101", "costkit.yaml:3")

    def test_a_list_of_nonsense_is_told(self, ask: Any, tmp_path: Path) -> None:
        (tmp_path / "costkit.yaml").write_text(NAT.replace("resources", "prices: {a: 1}\nresources"), encoding="utf-8")
        answer = ask("estimate")
        assert answer.code == 2
        assert [told.code for told in answer.told] == ["CK104"]

    def test_a_broken_table_of_their_own_stops_the_estimate(self, ask: Any, own: Path, tmp_path: Path) -> None:
        named_in_spec(tmp_path)
        (own / "nat_gateway.yaml").write_text(OWN.replace("0.03", "-1"), encoding="utf-8")
        answer = ask("estimate")
        assert answer.code == 2
        [told] = answer.told
        assert (told.code, told.where) == ("CK206", "our prices/nat_gateway.yaml:8")

    def test_the_library_uses_them_as_well(self, own: Path, tmp_path: Path) -> None:
        named_in_spec(tmp_path)
        spec = costkit.read_spec(tmp_path / "costkit.yaml", on="2026-11-21")
        assert str(costkit.estimate(spec, on="2026-11-21").cost) == "30.050"

    def test_show_marks_them(self, ask: Any, own: Path) -> None:
        rows = ask("prices", "show", "nat_gateway", "hour", "--prices", "our prices", "-f", "json").tree["rows"]
        assert rows[0]["row"] == "overlay:our%20prices/nat_gateway.yaml:8"


class TestSideBySide:
    def test_two_days_of_a_table(self, ask: Any, own: Path) -> None:
        # Before June there is AWS's price alone: 0.045 to 0.03 is a third less.
        options = ["--prices", "our prices", "--table", "nat_gateway", "--region", "us-east-1"]
        answer = ask("prices", "diff", "2026-05-31", "2026-11-21", *options, "-f", "json")
        [row] = answer.tree["rows"]
        assert (row["meter"], row["old"], row["new"]) == ("hour", "0.045", "0.03")
        assert row["percent"] == "-33.33333333333333333333"
        table = ask("prices", "diff", "2026-05-31", "2026-11-21", *options)
        assert "-33.3 %" in table.out

    def test_two_directories_sorted_by_size(self, ask: Any, tmp_path: Path) -> None:
        for name in ("old", "new"):
            (tmp_path / name).mkdir()
            shutil.copy(ROOT / "pricing" / "regions.yaml", tmp_path / name)
        rows = "      - {region: %s, effective: 2026-01-01, confirmed: 2026-11-01, price: %s, source: X}\n"
        head = OWN.rpartition("      - ")[0]
        before = {"us-east-1": "1", "us-east-2": "1", "eu-west-1": "1", "eu-west-2": "1"}
        after = {"us-east-1": "1.1", "us-east-2": "0.5", "eu-west-1": "1", "eu-west-3": "1"}
        for name, prices in (("old", before), ("new", after)):
            text = head + "".join(rows % pair for pair in sorted(prices.items()))
            (tmp_path / name / "nat_gateway.yaml").write_text(text, encoding="utf-8")
        answer = ask("prices", "diff", "old", "new", "-f", "csv")
        assert answer.out.splitlines() == [
            "table,meter,region,from,old,new,percent,unit,change",
            "nat_gateway,hour,us-east-2,0,1,0.5,'-50,hour,changed",
            "nat_gateway,hour,us-east-1,0,1,1.1,10,hour,changed",
            "nat_gateway,hour,eu-west-2,0,1,,,hour,ended",
            "nat_gateway,hour,eu-west-3,0,,1,,hour,new",
        ]

    def test_a_directory_and_an_offer_file(self, ask: Any, book: PriceBook, tmp_path: Path) -> None:
        offer = OfferFile("AWSLambda", "us-east-1")
        sku = offer.add("Serverless", "Request", {"group": "AWS-Lambda-Requests"})
        offer.price(sku, "Requests", [("0", "0.00000025")])
        (tmp_path / "offer.json").write_bytes(offer.json)
        where = ["--table", "lambda_function", "--region", "us-east-1", "-f", "json"]
        rows = ask("prices", "diff", str(ROOT / "pricing"), "offer.json", *where).tree["rows"]
        assert [(row["old"], row["new"], row["percent"]) for row in rows if row["change"] == "changed"] == [
            ("0.0000002", "0.00000025", "25")
        ]
        assert {row["change"] for row in rows} == {"changed", "ended"}
        turned = ask("prices", "diff", "offer.json", str(ROOT / "pricing"), *where).tree["rows"]
        # From 0.25 back to 0.20 is a fifth.
        assert [row["percent"] for row in turned if row["change"] == "changed"] == ["-20"]

    def test_an_offer_file_that_states_the_tables_differs_in_nothing(
        self, ask: Any, book: PriceBook, tmp_path: Path
    ) -> None:
        (tmp_path / "offer.csv").write_bytes(shipped_offer(book, "AmazonRedshift", "eu-west-1").csv)
        answer = ask("prices", "diff", "2026-11-21", "offer.csv")
        assert answer.code == 0
        assert answer.out.startswith("no price differs\n")

    def test_what_is_neither_is_told(self, ask: Any) -> None:
        answer = ask("prices", "diff", "yesterday", "2026-11-21")
        assert answer.code == 2
        assert [told.code for told in answer.told] == ["CK101"]


class TestQuestions:
    def test_all_tiers_dates_and_sources_of_a_meter(self, ask: Any) -> None:
        rows = ask("prices", "show", "lambda_function", "duration.arm64", "--region", "eu-w*", "-f", "json").tree[
            "rows"
        ]
        ireland = [row for row in rows if row["region"] == "eu-west-1"]
        assert [(row["from"], row["price"]) for row in ireland] == [
            ("0", "0.0000133334"),
            ("7500000000", "0.0000120001"),
            ("18750000000", "0.0000106667"),
        ]
        assert {row["region"] for row in rows} == {"eu-west-1", "eu-west-2", "eu-west-3"}
        assert all(row["source"] and row["effective"] <= row["confirmed"] for row in rows)

    def test_the_json_says_how_old_its_prices_are(self, ask: Any) -> None:
        tree = ask("prices", "show", "public_ipv4", "-f", "json").tree
        assert tree["prices"] == {"oldest": "2024-07-01", "newest": "2024-07-01"}
        assert (tree["schema_version"], tree["complete"], tree["problems"]) == (1, True, [])

    def test_coverage_by_service_and_region(self, ask: Any) -> None:
        rows = ask("prices", "list", "--by", "region", "-f", "json").tree["rows"]
        found = {(row["table"], row["region"]): row for row in rows}
        assert found["redshift_serverless", "eu-west-1"]["meters"] == "3"
        assert found["lambda_edge_function", "global"]["prices"] == "2"
        assert ("nat_gateway", "eu-west-1") not in found

    def test_coverage_of_some_regions(self, ask: Any) -> None:
        out = ask("prices", "list", "ebs_volume", "--region", "eu-west-*", "-f", "csv").out
        assert [line.split(",")[1] for line in out.splitlines()] == ["region", "eu-west-1", "eu-west-2", "eu-west-3"]
        assert ask("prices", "list", "--region", "nowhere-*").code == 2

    @pytest.mark.parametrize("columns", ["40", "60", "100"])
    @pytest.mark.parametrize(
        "command",
        [
            ("show", "nat_gateway"),
            ("show", "lambda_function", "duration.*", "--region", "eu-west-1"),
            ("list", "redshift_cluster"),
            ("diff", "2026-09-20", "2026-11-21", "--table", "s3_bucket"),
        ],
    )
    def test_a_narrow_screen_shows_all_of_it(self, ask: Any, command: tuple[str, ...], columns: str) -> None:
        out = ask("prices", *command, COLUMNS=columns).out
        table = [line for line in out.splitlines() if not line.startswith("Prices of")]
        assert max(map(len, table)) <= int(columns)
        words = " ".join(out.split())
        for row in ask("prices", *command, "-f", "json").tree["rows"]:
            assert all(" ".join(value.split()) in words for value in row.values() if len(value) < int(columns) - 20)

    def test_old_tables_fail_a_check_for_their_age(self, ask: Any, own: Path) -> None:
        assert ask("prices", "check", "our prices", "--max-age", "20d", "--on", "2026-11-21").code == 0
        answer = ask("prices", "check", "our prices", "--max-age", "19d", "--on", "2026-11-21")
        assert answer.code == 4
        assert [told.code for told in answer.told] == ["CK203"]

    def test_one_fresh_price_does_not_hide_the_old_ones(self, ask: Any, own: Path) -> None:
        old, gone = OWN.replace("us-east-1", "eu-west-1"), OWN.replace("us-east-1", "eu-west-2")
        rows = [text.splitlines()[-1].replace("2026-11-01", "2026-08-01") for text in (old, gone)]
        rows.append(rows[1].replace("2026-06-01", "2026-07-01").replace("0.03", "null"))
        (own / "nat_gateway.yaml").write_text(OWN + "\n".join(rows) + "\n", encoding="utf-8")
        answer = ask("prices", "check", "our prices", "--max-age", "30d", "--on", "2026-11-21")
        assert answer.code == 4
        [told] = answer.told
        assert told.message == "1 of 2 prices last seen more than 30 days before 2026-11-21, the oldest on 2026-08-01"

    @pytest.mark.parametrize("strict", [True, False])
    def test_a_stale_price_warns_and_fails_only_when_strict(self, ask: Any, own: Path, strict: bool) -> None:
        options = ["--prices", "our prices", "--on", "2027-03-01", "-f", "json", *(["--strict"] if strict else [])]
        answer = ask("estimate", *options)
        assert answer.code == (4 if strict else 0)
        assert "CK203" in [told.code for told in answer.told]
        assert answer.tree["prices"]["oldest"] == "2024-07-01"

    def test_the_rules_are_checked_with_the_tables(self, ask: Any, tmp_path: Path) -> None:
        place = tmp_path / "tables" / "offers"
        place.mkdir(parents=True)
        rule = {"table": "nat_gateway", "metre": "hour", "units": {"Hrs": "1"}}
        (place / "AmazonEC2.yaml").write_text(json.dumps({"offer": "AmazonEC2", "rules": [rule]}), encoding="utf-8")
        answer = ask("prices", "check", "tables")
        assert answer.code == 2
        assert {told.message for told in answer.told} == {"unknown key: metre", "missing: meter"}


def test_every_meter_is_fed_by_a_rule_or_listed_with_a_reason(book: PriceBook) -> None:
    fed = {
        (rule.table, meter)
        for known in all_rules(book.shipped).values()
        for rule in known.rules
        for meter in rule.meters()
    }
    found = {
        (table, meter)
        for table in book.table_names()
        for name in files_of(book.shipped, table)
        for meter in (book.table(book.shipped, name) or {"meters": {}})["meters"]
    }
    page = (ROOT / "pricing" / "offers" / "README.md").read_text(encoding="utf-8")
    listed = {(row[1], row[2]) for row in re.finditer(r"^\| ([a-z]\w+) \| ([a-z][\w.]+) \| ", page, re.MULTILINE)}
    assert found - fed == listed - {("table", "meter")}
    assert fed <= found


def test_a_directory_of_any_name_is_shown_without_its_markup(ask: Any, own: Path, tmp_path: Path) -> None:
    own.rename(tmp_path / "<b>@all ::error")
    out = ask("estimate", "--prices", "<b>@all ::error", "-f", "markdown", "-q").out
    assert "%3Cb%3E%40all%20::error/nat_gateway.yaml" in out
