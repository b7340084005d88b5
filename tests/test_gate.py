"""The gate: exit codes and their precedence, budgets, growth, rules, waivers. One address costs 730 x 0.005 = 3.65."""

import csv
import html
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from asking import Answer
from jsonschema import Draft202012Validator

Ask = Callable[..., Answer]
DAY = ("--on", "2026-11-21")
HEAD = "version: 1\nname: net\nregion: us-east-1\ntags: {team: web}\nresources:\n"
# In ap-southeast-7 no price of an address is proven.
UNPRICED = "  dark: {type: public_ipv4, region: ap-southeast-7}\n"


def addresses(*counts: int, more: str = "") -> str:
    """A spec of addresses named a0, a1, ...: 3.65 USD for each."""
    lines = [f"  a{place}: {{type: public_ipv4, count: {count}}}\n" for place, count in enumerate(counts)]
    return HEAD + "".join(lines) + more


def budget(*entries: str, rules: tuple[str, ...] = (), waivers: tuple[str, ...] = ()) -> str:
    parts = {"budgets": entries, "rules": rules, "waivers": waivers}
    text = "version: 1\n"
    for name, items in parts.items():
        text += f"{name}:\n" + "".join(f"  - {item}\n" for item in items) if items else ""
    return text


@pytest.fixture
def gate(ask: Ask, tmp_path: Path) -> Callable[..., Answer]:
    """Writes a spec, a budget file and perhaps a baseline, and asks for the verdict as JSON."""

    def judged(spec: str, policy: str, *arguments: str, base: str = "", form: str = "json") -> Answer:
        (tmp_path / "costkit.yaml").write_text(spec, encoding="utf-8")
        (tmp_path / "budget.yaml").write_text(policy, encoding="utf-8")
        if base:
            (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
            arguments = ("--baseline", "base.yaml", *arguments)
        return ask("check", "--budget", "budget.yaml", "-f", form, *DAY, *arguments)

    return judged


Gate = Callable[..., Answer]


def statuses(answer: Answer) -> dict[str, str]:
    return {f"{result['name']}": result["status"] for result in answer.tree["results"]}


# Exit codes


def test_a_passed_gate_ends_with_0(gate: Gate) -> None:
    answer = gate(addresses(2), budget("{name: total, limit: 7.30 USD}"))
    assert (answer.code, answer.tree["verdict"]) == (0, "passed")
    [result] = answer.tree["results"]
    assert (result["limit"], result["actual"], result["headroom"]) == ("7.3", "7.3", "0")


def test_a_failed_gate_ends_with_3_after_the_whole_report(gate: Gate, tmp_path: Path) -> None:
    answer = gate(addresses(2), budget("{name: total, limit: 7.29 USD}"), "-o", "json=report.json")
    assert (answer.code, answer.tree["verdict"]) == (3, "failed")
    assert json.loads((tmp_path / "report.json").read_text())["results"][0]["headroom"] == "-0.01"


def test_an_incomplete_estimate_never_passes_in_silence(gate: Gate) -> None:
    policy = budget("{name: total, limit: 100 USD}", "{name: a, scope: {resources: [a0]}, limit: 100 USD}")
    answer = gate(addresses(2, more=UNPRICED), policy)
    assert (answer.code, answer.tree["verdict"]) == (4, "incomplete")
    assert statuses(answer) == {"total": "incomplete", "a": "passed"}
    allowed = gate(addresses(2, more=UNPRICED), policy, "--allow-incomplete")
    assert (allowed.code, allowed.tree["verdict"], allowed.tree["complete"]) == (0, "passed", False)
    assert "CK201" in {told.code for told in allowed.told}


def test_incomplete_comes_before_failed_and_each_result_keeps_its_own(gate: Gate) -> None:
    policy = budget("{name: total, limit: 1 USD}", "{name: big, limit: 100 USD}")
    answer = gate(addresses(2, more=UNPRICED), policy)
    assert (answer.code, answer.tree["verdict"]) == (4, "incomplete")
    # What is known is already too much, whatever the rest costs.
    assert statuses(answer) == {"total": "failed", "big": "incomplete"}
    assert gate(addresses(2, more=UNPRICED), policy, "--allow-incomplete").code == 3


def test_usage_that_is_missing_is_as_incomplete_as_a_price(gate: Gate) -> None:
    answer = gate(addresses(1, more="  q: {type: sqs_queue}\n"), budget("{name: total, limit: 100 USD}"))
    assert (answer.code, answer.tree["verdict"]) == (4, "incomplete")


def test_stale_prices_end_with_4_where_age_matters_and_come_before_failed(gate: Gate) -> None:
    policy = budget("{name: total, limit: 1 USD}")
    late = ("--on", "2028-01-01")
    assert gate(addresses(2), policy, *late).code == 3
    for wish in (("--strict",), ("--max-age", "90d")):
        answer = gate(addresses(2), policy, *late, *wish)
        assert (answer.code, answer.tree["verdict"]) == (4, "incomplete")
        assert statuses(answer) == {"total": "failed"}


def test_a_bad_file_comes_before_everything_and_all_of_both_files_is_told(gate: Gate) -> None:
    answer = gate(addresses(2, more="  b: {type: public_ip}\n"), "version: 1\nbudgets:\n  - {name: t, limt: 5}\n")
    assert answer.code == 2
    assert answer.out == ""
    assert {told.where for told in answer.told} == {"budget.yaml:3", "costkit.yaml:7"}


def test_nothing_to_judge_by_is_a_bad_call(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "costkit.yaml").write_text(addresses(1))
    assert ask("check").code == 2
    assert ask("check", "--max-monthly", "3.65", *DAY).code == 0
    assert ask("check", "--max-monthly", "3.64 USD", *DAY).code == 3
    assert ask("check", "--max-monthly", "cheap", *DAY).code == 2
    assert ask("check", "--max-monthly", "1", "--exit-zero", *DAY).code == 0


def test_growth_without_a_baseline_is_a_bad_call(gate: Gate) -> None:
    answer = gate(addresses(2), budget("{name: growth, max_increase: 10}"))
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK406"])
    assert answer.told[0].where == "budget.yaml:3"


# Budgets

RANGE = "  api: {type: sqs_queue, requests: {low: 1M, expected: 11M, high: 21M}}\n"  # 0, 4 and 8 USD


@pytest.mark.parametrize(
    ("against", "limit", "status"),
    [("low", "0", "passed"), ("expected", "3.99", "failed"), ("expected", "4", "passed"), ("high", "7.99", "failed")],
)
def test_a_limit_is_against_the_end_of_the_range_that_it_names(
    gate: Gate, against: str, limit: str, status: str
) -> None:
    answer = gate(HEAD + RANGE, budget(f"{{name: total, limit: {limit} USD, against: {against}}}"))
    assert statuses(answer) == {"total": status}


def test_the_range_of_a_scope_is_that_of_its_runs_not_of_its_parts(gate: Gate) -> None:
    # Where one queue has many requests, the other's share of the free million shrinks: 4M, 11M, 40M requests.
    spec = HEAD + "  a: {type: sqs_queue, requests: {low: 1M, expected: 8M, high: 37M}, tags: {x: y}}\n"
    spec += "  b: {type: sqs_queue, requests: 3M, tags: {x: y}}\n  c: {type: public_ipv4}\n"
    answer = gate(spec, budget("{name: s, scope: {tags: {x: y}}, limit: 15.60 USD, against: high}"))
    assert answer.tree["results"][0]["actual"] == "15.6"  # 39M x 0.40 per million
    low = gate(spec, budget("{name: s, scope: {tags: {x: y}}, limit: 1.20 USD, against: low}"))
    assert low.tree["results"][0]["actual"] == "1.2"  # 3M x 0.40 per million


@pytest.mark.parametrize(("warn_at", "status"), [("73%", "warned"), ("0.73", "warned"), ("74%", "passed")])
def test_a_budget_warns_from_its_share_on(gate: Gate, warn_at: str, status: str) -> None:
    answer = gate(addresses(2), budget(f"{{name: total, limit: 10 USD, warn_at: {warn_at}}}"))
    assert (answer.code, statuses(answer)) == (0, {"total": status})


@pytest.mark.parametrize(
    ("scope", "actual"),
    [
        ("{tags: {team: web}}", "3.65"),
        ("{tags: {team: 'we*'}}", "3.65"),
        ("{tags: {team: ops}}", "7.3"),
        ("{types: [public_ipv4]}", "10.95"),
        ("{types: ['*_queue']}", "0.4"),
        ("{resources: ['b*', q]}", "7.7"),
        ("{regions: ['us-*']}", "11.35"),
        ("{tags: {team: web}, types: sqs_queue}", "0"),
    ],
)
def test_a_scope_selects_what_fits_all_its_parts(gate: Gate, scope: str, actual: str) -> None:
    spec = addresses(1) + "  b: {type: public_ipv4, count: 2, tags: {team: ops}}\n"
    spec += "  q: {type: sqs_queue, requests: 2M, tags: {team: data}}\n"
    answer = gate(spec, budget(f"{{name: s, scope: {scope}, limit: 100 USD}}"))
    assert answer.tree["results"][0]["actual"] == actual
    assert ("CK402" in {told.code for told in answer.told}) == (actual == "0")


# Growth


@pytest.mark.parametrize(
    ("before", "after", "limits", "status"),
    [
        (10, 11, "{percent: 10}", "passed"),
        (10, 12, "{percent: 10}", "failed"),
        (10, 11, "{amount: 3.65 USD}", "passed"),
        (10, 11, "{amount: 3.64 USD}", "failed"),
        (10, 11, "{percent: 50, amount: 3.64 USD}", "failed"),
        (10, 11, "{percent: 5, amount: 50 USD}", "failed"),
        (1, 2, "{percent: 10, ignore_below: 3.66 USD}", "passed"),
        (1, 2, "{percent: 10, ignore_below: 3.65 USD}", "failed"),
        (12, 1, "{percent: 0}", "passed"),
        (3, 3, "{percent: 0}", "passed"),
        (0, 1, "{percent: 1000}", "failed"),
        (0, 1, "{amount: 4 USD}", "passed"),
        (0, 0, "{percent: 10}", "passed"),
    ],
)
def test_growth_fails_when_percent_or_amount_is_exceeded(
    gate: Gate, before: int, after: int, limits: str, status: str
) -> None:
    policy = budget(f"{{name: growth, max_increase: {limits}}}")
    answer = gate(addresses(after), policy, base=addresses(before))
    assert statuses(answer) == {"growth": status}
    [result] = answer.tree["results"]
    assert Decimal(result["actual"]) == Decimal("3.65") * (after - before)


def test_four_hundred_percent_of_next_to_nothing_do_not_fail(gate: Gate) -> None:
    policy = budget("{name: growth, max_increase: {percent: 10, amount: 50 USD, ignore_below: 1 USD}}")
    # 0.02 and 0.10 USD: 50,000 and 250,000 requests at 0.40 per million, without the free million.
    specs = [HEAD + f"  q: {{type: sqs_queue, requests: {count}}}\n" for count in (50_000, 250_000)]
    answer = gate(specs[1], policy, "--no-free-tier", base=specs[0])
    [result] = answer.tree["results"]
    assert (result["before"], result["after"], result["change_percent"]) == ("0.02", "0.1", "400")
    assert (answer.code, result["status"]) == (0, "passed")


def test_growth_of_a_scope_and_of_an_end_of_ranges(gate: Gate) -> None:
    policy = budget("{name: g, scope: {types: [sqs_queue]}, against: high, max_increase: {amount: 3.99 USD}}")
    wider = RANGE.replace("21M", "31M")
    answer = gate(addresses(9) + wider, policy, base=addresses(1) + RANGE)
    [result] = answer.tree["results"]
    assert (result["before"], result["after"], result["actual"], result["status"]) == ("8", "12", "4", "failed")


def test_an_incomplete_baseline_makes_growth_incomplete_unless_it_passes_for_certain(gate: Gate) -> None:
    policy = budget("{name: g, max_increase: {amount: 4 USD}}")
    assert gate(addresses(2), policy, base=addresses(1, more=UNPRICED)).code == 0
    answer = gate(addresses(9), policy, base=addresses(1, more=UNPRICED))
    assert (answer.code, statuses(answer)) == (4, {"g": "incomplete"})


def test_a_baseline_may_be_an_estimate_written_before(gate: Gate, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "costkit.yaml").write_text(addresses(1))
    ask("estimate", *DAY, "-o", "json=before.json")
    policy = budget("{name: g, max_increase: {amount: 1 USD}}")
    answer = gate(addresses(2), policy, "--baseline", "before.json")
    assert (answer.code, answer.tree["baseline"]["change"]) == (3, "3.65")
    ask("estimate", "--on", "2026-11-20", "-o", "json=before.json")
    assert "CK404" in {told.code for told in gate(addresses(2), policy, "--baseline", "before.json").told}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("schema_version",), 2),
        (("total", "monthly_cost"), "NaN"),
        (("total", "monthly_cost"), "1e99999"),
        (("total", "monthly_cost"), "1.00"),
        (("total",), []),
        (("resources",), "none"),
        (("resources", 0, "name"), 7),
        (("resources", 0, "charges", 0, "status"), "free"),
        (("resources", 0, "charges", 0, "quantity"), "many"),
        (("resources", 0, "monthly_cost"), None),
    ],
)
def test_a_damaged_estimate_is_no_baseline(gate: Gate, ask: Ask, tmp_path: Path, place: Any, value: Any) -> None:
    (tmp_path / "costkit.yaml").write_text(addresses(1))
    ask("estimate", *DAY, "-o", "json=before.json")
    tree = json.loads((tmp_path / "before.json").read_text())
    part = tree
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    (tmp_path / "before.json").write_text(json.dumps(tree))
    answer = gate(addresses(2), budget("{name: g, max_increase: 5}"), "--baseline", "before.json")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK122"])


