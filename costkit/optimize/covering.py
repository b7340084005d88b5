"""How far each check could look: verdicts by region, and what a snapshot lacks for it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from costkit.model.finding import NOT_APPLICABLE, VERDICTS, Coverage, Finding, Verdicts
from costkit.model.snapshot import Item
from costkit.model.snapshot_index import SnapshotIndex
from costkit.optimize.check import AccountCheck, Check, Key, Place, Sight
from costkit.optimize.evidence import lacking


class Tally:
    """Counts verdicts of one check, by region."""

    def __init__(self) -> None:
        self.regions: dict[str, Counter[str]] = {}

    def count(self, verdict: str, region: str) -> None:
        """Add a verdict about something in a region."""
        self.regions.setdefault(region, Counter())[verdict] += 1

    def coverage(self, code: str, title: str) -> Coverage:
        """What was counted."""
        whole = sum(self.regions.values(), Counter())
        regions = tuple((region, _ordered(self.regions[region])) for region in sorted(self.regions))
        return Coverage(code, title, _ordered(whole), regions)


def _ordered(counted: Mapping[str, int]) -> Verdicts:
    return tuple((verdict, counted[verdict]) for verdict in VERDICTS if counted.get(verdict))


def placeless(kinds: tuple[str, ...], index: SnapshotIndex, tally: Tally) -> Iterator[tuple[str, Sight]]:
    """Where a snapshot lacks the items that a check is about, and where there are none."""
    for kind in kinds:
        for account, region in index.places:
            gap = index.without(kind, account, region)
            if gap is not None:
                skip = lacking(gap)
                yield region, Sight(skip.verdict, f"{kind} in {region} of {account}", skip.why)
            elif index.asked(kind, account, region) and region not in tally.regions:
                yield region, Sight(NOT_APPLICABLE, "")


def sights(
    check: AccountCheck,
    index: SnapshotIndex,
    costs: Mapping[str, Decimal],
    items: Mapping[str, Item],
    recommended: Mapping[Key, Sight],
) -> Iterator[tuple[str, Sight]]:
    """What a check of accounts sees, wherever its items were asked for."""
    for account, region in index.places:
        gaps = [gap for kind in check.kinds if (gap := index.without(kind, account, region))]
        if gaps:
            skip = lacking(gaps[0])
            yield region, Sight(skip.verdict, f"{gaps[0].kind} in {region} of {account}", skip.why)
        elif all(index.asked(kind, account, region) for kind in check.kinds):
            seen = list(check.look(Place(index, account, region, costs, items, recommended)))
            yield from ((region, sight) for sight in seen or [Sight(NOT_APPLICABLE, "")])


def sight_finding(check: Check | AccountCheck, region: str, sight: Sight) -> Finding:
    """What a check saw, as it is reported."""
    return Finding(
        code=check.code,
        title=check.title,
        resource=sight.about,
        type=check.kinds[0] if check.kinds else "account",
        region=region,
        verdict=sight.verdict,
        why=f"{sight.why}; see {check.source}",
        category=check.category,
        confidence=check.confidence if isinstance(check, AccountCheck) else "",
        effort=check.effort,
        risk=check.risk,
        where="",
        evidence=sight.evidence,
        aws_saving=sight.aws_saving,
    )
