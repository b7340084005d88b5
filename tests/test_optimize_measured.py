"""Checks that need measurements, on fleets whose right answer is known by construction, and worked by hand.

Prices of us-east-1 on 2026-11-21, from pricing/*.yaml; a month has 730 hours.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import measured_lambda
import measured_redshift
import pytest
from conftest import TODAY
from fleets import END, Fleet, always, at_hour, in_working_hours, on_day, on_weekdays, since

from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import merged
from costkit.model.finding import FINDING, Advice, Finding
from costkit.optimize.advising import Wanted, advise
from costkit.optimize.checks import checks
from costkit.optimize.observing import with_evidence
from costkit.pricebook.book import PriceBook

DEV = {"env": "dev"}
Build = Callable[[Fleet], Any]


def advised(book: PriceBook, fleet: Fleet, *only: str) -> Advice:
    return advised_of(book, fleet.document(), *only)


def advised_of(book: PriceBook, snapshot: Document, *only: str) -> Advice:
    documents, observed = with_evidence([snapshot])
    document = merged(documents)
    book = book.with_prices(document.prices)
    spec = read_spec(document, book, TODAY)
    return advise(document, spec, book, TODAY, wanted=Wanted(only), observed=observed)[0]


def verdict(advice: Advice, code: str) -> str:
    """The one verdict of a check that looked at one thing."""
    [coverage] = [one for one in advice.coverage if one.code == code]
    told = [verdict for verdict, _ in coverage.verdicts if verdict != "not_applicable"] or ["not_applicable"]
    [only] = told
    return only


def found(advice: Advice, code: str) -> Finding:
    [finding] = [one for one in advice.findings if one.code == code and one.verdict == FINDING]
    return finding


def saved(finding: Finding) -> tuple[Decimal, Decimal, Decimal] | None:
    saving = finding.saving
    return None if saving is None else (saving.low, saving.expected, saving.high)


def cents(finding: Finding) -> tuple[str, ...]:
    assert finding.saving is not None
    return tuple(f"{amount:.2f}" for amount in finding.saving)


# Where a check must speak: the fleet, and what it saves at least, as expected, and at most; None claims nothing.

INSIGHTS = {"cpu_total_time Sum day": always(24 * 1000 * 20), "used_memory_max Maximum day": always(300)}
PC = {"FunctionName": "api", "Qualifier": "live", "RequestedProvisionedConcurrentExecutions": 10, "Status": "READY"}


def provisioned(fleet: Fleet, served: Any, most: Any, busy: Any, over: Any = always(0)) -> Fleet:
    metrics = {
        "ProvisionedConcurrencyInvocations Sum hour": served,
        "ProvisionedConcurrentExecutions Maximum hour": most,
        "ProvisionedConcurrencyUtilization Maximum hour": busy,
        "ProvisionedConcurrencySpilloverInvocations Sum day": over,
    }
    return fleet.add("lambda_provisioned_concurrency", "api:live", PC, metrics)


def stopped(fleet: Fleet, since_when: str) -> Fleet:
    reason = f"User initiated ({since_when} 10:00:00 GMT)"
    state = {"State": {"Name": "stopped"}, "StateTransitionReason": reason}
    return fleet.instance("i-1", always(None), attributes=state).volume("vol-1", ops=always(None))


IN_A_GROUP = {"aws:autoscaling:groupName": "web"}


def spot(fleet: Fleet, kind: str = "m7g.large", system: str = "Linux/UNIX") -> Fleet:
    for zone, prices in (("us-east-1a", ("0.03", "0.05")), ("us-east-1b", ("0.04",))):
        history = [{"Timestamp": "2026-11-01T00:00:00Z", "SpotPrice": price} for price in prices]
        own = {"InstanceType": kind, "ProductDescription": system, "AvailabilityZone": zone}
        fleet.add("ec2_spot_price", "/".join(own.values()), {**own, "SpotPriceHistory": history})
    return fleet


def stored(used: Any, size: int = 5120, **more: Any) -> dict[str, Any]:
    """A function's ephemeral storage in MB, and what it used of it in MB on each day."""
    bytes_used = None if used is None else {"tmp_used Maximum day": lambda at: used(at) and used(at) * 2**20}
    return {"attributes": {"EphemeralStorage": {"Size": size}, **more}, "metrics": bytes_used or {}}


