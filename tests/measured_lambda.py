"""Fleets for the checks of what Lambda bills beside calls: where each must speak, and where it must stay silent.

Prices of us-east-1 on 2026-11-21, from pricing/lambda_function.yaml; a month has 730 hours.
"""

from collections.abc import Callable
from typing import Any

from fleets import Fleet, always, on_day

Build = Callable[[Fleet], Any]


def cold(fleet: Fleet, starts: int, length: int, **more: Any) -> Fleet:
    """A function with 30,000 calls an hour of 100 ms, and so many cold starts a day of so many ms."""
    metrics = {
        "used_memory_max Maximum day": always(300),
        "init_duration Sum day": always(starts * length),
        "init_duration SampleCount day": always(starts),
    }
    return fleet.function("api", always(30_000), metrics=metrics | more.pop("metrics", {}), **more)


def version(fleet: Fleet, calls: Any = None, alias: Any = None, **more: Any) -> Fleet:
    """Version 1 of a function with SnapStart, and an alias of version 2."""
    attributes = {
        "FunctionName": "api",
        "Resource": "api:1",
        "Version": "1",
        "MemorySize": 1024,
        "Runtime": "python3.12",
        "Architectures": ["x86_64"],
        "SnapStart": {"ApplyOn": "PublishedVersions"},
        "LastModified": "2026-02-01T00:00:00Z",
        **more,
    }
    live = {"FunctionName": "api", "Name": "live", "FunctionVersion": "2", "AdditionalVersions": []}
    fleet.add("lambda_version", "api:1", attributes, {"Invocations Sum day": calls or always(None)})
    return fleet.add("lambda_alias", "api:live", live if alias is None else alias)


def steady(fleet: Fleet, calls: int, peak: int, **more: Any) -> Fleet:
    """A function with so many calls an hour of a second each, and so many at a time at most."""
    metrics = {"ConcurrentExecutions Maximum hour": always(peak)}
    return fleet.function("api", always(calls), each=1000, memory=1769, metrics=metrics, **more)


def polled(fleet: Fleet, **more: Any) -> Fleet:
    """A queue in provisioned mode."""
    attributes = {
        "UUID": "m-1",
        "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:api:live",
        "EventSourceArn": "arn:aws:sqs:us-east-1:111122223333:jobs",
        "State": "Enabled",
        "ProvisionedPollerConfig": {"MinimumPollers": 5, "MaximumPollers": 20},
        **more,
    }
    return fleet.add("lambda_event_source_mapping", "m-1", attributes)


SPEAKS: list[tuple[str, Build, tuple[str, str, str] | None]] = [
    # 21.9 M calls, 7,200 of 720,000 a day cold: 219,000 x 2 s x 1 GB = 438,000 GB-s beside 2.19 M, and the free 400,000
    # are used in both cases: 438,000 x 0.0000133334
    ("LMB-13", lambda f: cold(f, 7200, 2000), ("0.00", "5.84", "5.84")),
    # 730 x 3,600 s x 1 GB x 0.0000015046
    ("LMB-14", version, ("3.95",) * 3),
    # 5 x 730 x 0.00925
    ("LMB-19", polled, ("33.76",) * 3),
    # 48 at a time, 50 at most, a vCPU each. 126,144,000 requests x 0.2 / 1M, the first million being free, and
    # 217,918,687.5 GB-s x 0.0000133334, of which 400,000 are free, are 2,925.29. 50 / 0.7 = 71.4 vCPU are 9 c7g.2xlarge
    # with 8 GB each, 9 x (730 x 0.29 + 8 x 0.08) = 1,911.06; 72 tasks of Fargate are 2,263.
    ("LMB-20", lambda f: steady(f, 172_800, 50), ("1014.23",) * 3),
]

SILENT: list[tuple[str, str, Build]] = [
    # 219,000 x 1 s are 219,000 of 2,409,000 GB-s, a little less than a tenth.
    ("LMB-13", "clean", lambda f: cold(f, 7200, 1000)),
    ("LMB-13", "clean", lambda f: cold(f, 0, 0)),
    ("LMB-13", "not_enough_data", lambda f: f.function("api")),
    # Insights of an older snapshot, without the metric of INIT.
    (
        "LMB-13",
        "not_enough_data",
        lambda f: f.function("api", metrics={"used_memory_max Maximum day": always(300)}),
    ),
    (
        "LMB-13",
        "not_enough_data",
        lambda f: cold(f, 7200, 2000, metrics={"used_memory_max Maximum day": on_day(3, 9, None)}),
    ),
    ("LMB-13", "not_enough_data", lambda f: cold(f, 720_001, 10)),
    ("LMB-14", "clean", lambda f: version(f, on_day(9, 1, None))),
    ("LMB-14", "clean", lambda f: version(f, State="Inactive")),
    (
        "LMB-14",
        "clean",
        lambda f: version(f, alias={"FunctionName": "api", "FunctionVersion": "1", "AdditionalVersions": []}),
    ),
    # An alias sends it a tenth of its calls, which count as the alias's.
    (
        "LMB-14",
        "clean",
        lambda f: version(f, alias={"FunctionName": "api", "FunctionVersion": "2", "AdditionalVersions": ["1"]}),
    ),
    ("LMB-14", "not_enough_data", lambda f: version(f, alias={"FunctionName": "api", "FunctionVersion": "2"})),
    ("LMB-14", "not_enough_data", lambda f: version(f, LastModified="2026-11-18T00:00:00Z")),
    ("LMB-19", "not_applicable", lambda f: polled(f, ProvisionedPollerConfig={})),
    ("LMB-19", "not_applicable", lambda f: polled(f, State="Disabled")),
    # How many units Kafka's pollers take, AWS does not tell.
    (
        "LMB-19",
        "not_enough_data",
        lambda f: polled(f, EventSourceArn="arn:aws:kafka:us-east-1:111122223333:cluster/c/1"),
    ),
    # Half of 50 at a time: the fleet has to be as large, and Lambda costs 1,521.
    ("LMB-20", "clean", lambda f: steady(f, 90_000, 50)),
    # 40 of 50 at a time: 2,437 is less than 1.3 times 1,911.
    ("LMB-20", "clean", lambda f: steady(f, 144_000, 50)),
    ("LMB-20", "clean", lambda f: steady(f, 36_000, 50)),
    ("LMB-20", "not_applicable", lambda f: steady(f, 0, 0)),
    ("LMB-20", "not_enough_data", lambda f: f.function("api", always(172_800), each=1000)),
    ("LMB-20", "not_enough_data", lambda f: steady(f, 172_800, 50, days=3)),
    # AWS charges nothing for Java.
    ("LMB-14", "not_applicable", lambda f: version(f, Runtime="java21")),
]
