"""AWS on loopback: moto, with what it lacks or gets wrong answered from rules, and with faults where rules say so.

``python server.py`` prints its port. Rules come as JSON over a control path and are tried from the last to the first;
one names a client and an operation (botocore's names), and may name a region. It has an ``answer`` (a dictionary, which
is serialised in the service's own protocol), ``answers`` (pages; a request whose token is ``page-2`` gets the third),
or a ``fault`` (``raw`` with a ``body``). ``after`` skips so many requests, ``times`` is how many it is good for.
"""

import io
import json
import os
import re
import socket
import struct
import sys
from collections.abc import Iterable
from threading import Condition, Event
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

import botocore.session
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.server import DomainDispatcherApplication, create_backend_app
from shapes import timed
from werkzeug.serving import WSGIRequestHandler, make_server

CONTROL = "/_costkit/"
SESSION = botocore.session.get_session()
CLIENTS = "lambda redshift redshift-serverless ec2 elb elbv2 logs cloudwatch resourcegroupstaggingapi ce budgets "
CLIENTS += "savingsplans application-autoscaling compute-optimizer cost-optimization-hub sts"
# AWS's own codes: how each protocol says the same thing.
CODES = {
    "denied": {
        "json": ("AccessDeniedException", 400),
        "query": ("AccessDenied", 403),
        "ec2": ("UnauthorizedOperation", 403),
    },
    "throttle": {
        "json": ("ThrottlingException", 400),
        "query": ("Throttling", 400),
        "ec2": ("RequestLimitExceeded", 503),
    },
    "expired": {"json": ("ExpiredTokenException", 400), "query": ("ExpiredToken", 403), "ec2": ("RequestExpired", 400)},
    "clock": {
        "json": ("InvalidSignatureException", 403),
        "query": ("SignatureDoesNotMatch", 403),
        "ec2": ("RequestTimeTooSkewed", 403),
    },
    "disabled": {
        "json": ("UnrecognizedClientException", 400),
        "query": ("InvalidClientTokenId", 403),
        "ec2": ("AuthFailure", 401),
    },
    "enroll": {
        "json": ("OptInRequiredException", 400),
        "query": ("OptInRequiredException", 400),
        "ec2": ("OptInRequiredException", 400),
    },
    "failure": {"json": ("InternalServerError", 500), "query": ("InternalFailure", 500), "ec2": ("InternalError", 500)},
    "unavailable": {
        "json": ("ServiceUnavailable", 503),
        "query": ("ServiceUnavailable", 503),
        "ec2": ("Unavailable", 503),
    },
}
SECRET = "AQoDYXdzEXAMPLESESSIONTOKEN"
WORDS = {
    "clock": "Signature expired: 20261121T000000Z is now earlier than ...",
    "denied": f"no permission, context {SECRET}",
}


class Names:
    """Which client and operation a request is for."""

    def __init__(self) -> None:
        self.models = {name: SESSION.get_service_model(name) for name in CLIENTS.split()}
        self.signing = {model.signing_name: name for name, model in self.models.items()}
        self.paths = []
        for name, model in self.models.items():
            if model.resolved_protocol == "rest-json":
                for operation in model.operation_names:
                    http = model.operation_model(operation).http
                    uri, _, query = http["requestUri"].partition("?")
                    path = re.compile(re.sub(r"\\\{\w+\\\+?\}", "[^/]+", re.escape(uri)) + "/?")
                    self.paths.append((name, operation, http["method"], path, query))
        # The more that an address says, the earlier it is tried.
        self.paths.sort(key=lambda one: -len(one[4]))

    def of(self, service: str, environ: dict[str, Any], body: bytes) -> tuple[str, str]:
        client = self.signing.get(service, "")
        if target := environ.get("HTTP_X_AMZ_TARGET"):
            return client, target.rpartition(".")[2]
        asked = parse_qs(body.decode("utf-8", "replace"))
        if action := asked.get("Action"):
            # Classic and newer load balancers have one name to sign with, and each its own version.
            same = [name for name, model in self.models.items() if model.signing_name == service]
            versions = {self.models[name].api_version: name for name in same}
            return versions.get(asked.get("Version", [""])[0], client), action[0]
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        for name, operation, wanted, pattern, query in self.paths:
            named = name == client and method == wanted and query in environ.get("QUERY_STRING", "")
            if named and pattern.fullmatch(path):
                return client, operation
        return client, ""

    def protocol(self, client: str) -> str:
        return str(self.models[client].resolved_protocol)


NAMES = Names()


