"""Synthetic accounts whose right answer is known by construction: idle, busy, bursty, paused, brand new.

A fleet is written as a snapshot file and read back by the same door as one that was collected. Its last day is
2026-11-20, a Friday. Values are functions of the time of each period: ``always(5)``, ``in_working_hours(40, 1)``.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from costkit.inputs.documents import Document, read_bytes
from costkit.inputs.snapshot import read_snapshot
from costkit.model.snapshot import DENIED, ITEMS, Account, ApiUse, Item, Missing, Part, Series, Snapshot
from costkit.model.snapshot_kinds import kinds
from costkit.model.snapshot_kinds.kind import DAY, HOUR
from costkit.reports.collect.as_snapshot import render

END = datetime(2026, 11, 21, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "us-east-1"
Value = Decimal | int | str | None
Pattern = Callable[[datetime], Value]
LONG_AGO = "2025-01-05T08:00:00Z"


def always(value: Value) -> Pattern:
    """The same value in every period."""
    return lambda _: value


def in_working_hours(value: Value, else_: Value = None) -> Pattern:
    """A value from 8 to 18 o'clock UTC, Monday to Friday, and another one at other times."""
    return lambda at: value if at.weekday() < 5 and 8 <= at.hour < 18 else else_


def on_weekdays(value: Value, else_: Value = None) -> Pattern:
    """A value from Monday to Friday, and another one at weekends."""
    return lambda at: value if at.weekday() < 5 else else_


def since(days: int, value: Value, before: Value = None) -> Pattern:
    """A value on the last days, and another one before them."""
    return lambda at: value if at >= END - timedelta(days=days) else before


def at_hour(hour: int, value: Value, else_: Value = 0) -> Pattern:
    """A value in one hour of each day."""
    return lambda at: value if at.hour == hour else else_


