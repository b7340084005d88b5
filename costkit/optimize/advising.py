"""The walk: every check asked about every resource, then all that was found applied, one change after the other."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any, NamedTuple, TypeVar

from costkit.estimating import STALE_AFTER_DAYS, estimate
from costkit.inputs.documents import Document
from costkit.model.exact import EXACT, ZERO
from costkit.model.finding import (
    CLEAN,
    FINDING,
    NOT_APPLICABLE,
    UNPRICED,
    Advice,
    Combined,
    Coverage,
    Finding,
    Saving,
)
from costkit.model.listing import first_of
from costkit.model.problem import Problem
from costkit.model.resource import Resource
from costkit.model.snapshot import Item
from costkit.model.spec import Spec, Suppression
from costkit.optimize.asking import Answer, Asker, Entry, State, Taken, finding_of
from costkit.optimize.check import AccountCheck, Check, Key, Sight
from costkit.optimize.checks import account_checks, checks
from costkit.optimize.covering import Tally, placeless, sight_finding, sights
from costkit.optimize.evidence import NOTHING_MEASURED, Measurements, Observed
from costkit.optimize.fragments import changed
from costkit.optimize.pools import Points
from costkit.optimize.pricing import Pricer, saving_of
from costkit.optimize.recommended import Said, beyond, joined
from costkit.optimize.rereading import Rereader
from costkit.optimize.suppressing import suppressed, suppression_problems
from costkit.pricebook.book import PriceBook

NAMES_SHOWN = 3
# Items that are no resources of their own; only checks that name them are about them.
BY_THEMSELVES = ("ec2_capacity_reservation", "lambda_version", "lambda_event_source_mapping")
T = TypeVar("T")


class Wanted(NamedTuple):
    """What is asked for: some checks only (none named: all), and findings that save at least so much."""

    codes: Collection[str] = ()
    least: Decimal = ZERO


EVERYTHING = Wanted()
Replaced = dict[int, Points]
Measured = Mapping[str, Mapping[str, Any]]


def advise(
    document: Document,
    spec: Spec,
    book: PriceBook,
    on: str,
    measured: Measured | None = None,
    wanted: Wanted = EVERYTHING,
    max_age: int = STALE_AFTER_DAYS,
    observed: Measurements = NOTHING_MEASURED,
) -> tuple[Advice, Document]:
    """What to change about a spec on an ISO day, and the document with all of it changed.

    ``document`` is what the spec was read from. ``measured`` holds measurements by resource and kind, ``observed``
    what a snapshot knows of each resource that comes from it.
    """
    with localcontext(EXACT):
        return Adviser(document, spec, book, on, measured or {}, wanted, observed).advice(max_age)


class Stack(NamedTuple):
    """A resource after all its changes, in three ways: as they are expected, turn out badly, and well.

    ``alone`` is the saving where there is but one change, ``beside`` what is needed in addition.
    """

    state: State
    ways: tuple[Points, ...]
    codes: tuple[str, ...]
    alone: Saving | None
    beside: tuple[tuple[str, State], ...] = ()


class Adviser:
    """Collects findings, coverage and problems of one spec."""

    def __init__(
        self,
        document: Document,
        spec: Spec,
        book: PriceBook,
        on: str,
        measured: Measured,
        wanted: Wanted,
        observed: Measurements,
    ) -> None:
        self.document, self.spec, self.book, self.on, self.wanted = document, spec, book, on, wanted
        self.pricer = Pricer(spec, book, on)
        rereader = Rereader(spec, book, on, document.translated or frozenset())
        self.asker = Asker(self.pricer, rereader, measured, observed.resources)
        self.observed = observed.resources
        self.snapshots = observed.snapshots
        self.checks = [check for check in checks() if self._wants(check) and (self.snapshots or not check.kinds)]
        self.account_checks = [check for check in account_checks() if self._wants(check) and self.snapshots]
        entries = document.tree["resources"]
        self.states = [State(entries[points[0].name], points) for points in self.pricer.points]
        self.by_type: dict[str, list[int]] = {}
        for index, state in enumerate(self.states):
            self.by_type.setdefault(state.points[0].type, []).append(index)
        self.findings: list[Finding] = []
        self.used: list[Suppression] = []
        self.smaller = self.added = 0
        self.taken: dict[tuple[str, int], Taken] = {}
        self.said: dict[Said, list[str]] = {}

    def advice(self, max_age: int) -> tuple[Advice, Document]:
        """Everything that was found, and the document with all of it changed."""
        before = estimate(self.spec, self.book, self.on, max_age)
        coverage = [self._look(check) for check in self.checks]
        items = {name: one.item for name, one in self.observed.items()}
        aws = joined(self.findings, self.said, self.snapshots, items)
        self.findings = aws.findings
        costs = {cost.resource.name: cost.cost for cost in before.resources} if self.account_checks else {}
        coverage += [self._look_at_account(check, costs, items, aws.sights) for check in self.account_checks]
        combined, ways, document = self._combined()
        saving = saving_of([self.pricer.difference({}, replaced) for replaced in _distinct(ways)])
        advice = Advice(
            estimate=before,
            after=self.pricer.whole(ways[0]),
            saving=saving,
            findings=tuple(sorted(self.findings, key=_place)),
            combined=tuple(sorted(combined, key=lambda one: -one.saving.expected)),
            coverage=tuple(coverage),
            problems=(*before.problems, *self._problems()),
            smaller=self.smaller,
            measured=bool(self.snapshots),
            aws_saving=beyond(self.findings, (one.resource for one in combined), aws.commitments),
        )
        return advice, document

    def _wants(self, check: Check | AccountCheck) -> bool:
        return not self.wanted.codes or check.code in self.wanted.codes

    def _look(self, check: Check) -> Coverage:
        """Ask a check about every resource of its types, or of its kinds of measured items."""
        tally = Tally()
        for index in sorted(index for kind in check.types for index in self.by_type.get(kind, ())):
            state = self.states[index]
            resource = state.points[0]
            if not _is_for(check, _kind(self.observed.get(resource.name))):
                continue
            answer = self.asker.ask(check, index, state)
            if answer.verdict in (CLEAN, NOT_APPLICABLE):
                tally.count(answer.verdict, resource.region)
                continue
            if answer.verdict == FINDING and check.action:
                self.said.setdefault((resource.name, check.action), []).append(check.code)
            self._keep(check.code, index, finding_of(check, resource, state, answer), resource, tally, answer)
        for snapshot in self.snapshots:
            for region, sight in placeless(check.kinds, snapshot, tally):
                self._keep_sight(check, region, sight, tally)
        return tally.coverage(check.code, check.title)

    def _look_at_account(
        self, check: AccountCheck, costs: Mapping[str, Decimal], items: Mapping[str, Item], aws: Mapping[Key, Sight]
    ) -> Coverage:
        """Ask a check about every account and region of the snapshots."""
        tally = Tally()
        for snapshot in self.snapshots:
            for region, sight in sights(check, snapshot, costs, items, aws):
                self._keep_sight(check, region, sight, tally)
        return tally.coverage(check.code, check.title)

    def _keep_sight(self, check: Check | AccountCheck, region: str, sight: Sight, tally: Tally) -> None:
        if sight.verdict in (CLEAN, NOT_APPLICABLE):
            tally.count(sight.verdict, region)
            return
        finding = sight_finding(check, region, sight)
        self._keep(check.code, -1, finding, Resource(sight.about, finding.type, region, None), tally, None)

    def _keep(
        self, code: str, index: int, found: Finding, resource: Resource, tally: Tally, answer: Answer | None
    ) -> None:
        """Take a finding up, unless somebody suppressed it or it saves too little."""
        finding, used = suppressed(found, resource, self.spec.suppressions, self.on)
        self.used += [used] if used else []
        tally.count(finding.verdict, resource.region)
        amount = finding.saving.expected if finding.saving else finding.aws_saving or ZERO
        if finding.verdict == FINDING and amount < self.wanted.least:
            self.smaller += 1
            return
        self.findings.append(finding)
        if answer is not None and answer.taken is not None:
            self.taken[code, index] = answer.taken

    def _combined(self) -> tuple[list[Combined], tuple[Replaced, ...], Document]:
        """What the findings of each resource save together, and everything with all of them applied."""
        wanted = {(finding.resource, finding.code) for finding in self.findings if _saves(finding)}
        names = {name for name, _ in wanted}
        combined: list[Combined] = []
        ways: tuple[Replaced, ...] = ({}, {}, {})
        entries = dict(self.document.tree["resources"])
        for index, state in enumerate(self.states):
            name = state.points[0].name
            if name not in names:
                continue
            stack = self._stacked(index, [check for check in self.checks if (name, check.code) in wanted])
            entries[name] = stack.state.entry
            added: Replaced = {}
            for called, state_beside in stack.beside:
                entries[called] = state_beside.entry
                added[len(self.pricer.points) + self.added] = state_beside.points
                self.added += 1
            for way, points in zip(ways, stack.ways, strict=True):
                way.update({index: points, **added})
            # A change that stands alone is priced already.
            saving = stack.alone or saving_of(
                [self.pricer.difference({}, {index: points, **added}) for points in _distinct(stack.ways)]
            )
            combined.append(Combined(name, saving, stack.codes))
        return combined, ways, self.document._replace(tree={**self.document.tree, "resources": entries})

    def _stacked(self, index: int, found: Sequence[Check]) -> Stack:
        """A resource with one change after the other, as far as each still saves after those before it."""
        state = self.states[index]
        codes: list[str] = []
        beside: list[tuple[str, State]] = []
        alone: Saving | None = None
        worst: Entry = state.entry
        best: Entry = state.entry
        for check in found:
            known = self.taken.get((check.code, index)) if state is self.states[index] else None
            taken = known or self.asker.ask(check, index, state).taken
            if taken is not None:
                option = taken.outcome.option
                state, worst, best = taken.state, changed(worst, option.bad), changed(best, option.good)
                alone = taken.outcome.saving
                codes.append(check.code)
                beside += [taken.beside] if taken.beside else []
        resource, original = self.states[index].points[0], self.states[index].entry
        read = self.asker.rereader.points
        ends = [
            state.points if entry == state.entry else read(resource, entry, original) or state.points
            for entry in (worst, best)
        ]
        return Stack(state, (state.points, *ends), tuple(codes), alone if len(codes) == 1 else None, tuple(beside))

    def _problems(self) -> list[Problem]:
        """Suppressions that no longer hold, and changes that could not be priced."""
        everything = not self.wanted.codes and not self.wanted.least
        problems = list(suppression_problems(self.spec.suppressions, self.used, self.findings, self.on, everything))
        for check in self.checks:
            lacking = [f for f in self.findings if f.code == check.code and f.verdict == UNPRICED]
            if lacking:
                names = first_of([finding.resource for finding in lacking], NAMES_SHOWN)
                reason = lacking[0].why.partition("; see ")[0]
                message = f"{check.code} {names}: {reason}"
                problems.append(Problem("CK523", lacking[0].where, message, "", "warning", hides_cost=True))
        return problems


def _place(finding: Finding) -> tuple[bool, Decimal, str, str]:
    """Findings by what they save; what saves nothing comes after them."""
    amount = finding.saving.expected if finding.saving else ZERO
    return (finding.verdict != FINDING, -amount, finding.code, finding.resource)


def _saves(finding: Finding) -> bool:
    return finding.verdict == FINDING and finding.saving is not None


def _is_for(check: Check, kind: str) -> bool:
    """Whether a check is about items of a kind, empty for a resource of a spec."""
    return kind in check.kinds if check.kinds else kind not in BY_THEMSELVES


def _kind(observed: Observed | None) -> str:
    return "" if observed is None else observed.item.kind


def _distinct(ways: Sequence[T]) -> list[T]:
    """Each way once, the expected one first: most changes have only that."""
    return [way for place, way in enumerate(ways) if way not in ways[:place]]
