"""Advice about Redshift that rests on more than one number: sessions, limits, copies in other regions.

Prices of us-east-1 on 2026-11-21, from pricing/redshift_*.yaml; a month has 730 hours.
"""

from decimal import Decimal

from fleets import Fleet, always, at_hour, in_working_hours
from measured_redshift import DEV, WORKGROUP, copied, kept, limit
from test_optimize import advised as advised_spec
from test_optimize import amounts, only_one, text_of, verdicts
from test_optimize_measured import advised, cents, found, verdict

from costkit.model.finding import Finding
from costkit.pricebook.book import PriceBook

D = Decimal
SESSIONS = "{type: redshift_serverless, base_rpu: 8, sessions: [{duration: 15 s, count: 9600}, {duration: 2 min}]}"


def exposure(finding: Finding) -> Decimal:
    [one] = [evidence for evidence in finding.evidence if evidence.name == "it may cost"]
    assert isinstance(one.value, Decimal)
    return one.value


def test_short_sessions_share_a_minute(book: PriceBook) -> None:
    finding = only_one(advised_spec(book, text_of(SESSIONS), "RSS-02"))
    # 9,600 x 60 s x 8 RPU are 1,280 RPU-hours, of which 9,600 x 15 s x 8 = 320 are work; the session of two minutes
    # stays as it is: 960 x 0.375.
    assert amounts(finding) == ("0", "360", "360")
    assert finding.after == "sessions:\n  -\n    duration: 60\n    count: 2400\n  -\n    duration: 2 min\n"
    assert finding.confidence == "upper bound"


def test_sessions_of_a_minute_waste_nothing(book: PriceBook) -> None:
    # 45 of 60 s are work: a quarter is wasted.
    assert verdicts(advised_spec(book, text_of(SESSIONS.replace("15 s", "45 s")), "RSS-02")) == {"RSS-02": "clean"}
    stated = "{type: redshift_serverless, rpu_hours: 100}"
    assert verdicts(advised_spec(book, text_of(stated), "RSS-02")) == {"RSS-02": "not_applicable"}


def test_no_metric_tells_the_sessions_of_a_workgroup(book: PriceBook) -> None:
    [finding] = advised(book, Fleet().workgroup("wg", always(3600)), "RSS-02").findings
    assert finding.verdict == "not_enough_data"
    assert "SYS_SERVERLESS_USAGE" in finding.why


def test_ranges_of_sessions_stay_ranges(book: PriceBook) -> None:
    ranged = SESSIONS.replace("9600", "4800..9600..19200").replace("{duration: 2 min}", "30 s")
    finding = only_one(advised_spec(book, text_of(ranged), "RSS-02"))
    # 9,600 and 19,200 sessions waste 45 s x 8 RPU each, 960 and 1,920 RPU-hours x 0.375; the one of 30 s wastes 240
    # RPU-seconds x 0.375 / 3,600 = 0.025.
    assert amounts(finding) == ("0", "360.025", "720.025")


def test_what_nothing_limits_may_cost_as_much_as_all_of_it_all_month(book: PriceBook) -> None:
    # 1,024 RPU x 730 h x 0.375
    open_ended = found(advised(book, Fleet().workgroup("wg", always(3600)), "RSS-04"), "RSS-04")
    assert (open_ended.saving, exposure(open_ended)) == (None, D(280_320))
    assert "no maximum capacity and no usage limit" in open_ended.why
    # 32 RPU x 730 h x 0.375
    capped = Fleet().workgroup("wg", always(3600), attributes={"maxCapacity": 32})
    assert exposure(found(advised(book, capped, "RSS-04"), "RSS-04")) == D(8760)


def test_a_limit_that_stops_queries_bounds_the_risk_and_one_that_tells_does_not(book: PriceBook) -> None:
    # 100 RPU-hours a day are 73,000 / 24 a month x 0.375 = 1,140.625
    stopped = limit(Fleet().workgroup("wg", always(3600), arn=WORKGROUP), "deactivate")
    assert abs(exposure(found(advised(book, stopped, "RSS-04"), "RSS-04")) - D("1140.625")) < D("1e-15")
    told = limit(Fleet().workgroup("wg", always(3600), arn=WORKGROUP), "log")
    assert exposure(found(advised(book, told, "RSS-04"), "RSS-04")) == D(280_320)


def test_a_risk_without_a_price_is_told_all_the_same(book: PriceBook) -> None:
    # No RPU of af-south-1 has a proven price.
    finding = found(advised(book, Fleet(region="af-south-1").workgroup("wg", always(3600)), "RSS-04"), "RSS-04")
    assert [one.name for one in finding.evidence] == ["maximum capacity", "usage limits"]


def test_limits_that_nobody_could_ask_for_are_not_taken_for_none(book: PriceBook) -> None:
    fleet = Fleet().workgroup("wg", always(3600))
    fleet.deny("redshift_serverless_usage_limit", "redshift-serverless:ListUsageLimits")
    assert verdict(advised(book, fleet, "RSS-04"), "RSS-04") == "no_permission"


def test_copies_in_a_region_that_was_collected_are_counted(book: PriceBook) -> None:
    fleet = Fleet().cluster("dwh", tags=DEV, attributes=copied(35))
    copy = {"ClusterIdentifier": "dwh", "SourceRegion": "us-east-1", "TotalBackupSizeInMegaBytes": 500 * 1024}
    for number in range(2):
        fleet.add("redshift_snapshot", f"copy-{number}", copy)
        fleet.items[-1] = fleet.items[-1]._replace(region="eu-west-1")
    finding = found(advised(book, fleet, "RSP-13"), "RSP-13")
    told = {evidence.name: evidence.value for evidence in finding.evidence}
    assert told["2 copies"] == 1000
    assert told["copies of manual snapshots are kept"] == "for ever"


