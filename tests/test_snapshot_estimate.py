"""What an account of a snapshot costs, worked by hand from what was measured.

Prices of us-east-1 on 2026-11-21, from pricing/*.yaml; 730 hours are 30.41666... days.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from asking import Answer
from conftest import TODAY
from fleets import Fleet, always, in_working_hours, on_day, on_weekdays, since

import costkit
from costkit.inputs.snapshot_resources import as_spec
from costkit.model.exact import quotient

D = Decimal
Ask = Callable[..., Answer]
DAY = ("--on", TODAY)


def entries(fleet: Fleet) -> dict[str, Any]:
    tree: dict[str, Any] = as_spec(fleet.read(), "snapshot.json").tree["resources"]
    return tree


def estimated(ask: Ask, fleet: Fleet, *options: str) -> Answer:
    Path("snapshot.json").write_text(fleet.text(), encoding="utf-8")
    return ask("estimate", "snapshot.json", *DAY, "-f", "json", *options)


def test_a_function_that_is_called_alike_every_hour_has_no_range(ask: Ask) -> None:
    fleet = Fleet().function("api", always(1000), each=100, memory=1024)
    entry = entries(fleet)["api"]
    assert (entry["requests"], entry["duration"]) == (D(730_000), D(100))
    # 730,000 x 0.1 s x 1 GB = 73,000 GB-s at 0.0000133334, and 0.73 M requests at 0.20.
    answer = estimated(ask, fleet, "--no-free-tier")
    assert D(answer.total) == D("73000") * D("0.0000133334") + D("0.73") * D("0.20")


def test_a_quiet_weekend_is_no_low_where_two_weeks_were_measured() -> None:
    fleet = Fleet().function("api", on_weekdays(700, 0))
    # 5 of 7 days at 16,800: every seven days in a row are alike.
    assert entries(fleet)["api"]["requests"] == D(16_800) * 5 / 7 * 730 / 24


def test_days_that_differ_are_a_range_from_the_tenth_to_the_ninetieth_percentile() -> None:
    fleet = Fleet(days=10).function("api", on_day(1, 100, 10))
    requests = entries(fleet)["api"]["requests"]
    # Nine days of 240 and one of 2,400: sorted, the day at 0.9 x 9 rounded up is the last one.
    assert requests["low"] == D(7300)
    assert requests["expected"] == D(456) * 730 / 24
    assert requests["high"] == D(73_000)


def test_a_brand_new_function_is_not_taken_for_one_that_was_idle() -> None:
    new = {"LastModified": "2026-11-19T00:00:00Z"}
    fleet = Fleet().function("new", since(2, 1000, 0), attributes=new)
    assert entries(fleet)["new"]["requests"] == D(730_000)
    old = Fleet().function("old", since(2, 1000, 0))
    assert entries(old)["old"]["requests"]["expected"] == quotient(D(730_000), D(7))


def test_a_function_without_calls_costs_nothing_and_is_complete(ask: Ask) -> None:
    answer = estimated(ask, Fleet().function("idle", always(None)), "--strict")
    assert (answer.code, answer.total) == (0, "0")


def test_a_function_whose_metrics_were_denied_is_unknown_and_not_zero(ask: Ask) -> None:
    fleet = Fleet().deny("lambda_function", "cloudwatch:GetMetricData", "metrics")
    fleet.function("api")
    fleet.items[0] = fleet.items[0]._replace(metrics=())
    answer = estimated(ask, fleet)
    assert not answer.tree["complete"]
    assert {charge["status"] for charge in answer.tree["resources"][0]["charges"]} == {"needs_usage"}
    [told] = [told for told in answer.told if told.code == "CK732"]
    assert "cloudwatch:GetMetricData" in told.hint


def test_an_instance_costs_the_hours_in_which_aws_saw_it_run(ask: Ask) -> None:
    fleet = Fleet().instance("i-1", in_working_hours(30))
    assert entries(fleet)["i-1"]["schedule"] == {"hours_per_week": D(50)}
    # m7g.large 0.0816: 50 h of 168 a week.
    answer = estimated(ask, fleet, "--month-hours", "672")
    assert D(answer.total) == D(200) * D("0.0816")


def test_an_instance_that_always_ran_is_billed_for_any_month(ask: Ask) -> None:
    fleet = Fleet().instance("i-1")
    assert D(estimated(ask, fleet).total) == 730 * D("0.0816")
    assert D(estimated(ask, fleet, "--month-hours", "700").total) == 700 * D("0.0816")


def test_a_lost_data_point_is_no_stop_and_a_new_instance_runs_from_its_first_whole_day() -> None:
    lost = Fleet().instance("i-1", lambda at: None if (at.day, at.hour) == (15, 3) else 50)
    assert "schedule" not in entries(lost)["i-1"]
    new = Fleet().instance("i-1", since(2, 50))
    assert "schedule" not in entries(new)["i-1"]


def test_a_stopped_instance_costs_its_volume_and_address(ask: Ask) -> None:
    fleet = Fleet().instance("i-1", always(None), attributes={"State": {"Name": "stopped"}})
    fleet.volume("vol-1", size=100)
    fleet.add("elastic_ip", "eipalloc-1", {"AllocationId": "eipalloc-1", "PublicIp": "198.51.100.7"})
    answer = estimated(ask, fleet)
    assert D(answer.total) == 100 * D("0.08") + 730 * D("0.005")
    assert answer.tree["complete"]


def test_an_address_is_counted_once_whether_it_is_lent_or_owned() -> None:
    lent = {"PublicIpAddress": "203.0.113.9"}
    assert entries(Fleet().instance("i-1", attributes=lent))["i-1"]["public_ipv4"] == 1
    owned = Fleet().instance("i-1", attributes=lent)
    owned.add("elastic_ip", "eipalloc-1", {"PublicIp": "203.0.113.9"})
    assert "public_ipv4" not in entries(owned)["i-1"]


def test_a_paused_cluster_costs_the_hours_it_ran_and_its_storage(ask: Ask) -> None:
    storage = {"PercentageDiskSpaceUsed Maximum day": always(25)}
    storage["RedshiftManagedStorageTotalCapacity Maximum day"] = always(4 * 1024 * 1024)
    fleet = Fleet(days=28).cluster("dwh", in_working_hours(50), metrics=storage)
    entry = entries(fleet)["dwh"]
    # A quarter of 4 TB.
    assert entry["managed_storage"] == D(1024)
    # 30 days hold four weeks and two days more: the range is of seven days in a row.
    assert entry["schedule"]["hours_per_week"]["low"] == D(50)


def test_a_workgroup_costs_its_rpu_hours(ask: Ask) -> None:
    fleet = Fleet().workgroup("adhoc", always(3600))
    answer = estimated(ask, fleet)
    assert D(answer.total) == 730 * D("0.375")


def test_the_data_of_workgroups_that_share_a_namespace_is_stored_once() -> None:
    shared = {"namespaceName": "lake"}
    fleet = Fleet().workgroup("a", always(0), attributes=shared).workgroup("b", always(0), attributes=shared)
    stored = {"DataStorage Maximum day": always(102_400)}
    fleet.add("redshift_serverless_namespace", "lake", {"namespaceName": "lake"}, stored)
    found = entries(fleet)
    assert found["a"]["managed_storage"] == D(100)
    assert "managed_storage" not in found["b"]
    alone = Fleet().add("redshift_serverless_namespace", "lake", {"namespaceName": "lake"}, stored)
    assert entries(alone)["lake"]["managed_storage"] == D(100)


def test_reservations_of_the_account_cover_what_runs(ask: Ask) -> None:
    fleet = Fleet().instance("i-1", kind="m5.large")
    reserved = {
        "InstanceType": "m5.large",
        "InstanceCount": 1,
        "Duration": 31536000,
        "State": "active",
        "OfferingClass": "standard",
        "OfferingType": "No Upfront",
        "Scope": "Region",
        "ProductDescription": "Linux/UNIX",
    }
    fleet.add("ec2_reserved_instance", "r-1", reserved)
    assert as_spec(fleet.read(), "s").tree["commitments"] == [
        {
            "kind": "reserved_instances",
            "instance_type": "m5.large",
            "count": D(1),
            "region": "us-east-1",
            "class": "standard",
            "term": "1y",
            "payment": "no_upfront",
        }
    ]
    whole = estimated(ask, fleet).total
    assert D(whole) < 730 * D("0.096")
    fleet.items[-1] = fleet.items[-1]._replace(attributes={**reserved, "State": "retired"})
    assert D(estimated(ask, fleet).total) == 730 * D("0.096")


def test_items_of_the_same_id_are_told_apart_by_kind(ask: Ask) -> None:
    fleet = Fleet().function("shop").cluster("shop").workgroup("other", always(0))
    assert list(entries(fleet)) == ["lambda_function/shop", "redshift_cluster/shop", "other"]


def test_what_has_no_price_is_listed_and_never_taken_for_free(ask: Ask) -> None:
    fleet = Fleet()
    for number in range(3):
        fleet.add("ebs_snapshot", f"snap-{number}", {"VolumeSize": 8})
    fleet.add("load_balancer", "lb", {"Type": "network"})
    tree = estimated(ask, fleet).tree
    assert not tree["complete"]
    assert [resource["name"] for resource in tree["resources"]] == ["lb", "3 ebs_snapshot"]


def test_copies_of_another_region_are_of_no_cluster_here_and_are_not_taken_for_free(ask: Ask) -> None:
    copy = {"ClusterIdentifier": "dwh", "SourceRegion": "eu-west-1", "TotalBackupSizeInMegaBytes": 1024}
    fleet = Fleet().cluster("dwh")
    for number, kind in enumerate(("automated", "manual")):
        fleet.add("redshift_snapshot", f"copy-{number}", {**copy, "SnapshotType": kind})
    answer = estimated(ask, fleet)
    # The nodes alone: 4 x 730 x 0.7602
    assert (answer.total, answer.tree["complete"]) == ("2219.784", False)
    assert {resource["name"] for resource in answer.tree["resources"]} == {"dwh", "copy-0", "copy-1"}


def test_pollers_of_a_queue_cost_their_hours(ask: Ask) -> None:
    config = {"MinimumPollers": 5, "MaximumPollers": 20}
    queue = "arn:aws:sqs:us-east-1:111122223333:jobs"
    asked = {"EventSourceArn": queue, "ProvisionedPollerConfig": config}
    fleet = Fleet().add("lambda_event_source_mapping", "m-1", asked)
    fleet.add("lambda_event_source_mapping", "m-2", {"EventSourceArn": queue})
    answer = estimated(ask, fleet)
    # 5 x 730 x 0.00925; the other mapping polls for nothing.
    assert (answer.total, len(answer.tree["resources"])) == ("33.7625", 1)
    kafka = Fleet().add("lambda_event_source_mapping", "m-1", {"ProvisionedPollerConfig": config})
    assert not estimated(ask, kafka).tree["complete"]


def test_dedicated_hosts_and_classic_balancers_are_listed(ask: Ask) -> None:
    fleet = (
        Fleet().add("dedicated_host", "h-1", {"State": "available"}).add("dedicated_host", "h-2", {"State": "released"})
    )
    fleet.add("classic_load_balancer", "old", {"LoadBalancerName": "old"})
    listed = {one["name"] for one in estimated(ask, fleet).tree["resources"]}
    assert listed == {"h-1", "old"}


def spot(*prices: str, region: str = "eu-north-1") -> Fleet:
    """A spot instance, and the prices of its type."""
    history = [{"Timestamp": "2026-11-01T00:00:00Z", "SpotPrice": price} for price in prices]
    own = {"InstanceType": "m7g.large", "ProductDescription": "Linux/UNIX", "SpotPriceHistory": history}
    fleet = Fleet(region=region).instance("i-1", attributes={"InstanceLifecycle": "spot"})
    return fleet.add("ec2_spot_price", "m7g.large", own)


def test_a_spot_instance_costs_the_median_of_what_aws_asked_for_it(ask: Ask) -> None:
    # Whatever the shipped tables say, 730 h at 0.03; the mean of the middle two of four is 0.025.
    assert D(estimated(ask, spot("0.01", "0.03", "0.9")).total) == D("21.9")
    assert D(estimated(ask, spot("0.01", "0.03", "0.02", "0.9")).total) == D("18.25")
    assert D(estimated(ask, spot("0.03", region="us-east-1")).total) == D("21.9")
    assert "snapshot.json" in ask("explain", "snapshot.json", "i-1", *DAY).out
    # Before the first of these prices nobody knew them, and what is no price is none.
    assert not estimated(ask, spot("0.03"), "--on", "2026-10-31").tree["complete"]
    assert not estimated(ask, spot("free", "0", "-1")).tree["complete"]


def test_the_library_knows_what_the_snapshot_has_seen(tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text(spot("0.03").text(), encoding="utf-8")
    spec = costkit.read_spec(tmp_path / "snapshot.json", on=TODAY)
    assert costkit.estimate(spec, on=TODAY).cost == D("21.9")


def test_a_team_s_own_spot_price_comes_before_what_was_seen(ask: Ask, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    row = (
        "{region: eu-north-1, type: m7g.large, effective: 2026-01-01, confirmed: 2026-11-01, price: 0.01, source: OURS}"
    )
    meters = f"{{spot: {{unit: instance-hour, title: spot, rows: [{row}]}}}}"
    table = f"table: ec2_instance\ncurrency: USD\nmeters: {meters}\n"
    (own / "ec2_instance.yaml").write_text(table, encoding="utf-8")
    (own / "sources.yaml").write_text("OURS: {title: ours, where: drawer, date: 2026-01-01}\n", encoding="utf-8")
    assert D(estimated(ask, spot("0.03"), "--prices", str(own)).total) == D("7.3")


def test_each_number_tells_the_metric_and_the_days_it_comes_from(ask: Ask) -> None:
    Path("snapshot.json").write_text(Fleet().function("api").text(), encoding="utf-8")
    told = ask("explain", "snapshot.json", "api", *DAY).out
    assert "requests: 730000  (snapshot.json: AWS/Lambda Invocations Sum, 2026-11-07 to 2026-11-21)" in told
    assert "memory: 1024  (snapshot.json: lambda_function api in us-east-1 of 111122223333)" in told


def test_a_broken_snapshot_is_refused_with_its_place(ask: Ask) -> None:
    Path("snapshot.json").write_text('{"format": "costkit snapshot", "schema_version": 2}', encoding="utf-8")
    answer = ask("estimate", "snapshot.json")
    assert (answer.code, answer.told[0].code) == (2, "CK701")
