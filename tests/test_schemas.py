"""What commands write as JSON is as the schema says that ``costkit schema`` prints of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from asking import Answer
from conftest import ROOT, TODAY
from jsonschema import Draft202012Validator, ValidationError

Ask = Callable[..., Answer]
SHOP, BILL, ACCOUNT = (str(ROOT / "examples" / name) for name in ("shop.yaml", "bill.csv", "allocation.yaml"))
WORKLOAD = ("--requests", "30M", "--duration", "120ms", "--memory", "512MB", "--region", "us-east-1")
# One shape that savings plans cover.
USAGE = """\
version: 1
region: us-east-1
resources:
  web: {type: ec2_instance, instance_type: m5.large, count: 2}
"""
ASKED: dict[str, tuple[tuple[str, ...], ...]] = {
    "compare": (
        ("compare", "compute", *WORKLOAD),
        ("compare", "compute", *WORKLOAD, "--purchase", "on_demand", "--instance-type", "m7g.large"),
        ("compare", "redshift", SHOP),
        ("compare", "regions", SHOP),
        ("compare", "regions", SHOP, "--regions", "us-east-1,eu-*"),
        ("compare", "commitments", "usage.yaml"),
    ),
    "optimize": (("optimize", SHOP), ("optimize", "usage.yaml")),
    "report": (
        ("report", BILL),
        ("report", BILL, "--previous", "--by", "account,service,tag:team", "--forecast", "--anomalies"),
        ("report", BILL, "--allocate", ACCOUNT),
        ("report", "--estimate", SHOP),
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_written_is_as_its_schema_says(name: str, ask: Ask, tmp_path: Any) -> None:
    (tmp_path / "usage.yaml").write_text(USAGE, encoding="utf-8")
    schema = ask("schema", name).tree
    Draft202012Validator.check_schema(schema)
    for question in ASKED[name]:
        on = () if name == "report" else ("--on", TODAY)
        answer = ask(*question, *on, "-f", "json")
        assert answer.code == 0, answer.err
        Draft202012Validator(schema).validate(answer.tree)


def test_a_number_that_is_no_exact_text_breaks_a_schema(ask: Ask) -> None:
    document = ask("report", BILL, "-f", "json").tree
    broken = json.loads(json.dumps(document))
    broken["totals"][0]["billed_cost"] = 12.5
    with pytest.raises(ValidationError):
        Draft202012Validator(ask("schema", "report").tree).validate(broken)
