"""Allocation: the first rule that fits, shared costs that add up to the last decimal, and what is nobody's."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from asking import Answer
from billing_rows import Line, month_line, write_bill
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from costkit.billing.allocation import allocated as allocate
from costkit.billing.matching import like
from costkit.billing.orphans import beginning
from costkit.billing.splitting import divided
from costkit.model.allocation import AllocationRule, Split
from costkit.model.bill import BillRow, BillRows, Costs, FinanceReport
from costkit.model.policy import EVERYTHING
from costkit.yaml_exact import read

D = Decimal
Ask = Callable[..., Answer]
Allocated = Callable[..., Answer]
RULES = """version: 1
rules:
  - {name: tagged, to_tag: team}
  - {name: warehouse, services: ["AmazonRedshift*"], to: data}
  - {name: lab, accounts: [444455556666], regions: ["eu-*"], to: research}
  - {name: front, resources: ["web-*"], to: web}
  - {name: stage, tags: {env: "st*"}, to: qa}
"""


@pytest.fixture
def allocated(ask: Ask, tmp_path: Path) -> Allocated:
    def asked(rows: list[Line], rules: str, *arguments: str) -> Answer:
        (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
        write_bill(tmp_path / "bill.csv", rows)
        return ask("report", "bill.csv", "--allocate", "rules.yaml", *arguments)

    return asked


def rows_of(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.out)))


def owners(answer: Answer) -> dict[str, Decimal]:
    return {row["owner"]: D(row["billed_cost"]) for row in rows_of(answer)}


def used(cost: str, **more: str) -> Line:
    return month_line("2026-10", cost, **more)


def tagged(**tags: str) -> str:
    return json.dumps({f"user_{key}": value for key, value in tags.items()})


def test_the_first_rule_that_fits_decides(allocated: Allocated) -> None:
    rows = [
        used("1", tags=tagged(team="web"), service="AmazonRedshift"),
        used("2", service="AmazonRedshiftServerless"),
        used("4", account="444455556666", region="eu-west-1"),
        used("8", account="444455556666", region="us-east-1"),
        used("16", resource="web-assets"),
        used("32", resource="arn:aws:lambda:us-east-1:111122223333:function:web-api"),
        used("64", resource="old-web-api"),
        used("128", tags=tagged(env="stage", team="  ")),
        used("256", type="Tax", account="444455556666", region="eu-west-1"),
    ]
    answer = allocated(rows, RULES, "-f", "csv")
    assert owners(answer) == {
        "web": D(1 + 16 + 32),
        "data": D(2),
        "research": D(4 + 256),
        "qa": D(128),
        "(unallocated)": D(8 + 64),
    }
    assert answer.told == []


def test_owners_stand_beside_other_groups_and_the_month_before(allocated: Allocated) -> None:
    rows = [
        used("3", tags=tagged(team="web")),
        used("1", type="Tax", tags=tagged(team="web")),
        month_line("2026-09", "2", tags=tagged(team="web")),
        month_line("2026-09", "5", service="AmazonRedshift"),
    ]
    answer = allocated(rows, RULES, "--by", "service,owner", "--previous", "-f", "csv")
    found = [(row["service"], row["owner"], row["billed_cost"], row["previous_cost"]) for row in rows_of(answer)]
    assert found == [
        ("AmazonEC2", "web", "3", "2"),
        ("Tax", "web", "1", "0"),
        ("AmazonRedshift", "data", "0", "5"),
    ]


SHARED = """version: 1
rules:
  - {name: tagged, to_tag: team}
  - {name: shared, services: [Shared], split: SPLIT}
