"""The Query API's door: pricing:GetProducts, asked only for what the rules name.

It has no savings plans. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

import json
from collections.abc import Container, Iterable, Iterator
from typing import Any

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


class QueryOffer:
    """What the Query API answers about one offer in one region: an offer like those in files."""

    def __init__(self, publication: Publication, entries: list[dict[str, Any]]) -> None:
        self.publication, self.entries = publication, entries

    def products(self) -> Iterator[Product]:
        for entry in self.entries:
            product = entry.get("product") or {}
            yield product_of(str(product.get("sku", "")), product, self.publication.place)

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        for entry in self.entries:
            sku = str((entry.get("product") or {}).get("sku", ""))
            if sku in wanted:
                for section, kind in SECTIONS.items():
                    found = (entry.get("terms") or {}).get(section) or {}
                    yield from terms_of(sku, kind, found, self.publication.place)


def ask(client: Any, known: OfferRules, region: str) -> QueryOffer:
    """One offer in one region, over all pages. Raises CostkitError where AWS refuses or answers something else."""
    from botocore.exceptions import BotoCoreError, ClientError

    place = f"pricing:GetProducts {known.offer} {region}"
    entries: dict[str, dict[str, Any]] = {}
    days = []
    try:
        for filters in _filters(known, region):
            pages = client.get_paginator("get_products").paginate(
                ServiceCode=known.offer, Filters=filters, FormatVersion="aws_v1"
            )
            for text in (text for page in pages for text in page.get("PriceList", ())):
                entry = json.loads(text)
                entries[str(entry["product"]["sku"])] = entry
                days.append((day_of(entry.get("publicationDate")), str(entry.get("version", ""))))
    except ClientError as error:
        told = error.response.get("Error", {})
        hint = "it needs the permission pricing:GetProducts"
        raise failed(place, f"AWS refused: {told.get('Code')}: {told.get('Message')}", hint) from None
    except BotoCoreError as error:
        raise failed(place, str(error)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise failed(place, f"no price list: {type(error).__name__} {str(error)[:60]}") from None
    published, version = max(days, default=("", ""))
    if entries and not published:
        raise failed(place, "an answer without a publication date")
    return QueryOffer(Publication(known.offer, version, published, place), list(entries.values()))


def client_at(endpoint: str) -> Any:
    """A client of the Query API with the credentials that boto3 finds. Raises CostkitError without boto3."""
    try:
        # Imported here: only this door needs it.
        import boto3
    except ImportError:
        raise CostkitError([Problem("CK211", "", "the Query API needs boto3", "pip install 'costkit[aws]'")]) from None
    return boto3.Session().client("pricing", region_name=HOME, endpoint_url=endpoint or None)


def _filters(known: OfferRules, region: str) -> list[list[dict[str, str]]]:
    """The questions that cover all rules: what a rule names without a pattern is a filter of AWS's."""
    field = FROM_REGION_FIELD if known.offer == TRANSFER else REGION_FIELD
    wanted: dict[tuple[tuple[str, str], ...], None] = {}
    for rule in known.rules:
        wanted[tuple(sorted({**rule.exact, field: region}.items()))] = None
    return [[{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in one] for one in _widest(wanted)]


def _widest(wanted: Iterable[tuple[tuple[str, str], ...]]) -> list[tuple[tuple[str, str], ...]]:
    """Without the questions that a wider one answers too."""
    every = [set(one) for one in wanted]
    return [tuple(sorted(one)) for one in every if not any(other < one for other in every)]
