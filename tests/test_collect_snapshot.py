"""The snapshot file: it reads back as it was written, strictly, and its page and schema say what it is."""

import contextlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from snapshot_page import PAGE, page

from costkit.inputs.documents import read_bytes, read_file
from costkit.inputs.snapshot import is_snapshot, read_snapshot
from costkit.inputs.snapshot_schema import snapshot_schema
from costkit.model.problem import CostkitError, Problem
from costkit.model.snapshot import UNKNOWN_GAPS, ZERO_GAPS, Item, Snapshot
from costkit.model.snapshot_kinds import kinds, services
from costkit.reports.collect.as_snapshot import render

SMALL = ROOT / "tests" / "snapshots" / "small.json"
SECRETS = ("password", "secret", "environment", "variable", "credential", "token", "userdata", "username", "keyname")


def tree() -> Any:
    return json.loads(SMALL.read_text(encoding="utf-8"))


def read(changed: Any) -> Snapshot:
    return read_snapshot(read_bytes(json.dumps(changed).encode(), "snapshot.json"))


def problems(changed: Any) -> list[Problem]:
    with pytest.raises(CostkitError) as caught:
        read(changed)
    return list(caught.value.problems)


def text(snapshot: Snapshot) -> str:
    return "".join(render(snapshot))


def test_a_snapshot_is_read_and_written_again_byte_for_byte() -> None:
    document = read_file(str(SMALL))
    assert is_snapshot(document.tree)
    assert text(read_snapshot(document)) == SMALL.read_text(encoding="utf-8")


def test_what_a_gap_means_is_the_kind_of_metric_s_own_rule() -> None:
    api, warehouse = read(tree()).items
    errors, scaling = api.metrics[0], warehouse.metrics[0]
    assert errors.values == (Decimal(3), None)
    assert errors.known == (Decimal(3), Decimal(0))
    assert scaling.known == (None, Decimal(5400))
    assert (errors.coverage, scaling.coverage) == (Decimal(1), Decimal("0.5"))


def test_an_empty_list_of_values_is_a_gap_in_every_period() -> None:
    api = read(tree()).items[0]
    throttles = api.series("Throttles", "Sum")
    assert throttles is not None
    assert throttles.values == (None, None)
    assert api.series("Throttles", "Average") is None
    assert api.series("Duration", "p99", 3600) is None


def test_asked_and_missing_tell_nothing_there_from_not_known() -> None:
    snapshot = read(tree())
    where = ("111122223333", "eu-west-1")
    assert snapshot.asked("redshift_usage_limit", *where)
    assert not snapshot.asked("ebs_volume", *where)
    assert [gap.reason for gap in snapshot.missing_of("redshift_usage_limit", *where)] == ["denied"]
    assert not snapshot.missing_of("redshift_cluster", *where)
    assert not snapshot.complete
    assert [item.id for item in snapshot.of("redshift_cluster")] == ["warehouse"]
    assert not list(snapshot.of("redshift_cluster", region="us-east-1"))


def _item(changes: Mapping[str, Any]) -> Any:
    whole = tree()
    whole["items"][0].update(changes)
    return whole


def _series(changes: Mapping[str, Any]) -> Any:
    whole = tree()
    whole["items"][0]["metrics"][0].update(changes)
    return whole


def _frame(**changes: Any) -> Any:
    return {**tree(), **changes}


