"""AWS's own recommendations beside costkit's: what both say counts once, and AWS's figures stay AWS's.

Answers have the shapes of botocore's models and go through the collector's own door. Prices of us-east-1 on 2026-11-21.
"""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from asking import Answer
from aws.shapes import timed
from botocore.validate import ParamValidator
from conftest import TODAY
from fleets import ACCOUNT, REGION, Fleet, always
from test_optimize_measured import advised, cents, found, verdict

from costkit.collect.keeping import kept
from costkit.model.snapshot import Item
from costkit.model.snapshot_kinds import kinds
from costkit.optimize.recommended import HUB, IDLE, VOLUME
from costkit.pricebook.book import PriceBook

D = Decimal
Ask = Callable[..., Answer]
MODELS = botocore.session.get_session()
# Where AWS answers each kind, and the key of an entry's ARN.
ANSWERS = {
    HUB: ("cost-optimization-hub", "ListRecommendations", "items", "resourceArn"),
    IDLE: ("compute-optimizer", "GetIdleRecommendations", "idleRecommendations", "resourceArn"),
    VOLUME: ("compute-optimizer", "GetEBSVolumeRecommendations", "volumeRecommendations", "volumeArn"),
}


def answers(fleet: Fleet, kind: str, entry: dict[str, Any], own: str = "", region: str = REGION) -> Fleet:
    """The fleet with an entry of AWS's answer, as the collector keeps it."""
    client, operation, key, arn = ANSWERS[kind]
    shape = MODELS.get_service_model(client).operation_model(operation).output_shape.members[key].member
    report = ParamValidator().validate(timed(shape, entry), shape).generate_report()
    assert not [line for line in report.splitlines() if not line.startswith("Missing required")]
    assert set(entry) <= set(shape.members)
    name = own or str(entry.get("recommendationId") or entry[arn])
    where = "global" if kind == HUB else region
    attributes = kept(kinds()[kind].form, entry)
    item = Item(kind, name, str(entry.get(arn, "")), fleet.account, where, None, attributes)
    fleet.items.append(item)
    return fleet


def arn(resource: str, region: str = REGION) -> str:
    return f"arn:aws:ec2:{region}:{ACCOUNT}:{resource}"


def hub(action: str, resource: str = "", saving: float = 50.0, own: str = "", **more: Any) -> dict[str, Any]:
    """A recommendation of the hub, which knows of all accounts and regions."""
    about = {"resourceArn": arn(resource), "resourceId": resource.rpartition("/")[2]} if resource else {}
    return {
        "recommendationId": own or f"{action} {resource}",
        "accountId": ACCOUNT,
        "region": REGION,
        **about,
        "currentResourceType": "Ec2Instance",
        "recommendedResourceType": "Ec2Instance",
        "currentResourceSummary": "m7g.xlarge",
        "recommendedResourceSummary": "m7g.large",
        "estimatedMonthlySavings": saving,
        "currencyCode": "USD",
        "actionType": action,
        "source": "ComputeOptimizer",
        **more,
    }


def opportunity(saving: float, currency: str = "USD") -> dict[str, Any]:
    monthly = {"currency": currency, "value": saving}
    return {"savingsOpportunity": {"savingsOpportunityPercentage": 30.0, "estimatedMonthlySavings": monthly}}


def idle(resource: str, kind: str = "EC2Instance", saving: float = 55.5, **more: Any) -> dict[str, Any]:
    own = {"resourceArn": arn(resource), "resourceId": resource.rpartition("/")[2], "resourceType": kind}
    return {**own, "finding": "Idle", **opportunity(saving), **more}


def volume(own: str, saving: float = 3.5, finding: str = "NotOptimized") -> dict[str, Any]:
    now = {"volumeType": "gp2", "volumeSize": 500, "volumeBaselineIOPS": 1500, "volumeBaselineThroughput": 250}
    then = {"volumeType": "gp3", "volumeSize": 500, "volumeBaselineIOPS": 3000, "volumeBaselineThroughput": 125}
    options = [
        {"configuration": now, "rank": 2, **opportunity(1.0)},
        {"configuration": then, "rank": 1, "performanceRisk": 1.0, **opportunity(saving)},
    ]
    return {
        "volumeArn": arn(f"volume/{own}"),
        "accountId": ACCOUNT,
        "currentConfiguration": now,
        "finding": finding,
        "volumeRecommendationOptions": options,
    }


