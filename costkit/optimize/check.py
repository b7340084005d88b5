"""What a check is: an idea that looks at one resource and proposes what to change about it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from costkit.model.exact import ZERO
from costkit.model.finding import Evidence, Saving
from costkit.model.resource import Resource, Setting
from costkit.optimize.fragments import Fragment, spread

if TYPE_CHECKING:
    from costkit.model.snapshot import Item
    from costkit.model.snapshot_index import SnapshotIndex
    from costkit.optimize.evidence import Observed

# The order in which changes of one resource are applied: what is gone needs no schedule, and what runs
# half the time no commitment. Each change sees what the ones before it have left.
DELETE, SCHEDULE, RIGHT_SIZE, GENERATION, COMMITMENT = range(5)
# What AWS calls such changes, in the words of the Cost Optimization Hub; it knows of no schedules. Purchases of any
# kind are one word here: https://docs.aws.amazon.com/cost-management/latest/APIReference/API_CostOptimizationHub_Recommendation.html
STOPPING, RESIZING, UPGRADING, TO_GRAVITON, COMMITTING = "Stop", "Rightsize", "Upgrade", "MigrateToGraviton", "Purchase"
ACTIONS = {DELETE: STOPPING, RIGHT_SIZE: RESIZING, GENERATION: UPGRADING, COMMITMENT: COMMITTING}
# An item by its kind, account, region and id.
Key = tuple[str, str, str, str]


class Subject(NamedTuple):
    """A resource as a check sees it: at the three points of its ranges, and as it is written.

    ``measured`` holds what was measured about it, by kind of measurement; empty without a measurement.
    ``observed_or_none`` is what a snapshot knows about it, for a resource that comes from one.
    """

    expected: Resource
    low: Resource
    high: Resource
    raw: Mapping[str, Any]
    at: Setting
    measured: Mapping[str, Any] = {}
    observed_or_none: "Observed | None" = None

    @property
    def observed(self) -> "Observed":
        """What a snapshot knows about it. For checks with ``kinds``, which are asked about nothing else."""
        assert self.observed_or_none is not None
        return self.observed_or_none

    @property
    def usage(self) -> Any:
        """The usage at its expected point."""
        return self.expected.usage

    @property
    def points(self) -> tuple[Any, Any, Any]:
        """The usage where ranges are expected, low and high."""
        return self.expected.usage, self.low.usage, self.high.usage

    def spread(self, compute: Callable[[Any], Decimal]) -> Any:
        """A field of a fragment, computed at each point: one number, or a range."""
        return spread(*(compute(usage) for usage in self.points))

    def always(self, holds: Callable[[Any], bool]) -> bool:
        """Whether something holds for the usage at all three points."""
        return all(holds(usage) for usage in self.points)


class Option(NamedTuple):
    """One way to make a change; ``label`` tells it from others, where there are any.

    ``fields`` replace the fields of the same names in the resource's entry; None takes one away. ``worst``
    and ``best`` are the same change where it turns out badly or well: they widen the range of the
    saving. An option that is only ``shown`` is priced as evidence and never chosen. ``beside`` is what is needed
    in addition: an entry of a resource of its own, called like this one with `` workflow`` behind it or the like.
    """

    label: str
    fields: Fragment
    worst: Fragment | None = None
    best: Fragment | None = None
    shown: bool = False
    beside: tuple[str, Fragment] | None = None

    @property
    def bad(self) -> Fragment:
        """The fields where the change turns out badly."""
        return self.fields if self.worst is None else self.worst

    @property
    def good(self) -> Fragment:
        """The fields where the change turns out well."""
        return self.fields if self.best is None else self.best


class Outcome(NamedTuple):
    """An option priced: what it saves, and what the resource then costs and costs ``before``, in USD a month."""

    option: Option
    saving: Saving
    cost: Decimal
    before: Decimal


class Proposal(NamedTuple):
    """What a check would change, and why; of several options the one that saves most is taken.

    Without an option that may be chosen it is a warning: something to know of, from which no saving is claimed.
    ``why`` is a sentence without a full stop. ``unmeasured`` says what is not known about the resource:
    the change is then priced as evidence, but nothing is claimed from it. ``remarks`` may say more
    about the priced options than their savings. ``worth`` is the part of the resource's cost, from 0 to 1, that
    a change must save before it is worth its trouble. ``aws_saving`` is AWS's own figure in USD a month, if it
    says so.
    """

    why: str
    options: tuple[Option, ...]
    confidence: str
    evidence: tuple[Evidence, ...] = ()
    unmeasured: str = ""
    remarks: Callable[[Sequence[Outcome]], Iterable[Evidence]] | None = None
    worth: Decimal = ZERO
    aws_saving: Decimal | None = None


class Skip(NamedTuple):
    """Why a check proposes nothing: a verdict, and a reason where that is worth a line."""

    verdict: str
    why: str = ""


class Check(NamedTuple):
    """An idea and its axes; ``stage`` is its place in the order of changes, ``source`` an address.

    A check with ``kinds`` needs measurements: it is asked only about resources made from such items of a snapshot.
    ``says`` is AWS's word for what it proposes, where that of its stage is another one.
    """

    code: str
    title: str
    types: tuple[str, ...]
    stage: int
    category: str
    effort: str
    risk: str
    source: str
    propose: Callable[[Subject], Proposal | Skip]
    kinds: tuple[str, ...] = ()
    says: str = ""

    @property
    def action(self) -> str:
        """What AWS calls the same; empty for what it never recommends."""
        return self.says or ACTIONS.get(self.stage, "")


class Sight(NamedTuple):
    """What a check of an account saw: a verdict about one thing, why, and what that rests on.

    ``aws_saving`` is AWS's own figure in USD a month, of something that AWS recommends.
    """

    verdict: str
    about: str
    why: str = ""
    evidence: tuple[Evidence, ...] = ()
    aws_saving: Decimal | None = None


class AccountCheck(NamedTuple):
    """An idea about what an account has in a region, beside the resources that are priced.

    It needs items of ``kinds``; ``look`` sees an index, an account, a region and the monthly cost of each resource.
    """

    code: str
    title: str
    kinds: tuple[str, ...]
    category: str
    confidence: str
    effort: str
    risk: str
    source: str
    look: Callable[["Place"], Iterable[Sight]]


class Place(NamedTuple):
    """An account and a region of a snapshot; ``costs`` are USD a month by resource name, ``items`` their items.

    ``sights`` are what is left to be said of each recommendation of AWS.
    """

    found: "SnapshotIndex"
    account: str
    region: str
    costs: Mapping[str, Decimal]
    items: Mapping[str, "Item"]
    sights: Mapping[Key, Sight] = {}

    def recommended(self, kind: str) -> Iterable[Sight]:
        """What AWS recommends there and nobody has said yet."""
        keys = ((item.kind, item.account, item.region, item.id) for item in self.of(kind))
        return [self.sights[key] for key in keys if key in self.sights]

    def of(self, kind: str) -> Sequence["Item"]:
        """The items of a kind there."""
        return self.found.of(kind, self.account, self.region)
