"""What a change saves is rated on the pools that it touches alone, and is what the whole spec rated again says."""

from decimal import Decimal
from typing import Any

from conftest import TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costkit.inputs.documents import read_bytes
from costkit.inputs.spec import read_spec
from costkit.model.exact import EXACT
from costkit.optimize.fragments import written
from costkit.optimize.pricing import Pricer
from costkit.optimize.rereading import Rereader
from costkit.pricebook.book import PriceBook

D = Decimal
REGIONS = st.sampled_from(["us-east-1", "us-west-2"])
COUNTS = st.sampled_from(["0", "500k", "3M", "1M..40M..900M", "20B"])
FUNCTION = st.fixed_dictionaries(
    {
        "type": st.just("lambda_function"),
        "region": REGIONS,
        "architecture": st.sampled_from(["x86_64", "arm64"]),
        "memory": st.sampled_from(["128 MB", "1000 MB", "4 GB"]),
        "requests": COUNTS,
        "duration": st.sampled_from(["7 ms", "3 s", "5..9..400"]),
    }
)
INSTANCE = st.fixed_dictionaries(
    {
        "type": st.just("ec2_instance"),
        "region": REGIONS,
        "instance_type": st.sampled_from(["m5.large", "m5.xlarge", "m7g.large"]),
        "count": st.integers(0, 5).map(str),
    },
    optional={"hours": st.sampled_from(["100", "365", "200..300..400"])},
)
LOGS = st.fixed_dictionaries(
    {
        "type": st.just("cloudwatch_logs"),
        "region": REGIONS,
        "from": st.sampled_from(["lambda", "standard"]),
        "ingested": st.sampled_from(["3 GB", "30 TB", "1..2..90 TB"]),
    }
)
ENTRY = st.one_of(FUNCTION, INSTANCE, LOGS)
FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "free_tier": st.booleans(),
        "discounts": st.just([{"percent": "7", "types": ["*"]}]),
        "commitments": st.lists(
            st.sampled_from(
                [
                    {"kind": "compute_savings_plan", "hourly": "0.5 USD", "term": "1y", "payment": "no_upfront"},
                    {
                        "kind": "reserved_instances",
                        "instance_type": "m5.large",
                        "count": "2",
                        "term": "1y",
                        "payment": "no_upfront",
                    },
                ]
            ),
            max_size=2,
        ),
    },
)


def typed(value: Any) -> Any:
    """Numbers as a file gives them."""
    if isinstance(value, dict):
        return {key: typed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [typed(part) for part in value]
    return D(value) if isinstance(value, str) and value.isdecimal() else value


@settings(deadline=None, max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ENTRY, min_size=2, max_size=9), ENTRY, FRAMES)
def test_a_difference_is_that_of_the_whole(
    book: PriceBook, entries: list[Any], other: Any, frame: dict[str, Any]
) -> None:
    named = typed({f"r{number}": entry for number, entry in enumerate(entries)})
    text = written({"version": D(1), "region": "us-east-1", **typed(frame), "resources": named})
    spec = read_spec(read_bytes(text.encode(), "costkit.yaml"), book, TODAY)
    pricer, reader = Pricer(spec, book, TODAY), Rereader(spec, book, TODAY)
    middle = len(entries) // 2
    moved = spec.resources[middle]._replace(region=other["region"], type=other["type"])
    points = reader.points(moved, typed(other), typed(other))
    assert points is not None
    before, after = pricer.difference({}, {middle: points})
    whole = [pricer.whole(state) for state in ({}, {middle: points})]
    saved = [EXACT.subtract(first, last) for first, last in zip(before.totals, after.totals, strict=True)]
    # Hours such as 365 of 730 may be cut after twenty decimals, once more or less.
    assert abs(saved[0] - (whole[0].cost - whole[1].cost)) <= D("1e-15")
    for place, points_of in enumerate((spec.resources, spec.low, spec.high)):
        same = spec._replace(resources=points_of, low=points_of, high=points_of)
        one = Pricer(same, book, TODAY)
        totals = [one.whole(state).cost for state in ({}, {middle: (points[place],) * 3})]
        assert abs(saved[place] - (totals[0] - totals[1])) <= D("1e-15")