# What both say


def test_what_both_say_of_a_resource_is_counted_once_with_aws_s_figure_beside_ours(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", always(30), kind="m7g.xlarge")
    answers(fleet, HUB, hub("Rightsize", "instance/i-1"))
    advice = advised(book, fleet)
    finding = found(advice, "EC2-03")
    # 730 x (0.1632 - 0.0816) is ours; 50 is AWS's.
    assert (cents(finding)[1], finding.aws_saving) == ("59.57", 50)
    assert [(one.value, one.source) for one in finding.evidence if one.name == "AWS's own saving"] == [
        (50, "ComputeOptimizer")
    ]
    assert verdict(advice, "ACC-05") == "not_applicable"
    assert not [one for one in advice.findings if one.code == "ACC-05"]
    assert advice.aws_saving == 0


def test_idle_instances_and_volumes_of_both_are_counted_once(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", always(1), network=1000).volume("vol-1", ops=always(0))
    answers(fleet, IDLE, idle("instance/i-1", findingDescription="The instance is idle."))
    answers(fleet, IDLE, idle("volume/vol-1", "EBSVolume", 7.9))
    # The hub knows it from Compute Optimizer: a third word on the same.
    answers(fleet, HUB, hub("Delete", "volume/vol-1", 7.9, currentResourceType="EbsVolume"))
    advice = advised(book, fleet, "EC2-01", "EC2-09", "EC2-24", "ACC-05")
    assert [(one.code, one.aws_saving) for one in advice.findings] == [("EC2-01", D("55.5")), ("EC2-09", D("7.9"))]
    # 730 x 0.0816 and 100 x 0.08, each once.
    assert advice.saving.expected == D("67.568")
    assert advice.aws_saving == 0


@pytest.mark.parametrize("action", ["Rightsize", "Upgrade"])
def test_a_volume_that_both_would_change_is_counted_once(book: PriceBook, action: str) -> None:
    fleet = Fleet().volume("vol-1", "gp2", 500)
    answers(fleet, VOLUME, volume("vol-1"))
    answers(fleet, HUB, hub(action, "volume/vol-1", 3.5, currentResourceType="EbsVolume"))
    advice = advised(book, fleet, "EC2-10", "EC2-25", "ACC-05")
    [finding] = advice.findings
    # 500 x 0.1 - 500 x 0.08 - 125 x 0.04
    assert (finding.code, cents(finding)[1], finding.aws_saving) == ("EC2-10", "5.00", D("3.5"))
    assert len([one for one in finding.evidence if one.name == "AWS's own saving"]) == 1


def test_graviton_is_another_word_than_a_smaller_size(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1", kind="m5.large")
    answers(fleet, HUB, hub("MigrateToGraviton", "instance/i-1", 9.0))
    advice = advised(book, fleet, "EC2-04", "EC2-05", "ACC-05")
    assert {one.code: one.aws_saving for one in advice.findings} == {"EC2-04": 9, "EC2-05": None}


def test_a_function_is_known_by_its_arn_whatever_version_it_names(book: PriceBook) -> None:
    from test_optimize_measured import INSIGHTS

    fleet = Fleet(days=28).function("api", always(30_000), each=1000, memory=2048, metrics=INSIGHTS)
    of_function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:api:$LATEST"
    answers(fleet, HUB, {**hub("Rightsize", saving=400.0), "resourceArn": of_function})
    advice = advised(book, fleet, "LMB-02", "ACC-05")
    assert [(one.code, one.aws_saving) for one in advice.findings] == [("LMB-02", 400)]


def test_the_figure_stands_beside_what_saves_most_of_several(book: PriceBook) -> None:
    # EC2-02 and EC2-03 propose the same size; EC2-22 says what Compute Optimizer says.
    fleet = Fleet().instance("i-1", always(8), kind="m7g.xlarge", network=10**6)
    advice = advised(book, answers(fleet, HUB, hub("Rightsize", "instance/i-1")), "EC2-02", "EC2-03", "ACC-05")
    assert sorted(one.aws_saving is not None for one in advice.findings) == [False, True]


def test_a_decision_to_live_with_it_holds_for_aws_s_word_too(ask: Ask) -> None:
    fleet = answers(Fleet().volume("vol-1", ops=always(0)), IDLE, idle("volume/vol-1", "EBSVolume"))
    Path("snapshot.json").write_text(fleet.text(), encoding="utf-8")
    decided = "{code: EC2-09, resource: vol-1, owner: dba, reason: spare, until: 2027-01-01}"
    Path("costkit.yaml").write_text(f"version: 1\nsuppressions: [{decided}]\n", encoding="utf-8")
    only = ("--check", "EC2-09", "--check", "EC2-24")
    tree = ask("optimize", "costkit.yaml", "snapshot.json", "--on", TODAY, "-f", "json", *only).tree
    assert [(one["code"], one["verdict"]) for one in tree["findings"]] == [("EC2-09", "suppressed")]
    assert tree["aws_saving"] == "0"


# What only AWS says


def test_what_only_aws_says_is_a_finding_of_its_own_and_never_added(book: PriceBook) -> None:
    fleet = Fleet().instance("i-1")
    answers(fleet, HUB, hub("Stop", "instance/i-1", 30.0))
    answers(fleet, IDLE, idle("natgateway/nat-1", "NatGateway", 32.0))
    answers(fleet, VOLUME, volume("vol-9"))
    answers(fleet, VOLUME, volume("vol-8", finding="Optimized"))
    advice = advised(book, fleet)
    own = {one.code: one for one in advice.findings if one.code in ("ACC-05", "EC2-24", "EC2-25")}
    assert {code: (one.resource, one.saving, one.aws_saving) for code, one in own.items()} == {
        "ACC-05": ("i-1", None, 30),
        "EC2-24": ("nat-1", None, 32),
        "EC2-25": ("vol-9", None, D("3.5")),
    }
    assert "gp3, 500 GB, 3000 IOPS, 125 MiB/s instead of gp2, 500 GB, 1500 IOPS, 250 MiB/s" in own["EC2-25"].why
    assert "NatGateway is idle" in own["EC2-24"].why
    engine = sum(one.saving.expected for one in advice.combined)
    assert advice.saving.expected == engine
    # i-1 has a finding of costkit (its reservation), so that 30 may lie within it: 32 + 3.5.
    assert {one.resource for one in advice.combined} == {"i-1"}
    assert advice.aws_saving == D("35.5")


def test_two_services_and_two_accounts_that_say_the_same_are_one(book: PriceBook) -> None:
    fleet = Fleet()
    answers(fleet, HUB, hub("Delete", "volume/vol-1", 8.0, currentResourceType="EbsVolume"))
    answers(fleet, IDLE, idle("volume/vol-1", "EBSVolume", 8.0))
    fleet.account = "444455556666"
    answers(fleet, HUB, hub("Delete", "volume/vol-1", 8.0, currentResourceType="EbsVolume"))
    advice = advised(book, fleet, "ACC-05", "EC2-24")
    assert [(one.code, one.aws_saving) for one in advice.findings] == [("ACC-05", 8)]
    assert advice.aws_saving == 8


def test_two_things_that_aws_says_of_one_resource_count_once_by_the_larger(book: PriceBook) -> None:
    fleet = answers(Fleet(), HUB, hub("Rightsize", "instance/i-9", 20.0))
    advice = advised(book, answers(fleet, IDLE, idle("instance/i-9", saving=45.0)), "ACC-05", "EC2-24")
    assert {one.code: one.aws_saving for one in advice.findings} == {"ACC-05": 20, "EC2-24": 45}
    assert advice.aws_saving == 45


def test_commitments_are_told_each_but_not_counted_with_what_they_depend_on(book: PriceBook) -> None:
    fleet = Fleet()
    for number, action in enumerate(("PurchaseSavingsPlans", "PurchaseReservedInstances")):
        answers(fleet, HUB, {**hub(action, saving=100.0, own=f"r-{number}"), "resourceId": ACCOUNT})
    advice = advised(book, fleet, "ACC-05")
    assert [one.aws_saving for one in advice.findings] == [100, 100]
    assert advice.aws_saving == 0


def test_another_currency_is_told_and_not_taken_for_dollars(book: PriceBook) -> None:
    fleet = answers(Fleet(), HUB, hub("Stop", "instance/i-9", 20.0, currencyCode="CNY"))
    [finding] = advised(book, fleet, "ACC-05").findings
    assert (finding.aws_saving, [(one.value, one.unit) for one in finding.evidence]) == (None, [(20, "CNY a month")])
    both = Fleet().volume("vol-1", ops=always(0))
    answers(both, IDLE, {**idle("volume/vol-1", "EBSVolume"), **opportunity(9.0, "CNY")})
    assert found(advised(book, both, "EC2-09"), "EC2-09").aws_saving is None


def test_aws_may_say_very_little(book: PriceBook) -> None:
    fleet = Fleet()
    answers(fleet, HUB, {"recommendationId": "r-1", "actionType": "Rightsize"})
    answers(fleet, IDLE, {"resourceArn": "odd", "finding": "Idle"})
    answers(fleet, VOLUME, {"volumeArn": "vol", "finding": "NotOptimized", "volumeRecommendationOptions": []})
    bare = {"configuration": {"volumeType": "gp3"}}
    answers(fleet, VOLUME, {"volumeArn": "v2", "finding": "NotOptimized", "volumeRecommendationOptions": [bare]})
    advice = advised(book, fleet, "ACC-05", "EC2-24", "EC2-25")
    assert {(one.code, one.resource, one.aws_saving) for one in advice.findings} == {
        ("ACC-05", "r-1", None),
        ("EC2-24", "odd", None),
        ("EC2-25", "v2", None),
    }


@pytest.mark.parametrize(("code", "kind"), [("ACC-05", HUB), ("EC2-24", IDLE), ("EC2-25", VOLUME)])
def test_who_is_not_enrolled_or_not_allowed_hears_so(book: PriceBook, code: str, kind: str) -> None:
    assert verdict(advised(book, Fleet().deny(kind, "aws:Ask"), code), code) == "no_permission"
    assert verdict(advised(book, Fleet().instance("i-1"), code), code) == "not_applicable"


# The command


def test_every_format_says_whose_figure_it_is(ask: Ask) -> None:
    fleet = answers(Fleet().volume("vol-1", ops=always(0)), IDLE, idle("volume/vol-1", "EBSVolume", 7.9))
    answers(fleet, IDLE, idle("natgateway/nat-1", "NatGateway", 32.0))
    Path("snapshot.json").write_text(fleet.text(), encoding="utf-8")
    only = ("--check", "EC2-09", "--check", "EC2-24", "--on", TODAY)
    table = ask("optimize", "snapshot.json", *only).out
    assert "risk medium; AWS says 7.90" in table
    assert "AWS says 32.00\n" in table
    assert "AWS says that 32.00 USD a month more" in " ".join(table.split())
    assert "| AWS says 32.00 |" in " ".join(ask("optimize", "snapshot.json", *only, "-f", "markdown").out.split())
    tree = ask("optimize", "snapshot.json", *only, "-f", "json").tree
    assert (tree["saving"]["expected"], tree["aws_saving"]) == ("8", "32")
    assert {one["resource"]: one["aws_saving"] for one in tree["findings"]} == {"vol-1": "7.9", "nat-1": "32"}
    rows = list(csv.DictReader(io.StringIO(ask("optimize", "snapshot.json", *only, "-f", "csv").out)))
    assert {row["resource"]: row["aws_saving"] for row in rows if row["kind"] == "finding"} == {
        "vol-1": "7.9",
        "nat-1": "32",
    }
    large = ask("optimize", "snapshot.json", *only, "--min-saving", "20", "-f", "json").tree
    assert [one["resource"] for one in large["findings"]] == ["nat-1"]
