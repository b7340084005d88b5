"""The diff: what was added, removed, changed, and what shared tiers moved; all sums tie."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import costkit
from costkit.gate.difference import difference
from costkit.model.verdict import SAME
from costkit.pricebook.book import PriceBook

Ask = Callable[..., Answer]
DAY = "2026-11-21"
HEAD = "version: 1\nname: q\nregion: us-east-1\nresources:\n"


def queue(name: str, millions: int) -> str:
    return f"  {name}: {{type: sqs_queue, requests: {millions}M}}\n"


@pytest.fixture
def compared(ask: Ask, tmp_path: Path) -> Callable[..., Answer]:
    def asked(base: str, head: str, *arguments: str) -> Answer:
        (tmp_path / "base.yaml").write_text(HEAD + base, encoding="utf-8")
        (tmp_path / "head.yaml").write_text(HEAD + head, encoding="utf-8")
        return ask("diff", "base.yaml", "head.yaml", "--on", DAY, *arguments)

    return asked


Compared = Callable[..., Answer]


def test_a_pool_moves_untouched_neighbours_and_says_so(compared: Compared) -> None:
    # Before: 1M + 1M share one free million: 0.20 each. After: 1M + 4M, so a keeps a fifth of it: 0.32.
    tree = compared(queue("a", 1) + queue("b", 1), queue("a", 1) + queue("b", 4), "-f", "json").tree
    found = {entry["name"]: entry for entry in tree["resources"]}
    assert (found["a"]["status"], found["a"]["before"], found["a"]["after"]) == ("moved", "0.2", "0.32")
    assert (found["b"]["status"], found["b"]["before"], found["b"]["after"]) == ("changed", "0.2", "1.28")
    assert (tree["before"], tree["after"], tree["change"], tree["change_percent"]) == ("0.4", "1.6", "1.2", "300")
    table = compared(queue("a", 1) + queue("b", 1), queue("a", 1) + queue("b", 4)).out
    assert "shared tiers and allowances" in table
    assert "untouched: a" in table
    assert "0.40 to 1.60 USD a month: +1.20 (+300.0 %); 1 changed, 1 moved by shared tiers" in table


def test_added_and_removed_resources_are_whole(compared: Compared) -> None:
    tree = compared(queue("a", 3), "  b: {type: public_ipv4}\n", "-f", "json", "--no-free-tier").tree
    found = {entry["name"]: (entry["status"], entry["change"]) for entry in tree["resources"]}
    assert found == {"a": ("removed", "-1.2"), "b": ("added", "3.65")}


def test_the_same_twice_is_no_change(compared: Compared) -> None:
    answer = compared(queue("a", 3), queue("a", 3))
    assert (answer.code, answer.out.partition("\n")[0]) == (0, "No change: 0.80 USD a month")
    assert compared(queue("a", 3), queue("a", 3), "-f", "json").tree["resources"] == []


def test_a_change_of_nothing_but_tags_is_no_change(compared: Compared) -> None:
    tagged = "  a: {type: sqs_queue, requests: 3M, tags: {x: y}}\n"
    assert compared(queue("a", 3), tagged, "-f", "json").tree["resources"] == []


def test_what_has_no_cost_is_at_least(compared: Compared) -> None:
    dark = "  d: {type: public_ipv4, region: ap-southeast-7}\n"
    answer = compared(queue("a", 3), queue("a", 3) + dark)
    assert "AT LEAST 0.80" in answer.out
    assert answer.code == 0
    assert compared(queue("a", 3), queue("a", 3) + dark, "--strict").code == 4
    [entry] = compared(queue("a", 3), queue("a", 3) + dark, "-f", "json").tree["resources"]
    assert (entry["status"], entry["complete"], entry["charges"][0]["after"]) == ("added", False, None)


def test_the_csv_ties_to_both_totals(compared: Compared) -> None:
    base, head = queue("a", 1) + queue("b", 1) + queue("gone", 9), queue("a", 1) + queue("b", 4) + queue("new", 2)
    tree = compared(base, head, "-f", "json").tree
    rows = list(csv.DictReader(io.StringIO(compared(base, head, "-f", "csv").out)))
    for column in ("before", "after", "change"):
        assert sum(Decimal(row[column] or 0) for row in rows) == Decimal(tree[column])
    assert {row["status"] for row in rows} == {"moved", "changed", "added", "removed"}


def test_a_side_may_be_a_json_estimate_or_stand_in_git(compared: Compared, ask: Ask, tmp_path: Path) -> None:
    compared(queue("a", 3), queue("a", 5))
    ask("estimate", "base.yaml", "--on", DAY, "-o", "json=before.json")
    assert ask("diff", "before.json", "head.yaml", "--on", DAY, "-f", "json").tree["change"] == "0.8"
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    for command in (("init", "-qb", "main"), ("add", "base.yaml"), (*identity, "commit", "-qm", "one")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert ask("diff", "main:base.yaml", "head.yaml", "--on", DAY, "-f", "json").tree["change"] == "0.8"
    assert ask("diff", "main:nothing.yaml", "head.yaml", "--on", DAY).code == 2


def test_one_file_that_is_no_plan_has_nothing_to_compare_with(compared: Compared, ask: Ask) -> None:
    compared(queue("a", 3), queue("a", 5))
    answer = ask("diff", "head.yaml")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK406"])


def test_other_formats_name_what_changed(compared: Compared) -> None:
    sides = (queue("a", 1) + queue("b", 1), queue("a", 1) + queue("b", 4))
    github = compared(*sides, "-f", "github").out
    assert "::notice file=head.yaml,line=6,endLine=6,title=Cost changed::b (sqs_queue) changed" in github
    assert compared(*sides, "-f", "markdown").out.startswith("<!-- costkit:diff:q -->\n")
    assert json.loads(compared(*sides, "-f", "sarif").out)["version"] == "2.1.0"
    assert 'costkit_monthly_change_usd{scope="total"} 1.2' in compared(*sides, "-f", "gitlab-metrics").out
    assert "COSTKIT_CHANGE=1.2\n" in compared(*sides, "-f", "dotenv").out


COUNTS = st.integers(0, 2_000_000_000)
KINDS: list[Callable[[int], dict[str, Any]]] = [
    lambda n: {"type": "sqs_queue", "requests": n},
    lambda n: {"type": "lambda_function", "requests": n, "duration": "120 ms", "memory": 512},
    lambda n: {"type": "s3_bucket", "storage": n % 900_000, "put_requests": n, "get_requests": 0},
]
SPECS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.sampled_from(range(3)), COUNTS), min_size=1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(SPECS, SPECS)
def test_the_changes_add_up_and_say_what_they_are(book: PriceBook, base: Any, head: Any) -> None:
    sides = [
        costkit.estimate(
            costkit.read_spec(
                {
                    "region": "us-east-1",
                    "resources": {name: KINDS[kind](count) for name, (kind, count) in side.items()},
                },
                on=DAY,
                book=book,
            ),
            on=DAY,
            book=book,
        )
        for side in (base, head)
    ]
    with localcontext(prec=50):
        found = difference(*sides)
        assert sum(entry.change for entry in found.resources) == found.change == sides[1].cost - sides[0].cost
        for entry in found.resources:
            assert sum(charge.change for charge in entry.charges) == entry.change
            assert (entry.status == "added") == (entry.name not in base)
            assert (entry.status == "removed") == (entry.name not in head)
            if entry.name in base and entry.name in head:
                assert (entry.status == "changed") == (base[entry.name] != head[entry.name])
        assert all(entry.change == 0 for entry in found.resources if entry.status == SAME)