# Rules


@pytest.mark.parametrize(
    ("rule", "resource", "words"),
    [
        ("allow_regions: ['group:eu']", "{type: public_ipv4, region: eu-west-2}", "region eu-west-2 is not allowed"),
        ("allow_regions: ['eu-*']", "{type: public_ipv4}", "region us-east-1 is not allowed"),
        ("allow_regions: ['*']", "{type: lambda_edge_function, requests: 1}", "region global is not allowed"),
        ("forbid_types: [public_ipv4]", "{type: public_ipv4}", "type public_ipv4 is forbidden"),
        ("forbid_types: ['*_ipv4']", "{type: public_ipv4}", "type public_ipv4 is forbidden"),
        ("require_tags: [team, cost_center]", "{type: public_ipv4}", "tag cost_center missing"),
        ("require_tags: [a, b]", "{type: public_ipv4, tags: {a: ' '}}", "tags a, b missing"),
        ("max_per_resource: 3.64 USD", "{type: public_ipv4}", "over the limit for one resource"),
    ],
)
def test_a_rule_names_the_resource_and_what_is_wrong(gate: Gate, rule: str, resource: str, words: str) -> None:
    answer = gate(HEAD + f"  x: {resource}\n", budget(rules=(f"{{name: r, {rule}}}",)), "--allow-incomplete")
    assert answer.code == 3
    [result] = answer.tree["results"]
    assert [(mover["name"], mover["where"], mover["reason"]) for mover in result["resources"]] == [
        ("x", "costkit.yaml:6", words)
    ]


