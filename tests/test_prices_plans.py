"""Savings plans of AWS's own files, in JSON and CSV, and prices whose tiers are products of their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from conftest import ROOT
from price_list import SKUS, OfferFile, PlanFile, shipped_plans
from price_server import PriceServer, path_of, price_server

from costkit.pricebook.book import PriceBook
from costkit.pricebook.checking import check_directory

FORMS = ["json", "csv"]
SPEC = """version: 1
region: {region}
resources:
  box:
    type: ec2_instance
    instance_type: m7g.large
    purchase: {{kind: ec2_savings_plan, term: 3y, payment: no_upfront}}
"""


@pytest.fixture
def server() -> Iterator[PriceServer]:
    with price_server() as started:
        yield started


def put(tmp_path: Path, offer: OfferFile | PlanFile, form: str = "json") -> str:
    """The offer as a file of a form; returns its name."""
    (tmp_path / f"offer.{form}").write_bytes(getattr(offer, form))
    return f"offer.{form}"


def family_plan(region: str, price: str = "0.0359") -> PlanFile:
    """A plan of one family, with rates for Linux, for Windows, and for hosts and reservations of capacity."""
    made = PlanFile(region)
    made.rate("3y", "no_upfront", "AmazonEC2", "BoxUsage:m7g.large", "RunInstances", "Hrs", price, "m7g")
    made.rate("3y", "no_upfront", "AmazonEC2", "BoxUsage:m7g.large", "RunInstances:0002", "Hrs", "0.9", "m7g")
    for usage in ("DedicatedUsage", "UnusedBox", "UnusedDed", "HostBoxUsage", "DedicatedRes"):
        made.rate("3y", "no_upfront", "AmazonEC2", f"{usage}:m7g.large", "RunInstances", "Hrs", "0.8", "m7g")
    return made


@pytest.mark.parametrize("form", FORMS)
class TestPlansOfOneFamily:
    def test_a_rate_of_plain_linux_is_taken_and_priced_with(self, ask: Any, tmp_path: Path, form: str) -> None:
        name, mine = put(tmp_path, family_plan("eu-west-1"), form), tmp_path / "mine"
        (tmp_path / "costkit.yaml").write_text(SPEC.format(region="eu-west-1"), encoding="utf-8")
        assert ask("estimate", "-f", "json", "-q").tree["complete"] is False
        answer = ask("prices", "refresh", "--from", name, "--into", str(mine), "--accept", "--strict")
        assert answer.code == 0, answer.err
        assert (mine / "ec2_instance/ec2_savings_plan/eu-west-1.yaml").read_text(encoding="utf-8") == (
            "# EC2 Instance Savings Plans in eu-west-1, Linux, shared tenancy: "
            "https://aws.amazon.com/savingsplans/compute-pricing/\n"
            "table: ec2_instance\n"
            "currency: USD\n"
            "region: eu-west-1\n"
            "\n"
            "meters:\n"
            "  ec2_savings_plan.3y.no_upfront:\n"
            "    unit: instance-hour\n"
            '    title: "Linux instance, EC2 Instance Savings Plan 3y no upfront"\n'
            "    rows:\n"
            "      - {type: m7g.large, effective: 2026-11-01, confirmed: 2026-11-10, price: 0.0359, "
            "source: AWS-AWSComputeSavingsPlan-20261110}\n"
        )
        # 730 h x 0.0359 = 26.207.
        assert ask("estimate", "-f", "json", "-q", "--prices", "mine").total == "26.207"
        assert not check_directory(str(mine)).problems
        assert ask("prices", "refresh", "--from", name, "--into", str(mine)).err.endswith("nothing to write\n")

    def test_the_empty_shipped_table_is_filled_where_it_stands(
        self, ask: Any, tmp_path: Path, tables: Path, form: str
    ) -> None:
        place = tables / "ec2_instance"
        shutil.copytree(ROOT / "pricing/ec2_instance", place, ignore=shutil.ignore_patterns("on_demand", "*reserved"))
        name = put(tmp_path, family_plan("us-east-1"), form)
        answer = ask("prices", "refresh", "--from", name, "--into", str(tables), "--accept")
        assert answer.code == 0, answer.err
        text = (place / "ec2_savings_plan/us-east-1.yaml").read_text(encoding="utf-8")
        assert text.count("{type: ") == 1
        assert text.count("rows: []") == 5
        assert not check_directory(str(tables)).problems


class TestPlansInCsv:
    def test_a_file_that_states_the_shipped_prices_changes_no_byte(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        name = put(tmp_path, shipped_plans(book, "us-east-1"), "csv")
        answer = ask("prices", "refresh", "--from", name, "--into", str(tables), "--strict")
        assert answer.code == 0, answer.err
        assert answer.err.startswith("917 prices as the tables have them, 0 changed, 0 new, 0 ended")
        assert answer.err.endswith("nothing to write\n")

    def test_plans_for_something_else_end_no_price(
        self, ask: Any, book: PriceBook, tables: Path, tmp_path: Path
    ) -> None:
        text = shipped_plans(book, "us-east-1").csv.replace(b",ComputeSavingsPlans,us", b",DatabaseSavingsPlans,us")
        (tmp_path / "offer.csv").write_bytes(text)
        answer = ask("prices", "refresh", "--from", "offer.csv", "--into", str(tables), "--accept")
        assert answer.code == 2
        assert "not those for compute" in answer.err

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"LeaseContractLengthUnit", b"Unknown", "columns are missing: leasecontractlengthunit"),
            (b",m7g.large\n", b"\n", "the line is torn"),
            (b",0.0359,", b",much,", "not an amount: 'much'"),
        ],
    )
    def test_what_is_no_whole_file_is_refused(
        self, ask: Any, tables: Path, tmp_path: Path, old: bytes, new: bytes, said: str
    ) -> None:
        (tmp_path / "offer.csv").write_bytes(family_plan("us-east-1").csv.replace(old, new, 1))
        answer = ask("prices", "refresh", "--from", "offer.csv", "--into", str(tables), "--accept")
        assert answer.code == 2
        assert said in answer.err

    def test_the_bulk_door_fetches_the_csv_of_plans_too(self, ask: Any, server: PriceServer, tmp_path: Path) -> None:
        plans = family_plan("us-east-1")
        server.publish(plans, csv=True)
        where = ["--endpoint", server.address, "--wait", "0", "--into", str(tmp_path / "mine"), "-f", "json"]
        only = ["--table", "ec2_instance", "--region", "us-east-1", "--offer-format", "csv"]
        answer = ask("prices", "refresh", "--from", "bulk", *where, *only, "--accept")
        assert path_of(plans).replace(".json", ".csv") in [path for path, _ in server.asked]
        [row] = [row for row in answer.tree["rows"] if row["change"] == "new"]
        assert (row["meter"], row["new"]) == ("ec2_savings_plan.3y.no_upfront.m7g.large", "0.0359")


class TestTiersThatAreProducts:
    PARTS = {"": "0.065", ".tier2": "0.0455", ".tier3": "0.03185"}

    def found(self, ask: Any, tmp_path: Path, parts: dict[str, str], unit: str = "IOPS-Mo") -> Answer:
        """What a refresh finds in an offer with these tiers of io2 IOPS."""
        offer = OfferFile("AmazonEC2", "us-east-1")
        _, usage, _, _, attributes = SKUS[("AmazonEC2", "ebs_volume", "iops.io2")]
        for suffix, amount in parts.items():
            offer.price(offer.add("System Operation", usage + suffix, attributes), unit, [("0", amount)])
        where = ["--into", str(tmp_path / "mine"), "--accept", "--dry-run", "--table", "ebs_volume", "-f", "json"]
        answer: Answer = ask("prices", "refresh", "--from", put(tmp_path, offer), *where)
        return answer

    def rows(self, answer: Answer) -> list[tuple[str, str, str]]:
        found = [row for row in answer.tree["rows"] if row["meter"] == "iops.io2"]
        return [(row["change"], row["from"], row["new"]) for row in found]

    def test_three_products_are_one_price(self, ask: Any, tmp_path: Path) -> None:
        # AWS's page: up to 32,000 IOPS, to 64,000, and beyond; us-east-1 as shipped.
        assert self.rows(self.found(ask, tmp_path, self.PARTS)) == []
        answer = self.found(ask, tmp_path, {**self.PARTS, ".tier2": "0.05"})
        assert self.rows(answer) == [("changed", "32000", "0.05")]

    def test_a_missing_tier_is_listed_and_ends_nothing(self, ask: Any, tmp_path: Path) -> None:
        answer = self.found(ask, tmp_path, {"": "0.07", ".tier3": "0.03"})
        assert self.rows(answer) == []
        assert [one["reason"] for one in answer.tree["unknown"]] == ["a tier of iops.io2 is missing"]

    def test_a_tier_in_another_unit_spoils_the_price(self, ask: Any, tmp_path: Path) -> None:
        answer = self.found(ask, tmp_path, self.PARTS, unit="Furlongs")
        assert self.rows(answer) == []
        assert {one["reason"] for one in answer.tree["unknown"]} == {"a unit that the rule does not know: Furlongs"}