BAD: Mapping[str, tuple[Any, str, str]] = {
    "another format": (_frame(format="diary"), "CK701", "this is no snapshot"),
    "another version": (_frame(schema_version=2), "CK701", "another version: 2"),
    "an unknown key": (_frame(extra=1), "CK102", "extra"),
    "complete with something missing": (_frame(complete=True), "CK701", "complete"),
    "no list of items": (_frame(items={}), "CK104", "not a list"),
    "a time that is none": (_frame(collected="yesterday"), "CK104", "collected"),
    "a negative number of calls": (_frame(api={**tree()["api"], "metrics": -1}), "CK104", "whole number"),
    "a cost that is no amount": (_frame(api={**tree()["api"], "cost": "1e9"}), "CK104", "cost"),
    "an unknown kind": (_item({"kind": "lambda_fonction"}), "CK107", "lambda_fonction"),
    "an account that is none": (_item({"account": "12"}), "CK104", "account"),
    "an unknown attribute": (_item({"attributes": {"MemorySzie": 1}}), "CK104", "MemorySzie"),
    "an environment": (_item({"attributes": {"Environment": {"A": "b"}}}), "CK104", "unknown attribute: Environment"),
    "an attribute of another shape": (_item({"attributes": {"MemorySize": "1 GB"}}), "CK104", "not a number"),
    "a flag for a list": (_item({"attributes": {"Architectures": True}}), "CK104", "not a list"),
    "a number that fills the screen": (_item({"attributes": {"MemorySize": 1e300}}), "CK104", "not a number"),
    "tags that are no texts": (_item({"tags": {"team": 1}}), "CK104", "not a text"),
    "an item without a part": (_item({"region": "eu-west-2"}), "CK701", "belongs to no part"),
    "a metric that the kind does not have": (_series({"metric": "Joy"}), "CK107", "Joy"),
    "too few values": (_series({"values": [1]}), "CK701", "1 values for 2 periods"),
    "a value that is a text": (_series({"values": ["NaN", 1]}), "CK104", "not a number"),
    "a period of nothing": (_series({"period": 0}), "CK107", "has no metric"),
    "an end before the start": (_series({"end": "2026-11-18T00:00:00Z"}), "CK701", "whole number of periods"),
    "a thousand years": (_series({"end": "2999-11-18T00:00:00Z", "values": []}), "CK701", "whole number of periods"),
    "a day that is none": (_series({"end": "2026-11-31T00:00:00Z"}), "CK701", "no such times"),
    "gaps of another meaning": (_series({"gaps": "unknown"}), "CK701", "write zero"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_snapshot_that_is_wrong_is_refused_in_a_sentence(name: str) -> None:
    changed, code, words = BAD[name]
    told = problems(changed)
    assert any(problem.code == code and words in f"{problem.message} {problem.hint}" for problem in told), told


def test_an_item_that_is_there_twice_is_refused() -> None:
    whole = tree()
    whole["items"].append(whole["items"][0])
    assert [problem.code for problem in problems(whole)] == ["CK103"]


def test_everything_wrong_is_told_at_once_up_to_what_anybody_reads() -> None:
    whole = tree()
    whole["items"] = [7] * 500
    told = problems(whole)
    assert len(told) == 51
    assert told[-1].message == "450 more problems"


def test_problems_name_the_line() -> None:
    told = problems(_item({"attributes": {"MemorySzie": 1}}))
    assert told[0].where.startswith("snapshot.json:")
    assert told[0].hint == "did you mean MemorySize?"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*tree(), *tree()["items"][0]]), inner),
        max_leaves=8,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_other_tree_is_more_than_refused(raw: Any) -> None:
    whole = {**tree(), **raw} if isinstance(raw, dict) else _frame(items=[raw])
    with contextlib.suppress(CostkitError):
        read(whole)


numbers = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)


@given(st.lists(numbers, min_size=2, max_size=2), st.dictionaries(st.text(), st.text(), max_size=3), st.text())
@settings(max_examples=80, deadline=None)
def test_any_numbers_tags_and_names_survive_the_file(values: list[Any], tags: dict[str, str], name: str) -> None:
    snapshot = read(tree())
    first = snapshot.items[0]
    series = first.metrics[0]._replace(values=tuple(values))
    item = first._replace(id=name, tags=tags, metrics=(series,))
    whole = snapshot._replace(items=(item, snapshot.items[1]))
    again = read_snapshot(read_bytes(text(whole).encode(), "snapshot.json"))
    assert {one.id: one for one in again.items}[name] == item


def test_what_is_written_satisfies_the_schema() -> None:
    schema = snapshot_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    validator.validate(tree())
    assert not validator.is_valid(_item({"attributes": {"Environment": {"A": "b"}}}))


def test_the_command_prints_the_schema(ask: Callable[..., Any]) -> None:
    assert ask("schema", "snapshot").tree == snapshot_schema()


def test_the_page_lists_every_kind_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tests/snapshot_page.py"


def leaves(form: Any) -> list[str]:
    if isinstance(form, list):
        return leaves(form[0])
    if isinstance(form, dict):
        return [name for key, value in form.items() for name in (key, *leaves(value))]
    return []


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_no_kind_keeps_anything_secret_and_each_metric_means_one_thing(kind: Any) -> None:
    for name in leaves(kind.form):
        assert not any(secret in name.lower() for secret in SECRETS), name
    for metric in kind.metrics:
        assert metric.gaps in (ZERO_GAPS, UNKNOWN_GAPS)
        assert set(metric.dimensions.values()) <= set(kind.form)
        if metric.namespace in ("AWS/Lambda", "AWS/Redshift", "AWS/EC2"):
            assert metric.gaps == (ZERO_GAPS if metric.namespace == "AWS/Lambda" else UNKNOWN_GAPS)
    labels = [(m.namespace, m.name, m.statistic, m.period, *m.beside.values()) for m in kind.metrics]
    assert len(set(labels)) == len(labels)


def test_services_are_either_always_collected_or_on_request() -> None:
    assert not set(services()) & set(services(on_request=True))
    assert {kind.service for kind in kinds().values()} == {*services(), *services(on_request=True)}


def test_an_item_without_metrics_is_one_line() -> None:
    item = Item("elastic_ip", "x", "", "111122223333", "eu-west-1", None, {"PublicIp": "192.0.2.1"})
    snapshot = read(tree())
    lines = text(snapshot._replace(items=(item,))).splitlines()
    wanted = '{"kind": "elastic_ip", "id": "x", "arn": "", "account": "111122223333", "region": "eu-west-1", '
    assert f'{wanted}"tags": null, "attributes": {{"PublicIp": "192.0.2.1"}}}}' in lines
