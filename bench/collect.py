"""Measures ``costkit collect`` against a direct boto3 loop with the same tricks: ``python bench/collect.py``.

Both ask a cheap server on loopback for 14 days of hourly data of four metrics of 500 functions, in turn, as processes
of their own. Then whole collections of 2,000 and 20,000 functions are measured for their memory.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
START, END = 1794009600, 1795219200  # 2026-11-07 and 2026-11-21, midnight
METRICS = (("Invocations", "Sum"), ("Duration", "Sum"), ("Errors", "Sum"), ("ConcurrentExecutions", "Maximum"))
HOUR = 3600
ROUNDS = 7
SIZES = (500, 2000, 20000)


class Handler(BaseHTTPRequestHandler):
    """Lambda functions, their metrics, and nothing of anything else."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 20
    functions = 500
    series: dict[tuple[int, int, int], bytes] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = self.headers.get("X-Amz-Target", "")
        if target.endswith("GetMetricData"):
            self.send(self.metrics(json.loads(body)))
        elif b"GetCallerIdentity" in body:
            arn = "<Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>u</UserId><Account>123456789012</Account>"
            self.send(f"<R><GetCallerIdentityResult>{arn}</GetCallerIdentityResult></R>".encode())
        elif target.endswith("GetResources"):
            self.send(b'{"ResourceTagMappingList": []}')
        else:
            self.send(b'{"ScalableTargets": [], "ScheduledActions": []}')

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.rstrip("/").endswith("/functions"):
            self.send(self.page(query))
        elif "provisioned-concurrency" in path:
            self.send(b'{"ProvisionedConcurrencyConfigs": []}')
        elif "event-source-mappings" in path:
            self.send(b'{"EventSourceMappings": []}')
        else:
            self.send(b'{"AccountLimit": {"ConcurrentExecutions": 1000}}')

    def page(self, query: str) -> bytes:
        first = int(query.partition("Marker=")[2].partition("&")[0] or 0)
        last = min(first + 50, self.functions)
        found = [
            {
                "FunctionName": f"function-{number:06}",
                "FunctionArn": f"arn:aws:lambda:eu-west-1:123456789012:function:function-{number:06}",
                "Runtime": "python3.12",
                "MemorySize": 512,
                "Timeout": 30,
                "Architectures": ["x86_64"],
                "EphemeralStorage": {"Size": 512},
                "Environment": {"Variables": {"KEY": "value"}},
            }
            for number in range(first, last)
        ]
        return json.dumps({"Functions": found} | ({"NextMarker": str(last)} if last < self.functions else {})).encode()

    def metrics(self, asked: dict[str, Any]) -> bytes:
        start, end = int(asked["StartTime"]), int(asked["EndTime"])
        found = []
        for query in asked["MetricDataQueries"]:
            key = (start, end, query["MetricStat"]["Period"])
            if key not in self.series:
                times = list(range(start, end, key[2]))
                values = [round(1000 + (time * 7919 % 100003) / 7, 3) for time in times]
                self.series[key] = json.dumps({"Timestamps": times, "Values": values}).encode()[1:]
            found.append(b'{"Id": "%b", "StatusCode": "Complete", %b' % (query["Id"].encode(), self.series[key]))
        return b'{"MetricDataResults": [' + b", ".join(found) + b"]}"

    def send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def floor(written: str) -> None:
    """The best known way: 300 series a question (AWS answers 100,800 values at once), times left as they are."""
    import boto3
    import botocore.session

    session = botocore.session.get_session()
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=lambda value: value)
    boto = boto3.Session(botocore_session=session, region_name="eu-west-1")
    names = [
        function["FunctionName"]
        for page in boto.client("lambda").get_paginator("list_functions").paginate()
        for function in page["Functions"]
    ]
    client = boto.client("cloudwatch")
    wanted = [(name, metric, statistic) for name in names for metric, statistic in METRICS]
    found = {}
    for first in range(0, len(wanted), 300):
        batch = wanted[first : first + 300]
        queries = [
            {
                "Id": f"q{number}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/Lambda",
                        "MetricName": metric,
                        "Dimensions": [{"Name": "FunctionName", "Value": name}],
                    },
                    "Period": HOUR,
                    "Stat": statistic,
                },
            }
            for number, (name, metric, statistic) in enumerate(batch)
        ]
        answer = client.get_metric_data(MetricDataQueries=queries, StartTime=START, EndTime=END)
        for result in answer["MetricDataResults"]:
            found[batch[int(result["Id"][1:])]] = dict(zip(result["Timestamps"], result["Values"], strict=True))
    if written:
        Path(written).write_text(json.dumps([[*key, found[key]] for key in sorted(found)]), encoding="utf-8")