SPEAKS: list[tuple[str, Build, tuple[str, str, str] | None]] = [
    # 730 x 0.0816
    ("EC2-01", lambda f: f.instance("i-1", always(2), network=1000), ("59.57",) * 3),
    # The same step as EC2-03 takes: 730 x (0.1632 - 0.0816)
    ("EC2-02", lambda f: f.instance("i-1", always(8), kind="m7g.xlarge", network=10**6), ("59.57",) * 3),
    # m7g.xlarge 0.1632 to m7g.large 0.0816, the next one, as memory is not measured
    ("EC2-03", lambda f: f.instance("i-1", always(30), kind="m7g.xlarge"), ("59.57",) * 3),
    # 128 of 168 hours idle in two blocks a night and one at the weekend: 4 x 14 and 62, five halves lost:
    # 118 - 2.5 = 115.5 h of 168 x 730 x 0.0816
    ("EC2-06", lambda f: f.instance("i-1", in_working_hours(60, 1), tags=DEV), ("40.95",) * 3),
    ("EC2-07", lambda f: stopped(f, "2026-09-01"), ("8.00",) * 3),
    (
        "EC2-08",
        lambda f: f.volume("vol-1", ops=always(None), attributes={"State": "available", "Attachments": []}),
        ("8.00",) * 3,
    ),
    ("EC2-09", lambda f: f.volume("vol-1", ops=always(0)), ("8.00",) * 3),
    # io2: 100 x 0.125 + 5,000 x 0.065; 2 reads and writes a second need no more than what gp3 includes: 100 x 0.08
    ("EC2-11", lambda f: f.volume("vol-1", "io2", attributes={"Iops": 5000}), ("329.50",) * 3),
    ("EC2-14", lambda f: f.add("elastic_ip", "eipalloc-1", {"PublicIp": "198.51.100.7"}), ("3.65",) * 3),
    # 730 x 0.045
    (
        "EC2-15",
        lambda f: f.add(
            "nat_gateway",
            "nat-1",
            {"State": "available"},
            {"BytesOutToDestination Sum day": always(0), "BytesOutToSource Sum day": always(0)},
        ),
        ("32.85",) * 3,
    ),
    # 730 x 0.0225 = 16.425
    (
        "EC2-16",
        lambda f: f.add(
            "load_balancer",
            "lb",
            {"Type": "application", "CreatedTime": "2025-01-05T08:00:00Z"},
            {"RequestCount Sum day": always(None), "ConsumedLCUs Average day": always(0)},
        ),
        ("16.42",) * 3,
    ),
    (
        "EC2-17",
        lambda f: f.instance("i-1", kind="t3.micro", metrics={"CPUSurplusCreditsCharged Sum day": on_day(3, 100)}),
        None,
    ),
    # The median of 0.03, 0.04 and 0.05, from two zones: 730 x (0.0816 - 0.04); nothing if AWS never has one.
    ("EC2-20", lambda f: spot(f.instance("i-1", tags=IN_A_GROUP)), ("0.00", "30.37", "30.37")),
    # 2 x 730 x 0.0816
    (
        "EC2-19",
        lambda f: f.add(
            "ec2_capacity_reservation",
            "cr-1",
            {
                "InstanceType": "m7g.large",
                "InstancePlatform": "Linux/UNIX",
                "State": "active",
                "AvailableInstanceCount": 2,
            },
        ),
        ("119.14",) * 3,
    ),
    # 21.9 M calls of 1 s with 2,048 MB on arm64, busy for 2 % of a processor: 384 MB take as long. 21.9 M s x 1.625 GB
    # x 0.0000133334, the free 400,000 GB-s being used in both cases.
    (
        "LMB-02",
        lambda f: f.function("api", always(30_000), each=1000, memory=2048, metrics=INSIGHTS),
        ("474.50", "474.50", "474.50"),
    ),
    ("LMB-03", lambda f: f.function("api", memory=320, metrics=INSIGHTS), None),
    # 10 environments of 1 GB all month, 10 x 2,628,000 x 0.0000033334
    (
        "LMB-05",
        lambda f: provisioned(f.function("api"), always(None), always(0), always(0)),
        ("87.60",) * 3,
    ),
    # 6 of 10 are enough for the 5 that ever worked: 4 x 2,628,000 x 0.0000033334
    (
        "LMB-06",
        lambda f: provisioned(f.function("api"), always(1000), always(5), always("0.5")),
        ("35.04",) * 3,
    ),
    # Used from 8 to 18 on weekdays: 50 of 168 hours, 217.26 of 730, billed as 217 h 20 min:
    # 10 x (730 - 217.3333) x 3,600 x 0.0000033334
    (
        "LMB-08",
        lambda f: provisioned(
            f.function("api", in_working_hours(1000, 0)),
            in_working_hours(1000, 0),
            in_working_hours(5, 0),
            in_working_hours("0.5", 0),
        ),
        ("61.52",) * 3,
    ),
    (
        "LMB-09",
        lambda f: provisioned(f.function("api"), always(900), always(10), always(1), over=always(2400)),
        None,
    ),
    # A quarter of the calls of 10 s at 1,769 MB run into a timeout of 30 s, the others take 3.33 s.
    (
        "LMB-10",
        lambda f: f.function(
            "api",
            always(3000),
            each=10_000,
            metrics={"Errors Sum day": always(18_000), "Duration Maximum day": always(30_000)},
        ),
        # 547,500 of 2.19 M calls: 0.5475 x 0.2 + 16,425,000 GB-s x 0.0000133334; the calls left take
        # 5,475,000 s in all, 3,333.33... ms each, which are billed as 3,334: 547.5 GB-s more.
        ("0.00", "219.10", "219.10"),
    ),
    # Half of the calls: 1.095 M x 0.2 and 1.095 M x 1 s x 1 GB x 0.0000133334
    (
        "LMB-11",
        lambda f: f.function("api", always(3000), each=1000, metrics={"Errors Sum day": always(36_000)}),
        ("0.00", "14.82", "14.82"),
    ),
    (
        "LMB-12",
        lambda f: f.add(
            "lambda_function",
            "old",
            {"FunctionName": "old", "MemorySize": 128, "LastModified": "2025-01-05T08:00:00Z"},
            {"Invocations Sum day": always(None)},
            days=90,
        ),
        None,
    ),
    # 2,000 GB over 300 days become 200: 1,800 x 0.03
    (
        "LMB-16",
        lambda f: f.add(
            "log_group",
            "app",
            {
                "logGroupName": "app",
                "creationTime": int((END.timestamp() - 300 * 86400) * 1000),
                "storedBytes": 2000 * 2**30,
            },
            {"IncomingBytes Sum day": always(0)},
        ),
        ("0.00", "54.00", "59.85"),
    ),
    # 100 x 0.03, 5 GB of which are free
    (
        "LMB-17",
        lambda f: f.add(
            "log_group",
            "/aws/lambda/gone",
            {"logGroupName": "/aws/lambda/gone", "storedBytes": 100 * 2**30},
            {"IncomingBytes Sum day": always(0)},
        ),
        ("2.85",) * 3,
    ),
    # 1,000 MB used: 1,200 instead of 5,120, or 1,500 at the worst. 21.9 M s x 3,920 / 1,024 GB x 0.0000000309 arm64
    (
        "LMB-15",
        lambda f: f.function("api", always(30_000), each=1000, **stored(on_day(3, 1000, 10))),
        ("2.39", "2.59", "2.59"),
    ),
    # 7.3 M calls become 0.73 M, which are free: (7.3 - 1) x 0.2
    (
        "LMB-18",
        lambda f: f.function("api", always(10_000), each=50).add(
            "lambda_event_source_mapping",
            "e-1",
            {
                "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:api",
                "EventSourceArn": "arn:aws:sqs:us-east-1:111122223333:q",
                "BatchSize": 1,
            },
        ),
        ("1.26",) * 3,
    ),
    ("LMB-22", lambda f: f.function("api", on_day(1, 90_000, 1000)), None),
    # 730,000 calls of 60 s with 1 GB, 1 % of it computing: 43.8 M GB-s x 0.0000133334 = 584.00292 and 0.146 - 0.0 free
    # requests. Twice as many calls of 700 ms are 1.022 M GB-s and 0.46 M paid requests; 3.65 M steps, 4,000 of them
    # free, are 91.15. 42.778 M x 0.0000133334 - 0.092 - 91.15; at the worst 1.3 s a call, 41.902 M GB-s less.
    (
        "LMB-24",
        lambda f: f.function(
            "api", always(1000), each=60_000, metrics={"cpu_total_time Sum day": always(24 * 1000 * 600)}
        ),
        ("467.45", "479.13", "479.13"),
    ),
    # 4 x rg.xlarge at 0.7602 x 730
    ("RSP-01", lambda f: f.cluster("dwh", always(3), used=always(0)), ("2219.78",) * 3),
    # 4 nights of 14 h and a weekend of 62 h, five halves lost: 115.5 / 168 of it
    ("RSP-02", lambda f: f.cluster("dwh", used=in_working_hours(4, 0), tags=DEV), ("1526.10",) * 3),
    # 4 to 2 nodes
    (
        "RSP-03",
        lambda f: f.cluster("dwh", always(10), peak=always(30)).add(
            "redshift_node_configuration",
            "c-1",
            {
                "ClusterIdentifier": "dwh",
                "NodeType": "rg.xlarge",
                "NumberOfNodes": 2,
                "EstimatedDiskUtilizationPercent": 40,
            },
        ),
        ("1109.89",) * 3,
    ),
    (
        "RSP-04",
        lambda f: f.cluster("dwh", always(95), metrics={"PercentageDiskSpaceUsed Maximum day": always(10)}),
        None,
    ),
    # 6 h a day, one of them free: 5 x 30.41666... h x 4 nodes x 0.7602
    (
        "RSP-09",
        lambda f: f.cluster("dwh", metrics={"ConcurrencyScalingSeconds Sum day": always(21_600)}),
        ("0.00", "462.46", "462.46"),
    ),
    (
        "RSP-10",
        lambda f: f.cluster("dwh", metrics={"ConcurrencyScalingSeconds Sum day": on_day(4, 60)}),
        None,
    ),
    # 1,000 of 3,000 GB at 0.024 for what lies beyond 0 GB
    (
        "RSP-12",
        lambda f: (
            f.cluster("dwh", attributes={"NodeType": "ra3.xlplus"})
            .add(
                "redshift_snapshot",
                "old",
                {
                    "ClusterIdentifier": "dwh",
                    "SnapshotType": "manual",
                    "ManualSnapshotRetentionPeriod": -1,
                    "SnapshotCreateTime": "2026-01-01T00:00:00Z",
                    "TotalBackupSizeInMegaBytes": 1000 * 1024,
                },
            )
            .add(
                "redshift_snapshot",
                "new",
                {
                    "ClusterIdentifier": "dwh",
                    "SnapshotType": "manual",
                    "ManualSnapshotRetentionPeriod": -1,
                    "SnapshotCreateTime": "2026-11-01T00:00:00Z",
                    "TotalBackupSizeInMegaBytes": 2000 * 1024,
                },
            )
        ),
        ("0.00", "23.00", "23.00"),
    ),
    # One hour a day with queries. 4 x 32 GB are 8 RPU, 16 at the worst: 2,219.784 - 12 x 730 / 24 x 0.375
    ("RSP-16", lambda f: f.cluster("dwh", used=at_hour(3, 4)), ("2037.28", "2082.91", "2128.53")),
    # 720 RPU-hours a month of nothing: 3,600 s an hour are 730 x 0.375
    ("RSS-01", lambda f: f.workgroup("wg", always(3600), queries=always(0)), ("273.75",) * 3),
    *measured_lambda.SPEAKS,
    *measured_redshift.SPEAKS,
]