@pytest.mark.parametrize(
    ("rule", "resource"),
    [
        ("allow_regions: ['group:eu']", "{type: public_ipv4, region: eu-central-1}"),
        ("allow_regions: [us-east-1, global]", "{type: lambda_edge_function, requests: 1, duration: 1, memory: 128}"),
        ("forbid_types: [nat_gateway, aws_db_instance]", "{type: public_ipv4}"),
        ("require_tags: [team]", "{type: public_ipv4}"),
        ("max_per_resource: 3.65 USD", "{type: public_ipv4}"),
        ("scope: {types: [nat_gateway]}, max_per_resource: 1 USD", "{type: public_ipv4}"),
    ],
)
def test_a_rule_that_holds_passes(gate: Gate, rule: str, resource: str) -> None:
    answer = gate(HEAD + f"  x: {resource}\n", budget(rules=(f"{{name: r, {rule}}}",)), "--allow-incomplete")
    assert (answer.code, statuses(answer)) == (0, {"r": "passed"})


def test_the_european_union_is_its_member_states(gate: Gate, book: Any) -> None:
    eu = set(book.region_groups()["eu"])
    assert {"eu-west-1", "eu-west-3", "eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2"} <= eu
    assert not {"eu-west-2", "eu-central-2", "us-east-1", "global"} & eu


