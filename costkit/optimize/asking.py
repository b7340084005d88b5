"""One check asked about one resource: its proposal priced, and what that makes of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from costkit.model.exact import ZERO
from costkit.model.finding import (
    CLEAN,
    FINDING,
    NOT_APPLICABLE,
    NOT_ENOUGH_DATA,
    SAVED,
    UNPRICED,
    Evidence,
    Finding,
    Saving,
)
from costkit.model.resource import Resource
from costkit.optimize.check import Check, Option, Outcome, Proposal, Skip, Subject
from costkit.optimize.evidence import Observed
from costkit.optimize.fragments import Fragment, after_text, before_text, changed
from costkit.optimize.pools import Points
from costkit.optimize.pricing import Priced, Pricer, saving_of
from costkit.optimize.rereading import Rereader

Entry = Mapping[str, Any]


class State(NamedTuple):
    """A resource on the way from what it is to what it might be: its entry, and what that describes."""

    entry: Entry
    points: Points


class Taken(NamedTuple):
    """The option that was taken: what it saves, the resource as it would be, and what it needs beside it."""

    outcome: Outcome
    state: State
    beside: tuple[str, State] | None = None


class Answer(NamedTuple):
    """What a check says about a resource; ``taken`` only with the verdict ``finding``."""

    verdict: str
    why: str = ""
    proposal: Proposal | None = None
    taken: Taken | None = None
    evidence: tuple[Evidence, ...] = ()


class Asker:
    """Asks checks about resources of one spec. ``measured`` is what is known of a resource by measurement."""

    def __init__(
        self,
        pricer: Pricer,
        rereader: Rereader,
        measured: Mapping[str, Mapping[str, Any]],
        observed: Mapping[str, Observed],
    ) -> None:
        self.pricer, self.rereader, self.measured, self.observed = pricer, rereader, measured, observed

    def ask(self, check: Check, index: int, state: State) -> Answer:
        """What a check proposes for a resource in a state, priced against that state."""
        resource = state.points[0]
        if resource.type not in check.types:
            return Answer(NOT_APPLICABLE)
        at = self.rereader.setting(resource)
        name = resource.name
        subject = Subject(*state.points, state.entry, at, self.measured.get(name, {}), self.observed.get(name))
        proposal = check.propose(subject)
        if isinstance(proposal, Skip):
            return Answer(proposal.verdict, proposal.why)
        priced = [self._priced(option, index, state) for option in proposal.options]
        outcomes = [found for found in priced if isinstance(found, Taken)]
        reasons = [found for found in priced if isinstance(found, Answer)]
        if all(option.shown for option in proposal.options):
            remarks = _remarks(proposal, [found.outcome for found in outcomes])
            return Answer(FINDING, proposal.why, proposal, None, (*proposal.evidence, *remarks))
        chosen = max(
            (found for found in outcomes if not found.outcome.option.shown),
            key=lambda found: found.outcome.saving.expected,
            default=None,
        )
        if chosen is None:
            worst = next((reason for reason in reasons if reason.verdict != NOT_APPLICABLE), None)
            return (worst or Answer(NOT_APPLICABLE))._replace(proposal=proposal, evidence=proposal.evidence)
        evidence = (*proposal.evidence, *_remarks(proposal, [found.outcome for found in outcomes]))
        answer = Answer(FINDING, proposal.why, proposal, chosen, evidence)
        if proposal.unmeasured:
            return answer._replace(verdict=NOT_ENOUGH_DATA, why=f"{proposal.why}; {proposal.unmeasured}", taken=None)
        if chosen.outcome.saving.expected <= proposal.worth * chosen.outcome.before:
            return Answer(CLEAN)
        return answer

    def _priced(self, option: Option, index: int, state: State) -> "Taken | Answer":
        """An option priced in all its ways, or why it cannot be."""
        pairs: list[tuple[Priced, Priced]] = []
        main: State | None = None
        beside = self._beside(option, state.points[0])
        if option.beside is not None and beside is None:
            return Answer(NOT_APPLICABLE)
        added = {len(self.pricer.points): beside[1].points} if beside else {}
        # Most changes turn out alike whether they turn out well or badly.
        ways = [fields for fields in (option.fields, option.worst, option.best) if fields is not None]
        for fields in (fields for place, fields in enumerate(ways) if fields not in ways[:place]):
            entry = changed(state.entry, fields)
            points = self.rereader.points(state.points[0], entry, state.entry)
            if points is None:
                return Answer(NOT_APPLICABLE)
            main = main or State(entry, points)
            pairs.append(self.pricer.difference({index: state.points}, {index: points, **added}))
        before, after = pairs[0]
        if index in before.unstated:
            return Answer(NOT_ENOUGH_DATA, f"its cost is not known: {before.missing}")
        for priced in (part for pair in pairs for part in pair):
            if priced.missing:
                return Answer(UNPRICED, f"no saving can be claimed: {priced.missing}")
        assert main is not None
        costs = (after.costs.get(index, ZERO), before.costs.get(index, ZERO))
        return Taken(Outcome(option, saving_of(pairs), *costs), main, beside)

    def _beside(self, option: Option, resource: Resource) -> tuple[str, State] | None:
        """The resource that an option needs in addition, if it needs one."""
        if option.beside is None:
            return None
        suffix, entry = option.beside
        name = f"{resource.name}{suffix}"
        points = self.rereader.points(resource._replace(name=name), entry, entry)
        return None if points is None else (name, State(entry, points))


def _remarks(proposal: Proposal, outcomes: list[Outcome]) -> tuple[Evidence, ...]:
    """What is said of the priced options: the check's own words, or the saving of each where there are several."""
    if proposal.remarks is not None:
        return tuple(proposal.remarks(outcomes))
    if len(outcomes) < 2:
        return ()
    return tuple(Evidence(outcome.option.label, outcome.saving.expected, SAVED) for outcome in outcomes)


def _beside_text(taken: Taken | None) -> str:
    if taken is None or taken.beside is None:
        return ""
    name, state = taken.beside
    return "".join(f"# {line}\n" for line in after_text({name: state.entry}).splitlines())


def finding_of(check: Check, resource: Resource, state: State, answer: Answer) -> Finding:
    """What a check found, as it is reported."""
    proposal, taken = answer.proposal, answer.taken
    label = taken.outcome.option.label if taken else ""
    fields: Fragment = taken.outcome.option.fields if taken else {}
    saving: Saving | None = taken.outcome.saving if taken else None
    return Finding(
        code=check.code,
        title=f"{check.title}: {label}" if label else check.title,
        resource=resource.name,
        type=resource.type,
        region=resource.region,
        verdict=answer.verdict,
        why=f"{answer.why}; see {check.source}",
        category=check.category,
        confidence=proposal.confidence if proposal else "",
        effort=check.effort,
        risk=check.risk,
        where=resource.where,
        before=before_text(state.entry, fields, resource.usage),
        after=after_text(fields) + _beside_text(taken),
        saving=saving,
        evidence=answer.evidence,
        aws_saving=proposal.aws_saving if proposal else None,
    )