class Server:
    """A WSGI application in front of moto."""

    def __init__(self, moto: Any) -> None:
        self.moto = moto
        self.lasting: list[dict[str, Any]] = []
        self.rules: list[dict[str, Any]] = []
        self.log: list[tuple[str, str, str]] = []
        self.logged = Condition()
        self.released = Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ["PATH_INFO"].startswith(CONTROL):
            return self.control(environ["PATH_INFO"].removeprefix(CONTROL), body, start)
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        region, service = scope.groups() if scope else ("", "")
        client, operation = NAMES.of(service, environ, body)
        if client:
            with self.logged:
                self.log.append((client, operation, region))
                self.logged.notify_all()
        for rule in reversed([*self.lasting, *self.rules]):
            if rule.get("containing", "").encode() in body and self.holds(rule, client, operation, region):
                return self.answer(rule, client, operation, environ, body, start)
        if operation == "GetMetricData":
            # moto knows no percentiles; the greatest value stands in for one.
            body = body.replace(b'"p99"', b'"Maximum"')
            environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        return self.moto(environ, start)

    @staticmethod
    def holds(rule: dict[str, Any], client: str, operation: str, region: str) -> bool:
        if rule["client"] not in (client, "*") or rule["operation"] not in (operation, "*") or not client:
            return False
        if rule.get("region", region) != region or operation in rule.get("except", ()):
            return False
        if rule.get("each"):
            # The first request of each operation in each region gets it.
            if (client, operation, region) in rule.setdefault("seen", []):
                return False
            rule["seen"].append((client, operation, region))
        if rule.get("after", 0) > 0:
            rule["after"] -= 1
            return False
        if rule.get("times", 1) <= 0:
            return False
        if "times" in rule:
            rule["times"] -= 1
        return True

    def control(self, path: str, body: bytes, start: Any) -> Iterable[bytes]:
        if path == "lasting":
            self.lasting = json.loads(body)
        elif path == "rules":
            self.rules = json.loads(body)
            self.log = []
            self.released.clear()
        elif path == "await":
            wanted = json.loads(body)
            with self.logged:
                self.logged.wait_for(lambda: any(operation == wanted for _, operation, _ in self.log), timeout=60)
        elif path == "release":
            self.released.set()
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(self.log).encode()]

    def answer(
        self, rule: dict[str, Any], client: str, operation: str, environ: dict[str, Any], body: bytes, start: Any
    ) -> Iterable[bytes]:
        protocol = NAMES.protocol(client)
        fault = rule.get("fault", "")
        if fault in CODES or fault.startswith("code:"):
            return self.error(fault, protocol, start)
        if fault == "reset":
            connection = environ["werkzeug.socket"]
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.shutdown(socket.SHUT_RDWR)
            return []
        if fault == "hold":
            self.released.wait(60)
            return self.error("failure", protocol, start)
        json_like = "json" in protocol
        headers = [("Content-Type", "application/x-amz-json-1.1" if json_like else "text/xml")]
        if fault == "raw":
            start("200 OK", headers)
            return [rule["body"].encode()]
        if fault == "html":
            start("200 OK", [("Content-Type", "text/html")])
            return [b"<html><body>Please log in to the network</body></html>"]
        if fault == "nothing":
            start("200 OK", headers)
            return [b"{}" if json_like else b"<Answer/>"]
        if fault == "cut":
            start("200 OK", headers)
            return [b'{"Functions": [{"Func' if json_like else b"<Answer><Clusters><Clus"]
        if fault == "torn":
            start("200 OK", [*headers, ("Content-Length", "5000")])
            return [b'{"Functions": []' if json_like else b"<Answer><Clus"]
        pages = rule.get("answers") or [rule["answer"]]
        text = body.decode("utf-8", "replace") + environ.get("QUERY_STRING", "")
        page = re.search(r"page-(\d+)", text)
        return self.serialised(pages[int(page[1]) if page else 0], client, operation, protocol, start)

    @staticmethod
    def error(fault: str, protocol: str, start: Any) -> Iterable[bytes]:
        kind = "json" if "json" in protocol else protocol
        code, status = (fault.removeprefix("code:"), 400) if fault.startswith("code:") else CODES[fault][kind]
        words = WORDS.get(fault, "as the rule says")
        start(f"{status} Fault", [("Content-Type", "text/xml"), ("x-amzn-errortype", code)])
        if kind == "json":
            return [json.dumps({"__type": code, "message": words}).encode()]
        error = f"<Error><Code>{code}</Code><Message>{words}</Message></Error>"
        if kind == "ec2":
            return [f"<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>".encode()]
        return [f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>".encode()]

    @staticmethod
    def serialised(answer: Any, client: str, operation: str, protocol: str, start: Any) -> Iterable[bytes]:
        model = get_service_model(client).operation_model(operation)
        found = get_serializer_class(client, protocol)(model).serialize(timed(model.output_shape, answer))
        start(f"{found['status_code']} OK", list(found["headers"].items()))
        body = found["body"]
        return [body if isinstance(body, bytes) else body.encode()]


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass

    def log_error(self, format: str, *args: Any) -> None:
        pass


def main() -> None:
    application = Server(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