def test_a_rule_on_what_has_no_price_is_judged_all_the_same(gate: Gate) -> None:
    answer = gate(addresses(1, more=UNPRICED), budget(rules=("{name: r, allow_regions: [us-east-1]}",)))
    assert (answer.code, statuses(answer)) == (4, {"r": "failed"})
    capped = gate(addresses(1, more=UNPRICED), budget(rules=("{name: r, max_per_resource: 100 USD}",)))
    assert statuses(capped) == {"r": "incomplete"}


# Waivers

OVER = "{name: total, limit: 1 USD}"
WAIVER = "{{budget: total, until: {}, owner: platform, reason: launch}}"


@pytest.mark.parametrize(
    ("until", "code", "status"), [("2026-11-21", 0, "waived"), ("2026-11-20", 3, "failed"), ("2099-01-01", 0, "waived")]
)
def test_a_waiver_holds_until_the_end_of_its_last_day(gate: Gate, until: str, code: int, status: str) -> None:
    answer = gate(addresses(1), budget(OVER, waivers=(WAIVER.format(until),)))
    assert (answer.code, statuses(answer)) == (code, {"total": status})
    assert ("CK401" in {told.code for told in answer.told}) == (status == "failed")
    if status == "waived":
        [result] = answer.tree["results"]
        assert result["waiver"] == {"owner": "platform", "reason": "launch", "until": until}


def test_a_waiver_of_one_thing_waives_no_other_and_nothing_unknown(gate: Gate) -> None:
    policy = budget(OVER, "{name: other, limit: 1 USD}", waivers=(WAIVER.format("2099-01-01"),))
    assert statuses(gate(addresses(1), policy)) == {"total": "waived", "other": "failed"}
    assert gate(addresses(1, more=UNPRICED), budget(OVER, waivers=(WAIVER.format("2099-01-01"),))).code == 4


def test_a_rule_is_waived_by_its_own_name(gate: Gate) -> None:
    rule = "{name: total, require_tags: [nobody]}"
    for kind, status in (("rule", "waived"), ("budget", "failed")):
        waiver = f"{{{kind}: total, until: 2099-01-01, owner: o, reason: r}}"
        policy = budget("{name: total, limit: 99 USD}", rules=(rule,), waivers=(waiver,))
        assert [result["status"] for result in gate(addresses(1), policy).tree["results"]] == ["passed", status]


# The budget file