@pytest.mark.parametrize(("code", "build", "expected"), SPEAKS, ids=[case[0] for case in SPEAKS])
def test_a_check_speaks_and_its_saving_is_the_one_worked_by_hand(
    book: PriceBook, code: str, build: Build, expected: tuple[str, str, str] | None
) -> None:
    fleet = Fleet(days=28)
    build(fleet)
    finding = found(advised(book, fleet, code), code)
    assert (None if finding.saving is None else cents(finding)) == expected
    assert finding.evidence
    assert finding.confidence


# Where the same checks must stay silent, and say why.

SILENT: list[tuple[str, str, Build]] = [
    # Bursty: one hour of work in two weeks is no idleness.
    ("EC2-01", "clean", lambda f: f.instance("i-1", at_hour(3, 60, 1), network=1000)),
    ("EC2-01", "clean", lambda f: f.instance("i-1", always(1), network=10**9)),
    ("EC2-01", "not_applicable", lambda f: f.instance("i-1", always(1), kind="g5.xlarge", network=0)),
    # Brand new: three days say nothing.
    ("EC2-01", "not_enough_data", lambda f: f.instance("i-1", since(3, 1), network=1000)),
    # Little work, but much traffic; and three low days are one too few.
    ("EC2-02", "clean", lambda f: f.instance("i-1", always(8), kind="m7g.xlarge")),
    ("EC2-02", "clean", lambda f: f.instance("i-1", since(3, 8, 40), kind="m7g.xlarge", network=10**6)),
    # Stopped for a month but for the last three days: a gap is unknown, and never low use.
    ("EC2-02", "not_enough_data", lambda f: f.instance("i-1", since(3, 8), kind="m7g.xlarge", network=10**6)),
    ("EC2-02", "not_applicable", lambda f: f.instance("i-1", always(8), kind="g5.xlarge", network=0)),
    ("EC2-03", "clean", lambda f: f.instance("i-1", at_hour(3, 60, 1), kind="m7g.xlarge")),
    (
        "EC2-03",
        "clean",
        lambda f: f.instance(
            "i-1", always(5), kind="m7g.xlarge", metrics={"mem_used_percent Maximum hour": always(70)}
        ),
    ),
    ("EC2-03", "not_enough_data", lambda f: f.instance("i-1", since(3, 5), kind="m7g.xlarge")),
    ("EC2-06", "not_applicable", lambda f: f.instance("i-1", in_working_hours(60, 1))),
    ("EC2-06", "clean", lambda f: f.instance("i-1", always(60), tags=DEV)),
    # Stopped at night already.
    ("EC2-06", "clean", lambda f: f.instance("i-1", in_working_hours(60), tags=DEV)),
    # Idle at another time each week is no schedule.
    ("EC2-06", "clean", lambda f: f.instance("i-1", lambda at: 1 if at.day % 2 else 60, tags=DEV)),
    ("EC2-07", "clean", lambda f: stopped(f, "2026-11-15")),
    ("EC2-07", "clean", lambda f: f.instance("i-1").volume("vol-1")),
    ("EC2-08", "clean", lambda f: f.volume("vol-1")),
    (
        "EC2-08",
        "not_enough_data",
        lambda f: f.volume("vol-1", attributes={"State": "available", "CreateTime": "2026-11-19T00:00:00Z"}),
    ),
    ("EC2-09", "clean", lambda f: f.volume("vol-1", ops=at_hour(3, 1))),
    ("EC2-09", "not_enough_data", lambda f: f.volume("vol-1", ops=always(None))),
    ("EC2-11", "clean", lambda f: f.volume("vol-1", "io2", ops=always(3600 * 2000), attributes={"Iops": 5000})),
    ("EC2-14", "clean", lambda f: f.add("elastic_ip", "e-1", {"PublicIp": "198.51.100.7", "AssociationId": "a"})),
    (
        "EC2-15",
        "clean",
        lambda f: f.add(
            "nat_gateway",
            "nat-1",
            {"State": "available"},
            {"BytesOutToDestination Sum day": on_day(5, 1), "BytesOutToSource Sum day": always(0)},
        ),
    ),
    (
        "EC2-16",
        "clean",
        lambda f: f.add("load_balancer", "lb", {"Type": "application"}, {"RequestCount Sum day": on_day(9, 1)}),
    ),
    (
        "EC2-17",
        "clean",
        lambda f: f.instance("i-1", kind="t3.micro", metrics={"CPUSurplusCreditsCharged Sum day": always(0)}),
    ),
    ("EC2-20", "not_applicable", lambda f: spot(f.instance("i-1"))),
    ("EC2-20", "not_applicable", lambda f: spot(f.instance("i-1", tags={"stateless": "false"}))),
    ("EC2-20", "not_enough_data", lambda f: spot(f.instance("i-1", tags=IN_A_GROUP), "m7g.xlarge")),
    ("EC2-20", "not_enough_data", lambda f: spot(f.instance("i-1", tags=IN_A_GROUP), system="Windows")),
    (
        "EC2-20",
        "not_applicable",
        lambda f: spot(f.instance("i-1", tags=IN_A_GROUP, attributes={"InstanceLifecycle": "spot"})),
    ),
    (
        "EC2-20",
        "no_permission",
        lambda f: f.instance("i-1", tags={"Stateless": "Yes"}).deny("ec2_spot_price", "ec2:DescribeSpotPriceHistory"),
    ),
    # CPU-bound: with less memory it takes as much longer as the memory is smaller.
    (
        "LMB-02",
        "clean",
        lambda f: f.function(
            "api",
            always(1000),
            each=1000,
            memory=1024,
            metrics={
                "used_memory_max Maximum day": always(300),
                "cpu_total_time Sum day": always(24 * 1000 * 579),
            },
        ),
    ),
    (
        "LMB-02",
        "clean",
        lambda f: f.function(
            "api", memory=1024, metrics={**INSIGHTS, "used_memory_max Maximum day": on_day(9, 1000, 100)}
        ),
    ),
    ("LMB-02", "not_enough_data", lambda f: f.function("api", memory=1024)),
    (
        "LMB-02",
        "not_enough_data",
        lambda f: f.function("api", memory=2048, metrics=INSIGHTS, attributes={"LastModified": "2026-11-19T00:00:00Z"}),
    ),
    (
        "RSP-02",
        "not_applicable",
        lambda f: f.cluster(
            "dwh", used=in_working_hours(4, 0), tags=DEV, attributes={"AutomatedSnapshotRetentionPeriod": 0}
        ),
    ),
    ("LMB-03", "clean", lambda f: f.function("api", memory=1024, each=1000, metrics=INSIGHTS)),
    ("LMB-05", "not_applicable", lambda f: provisioned(f.function("api"), on_day(3, 1), always(1), always("0.1"))),
    ("LMB-06", "clean", lambda f: provisioned(f.function("api"), always(9), at_hour(3, 10), always("0.1"))),
    ("LMB-08", "clean", lambda f: provisioned(f.function("api"), always(9), always(5), always("0.5"))),
    ("LMB-09", "clean", lambda f: provisioned(f.function("api"), always(999), always(9), always(1), always(24))),
    ("LMB-10", "clean", lambda f: f.function("api", metrics={"Duration Maximum day": always(30_000)})),
    ("LMB-11", "clean", lambda f: f.function("api", metrics={"Errors Sum day": always(2000)})),
    # An outage of three weeks ago is over.
    ("LMB-11", "clean", lambda f: f.function("api", metrics={"Errors Sum day": on_day(21, 24_000)})),
    ("LMB-12", "not_enough_data", lambda f: f.function("api")),
    (
        "LMB-16",
        "clean",
        lambda f: f.add("log_group", "app", {"logGroupName": "app", "retentionInDays": 30, "storedBytes": 10**12}),
    ),
    (
        "LMB-17",
        "clean",
        lambda f: f.function("api").add(
            "log_group",
            "/aws/lambda/api",
            {"logGroupName": "/aws/lambda/api", "storedBytes": 10**9},
            {"IncomingBytes Sum day": always(0)},
        ),
    ),
    ("LMB-15", "clean", lambda f: f.function("api", **stored(on_day(3, 3072, 10)))),
    ("LMB-15", "not_applicable", lambda f: f.function("api", **stored(always(1), 512))),
    # Without the layer, called on three days only, or changed two days ago.
    ("LMB-15", "not_enough_data", lambda f: f.function("api", **stored(None))),
    ("LMB-15", "not_enough_data", lambda f: f.function("api", **stored(since(3, 10)))),
    (
        "LMB-15",
        "not_enough_data",
        lambda f: f.function("api", **stored(always(1), LastModified="2026-11-19T00:00:00Z")),
    ),
    (
        "LMB-15",
        "no_permission",
        lambda f: f.deny("lambda_function", "cloudwatch:GetMetricData", "metrics").function("api", **stored(None)),
    ),
    ("LMB-18", "not_applicable", lambda f: f.function("api", always(10_000), each=50)),
    # I/O-bound and short: a workflow's steps would cost more.
    ("LMB-24", "clean", lambda f: f.function("api", metrics={"cpu_total_time Sum day": always(24 * 1000)})),
    ("LMB-24", "not_enough_data", lambda f: f.function("api", each=60_000)),
    # A busy weekday is no runaway.
    ("LMB-22", "clean", lambda f: f.function("api", on_weekdays(1000, 400))),
    ("RSP-01", "clean", lambda f: f.cluster("dwh", used=at_hour(3, 1))),
    ("RSP-01", "not_applicable", lambda f: f.cluster("dwh", always(None), attributes={"ClusterStatus": "paused"})),
    ("RSP-02", "clean", lambda f: f.cluster("dwh", used=always(1), tags=DEV)),
    ("RSP-02", "not_applicable", lambda f: f.cluster("dwh", used=in_working_hours(4, 0))),
    # Paused at night already: a gap is unknown, and never idleness.
    ("RSP-02", "clean", lambda f: f.cluster("dwh", in_working_hours(9), used=always(4), tags=DEV)),
    ("RSP-03", "clean", lambda f: f.cluster("dwh", always(10), peak=always(60))),
    (
        "RSP-04",
        "clean",
        lambda f: f.cluster("dwh", always(50), metrics={"PercentageDiskSpaceUsed Maximum day": always(10)}),
    ),
    ("RSP-09", "clean", lambda f: f.cluster("dwh", metrics={"ConcurrencyScalingSeconds Sum day": always(3600)})),
    (
        "RSP-10",
        "clean",
        lambda f: f.cluster("dwh", metrics={"ConcurrencyScalingSeconds Sum day": always(60)}).add(
            "redshift_usage_limit", "l-1", {"ClusterIdentifier": "dwh", "FeatureType": "concurrency-scaling"}
        ),
    ),
    ("RSP-12", "not_applicable", lambda f: f.cluster("dwh")),
    ("RSP-16", "clean", lambda f: f.cluster("dwh", used=always(4))),
    ("RSS-01", "clean", lambda f: f.workgroup("wg", always(3600), queries=on_day(2, 1))),
    *measured_lambda.SILENT,
    *measured_redshift.SILENT,
]


