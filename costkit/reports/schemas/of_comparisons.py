"""The JSON Schema of every comparison: compute, redshift, regions and commitments."""

from typing import Any

from costkit.reports.schemas.parts import (
    AMOUNT,
    FLAG,
    MAYBE_AMOUNT,
    MAYBE_TEXT,
    TEXT,
    TEXTS,
    an_object,
    array,
    charge,
    document,
    frame,
)


def compare_schema() -> dict[str, Any]:
    """The schema of ``costkit compare ... -f json``. What one of them has alone is not required."""
    option = an_object(
        name=TEXT,
        kind=TEXT,
        purchase=MAYBE_TEXT,
        monthly_cost=AMOUNT,
        low=AMOUNT,
        high=AMOUNT,
        upfront_cost=AMOUNT,
        complete=FLAG,
        instances=MAYBE_AMOUNT,
        assumptions=TEXTS,
        charges=array({"$ref": "#/$defs/charge"}),
    )
    option["properties"] |= {"difference": MAYBE_AMOUNT, "difference_percent": MAYBE_AMOUNT, "missing": TEXTS}
    option["properties"] |= {"rates_proven": FLAG, "unchanged": AMOUNT, "saving": MAYBE_AMOUNT, "level": MAYBE_AMOUNT}
    crossing = an_object(option=TEXT, against=TEXT, unit=TEXT, amount=AMOUNT, below=TEXT, above=TEXT, exact=FLAG)
    crossing["properties"] |= {"requests_per_month": AMOUNT, "requests_per_second": AMOUNT}
    whole = frame(
        currency=MAYBE_TEXT,
        on=MAYBE_TEXT,
        month_hours=MAYBE_AMOUNT,
        workload={"type": "object"},
        present=MAYBE_TEXT,
        cheapest=MAYBE_TEXT,
        close=TEXTS,
        verdict=TEXT,
        assumptions=TEXTS,
        options=array(option),
        break_even=array(crossing),
    )
    curve = an_object(option=TEXT, points=array({"type": "array", "items": AMOUNT, "minItems": 2, "maxItems": 2}))
    whole["properties"] |= {"today": {"type": ["object", "null"]}, "curves": array(curve)}
    return document("costkit compare", whole, charge=charge(resource=TEXT))