@pytest.mark.parametrize(
    ("policy", "code", "words"),
    [
        (budget("{limit: 5 USD}"), "CK106", "missing: name"),
        (budget("{name: t}"), "CK106", "missing: limit or max_increase"),
        (budget("{name: t, limit: 5 EUR}"), "CK104", "not an amount in USD"),
        (budget("{name: t, limit: -5}"), "CK104", "negative"),
        (budget("{name: t, limit: {low: 1, expected: 2}}"), "CK104", "no range is possible"),
        (budget("{name: t, limit: 5, warn_at: 120%}"), "CK104", "more than the whole"),
        (budget("{name: t, warn_at: 80%, max_increase: 5}"), "CK113", "warn_at"),
        (budget("{name: t, limit: 5, against: most}"), "CK104", "not a choice"),
        (budget("{name: t, max_increase: {ignore_below: 5}}"), "CK106", "missing: percent or amount"),
        (budget("{name: t, max_increase: {precent: 5}}"), "CK102", "unknown key: precent"),
        (budget("{name: t, limit: 5}", "{name: t, limit: 6}"), "CK103", "duplicate name"),
        (budget("{name: t, limit: 5, scope: {type: [x]}}"), "CK102", "unknown key: type"),
        (budget("{name: t, limit: 5, scope: {types: [lambda]}}"), "CK107", "unknown type: lambda"),
        (budget("{name: t, limit: 5, scope: {tags: [web]}}"), "CK104", "tags are a mapping"),
        (budget("{name: t, limit: 5, scope: {regions: [eu-wst-1]}}"), "CK108", "no region eu-wst-1"),
        (budget(rules=("{name: r}",)), "CK106", "a rule without a rule"),
        (budget(rules=("{name: r, allow_regions: ['group:mars']}",)), "CK108", "no group"),
        (budget(rules=("{name: r, allow_regions: []}",)), "CK104", "not a list of names"),
        (budget(rules=("{name: r, forbid_types: [nat]}",)), "CK107", "unknown type: nat"),
        (budget(OVER, waivers=("{budget: totl, until: 2027-01-01, owner: o, reason: r}",)), "CK403", "no budget"),
        (budget(OVER, waivers=("{budget: total, until: soon, owner: o, reason: r}",)), "CK104", "not a day"),
        (budget(OVER, waivers=("{budget: total, until: 2027-02-30, owner: o, reason: r}",)), "CK104", "not a day"),
        (budget(OVER, waivers=("{budget: total, until: 2027-01-01, reason: r}",)), "CK106", "missing: owner"),
        (budget(OVER, waivers=("{until: 2027-01-01, owner: o, reason: r}",)), "CK106", "one budget or one rule"),
        ("version: 1\n", "CK106", "nothing to judge"),
        ("version: 2\nbudgets: [{name: t, limit: 5}]\n", "CK104", "not a choice"),
        ("budgets: [{name: t, limit: 5}]\n", "CK106", "missing: version"),
        ("version: 1\nbudgets: {name: t, limit: 5}\n", "CK104", "not a list"),
        ("version: 1\nbudgets: [5]\n", "CK104", "not a mapping"),
        ("[]\n", "CK104", "a budget file is a mapping"),
        ("version: 1\nbudget: []\n", "CK102", "unknown key: budget"),
    ],
)
def test_a_slip_in_the_budget_file_is_told_with_its_line(gate: Gate, policy: str, code: str, words: str) -> None:
    answer = gate(addresses(1), policy)
    assert answer.code == 2
    assert [told.code for told in answer.told if words in told.message] == [code]
    assert all(told.where.startswith("budget.yaml:") for told in answer.told)


def test_everything_wrong_in_a_budget_file_is_told_at_once(gate: Gate) -> None:
    policy = budget("{name: t, limt: 5}", "{name: u, limit: cheap}", rules=("{name: r, forbid_types: [nat]}",))
    assert [told.where for told in gate(addresses(1), policy).told] == [
        "budget.yaml:3",
        "budget.yaml:3",
        "budget.yaml:4",
        "budget.yaml:6",
    ]


# Git


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., str]:
    """Runs git in the test's directory."""

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    git("init", "-q", "-b", "main")
    return git


GROWTH = budget("{name: g, max_increase: {amount: 1 USD}}")


def test_a_baseline_is_read_from_git_without_touching_the_work_tree(
    gate: Gate, repository: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "costkit.yaml").write_text(addresses(1))
    repository("add", ".")
    repository("commit", "-qm", "one")
    repository("tag", "v1")
    answer = gate(addresses(3), GROWTH, "--baseline-ref", "v1")
    assert (answer.code, answer.tree["results"][0]["actual"]) == (3, "7.3")
    assert repository("status", "--porcelain", "--ignored=no").split() == ["M", "costkit.yaml", "??", "budget.yaml"]
    assert (tmp_path / "costkit.yaml").read_text() == addresses(3)


