"""``costkit prices refresh --from query`` against a Query API on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from conftest import ROOT
from price_list import SKUS, OfferFile, shipped_offer
from price_query import QueryServer, query_server

from costkit.pricebook.book import PriceBook

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true"}
# One try a call: what a client repeats by itself is not what is tested here.
KEYS |= {"AWS_MAX_ATTEMPTS": "1", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
SMALL = ["--table", "redshift_cluster", "--table", "redshift_serverless", "--table", "nat_gateway"]


@pytest.fixture
def server() -> Iterator[QueryServer]:
    with query_server() as started:
        yield started


@pytest.fixture
def query(ask: Any, server: QueryServer, tables: Path) -> Any:
    def queried(*options: str, **environment: str) -> Answer:
        where = ["--from", "query", "--endpoint", server.address, "--into", str(tables), "--region", "us-east-1"]
        answer: Answer = ask("prices", "refresh", *where, *options, **{**KEYS, **environment})
        return answer

    return queried


def test_answers_that_state_the_shipped_prices_change_nothing(
    query: Any, server: QueryServer, book: PriceBook, tables: Path
) -> None:
    server.publish(*(shipped_offer(book, offer, "us-east-1") for offer in ("AmazonRedshift", "AmazonEC2")))
    answer = query(*SMALL, "--strict")
    assert answer.code == 0, answer.err
    assert "0 changed, 0 new, 0 ended" in answer.err
    for file in (ROOT / "pricing").glob("*.yaml"):
        assert (tables / file.name).read_bytes() == file.read_bytes()
    assert any("NextToken" in asked for asked in server.asked)


def test_only_what_the_rules_name_is_asked_for(query: Any, server: QueryServer, book: PriceBook) -> None:
    server.publish(shipped_offer(book, "AmazonEC2", "us-east-1"))
    assert query("--table", "nat_gateway").code == 0
    assert server.asked == [
        {
            "ServiceCode": "AmazonEC2",
            "FormatVersion": "aws_v1",
            "Filters": [
                {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "NAT Gateway"},
                {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-east-1"},
            ],
        }
    ]


def test_a_changed_price_is_a_new_row(query: Any, server: QueryServer, tables: Path) -> None:
    offer = OfferFile("AmazonEC2", "us-east-1")
    for (code, table, _), sku in SKUS.items():
        if (code, table) == ("AmazonEC2", "nat_gateway"):
            offer.price(offer.add(sku.family, sku.usage, sku.attributes), sku.unit, [("0", "0.05")])
    server.publish(offer)
    assert query("--table", "nat_gateway").code == 0
    text = (tables / "nat_gateway.yaml").read_text(encoding="utf-8")
    new = (
        "{region: us-east-1, effective: 2026-11-01, confirmed: 2026-11-10, price: 0.05, source: AWS-AmazonEC2-20261110}"
    )
    assert text.count(new) == 2


@pytest.mark.parametrize("refusal", ["AccessDeniedException", "ThrottlingException", "ExpiredTokenException"])
def test_a_refusal_is_said_and_nothing_has_ended(query: Any, server: QueryServer, tables: Path, refusal: str) -> None:
    server.refusal = refusal
    answer = query("--table", "nat_gateway", "--accept")
    assert answer.code == 5
    [told] = answer.told
    assert told.message == f"AWS refused: {refusal}: not for you"
    assert (tables / "nat_gateway.yaml").read_bytes() == (ROOT / "pricing" / "nat_gateway.yaml").read_bytes()


def test_silence_is_no_confirmation(query: Any) -> None:
    answer = query("--table", "nat_gateway")
    assert answer.code == 5
    assert "states nothing" in answer.err


def test_nonsense_is_no_price_list(query: Any, server: QueryServer) -> None:
    server.raw = ["no JSON"]
    answer = query("--table", "nat_gateway")
    assert answer.code == 5
    assert "no price list" in answer.err


def test_nobody_is_asked_without_credentials(query: Any, server: QueryServer) -> None:
    answer = query("--table", "nat_gateway", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert answer.code == 5
    assert "credentials" in answer.err
    assert not server.asked


def test_a_row_that_no_rule_knows_is_listed(query: Any, server: QueryServer, book: PriceBook) -> None:
    offer = shipped_offer(book, "AWSLambda", "us-east-1")
    offer.price(offer.add("Serverless", "Lambda-Quantum", {"group": "New"}), "Qubits", [("0", "1")])
    server.publish(offer)
    answer = query("--strict", "-f", "json", "--dry-run")
    assert answer.code == 4, answer.err
    assert [(one["offer"], one["usage_type"]) for one in answer.tree["unknown"]] == [("AWSLambda", "Lambda-Quantum")]
    # A question an offer, but for the one that is too large to be asked for whole.
    [asked] = [one for one in server.asked if one["ServiceCode"] == "AWSLambda" and "NextToken" not in one]
    assert asked["Filters"] == [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-east-1"}]
    assert answer.tree["narrowed"] == ["AmazonEC2"]
    assert "asked only for what the rules name: AmazonEC2; --whole lists unknown rows too" in answer.err


def test_the_whole_of_a_large_offer_is_asked_for_on_request(query: Any, server: QueryServer, book: PriceBook) -> None:
    offer = shipped_offer(book, "AmazonEC2", "us-east-1")
    offer.price(offer.add("Quantum Instance", "Qubit:q1.large", {}), "Hrs", [("0", "1")])
    server.publish(offer)
    server.page = 500
    assert query("--table", "nat_gateway", "-f", "json").tree["unknown"] == []
    answer = query("--table", "nat_gateway", "--whole", "-f", "json")
    assert [one["family"] for one in answer.tree["unknown"]] == ["Quantum Instance"]
    assert answer.tree["narrowed"] == []
    assert answer.tree["counts"] == {"same": 2, "changed": 0, "new": 0, "ended": 0}


@pytest.mark.parametrize("entry", ["[]", '"text"', '{"product": []}', '{"product": {"sku": "A"}}', "{}", "1"])
def test_an_entry_that_is_no_product_is_refused(query: Any, server: QueryServer, tables: Path, entry: str) -> None:
    server.raw = [entry]
    answer = query("--table", "nat_gateway", "--accept")
    assert answer.code == 5
    assert answer.told[0].code in ("CK212", "CK213")
    assert (tables / "nat_gateway.yaml").read_bytes() == (ROOT / "pricing" / "nat_gateway.yaml").read_bytes()
