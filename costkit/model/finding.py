"""What looking for savings results in: findings with their evidence, and what they save together."""

from decimal import Decimal
from typing import NamedTuple

from costkit.model.charge import Estimate
from costkit.model.exact import ZERO
from costkit.model.problem import Problem
from costkit.model.spec import Suppression

FINDING, CLEAN, NOT_ENOUGH_DATA = "finding", "clean", "not_enough_data"
NO_PERMISSION, UNPRICED, NOT_APPLICABLE, SUPPRESSED = "no_permission", "unpriced", "not_applicable", "suppressed"
VERDICTS = (FINDING, CLEAN, NOT_ENOUGH_DATA, NO_PERMISSION, UNPRICED, NOT_APPLICABLE, SUPPRESSED)

WASTE, OPTIMIZATION = "waste", "optimization"
MEASURED, DERIVED, HEURISTIC, UPPER_BOUND = "measured", "derived", "heuristic", "upper bound"
LOW, MEDIUM, HIGH = "low", "medium", "high"

A_MONTH = "USD a month"
SAVED = "USD a month saved"


class Evidence(NamedTuple):
    """One thing a finding rests on: a name, its value, and where it comes from. Numbers are exact."""

    name: str
    value: str | Decimal
    unit: str = ""
    source: str = ""


class Saving(NamedTuple):
    """USD a month, at list price with the spec's own discounts; a negative amount would cost more."""

    low: Decimal
    expected: Decimal
    high: Decimal


class Finding(NamedTuple):
    """What one check says about one resource.

    Only the verdict ``finding`` has a saving: the difference of two estimates. One without is a warning, from
    which nothing is claimed. ``before`` and ``after`` are
    the fields that change, as YAML for the resource's entry in a spec. ``why`` ends with the address of
    its source. ``where`` is the file and line of the resource. ``aws_saving`` is what AWS itself says it saves, in
    USD a month: shown, and never added to anything.
    """

    code: str
    title: str
    resource: str
    type: str
    region: str
    verdict: str
    why: str
    category: str
    confidence: str
    effort: str
    risk: str
    where: str
    before: str = ""
    after: str = ""
    saving: Saving | None = None
    evidence: tuple[Evidence, ...] = ()
    suppression: Suppression | None = None
    aws_saving: Decimal | None = None


Verdicts = tuple[tuple[str, int], ...]


class Coverage(NamedTuple):
    """How many resources a check looked at, by verdict; in all, and in each region."""

    code: str
    title: str
    verdicts: Verdicts
    regions: tuple[tuple[str, Verdicts], ...] = ()


class Combined(NamedTuple):
    """What all findings of a resource save together, applied one after the other in the order of ``codes``."""

    resource: str
    saving: Saving
    codes: tuple[str, ...]


class Advice(NamedTuple):
    """Everything that was found in a spec.

    ``estimate`` is the spec as it is, ``after`` the one with every applied finding, ``saving`` their
    difference. ``smaller`` counts findings that save less than was asked for. ``measured`` says whether any of
    it comes from a snapshot. ``aws_saving`` is what AWS says that resources would save of which costkit itself claims
    nothing, in USD a month; it is no part of ``saving``.
    """

    estimate: Estimate
    after: Estimate
    saving: Saving
    findings: tuple[Finding, ...]
    combined: tuple[Combined, ...]
    coverage: tuple[Coverage, ...]
    problems: tuple[Problem, ...]
    smaller: int = 0
    measured: bool = False
    aws_saving: Decimal = ZERO

    @property
    def complete(self) -> bool:
        """Whether every cost is known and every change that was thought of could be priced."""
        return not any(problem.hides_cost for problem in self.problems)