def test_a_spec_that_is_new_grows_from_nothing(gate: Gate, repository: Callable[..., str]) -> None:
    repository("commit", "-qm", "empty", "--allow-empty")
    answer = gate(addresses(1), GROWTH, "--baseline-ref", "main")
    assert (answer.code, answer.tree["results"][0]["before"]) == (3, "0")
    assert "CK407" in {told.code for told in answer.told}


@pytest.mark.parametrize("reference", ["nowhere", "--upload-pack=touch x", "main:costkit.yaml", ""])
def test_a_reference_that_git_does_not_know_is_a_bad_call(
    gate: Gate, repository: Callable[..., str], reference: str, tmp_path: Path
) -> None:
    repository("commit", "-qm", "empty", "--allow-empty")
    answer = gate(addresses(1), GROWTH, f"--baseline-ref={reference}")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK405"])
    assert not (tmp_path / "x").exists()


def test_outside_a_repository_git_cannot_be_asked(gate: Gate) -> None:
    answer = gate(addresses(1), GROWTH, "--baseline-ref", "main", "-q")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK405"])


def test_a_usage_file_is_read_at_the_reference_too(ask: Ask, repository: Callable[..., str], tmp_path: Path) -> None:
    template = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}
    (tmp_path / "template.json").write_text(json.dumps(template))
    (tmp_path / "usage.yml").write_text("version: 1\nresources: {Q: {requests: 2M}}\n")
    repository("add", ".")
    repository("commit", "-qm", "one")
    (tmp_path / "usage.yml").write_text("version: 1\nresources: {Q: {requests: 12M}}\n")
    (tmp_path / "b.yaml").write_text(GROWTH)
    arguments = ("template.json", "--usage", "usage.yml", "--region", "us-east-1", "--budget", "b.yaml", "-f", "json")
    answer = ask("check", *arguments, "--baseline-ref", "HEAD", *DAY)
    [result] = answer.tree["results"]
    assert (result["before"], result["after"]) == ("0.4", "4.4")


OWN_SPEC = "version: 1\nregion: us-east-1\nprices: ours\nresources: {address: {type: public_ipv4}}\n"
OWN_TABLE = """table: public_ipv4
currency: USD
meters:
  hour:
    unit: address-hour
    title: Public IPv4 address
    rows:
      - {region: us-east-1, effective: 2026-06-01, confirmed: 2026-11-01, price: %s, source: CONTRACT}
"""


@pytest.fixture
def contract(repository: Callable[..., str], tmp_path: Path) -> Path:
    """A spec in a folder with a table of its own, both committed at 0.004 an hour; now it costs 0.006."""
    folder = tmp_path / "infra"
    (folder / "ours").mkdir(parents=True)
    (folder / "costkit.yaml").write_text(OWN_SPEC)
    (folder / "ours" / "public_ipv4.yaml").write_text(OWN_TABLE % "0.004")
    repository("add", ".")
    repository("commit", "-qm", "one")
    (folder / "ours" / "public_ipv4.yaml").write_text(OWN_TABLE % "0.006")
    return folder


@pytest.mark.parametrize("inside", [True, False])
def test_tables_of_their_own_are_read_at_the_reference_too(
    ask: Ask, contract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: bool
) -> None:
    (tmp_path / "b.yaml").write_text(GROWTH)
    if inside:
        monkeypatch.chdir(contract)
    files = ("costkit.yaml", "../b.yaml") if inside else ("infra/costkit.yaml", "b.yaml")
    answer = ask("check", files[0], "--budget", files[1], "--baseline-ref", "main", "-f", "json", *DAY)
    [result] = answer.tree["results"]
    # 730 h x 0.004 = 2.92, and x 0.006 = 4.38.
    assert (result["before"], result["after"]) == ("2.92", "4.38")
    # The resource did not move in a pool: its price is another one.
    [mover] = result["resources"]
    assert mover["reason"] == "changed"


def test_a_diff_names_both_states_of_their_tables(ask: Ask, contract: Path) -> None:
    answer = ask("diff", "main:infra/costkit.yaml", "infra/costkit.yaml", "-f", "json", *DAY)
    assert (answer.tree["before"], answer.tree["after"]) == ("2.92", "4.38")
    assert answer.tree["prices"]["overlays"] == ["infra/ours/public_ipv4.yaml", "main:infra/ours/public_ipv4.yaml"]
    assert [(one["name"], one["status"]) for one in answer.tree["resources"]] == [("address", "changed")]


def test_tables_that_are_gone_since_are_still_read_at_the_reference(ask: Ask, contract: Path) -> None:
    shutil.rmtree(contract / "ours")
    (contract / "costkit.yaml").write_text(OWN_SPEC.replace("prices: ours\n", ""))
    answer = ask("diff", "main:infra/costkit.yaml", "infra/costkit.yaml", "-f", "json", *DAY)
    # AWS's 0.005: 3.65.
    assert (answer.tree["before"], answer.tree["after"]) == ("2.92", "3.65")


