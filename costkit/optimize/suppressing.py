"""Findings that somebody decided to live with, and decisions that no longer hold."""

from collections.abc import Iterable, Iterator, Sequence

from costkit.model.finding import FINDING, SUPPRESSED, Finding
from costkit.model.pattern import fits
from costkit.model.problem import Problem
from costkit.model.resource import Resource
from costkit.model.spec import Suppression

# A tag by which a resource itself says that it wants no advice.
IGNORE_TAG = "costkit:ignore"
NOT_IGNORED = ("false", "no", "0", "")


def suppressed(
    finding: Finding, resource: Resource, suppressions: Iterable[Suppression], on: str
) -> tuple[Finding, Suppression | None]:
    """The finding, marked if somebody answers for it on the day, and the suppression that did so."""
    if finding.verdict != FINDING:
        return finding, None
    value = resource.tags.get(IGNORE_TAG, "")
    if value.lower() not in NOT_IGNORED:
        reason = Suppression("*", resource.name, f"tag {IGNORE_TAG}", value)
        return finding._replace(verdict=SUPPRESSED, suppression=reason), None
    for suppression in suppressions:
        if covers(suppression, finding) and holds(suppression, on):
            return finding._replace(verdict=SUPPRESSED, suppression=suppression), suppression
    return finding, None


def covers(suppression: Suppression, finding: Finding) -> bool:
    """Whether a suppression is about a finding."""
    return fits(finding.code, (suppression.code,)) and fits(finding.resource, (suppression.resource,))


def holds(suppression: Suppression, on: str) -> bool:
    """Whether a suppression still holds on an ISO day."""
    return suppression.until is None or on <= suppression.until


def suppression_problems(
    suppressions: Sequence[Suppression],
    used: Sequence[Suppression],
    findings: Sequence[Finding],
    on: str,
    all_ran: bool,
) -> Iterator[Problem]:
    """Suppressions that ended, and, where every check ran, those that are about nothing."""
    for suppression in suppressions:
        what = f"{suppression.owner}'s suppression of {suppression.code} for {suppression.resource}"
        if not holds(suppression, on):
            message = f"{what} ended on {suppression.until}"
            hint = "it suppresses nothing; act on its findings, remove it, or agree on a new day"
            yield Problem("CK521", suppression.where, message, hint, "warning")
        elif all_ran and suppression not in used and not any(covers(suppression, f) for f in findings):
            hint = "it is done with, or its code or resource is misspelt"
            yield Problem("CK522", suppression.where, f"{what} fits no finding", hint, "warning")
