"""``costkit prices refresh`` against files, a server on loopback, and what a server may do wrong."""

import filecmp
import gzip
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from price_list import PUBLISHED, SKUS, OfferFile, PlanFile, shipped_offer, shipped_plans
from price_server import (
    PriceServer,
    another_state,
    broken_off,
    not_json,
    path_of,
    price_server,
    silent,
    status,
    wrong_checksum,
)

from costkit.model.price import Tier
from costkit.pricebook.book import PriceBook
from costkit.pricebook.checking import check_directory
from costkit.pricebook.refresh.appending import About, NewRow, appended
from costkit.pricebook.schema import check
from costkit.yaml_exact import read

PRICING = ROOT / "pricing"
OFFERS = sorted({offer for offer, _, _ in SKUS})
LAMBDA = "lambda_function.yaml"
CSV_HEAD = b'"FormatVersion","v1.0"\n"D","x"\n"Publication Date","2026-11-10"\n"Version","1"\n"OfferCode","AWSLambda"\n'


@pytest.fixture
def server() -> Iterator[PriceServer]:
    with price_server() as started:
        yield started


@pytest.fixture
def refresh(ask: Any, tables: Path, server: PriceServer) -> Any:
    """Refreshes the tables from the server, without waiting between tries."""

    def refreshed(*options: str, into: Path = tables) -> Answer:
        where = ["--from", "bulk", "--endpoint", server.address, "--wait", "0", "--into", str(into)]
        answer: Answer = ask("prices", "refresh", *where, *options)
        return answer

    return refreshed


def same(tables: Path) -> bool:
    """Whether every file is as shipped, byte for byte."""
    left_out = {"compiled", "ec2_instance"}
    found = [file for file in PRICING.rglob("*") if file.is_file()]
    files = [file.relative_to(PRICING).as_posix() for file in found if not left_out & set(file.parts)]
    _, different, missing = filecmp.cmpfiles(PRICING, tables, files, shallow=False)
    mine = [file for file in tables.rglob("*") if file.is_file()]
    return not different and not missing and len(mine) == len(files)


def added(tables: Path, name: str) -> list[str]:
    """The lines of a table that the shipped one does not have; every shipped line must still be there, in order."""
    before = (PRICING / name).read_text(encoding="utf-8").split("\n")
    after = iter((tables / name).read_text(encoding="utf-8").split("\n"))
    new = []
    for line in before:
        for found in after:
            if found == line:
                break
            new.append(found.strip())
        else:
            pytest.fail(f"a line is gone: {line}")
    return [*new, *(line.strip() for line in after)]


def one_price(amount: str, region: str = "us-east-1", since: str = "2026-11-01T00:00:00Z") -> OfferFile:
    """A Lambda offer in which only requests have a price."""
    offer = OfferFile("AWSLambda", region)
    sku = offer.add("Serverless", "Request", {"group": "AWS-Lambda-Requests"})
    offer.price(sku, "Requests", [("0", amount)], since)
    return offer


def offer_file(tmp_path: Path, offer: OfferFile | PlanFile, name: str = "offer.json") -> str:
    (tmp_path / name).write_bytes(offer.json)
    return name


