"""Metrics of items: packed into as few questions as AWS allows, and read as they come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from costkit.collect.gap import Gap
from costkit.collect.keeping import TIME_FORMAT as TIME
from costkit.collect.keeping import days_before
from costkit.collect.place import Found, Place
from costkit.collect.services import LIST_METRICS, METRIC_DATA
from costkit.model.snapshot import BROKEN_ANSWER, METRICS, Series
from costkit.model.snapshot_kinds import kinds
from costkit.model.snapshot_kinds.ec2 import BURSTABLE
from costkit.model.snapshot_kinds.ec2_networking import APPLICATION, NETWORK
from costkit.model.snapshot_kinds.kind import Metric
from costkit.model.snapshot_kinds.lambda_functions import INSIGHTS

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
MOST_QUERIES, MOST_DATAPOINTS = 500, 100_800
INSIGHTS_LAYER = ":layer:LambdaInsightsExtension"
GONE = ("terminated", "deleted")
COMPLETE = "Complete"

CONDITIONS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    INSIGHTS: lambda one: any(INSIGHTS_LAYER in str(layer.get("Arn", "")) for layer in one.get("Layers") or ()),
    BURSTABLE: lambda one: str(one.get("InstanceType", "")).startswith("t"),
    APPLICATION: lambda one: one.get("Type") == APPLICATION,
    NETWORK: lambda one: one.get("Type") == NETWORK,
}


class Query(NamedTuple):
    """One series that is wanted: of which item, and with which dimensions."""

    item: Found
    series: Series
    dimensions: Mapping[str, str]

    @property
    def together(self) -> tuple[str, bool]:
        """Queries that are alike in this share a question: a question has one window.

        Percentiles are asked for alone, so that where they cannot be had the sums are not lost with them.
        """
        return self.series.start, self.series.statistic.startswith("p")

    @property
    def points(self) -> int:
        """How many values it has."""
        return (seconds(self.series.end) - seconds(self.series.start)) // self.series.period


@cache
def seconds(time: str) -> int:
    """An ISO time in seconds since 1970."""
    return int(datetime.strptime(time, TIME).replace(tzinfo=UTC).timestamp())


def queries_of(place: Place, kind: str, days: int) -> list[Query]:
    """The series that the items of a kind have, item by item in order of their ids."""
    items = sorted(place.of(kind), key=lambda item: item.id)
    found = []
    listed = {} if not items else _listed(place, kind)
    starts: dict[int, str] = {}
    for item in items:
        attributes = item.attributes
        if (attributes.get("State") in GONE) or (_state(attributes) in GONE):
            continue
        for metric in kinds()[kind].metrics:
            if metric.only and not CONDITIONS[metric.only](attributes):
                continue
            own = {name: str(attributes.get(key, "")) for name, key in metric.dimensions.items()}
            start = starts.setdefault(metric.days, days_before(place.end, max(days, metric.days)))
            for beside in _beside(metric, own, listed):
                label = (metric.namespace, metric.name, metric.statistic, metric.period)
                series = Series(*label, start, place.end, metric.gaps, (), beside)
                found.append(Query(item, series, {**own, **beside}))
    return found


def _state(attributes: Mapping[str, Any]) -> Any:
    state = attributes.get("State")
    return state.get("Name") if isinstance(state, dict) else state


def _beside(
    metric: Metric, own: Mapping[str, str], listed: Mapping[tuple[str, str], list[dict[str, str]]]
) -> Sequence[Mapping[str, str]]:
    """The further dimensions of each series that a metric of an item has."""
    if not metric.discovered:
        return (metric.beside,)
    return [
        {name: value for name, value in dimensions.items() if name not in own}
        for dimensions in listed.get((metric.namespace, metric.name), ())
        if own.items() <= dimensions.items()
    ]


def _listed(place: Place, kind: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The dimensions with which AWS has metrics that nobody else can know."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    wanted = dict.fromkeys((metric.namespace, metric.name) for metric in kinds()[kind].metrics if metric.discovered)
    for namespace, name in wanted:
        try:
            for entry in place.each(LIST_METRICS, Namespace=namespace, MetricName=name):
                own = {str(one.get("Name")): str(one.get("Value")) for one in entry.get("Dimensions") or ()}
                found.setdefault((namespace, name), []).append(own)
        except Gap as gap:
            place.miss(kind, METRICS, gap)
    for dimensions in found.values():
        dimensions.sort(key=lambda one: sorted(one.items()))
    return found


def batches(queries: Sequence[Query]) -> Iterator[list[Query]]:
    """The queries in questions of a size that AWS answers on one page."""
    batch: list[Query] = []
    points = 0
    for query in queries:
        if batch and (len(batch) == MOST_QUERIES or points + query.points > MOST_DATAPOINTS):
            yield batch
            batch, points = [], 0
        batch.append(query)
        points += query.points
    if batch:
        yield batch


def measured(place: Place, kind: str, queries: Sequence[Query]) -> Iterator[list[Any] | None]:
    """The values of each query in turn, None for one that could not be had. Asks as the values are taken.

    All queries must be of those that may share a question.
    """
    for batch in batches(queries):
        try:
            if place.asker.dry:
                place.ask(METRIC_DATA, units=len(batch))
                yield from (None for _ in batch)
                continue
            values = _asked(place, batch)
        except Gap as gap:
            place.miss(kind, METRICS, gap, {query.item.id for query in batch})
            yield from (None for _ in batch)
            continue
        broken = {query.item.id for query, found in zip(batch, values, strict=True) if found is None}
        if broken:
            place.miss(kind, METRICS, Gap(BROKEN_ANSWER, METRIC_DATA.iam), broken)
        yield from values


def _asked(place: Place, batch: Sequence[Query]) -> list[list[Any] | None]:
    """The values of a batch in its order. Raises Gap if there is no whole answer."""
    start, end = batch[0].series.start, batch[0].series.end
    first = seconds(start)
    parameters: dict[str, Any] = {
        "StartTime": first,
        "EndTime": seconds(end),
        "ScanBy": "TimestampAscending",
        "MetricDataQueries": [_question(number, query) for number, query in enumerate(batch)],
    }
    found: list[list[Any] | None] = [None] * len(batch)
    whole: set[int] = set()
    spans: dict[tuple[int, int], list[int]] = {}
    for page in place.asker.pages(METRIC_DATA, place.asks_in, units=len(batch), **parameters):
        for result in page[METRIC_DATA.expects]:
            number = _number(result.get("Id"))
            if number is None or number >= len(batch):
                continue
            times, values = result.get("Timestamps"), result.get("Values")
            if times is None or values is None or len(times) != len(values):
                continue
            period, points = batch[number].series.period, batch[number].points
            if (period, points) not in spans:
                spans[period, points] = [first + period * step for step in range(points)]
            if times == spans[period, points]:
                # Nothing is missing: the values stand as they are.
                found[number] = values
            else:
                series = found[number] = found[number] or [None] * points
                _fill(series, times, values, first, period)
            if result.get("StatusCode", COMPLETE) == COMPLETE:
                whole.add(number)
    return [series if number in whole else None for number, series in enumerate(found)]


def _question(number: int, query: Query) -> dict[str, Any]:
    series = query.series
    dimensions = [{"Name": name, "Value": value} for name, value in query.dimensions.items()]
    metric = {"Namespace": series.namespace, "MetricName": series.metric, "Dimensions": dimensions}
    return {
        "Id": f"q{number}",
        "MetricStat": {"Metric": metric, "Period": series.period, "Stat": series.statistic},
        "ReturnData": True,
    }


def _number(name: Any) -> int | None:
    return int(name[1:]) if isinstance(name, str) and name[:1] == "q" and name[1:].isdigit() else None


def _fill(series: list[Any], times: Sequence[Any], values: Sequence[Any], first: int, period: int) -> None:
    """Put values where their times belong; a time outside of the window belongs nowhere."""
    size = len(series)
    for time, value in zip(times, values, strict=True):
        moment = time if isinstance(time, int | float) else _moment(time)
        place = int(moment - first) // period
        if 0 <= place < size:
            series[place] = value


def _moment(time: Any) -> float:
    """A time that AWS sent as a text, in seconds since 1970."""
    text = str(time)
    if text.replace(".", "", 1).isdigit():
        return float(text)
    return datetime.fromisoformat(text).timestamp()
