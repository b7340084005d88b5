"""A price list on loopback: indexes and offer files as AWS serves them, and the ways in which a server fails.

Answers carry a strong ETag, are packed where the client takes gzip, and honour Range with If-Range and If-None-Match:
https://www.rfc-editor.org/rfc/rfc9110
"""

import base64
import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from price_list import PUBLISHED, OfferFile, PlanFile

PLANS = "AWSComputeSavingsPlan"


class PriceServer:
    """What the server has by path, what was asked of it, and which faults the next answers have.

    A fault is a function of the handler, the path and the body that answers in its own way; it serves once.
    """

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.faults: dict[str, list[Callable[[Any, bytes], None]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.packs, self.checksum = True, True
        self.closing = threading.Event()
        self.address = ""

    def publish(self, *offers: OfferFile | PlanFile, csv: bool = False) -> None:
        """Put offer files and the indexes that lead to them on the server."""
        services = {one.offer: one for one in offers if isinstance(one, OfferFile)}
        index: dict[str, Any] = {"formatVersion": "v1.0", "disclaimer": "", "publicationDate": PUBLISHED, "offers": {}}
        for code in services:
            index["offers"][code] = {
                "offerCode": code,
                "versionIndexUrl": f"/offers/v1.0/aws/{code}/index.json",
                "currentVersionUrl": f"/offers/v1.0/aws/{code}/current/index.json",
                "currentRegionIndexUrl": f"/offers/v1.0/aws/{code}/current/region_index.json",
            }
            mine = [one for one in offers if isinstance(one, OfferFile) and one.offer == code]
            regions = {one.region: {"regionCode": one.region, "currentVersionUrl": path_of(one)} for one in mine}
            head = {"formatVersion": "v1.0", "disclaimer": "", "publicationDate": PUBLISHED}
            self.put(f"/offers/v1.0/aws/{code}/current/region_index.json", {**head, "regions": regions})
            for one in mine:
                self.bodies[path_of(one)] = one.json
                if csv:
                    self.bodies[path_of(one).replace(".json", ".csv")] = one.csv
        self.put("/offers/v1.0/aws/index.json", index)
        plans = [one for one in offers if isinstance(one, PlanFile)]
        entries = [{"regionCode": one.region, "versionUrl": path_of(one)} for one in plans]
        place = f"/savingsPlan/v1.0/aws/{PLANS}/current/region_index.json"
        self.put(place, {"disclaimer": "", "publicationDate": PUBLISHED, "regions": entries})
        for plan in plans:
            self.bodies[path_of(plan)] = plan.json
            if csv:
                self.bodies[path_of(plan).replace(".json", ".csv")] = plan.csv

    def put(self, path: str, tree: Any) -> None:
        self.bodies[path] = json.dumps(tree).encode()

    def fail(self, path: str, *faults: Callable[[Any, bytes], None]) -> None:
        """The next answers for a path are these faults, one each."""
        self.faults.setdefault(path, []).extend(faults)

    def requests(self, path: str) -> list[dict[str, str]]:
        """The headers of every request for a path."""
        return [headers for asked, headers in self.asked if asked == path]


def path_of(one: OfferFile | PlanFile) -> str:
    if isinstance(one, PlanFile):
        return f"/savingsPlan/v1.0/aws/{PLANS}/{one.version}/{one.region}/index.json"
    return f"/offers/v1.0/aws/{one.offer}/{one.version}/{one.region}/index.json"


class Handler(BaseHTTPRequestHandler):
    """Answers GET from the bodies of its server."""

    protocol_version = "HTTP/1.1"
    prices: PriceServer

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.prices.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        body = self.prices.bodies.get(self.path)
        faults = self.prices.faults.get(self.path)
        if faults:
            faults.pop(0)(self, body or b"")
        elif body is None:
            self.reply(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self.serve(body)

    def serve(self, body: bytes) -> None:
        """A body as a careful server sends it: packed, whole or in part, or not at all if the client has it."""
        headers = {}
        if self.prices.packs and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
        headers["ETag"] = etag(body)
        if self.prices.checksum:
            headers["x-amz-checksum-sha256"] = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if self.headers.get("If-None-Match") == headers["ETag"]:
            self.reply(304, b"", headers)
            return
        wanted = self.headers.get("Range", "")
        if wanted and self.headers.get("If-Range") == headers["ETag"]:
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self.reply(206, body[start:], headers)
        else:
            self.reply(200, body, headers)

    def reply(self, code: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        """An answer; ``length`` is what it says of its length."""
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if code != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if code != 304:
            self.wfile.write(body)
        self.wfile.flush()


def etag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'  # what S3 sends for an object put in one part


def status(code: int) -> Callable[[Handler, bytes], None]:
    """An answer with a status and no price list."""
    return lambda handler, body: handler.reply(code, b"<html>no prices here</html>")


def broken_off(handler: Handler, body: bytes) -> None:
    """Half of the file, then the connection ends."""
    packed = gzip.compress(body, mtime=0)
    handler.close_connection = True
    handler.reply(200, packed[: len(packed) // 2], {"ETag": etag(packed), "Content-Encoding": "gzip"}, len(packed))


def another_state(handler: Handler, body: bytes) -> None:
    """Half of a file that is another one by the next request."""
    handler.close_connection = True
    handler.reply(200, b"x" * (len(body) // 2), {"ETag": '"of before"'}, len(body))


def wrong_checksum(handler: Handler, body: bytes) -> None:
    """A flipped byte on the way."""
    headers = {"x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(), "ETag": etag(body)}
    handler.reply(200, body[:-1] + b" ", headers)


def not_json(handler: Handler, body: bytes) -> None:
    """What a proxy's sign-in page looks like to a program."""
    handler.reply(200, b"<!doctype html><title>Sign in to the network</title>", {"Content-Type": "text/html"})


def silent(handler: Handler, body: bytes) -> None:
    """Nothing until the client has lost patience."""
    handler.close_connection = True
    handler.prices.closing.wait(30)


@contextmanager
def price_server() -> Iterator[PriceServer]:
    """A server on a free port of loopback."""
    prices = PriceServer()
    handler = type("OfThisServer", (Handler,), {"prices": prices})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    prices.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield prices
    finally:
        prices.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