class TestNothingNew:
    @pytest.mark.parametrize("form", ["json", "csv", "gz"])
    def test_files_that_state_the_shipped_prices_change_no_byte(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path, form: str
    ) -> None:
        shutil.copytree(PRICING / "ec2_instance", tables / "ec2_instance")
        names = []
        for offer in (code for code in OFFERS if code != "AWSQueueService"):
            for region in ("us-east-1", "eu-west-1"):
                made = shipped_offer(book, offer, region)
                body = {"json": made.json, "csv": made.csv, "gz": gzip.compress(made.json)}[form]
                names.append(f"{offer}-{region}.{form}")
                (tmp_path / names[-1]).write_bytes(body)
        answer = ask("prices", "refresh", "--from", *names, "--into", str(tables), "--strict")
        assert answer.code == 0, answer.err
        assert "0 changed, 0 new, 0 ended" in answer.err
        assert "nothing to write" in answer.err
        assert int(answer.err.split(" prices as the tables")[0].split()[-1].replace(",", "")) > 7000
        assert not filecmp.dircmp(PRICING / "ec2_instance", tables / "ec2_instance").diff_files
        shutil.rmtree(tables / "ec2_instance")
        assert same(tables)

    def test_savings_plans_that_state_the_shipped_prices_change_no_byte(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        offer_file(tmp_path, shipped_plans(book, "us-east-1"))
        answer = ask("prices", "refresh", "--from", "offer.json", "--into", str(tables), "--strict")
        assert answer.code == 0, answer.err
        assert answer.err.startswith("917 prices as the tables have them, 0 changed, 0 new, 0 ended")
        assert same(tables)

    def test_the_day_is_noted_only_when_asked_for(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        name = offer_file(tmp_path, shipped_offer(book, "AmazonRedshift", "us-east-1"))
        where = ["--from", name, "--into", str(tables)]
        before = ask("prices", "refresh", *where, "-f", "json")
        assert before.code == 0
        assert same(tables)
        count = before.tree["unnoted"]
        assert f"{count} of them are seen later here than the tables say; --confirm notes the day" in before.err
        assert 0 < count <= before.tree["counts"]["same"]
        answer = ask("prices", "refresh", *where, "--confirm")
        assert "--confirm" not in answer.err
        assert answer.code == 0, answer.err
        text = (tables / "redshift_cluster.yaml").read_text(encoding="utf-8")
        assert (
            "{type: ra3.xlplus, region: us-east-1, effective: 2025-03-19, confirmed: 2026-11-10, "
            "price: 1.086, source: PL-RS-2025;PL-RS-2026}"
        ) in text
        # Others vouched for these nodes; now AWS does, by a row of its own.
        assert [line for line in added_loosely(tables, "redshift_cluster.yaml") if "effective: 2026-11-10" in line] == [
            "- {type: rg.12xlarge, region: us-east-1, effective: 2026-11-10, confirmed: 2026-11-10, price: 9.128, "
            "source: AWS-AmazonRedshift-20261110}",
            "- {type: rg.large, region: us-east-1, effective: 2026-11-10, confirmed: 2026-11-10, price: 0.3801, "
            "source: AWS-AmazonRedshift-20261110}",
        ]
        assert not check_directory(str(tables)).problems
        again = ask("prices", "refresh", *where, "--confirm", "-f", "json")
        assert again.err.endswith("nothing to write\n")
        assert again.tree["unnoted"] == 0


def added_loosely(tables: Path, name: str) -> list[str]:
    """The lines that the shipped table does not have."""
    before = set((PRICING / name).read_text(encoding="utf-8").split("\n"))
    return [line.strip() for line in (tables / name).read_text(encoding="utf-8").split("\n") if line not in before]


class TestHistory:
    def test_a_changed_price_is_a_new_row_behind_the_old_one(
        self, refresh: Any, server: PriceServer, tables: Path
    ) -> None:
        server.publish(one_price("0.00000022"))
        answer = refresh("--table", "lambda_function", "--region", "us-east-1", "-f", "csv", "--accept")
        assert answer.code == 0, answer.err
        [row] = [line for line in answer.out.splitlines() if ",changed," in line]
        assert row == (
            "lambda_function,requests,us-east-1,0,0.0000002,0.00000022,10,request,changed,"
            "2026-11-01,2026-11-10,AWS-AWSLambda-20261110,,"
        )
        lines = (tables / LAMBDA).read_text(encoding="utf-8").split("\n")
        place = lines.index(
            "      - {region: us-east-1, effective: 2026-11-01, confirmed: 2026-11-10, price: 0.00000022, "
            "source: AWS-AWSLambda-20261110}"
        )
        assert "region: us-east-1, effective: 2026-09-01" in lines[place - 1]
        [source] = added(tables, "sources.yaml")
        assert source.startswith('AWS-AWSLambda-20261110: {title: "AWS Price List, AWSLambda, version 20261110181247"')
        assert not check_directory(str(tables)).problems

    def test_old_estimates_stay_as_they_were(self, ask: Any, refresh: Any, server: PriceServer, tables: Path) -> None:
        def estimate(on: str) -> Any:
            line = ["lambda", "--requests", "10M", "--duration", "100ms", "--region", "us-east-1", "--no-free-tier"]
            tree = ask(*line, "--on", on, "--prices", str(tables), "-f", "json").tree
            return tree["resources"][0]["charges"][0]["monthly_cost"]

        # 10 million requests at 0.20 a million.
        assert [estimate(day) for day in ("2026-10-31", "2026-11-01", "2026-11-21")] == ["2", "2", "2"]
        server.publish(one_price("0.00000022"))
        assert refresh("--table", "lambda_function", "--region", "us-east-1", "--accept").code == 0
        assert [estimate(day) for day in ("2026-10-31", "2026-11-01", "2026-11-21")] == ["2", "2.2", "2.2"]

    def test_a_change_never_reaches_back_to_a_day_on_which_the_old_price_was_seen(
        self, ask: Any, tables: Path, tmp_path: Path
    ) -> None:
        # The table saw 0.20 on 2026-10-04; AWS dates the new price before that.
        name = offer_file(tmp_path, one_price("0.00000021", since="2026-08-01T00:00:00Z"))
        ask("prices", "refresh", "--from", name, "--into", str(tables), "--accept")
        assert (
            "- {region: us-east-1, effective: 2026-10-05, confirmed: 2026-11-10, price: 0.00000021, "
            'source: AWS-AWSLambda-20261110, note: "AWS dates it 2026-08-01"}'
        ) in added(tables, LAMBDA)

    def test_an_older_publication_does_not_undo_a_newer_one(self, ask: Any, tables: Path, tmp_path: Path) -> None:
        offer = one_price("0.00000019", since="2026-08-01T00:00:00Z")
        offer.published = "2026-08-15T00:00:00Z"
        where = ["--from", offer_file(tmp_path, offer), "--into", str(tables), "--table", "lambda_function"]
        answer = ask("prices", "refresh", *where, "--accept")
        assert answer.code == 0
        assert [told.code for told in answer.told] == ["CK217"]
        assert same(tables)

    def test_new_regions_and_types_find_their_place(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        offer = OfferFile("AmazonEC2", "mx-central-1")
        for kind in ("m7g.large", "c7g.large"):
            about = {**SKUS[("AmazonEC2", "ec2_instance", "on_demand")].attributes, "instanceType": kind}
            sku = offer.add("Compute Instance", f"BoxUsage:{kind}", about)
            offer.price(sku, "Hrs", [("0", "0.0857")])
            offer.reserve(sku, "1y", "partial_upfront", "0.02565", "225")
        name = offer_file(tmp_path, offer)
        answer = ask("prices", "refresh", "--from", name, "--into", str(tables), "--accept", "--table", "ec2_instance")
        assert answer.code == 0, answer.err
        text = (tables / "ec2_instance/standard_reserved/mx-central-1.yaml").read_text(encoding="utf-8")
        # 225 USD over 8,760 hours are 0.02568493150684931506, and 0.02565 an hour.
        assert "price: 0.05133493150684931506, source: AWS-AmazonEC2-20261110" in text
        assert not check_directory(str(tables)).problems

    def test_a_new_file_is_laid_out_like_its_siblings(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AmazonEC2", "ap-southeast-6")
        about = {**SKUS[("AmazonEC2", "ec2_instance", "on_demand")].attributes, "instanceType": "m7g.large"}
        offer.price(offer.add("Compute Instance", "BoxUsage:m7g.large", about), "Hrs", [("0", "0.0857")])
        nat = offer.add("NAT Gateway", "NatGateway-Hours", {})
        offer.price(nat, "Hrs", [("0", "0.059")])
        mine = tmp_path / "mine"
        assert ask("prices", "refresh", "--from", offer_file(tmp_path, offer), "--into", str(mine)).code == 0
        assert (mine / "ec2_instance/on_demand/ap-southeast-6.yaml").read_text(encoding="utf-8") == (
            "# EC2 on-demand prices in ap-southeast-6, Linux, shared tenancy: https://aws.amazon.com/ec2/pricing/on-demand/\n"
            "table: ec2_instance\n"
            "currency: USD\n"
            "region: ap-southeast-6\n"
            "\n"
            "meters:\n"
            "  on_demand:\n"
            "    unit: instance-hour\n"
            '    title: "Linux instance, on demand"\n'
            "    rows:\n"
            "      - {type: m7g.large, effective: 2026-11-01, confirmed: 2026-11-10, price: 0.0857, "
            "source: AWS-AmazonEC2-20261110}\n"
        )
        assert sorted(file.name for file in mine.iterdir()) == ["ec2_instance", "nat_gateway.yaml", "sources.yaml"]
        assert not check_directory(str(mine)).problems
        tree = ask("nat", "--region", "ap-southeast-6", "--prices", str(mine), "-f", "json", "-q").tree
        # 730 h x 0.059 = 43.07.
        assert tree["resources"][0]["charges"][0]["monthly_cost"] == "43.07"


class TestAsking:
    def test_a_change_beyond_the_limit_is_shown_and_not_written(
        self, refresh: Any, server: PriceServer, tables: Path
    ) -> None:
        server.publish(one_price("0.0000003"))
        answer = refresh("--region", "us-east-1", "-f", "json", "--table", "lambda_function")
        assert answer.code == 3
        assert same(tables)
        [row] = [row for row in answer.tree["rows"] if row["change"] == "changed"]
        assert (row["old"], row["new"], row["percent"], row["asks"]) == (
            "0.0000002",
            "0.0000003",
            "50",
            "more than the limit",
        )
        assert answer.tree["asks"] is True

    def test_the_limit_can_be_set_and_holds_in_both_directions(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        # 0.045 to 0.0405 is a tenth less.
        offer = OfferFile("AmazonEC2", "us-east-1")
        for usage, unit, amount in (("NatGateway-Hours", "Hrs", "0.0405"), ("NatGateway-Bytes", "GB", "0.045")):
            offer.price(offer.add("NAT Gateway", usage, {}), unit, [("0", amount)])
        where = ["--from", offer_file(tmp_path, offer), "--into", str(tables), "--table", "nat_gateway"]
        assert ask("prices", "refresh", *where, "--most-change", "9.99%").code == 3
        assert same(tables)
        assert ask("prices", "refresh", *where, "--most-change", "10%").code == 0
        assert not same(tables)

    def test_a_region_that_aws_no_longer_lists_is_asked_about(
        self, refresh: Any, server: PriceServer, tables: Path, book: PriceBook
    ) -> None:
        everywhere = [shipped_offer(book, "AWSLambda", region) for region in regions_of(book, "lambda_function")]
        server.publish(*(offer for offer in everywhere if offer.region != "me-south-1"))
        answer = refresh("--table", "lambda_function", "-f", "csv")
        assert answer.code == 3
        rows = [line.split(",") for line in answer.out.splitlines()[1:]]
        gone = [row for row in rows if row[1] == "requests" and row[12] == "the region has ended"]
        assert {row[2] for row in gone} == {"me-south-1"}
        assert same(tables)
        assert refresh("--table", "lambda_function", "--accept").code == 0
        assert (
            "- {region: me-south-1, effective: 2026-11-10, confirmed: 2026-11-10, price: null, "
            'source: AWS-AWSLambda-20261110, note: "no longer in AWS\'s list"}'
        ) in added(tables, LAMBDA)

    def test_a_table_is_never_emptied_unasked(self, ask: Any, tables: Path, tmp_path: Path) -> None:
        offer = OfferFile("AmazonVPC", "us-east-1")
        offer.price(offer.add("VPC", "VpcEndpoint-Hours", {}), "Hrs", [("0", "0.01")])
        answer = ask("prices", "refresh", "--from", offer_file(tmp_path, offer), "--into", str(tables))
        assert answer.code == 3
        assert "the whole meter has ended" in answer.out
        assert same(tables)

    def test_a_type_that_is_sold_no_more_ends_without_asking(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        offer = shipped_offer(book, "AmazonRedshift", "us-east-1")
        [sku] = [s for s, one in offer.products.items() if one["attributes"]["usagetype"] == "Node:dc2.large"]
        for terms in offer.terms.values():
            terms.pop(sku, None)
        del offer.products[sku]
        answer = ask("prices", "refresh", "--from", offer_file(tmp_path, offer), "--into", str(tables))
        assert answer.code == 0, answer.err
        assert (
            "- {type: dc2.large, region: us-east-1, effective: 2026-11-10, confirmed: 2026-11-10, price: null, "
            'source: AWS-AmazonRedshift-20261110, note: "no longer in AWS\'s list"}'
        ) in added(tables, "redshift_cluster.yaml")

    def test_a_dry_run_shows_and_writes_nothing(self, refresh: Any, server: PriceServer, tables: Path) -> None:
        server.publish(one_price("0.00000021"))
        answer = refresh("--dry-run", "--accept", "--region", "us-east-1", "--table", "lambda_function")
        assert answer.code == 0
        assert "0.00000021" in answer.out
        assert same(tables)

    def test_the_change_is_on_disk_before_the_tables_are(self, refresh: Any, server: PriceServer, tables: Path) -> None:
        server.publish(one_price("0.00000021"))
        answer = refresh("--accept", "--region", "us-east-1", "-o", "nowhere/changes.csv")
        assert answer.code == 2
        assert same(tables)

    def test_an_interrupted_run_leaves_every_table_whole(
        self, refresh: Any, server: PriceServer, tables: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.publish(one_price("0.00000021"))
        monkeypatch.setattr("os.replace", interrupted_at(tables / LAMBDA))
        assert refresh("--accept", "--region", "us-east-1", "--table", "lambda_function").code == 130
        monkeypatch.undo()
        # The source is known by now, and the table is as it was.
        assert (tables / LAMBDA).read_bytes() == (PRICING / LAMBDA).read_bytes()
        assert not list(tables.rglob("*.tmp"))
        assert not check_directory(str(tables)).problems


def interrupted_at(place: Path) -> Any:
    """A rename at which somebody presses Ctrl-C."""
    import os

    rename = os.replace

    def renamed(source: str, target: str) -> None:
        if Path(target) == place:
            raise KeyboardInterrupt
        rename(source, target)

    return renamed


def regions_of(book: PriceBook, table: str) -> list[str]:
    found = book.table(book.shipped, table) or {"meters": {}}
    rows = [regions for meter in found["meters"].values() for regions in meter["rows"].values()]
    return sorted({region for regions in rows for region in regions} - {"global"})


class TestTraps:
    def taken(self, ask: Any, tmp_path: Path, offer: OfferFile, *options: str) -> Answer:
        """What a refresh into an empty directory finds."""
        name = offer_file(tmp_path, offer)
        where = ["--from", name, "--into", str(tmp_path / "mine"), "--dry-run", "--accept", "-f", "json", *options]
        answer: Answer = ask("prices", "refresh", *where)
        return answer

    def rows(self, answer: Answer) -> list[tuple[str, str, str, str]]:
        found = [row for row in answer.tree["rows"] if row["change"] != "ended"]
        return [(row["meter"], row["region"], row["from"], row["new"]) for row in found]

    def test_a_free_tier_of_zero_is_no_price_and_moves_no_other_tier(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AWSQueueService", "eu-west-1")
        sku = offer.add("API Request", "Requests-Tier1", {"queueType": "Standard"})
        offer.price(sku, "Requests", [("0", "0"), ("1000000", "0.0000004"), ("100000000000", "0.0000003")])
        assert self.rows(self.taken(ask, tmp_path, offer)) == [
            ("requests.standard", "eu-west-1", "0", "0.0000004"),
            ("requests.standard", "eu-west-1", "100000000000", "0.0000003"),
        ]

    def test_global_rows_of_the_free_tier_feed_no_region(self, ask: Any, tmp_path: Path) -> None:
        offer = one_price("0.0000002")
        given = {"group": "AWS-Lambda-Requests", "location": "Any", "regionCode": "", "usagetype": "Global-Request"}
        offer.price(offer.add("Serverless", "Request", given), "Requests", [("0", "0"), ("1000000", "0")])
        answer = self.taken(ask, tmp_path, offer)
        assert self.rows(answer) == []
        assert answer.tree["counts"]["same"] == 1
        assert answer.tree["ignored"] == {"for no region: free tiers and global rows": 1}

    def test_a_price_of_zero_is_never_taken(self, ask: Any, tmp_path: Path) -> None:
        answer = self.taken(ask, tmp_path, one_price("0"))
        assert [(one["usage_type"], one["reason"]) for one in answer.tree["unknown"]] == [
            ("Request", "a price of zero")
        ]
        assert all((row["table"], row["meter"]) != ("lambda_function", "requests") for row in answer.tree["rows"])

    def test_china_and_local_zones_are_no_regions_of_ours(self, ask: Any, tmp_path: Path) -> None:
        offer = one_price("0.0000002")
        for about in (
            {"regionCode": "cn-north-1", "location": "China (Beijing)"},
            {"regionCode": "us-east-1-bos-1", "locationType": "AWS Local Zone"},
            {"regionCode": "us-east-1-wl1-bos-wlz-1", "locationType": "AWS Wavelength Zone"},
        ):
            sku = offer.add("Serverless", "Request", {"group": "AWS-Lambda-Requests", **about})
            offer.price(sku, "Requests", [("0", "0.9")])
        answer = self.taken(ask, tmp_path, offer)
        assert self.rows(answer) == []
        assert sum(answer.tree["ignored"].values()) == 3

    def test_prices_in_another_currency_are_listed_and_not_taken(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AWSLambda", "us-east-1")
        sku = offer.add("Serverless", "Request", {"group": "AWS-Lambda-Requests"})
        offer.price(sku, "Requests", [("0", "1.36")], currency="CNY")
        assert [one["reason"] for one in self.taken(ask, tmp_path, offer).tree["unknown"]] == ["no price in USD"]

    def test_the_yearly_fee_of_a_serverless_reservation_is_no_price_of_an_hour(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AmazonRedshift", "us-east-1")
        for usage, amount in (("", "0.38"), ("-CR-1YR-AU", "2431"), ("-CR-1YR-NU", "0.294"), ("-CR-3YR-AU", "5000")):
            sku = offer.add("Serverless", f"Redshift:ServerlessUsage{usage}", {})
            offer.price(sku, "RPU-Hr", [("0", amount)])
        assert self.rows(self.taken(ask, tmp_path, offer, "--table", "redshift_serverless")) == [
            ("rpu", "us-east-1", "0", "0.38"),
            ("reservation.1y.no_upfront.recurring", "us-east-1", "0", "0.294"),
            ("reservation.1y.all_upfront.upfront", "us-east-1", "0", "2431"),
        ]

    def test_all_upfront_is_a_fee_and_the_zero_an_hour_beside_it_is_no_price(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AmazonRedshift", "us-east-1")
        sku = offer.add("Compute Instance", "Node:ra3.xlplus", {"instanceType": "ra3.xlplus"})
        offer.price(sku, "Hrs", [("0", "1.086")])
        offer.reserve(sku, "1y", "all_upfront", "0", "6200")
        assert self.rows(self.taken(ask, tmp_path, offer, "--table", "redshift_cluster")) == [
            ("reserved.1y.all_upfront.upfront.ra3.xlplus", "us-east-1", "0", "6200")
        ]

    def test_fees_of_instances_are_spread_over_the_hours_of_the_term(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AmazonEC2", "us-east-1")
        about = {**SKUS[("AmazonEC2", "ec2_instance", "on_demand")].attributes, "instanceType": "m5.large"}
        sku = offer.add("Compute Instance", "BoxUsage:m5.large", about)
        offer.price(sku, "Hrs", [("0", "0.096")])
        # 876 USD over 8,760 h are 0.10 an hour; 2,628 USD over 26,280 h too, and 0.05 beside it.
        offer.reserve(sku, "1y", "all_upfront", "0", "876")
        offer.reserve(sku, "3y", "partial_upfront", "0.05", "2628")
        found = self.rows(self.taken(ask, tmp_path, offer, "--table", "ec2_instance"))
        assert ("standard_reserved.1y.all_upfront.m5.large", "us-east-1", "0", "0.1") in found
        assert ("standard_reserved.3y.partial_upfront.m5.large", "us-east-1", "0", "0.15") in found

    def test_other_systems_tenancies_and_licences_never_feed_a_linux_price(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AmazonEC2", "us-east-1")
        linux = {**SKUS[("AmazonEC2", "ec2_instance", "on_demand")].attributes, "instanceType": "m5.large"}
        for about in (
            {"operatingSystem": "Windows", "operation": "RunInstances:0002"},
            {"tenancy": "Dedicated"},
            {"capacitystatus": "UnusedCapacityReservation"},
            {"preInstalledSw": "SQL Std"},
            {"operatingSystem": "RHEL", "operation": "RunInstances:0010"},
        ):
            offer.price(offer.add("Compute Instance", "BoxUsage:m5.large", {**linux, **about}), "Hrs", [("0", "9")])
        offer.price(offer.add("Compute Instance", "BoxUsage:m5.large", linux), "Hrs", [("0", "0.096")])
        answer = self.taken(ask, tmp_path, offer, "--table", "ec2_instance")
        assert self.rows(answer) == []
        assert answer.tree["counts"]["same"] == 1
        assert answer.tree["unknown"] == []

    def test_rows_of_other_regions_in_a_regions_file_end_nothing_there(
        self, ask: Any, book: PriceBook, tmp_path: Path
    ) -> None:
        offer = shipped_offer(book, "AWSDataTransfer", "us-east-1")
        for number in range(30):
            offer.add("Data Transfer", f"USE1-Other{number}-In-Bytes", {"transferType": "InterRegion Inbound"})
        about = {"transferType": "InterRegion Outbound", "toLocationType": "AWS Region", "toRegionCode": "us-east-1"}
        sku = offer.add("Data Transfer", "USE1-AWS-Out-Bytes", about, "eu-west-1")
        offer.price(sku, "GB", [("0", "0.02")])
        answer = self.taken(ask, tmp_path, offer)
        assert answer.tree["rows"] == []
        assert answer.tree["counts"] == {"same": 6, "changed": 0, "new": 0, "ended": 0}

    def test_a_file_without_what_is_sold_once_for_all_regions_does_not_end_it(
        self, ask: Any, book: PriceBook, tmp_path: Path
    ) -> None:
        offer = shipped_offer(book, "AWSLambda", "eu-west-1")
        edge = {sku for sku, one in offer.products.items() if "Edge" in one["attributes"]["usagetype"]}
        gone = min(edge)
        for sku in edge:
            del offer.products[sku], offer.terms["OnDemand"][sku]
        assert self.taken(ask, tmp_path, offer).tree["counts"]["ended"] == 0
        # A file that has one of its rows should have the others too.
        whole = shipped_offer(book, "AWSLambda", "eu-west-1")
        del whole.products[gone], whole.terms["OnDemand"][gone]
        assert [row["table"] for row in self.taken(ask, tmp_path, whole).tree["rows"]] == ["lambda_edge_function"]

    def test_two_rows_that_disagree_are_both_left_alone(self, ask: Any, tmp_path: Path) -> None:
        offer = one_price("0.0000002")
        sku = offer.add("Serverless", "Request-ARM", {"group": "AWS-Lambda-Requests-ARM"})
        offer.price(sku, "Requests", [("0", "0.0000003")])
        answer = self.taken(ask, tmp_path, offer)
        [unknown] = answer.tree["unknown"]
        assert unknown["reason"] == "several rows state different prices for requests"
        assert all((row["table"], row["meter"]) != ("lambda_function", "requests") for row in answer.tree["rows"])

    @pytest.mark.parametrize(
        ("unit", "tiers", "reason"),
        [
            ("Furlongs", [("0", "1")], "a unit that the rule does not know: Furlongs"),
            ("Requests", [("5", "1")], "tiers that do not join"),
        ],
    )
    def test_what_is_not_as_expected_is_listed_and_not_guessed(
        self, ask: Any, tmp_path: Path, unit: str, tiers: list[tuple[str, str]], reason: str
    ) -> None:
        offer = OfferFile("AWSLambda", "us-east-1")
        offer.price(offer.add("Serverless", "Request", {"group": "AWS-Lambda-Requests"}), unit, tiers)
        assert [one["reason"] for one in self.taken(ask, tmp_path, offer).tree["unknown"]] == [reason]

    def test_an_unknown_row_is_listed_and_counts_only_when_strict(self, ask: Any, tmp_path: Path) -> None:
        offer = one_price("0.0000002")
        for kind in ("a", "b", "c"):
            offer.price(offer.add("Serverless", f"Lambda-Quantum:{kind}", {"group": "New"}), "Qubits", [("0", "1")])
        assert self.taken(ask, tmp_path, offer).code == 0
        answer = self.taken(ask, tmp_path, offer, "--strict")
        assert answer.code == 4
        [told] = [told for told in answer.told if told.code == "CK216"]
        assert told.where.startswith("AWSLambda Lambda-Quantum:a (3 rows, such as ")

    def test_a_price_of_the_future_is_not_taken_before_its_day(self, ask: Any, tmp_path: Path) -> None:
        answer = self.taken(ask, tmp_path, one_price("0.0000003", since="2026-12-01T00:00:00Z"))
        assert [one["reason"] for one in answer.tree["unknown"]] == ["it takes effect later, on 2026-12-01"]

    def test_a_type_without_specs_is_listed_first(self, ask: Any, tmp_path: Path) -> None:
        offer = OfferFile("AmazonEC2", "us-east-1")
        about = {**SKUS[("AmazonEC2", "ec2_instance", "on_demand")].attributes, "instanceType": "z99.large"}
        offer.price(offer.add("Compute Instance", "BoxUsage:z99.large", about), "Hrs", [("0", "1")])
        unknown = self.taken(ask, tmp_path, offer).tree["unknown"]
        assert [one["reason"] for one in unknown] == ["a type that the table does not describe yet"]

    def test_a_tier_that_nobody_had_proven_is_news(self, ask: Any, tmp_path: Path) -> None:
        # The table knows the first tier of SQS and says that the rest is unproven.
        offer = OfferFile("AWSQueueService", "us-east-1")
        sku = offer.add("API Request", "Requests-RBP", {"queueType": "Standard"})
        offer.price(sku, "Requests", [("0", "0.0000004"), ("100000000000", "0.0000003")])
        answer = self.taken(ask, tmp_path, offer)
        [row] = [row for row in answer.tree["rows"] if row["change"] == "changed"]
        assert (row["from"], row["old"], row["new"], row["percent"]) == ("100000000000", "unproven", "0.0000003", "")


class TestServer:
    def test_a_run_reads_the_indexes_and_one_file_a_region(
        self, refresh: Any, server: PriceServer, tables: Path, book: PriceBook
    ) -> None:
        offers = [shipped_offer(book, "AWSLambda", region) for region in ("us-east-1", "eu-west-1")]
        server.publish(*offers, shipped_plans(book, "us-east-1"))
        answer = refresh("--table", "lambda_function", "--region", "us-east-1", "--region", "eu-west-1", "--strict")
        assert answer.code == 0, answer.err
        assert same(tables)
        assert [path for path, _ in server.asked] == [
            "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json",
            path_of(shipped_plans(book, "us-east-1")),
            "/offers/v1.0/aws/index.json",
            "/offers/v1.0/aws/AWSLambda/current/region_index.json",
            path_of(offers[1]),
            path_of(offers[0]),
        ]

    def test_the_csv_files_do_as_well(self, refresh: Any, server: PriceServer, tables: Path) -> None:
        server.publish(one_price("0.00000021"), csv=True)
        answer = refresh("--offer-format", "csv", "--region", "us-east-1", "--table", "lambda_function", "--accept")
        assert answer.code == 0, answer.err
        assert path_of(one_price("1")).replace(".json", ".csv") in [path for path, _ in server.asked]
        assert any("price: 0.00000021" in line for line in added(tables, LAMBDA))

    @pytest.mark.parametrize("packs", [True, False])
    def test_what_broke_off_is_resumed_and_not_fetched_again(
        self, refresh: Any, server: PriceServer, book: PriceBook, packs: bool, tables: Path
    ) -> None:
        offer = shipped_offer(book, "AmazonRedshift", "us-east-1")
        server.publish(offer)
        server.packs = packs
        server.fail(path_of(offer), broken_off)
        answer = refresh("--region", "us-east-1", "--table", "redshift_cluster", "--strict")
        assert answer.code == 0, answer.err
        first, second = server.requests(path_of(offer))
        assert "range" not in first
        assert second["if-range"].startswith('"')
        assert int(second["range"].removeprefix("bytes=").removesuffix("-")) > 100
        assert same(tables)

    def test_a_file_that_changed_half_way_is_read_from_its_start(
        self, refresh: Any, server: PriceServer, book: PriceBook, tables: Path
    ) -> None:
        offer = shipped_offer(book, "AmazonRedshift", "us-east-1")
        server.publish(offer)
        server.fail(path_of(offer), another_state)
        answer = refresh("--region", "us-east-1", "--table", "redshift_cluster", "--strict")
        assert answer.code == 0, answer.err
        assert same(tables)

    @pytest.mark.parametrize("fault", [status(500), status(503), wrong_checksum, broken_off, silent])
    def test_what_may_pass_is_tried_again(self, refresh: Any, server: PriceServer, tables: Path, fault: Any) -> None:
        server.publish(one_price("0.00000021"))
        server.fail(path_of(one_price("1")), fault)
        answer = refresh("--timeout", "1", "--region", "us-east-1", "--table", "lambda_function", "--accept")
        assert any("price: 0.00000021" in line for line in added(tables, LAMBDA)), answer.err
        assert len(server.requests(path_of(one_price("1")))) == 2

    @pytest.mark.parametrize(
        ("fault", "tries", "said"),
        [
            (status(403), 1, "the server answered 403"),
            (status(500), 4, "the server answered 500 Internal Server Error, 4 times"),
            (wrong_checksum, 4, "the checksum is wrong (x-amz-checksum-sha256), 4 times"),
            (not_json, 1, "no whole JSON"),
            (broken_off, 4, "the answer broke off"),
        ],
    )
    def test_what_does_not_pass_leaves_the_tables_and_says_so(
        self, refresh: Any, server: PriceServer, book: PriceBook, tables: Path, fault: Any, tries: int, said: str
    ) -> None:
        bad, good = shipped_offer(book, "AmazonVPC", "us-east-1"), shipped_offer(book, "AmazonVPC", "eu-west-1")
        bad.price(bad.add("", "PublicIPv4:IdleAddress", {}), "Hrs", [("0", "0.005")])
        good.price(good.add("", "PublicIPv4:InUseAddress", {}), "Hrs", [("0", "0.006")])
        server.publish(bad, good)
        server.fail(path_of(bad), *[fault] * 4)
        answer = refresh("--region", "us-east-1", "--region", "eu-west-1", "--table", "public_ipv4")
        assert answer.code == 5
        assert said in answer.err
        assert len(server.requests(path_of(bad))) == tries
        # What could be read was taken, and the region that could not be read has not ended.
        assert added(tables, "public_ipv4.yaml") == [
            "- {region: eu-west-1, effective: 2026-11-01, confirmed: 2026-11-10, price: 0.006, "
            "source: AWS-AmazonVPC-20261110}"
        ]

    @pytest.mark.parametrize("fault", [status(403), not_json, status(404)])
    def test_an_index_that_cannot_be_had_ends_nothing(
        self, refresh: Any, server: PriceServer, book: PriceBook, tables: Path, fault: Any
    ) -> None:
        server.publish(shipped_offer(book, "AmazonVPC", "us-east-1"))
        server.fail("/offers/v1.0/aws/index.json", fault)
        answer = refresh("--table", "public_ipv4", "--accept")
        assert answer.code == 5
        assert same(tables)

    def test_an_index_that_cannot_be_had_is_tried_and_told_once_for_all_offers(
        self, refresh: Any, server: PriceServer, tables: Path
    ) -> None:
        server.fail("/offers/v1.0/aws/index.json", *[status(503)] * 99)
        answer = refresh("--table", "public_ipv4", "--table", "nat_gateway", "--table", "s3_bucket")
        assert answer.code == 5
        assert len(server.requests("/offers/v1.0/aws/index.json")) == 4
        assert [told.code for told in answer.told] == ["CK213"]

    def test_a_version_that_the_index_does_not_name_is_refused(
        self, refresh: Any, server: PriceServer, tables: Path
    ) -> None:
        server.publish(one_price("0.0000003"))
        newer = OfferFile("AWSLambda", "us-east-1", PUBLISHED, "20261111000000")
        server.bodies[path_of(one_price("1"))] = newer.json
        answer = refresh("--table", "lambda_function", "--region", "us-east-1", "--accept")
        assert answer.code == 5
        assert "AWS published meanwhile; run it again" in answer.err
        assert same(tables)

    def test_what_was_kept_is_not_fetched_again(
        self, refresh: Any, server: PriceServer, tmp_path: Path, book: PriceBook
    ) -> None:
        server.publish(shipped_offer(book, "AmazonVPC", "us-east-1"))
        options = ["--table", "public_ipv4", "--region", "us-east-1", "--keep", str(tmp_path / "kept")]
        assert refresh(*options).code == 0
        server.asked.clear()
        assert refresh(*options).code == 0
        assert [bool(headers.get("if-none-match")) for _, headers in server.asked] == [True] * 3

    def test_nobody_there_is_said_in_a_sentence(self, ask: Any, tables: Path) -> None:
        where = ["--from", "bulk", "--endpoint", "http://127.0.0.1:9", "--wait", "0", "--into", str(tables)]
        answer = ask("prices", "refresh", *where, "--table", "public_ipv4")
        assert answer.code == 5
        assert "the connection failed" in answer.err
        assert same(tables)


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"table: nat_gateway\n", "no whole JSON"),
            (b"", "no whole JSON"),
            (b"\x00\x01\x02", "no whole JSON"),
            (b"[1, 2]", "no offer file"),
            (b'{"products": {}, "version": "1"}', "no offer file"),
            (b'{"version": "1", "publicationDate": "2026-11-10", "offerCode": "Nobody", "products": {}}', "no rules"),
            (
                b'{"version": "1", "publicationDate": "2026-11-10", "offerCode": "AmazonS3", "products": {"A": 1}}',
                "mapping",
            ),
            (b'"FormatVersion","v1.0"\n', "no offer file in CSV"),
            (CSV_HEAD + b'"SKU"\n', "columns are missing"),
            (CSV_HEAD + b'"SKU"\n"A"\n"B","C"\n', "columns are missing"),
            (b"\x1f\x8bnot gzip at all", "torn"),
            (gzip.compress(b'{"version": "1"}' * 999, mtime=0)[:40], "torn"),
        ],
        ids=range(12),
    )
    def test_what_is_no_price_list_is_refused_in_a_sentence(
        self, ask: Any, tables: Path, tmp_path: Path, content: bytes, said: str
    ) -> None:
        (tmp_path / "offer.json").write_bytes(content)
        answer = ask("prices", "refresh", "--from", "offer.json", "--into", str(tables))
        assert answer.code == 2
        assert said in answer.err
        assert same(tables)

    @pytest.mark.parametrize("amount", ["NaN", "-1", "1e999", "Infinity", "one", "0x10"])
    def test_an_amount_that_is_none_is_refused(self, ask: Any, tables: Path, tmp_path: Path, amount: str) -> None:
        offer = one_price("0.0000002")
        text = offer.json.decode().replace("0.0000002000", amount)
        (tmp_path / "offer.json").write_text(text, encoding="utf-8")
        answer = ask("prices", "refresh", "--from", "offer.json", "--into", str(tables), "--accept")
        assert answer.code == 2
        assert "not an amount" in answer.err
        assert same(tables)

    def test_what_a_file_calls_things_reaches_no_terminal_and_no_formula(
        self, ask: Any, tmp_path: Path, tables: Path
    ) -> None:
        offer = one_price("0.0000002")
        name = "\x1b[2J=cmd()\n::error::pwned"
        offer.price(offer.add(name, name, {}), name, [("0", "1")])
        answer = ask(
            "prices", "refresh", "--from", offer_file(tmp_path, offer), "--into", str(tables), "--dry-run", "-v"
        )
        assert "\x1b" not in answer.out + answer.err
        assert "\n::error" not in answer.err

    def test_terms_may_stand_before_products(self, ask: Any, tables: Path, tmp_path: Path) -> None:
        tree = one_price("0.00000021").tree
        turned = {key: tree[key] for key in reversed(tree)}
        (tmp_path / "offer.json").write_text(json.dumps(turned), encoding="utf-8")
        ask("prices", "refresh", "--from", "offer.json", "--into", str(tables), "--accept")
        assert any("price: 0.00000021" in line for line in added(tables, LAMBDA))

    def test_a_table_with_rows_over_several_lines_is_not_torn_apart(
        self, ask: Any, tables: Path, tmp_path: Path
    ) -> None:
        text = (
            (tables / "nat_gateway.yaml")
            .read_text(encoding="utf-8")
            .replace("{region: us-east-1, ", "{region: us-east-1,\n         ")
        )
        (tables / "nat_gateway.yaml").write_text(text, encoding="utf-8")
        offer = OfferFile("AmazonEC2", "us-east-1")
        offer.price(offer.add("NAT Gateway", "NatGateway-Hours", {}), "Hrs", [("0", "0.046")])
        where = ["--from", offer_file(tmp_path, offer), "--into", str(tables), "--table", "nat_gateway", "--accept"]
        answer = ask("prices", "refresh", *where)
        assert answer.code == 2
        assert [told.code for told in answer.told] == ["CK214"]
        assert (tables / "nat_gateway.yaml").read_text(encoding="utf-8") == text

    def test_savings_plans_for_something_else_end_no_price(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        plans = shipped_plans(book, "us-east-1")
        for product in plans.products:
            product["productFamily"] = "MachineLearningSavingsPlans"
        answer = ask("prices", "refresh", "--from", offer_file(tmp_path, plans), "--into", str(tables), "--accept")
        assert answer.code == 2
        assert "not those for compute" in answer.err
        assert same(tables)

    def test_an_index_that_leads_astray_is_refused(self, refresh: Any, server: PriceServer, tables: Path) -> None:
        server.publish(one_price("0.0000003"))
        place = "/offers/v1.0/aws/AWSLambda/current/region_index.json"
        for path in (
            "/offers/\u1f4b8/index.json",
            "/a b\n/index.json",
            "file:///etc/passwd",
            "/" + "x" * 400 + ".json",
        ):
            entry = {"regionCode": "us-east-1", "currentVersionUrl": path}
            server.put(place, {"regions": {"us-east-1": entry}})
            assert refresh("--table", "lambda_function", "--region", "us-east-1", "--accept").code == 5
        for nonsense in ([], {"regions": 1}, {"regions": {"us-east-1": 1}}, {"regions": {"us-east-1": {}}}):
            server.put(place, nonsense)
            assert refresh("--table", "lambda_function", "--region", "us-east-1", "--accept").code == 5
        assert same(tables)

    def test_one_bad_file_spoils_the_run_and_all_of_them_are_told(self, ask: Any, tables: Path, tmp_path: Path) -> None:
        good = offer_file(tmp_path, one_price("0.0000003"))
        (tmp_path / "torn.json").write_bytes(one_price("0.0000003").json[:-9])
        where = ["--from", good, "missing.json", "torn.json", str(tmp_path), "--into", str(tables), "--accept"]
        answer = ask("prices", "refresh", *where)
        assert answer.code == 2
        assert [(told.code, told.where) for told in answer.told] == [
            ("CK101", "missing.json"),
            ("CK212", "torn.json"),
            ("CK101", str(tmp_path)),
        ]
        assert same(tables)

    def test_a_table_is_no_price_list(self, ask: Any, tables: Path) -> None:
        place = str(tables / "nat_gateway.yaml")
        for command in (("refresh", "--from", place, "--into", str(tables)), ("diff", place, "2026-11-21")):
            answer = ask("prices", *command)
            assert (answer.code, [told.code for told in answer.told]) == (2, ["CK212"])
            assert "this is a price table" in answer.err

    def test_bad_calls_are_told(self, ask: Any, tables: Path) -> None:
        assert ask("prices", "refresh").code == 2
        assert ask("prices", "refresh", "--from", "bulk", "a.json").code == 2
        assert ask("prices", "refresh", "--from", "bulk", "--whole").code == 2
        assert [t.code for t in ask("prices", "refresh", "--from", "bulk", "--table", "lambda").told] == ["CK107"]
        assert [t.code for t in ask("prices", "refresh", "--from", "bulk", "--region", "xx-*").told] == ["CK108"]
        assert ask("prices", "refresh", "--from", "bulk", "--most-change", "much").code == 2


kinds = st.sampled_from(["", "a", "m7g.large", "0.5GB"])
places = st.sampled_from(["us-east-1", "us-west-2", "eu-west-1"])
amounts = st.decimals(min_value=0, max_value=10**6, allow_nan=False, places=9)
tiers = st.lists(amounts, min_size=1, max_size=3).map(
    lambda found: tuple(Tier(Decimal(place * 1000), amount) for place, amount in enumerate(found))
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.tuples(kinds, places), tiers, max_size=6),
    st.dictionaries(st.tuples(kinds, places), st.none() | tiers, min_size=1, max_size=6),
    st.text(max_size=20),
)
def test_rows_are_only_ever_added_and_always_in_the_order_of_their_days(old: Any, new: Any, note: str) -> None:
    def rows(prices: Any, day: str) -> list[NewRow]:
        return [NewRow("hour", kind, region, day, day, price, "X", note) for (kind, region), price in prices.items()]

    about = {"hour": About("hour", "NAT gateway: hours", True)}
    empty = "table: nat_gateway\ncurrency: USD\n"
    before = appended(empty, "t", rows(old, "2026-01-01"), [], about) if old else empty
    after = appended(before, "t", rows(new, "2026-02-01"), [], about)
    left = iter(after.split("\n"))
    assert all(any(line == found for found in left) for line in before.split("\n") if line)
    tree, lines, problems = read(after, "t")
    assert not problems
    assert not check(tree, lines, "t")
    written = {(row.get("type", ""), row["region"], row["effective"]) for row in tree["meters"]["hour"]["rows"]}
    assert written == {(*key, "2026-01-01") for key in old} | {(*key, "2026-02-01") for key in new}
