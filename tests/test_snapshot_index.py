"""A snapshot asked for what it has, and for why it lacks something."""

from decimal import Decimal

from costkit.model.snapshot import ApiUse, Item, Missing, Part, Snapshot
from costkit.model.snapshot_index import SnapshotIndex

HERE = ("111122223333", "us-east-1")
START, END = "2026-11-07T00:00:00Z", "2026-11-21T00:00:00Z"


def gap(what: str, *ids: str) -> Missing:
    return Missing(*HERE, "lambda_function", what, "denied", "lambda:ListFunctions", "denied", ids)


def function(name: str) -> Item:
    return Item("lambda_function", name, "", *HERE, {}, {"FunctionName": name}, ())


def index(*missing: Missing) -> SnapshotIndex:
    api = ApiUse({}, 0, Decimal(0))
    parts = (Part(*HERE, "lambda_function", 2),)
    items = (function("api"), function("worker"))
    head = ("0.1.0", END, START, END, (), ("us-east-1",), ("lambda",), api)
    return SnapshotIndex(Snapshot(*head, parts, missing, items))


def test_metrics_are_missing_for_the_items_that_are_named() -> None:
    found = index(gap("items"), gap("metrics", "worker"))
    assert found.without_metrics(function("api")) is None
    assert found.without_metrics(function("worker")) == gap("metrics", "worker")
    assert index(gap("metrics")).without_metrics(function("api")) == gap("metrics")


def test_a_gap_of_all_items_is_told_before_one_of_some() -> None:
    some, everything = gap("items", "worker"), gap("items")
    assert index(some, everything).without("lambda_function", *HERE) == everything
    assert index(some).without("lambda_function", *HERE) == some
    assert index(gap("tags", "worker")).without("lambda_function", *HERE, "tags") is None
    assert index().without("lambda_function", *HERE) is None


def test_items_are_found_by_what_they_are_and_by_an_attribute() -> None:
    found = index()
    assert [item.id for item in found.of("lambda_function", *HERE)] == ["api", "worker"]
    assert found.beside(function("x"), "lambda_function", "FunctionName", "worker") == [function("worker")]
    assert not found.of("lambda_function", HERE[0], "eu-west-1")
    assert found.asked("lambda_function", *HERE)
    assert not found.asked("ebs_volume", *HERE)
    assert found.places == (HERE,)