@pytest.mark.parametrize(("code", "expected", "build"), SILENT, ids=[f"{case[0]}-{case[1]}" for case in SILENT])
def test_a_check_stays_silent(book: PriceBook, code: str, expected: str, build: Build) -> None:
    fleet = Fleet(days=28)
    build(fleet)
    advice = advised(book, fleet, code)
    assert verdict(advice, code) == expected
    assert advice.saving == (0, 0, 0)


def test_low_use_is_measured_where_memory_is_and_a_warning_where_nothing_smaller_fits(book: PriceBook) -> None:
    with_memory = {"mem_used_percent Maximum hour": always(10)}
    known = Fleet().instance("i-1", always(8), kind="m7g.2xlarge", network=10**6, metrics=with_memory)
    finding = found(advised(book, known, "EC2-02"), "EC2-02")
    # A tenth of 32 GiB and 8 % of 8 vCPUs fit into m7g.large, with 2 vCPUs and 8 GiB: 730 x (0.3264 - 0.0816)
    assert (cents(finding)[1], finding.confidence) == ("178.70", "measured")
    burstable = found(advised(book, Fleet().instance("i-1", always(8), kind="t3.large", network=5), "EC2-02"), "EC2-02")
    assert (burstable.saving, burstable.evidence[0].value) == (None, 14)


def test_a_smaller_size_is_taken_once_whatever_proposes_it(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", always(8), kind="m7g.4xlarge", network=10**6)
    advice = advised(book, fleet, "EC2-02", "EC2-03")
    assert {finding.code for finding in advice.findings} == {"EC2-02", "EC2-03"}
    # Both propose m7g.2xlarge, and the second one is not asked of what nobody measured: 730 x (0.6528 - 0.3264)
    assert ([one.codes for one in advice.combined], f"{advice.saving.expected:.2f}") == ([("EC2-02",)], "238.27")


def test_every_measured_check_is_tried_both_ways() -> None:
    measured = {check.code for check in checks() if check.kinds}
    measured |= {"EC2-06", "LMB-05", "LMB-08", "LMB-13", "LMB-15", "RSP-02", "RSP-14", "RSS-05"}
    elsewhere = {"EC2-22", "LMB-23"}
    assert {case[0] for case in SPEAKS} == measured - elsewhere
    assert {case[0] for case in SILENT} == measured - elsewhere - {"EC2-19"}
