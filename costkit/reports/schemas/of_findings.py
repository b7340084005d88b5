"""The JSON Schema of advice."""

from typing import Any

from costkit.model.finding import VERDICTS
from costkit.reports.schemas.parts import (
    AMOUNT,
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
    an_object,
    array,
    document,
    of_a_spec,
    or_null,
)


def optimize_schema() -> dict[str, Any]:
    """The schema of ``costkit optimize -f json``. A saving is null where none is claimed."""
    amounts = an_object(monthly_cost=AMOUNT, low=AMOUNT, high=AMOUNT)
    saving = an_object(low=AMOUNT, expected=AMOUNT, high=AMOUNT)
    finding = an_object(
        code=TEXT,
        resource=TEXT,
        type=TEXT,
        region=TEXT,
        title=TEXT,
        why=TEXT,
        category={"enum": ["waste", "optimization"]},
        confidence=MAYBE_TEXT,
        effort=MAYBE_TEXT,
        risk=MAYBE_TEXT,
        saving=or_null(saving),
        before=MAYBE_TEXT,
        after=MAYBE_TEXT,
        evidence=array(an_object(name=TEXT, value=TEXT, unit=MAYBE_TEXT, source=MAYBE_TEXT)),
        verdict={"enum": list(VERDICTS)},
        where=TEXT,
    )
    finding["properties"]["suppression"] = an_object(owner=TEXT, reason=TEXT, until=TEXT)
    numbers = {"type": "object", "additionalProperties": NUMBER}
    regions = {"type": "object", "additionalProperties": numbers}
    whole = of_a_spec(
        total=amounts,
        after=amounts,
        saving=saving,
        findings=array(finding),
        combined={"type": "object", "additionalProperties": AMOUNT},
        stacking=array(an_object(resource=TEXT, codes=TEXTS, saving=saving)),
        coverage=array(an_object(code=TEXT, title=TEXT, verdicts=numbers, regions=regions)),
        below_min_saving=NUMBER,
    )
    return document("costkit optimize", whole)