def test_a_second_zone_in_a_spec_costs_its_nodes(book: PriceBook) -> None:
    cluster = "{type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, multi_az: true, tags: {env: dev}}"
    finding = only_one(advised_spec(book, text_of(cluster), "RSP-14"))
    # 2 x 730 x 1.086
    assert (amounts(finding)[1], finding.after) == ("1585.56", "# without multi_az\n")
    reserved = cluster.replace("tags", "purchase: {term: 1y, payment: no_upfront}, tags")
    assert verdicts(advised_spec(book, text_of(reserved), "RSP-14")) == {"RSP-14": "not_applicable"}


def test_so_many_rpus_are_reserved_as_work_nearly_always(book: PriceBook) -> None:
    # 64 RPU in 50 of 168 hours, 16 in the others. A reserved RPU costs 0.293 of 0.375, 78 %: 16 are worth it, whatever
    # the days, as 16 x 730 x (0.375 - 0.293), and the 48 that work for 30 % of the time are not.
    offer = {"offeringId": "o-1", "duration": 31_536_000, "hourlyCharge": D("0.293"), "upfrontCharge": 0}
    fleet = Fleet().workgroup("wg", in_working_hours(230_400, 57_600))
    fleet.add("redshift_serverless_reservation_offering", "o-1", offer)
    finding = found(advised(book, fleet, "RSS-05"), "RSS-05")
    assert finding.saving is not None
    assert f"{finding.saving.expected:.2f}" == "957.76"
    assert finding.title == "Reserve RPUs for a year: 16 RPU reserved, 1y, no upfront"
    told = {evidence.name: evidence.value for evidence in finding.evidence}
    assert (told["least busy hour"], told["busiest hour"], told["AWS offers a year"]) == (16, 64, D("0.293"))
    # All upfront, 2,430 a year are 202.50 a month: 16 x (730 x 0.375 - 202.50) = 1,140
    assert abs(D(told["16 RPU reserved, 1y, all upfront"]) - 1140) < D("1e-9")


def test_a_cluster_in_the_place_of_a_workgroup_keeps_data_and_snapshots(book: PriceBook) -> None:
    fleet = kept(Fleet(), ("2026-11-01", 20, 20))
    fleet.workgroup("wg", always(115_200), attributes={"baseCapacity": 32, "namespaceName": "lake"})
    finding = found(advised(book, fleet, "RSS-06"), "RSS-06")
    # As much as without snapshots: they cost the same with RG nodes, and RA3's are billed whole.
    assert cents(finding) == ("-119.14", "2655.59", "4320.43")
    assert "node_type: rg.xlarge" in finding.after
    assert "snapshots" not in finding.after
    assert not any("ra3" in evidence.name for evidence in finding.evidence)


def test_a_workgroup_in_the_place_of_a_cluster_keeps_its_snapshots(book: PriceBook) -> None:
    snapshot = {"ClusterIdentifier": "dwh", "SnapshotType": "manual", "TotalBackupSizeInMegaBytes": 1000 * 1024}
    fleet = Fleet(days=28).cluster("dwh", used=at_hour(3, 4)).add("redshift_snapshot", "s-1", snapshot)
    # As without the snapshot, which a workgroup pays for too.
    assert cents(found(advised(book, fleet, "RSP-16"), "RSP-16")) == ("2037.28", "2082.91", "2128.53")


def test_what_smaller_changes_leave_is_reserved(book: PriceBook) -> None:
    # 32 RPU in every hour, which RSS-03 makes 24 with half of the base: 24 x 730 x (0.375 - 0.293) more than its
    # 0.25 x 32 x 730 x 0.375.
    metrics = {"ComputeCapacity Maximum hour": always(32), "QueriesQueued Maximum day": always(0)}
    fleet = Fleet().workgroup("wg", always(115_200), metrics=metrics, attributes={"baseCapacity": 32})
    [combined] = advised(book, fleet, "RSS-03", "RSS-05").combined
    assert combined.codes == ("RSS-03", "RSS-05")
    assert f"{combined.saving.expected:.2f}" == f"{24 * 730 * D('0.082') + 8 * 730 * D('0.375'):.2f}"


def test_a_cluster_has_nodes_enough_for_the_data(book: PriceBook) -> None:
    # 4 RPU all month are 4 x 730 x 0.375 = 1,095, and 3 nodes of rg.large at 0.3801 for two thirds of their 64 GB
    # 832.42. 30 TB take 4 of 8 TB each, 1,109.89, which is more, as are 2 of rg.xlarge.
    small = {"baseCapacity": 4}
    fits = Fleet().workgroup("wg", always(14_400), attributes=small)
    assert cents(found(advised(book, fits, "RSS-06"), "RSS-06"))[1] == "262.58"
    stored = {"DataStorage Maximum day": always(30 * 1024 * 1024)}
    full = Fleet().workgroup("wg", always(14_400), attributes={**small, "namespaceName": "lake"})
    full.add("redshift_serverless_namespace", "lake", {"namespaceName": "lake"}, stored)
    assert verdict(advised(book, full, "RSS-06"), "RSS-06") == "clean"