def test_tables_that_are_not_at_the_reference_are_told(
    ask: Ask, contract: Path, repository: Callable[..., str]
) -> None:
    (contract / "costkit.yaml").write_text(OWN_SPEC.replace("ours", "theirs"))
    repository("commit", "-qam", "two")
    (contract / "theirs").mkdir()
    answer = ask("diff", "main:infra/costkit.yaml", "infra/costkit.yaml", *DAY)
    assert answer.code == 2
    [told] = answer.told
    assert (told.code, told.where, told.hint) == (
        "CK101",
        "main:infra/costkit.yaml:3",
        "it is read at main, as the spec is",
    )


def test_tables_outside_the_repository_are_taken_as_they_are(
    ask: Ask, contract: Path, repository: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    shutil.copytree(contract / "ours", outside / "ours")
    (contract / "costkit.yaml").write_text(OWN_SPEC.replace("ours", str(outside / "ours")))
    repository("commit", "-qam", "two")
    answer = ask("diff", "main:infra/costkit.yaml", "infra/costkit.yaml", "-f", "json", *DAY)
    assert (answer.tree["before"], answer.tree["after"]) == ("4.38", "4.38")


def test_several_specs_must_mean_the_same_tables(ask: Ask, contract: Path, tmp_path: Path) -> None:
    shutil.copytree(contract, tmp_path / "other")
    text = OWN_SPEC.replace("{address", "{second")
    (tmp_path / "other" / "costkit.yaml").write_text(text)
    answer = ask("check", "infra/costkit.yaml", "other/costkit.yaml", "--max-monthly", "9", *DAY)
    # Both say ours, and mean two directories.
    assert (answer.code, [(told.code, told.where) for told in answer.told]) == (2, [("CK113", "other/costkit.yaml:3")])
    (tmp_path / "other" / "costkit.yaml").write_text(text.replace("ours", "../infra/ours"))
    answer = ask("check", "infra/costkit.yaml", "other/costkit.yaml", "--max-monthly", "9", "-f", "json", *DAY)
    assert answer.total == "8.76"


# Formats


def test_a_slip_is_annotated_on_github_at_its_line(gate: Gate) -> None:
    answer = gate(addresses(1), "version: 1\nbudgets:\n  - {name: t, limt: 5}\n", form="github")
    assert answer.code == 2
    assert answer.out.startswith("::error file=budget.yaml,line=3,endLine=3,title=CK102::unknown key: limt")


def test_the_csv_has_a_row_a_gate(gate: Gate) -> None:
    policy = budget("{name: '=total', limit: 1 USD}", rules=("{name: r, require_tags: [x]}",))
    answer = gate(addresses(2), policy, form="csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert [(row["gate"], row["status"], row["actual"]) for row in rows] == [
        ("'=total", "failed", "7.3"),
        ("r", "failed", ""),
    ]


def test_a_comment_starts_with_its_marker_and_is_never_too_long(gate: Gate) -> None:
    many = HEAD + "".join(f"  {'n' * 60}{place}: {{type: public_ipv4}}\n" for place in range(1500))
    answer = gate(many, budget("{name: total, limit: 1 USD}"), form="markdown", base=addresses(1))
    assert answer.code == 3
    assert answer.out.startswith("<!-- costkit:check:net -->\n")
    assert len(answer.out.encode()) <= 65_536
    assert "more; the whole is in the JSON and CSV" in answer.out
    assert answer.out.count("<details>") == answer.out.count("</details>") == 1


def test_hostile_names_are_harmless_in_every_format(gate: Gate) -> None:
    name = '"\\n::error::x <img src=x> @everyone | `a` \\e[31m -->"'
    spec = HEAD + f"  {name}: {{type: public_ipv4, tags: {{team: '@x'}}}}\n"
    policy = budget("{name: 't|<b>', limit: 1 USD}")
    for form in ("table", "markdown", "github", "junit", "sarif", "gitlab", "gitlab-metrics", "dotenv", "csv"):
        out = gate(spec, policy, form=form).out
        assert "\x1b" not in out
        assert "\n::error::x" not in out
        if form == "markdown":
            assert "<img" not in out
            assert "@everyone" not in out
            assert out.count("-->") == 1


def test_a_summary_is_added_on_github(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    gate(addresses(2), budget("{name: total, limit: 1 USD}"), form="json")
    assert summary.read_text() == "before\n"
    answer = gate(addresses(2), budget("{name: total, limit: 1 USD}"), form="github")
    assert answer.out.startswith("::error file=costkit.yaml,line=6,endLine=6,title=Budget total exceeded::")
    assert summary.read_text().startswith("before\n<!-- costkit:check:net -->")


def test_the_table_says_what_failed_and_where(gate: Gate) -> None:
    answer = gate(addresses(2), budget("{name: total, limit: 1 USD}"), form="table")
    assert "total failed: 7.30 USD a month, 6.30 over its limit of 1.00 USD" in answer.out
    assert "a0 7.30  costkit.yaml:6" in answer.out
    assert answer.out.endswith("failed: of 1 gate 1 failed\n")


# Schemas


def test_what_is_written_fits_its_schema(gate: Gate, ask: Ask) -> None:
    policy = budget(
        "{name: total, limit: 1 USD, warn_at: 80%}",
        "{name: g, scope: {tags: {team: web}}, max_increase: {percent: 10}}",
        rules=("{name: r, require_tags: [x]}", "{name: m, max_per_resource: 5 USD}"),
        waivers=("{rule: r, until: 2099-01-01, owner: o, reason: r}",),
    )
    schema = ask("schema", "check").tree
    Draft202012Validator.check_schema(schema)
    jsonschema.validate(gate(addresses(2, more=UNPRICED), policy, base=addresses(1)).tree, schema)
    diff = ask("diff", "base.yaml", "costkit.yaml", "-f", "json", *DAY).tree
    jsonschema.validate(diff, ask("schema", "diff").tree)
    written = ask("schema", "budget").tree
    Draft202012Validator.check_schema(written)
    jsonschema.validate(yaml.load(policy, yaml.BaseLoader) | {"version": 1}, written)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 1, "budgets": [{"name": "t", "limt": 5}]}, written)