def on_day(days_ago: int, value: Value, else_: Value = 0) -> Pattern:
    """A value on one day, 1 being the last one."""
    day = (END - timedelta(days=days_ago)).date()
    return lambda at: value if at.date() == day else else_


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Fleet:
    """Collects items; ``snapshot`` is what a collection of them would have written."""

    def __init__(self, days: int = 14, region: str = REGION, account: str = ACCOUNT) -> None:
        self.days, self.region, self.account = days, region, account
        self.items: list[Item] = []
        self.missing: list[Missing] = []

    def add(
        self,
        kind: str,
        own: str,
        attributes: Mapping[str, Any],
        metrics: Mapping[str, Pattern] | None = None,
        tags: Mapping[str, str] | None = None,
        arn: str = "",
        days: int | None = None,
    ) -> "Fleet":
        """An item; metrics by ``Name Statistic hour|day [dimension=value]``, for the window or for ``days``."""
        series = tuple(self._series(kind, named, pattern, days) for named, pattern in (metrics or {}).items())
        given = {"owner": "web"} if tags is None else tags
        self.items.append(Item(kind, own, arn, self.account, self.region, given, _decimals(attributes), series))
        return self

    def _series(self, kind: str, named: str, pattern: Pattern, days: int | None) -> Series:
        name, statistic, length, *beside = named.split()
        period = {"hour": HOUR, "day": DAY}[length]
        dimensions = dict(part.split("=") for part in beside)
        # Load balancers of two kinds have metrics of the same name; those of applications come first.
        metric = next(
            (one.namespace, one.gaps, one.days)
            for one in kinds()[kind].metrics
            if (one.name, one.statistic, one.period) == (name, statistic, period)
            and (days is None or one.days in (0, days))
            and (days is not None or one.days < 90)
        )
        namespace, gaps, least = metric
        length_in_days = days or max(self.days, least)
        start = END - timedelta(days=length_in_days)
        times = (start + timedelta(seconds=period * place) for place in range(length_in_days * 86400 // period))
        values = tuple(None if (value := pattern(time)) is None else Decimal(value) for time in times)
        return Series(namespace, name, statistic, period, stamp(start), stamp(END), gaps, values, dimensions)

    def function(
        self, name: str, calls: Pattern = always(1000), each: Value = 100, memory: int = 1024, **more: Any
    ) -> "Fleet":
        """A function with calls an hour that each take so many ms."""
        metrics = {"Invocations Sum hour": calls, "Duration Sum hour": lambda at: _times(calls(at), each)}
        metrics |= {"Errors Sum day": always(0), "Throttles Sum day": always(0)}
        metrics |= more.pop("metrics", {})
        attributes = {
            "FunctionName": name,
            "Runtime": "python3.12",
            "Architectures": ["arm64"],
            "MemorySize": memory,
            "Timeout": 30,
            "LastModified": LONG_AGO,
            **more.pop("attributes", {}),
        }
        arn = f"arn:aws:lambda:{self.region}:{self.account}:function:{name}"
        return self.add("lambda_function", name, attributes, metrics, arn=arn, **more)

    def instance(self, own: str, cpu: Pattern = always(50), kind: str = "m7g.large", **more: Any) -> "Fleet":
        """An instance with a CPU utilisation by the hour; None is a time when it was stopped."""
        peak = more.pop("peak", cpu)
        network = more.pop("network", 10**10)
        metrics = {"CPUUtilization Average hour": cpu, "CPUUtilization Maximum hour": peak}
        metrics |= {f"Network{way} Sum day": always(network) for way in ("In", "Out")}
        metrics |= more.pop("metrics", {})
        attributes = {
            "InstanceId": own,
            "InstanceType": kind,
            "State": {"Name": "running"},
            "PlatformDetails": "Linux/UNIX",
            "LaunchTime": LONG_AGO,
            **more.pop("attributes", {}),
        }
        arn = f"arn:aws:ec2:{self.region}:{self.account}:instance/{own}"
        return self.add("ec2_instance", own, attributes, metrics, arn=arn, **more)

    def cluster(self, name: str, cpu: Pattern = always(50), used: Pattern = always(5), **more: Any) -> "Fleet":
        """A cluster with a CPU utilisation and connections by the hour; None is a time when it was paused."""
        peak = more.pop("peak", cpu)
        metrics = {
            "CPUUtilization Average hour": cpu,
            "CPUUtilization Maximum hour": peak,
            "CPUUtilization p99 hour": peak,
            "DatabaseConnections Maximum hour": lambda at: None if cpu(at) is None else used(at),
            "WLMQueueLength Maximum hour": lambda at: None if cpu(at) is None else 0,
            **more.pop("metrics", {}),
        }
        attributes = {
            "ClusterIdentifier": name,
            "NodeType": "rg.xlarge",
            "NumberOfNodes": 4,
            "ClusterStatus": "available",
            "ClusterCreateTime": LONG_AGO,
            "AutomatedSnapshotRetentionPeriod": 1,
            "VpcId": "vpc-1",
            "MultiAZ": "Disabled",
            **more.pop("attributes", {}),
        }
        return self.add("redshift_cluster", name, attributes, metrics, **more)

    def workgroup(self, name: str, seconds: Pattern, **more: Any) -> "Fleet":
        """A workgroup that computes for so many RPU-seconds an hour."""
        queries: Pattern = more.pop("queries", always(100))
        metrics = {"ComputeSeconds Sum hour": seconds, **more.pop("metrics", {})}
        metrics |= {"QueriesSucceeded Sum day": queries, "QueriesFailed Sum day": always(0)}
        attributes = {
            "workgroupName": name,
            "namespaceName": name,
            "baseCapacity": 8,
            "status": "AVAILABLE",
            "creationDate": LONG_AGO,
            **more.pop("attributes", {}),
        }
        return self.add("redshift_serverless_workgroup", name, attributes, metrics, **more)

    def volume(self, own: str, kind: str = "gp3", size: int = 100, ops: Pattern = always(3600), **more: Any) -> "Fleet":
        """A volume with so many reads and writes an hour."""
        metrics = {"VolumeReadOps Sum hour": ops, "VolumeWriteOps Sum hour": ops, **more.pop("metrics", {})}
        attributes = {
            "VolumeId": own,
            "VolumeType": kind,
            "Size": size,
            "State": "in-use",
            "CreateTime": LONG_AGO,
            "Attachments": [{"InstanceId": "i-1", "State": "attached"}],
            **more.pop("attributes", {}),
        }
        return self.add("ebs_volume", own, attributes, metrics, **more)

    def deny(self, kind: str, action: str, what: str = ITEMS, region: str = "") -> "Fleet":
        """Say that AWS did not let anyone ask."""
        message = f"AWS does not let you call {action}"
        self.missing.append(Missing(self.account, region or self.region, kind, what, DENIED, action, message))
        return self

    @property
    def snapshot(self) -> Snapshot:
        everywhere = {(item.account, item.region, item.kind) for item in self.items}
        asked = {(self.account, self.region, kind) for kind, known in kinds().items() if not known.on_request}
        told = {(gap.account, gap.region, gap.kind) for gap in self.missing}
        number = {place: sum((i.account, i.region, i.kind) == place for i in self.items) for place in everywhere}
        return Snapshot(
            tool_version="0.1.0",
            collected=stamp(END),
            start=stamp(END - timedelta(days=self.days)),
            end=stamp(END),
            accounts=(Account(self.account),),
            regions=(self.region,),
            services=("lambda", "redshift", "redshift-serverless", "ec2", "logs"),
            api=ApiUse({}, 0, Decimal(0)),
            parts=tuple(Part(*place, number.get(place, 0)) for place in sorted(everywhere | asked | told)),
            missing=tuple(self.missing),
            items=tuple(self.items),
        )

    def text(self) -> str:
        """The snapshot's file."""
        return "".join(render(self.snapshot))

    def document(self) -> Document:
        """The file as a command reads it."""
        return read_bytes(self.text().encode(), "snapshot.json")

    def read(self) -> Snapshot:
        """The snapshot as it is read back."""
        return read_snapshot(self.document())


def _times(number: Value, each: Value) -> Value:
    return None if number is None or each is None else Decimal(number) * Decimal(each)


def _decimals(value: Any) -> Any:
    """Numbers as a file gives them back."""
    if isinstance(value, Mapping):
        return {key: _decimals(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_decimals(part) for part in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
