"""What a snapshot knows about one resource: its item, its metrics, and why something is not there."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from costkit.inputs.snapshot_resources_lambda import first_day
from costkit.inputs.snapshot_resources_measuring import days_between, origin
from costkit.model.finding import CLEAN, NO_PERMISSION, NOT_ENOUGH_DATA, Evidence
from costkit.model.snapshot import DENIED, ITEMS, NOT_ENROLLED, ZERO_GAPS, Item, Missing, Series
from costkit.model.snapshot_index import SnapshotIndex
from costkit.optimize.check import Skip

HOUR, DAY = 3600, 86400
# Fewer days say nothing of a week: https://docs.aws.amazon.com/compute-optimizer/latest/ug/requirements.html
LEAST_DAYS = 7
Wanted = tuple[str, str, int]


class Observed(NamedTuple):
    """A resource as it was measured."""

    item: Item
    found: SnapshotIndex

    def series(self, days: int, *wanted: Wanted) -> list[Series] | Skip:
        """Series by name, statistic and period, or why a check cannot judge: fewer than ``days`` days, or none."""
        found: list[Series] = []
        for name, statistic, period in wanted:
            series = self.item.series(name, statistic, period)
            if series is None:
                gap = self.found.without_metrics(self.item)
                return lacking(gap) if gap else Skip(NOT_ENOUGH_DATA, f"the snapshot has no {name} of it")
            number = self.days(series)
            if number < days:
                return Skip(NOT_ENOUGH_DATA, f"{name} of {number} days was measured, {days} are needed")
            found.append(series)
        return found

    def silence(self, days: int, *wanted: Wanted) -> list[Series] | Skip:
        """The series if all are 0; else why not: as ``series`` says, or because something happened (clean)."""
        found = self.series(days, *wanted)
        if isinstance(found, Skip):
            return found
        return Skip(CLEAN) if any(any(known(series)) for series in found) else found

    def days(self, series: Series) -> int:
        """How many days of a series are known; a gap where nothing happened is, unless it is not there yet."""
        each = max(DAY // series.period, 1)
        starts = range(0, len(series.values), each)
        if series.gaps != ZERO_GAPS:
            days = (series.values[at : at + each] for at in starts)
            return sum(any(value is not None for value in day) for day in days)
        return len(starts) - (first_day(self.item, series) if self.item.kind == "lambda_function" else 0)

    def age_in_days(self, name: str) -> int | None:
        """Days from a time among its attributes to the snapshot, or None where AWS did not send it."""
        return days_between(self.item.attributes.get(name), self.found.snapshot.collected)

    def others(self, kind: str, attribute: str, value: object = None) -> Sequence[Item] | Skip:
        """Items of another kind that belong to it, or why nobody knows whether there are any."""
        item = self.item
        gap = self.found.without(kind, item.account, item.region)
        if gap is not None:
            return lacking(gap)
        if not self.found.asked(kind, item.account, item.region):
            return Skip(NOT_ENOUGH_DATA, f"the snapshot was not asked for {kind}")
        return self.found.beside(item, kind, attribute, value)


class Measurements(NamedTuple):
    """What the snapshots of a question know: each resource by its name, and all that they found."""

    resources: Mapping[str, Observed] = {}
    snapshots: tuple[SnapshotIndex, ...] = ()


NOTHING_MEASURED = Measurements()


def lacking(gap: Missing) -> Skip:
    """The verdict where something could not be collected, with the IAM action that was refused."""
    if gap.reason == DENIED:
        return Skip(NO_PERMISSION, f"AWS did not allow {gap.action}")
    if gap.reason == NOT_ENROLLED:
        return Skip(NO_PERMISSION, f"the account is not enrolled: {gap.action}")
    what = "items" if gap.what == ITEMS else gap.what
    return Skip(NOT_ENOUGH_DATA, f"{what} of {gap.kind} could not be collected: {gap.reason}")


def known(series: Series) -> list[Decimal]:
    """The values of a series that are known."""
    return [value for value in series.known if value is not None]


def percentile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value that a share of all values do not exceed: the nearest rank."""
    rank = int((len(values) * share).to_integral_value(ROUND_CEILING))
    return sorted(values)[max(rank, 1) - 1]


def told(series: Series, value: Decimal, unit: str = "", what: str = "") -> Evidence:
    """A number out of a series, with its metric and days."""
    return Evidence(what or f"{series.metric} {series.statistic}", value, unit, origin(series))