# What a fresh pair of eyes found


def test_a_closed_pipe_does_not_turn_a_verdict_into_a_pass(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "costkit.yaml").write_text(addresses(2))
    for arguments, code in ((["--max-monthly", "1"], 3), (["--max-monthly", "9"], 0)):
        command = [sys.executable, "-m", "costkit", "check", *arguments, *DAY]
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()
        assert process.wait(timeout=60) == code


def test_an_unused_commitment_is_among_what_moved_a_gate(gate: Gate) -> None:
    plan = "commitments: [{kind: compute_savings_plan, hourly: 0.10, term: 1y, payment: no_upfront}]\n"
    base = addresses(1)
    answer = gate(base + plan, budget("{name: t, limit: 9 USD}", "{name: g, max_increase: {amount: 1}}"), base=base)
    for result in answer.tree["results"]:
        [first, *_] = result["resources"]
        assert (first["name"], first["monthly_cost"], first["change"]) == (
            "Compute Savings Plan 1y no upfront, unused",
            "73",
            "73",
        )


def test_growth_that_is_exceeded_for_certain_has_failed_though_something_is_missing(gate: Gate) -> None:
    policy = budget("{name: g, max_increase: {amount: 1 USD}}")
    answer = gate(addresses(3, more=UNPRICED), policy, base=addresses(1))
    assert (answer.code, statuses(answer)) == (4, {"g": "failed"})


def test_two_answers_cannot_go_to_one_file(gate: Gate) -> None:
    answer = gate(addresses(1), budget("{name: t, limit: 9 USD}"), "-o", "json=a.txt", "-o", "csv=./a.txt")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK116"])


def test_a_link_to_a_spec_has_a_past_too(gate: Gate, repository: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "real.yaml").write_text(addresses(1))
    (tmp_path / "link.yaml").symlink_to("specs/real.yaml")
    repository("add", ".")
    repository("commit", "-qm", "one")
    (tmp_path / "specs" / "real.yaml").write_text(addresses(2))
    gate(addresses(1), GROWTH, base=addresses(1))
    answer = gate(addresses(1), GROWTH, "link.yaml", "--baseline-ref", "main")
    assert answer.tree["results"][0]["actual"] == "3.65"


def test_usage_may_be_for_the_baseline_only(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text(json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}))
    (tmp_path / "usage.yml").write_text("version: 1\nresources: {Q: {requests: 2M}}\n")
    (tmp_path / "spec.yaml").write_text(addresses(1))
    common = ("--usage", "usage.yml", "--region", "us-east-1", "-f", "json", *DAY)
    assert ask("diff", "template.json", "spec.yaml", *common).tree["change"] == "3.25"
    assert ask("diff", "spec.yaml", "template.json", *common).tree["change"] == "-3.25"
    assert ask("diff", "spec.yaml", "spec.yaml", *common).code == 2


def test_a_name_that_looks_like_a_workflow_command_starts_no_line(gate: Gate) -> None:
    spec = HEAD + '  "::set-output name=x::y": {type: public_ipv4}\n'
    answer = gate(spec, budget("{name: '::error::t', limit: 1 USD}"), form="table")
    assert not [line for line in (answer.out + answer.err).split("\n") if line.lstrip().startswith("::")]


def test_nobody_is_mentioned_in_a_comment(gate: Gate) -> None:
    spec = HEAD + '  "@octocat #1 GH-2 https://evil.example www.evil.example": {type: public_ipv4}\n'
    out = gate(spec, budget("{name: t, limit: 1 USD}"), form="markdown").out
    shown = html.unescape(out)
    for live in ("@octocat", "#1 ", "GH-2", "https://evil", "www.evil"):
        assert live not in shown
