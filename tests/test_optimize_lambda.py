"""Advice about Lambda beside its calls, for specs and where several things decide.

Prices of us-east-1 on 2026-11-21, from pricing/lambda_function.yaml; a month has 730 hours.
"""

import pytest
from test_optimize import advised, amounts, only_one, text_of, verdicts

from costkit.pricebook.book import PriceBook

COLD = "{type: lambda_function, memory: 1 GB, requests: 10M, duration: 100 ms, cold_start_rate: 0.05, %s}"


def test_init_of_a_spec_is_a_part_of_its_duration(book: PriceBook) -> None:
    finding = only_one(advised(book, text_of(COLD % "init_duration: 1 s"), "LMB-13"))
    # 1M GB-s of requests and 500,000 x 1 s of INIT: 500,000 x 0.0000166667
    assert amounts(finding) == ("0", "8.33335", "8.33335")
    assert finding.after == "# without cold_start_rate\n# without init_duration\n"
    assert "33 % of the time" in finding.why


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # 5 ms of 105
        ("init_duration: 100 ms", "clean"),
        ("runtime: python3.12", "not_applicable"),
        ("init_duration: 1 s, snap_start: {restores: 1}", "not_applicable"),
        ("init_duration: 1 s, provisioned_concurrency: 1", "not_applicable"),
    ],
)
def test_init_that_is_small_or_not_known_is_left_alone(book: PriceBook, fields: str, expected: str) -> None:
    assert verdicts(advised(book, text_of(COLD % fields), "LMB-13")) == {"LMB-13": expected}
