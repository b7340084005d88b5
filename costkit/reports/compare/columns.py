"""A comparison as rows of texts, for the formats that people read."""

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from costkit.model.comparison import BreakEven, Comparison, Option
from costkit.model.exact import plain
from costkit.reports.compare.sentences import rate, seconds_of, volume
from costkit.reports.wording import money, total_label

Show = Callable[[str], str]
# Two costs that grow alike change places with every instance: their first and last point say enough.
MOST_POINTS = 4


class Grid(NamedTuple):
    """A table: all columns from ``numbers`` on are numbers."""

    headers: list[str]
    rows: list[list[str]]
    numbers: int


def options_grid(comparison: Comparison, show: Show, most: int | None) -> Grid:
    """The options, the cheapest first: ``most`` of them, and the one in use."""
    options = shown_options(comparison, most)
    bought = any(_words(option.purchase) not in option.name for option in options)
    facts = list(dict.fromkeys(name for option in options for name, _ in option.facts))
    ranged = any(option.estimate.ranged for option in options)
    counted = any(option.instances is not None for option in options)
    headers = ["Option", *(["Purchase"] if bought else []), *(_title(name) for name in facts)]
    numbers = len(headers)
    headers += [*(["Instances"] if counted else []), "Monthly cost", *(["Low", "High"] if ranged else [])]
    rows = []
    for option in options:
        name = f"{option.name} (in use)" if option.name == comparison.present else option.name
        row = [show(name), *([_words(option.purchase)] if bought else [])]
        row += [show(dict(option.facts).get(name, "")) for name in facts]
        row += [_instances(option)] if counted else []
        rows.append([*row, _cost(option), *(_ends(option) if ranged else [])])
    return Grid(headers, rows, numbers)


def shown_options(comparison: Comparison, most: int | None) -> list[Option]:
    """The cheapest options, with the one in use wherever it stands."""
    if most is None:
        return list(comparison.options)
    return [o for place, o in enumerate(comparison.options) if place < most or o.name == comparison.present]


def break_even_grid(comparison: Comparison, show: Show) -> Grid:
    """Where the first option changes places with others: a row a point, as far as these are few.

    People see the points of one option, and in the answer those of the cheapest; programs see all.
    """
    first = next(((one.option, one.unit) for one in comparison.break_even), None)
    points = [one for one in comparison.break_even if (one.option, one.unit) == first]
    unit = _title(points[0].unit) if points else ""
    timed = any(seconds_of(comparison, one) is not None for one in points)
    headers = ["Against", "Cheaper beyond", unit, *(["A second"] if timed else [])]
    rows = []
    for against, group in groupby(points, key=lambda one: one.against):
        pair = list(group)
        for one in pair if len(pair) <= MOST_POINTS else [pair[0], None, pair[-1]]:
            if one is None:
                rows.append([show(against), f"in turns, {len(pair) - 2} times", *("" for _ in headers[2:])])
                continue
            seconds = seconds_of(comparison, one)
            timing = ["" if seconds is None else rate(seconds)] if timed else []
            rows.append([show(against), show(beyond(one)), volume(one.amount), *timing])
    return Grid(headers, rows, 2)


def beyond(one: BreakEven) -> str:
    """The cheaper side beyond a point, by its first word where that tells the two apart."""
    ours, theirs = one.option.partition(" ")[0], one.against.partition(" ")[0]
    if ours == theirs:
        return one.above
    return theirs if one.above == one.against else ours


def cheaper_beyond(one: BreakEven) -> str:
    """A point in words: ``beyond it EC2 costs less than Lambda``."""
    turned = one._replace(above=one.below, below=one.above)
    return f"beyond it {beyond(one)} costs less than {beyond(turned)}"


def _title(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _words(purchase: str) -> str:
    return purchase.replace("_", " ").replace(".", " ")


def _instances(option: Option) -> str:
    return "" if option.instances is None else plain(option.instances)


def _cost(option: Option) -> str:
    return total_label(option.estimate).removesuffix(f" {option.estimate.currency}")


def _ends(option: Option) -> list[str]:
    return [money(option.estimate.low), money(option.estimate.high) if option.estimate.complete else ""]