"""
TEAMS = [
    used("30", tags=tagged(team="web")),
    used("10", tags=tagged(team="data")),
    used("-5", tags=tagged(team="lab")),
]


@pytest.mark.parametrize(
    ("split", "parts"),
    [
        # A third of 10 ends nowhere: the crumb of the twelfth decimal goes to the first of equal remainders.
        ("even", {"data": "3.333333333334", "lab": "3.333333333333", "web": "3.333333333333"}),
        ("{how: even, among: [web, new]}", {"web": "5", "new": "5"}),
        ("{how: weighted, weights: {web: 3, data: 1}}", {"web": "7.5", "data": "2.5"}),
        ("{how: weighted, weights: {web: 0.5, data: 1}}", {"web": "3.333333333333", "data": "6.666666666667"}),
        # 30 and 10 of their own; the lab's credits are no share.
        ("usage", {"web": "7.5", "data": "2.5"}),
        ("{how: usage, among: [data, lab]}", {"data": "10"}),
    ],
)
def test_shared_costs_are_divided_to_the_last_decimal(allocated: Allocated, split: str, parts: dict[str, str]) -> None:
    rules = SHARED.replace("SPLIT", split)
    answer = allocated([*TEAMS, used("10", service="Shared")], rules, "-f", "csv")
    own = {"web": D(30), "data": D(10), "lab": D(-5)}
    given = {owner: D(part) for owner, part in parts.items()}
    assert owners(answer) == {owner: own.get(owner, D(0)) + given.get(owner, D(0)) for owner in {**own, **given}}
    assert sum(owners(answer).values()) == D(45)


def test_what_nobody_can_share_stays_unallocated_and_is_told(allocated: Allocated) -> None:
    answer = allocated([used("10", service="Shared"), used("1")], SHARED.replace("SPLIT", "usage"), "-f", "csv")
    assert owners(answer) == {"(unallocated)": D(11)}
    told = {found.code: found for found in answer.told}
    assert set(told) == {"CK609", "CK610"}
    assert (told["CK610"].where, told["CK610"].severity) == ("rules.yaml:4", "warning")
    assert "nobody shares what shared takes in 2026-10" in told["CK610"].message


def test_each_month_is_divided_by_its_own_costs(allocated: Allocated) -> None:
    rows = [
        used("10", service="Shared"),
        used("1", tags=tagged(team="web")),
        used("1", tags=tagged(team="data")),
        month_line("2026-09", "10", service="Shared"),
        month_line("2026-09", "9", tags=tagged(team="web")),
        month_line("2026-09", "1", tags=tagged(team="data")),
    ]
    found = rows_of(allocated(rows, SHARED.replace("SPLIT", "usage"), "--previous", "-f", "csv"))
    assert {row["owner"]: (row["billed_cost"], row["previous_cost"]) for row in found} == {
        "web": ("6", "18"),
        "data": ("6", "2"),
    }


def test_currencies_share_apart(allocated: Allocated) -> None:
    rows = [
        used("1", tags=tagged(team="web")),
        used("1", tags=tagged(team="data"), currency="EUR"),
        used("10", service="Shared"),
        used("6", service="Shared", currency="EUR"),
    ]
    found = rows_of(allocated(rows, SHARED.replace("SPLIT", "even"), "-f", "csv"))
    assert {(row["owner"], row["currency"], row["billed_cost"]) for row in found} == {
        ("web", "USD", "11"),
        ("data", "EUR", "7"),
    }


def test_a_rule_that_takes_nothing_is_told_at_its_line(allocated: Allocated) -> None:
    rules = RULES + '  - {name: late, services: ["AmazonRedshift"], to: nobody}\n'
    rows = [used("2", service="AmazonRedshift"), used("1", tags=tagged(team="web"))]
    answer = allocated(rows, rules, "-f", "csv")
    assert [(told.where, told.code) for told in answer.told] == [
        ("rules.yaml:5", "CK609"),
        ("rules.yaml:6", "CK609"),
        ("rules.yaml:7", "CK609"),
        ("rules.yaml:8", "CK609"),
    ]
    assert "the rule late took nothing" in answer.err


def test_json_says_what_each_rule_took_and_what_is_nobodys(allocated: Allocated) -> None:
    function = "arn:aws:lambda:us-east-1:111122223333:function:"
    rows = [
        used("9", resource=f"{function}web-api", tags=tagged(team="web"), service="AWSLambda"),
        used("9", resource=f"{function}web-login", tags=tagged(team="web"), service="AWSLambda"),
        used("9", resource=f"{function}etl-load", tags=tagged(team="data"), service="AWSLambda"),
        used("3", resource=f"{function}etl-check", service="AWSLambda"),
        used("2", resource=f"{function}mailer", service="AWSLambda"),
        used("5", resource="i-0123456789abcdef0"),
        used("7", type="Tax"),
    ]
    rules = "version: 1\nrules: [{name: tagged, to_tag: team}]\n"
    tree = allocated(rows, rules, "-f", "json").tree["allocation"]
    assert tree["rules"] == [{"name": "tagged", "currency": "USD", "lines": 3, "cost": "27"}]
    found = {orphan["resource"]: (orphan["cost"], orphan["guess"]) for orphan in tree["unallocated_resources"]}
    by_place = {"owner": "web", "alike": 2, "siblings": 3, "by": "same account and service"}
    by_name = {"owner": "data", "alike": 1, "siblings": 1, "by": "names that begin with etl-"}
    assert found == {
        "i-0123456789abcdef0": ("5", None),
        f"{function}etl-check": ("3", by_name),
        f"{function}mailer": ("2", by_place),
    }
    table = allocated(rows, rules).out
    assert "data: 1 of 1 with names that begin with etl-" in table
    assert "web: 2 of 3 with same account and service" in allocated(rows, rules, "-f", "markdown").out.replace("\\", "")


def test_a_long_list_of_resources_says_how_many_more_there_are(allocated: Allocated) -> None:
    rows = [used("1", resource=f"thing{number:03}") for number in range(57)]
    rules = "version: 1\nrules: [{name: tagged, to_tag: team}]\n"
    tree = allocated(rows, rules, "-f", "json").tree["allocation"]
    assert (len(tree["unallocated_resources"]), tree["more_unallocated_resources"]) == (50, 7)
    assert "and 47 more" in allocated(rows, rules).out


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("[]", [("rules.yaml:1", "CK104")]),
        ("version: 1\n", [("rules.yaml:1", "CK106")]),
        ("version: 1\nrules: {a: b}\n", [("rules.yaml:2", "CK104")]),
        ("version: 2\nrules:\n- {name: a, to: b}\n", [("rules.yaml:1", "CK104")]),
        (
            "version: 1\nrules:\n- {name: a}\n- {name: a, to: b}\n",
            [("rules.yaml:3", "CK106"), ("rules.yaml:4", "CK103")],
        ),
        ("version: 1\nrules:\n- {name: a, to: b, to_tag: c}\n", [("rules.yaml:3", "CK113")]),
        ("version: 1\nrules:\n- {name: a, to: b, service: c}\n", [("rules.yaml:3", "CK102")]),
        ("version: 1\nrules:\n- {name: a, to: b, charges: [Taxes]}\n", [("rules.yaml:3", "CK104")]),
        ("version: 1\nrules:\n- {name: a, to: b, tags: [c]}\n", [("rules.yaml:3", "CK104")]),
        ("version: 1\nrules:\n- {name: a, to: b, tags: {c: [d]}}\n", [("rules.yaml:3", "CK104")]),
        ("version: 1\nrules:\n- {name: a, split: fair}\n", [("rules.yaml:3", "CK104")]),
        ("version: 1\nrules:\n- {name: a, split: weighted}\n", [("rules.yaml:3", "CK106")]),
        ("version: 1\nrules:\n- name: a\n  split: {how: even, weights: {b: 1}}\n", [("rules.yaml:4", "CK113")]),
        (
            "version: 1\nrules:\n- name: a\n  split: {how: weighted, among: [b],\n    weights: {b: 0, c: -1, d: x}}\n",
            [("rules.yaml:4", "CK113"), *[("rules.yaml:5", "CK104")] * 3],
        ),
        ("version: 1\nrules:\n- x\n- {to: 1}\n", [("rules.yaml:3", "CK104"), ("rules.yaml:4", "CK106")]),
    ],
)
def test_everything_that_is_wrong_with_rules_is_told_at_its_line(
    allocated: Allocated, rules: str, told: list[tuple[str, str]]
) -> None:
    answer = allocated([used("1")], rules)
    assert answer.code == 2
    assert [(found.where, found.code) for found in answer.told] == told


@pytest.mark.parametrize("name", ["service", "owner,owner"])
def test_the_owner_is_a_group_of_an_allocation_and_only_there(allocated: Allocated, name: str) -> None:
    answer = allocated([used("1")], RULES, "--by", name)
    assert (answer.code, answer.told[0].code) == (2, "CK607")


def test_without_rules_there_is_no_owner(ask: Ask, tmp_path: Path) -> None:
    write_bill(tmp_path / "bill.csv", [used("1")])
    answer = ask("report", "bill.csv", "--by", "owner")
    assert (answer.code, answer.told[0].hint) == (2, "give --allocate RULES")
    assert ask("report", "bill.csv", "--allocate", "none.yaml").told[0].code == "CK101"


def test_hostile_names_are_neither_sql_nor_formulas(allocated: Allocated) -> None:
    rows = [used("1", tags=tagged(team="=cmd()"), resource="x'; DROP TABLE charges; --"), used("2", resource="50%_!")]
    rules = """version: 1
