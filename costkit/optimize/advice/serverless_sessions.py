"""RSS-02: sessions shorter than what AWS bills at least for each.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from costkit.model.exact import ONE, ZERO, plain, quotient
from costkit.model.finding import (
    CLEAN,
    LOW,
    MEDIUM,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    OPTIMIZATION,
    UPPER_BOUND,
    Evidence,
)
from costkit.optimize.check import RIGHT_SIZE, Check, Option, Proposal, Skip, Subject

WASTED, HUNDRED = Decimal("0.3"), Decimal(100)


def propose(subject: Subject) -> Proposal | Skip:
    """Short sessions put together into such as are no shorter than the minimum: nothing else is billed then."""
    sessions = subject.usage.sessions
    if subject.observed_or_none is not None and subject.usage.rpu_hours:
        why = "no metric tells its sessions: compare charged_seconds with compute_seconds of SYS_SERVERLESS_USAGE"
        return Skip(NOT_ENOUGH_DATA, why)
    if not sessions:
        return Skip(NOT_APPLICABLE, "its sessions are not stated")
    least = subject.at.value("session_minimum")
    used = sum((_work(one, one.duration, subject.usage) for one in sessions), ZERO)
    billed = sum((_work(one, max(one.duration, least), subject.usage) for one in sessions), ZERO)
    wasted = ONE - quotient(used, billed) if billed else ZERO
    if wasted < WASTED:
        return Skip(CLEAN)
    merged = [_merged(subject, place, least) for place in range(len(sessions))]
    return Proposal(
        why=f"{plain((wasted * HUNDRED).to_integral_value())} % of what is billed is the minimum of {plain(least)} s a "
        "session and not work; queries that run together share it, at best all of it",
        options=(Option("", {"sessions": merged}, {"sessions": subject.raw["sessions"]}),),
        confidence=UPPER_BOUND,
        evidence=(
            Evidence("used", used, "RPU-seconds a month"),
            Evidence("billed", billed, "RPU-seconds a month"),
            Evidence("minimum", least, "s a session"),
        ),
    )


def _work(session: Any, seconds: Decimal, use: Any) -> Decimal:
    """RPU-seconds a month, if each session lasts so long."""
    rpu = use.base_rpu if session.rpu is None else session.rpu
    return Decimal(session.count_ * seconds * (rpu or ZERO))


def _merged(subject: Subject, place: int, least: Decimal) -> Mapping[str, Any]:
    """As much work in sessions of the minimum; one that is longer stays as it is."""
    raw = subject.raw["sessions"][place]
    fields = raw if isinstance(raw, Mapping) else {"duration": raw}
    if subject.always(lambda use: use.sessions[place].duration >= least):
        return fields
    return {
        **fields,
        "duration": subject.spread(lambda use: max(use.sessions[place].duration, least)),
        "count": subject.spread(lambda use: _sessions(use.sessions[place], least)),
    }


def _sessions(session: Any, least: Decimal) -> Decimal:
    return quotient(session.count_ * min(session.duration, least), least)


CHECK = Check(
    code="RSS-02",
    title="Run short queries together",
    types=("redshift_serverless",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=LOW,
    source="https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html",
    propose=propose,
)
