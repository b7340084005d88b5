"""The spec that is written of what was collected: it estimates to what the snapshot does."""

from collections.abc import Callable
from pathlib import Path

from asking import Answer
from aws import fleet

Ask = Callable[..., Answer]


def test_a_collected_account_and_its_spec_estimate_to_the_same(collect: Ask, ask: Ask, tmp_path: Path) -> None:
    assert collect("-o", "s.json", "--regions", fleet.REGION, "--spec", "spec.yaml").code == 0
    on = ("--on", "2026-11-21", "-f", "json")
    snapshot, spec = ask("estimate", "s.json", *on), ask("estimate", "spec.yaml", *on)
    assert (snapshot.code, spec.code) == (0, 0)
    priced = {one["name"]: one for one in spec.tree["resources"]}
    assert len(priced) > 8
    assert {name: one["monthly_cost"] for name, one in priced.items()} == {
        one["name"]: one["monthly_cost"] for one in snapshot.tree["resources"] if one["name"] in priced
    }
    text = (tmp_path / "spec.yaml").read_text(encoding="utf-8")
    assert "# not in it: " in text
    assert "type: lambda_function" in text


def test_a_spec_needs_a_file_to_be_made_from(collect: Ask) -> None:
    assert [told.code for told in collect("--plan", "--spec", "spec.yaml").told] == ["CK113"]
