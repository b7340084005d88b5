"""The Query API of the Price List on loopback: GetProducts in JSON 1.1, as botocore's model of it says.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from price_list import OfferFile

TARGET = "AWSPriceListService.GetProducts"


class QueryServer:
    """Its offers, what was asked of it, and whether it refuses, and texts that it answers as they are."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.refusal = ""
        self.raw: list[str] = []
        self.page = 7
        self.address = ""

    def publish(self, *offers: OfferFile) -> None:
        """What the offers hold, a product an entry."""
        for offer in offers:
            for sku, product in offer.products.items():
                terms = {kind: skus[sku] for kind, skus in offer.terms.items() if sku in skus}
                about = {"serviceCode": offer.offer, "version": offer.version, "publicationDate": offer.published}
                self.entries.append({"product": product, "terms": terms, **about})

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A page of the products that every filter fits."""
        self.asked.append(asked)
        fitting = [entry for entry in self.entries if entry["serviceCode"] == asked["ServiceCode"]]
        for one in asked.get("Filters", []):
            assert one["Type"] == "TERM_MATCH"
            fitting = [entry for entry in fitting if _value(entry["product"], one["Field"]) == one["Value"]]
        start = int(asked.get("NextToken", "0"))
        page: dict[str, Any] = {"FormatVersion": "aws_v1"}
        page["PriceList"] = [json.dumps(entry) for entry in fitting[start : start + self.page]]
        page["PriceList"] += self.raw
        if start + self.page < len(fitting):
            page["NextToken"] = str(start + self.page)
        return page


def _value(product: dict[str, Any], field: str) -> str:
    """AWS compares without regard to case, and knows the family beside the attributes."""
    known = {**product["attributes"], "productFamily": product["productFamily"]}
    return str({name.lower(): value for name, value in known.items()}.get(field.lower(), ""))


@contextmanager
def query_server() -> Iterator[QueryServer]:
    """A server on a free port of loopback."""
    prices = QueryServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            assert self.headers["X-Amz-Target"] == TARGET
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code, tree = 200, {}
            if prices.refusal:
                code, tree = 400, {"__type": prices.refusal, "message": "not for you"}
            else:
                tree = prices.answer(asked)
            body = json.dumps(tree).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    prices.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield prices
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
