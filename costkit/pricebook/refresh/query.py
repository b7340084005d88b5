"""The Query API's door: pricing:GetProducts, asked for a whole offer of a region, or only for what the rules name.

It has no savings plans. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

import json
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.refresh.download import failed
from costkit.pricebook.refresh.json_offer import SECTIONS, product_of, terms_of
from costkit.pricebook.refresh.offer import Product, Publication, Term, day_of
from costkit.pricebook.refresh.rules import OfferRules

# The regions in which AWS runs the Query API; any of them knows the prices of all.
HOME = "us-east-1"
REGION_FIELD = "regionCode"
FROM_REGION_FIELD = "fromRegionCode"
TRANSFER = "AWSDataTransfer"


class Answers:
    """The products that the Query API has answered, each once, a line each in a file without a name.

    A whole offer in a region may be a gigabyte, and is read twice.
    """

    def __init__(self, lines: IO[str]) -> None:
        self.lines = lines
        self.seen: set[str] = set()
        self.days: set[tuple[str, str]] = set()

    def add(self, text: str) -> None:
        """Keep a product. Raises ValueError, KeyError or TypeError for what is none."""
        entry = json.loads(text)
        sku = str(entry["product"]["sku"])
        if sku not in self.seen:
            self.seen.add(sku)
            self.days.add((day_of(entry.get("publicationDate")), str(entry.get("version", ""))))
            self.lines.write(json.dumps(entry) + "\n")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.lines.seek(0)
        for line in self.lines:
            yield json.loads(line)


class QueryOffer:
    """What the Query API answers about one offer in one region: an offer like those in files."""

    def __init__(self, publication: Publication, answers: Answers) -> None:
        self.publication, self.answers = publication, answers

    def __len__(self) -> int:
        return len(self.answers.seen)

    def products(self) -> Iterator[Product]:
        for entry in self.answers:
            yield product_of(str(entry["product"]["sku"]), entry["product"], self.publication.place)

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        for entry in self.answers:
            sku = str(entry["product"]["sku"])
            if sku in wanted:
                for section, kind in SECTIONS.items():
                    found = (entry.get("terms") or {}).get(section) or {}
                    yield from terms_of(sku, kind, found, self.publication.place)


@contextmanager
def ask(client: Any, known: OfferRules, region: str, narrow: bool) -> Iterator[QueryOffer]:
    """One offer in one region, over all pages; ``narrow``: only what the rules name, so that no row is unknown.

    Raises CostkitError where AWS refuses or answers something else.
    """
    place = f"pricing:GetProducts {known.offer} {region}"
    with tempfile.TemporaryFile("w+", encoding="utf-8") as lines:
        answers = Answers(lines)
        _collect(client, known, _filters(known, region, narrow), place, answers)
        published, version = max(answers.days, default=("", ""))
        if answers.seen and not published:
            raise failed(place, "an answer without a publication date")
        yield QueryOffer(Publication(known.offer, version, published, place), answers)


def _collect(
    client: Any, known: OfferRules, questions: list[list[dict[str, str]]], place: str, answers: Answers
) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        for filters in questions:
            pages = client.get_paginator("get_products").paginate(
                ServiceCode=known.offer, Filters=filters, FormatVersion="aws_v1"
            )
            for text in (text for page in pages for text in page.get("PriceList", ())):
                answers.add(text)
    except ClientError as error:
        told = error.response.get("Error", {})
        hint = "it needs the permission pricing:GetProducts"
        raise failed(place, f"AWS refused: {told.get('Code')}: {told.get('Message')}", hint) from None
    except BotoCoreError as error:
        raise failed(place, str(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise failed(place, f"no price list: {type(error).__name__} {str(error)[:60]}") from None


def client_at(endpoint: str) -> Any:
    """A client of the Query API with the credentials that boto3 finds. Raises CostkitError without boto3."""
    try:
        # Imported here: only this door needs it.
        import boto3
    except ImportError:
        raise CostkitError([Problem("CK211", "", "the Query API needs boto3", "pip install 'costkit[aws]'")]) from None
    return boto3.Session().client("pricing", region_name=HOME, endpoint_url=endpoint or None)


def _filters(known: OfferRules, region: str, narrow: bool) -> list[list[dict[str, str]]]:
    """The questions that cover all rules: what a rule names without a pattern is a filter of AWS's."""
    field = FROM_REGION_FIELD if known.offer == TRANSFER else REGION_FIELD
    wanted: dict[tuple[tuple[str, str], ...], None] = {}
    for rule in known.rules:
        exact = rule.exact if narrow else {}
        wanted[tuple(sorted({**exact, field: region}.items()))] = None
    return [[{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in one] for one in _widest(wanted)]


def _widest(wanted: Iterable[tuple[tuple[str, str], ...]]) -> list[tuple[tuple[str, str], ...]]:
    """Without the questions that a wider one answers too."""
    every = [set(one) for one in wanted]
    return [tuple(sorted(one)) for one in every if not any(other < one for other in every)]
