"""Advice: what each check saves, worked by hand from the price tables, and what holds for all of them.

Prices of us-east-1 on 2026-11-21, from pricing/*.yaml: a GB-second costs 0.0000166667 on x86_64 and
0.0000133334 on arm64; a month has 730 hours, or 672 (four weeks) where a schedule would give a fraction.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from conftest import ROOT, TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.estimating import estimate
from costkit.inputs.documents import Document, read_bytes, read_file
from costkit.inputs.spec import read_spec
from costkit.model.exact import EXACT
from costkit.model.finding import FINDING, VERDICTS, Advice, Finding
from costkit.model.problem import CostkitError
from costkit.optimize.advice.lambda_arm import on_arm
from costkit.optimize.advising import Wanted, advise
from costkit.optimize.checks import account_checks, checks, codes
from costkit.optimize.fragments import written
from costkit.optimize.power_tuning import POWER_TUNING, read_power_tuning
from costkit.pricebook.book import PriceBook
from costkit.yaml_exact import read

D = Decimal
Ask = Callable[..., Answer]
Entry = Mapping[str, Any]
TUNED = ROOT / "tests" / "power_tuning"
DAY = ("--on", TODAY)
API = "{type: lambda_function, memory: 512 MB, requests: 30M, duration: 120 ms, runtime: python3.12}"
IDLE = "{type: lambda_function, requests: 1k, duration: 1, provisioned_concurrency: {concurrency: 1, requests: 0}}"


def text_of(*entries: str, frame: str = "", **named: str) -> str:
    """A spec in us-east-1 of entries named r0, r1, ... or by keyword."""
    resources = {f"r{number}": entry for number, entry in enumerate(entries)} | named
    lines = "".join(f"  {name}: {entry}\n" for name, entry in resources.items())
    return f"version: 1\nregion: us-east-1\n{frame}resources:\n{lines}"


def advised(book: PriceBook, text: str, *only: str, **more: Any) -> Advice:
    document = read_bytes(text.encode(), "costkit.yaml")
    spec = read_spec(document, book, TODAY)
    return advise(document, spec, book, TODAY, wanted=Wanted(only), **more)[0]


def only_one(advice: Advice) -> Finding:
    [finding] = advice.findings
    return finding


def amounts(finding: Finding) -> tuple[str, ...]:
    assert finding.saving is not None
    return tuple(f"{amount.normalize():f}" for amount in finding.saving)


def verdicts(advice: Advice) -> dict[str, str]:
    """The verdict of each check that looked at the one resource."""
    return {coverage.code: coverage.verdicts[0][0] for coverage in advice.coverage if coverage.verdicts}


# Each check


def test_arm_saves_the_difference_of_the_gb_seconds_beyond_the_free_ones(book: PriceBook) -> None:
    finding = only_one(advised(book, text_of(API), "LMB-01"))
    # 30M x 0.12 s x 0.5 GB = 1.8M GB-s, of which 0.4M are free. 1.4M x (0.0000166667 - 0.0000133334) = 4.66662.
    # 10 % slower: 1.98M, 23.33338 - 1.58M x 0.0000133334 = 2.266608; 10 % faster: 1.62M, 23.33338 - 16.266748.
    assert amounts(finding) == ("2.266608", "4.66662", "7.066632")
    assert (finding.before, finding.after) == ("architecture: x86_64\n", "architecture: arm64\n")
    assert (finding.confidence, finding.where, finding.category) == ("derived", "costkit.yaml:4", "optimization")
    assert "https://docs.aws.amazon.com/" in finding.why


def test_ranges_go_through_to_savings(book: PriceBook) -> None:
    ranged = API.replace("30M", "10M..30M..90M")
    finding = only_one(advised(book, text_of(ranged), "LMB-01"))
    # Least: 0.6M GB-s at low, 10 % slower: 0.2M x 0.0000166667 - 0.26M x 0.0000133334 = -0.133344.
    # Most: 5.4M at high, 10 % faster: 5M x 0.0000166667 - 4.46M x 0.0000133334 = 23.866536.
    assert amounts(finding) == ("-0.133344", "4.66662", "23.866536")


@pytest.mark.parametrize(
    ("runtime", "offered"),
    [
        ("python3.8", True),
        ("python3.13", True),
        ("python3.7", False),
        ("nodejs10.x", False),
        ("nodejs22.x", True),
        ("java8", False),
        ("java8.al2", True),
        ("java21", True),
        ("dotnet8", True),
        ("dotnetcore3.1", False),
        ("ruby2.5", False),
        ("ruby3.3", True),
        ("go1.x", False),
        ("provided", False),
        ("provided.al2023", True),
        ("cobol85", None),
        ("", None),
    ],
)
def test_runtimes_on_arm_are_known(runtime: str, offered: bool | None) -> None:
    assert on_arm(runtime) is offered


def test_an_unknown_runtime_is_a_guess_and_one_without_arm_is_left_alone(book: PriceBook) -> None:
    assert only_one(advised(book, text_of(API.replace("python3.12", "cobol85")), "LMB-01")).confidence == "heuristic"
    assert verdicts(advised(book, text_of(API.replace("python3.12", "go1.x")), "LMB-01")) == {
        "LMB-01": "not_applicable"
    }


def test_provisioned_concurrency_is_weighed_against_on_demand(book: PriceBook) -> None:
    entry = "{type: lambda_function, memory: 1 GB, requests: 3M, duration: 100 ms, provisioned_concurrency: %s}"
    finding = only_one(advised(book, text_of(entry % 20), "LMB-07"))
    # 20 x 730 x 3600 s x 1 GB x 0.0000041667 = 219.001752, and 300,000 GB-s x 0.0000097222 = 2.91666;
    # on demand the 300,000 GB-s are free.
    assert amounts(finding) == ("221.918412",) * 3
    assert finding.after == "# without provisioned_concurrency\n"
    # 3M x 0.1 s of 20 x 2,628,000 s are 0.57 %.
    assert "at most 1 %" in finding.why
    # One environment that is always busy: 2,628,000 GB-s x (0.0000041667 + 0.0000097222) = 36.50, on demand
    # (2,628,000 - 400,000) x 0.0000166667 = 37.13.
    busy = entry.replace("3M", "26280000") % 1
    assert verdicts(advised(book, text_of(busy), "LMB-07")) == {"LMB-07": "clean"}
    for_speed = (entry % 20).replace("}", ", tags: {latency: critical}}")
    assert verdicts(advised(book, text_of(for_speed), "LMB-07")) == {"LMB-07": "not_applicable"}


def test_provisioned_concurrency_that_serves_nothing_is_waste(book: PriceBook) -> None:
    finding = only_one(advised(book, text_of(IDLE), "LMB-05", "LMB-07"))
    # 730 x 3600 s x 0.125 GB x 0.0000041667 = 1.36876095
    assert (finding.code, finding.category, amounts(finding)[1]) == ("LMB-05", "waste", "1.36876095")


def test_requests_of_provisioned_concurrency_keep_their_own_duration_on_average(book: PriceBook) -> None:
    entry = (
        "{type: lambda_function, memory: 1 GB, requests: 4M, duration: 200 ms, "
        "provisioned_concurrency: {concurrency: 9, requests: 1M, duration: 100 ms}}"
    )
    finding = only_one(advised(book, text_of(entry), "LMB-07"))
    # (3M x 200 + 1M x 100) / 4M = 175 ms
    assert finding.after == "duration: 175\n# without provisioned_concurrency\n"


def test_what_is_not_production_need_not_run_at_night(book: PriceBook) -> None:
    frame = "month_hours: 672\ntags: {env: dev}\n"
    found = {
        # 672 hours are four weeks: 50 hours a week are 200, 60 are 240, 40 are 160.
        "{type: ec2_instance, instance_type: t2.large}": ("EC2-06", "40.0896", "43.8016", "47.5136"),  # x 0.0928
        # 472 x (0.04048 + 2 x 0.004445) = 23.30264
        "{type: fargate_task, vcpu: 1, memory: 2 GB, hours: 672}": ("FGT-01", "21.32784", "23.30264", "25.27744"),
        # 472 x 2 x 1.086 = 1025.184; managed storage stays.
        "{type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, managed_storage: 1 TB}": (
            "RSP-02",
            "938.304",
            "1025.184",
            "1112.064",
        ),
        # 472 x 3600 s x 1 GB x 0.0000041667 = 7.08005664
        "{type: lambda_function, memory: 1 GB, requests: 1k, duration: 9, provisioned_concurrency: 1}": (
            "LMB-08",
            "6.48005184",
            "7.08005664",
            "7.68006144",
        ),
    }
    for entry, (code, *expected) in found.items():
        finding = only_one(advised(book, text_of(entry, frame=frame), code))
        assert amounts(finding) == tuple(expected), entry
        assert finding.confidence == "heuristic"
        for other in (frame.replace("dev", "prod"), frame + "schedule: {hours_per_week: 50}\n"):
            assert not advised(book, text_of(entry.replace(", hours: 672", ""), frame=other), code).findings


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("{type: fargate_task, vcpu: 1, memory: 2 GB, runs: 40, duration: 1 h}", "FGT-01"),
        ("{type: redshift_cluster, node_type: ra3.4xlarge, nodes: 2, multi_az: true}", "RSP-02"),
        (
            "{type: redshift_cluster, node_type: ra3.4xlarge, nodes: 2, purchase: {term: 1y, payment: no_upfront}}",
            "RSP-02",
        ),
        (
            "{type: ec2_instance, instance_type: m5.large, purchase: {kind: standard_reserved, term: 1y, "
            "payment: no_upfront}}",
            "EC2-06",
        ),
        ("{type: ec2_instance, instance_type: m5.large, purchase: spot}", "EC2-05"),
        ("{type: ec2_instance, instance_type: m5.large, operating_system: windows}", "EC2-04"),
        ("{type: lambda_function, requests: 1, duration: 1}", "LMB-08"),
    ],
)
def test_what_a_check_is_not_about_is_left_alone(book: PriceBook, entry: str, code: str) -> None:
    advice = advised(book, text_of(entry, frame="tags: {env: dev}\n"), code)
    assert (verdicts(advice), advice.findings) == ({code: "not_applicable"}, ())


def test_instances_of_older_generations_and_their_graviton_sisters(book: PriceBook) -> None:
    advice = advised(book, text_of("{type: ec2_instance, instance_type: m4.large}"), "EC2-04", "EC2-05", "EC2-18")
    found = {finding.code: (amounts(finding)[1], finding.after) for finding in advice.findings}
    assert found == {
        # 730 x (0.1 - 0.0816)
        "EC2-04": ("13.432", "instance_type: m7g.large\n"),
        # 730 x (0.1 - 0.0864)
        "EC2-05": ("9.928", "instance_type: m6a.large\n"),
        # 730 x (0.1 - 0.062)
        "EC2-18": ("27.74", "purchase:\n  kind: standard_reserved\n  term: 1y\n  payment: no_upfront\n"),
    }
    # Graviton first, then m7g.large reserved at 0.054: 730 x (0.1 - 0.054)
    assert [(one.codes, one.saving.expected) for one in advice.combined] == [(("EC2-04", "EC2-18"), D("33.58"))]


def test_a_replacement_never_has_less(book: PriceBook) -> None:
    specs = book.specs("ec2_instance")
    olds = [name for name in specs if name.partition(".")[0] in ("t2", "m3", "m4", "c3", "c4", "r3", "r4", "m5", "c5d")]
    entries = [f"{{type: ec2_instance, instance_type: {name}}}" for name in olds]
    advice = advised(book, text_of(*entries), "EC2-04", "EC2-05")
    found = [finding for finding in advice.findings if finding.verdict == FINDING]
    assert len(found) > 20
    for finding in found:
        old, new = (text.split()[-1] for text in (finding.before, finding.after))
        assert old.partition(".")[2] == new.partition(".")[2]
        assert all(D(specs[new][part]) >= D(specs[old][part]) for part in ("vcpu", "memory_gib")), (old, new)


def test_gp2_volumes_become_gp3_with_what_they_had(book: PriceBook) -> None:
    volume = "{type: ebs_volume, kind: gp2, size: %s}"
    found = {
        # 10 - 8; with all of gp2's throughput 125 MiB/s more at 0.04.
        "100 GB": (("-3", "2", "2"), "kind: gp3\n"),
        # 50 - 40 - 5
        "500 GB": (("5", "5", "10"), "kind: gp3\nthroughput: 250\n"),
        # 204.80 - 163.84 - (6,144 - 3,000) x 0.005 - 5
        "2 TB": (("20.24", "20.24", "40.96"), "kind: gp3\niops: 6144\nthroughput: 250\n"),
        # 1,638.40 - 1,310.72 - 13,000 x 0.005 - 5: gp2 gives no more than 16,000 IOPS.
        "16 TB": (("257.68", "257.68", "327.68"), "kind: gp3\niops: 16000\nthroughput: 250\n"),
    }
    for size, (expected, after) in found.items():
        finding = only_one(advised(book, text_of(volume % size), "EC2-10"))
        assert (amounts(finding), finding.after) == (expected, after)
    instance = "{type: ec2_instance, instance_type: m5.large, volumes: [{kind: io1, size: 9, iops: 300}, %s]}"
    finding = only_one(advised(book, text_of(instance % "{kind: gp2, size: 500}"), "EC2-10"))
    assert amounts(finding) == ("5", "5", "10")
    assert read(finding.after, "after")[0]["volumes"][0] == {"kind": "io1", "size": D(9), "iops": D(300)}
    ranged = only_one(advised(book, text_of(volume % "{low: 100, expected: 500, high: 2048}"), "EC2-10"))
    assert read(ranged.after, "after")[0]["iops"] == {"low": D(3000), "expected": D(3000), "high": D(6144)}


def test_redshift_nodes_are_replaced_or_reserved(book: PriceBook) -> None:
    cluster = "{type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, managed_storage: 4 TB, spectrum: 12 TB}"
    advice = advised(book, text_of(cluster), "RSP-05", "RSP-06")
    found = {finding.code: amounts(finding)[1] for finding in advice.findings}
    # 2 x 730 x (1.086 - 0.7602) = 475.668 for rg.xlarge, and 12 x 5 that RG does not bill.
    # Reserved for a year, ra3.xlplus costs 0.7602 too.
    assert found == {"RSP-05": "535.668", "RSP-06": "475.668"}
    # No reservation of rg.xlarge is proven, so that the second change is not stacked on the first.
    assert [one.codes for one in advice.combined] == [("RSP-05",)]
    single = cluster.replace("nodes: 2", "nodes: 1")
    assert verdicts(advised(book, text_of(single), "RSP-05")) == {"RSP-05": "not_applicable"}


def test_a_task_on_arm_costs_less_for_what_it_runs(book: PriceBook) -> None:
    task = "{type: fargate_task, vcpu: 1, memory: 2 GB%s}"
    # 730 x (0.04048 - 0.03238 + 2 x (0.004445 - 0.00356)) = 730 x 0.00987
    always = only_one(advised(book, text_of(task % ""), "FGT-02"))
    assert (amounts(always), always.after) == (("7.2051",) * 3, "architecture: arm64\n")
    # 100 h at 0.04937, and 110, 100 or 90 h at 0.0395
    runs = only_one(advised(book, text_of(task % ", runs: 100, duration: 1 h"), "FGT-02"))
    assert amounts(runs) == ("0.592", "0.987", "1.382")
    assert verdicts(advised(book, text_of(task % ", architecture: arm64"), "FGT-02")) == {"FGT-02": "not_applicable"}
    # No price of arm64 is proven there.
    nowhere = advised(book, text_of(task % ", region: eu-north-1"), "FGT-02")
    assert verdicts(nowhere) == {"FGT-02": "unpriced"}


def test_rpus_that_are_busy_are_worth_reserving(book: PriceBook) -> None:
    workgroup = "{type: redshift_serverless, base_rpu: 8, rpu_hours: %s}"
    finding = only_one(advised(book, text_of(workgroup % 5840), "RSS-05"))
    # 5,840 RPU-hours x 0.375 - 8 RPU x 730 h x 0.293
    assert (amounts(finding), finding.confidence) == (("478.88",) * 3, "heuristic")
    # 2,190 - 8 x 2,430 / 12
    assert [one.value for one in finding.evidence if "all upfront" in one.name] == [D("570")]
    # 1,000 x 0.375 is less than 1,711.12.
    assert verdicts(advised(book, text_of(workgroup % 1000), "RSS-05")) == {"RSS-05": "clean"}
    for entry, told in (
        ("{type: redshift_serverless, rpu_hours: 5840}", "not_applicable"),
        ("{type: redshift_serverless, base_rpu: 8}", "not_enough_data"),
        ((workgroup % 5840).replace("}", ", purchase: {term: 1y, payment: no_upfront}}"), "not_applicable"),
    ):
        assert verdicts(advised(book, text_of(entry), "RSS-05")) == {"RSS-05": told}


def test_what_dc2_nodes_hold_is_not_known(book: PriceBook) -> None:
    finding = only_one(advised(book, text_of("{type: redshift_cluster, node_type: dc2.large, nodes: 4}"), "RSP-05"))
    assert (finding.verdict, finding.saving, finding.after) == ("not_enough_data", None, "")
    told = {evidence.name: evidence.value for evidence in finding.evidence}
    # 4 x 730 x (0.25 - 0.543) - 655.36 x 0.024 = -871.28864
    assert told["4 ra3.large"] == D("-871.28864")


def test_ephemeral_storage_claims_nothing(book: PriceBook) -> None:
    entry = "{type: lambda_function, memory: 1 GB, requests: 10M, duration: 1 s, ephemeral_storage: 1536 MB}"
    finding = only_one(advised(book, text_of(entry), "LMB-15"))
    assert (finding.verdict, finding.saving) == ("not_enough_data", None)
    # 10M s x 1 GB x 0.0000000309
    assert finding.evidence[-1].value == D("0.309")


# Power tuning


def tuned(name: str = "output.json") -> Any:
    return read_power_tuning(read_file(str(TUNED / name)))


def test_power_tuning_is_priced_at_our_prices_and_volume(book: PriceBook) -> None:
    entry = "{type: lambda_function, memory: 512 MB, requests: 30M, duration: 800 ms}"
    advice = advised(book, text_of(entry), "LMB-04", measured={"r0": {POWER_TUNING: tuned()}})
    finding = only_one(advice)
    # 30M x 0.8 s x 0.5 GB = 12M GB-s; 1,024 MB in 350 ms are 10.5M: 1.5M x 0.0000166667 = 25.00005.
    assert (amounts(finding)[1], finding.confidence) == ("25.00005", "measured")
    assert finding.after == "memory: 1024\nduration: 350\n"
    costs = {evidence.name: evidence.value for evidence in finding.evidence}
    # 29M x 0.0000002 = 5.80, and 11.6M x 0.0000166667 = 193.33372 where 12M are used.
    assert costs["512 MB, 800 ms"] == costs["256 MB, 1600 ms"] == D("199.13372")
    # 10.1M x 0.0000166667 + 5.80
    assert costs["1024 MB, 350 ms (cheapest, balanced)"] == D("174.13367")
    # 15.2M x 0.0000166667 + 5.80
    assert costs["2048 MB, 260 ms (fastest)"] == D("259.13384")


def test_both_spellings_of_a_result_are_read(book: PriceBook) -> None:
    # power-primes-1000x of shared/examples: 128 MB in 11.722965 s against 512 MB in 3.194954 s, here in whole ms.
    points = tuned("execution.json")
    assert [(point.memory, point.duration) for point in points] == [(128, D("11722.965")), (512, D("3194.954"))]
    entry = "{type: lambda_function, memory: 512 MB, requests: 1000, duration: 3194.954 ms}"
    text = text_of(entry, frame="free_tier: false\n")
    finding = only_one(advised(book, text, "LMB-04", measured={"r0": {POWER_TUNING: points}}))
    # 1000 x (3.195 x 0.5 - 11.723 x 0.125) = 132.125 GB-s x 0.0000166667
    assert amounts(finding)[1] == "0.0022020877375"
    # and what 128 MB cost: 1,465.375 x 0.0000166667 + 0.0002 = 0.0246229655125, published as 0.0246 for unrounded times
    assert finding.evidence[-2].value == D("0.0246229655125")


def test_a_duration_that_was_not_measured_makes_the_result_a_guess(book: PriceBook) -> None:
    entry = "{type: lambda_function, memory: 512 MB, requests: 30M, duration: 1200 ms}"
    finding = only_one(advised(book, text_of(entry), "LMB-04", measured={"r0": {POWER_TUNING: tuned()}}))
    assert finding.confidence == "heuristic"
    assert "not the one measured" in finding.why


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "it has no stats"),
        ('{"stats": []}', "it has no stats"),
        ('{"stats": [{"power": 128}]}', "missing: averageDuration"),
        ('{"stats": [{"power": "many", "duration": 9}]}', "not a number: many"),
        ('{"stats": [7]}', "not a result: 7"),
        ('{"stats": [{"power": 128, "duration": 9}, {"value": 128, "time": 8}]}', "a second result for 128 MB"),
        ('{"stats": [{"power": 128, "duration": -9}]}', "negative: -9"),
    ],
)
def test_a_result_that_cannot_be_used_is_refused(ask: Ask, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "costkit.yaml").write_text(text_of(API))
    (tmp_path / "tuned.json").write_text(text)
    answer = ask("optimize", "--power-tuning", "r0=tuned.json", *DAY)
    assert (answer.code, answer.told[0].code) == (2, "CK524")
    assert told in answer.err


# What holds for all


def test_pools_move_neighbours(book: PriceBook) -> None:
    # A request of 1 s at 1 GB is a GB-second: 5 and 4 billion of them share the x86_64 tiers.
    entry = "{type: lambda_function, memory: 1 GB, requests: %s, duration: 1 s, runtime: python3.12}"
    advice = advised(book, text_of(a=entry % "5B", b=entry % "4B", frame="free_tier: false\n"), "LMB-01")
    found = {finding.resource: finding.saving.expected for finding in advice.findings if finding.saving}
    # Now: 6B x 0.0000166667 + 3B x 0.000015 = 145,000.20 USD.
    # b on arm64: 5B x 0.0000166667 + 4B x 0.0000133334 = 136,667.10; a on arm64: 66,666.80 + 66,667.00 = 133,333.80.
    assert found == {"a": D("11666.40"), "b": D("8333.10")}
    # Both: 7.5B x 0.0000133334 + 1.5B x 0.0000120001 = 118,000.65. More than the sum of both.
    assert advice.saving.expected == D("26999.55")
    assert advice.estimate.cost - advice.after.cost == D("26999.55")


def test_what_is_combined_is_the_engines_difference(book: PriceBook) -> None:
    document = read_bytes(MIXED.encode(), "costkit.yaml")
    spec = read_spec(document, book, TODAY)
    advice, changed = advise(document, spec, book, TODAY)
    after = estimate(read_spec(changed, book, TODAY), book, TODAY)
    with localcontext(EXACT):
        assert after.cost == advice.after.cost == advice.estimate.cost - advice.saving.expected
    costs = {cost.resource.name: cost.cost for cost in advice.estimate.resources}
    best = {name: max(f.saving.expected for f in advice.findings if f.saving and f.resource == name) for name in costs}
    for one in advice.combined:
        assert 0 < one.saving.expected <= costs[one.resource]
        assert one.saving.low <= one.saving.expected <= one.saving.high
        # No change is counted on what another one already took away.
        assert one.saving.expected <= sum(f.saving.expected for f in advice.findings if f.saving)
    assert best.keys() == costs.keys()


MIXED = text_of(
    api=API,
    ready="{type: lambda_function, memory: 1 GB, requests: 3M, duration: 100, provisioned_concurrency: 20}",
    box="{type: ec2_instance, instance_type: t2.large, tags: {env: qa}, volumes: [{kind: gp2, size: 500}]}",
    old="{type: ec2_instance, instance_type: m4.large}",
    task="{type: fargate_task, vcpu: 1, memory: 2 GB, tags: {stage: Dev}}",
    house="{type: redshift_cluster, node_type: ra3.xlplus, nodes: 2, spectrum: 3 TB}",
    disk="{type: ebs_volume, kind: gp2, size: 2 TB}",
)


def test_applied_advice_is_not_given_again(book: PriceBook) -> None:
    document = read_bytes(MIXED.encode(), "costkit.yaml")
    advice, changed = advise(document, read_spec(document, book, TODAY), book, TODAY)
    again, _ = advise(changed, read_spec(changed, book, TODAY), book, TODAY)
    applied = {(one.resource, code) for one in advice.combined for code in one.codes}
    assert len(applied) > 8
    assert not applied & {(f.resource, f.code) for f in again.findings if f.verdict == FINDING}


def test_coverage_counts_every_check_of_every_resource(book: PriceBook) -> None:
    advice = advised(book, MIXED)
    of_specs = [check for check in checks() if not check.kinds]
    assert [one.code for one in advice.coverage] == [check.code for check in of_specs]
    assert len(set(codes())) == len(codes())
    kinds = {"lambda_function": 2, "ec2_instance": 2, "fargate_task": 1, "redshift_cluster": 1, "ebs_volume": 1}
    kinds["redshift_serverless"] = 0
    for check, coverage in zip(of_specs, advice.coverage, strict=True):
        assert sum(number for _, number in coverage.verdicts) == sum(kinds[kind] for kind in check.types)
        assert {verdict for verdict, _ in coverage.verdicts} <= set(VERDICTS)


def test_nothing_is_claimed_from_what_has_no_price_or_usage(book: PriceBook) -> None:
    own = advised(book, text_of("{type: lambda_function, requests: 30M}"), "LMB-01")
    assert (only_one(own).verdict, only_one(own).saving) == ("not_enough_data", None)
    # The other function shares the free GB-seconds, and nobody knows how many it takes.
    shared = advised(book, text_of(API, other="{type: lambda_function, requests: 30M, architecture: arm64}"), "LMB-01")
    finding = only_one(shared)
    assert (finding.verdict, finding.saving, shared.complete) == ("unpriced", None, False)
    assert "other" in finding.why
    assert shared.combined == ()
    # A resource that shares nothing is no reason to be silent.
    apart = advised(book, text_of(API, other="{type: sqs_queue}"), "LMB-01")
    assert only_one(apart).verdict == FINDING
    assert not apart.complete


def test_commitments_of_the_account_count(book: PriceBook) -> None:
    instance = "{type: ec2_instance, instance_type: m5.large}"
    frame = (
        "commitments: [{kind: reserved_instances, instance_type: m5.large, count: 1, term: 1y, payment: no_upfront, "
        "region: us-east-1}]\n"
    )
    free = {f.code for f in advised(book, text_of(instance)).findings if f.verdict == FINDING}
    bound = {f.code for f in advised(book, text_of(instance, frame=frame)).findings if f.verdict == FINDING}
    assert free == {"EC2-04", "EC2-05", "EC2-18"}
    # What is reserved is paid whatever runs instead of it.
    assert bound == set()


def test_negotiated_discounts_are_on_both_sides(book: PriceBook) -> None:
    frame = "discounts: [{percent: 10}]\n"
    finding = only_one(advised(book, text_of(API, frame=frame), "LMB-01"))
    assert amounts(finding)[1] == "4.199958"  # 0.9 x 4.66662


def test_a_finding_that_saves_too_little_is_counted_and_not_combined(book: PriceBook) -> None:
    document = read_bytes(MIXED.encode(), "costkit.yaml")
    spec = read_spec(document, book, TODAY)
    everything, _ = advise(document, spec, book, TODAY)
    large, _ = advise(document, spec, book, TODAY, wanted=Wanted((), D(20)))
    assert all(finding.saving.expected >= 20 for finding in large.findings if finding.saving)
    assert large.smaller == sum(f.saving.expected < 20 for f in everything.findings if f.saving) > 0
    assert large.saving.expected < everything.saving.expected


# Properties

ENTRIES = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("lambda_function"),
            "memory": st.integers(128, 10240),
            "requests": st.one_of(st.integers(0, 10**10), st.just("1M..2M..70M")),
            "duration": st.integers(1, 60000),
        },
        optional={"provisioned_concurrency": st.fixed_dictionaries({"concurrency": st.integers(0, 90)})},
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("ec2_instance"),
            "instance_type": st.sampled_from(
                ["t2.micro", "m4.large", "m5.xlarge", "c4.2xlarge", "r5.large", "m7g.large"]
            ),
            "count": st.integers(1, 30),
            "tags": st.sampled_from([{}, {"env": "dev"}]),
        },
        optional={"volumes": st.lists(st.fixed_dictionaries({"kind": st.just("gp2"), "size": st.integers(1, 16384)}))},
    ),
    st.fixed_dictionaries({"type": st.just("ebs_volume"), "kind": st.just("gp2"), "size": st.integers(1, 16384)}),
    st.fixed_dictionaries(
        {"type": st.just("redshift_cluster"), "node_type": st.just("ra3.4xlarge"), "nodes": st.integers(2, 9)}
    ),
)
SPECS = st.dictionaries(st.text(min_size=1).filter(str.strip), ENTRIES, min_size=1, max_size=4)
brief = settings(
    deadline=None, max_examples=25, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def as_document(entries: Mapping[str, Entry]) -> Document:
    tree = {"version": "1", "region": "us-east-1", "resources": entries}
    return read_bytes(json.dumps(tree).encode(), "spec.json")


@brief
@given(SPECS)
def test_pasting_a_finding_changes_the_total_by_exactly_its_saving(book: PriceBook, entries: dict[str, Any]) -> None:
    document = as_document(entries)
    spec = read_spec(document, book, TODAY)
    advice, _ = advise(document, spec, book, TODAY)
    for finding in advice.findings:
        if finding.saving is None:
            continue
        entry = dict(document.tree["resources"][finding.resource])
        for line in finding.after.splitlines():
            entry.pop(line.removeprefix("# without "), None)
        fields, _, problems = read(finding.after, "after")
        assert not problems
        tree = {
            **document.tree,
            "resources": {**document.tree["resources"], finding.resource: {**entry, **(fields or {})}},
        }
        after = estimate(read_spec(document._replace(tree=tree), book, TODAY), book, TODAY)
        with localcontext(EXACT):
            assert advice.estimate.cost - after.cost == finding.saving.expected
        assert finding.saving.low <= finding.saving.expected <= finding.saving.high


@brief
@given(SPECS)
def test_a_written_spec_is_read_back_and_costs_what_was_promised(book: PriceBook, entries: dict[str, Any]) -> None:
    document = as_document(entries)
    advice, changed = advise(document, read_spec(document, book, TODAY), book, TODAY)
    read_back = read_bytes(written(changed.tree).encode(), "new.yaml")
    assert read_back.tree == changed.tree
    after = estimate(read_spec(read_back, book, TODAY), book, TODAY)
    with localcontext(EXACT):
        assert after.cost == advice.estimate.cost - advice.saving.expected
    assert advice.saving.expected <= advice.estimate.cost


TREES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.sampled_from(
            ["010", "1e5", "null", "~", "true", "no", "512 MB", "40/s", "2026-12-31", "- a", "a: b", "#", "<<"]
        ),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


@settings(brief, max_examples=150)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), TREES, min_size=1))
def test_what_is_written_is_read_back_as_it_was(tree: dict[str, Any]) -> None:
    again, _, problems = read(written(tree), "written")
    assert (again, problems) == (tree, [])


def test_a_very_long_name_is_written_too() -> None:
    tree = {"n" * 3000: {"type": "x"}, "ü" * 1000: "y"}
    assert read(written(tree), "written")[0] == tree


# Suppressions

SUPPRESSED = "suppressions: [{code: LMB-01, resource: 'a*', owner: web, reason: later, until: %s}]\n"


def test_a_suppressed_finding_is_listed_as_such_and_not_counted(book: PriceBook) -> None:
    advice = advised(book, text_of(api=API, other=API, frame=SUPPRESSED % TODAY), "LMB-01")
    found = {finding.resource: finding for finding in advice.findings}
    assert (found["api"].verdict, found["other"].verdict) == ("suppressed", FINDING)
    assert found["api"].suppression is not None
    assert (found["api"].suppression.owner, found["api"].suppression.until) == ("web", TODAY)
    assert [one.resource for one in advice.combined] == ["other"]
    assert not [problem for problem in advice.problems if problem.code.startswith("CK52")]


def test_a_suppression_without_a_day_as_its_end_is_refused_with_its_place(book: PriceBook) -> None:
    with pytest.raises(CostkitError) as caught:
        advised(book, text_of(api=API, frame=SUPPRESSED % "soon"))
    assert [problem.where for problem in caught.value.problems] == ["costkit.yaml:3"]


def test_a_suppression_that_ended_suppresses_nothing_and_is_told(book: PriceBook) -> None:
    advice = advised(book, text_of(api=API, frame=SUPPRESSED % "2026-11-20"))
    assert only_one(advice).verdict == FINDING
    [problem] = [problem for problem in advice.problems if problem.code == "CK521"]
    assert (problem.where, problem.severity) == ("costkit.yaml:3", "warning")
    assert "2026-11-20" in problem.message


def test_a_suppression_of_nothing_is_told_if_everything_was_asked(book: PriceBook) -> None:
    frame = "suppressions: [{code: LMB-99, resource: '*', owner: web, reason: later}]\n"
    assert [problem.code for problem in advised(book, text_of(API, frame=frame)).problems] == ["CK522"]
    assert advised(book, text_of(API, frame=frame), "LMB-01").problems == ()


def test_a_resource_may_want_no_advice(book: PriceBook) -> None:
    entry = API.replace("}", ", tags: {'costkit:ignore': 'true'}}")
    assert only_one(advised(book, text_of(entry), "LMB-01")).verdict == "suppressed"


# The command line


@pytest.fixture
def optimize(ask: Ask, tmp_path: Path) -> Callable[..., Answer]:
    """Writes a spec and asks for advice, as JSON unless told otherwise."""

    def optimized(text: str, *arguments: str, form: str = "json") -> Answer:
        (tmp_path / "costkit.yaml").write_text(text, encoding="utf-8")
        return ask("optimize", "-f", form, *DAY, *arguments)

    return optimized


Optimize = Callable[..., Answer]


def test_the_json_has_its_shape(optimize: Optimize) -> None:
    answer = optimize(MIXED)
    tree = answer.tree
    assert answer.code == 0
    assert {
        "schema_version",
        "tool_version",
        "complete",
        "problems",
        "prices",
        "findings",
        "combined",
        "coverage",
    } <= set(tree)
    wanted = "code resource title why category confidence effort risk saving before after evidence verdict where"
    for finding in tree["findings"]:
        assert set(wanted.split()) <= set(finding)
        if finding["verdict"] == "finding":
            low, expected, high = (D(finding["saving"][name]) for name in ("low", "expected", "high"))
            assert low <= expected <= high
            assert finding["category"] in ("waste", "optimization")
            assert finding["confidence"] in ("measured", "derived", "heuristic", "upper bound")
            assert {finding["effort"], finding["risk"]} <= {"low", "medium", "high"}
    assert all(isinstance(saving, str) for saving in tree["combined"].values())
    assert D(tree["total"]["monthly_cost"]) - D(tree["saving"]["expected"]) == D(tree["after"]["monthly_cost"])
    assert {one["code"] for one in tree["coverage"]} == {check.code for check in checks() if not check.kinds}


def test_the_combined_column_of_the_csv_adds_up_to_the_saving(optimize: Optimize) -> None:
    text = text_of(*[API] * 3)
    rows = list(csv.DictReader(io.StringIO(optimize(text, form="csv").out)))
    whole = sum(D(row["combined_saving"] or 0) for row in rows)
    assert whole == D(optimize(text).tree["saving"]["expected"])
    assert {row["kind"] for row in rows} == {"finding", "combined", "together"}
    assert all(row["currency"] == "USD" for row in rows)


def test_findings_come_by_what_they_save_and_fit_the_screen(optimize: Optimize, ask: Ask) -> None:
    out = optimize(MIXED, form="table").out
    places = [
        out.index(f"{code}  {name}: ") for code, name in (("RSP-06", "house"), ("LMB-07", "ready"), ("LMB-01", "api"))
    ]
    assert places == sorted(places)
    assert "together save" in out
    narrow = ask("optimize", *DAY, COLUMNS="50").out
    assert all(len(line) <= 50 for line in narrow.splitlines() if "https://" not in line)
    verbose = ask("optimize", "-v", *DAY).out
    assert "      architecture: arm64\n" in verbose


def test_nothing_to_say_is_said(optimize: Optimize) -> None:
    answer = optimize(text_of("{type: public_ipv4}"), form="table")
    assert (answer.code, answer.out.splitlines()[0]) == (0, "Nothing found that would save anything.")
    assert optimize(text_of("{type: public_ipv4}")).tree["findings"] == []


def test_only_some_checks(optimize: Optimize) -> None:
    tree = optimize(MIXED, "--check", "lmb-01", "--check", "EC2-10").tree
    assert {finding["code"] for finding in tree["findings"]} == {"LMB-01", "EC2-10"}
    wrong = optimize(MIXED, "--check", "EC2-1")
    assert wrong.code == 2
    assert "did you mean EC2-1" in wrong.err


def test_fail_on_ends_with_3_after_the_whole_answer(optimize: Optimize) -> None:
    assert optimize(text_of(IDLE), "--fail-on", "waste").code == 3
    assert optimize(text_of(API), "--fail-on", "waste").code == 0
    assert optimize(text_of(API), "--fail-on", "any").tree["findings"]
    assert optimize(text_of(API), "--fail-on", "ANY").code == 3
    assert optimize(text_of(API), "--fail-on", "EC2-10", "--fail-on", "lmb-01").code == 3
    assert optimize(text_of(API), "--fail-on", "any", "--min-saving", "5 USD").code == 0
    assert optimize(text_of(api=API, frame=SUPPRESSED % "2027-01-01"), "--fail-on", "any").code == 0
    assert optimize(text_of(API), "--fail-on", "everything").code == 2


def test_what_is_missing_is_a_warning_and_4_where_that_matters(optimize: Optimize) -> None:
    text = text_of(API, other="{type: sqs_queue}")
    answer = optimize(text, "--fail-on", "any")
    assert (answer.code, answer.tree["complete"], answer.told[0].code) == (3, False, "CK207")
    # What nobody knows comes before what should not be there, and a bad file before both.
    assert optimize(text, "--fail-on", "any", "--strict").code == 4
    assert optimize(text + "  bad: {type: sqs}\n", "--fail-on", "any", "--strict").code == 2
    assert optimize(text_of(API), "--on", "2028-01-01", "--max-age", "90").code == 4


def test_a_change_without_a_price_is_told(optimize: Optimize) -> None:
    text = text_of(API, other="{type: lambda_function, requests: 30M}")
    answer = optimize(text, "--check", "LMB-01")
    assert "CK523" in {told.code for told in answer.told}
    assert answer.tree["complete"] is False


def test_apply_writes_a_spec_that_costs_what_was_promised(optimize: Optimize, ask: Ask, tmp_path: Path) -> None:
    promised = optimize(MIXED, "--apply", "better.yaml").tree
    estimated = ask("estimate", "better.yaml", "-f", "json", *DAY)
    assert (estimated.code, estimated.total) == (0, promised["after"]["monthly_cost"])
    assert (tmp_path / "better.yaml").read_text().startswith("# Written by costkit optimize")


def test_apply_writes_down_what_flags_said(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"version: 1\ndays: 30\nresources:\n  a: {API}\n")
    flags = ("--region", "eu-west-1", "--month-hours", "700", "--no-free-tier", "--set", "a.memory=1GB")
    promised = ask("optimize", "spec.yaml", "--apply", "new.yaml", "-f", "json", *flags, *DAY).tree
    assert ask("estimate", "new.yaml", "-f", "json", *DAY).total == promised["after"]["monthly_cost"]


def test_apply_never_writes_over_anything(optimize: Optimize, tmp_path: Path) -> None:
    (tmp_path / "there.yaml").write_text("mine")
    (tmp_path / "link.yaml").symlink_to("costkit.yaml")
    for name in ("costkit.yaml", "link.yaml", "there.yaml", "new.json", "-", "nowhere/new.yaml"):
        answer = optimize(MIXED, "--apply", name)
        assert (answer.code, answer.told[0].code) == (2, "CK116"), name
    assert (tmp_path / "there.yaml").read_text() == "mine"
    assert (tmp_path / "costkit.yaml").read_text() == MIXED


def test_a_template_gets_advice_but_is_not_rewritten(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text(
        "Resources:\n  Disk: {Type: 'AWS::EC2::Volume', Properties: {Size: 500, VolumeType: gp2}}\n"
    )
    (tmp_path / "usage.yaml").write_text("version: 1\nresources: {}\n")
    region = ("--region", "us-east-1")
    answer = ask("optimize", "stack.yaml", "-f", "json", *region, *DAY)
    assert [(f["code"], f["saving"]["expected"]) for f in answer.tree["findings"]] == [("EC2-10", "5")]
    refused = ask("optimize", "stack.yaml", "--apply", "new.yaml", *region, *DAY)
    assert (refused.code, refused.told[0].code) == (2, "CK525")


def test_power_tuning_by_name(optimize: Optimize) -> None:
    text = text_of(**{"a=b": "{type: lambda_function, memory: 512, requests: 30M, duration: 800}", "box": IDLE})
    option = f"a=b={TUNED / 'output.json'}"
    found = [f for f in optimize(text, "--power-tuning", option).tree["findings"] if f["code"] == "LMB-04"]
    assert [(f["resource"], f["evidence"][-1]["unit"]) for f in found] == [("a=b", "USD a month")]
    unknown = optimize(text, "--power-tuning", f"bx={TUNED / 'output.json'}")
    assert (unknown.code, unknown.told[0].code, unknown.told[0].hint) == (2, "CK526", "did you mean box?")
    for wrong in ("output.json", "=x", "box=", "box=nowhere.json"):
        assert optimize(text, "--power-tuning", wrong).code == 2
    assert optimize(text, "--power-tuning", option, "--power-tuning", option).code == 2


@pytest.mark.parametrize("name", ["\x1b[31m", "=cmd()", "a|b`c", "::error::x", "\n", "<script>", "名" * 40, "x" * 300])
def test_hostile_names_are_shown_and_never_run(ask: Ask, tmp_path: Path, name: str) -> None:
    entries = {f"r{name}": {"type": "ebs_volume", "kind": "gp2", "size": 500, "tags": {"env": "dev"}}}
    tree = {"version": 1, "region": "us-east-1", "name": f"n{name}", "resources": entries}
    (tmp_path / "spec.json").write_text(json.dumps(tree))
    for form in ("table", "csv", "markdown"):
        answer = ask("optimize", "spec.json", "-f", form, *DAY, COLUMNS="60")
        assert answer.code == 0
        assert "\x1b" not in answer.out
        assert not any(line.startswith(("=", "::error")) for line in answer.out.splitlines())
    assert "<script>" not in ask("optimize", "spec.json", "-f", "markdown", *DAY).out
    assert ask("optimize", "spec.json", "-f", "json", *DAY).tree["findings"][0]["resource"] == f"r{name}"
    applied = ask("optimize", "spec.json", "--apply", "new.yaml", "-f", "json", *DAY).tree
    assert ask("estimate", "new.yaml", "-f", "json", *DAY).total == applied["after"]["monthly_cost"]


# The documentation


def test_every_check_has_its_row() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")]
    assert sorted(row for row in rows if row[-1:].isdigit()) == list(codes())
    for check in (*checks(), *account_checks()):
        assert check.title in page
        assert check.source.startswith("https://")