def ours(written: str) -> None:
    """The collector, asked for the same four metrics and nothing else, and written as a snapshot."""
    from costkit.collect import lambda_functions
    from costkit.collect.collecting import Collection
    from costkit.collect.expense import Expense
    from costkit.collect.wish import Wish
    from costkit.model.snapshot_kinds import kinds
    from costkit.model.snapshot_kinds.kind import metrics
    from costkit.reports.collect.as_snapshot import document

    lines = [f"{name} {statistic} hour" for name, statistic in METRICS]
    chosen = metrics("AWS/Lambda", {"FunctionName": "FunctionName"}, *lines, gaps="zero")
    table = kinds()
    for name, kind in table.items():
        table[name] = kind._replace(metrics=chosen if name == "lambda_function" else ())
    lambda_functions.collect = lambda place: place.list(
        "lambda_function", lambda_functions.LIST_FUNCTIONS, "FunctionName"
    )
    times = ("2026-11-21T10:00:00Z", "2026-11-07T00:00:00Z", "2026-11-21T00:00:00Z")
    wish = Wish(("lambda",), ("eu-west-1",), (), "", None, *times, 14, None, 0.5)
    with Collection(wish, Expense({"metrics_requested": 0})) as collection:
        found = collection.collect()
        with open(written or os.devnull, "w", encoding="ascii") as file:
            file.writelines(document(found, collection.items()))


def timed(arguments: list[str], url: str, place: str) -> tuple[float, float, float]:
    """Seconds, seconds of processor, and megabytes of a process."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true"}
    variables = {
        **os.environ,
        **keys,
        "AWS_ENDPOINT_URL": url,
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": "1795255200",
    }
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], env=variables, cwd=place)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, arguments
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print both tables."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    script = str(Path(__file__).resolve())
    with tempfile.TemporaryDirectory() as place:
        ways = {
            "boto3 loop, nothing written (floor)": [script, "floor", ""],
            "boto3 loop, written as JSON": [script, "floor", "floor.json"],
            "costkit's collector, snapshot written": [script, "ours", "snapshot.json"],
        }
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        for count in range(ROUNDS + 1):
            for name, arguments in ways.items():
                result = timed(arguments, url, place)
                if count:
                    runs[name].append(result)
        floors = [statistics.median(column) for column in zip(*runs[next(iter(ways))], strict=True)]
        print("| 500 functions, 4 metrics, 336 hours | median | ratio | processor | ratio | memory |")
        print("| --- | --- | --- | --- | --- | --- |")
        for name, results in runs.items():
            wall, processor, memory = (statistics.median(column) for column in zip(*results, strict=True))
            ratios = f"{wall / floors[0]:.2f} | {processor:.2f} s | {processor / floors[1]:.2f}"
            print(f"| {name} | {wall:.2f} s | {ratios} | {memory:.0f} MB |")
        print("\n| `costkit collect --only lambda` | seconds | memory | file |\n| --- | --- | --- | --- |")
        for number in SIZES:
            Handler.functions = number
            command = ["-m", "costkit", "collect", "-o", "whole.json", "--only", "lambda", "--regions", "eu-west-1"]
            seconds, _, memory = timed(command, url, place)
            size = os.path.getsize(os.path.join(place, "whole.json")) / 2**20
            print(f"| {number:,} functions | {seconds:.0f} | {memory:.0f} MB | {size:.0f} MB |")
    print(f"\nThe server's own share: {resource.getrusage(resource.RUSAGE_SELF).ru_utime:.0f} s.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"floor": floor, "ours": ours}[sys.argv[1]](sys.argv[2])
    else:
        main()