rules:
  - {name: "it's", resources: ["*'; DROP*"], to: "o'brien"}
  - {name: signs, resources: ["50%_!*"], to: "s:0"}
"""
    assert owners(allocated(rows, rules, "-f", "csv")) == {"o'brien": D(1), "s:0": D(2)}
    tag = "version: 1\nrules: [{name: a, to_tag: team}]\n"
    assert owners(allocated(rows, tag, "-f", "csv")) == {"'=cmd()": D(1), "(unallocated)": D(2)}


def test_the_example_is_valid_by_its_schema_and_its_reader(ask: Ask, tmp_path: Path) -> None:
    schema = ask("schema", "allocation").tree
    Draft202012Validator.check_schema(schema)
    tree, _, _ = read((ROOT / "examples" / "allocation.yaml").read_text(encoding="utf-8"), "example")
    plain = json.loads(json.dumps(tree, default=float))
    Draft202012Validator(schema).validate(plain)
    plain["rules"][0]["to"] = "web"
    assert not Draft202012Validator(schema).is_valid(plain)
    write_bill(tmp_path / "bill.csv", [used("1", service="AmazonRedshift")])
    answer = ask("report", "bill.csv", "--allocate", str(ROOT / "examples" / "allocation.yaml"), "-f", "csv")
    assert owners(answer) == {"data": D(1)}


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=12, allow_nan=False)
weights = st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=9).filter(any)


@given(amounts, weights)
def test_parts_add_up_and_none_is_a_crumb_from_its_share(amount: Decimal, shares: list[Decimal]) -> None:
    parts = divided(amount, shares)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * sum(shares) - amount * share) < D("1e-12") * sum(shares) + D("1e-15")
        assert share or not part


costs = st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=12)
sums = st.builds(Costs, costs, costs, costs, costs)
# Two owners, a shared cost of each way to divide it, and what is nobody's, each in two services.
decided = st.sampled_from(["o:web", "o:data", "s:0", "s:1", "s:2", "u:"])
entries = st.dictionaries(st.tuples(decided, st.sampled_from(["S3", "EC2"])), st.tuples(sums, st.none() | sums))
WAYS = [
    AllocationRule(way, EVERYTHING, split=Split(way, among))
    for way, among in (("even", ()), ("usage", ()), ("weighted", (("web", D("0.3")), ("new", D(2)))))
]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """A sum that is unknown if a part of it is."""
    found = D(0)
    for amount in amounts:
        if amount is None:
            return None
        found += amount
    return found


@given(entries, st.booleans())
def test_allocation_moves_costs_and_never_changes_their_sum(
    given_rows: dict[tuple[str, str], tuple[Costs, Costs | None]], compared: bool
) -> None:
    rows = [
        BillRow("2026-10", keys, now, before or Costs(*[D(0)] * 4) if compared else None, "USD", "open")
        for keys, (now, before) in given_rows.items()
    ]
    report = FinanceReport(
        "2026-10", ("owner", "service"), "billed", BillRows(len(rows), lambda: iter(rows)), (), (), (), "open", (), ()
    )
    after = allocate(report, WAYS).rows
    for place in range(4):
        assert _sum(row.costs[place] for row in after) == _sum(row.costs[place] for row in rows)
        assert _sum(row.previous[place] for row in after if row.previous is not None) == _sum(
            row.previous[place] for row in rows if row.previous is not None
        )
    assert len({row.keys for row in after}) == len(after)
    assert {row.keys[0] for row in after} <= {"web", "data", "new", "(unallocated)"}


def test_the_largest_remainder_gets_the_crumb() -> None:
    # 0.000000000005 by 1:1:3 is 1, 1 and 3 crumbs; by 2:3:3 it is 1.25, 1.875 and 1.875.
    assert divided(D("0.000000000005"), [D(1), D(1), D(3)]) == [D("1e-12"), D("1e-12"), D("3e-12")]
    assert divided(D("-0.000000000005"), [D(2), D(3), D(3)]) == [D("-1e-12"), D("-2e-12"), D("-2e-12")]


@pytest.mark.parametrize(
    ("resource", "begun"),
    [
        ("arn:aws:lambda:us-east-1:111122223333:function:web-api", "web-"),
        ("arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/shop_lb/50dc6c495c0c9188", "shop_"),
        ("vol-0123456789abcdef0", ""),
        ("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0", ""),
        ("ab-c", ""),
        ("", ""),
        ("::/", ""),
    ],
)
def test_names_begin_with_a_word_unless_aws_gave_them(resource: str, begun: str) -> None:
    assert beginning(resource) == begun


def test_a_pattern_is_only_its_stars() -> None:
    assert like("a*b%c_d!e") == "a%b!%c!_d!!e"


def test_what_is_not_known_is_not_shared_and_never_zero(allocated: Allocated) -> None:
    # The bill has no column for what a plan's covered usage costs.
    covered = used("3", type="SavingsPlanCoveredUsage", tags=tagged(team="web"))
    rows = [covered, used("1", tags=tagged(team="data")), used("10", service="Shared", resource="pool"), used("9")]
    answer = allocated(rows, SHARED.replace("SPLIT", "usage"), "-f", "json")
    assert {row["keys"]["owner"]: row["effective_cost"] for row in answer.tree["rows"]} == {
        "(unallocated)": "19",
        "data": "1",
        "web": None,
    }
    assert answer.tree["allocation"]["rules"][0]["cost"] is None
    assert {"CK602", "CK610"} <= {told.code for told in answer.told}
    by_weight = SHARED.replace("SPLIT", "{how: weighted, weights: {web: 3, data: 2}}")
    tree = allocated(rows, by_weight, "-f", "json").tree
    assert {row["keys"]["owner"]: row["effective_cost"] for row in tree["rows"]} == {
        "(unallocated)": "9",
        "data": "5",
        "web": None,
    }
    nobodys = [used("3", type="SavingsPlanCoveredUsage", resource="a"), used("4", resource="b")]
    nobody = "version: 1\nrules: [{name: tagged, to_tag: team}]\n"
    tree = allocated(nobodys, nobody, "-f", "json").tree["allocation"]
    found = [(orphan["resource"], orphan["cost"]) for orphan in tree["unallocated_resources"]]
    assert found == [("b", "4"), ("a", None)]
    assert "unknown" in allocated(nobodys, nobody).out


@pytest.mark.parametrize("more", [("-o", "parquet=owners.parquet"), ("-o", "owners.parquet", "-o", "csv=owners.csv")])
def test_owners_are_a_column_of_parquet_too(allocated: Allocated, tmp_path: Path, more: tuple[str, ...]) -> None:
    rows = [used("1", tags=tagged(team="web")), used("2")]
    assert allocated(rows, RULES, *more).code == 0
    found = duckdb.sql(f"SELECT owner, billed_cost FROM '{tmp_path / 'owners.parquet'}'").fetchall()
    assert sorted(found) == [("(unallocated)", D(2)), ("web", D(1))]


def test_nobodys_resources_are_no_heading_where_there_are_none(allocated: Allocated) -> None:
    answer = allocated([used("1", tags=tagged(team="web"))], "version: 1\nrules: [{name: tagged, to_tag: team}]\n")
    assert answer.code == 0
    assert "Resources" not in answer.out
